"""Responses that nobody may contest any more leave for files, and can come back (作答归档).

What counted in a graded attempt stays in its response sheet, so that outcomes are explained and
graded anew as ever. What goes is how it came about: every word, when it arrived, and what a later
one replaced. Whoever needs that (a receipt, a report on responses alike) brings it back first.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any, Final
from uuid import UUID

import structlog
from sqlalchemy import ColumnElement, and_, delete, exists, func, or_, select, update

from exams.lifecycle import ExamState, State
from exams.models import (
    Appeal,
    Attempt,
    Exam,
    ExamStandard,
    LateDecision,
    Outcome,
    OutcomeCorrection,
    PaperItem,
    Regrade,
    ResponseEntry,
    ResponseSheet,
    ScoreCorrection,
)
from exams.regrading import RegradeState
from exams.services import kept
from server import days, working_days
from server.archives.models import Archive
from server.db import db, upsert

log = structlog.get_logger("archive")

#: How long after the last day of appeals responses stay at hand.
REST: Final = timedelta(days=90)

#: One attempt in a file: its id, and `[slot, epoch, sequence, chosen, received_at, late]` of each
#: word in the order of its key.
Unit = tuple[UUID, list[list[Any]]]

_WORD: Final = ("slot", "epoch", "sequence", "chosen", "received_at", "late")


@dataclass(frozen=True, kw_only=True)
class Finals:
    """What may be put away now."""

    #: Attempts, exam by exam.
    attempt_ids: list[UUID]
    #: Exams of which nothing is left to be put away.
    emptied: list[UUID]


def finals(*, at: datetime, rest: timedelta = REST, limit: int) -> Finals:
    """Return attempts whose outcome nobody may contest any more, the oldest exams first.

    Args:
        at: the moment.
        rest: how long after the last day of appeals they stay.
        limit: attempts at most.
    """
    statement = (
        select(Exam.id, Exam.standard_id)
        .where(
            Exam.state == ExamState.PUBLISHED,
            Exam.standard_id.is_not(None),
            Exam.archived_at.is_(None),
            Exam.closes_at < at - rest,
        )
        .order_by(Exam.closes_at, Exam.id)
    )
    found = Finals(attempt_ids=[], emptied=[])
    for exam_id, standard_id in db.session.execute(statement).all():
        if len(found.attempt_ids) >= limit:
            break
        final, left = _of_exam(exam_id, standard_id, at, rest)
        found.attempt_ids.extend(final)
        if not final and not left:
            found.emptied.append(exam_id)
    del found.attempt_ids[limit:]
    return found


def _of_exam(
    exam_id: UUID, standard_id: UUID | None, at: datetime, rest: timedelta
) -> tuple[list[UUID], int]:
    """Return the final attempts of an exam, and how many are not yet."""
    corrected = (
        select(func.max(OutcomeCorrection.corrected_at))
        .where(OutcomeCorrection.attempt_id == Attempt.id)
        .scalar_subquery()
    )
    statement = (
        select(Attempt.id, Outcome.released_at, corrected, _is_settled().label("settled"))
        .join(Outcome, Outcome.attempt_id == Attempt.id)
        .where(
            Attempt.exam_id == exam_id,
            Attempt.state == State.GRADED,
            Attempt.archive_id.is_(None),
        )
        .order_by(Attempt.id)
    )
    rows = db.session.execute(statement).all()
    appeals = db.session.get_one(ExamStandard, standard_id).appeal_working_days
    on = days.civil_day(at - rest)
    final = [
        attempt_id
        for attempt_id, released_at, corrected_at, settled in rows
        if settled
        and on > _last_day(days.civil_day(max(released_at, corrected_at or released_at)), appeals)
    ]
    pending = select(func.count()).where(
        Attempt.exam_id == exam_id, Attempt.state.in_((State.IN_PROGRESS, State.SUBMITTED))
    )
    return final, len(rows) - len(final) + db.session.execute(pending).scalar_one()


#: Counting working days is slow, and all attempts of an exam were released on few days.
_last_day = lru_cache(4096)(working_days.working_days_after)


def _is_settled() -> ColumnElement[bool]:
    """Say whether nothing about an attempt waits, and its sheet holds what counted."""
    mine = ResponseEntry.attempt_id == Attempt.id
    decided = LateDecision.attempt_id == Attempt.id
    sheet = ResponseSheet.attempt_id == Attempt.id
    changed_since = exists().where(decided, sheet, LateDecision.decided_at >= ResponseSheet.made_at)
    regraded = exists().where(
        PaperItem.paper_id == Attempt.paper_id,
        Regrade.version_id == PaperItem.version_id,
        Regrade.settled_at.is_(None),
        Regrade.state != RegradeState.REJECTED,
    )
    waiting = or_(
        exists().where(Appeal.attempt_id == Attempt.id, Appeal.ruled_at.is_(None)),
        exists().where(
            ScoreCorrection.attempt_id == Attempt.id, ScoreCorrection.decided_at.is_(None)
        ),
        and_(exists().where(mine, ResponseEntry.late), ~exists().where(decided)),
        changed_since,
        regraded,
    )
    return and_(Outcome.announced_at.is_not(None), exists().where(sheet), ~waiting)


def units(attempt_ids: Sequence[UUID]) -> Iterator[Unit]:
    """Give each attempt with all of its words, those that hold none included.

    Left out, and said in the log, is an attempt whose sheet does not hold what its words say:
    somebody must look before its words may leave.
    """
    for begin in range(0, len(attempt_ids), 100):
        some = attempt_ids[begin : begin + 100]
        words = _words(some)
        differing = kept.differing(some)
        for one in differing:
            log.error("response sheet differs", attempt=str(one))
        yield from ((one, words.get(one, [])) for one in some if one not in differing)


def _words(attempt_ids: Collection[UUID]) -> dict[UUID, list[list[Any]]]:
    table = ResponseEntry
    columns = (table.slot, table.epoch, table.sequence, table.chosen, table.received_at, table.late)
    statement = (
        select(table.attempt_id, *columns)
        .where(table.attempt_id.in_(attempt_ids))
        .order_by(table.attempt_id, *columns[:4])
    )
    found: dict[UUID, list[list[Any]]] = {}
    for attempt_id, *key, received_at, late in db.session.execute(statement):
        found.setdefault(attempt_id, []).append([*key, received_at.isoformat(), late])
    return found


def take_out(archive: Archive, some: Sequence[Unit]) -> int:
    """Take the words of some attempts out of the database; return how many attempts were taken.

    Left alone is what changed since its file was written: it goes into another one, later.
    """
    ids = [attempt_id for attempt_id, _ in some]
    free = (
        update(Attempt)
        .where(
            Attempt.id.in_(ids),
            or_(Attempt.archive_id.is_(None), Attempt.archive_id == archive.id),
            Attempt.state == State.GRADED,
        )
        .values(archive_id=archive.id)
        .returning(Attempt.id)
        .execution_options(synchronize_session=False)
    )
    # Locked by the update from here on, so that what is compared is what is deleted.
    locked = set(db.session.execute(free).scalars())
    there = _words(locked)
    same = {one for one, words in some if one in locked and there.get(one, []) in (words, [])}
    changed = locked - same
    if changed:
        _leave(changed)
    db.session.execute(
        delete(ResponseEntry)
        .where(ResponseEntry.attempt_id.in_(same))
        .execution_options(synchronize_session=False)
    )
    return len(same)


def _leave(attempt_ids: Collection[UUID]) -> None:
    """Let attempts be looked at again: their words stay until they are in another file."""
    asked = select(Attempt.exam_id).where(Attempt.id.in_(attempt_ids))
    for statement in (
        update(Exam).where(Exam.id.in_(asked)).values(archived_at=None),
        update(Attempt).where(Attempt.id.in_(attempt_ids)).values(archive_id=None),
    ):
        db.session.execute(statement.execution_options(synchronize_session=False))


def put_back(archive: Archive, some: Sequence[Unit]) -> int:
    """Bring the words of some attempts back; return how many rows. Doing it again adds none."""
    mine = select(Attempt.id).where(
        Attempt.id.in_([attempt_id for attempt_id, _ in some]), Attempt.archive_id == archive.id
    )
    wanted = set(db.session.execute(mine).scalars())
    rows = [
        {
            "attempt_id": attempt_id,
            **dict(zip(_WORD, word, strict=True)),
            "received_at": datetime.fromisoformat(word[4]),
        }
        for attempt_id, words in some
        if attempt_id in wanted
        for word in words
    ]
    if rows:
        _add(rows)
    return len(rows)


def _add(rows: list[dict[str, Any]]) -> None:
    """Add words; what a phone has sent again since gives way to when it first came."""
    statement = upsert(ResponseEntry)
    excluded = statement.excluded
    db.session.connection().execute(
        statement.on_conflict_do_update(
            index_elements=["attempt_id", "slot", "epoch", "sequence", "chosen"],
            set_={"received_at": excluded.received_at, "late": excluded.late},
        ),
        rows,
    )


def note_emptied(exam_ids: Sequence[UUID], *, at: datetime) -> None:
    """Note that nothing of these exams is left to be put away: they are not looked at again."""
    db.session.execute(
        update(Exam)
        .where(Exam.id.in_(exam_ids))
        .values(archived_at=at)
        .execution_options(synchronize_session=False)
    )
