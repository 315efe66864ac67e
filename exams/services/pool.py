"""What papers may draw: the questions in use for a qualification (组卷题源)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import select

from exams.assembly import Candidate
from exams.models import Qualification
from question_bank.models import QuestionStatistics, QuestionVersion
from question_bank.services import drawing, likenesses
from question_bank.services.drawing import PoolEntry
from server.days import civil_day
from server.db import db

#: Ids asked for in one statement: less than any database allows.
_CHUNK = 10_000

#: Responses from which on what they show counts for more than what an author thought.
ENOUGH = 50


def of(
    qualification: Qualification, *, at: datetime, sat_at: datetime | None = None
) -> list[Candidate]:
    """Return the questions that a paper for the qualification may draw at a moment.

    Questions that say the same or nearly so, in whatever bank, are one group: never two on one
    paper. None rests on law that will have ended when the paper is sat.

    Args:
        qualification: whom the paper examines.
        at: the moment at which questions must be in use.
        sat_at: the last moment at which the paper is sat; None for `at`.
    """
    found = drawing.published_for_exams(
        on=civil_day(at),
        role=qualification.role,
        operation_item=qualification.operation_item,
        sat_on=None if sat_at is None else civil_day(sat_at),
    )
    return _candidates(found, qualification)


def may_be_asked(
    version_ids: Collection[UUID],
    qualification: Qualification,
    *,
    at: datetime,
    sat_at: datetime,
) -> bool:
    """Say whether a paper for the qualification may ask all of some versions at a moment."""
    found = drawing.published_for_exams(
        on=civil_day(at),
        role=qualification.role,
        operation_item=qualification.operation_item,
        sat_on=civil_day(sat_at),
        version_ids=version_ids,
    )
    return len(found) == len(set(version_ids))


def of_practice(qualification: Qualification, *, at: datetime) -> list[Candidate]:
    """Return the questions that a mock exam for the qualification may draw: those of practice."""
    found = drawing.published_for_practice(
        on=civil_day(at),
        role=qualification.role,
        operation_item=qualification.operation_item,
    )
    return _candidates(found, qualification)


def _candidates(found: Sequence[PoolEntry], qualification: Qualification) -> list[Candidate]:
    groups = likenesses.groups(
        [entry.question_id for entry in found], _same([entry.version_id for entry in found])
    )
    figures = _figures([entry.version_id for entry in found], qualification)
    return [
        _candidate(
            entry.question_id,
            entry.version_id,
            kind=entry.kind.value,
            topic=entry.topic,
            thought=entry.difficulty,
            group=groups[entry.question_id],
            figures=figures.get(entry.version_id),
        )
        for entry in found
    ]


def of_versions(version_ids: Iterable[UUID], qualification: Qualification) -> list[Candidate]:
    """Return versions that were drawn, in use or not, with what is known of them now."""
    ids = sorted(version_ids)
    figures = _figures(ids, qualification)
    return [
        _candidate(
            version.question_id,
            version.id,
            kind=version.kind.value,
            topic=version.topic,
            thought=version.difficulty,
            group=None,
            figures=figures.get(version.id),
        )
        for chunk in _chunks(ids)
        for version in drawing.versions(chunk).values()
    ]


def _candidate(
    question_id: UUID,
    version_id: UUID,
    *,
    kind: str,
    topic: str | None,
    thought: Decimal | str | None,
    group: UUID | None,
    figures: QuestionStatistics | None,
) -> Candidate:
    """Return a question with what responses say of it, else with what its author thought."""
    shown = figures is not None and figures.facility is not None
    count = figures.response_count if figures is not None and shown else 0
    enough = count >= ENOUGH
    facility: float | Decimal | str | None = thought
    if figures is not None and enough:
        facility = figures.facility
    return Candidate(
        question_id=question_id,
        version_id=version_id,
        kind=kind,
        topic=topic or "",
        difficulty=None if facility is None else float(facility),
        response_count=count if enough else 0,
        exposure_count=figures.exposure_count if figures is not None else 0,
        duplicate_group=group,
    )


def _figures(
    version_ids: list[UUID], qualification: Qualification
) -> dict[UUID, QuestionStatistics]:
    """Return what responses of candidates for the qualification say of versions."""
    found: dict[UUID, QuestionStatistics] = {}
    for chunk in _chunks(version_ids):
        rows = db.session.scalars(
            select(QuestionStatistics).where(
                QuestionStatistics.version_id.in_(chunk),
                QuestionStatistics.qualification == qualification.code,
            )
        )
        found |= {row.version_id: row for row in rows}
    return found


def _same(version_ids: list[UUID]) -> Iterator[tuple[UUID, UUID]]:
    """Yield pairs of questions with equal content, each with the first that says it."""
    first: dict[str, UUID] = {}
    columns = (QuestionVersion.question_id, QuestionVersion.fingerprint)
    for chunk in _chunks(version_ids):
        rows = db.session.execute(select(*columns).where(QuestionVersion.id.in_(chunk)))
        for question_id, fingerprint in rows:
            yield first.setdefault(fingerprint, question_id), question_id


def _chunks(ids: list[UUID]) -> Iterable[list[UUID]]:
    return (ids[start : start + _CHUNK] for start in range(0, len(ids), _CHUNK))
