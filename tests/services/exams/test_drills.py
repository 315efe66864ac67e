"""A drill is an exam like any other, filled with as many made-up candidates as wanted."""

from __future__ import annotations

import stat
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import func, select

from exams.errors import NothingToDrillWith
from exams.models import Attempt, Enrolment, Exam
from exams.services import attempts, drills, intake
from server import clock
from server.auth.models import Account, SignedInDevice
from server.config import Mode
from server.db import db
from server.people.ciphers import DocumentCipher
from server.people.models import Person
from tests.databases import count_statements
from tests.factories import exams as a
from tests.factories import sitting
from tests.factories.people import a_person
from tests.moments import NOON

TABLES = (Person, Account, SignedInDevice, Enrolment, Attempt)

#: What publishing sends, and ten for the rows of any number of candidates up to ten thousand.
MOST_STATEMENTS = 60


def counts() -> list[int]:
    """Count the rows of every table that a drill fills."""
    return [db.session.scalar(select(func.count()).select_from(table)) or 0 for table in TABLES]


def prepare(count: int, *, started: bool = True, **more: Any):
    """Prepare a drill at noon."""
    return drills.prepare(candidate_count=count, started=started, at=NOON, **more)


@pytest.mark.usefixtures("inside")
def test_a_drill_writes_each_candidate_once_with_an_attempt_that_goes_on():
    a.an_exam()
    before = counts()

    made = prepare(40)

    assert [now - then for then, now in zip(before, counts(), strict=True)] == [40] * 5
    assert len({one for candidate in made for one in candidate}) == 160
    attempt = db.session.get_one(Attempt, made[7].attempt_id)
    outcome = sitting.submit(attempt, at=NOON).outcome
    assert outcome is not None
    assert outcome.released_at == attempt.exam.release_at
    assert outcome.released_at > NOON + timedelta(days=30_000)


def test_whoever_is_made_up_has_no_number_and_stops_no_exchange_of_keys(app, writing, monkeypatch):
    with writing():
        a.an_exam()
        a_person()
        known = set(db.session.scalars(select(Person.id)))
        prepare(3)
        made = db.session.scalars(select(Person).where(Person.id.not_in(known))).all()
        said = {(one.number_index, one.phone, one.document_cipher) for one in made}
        compared = {one.compared_at for one in made}
    config = app.extensions["config"]
    exchanged = DocumentCipher(
        bytes([7]) * 32, index_key=config.index_key, retired=[config.encryption_key]
    )
    monkeypatch.setitem(app.extensions, "document_cipher", exchanged)

    told = app.test_cli_runner().invoke(args=["people", "rekey"])

    assert (said, compared) == ({(None, None, b"")}, {NOON})
    assert told.exit_code == 0, told.output


@pytest.mark.usefixtures("inside")
def test_a_candidate_of_a_drill_that_has_not_begun_may_start():
    a.an_exam()
    before = counts()[-1]

    one = prepare(3, started=False)[0]
    candidate_id = db.session.get_one(Enrolment, one.enrolment_id).candidate_id

    assert counts()[-1] == before
    begun = attempts.start(
        one.attempt_id,
        enrolment_id=one.enrolment_id,
        candidate_id=candidate_id,
        device_id=a.PHONE,
        seed=bytes(16),
        at=NOON,
    )
    assert begun.attempt.id == one.attempt_id


@pytest.mark.usefixtures("inside")
def test_outcomes_of_a_drill_are_released_at_once_where_that_is_asked_for():
    a.an_exam()

    one = prepare(1, release_after=timedelta(0))[0]

    exam_id = db.session.get_one(Attempt, one.attempt_id).exam_id
    assert db.session.get_one(Exam, exam_id).release_at is None


@pytest.mark.usefixtures("inside")
def test_attempts_of_a_drill_may_have_been_answered():
    a.an_exam()

    made = prepare(3, held=4)

    for one in made:
        held = intake.counting(db.session.connection(), one.attempt_id)
        assert {slot: entry.chosen for slot, entry in held.items()} == dict.fromkeys(range(1, 5), 1)


@pytest.mark.usefixtures("inside")
def test_many_candidates_take_no_more_statements_than_few():
    a.an_exam()
    with count_statements(db.engine) as few:
        prepare(2)
    with count_statements(db.engine) as many:
        prepare(500)

    assert len(many) == len(few) <= MOST_STATEMENTS


@pytest.mark.usefixtures("inside")
def test_without_an_exam_there_is_nothing_to_drill_with():
    with pytest.raises(NothingToDrillWith):
        prepare(1)


def test_the_command_writes_a_line_for_each_candidate_that_only_its_owner_may_read(
    app, writing, tmp_path
):
    with writing():
        a.an_exam(opens_at=clock.now(), closes_at=clock.now() + timedelta(days=1))
    out = tmp_path / "candidates"

    done = app.test_cli_runner().invoke(
        args=["exams", "drill", "--candidates", "5", "--started", "--out", str(out)]
    )

    assert done.exit_code == 0, done.output
    lines = [line.split() for line in out.read_text("ascii").splitlines()]
    assert len({UUID(attempt) for attempt, _enrolment, _token in lines}) == 5
    assert stat.S_IMODE(out.stat().st_mode) == 0o600
    reply = app.test_client().get(
        f"/v1/attempts/{lines[3][0]}", headers={"Authorization": f"Bearer {lines[3][2]}"}
    )
    assert reply.get_json()["state"] == "in_progress"


def test_there_is_no_drill_in_production(app, config, tmp_path, monkeypatch):
    monkeypatch.setitem(app.extensions, "config", config.replaced(mode=Mode.PRODUCTION))

    done = app.test_cli_runner().invoke(
        args=["exams", "drill", "--candidates", "1", "--out", str(tmp_path / "out")]
    )

    assert done.exit_code == 1
    assert "no drill in production" in done.output
    assert not (tmp_path / "out").exists()
