"""What responses say about questions: stored here by exams, read by authors and reviewers (统计).

The figures are of versions; a question shows those of each version that was ever asked.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID, uuid5

from sqlalchemy import ColumnElement, and_, delete, exists, insert, or_, select
from sqlalchemy.orm import InstrumentedAttribute

from question_bank.flagging import SUSPENDING, Flag, Observed
from question_bank.models import Question, QuestionFlag, QuestionStatistics, QuestionVersion
from server.db import db

#: The family of ids of flags.
_FLAGS: Final = UUID("6a1e4f6c-6d0b-5e7b-9d51-2f1f6c0f7b11")


@dataclass(frozen=True, kw_only=True)
class Known:
    """All that is known of one version among the candidates of one qualification."""

    version_id: UUID
    question_id: UUID
    exposure_count: int
    seen: Observed
    flags: Sequence[Flag]
    facility_low: float | None = None
    facility_high: float | None = None
    sd: float | None = None
    efficiency: float | None = None
    difficulty: float | None = None
    difficulty_error: float | None = None
    mean_seconds: float | None = None
    median_seconds: float | None = None
    curve: Sequence[float | None] = ()
    differences: Sequence[dict[str, Any]] = ()
    watch: dict[str, Any] | None = None


def store(known: Sequence[Known], *, qualification: str, at: datetime) -> int:
    """Put figures in the place of earlier ones; return how many flags are new.

    A flag that no longer holds and that nobody has settled is taken back; one that was settled
    is not raised again for the same version.
    """
    ids = [one.version_id for one in known]
    of_these = and_(
        QuestionStatistics.version_id.in_(ids), QuestionStatistics.qualification == qualification
    )
    db.session.execute(delete(QuestionStatistics).where(of_these))
    db.session.execute(insert(QuestionStatistics), [_row(one, qualification, at) for one in known])
    return _raise_flags(known, qualification, at)


def difficulties(qualification: str) -> dict[UUID, float]:
    """Return the Rasch difficulties as they stand, by version: they hold the scale."""
    statement = select(QuestionStatistics.version_id, QuestionStatistics.difficulty).where(
        QuestionStatistics.qualification == qualification,
        QuestionStatistics.difficulty.is_not(None),
    )
    rows = db.session.execute(statement).all()
    return {version_id: value for version_id, value in rows if value is not None}


def flagged(flag: Flag) -> ColumnElement[bool]:
    """Return the condition that a question has this flag open on any of its versions."""
    found = (
        select(QuestionStatistics.question_id)
        .join(QuestionFlag, QuestionFlag.version_id == QuestionStatistics.version_id)
        .where(QuestionFlag.flag == flag, QuestionFlag.settled_at.is_(None))
    )
    return Question.id.in_(found)


def between(
    column: InstrumentedAttribute[float | None], least: float | None, most: float | None
) -> ColumnElement[bool]:
    """Return the condition that a figure of a question lies between two ends, both included."""
    statement = select(QuestionStatistics.question_id).where(column.is_not(None))
    if least is not None:
        statement = statement.where(column >= least)
    if most is not None:
        statement = statement.where(column <= most)
    return Question.id.in_(statement)


def suspended(before: datetime) -> ColumnElement[bool]:
    """Return the condition that a flag keeps a version out of papers drawn at a moment."""
    return and_(
        QuestionFlag.flag.in_(SUSPENDING),
        QuestionFlag.raised_at < before,
        or_(QuestionFlag.settled_at.is_(None), QuestionFlag.settled_at >= before),
    )


def key_holds() -> ColumnElement[bool]:
    """Return the condition that nobody overruled the key of a version, or doubts it now.

    Whoever learns by a wrong key learns what is wrong; a suspected leak does no harm here.
    """
    doubted = exists().where(
        QuestionFlag.version_id == QuestionVersion.id,
        QuestionFlag.flag == Flag.KEY_SUSPECTED,
        QuestionFlag.settled_at.is_(None),
    )
    return and_(QuestionVersion.overruled_at.is_(None), ~doubted)


def overrule(version_id: UUID, *, right: Collection[str] | None, at: datetime) -> None:
    """Write down what counts as right for a version since a regrade.

    Args:
        version_id: the version; what it says stays as it is.
        right: the labels that are right now; None where nothing is: the question was no good.
        at: since when.
    """
    version = db.session.get_one(QuestionVersion, version_id)
    if right is not None and set(right) == set(version.key):
        version.overruled_at = None
    elif version.overruled_at is None:
        version.overruled_at = at


def _row(one: Known, qualification: str, at: datetime) -> dict[str, Any]:
    return {
        "version_id": one.version_id,
        "qualification": qualification,
        "question_id": one.question_id,
        "response_count": one.seen.response_count,
        "exposure_count": one.exposure_count,
        "facility": one.seen.facility,
        "facility_low": one.facility_low,
        "facility_high": one.facility_high,
        "sd": one.sd,
        "discrimination": one.seen.discrimination,
        "efficiency": one.efficiency,
        "difficulty": one.difficulty,
        "difficulty_error": one.difficulty_error,
        "outfit": one.seen.outfit,
        "mean_seconds": one.mean_seconds,
        "median_seconds": one.median_seconds,
        "options": [asdict(option) for option in one.seen.options],
        "curve": list(one.curve),
        "differences": list(one.differences),
        "watch": one.watch,
        "calculated_at": at,
    }


def _raise_flags(known: Sequence[Known], qualification: str, at: datetime) -> int:
    wanted = {
        uuid5(_FLAGS, f"{one.version_id}/{qualification}/{flag}"): (one.version_id, flag)
        for one in known
        for flag in one.flags
    }
    standing = select(QuestionFlag.id, QuestionFlag.settled_at).where(
        QuestionFlag.version_id.in_([one.version_id for one in known]),
        QuestionFlag.qualification == qualification,
    )
    there = dict(db.session.execute(standing.with_for_update()).all())
    gone = [one for one, settled_at in there.items() if settled_at is None and one not in wanted]
    if gone:
        db.session.execute(delete(QuestionFlag).where(QuestionFlag.id.in_(gone)))
    new = [
        {
            "id": flag_id,
            "version_id": version_id,
            "qualification": qualification,
            "flag": flag,
            "raised_at": at,
        }
        for flag_id, (version_id, flag) in wanted.items()
        if flag_id not in there
    ]
    if new:
        db.session.execute(insert(QuestionFlag), new)
    return len(new)
