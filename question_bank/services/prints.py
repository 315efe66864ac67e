"""Prints of versions (试题特征): made once for each, and read for comparing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy import and_, delete, exists, insert, or_, select

from question_bank import likeness
from question_bank.lifecycle import State
from question_bank.likeness import Print
from question_bank.models import Question, QuestionPrint, QuestionVersion
from server.db import db

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

#: Ids in one statement: below the least number of variables a database takes.
_AT_ONCE = 500


@dataclass(frozen=True)
class Held:
    """The signatures of all versions at work: whose each row is."""

    question_ids: list[UUID]
    version_ids: list[UUID]
    bands: NDArray[np.int64]


def at_work() -> Any:
    """The condition that a version is asked now, or is what authors work on."""
    version = QuestionVersion
    in_use = and_(version.published_at.is_not(None), version.withdrawn_at.is_(None))
    return and_(Question.state != State.RETIRED, or_(version.number == Question.newest, in_use))


def missing(*, drafts: bool, limit: int | None = None) -> list[UUID]:
    """Return the questions of which a version at work has no print.

    Args:
        drafts: also questions that only their authors know.
        limit: at most so many.
    """
    version = QuestionVersion
    printed = exists().where(
        QuestionPrint.version_id == version.id, QuestionPrint.scheme == likeness.scheme()
    )
    statement = (
        select(Question.id)
        .join(version, version.question_id == Question.id)
        .where(at_work(), ~printed)
        .distinct()
    )
    if not drafts:
        statement = statement.where(version.published_at.is_not(None))
    return list(db.session.execute(statement.limit(limit)).scalars())


def make(question_ids: Sequence[UUID]) -> None:
    """Make the prints of the newest versions of these questions, where they are missing."""
    for start in range(0, len(question_ids), _AT_ONCE):
        _make(question_ids[start : start + _AT_ONCE])


def held() -> Held:
    """Read the signatures of every version at work: one statement."""
    import numpy as np

    statement = (
        select(QuestionPrint.question_id, QuestionPrint.version_id, QuestionPrint.bands)
        .join(QuestionVersion, QuestionVersion.id == QuestionPrint.version_id)
        .join(Question, Question.id == QuestionPrint.question_id)
        .where(at_work(), QuestionPrint.scheme == likeness.scheme())
        .order_by(QuestionPrint.version_id)
    )
    rows = db.session.execute(statement).all()
    joined = b"".join(row.bands for row in rows)
    return Held(
        question_ids=[row.question_id for row in rows],
        version_ids=[row.version_id for row in rows],
        bands=np.frombuffer(joined, dtype="<i8").reshape(len(rows), likeness.BANDS),
    )


def of(version_ids: Sequence[UUID]) -> dict[UUID, Print]:
    """Return the prints of these versions."""
    found: dict[UUID, Print] = {}
    columns = (
        QuestionPrint.version_id,
        QuestionPrint.asked,
        QuestionPrint.right,
        QuestionPrint.body,
    )
    for start in range(0, len(version_ids), _AT_ONCE):
        some = version_ids[start : start + _AT_ONCE]
        rows = db.session.execute(select(*columns).where(QuestionPrint.version_id.in_(some)))
        found |= {row.version_id: Print(row.asked, row.right, row.body) for row in rows}
    return found


def _make(question_ids: Sequence[UUID]) -> None:
    version, scheme = QuestionVersion, likeness.scheme()
    printed = exists().where(QuestionPrint.version_id == version.id, QuestionPrint.scheme == scheme)
    statement = (
        select(version)
        .join(Question, Question.id == version.question_id)
        .where(Question.id.in_(question_ids), at_work(), ~printed)
    )
    fresh = db.session.execute(statement).scalars().all()
    if not fresh:
        return
    outdated = QuestionPrint.version_id.in_([one.id for one in fresh])
    db.session.execute(delete(QuestionPrint).where(outdated))
    made = [_print(one) for one in fresh]
    signatures = likeness.bands([one.body for one in made])
    db.session.execute(
        insert(QuestionPrint),
        [
            {
                "version_id": one.id,
                "question_id": one.question_id,
                "scheme": scheme,
                "asked": seen.asked,
                "right": seen.right,
                "body": seen.body,
                "bands": bands.astype("<i8").tobytes(),
            }
            for one, seen, bands in zip(fresh, made, signatures, strict=True)
        ],
    )


def _print(version: QuestionVersion) -> Print:
    texts = {option["label"]: option["text"] for option in version.options}
    right = [texts[label] for label in version.key]
    return likeness.print_of(version.kind, version.stem, list(texts.values()), right)
