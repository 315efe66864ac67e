"""Responses leave for files once nobody may contest them, and come back as they were."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import func, select, text

from exams import archiving, figuring
from exams.commands import announce_released
from exams.correction_errors import ResponsesArchived
from exams.models import Appeal, Attempt, Exam, PaperItem, Regrade, ResponseEntry
from exams.models.appeals import Ground
from exams.regrading import RegradeState, Remedy
from exams.services import archiving as services
from exams.services import (
    attempts,
    drilled,
    drills,
    evidence,
    explaining,
    kept,
    receipts,
    standings,
)
from server.archives import files
from server.archives import services as archives
from server.archives.errors import ArchiveFailed
from server.archives.models import Archive
from server.audit.models import AuditEntry
from server.db import db, transaction
from tests.factories import exams as a
from tests.moments import NOON

#: The exam is over, and so are appeals and what comes after them.
OLD = NOON + timedelta(days=200)

TAKE_OUT = services.take_out


def unheard(_done: int, _total: int) -> None:
    """Take how far it is, and tell nobody."""


def rows() -> list[Any]:
    """Return every word there is, in order."""
    table = ResponseEntry.__table__
    found = list(db.session.execute(select(table).order_by(*table.c)).all())
    db.session.rollback()
    return found


def put_away(folder: Path, **more: Any) -> list[Archive]:
    return archiving.put_away(folder, at=more.pop("at", OLD), told=unheard, **more)


@pytest.fixture
def sat(inside, tmp_path):
    """An exam in which seven have sat, whose outcomes were told and whose sheets are gathered."""
    with transaction():
        a.an_exam(sections=(("single_choice", 5, 20, {}),))
        made = drills.prepare(candidate_count=7, started=True, at=NOON, release_after=timedelta(0))
        ids = [one.attempt_id for one in made]
        drilled.respond(ids, at=NOON, seed=1)
    announce_released(NOON + timedelta(hours=1))
    figuring.calculate(unheard, at=NOON + timedelta(hours=1))
    return SimpleNamespace(ids=ids, folder=tmp_path)


def test_what_is_final_leaves_and_comes_back_row_for_row(sat):
    before = rows()
    attempt = db.session.get_one(Attempt, sat.ids[0])
    owner = attempt.candidate_id
    receipt = receipts.of(attempt.id, candidate_id=owner, at=OLD)
    held = attempts.standing(attempt, at=OLD).held_count
    told = vars(explaining.of(attempt, at=OLD))["sections"][0].score

    made = put_away(sat.folder, most=3)

    assert [one.units for one in made] == [3, 3, 1]
    assert sum(one.rows for one in made) == len(before)
    assert rows() == []
    assert put_away(sat.folder) == []
    # What a candidate is shown of an old attempt is what it was.
    db.session.expire_all()
    assert attempts.standing(attempt, at=OLD).held_count == held > 0
    (shown,) = standings.seen(db.session.connection(), [standings.Look(attempt.id, owner, OLD)])
    assert getattr(shown, "held_count", None) == held
    assert vars(explaining.of(attempt, at=OLD))["sections"][0].score == told
    with pytest.raises(ResponsesArchived, match=r"responses-.*\.jsonl\.gz"):
        receipts.of(attempt.id, candidate_id=owner, at=OLD)
    with pytest.raises(ResponsesArchived):
        evidence.report(attempt.exam_id, unheard)

    back = [archiving.bring_back(one.name, sat.folder, at=OLD, told=unheard) for one in made]

    assert sum(back) == len(before)
    assert rows() == before
    again = receipts.of(attempt.id, candidate_id=owner, at=receipt.statement.at)
    assert again.code == receipt.code
    assert evidence.report(attempt.exam_id, unheard)["forms"]
    assert archiving.bring_back(made[0].name, sat.folder, at=OLD, told=unheard) == 0
    for one in made:
        assert archiving.put_away_again(one.name, sat.folder, at=OLD, told=unheard) == one.units
    assert rows() == []
    actions = select(AuditEntry.action).where(AuditEntry.subject_kind == "archive")
    assert sorted(db.session.execute(actions).scalars()) == [
        *["archive_brought_back"] * 3,
        *["responses_archived"] * 6,
    ]


def test_a_regrade_after_that_counts_what_was_chosen(sat):
    connection = db.session.connection()
    before = kept.chosen(connection, sat.ids)
    db.session.rollback()

    put_away(sat.folder)

    after = kept.chosen(db.session.connection(), sat.ids)
    assert after == {one: {k: v for k, v in before[one].items() if v} for one in sat.ids}
    assert any(after.values())


@pytest.mark.parametrize(
    "waits",
    ["the appeal period", "an appeal", "a late word", "an announcement", "a regrade", "a sheet"],
)
def test_what_is_not_final_stays(sat, waits):
    first, at = sat.ids[0], OLD
    with transaction():
        attempt = db.session.get_one(Attempt, first)
        if waits == "the appeal period":
            at = NOON + timedelta(days=100)
        elif waits == "an appeal":
            db.session.add(an_appeal(attempt))
        elif waits == "a late word":
            db.session.execute(text("UPDATE response_entry SET late = :yes"), {"yes": True})
        elif waits == "an announcement":
            db.session.execute(text("UPDATE outcome SET announced_at = NULL"))
        elif waits == "a regrade":
            db.session.add(a_regrade(attempt))
        else:
            db.session.execute(text("DELETE FROM response_sheet"))
    before = len(rows())

    made = put_away(sat.folder, at=at)

    stay = 1 if waits == "an appeal" else 7
    assert sum(one.units for one in made) == 7 - stay
    left = select(func.count(ResponseEntry.attempt_id.distinct()))
    assert db.session.execute(left).scalar_one() == stay
    assert len(rows()) == before * stay // 7
    # And the exam is looked at again.
    assert db.session.get_one(Exam, attempt.exam_id).archived_at is None


def a_regrade(attempt: Attempt) -> Regrade:
    """A proposal to take out a question of the paper, about which nobody has decided yet."""
    asked = select(PaperItem.version_id).where(PaperItem.paper_id == attempt.paper_id).limit(1)
    return Regrade(
        id=uuid4(),
        version_id=db.session.execute(asked).scalar_one(),
        remedy=Remedy.EXCLUDED,
        key=[],
        reason="…",
        proposed_by_id=attempt.candidate_id,
        proposed_at=NOON,
        state=RegradeState.PROPOSED,
    )


def an_appeal(attempt: Attempt) -> Appeal:
    """An appeal that has no ruling yet."""
    return Appeal(
        id=uuid4(),
        subject_id=attempt.id,
        attempt_id=attempt.id,
        candidate_id=attempt.candidate_id,
        organisation_id=attempt.exam.organisation_id,
        ground=Ground.SCORING,
        statement="…",
        filed_at=NOON,
        due_on=NOON.date(),
    )


def test_who_dies_in_the_midst_of_it_is_followed_by_one_who_goes_on(sat, monkeypatch):
    before = rows()
    taken = 0

    class Killed(Exception):
        """The process is gone."""

    def take_out(archive, some):
        nonlocal taken
        taken += 1
        if taken == 2:
            raise Killed
        return TAKE_OUT(archive, some)

    monkeypatch.setattr(archiving, "AT_ONCE", 3)
    monkeypatch.setattr(services, "take_out", take_out)
    with pytest.raises(Killed):
        put_away(sat.folder)
    assert 0 < len(rows()) < len(before)

    assert put_away(sat.folder) == []

    (archive,) = archives.every()
    assert archive.put_away_at == OLD
    assert rows() == []
    archiving.bring_back(archive.name, sat.folder, at=OLD, told=unheard)
    assert rows() == before


def test_a_file_that_was_changed_or_is_gone_is_never_brought_back(sat):
    (archive,) = put_away(sat.folder)
    path = sat.folder / archive.name
    whole = path.read_bytes()
    assert path.stat().st_mode & 0o077 == 0

    for content in (whole[:-20], whole[:50] + bytes([whole[50] ^ 1]) + whole[51:], None):
        path.unlink()
        if content is not None:
            path.write_bytes(content)
        with pytest.raises(ArchiveFailed, match=r"changed or cut short|bring the file back"):
            archiving.bring_back(archive.name, sat.folder, at=OLD, told=unheard)
    assert rows() == []

    path.write_bytes(whole)
    assert archiving.bring_back(archive.name, sat.folder, at=OLD, told=unheard) == archive.rows


def test_a_word_that_came_since_the_file_was_written_stays_with_its_attempt(sat):
    (archive,) = put_away(sat.folder)
    archiving.bring_back(archive.name, sat.folder, at=OLD, told=unheard)
    with transaction():
        changed = db.session.get_one(Attempt, sat.ids[3])
        word = select(ResponseEntry).where(ResponseEntry.attempt_id == changed.id).limit(1)
        db.session.execute(word).scalar_one().received_at += timedelta(seconds=1)

    left = archiving.put_away_again(archive.name, sat.folder, at=OLD, told=unheard)

    assert left == 6
    assert {row.attempt_id for row in rows()} == {changed.id}
    (another,) = put_away(sat.folder)
    assert (another.units, rows()) == (1, [])


def test_a_file_is_read_without_this_code(sat):
    (archive,) = put_away(sat.folder)

    documents = list(files.read(sat.folder / archive.name, archive.digest or ""))

    assert {one["attempt"] for one in documents} == {str(one) for one in sat.ids}
    slot, epoch, sequence, chosen, received_at, late = documents[0]["words"][0]
    assert (slot, epoch, sequence, late) == (1, 1, 1, False)
    assert chosen > 0
    assert received_at.endswith("+00:00")


def test_the_job_comes_by_itself_only_where_there_is_a_folder(sat, app, run_jobs, monkeypatch):
    needed = archiving.WORK.needed
    assert needed is not None
    assert not needed(OLD)
    settings = app.extensions["config"].replaced(archive_dir=sat.folder / "files")
    monkeypatch.setitem(app.extensions, "config", settings)
    monkeypatch.setattr("server.clock.now", lambda: OLD)
    assert needed(OLD)

    assert (archiving.ask(OLD), archiving.ask(OLD)) == (1, 0)
    run_jobs()

    db.session.rollback()
    assert rows() == []
    assert [one.units for one in archives.every()] == [7]


def test_commands_put_away_prove_and_bring_back(sat, app, monkeypatch):
    settings = app.extensions["config"].replaced(archive_dir=sat.folder)
    monkeypatch.setitem(app.extensions, "config", settings)
    monkeypatch.setattr("server.clock.now", lambda: OLD)
    run = app.test_cli_runner().invoke
    count = len(rows())

    assert "1 files were written." in run(args=["archive", "create"]).output
    (archive,) = archives.every()
    assert "in the file" in run(args=["archive", "list"]).output
    assert "is whole: 7 of 7." in run(args=["archive", "verify"]).output
    assert f"{count} rows are back" in run(args=["archive", "restore", archive.name]).output
    assert "7 attempts" in run(args=["archive", "put-away", archive.name]).output
    assert run(args=["archive", "restore", "nothing"]).exit_code == 1
    (sat.folder / archive.name).unlink()
    assert run(args=["archive", "verify"]).exit_code == 1
