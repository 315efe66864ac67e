"""What the learners of a provider, class or teacher know of each topic (培训知识点掌握情况).

It loads numpy, so that nothing an exam needs may import it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

import numpy as np
from sqlalchemy import select

from exams import quality
from exams.models import ResponseSheet
from exams.models.standards import Qualification
from exams.services import samples, training_quality
from exams.services.samples import Sample
from exams.services.training_quality import By
from exams.statistics import topics
from exams.statistics.responses import Figures
from question_bank.models import QuestionStatistics, QuestionVersion
from server.db import db
from server.scopes import Scope

#: Ids asked about in one statement.
_MANY = 5_000


@dataclass(frozen=True, kw_only=True)
class TopicQuality:
    """How learners did on a topic in their first exam after the class, beside all candidates."""

    topic: str
    learner_count: int
    response_count: int
    share: float
    expected: float
    #: The 95 % interval of the difference from what is expected.
    difference: quality.Interval
    outlier: bool


def of(
    by: By, subject_id: UUID, *, since: date, until: date, scope: Scope, at: datetime
) -> list[TopicQuality]:
    """Return the topics of one who trained, the weakest first; those that ten responded to.

    Args:
        by: what the subject is: provider, class or teacher.
        subject_id: whose learners.
        since: the first last day of classes.
        until: the last one.
        scope: of the providers.
        at: the moment of asking: outcomes announced later are not known yet.
    """
    places = training_quality.places_of(since, until, scope)
    trained = training_quality.subjects_of(by, places)
    tries = training_quality.tries_after(places, at)
    firsts = [
        each[0].attempt_id
        for one, each in zip(places, tries, strict=True)
        if each and subject_id in trained(one)
    ]
    rows = _sheets(firsts)
    return _figures(samples.of(rows), rows) if rows else []


def _sheets(attempt_ids: Sequence[UUID]) -> list[Any]:
    found: list[Any] = []
    for begin in range(0, len(attempt_ids), _MANY):
        statement = select(
            ResponseSheet.attempt_id,
            ResponseSheet.qualification_id,
            ResponseSheet.paper_id,
            ResponseSheet.candidate_id,
            ResponseSheet.chosen,
            ResponseSheet.tenths,
        ).where(ResponseSheet.attempt_id.in_(attempt_ids[begin : begin + _MANY]))
        found += db.session.execute(statement.order_by(ResponseSheet.attempt_id)).all()
    return found


def _figures(sample: Sample, rows: Sequence[Any]) -> list[TopicQuality]:
    ids = [version.id for version in sample.versions]
    topic_of = _topics(ids)
    names = sorted({name for name in topic_of.values() if name})
    numbers = {name: number for number, name in enumerate(names)}
    expected = _facility(ids, {row.qualification_id for row in rows}, sample)
    found = topics.by_topic(
        sample.responses,
        np.array([numbers.get(topic_of.get(one) or "", -1) for one in ids], dtype=np.int64),
        expected,
    )
    return sorted(
        (
            TopicQuality(
                topic=names[one.topic],
                learner_count=one.candidate_count,
                response_count=one.response_count,
                share=one.share,
                expected=one.expected,
                difference=quality.Interval(low=one.low, high=one.high),
                outlier=one.differs,
            )
            for one in found
        ),
        key=lambda one: (one.share - one.expected, one.topic),
    )


def _topics(version_ids: Sequence[UUID]) -> dict[UUID, str | None]:
    found: dict[UUID, str | None] = {}
    for begin in range(0, len(version_ids), _MANY):
        statement = select(QuestionVersion.id, QuestionVersion.topic)
        wanted = QuestionVersion.id.in_(version_ids[begin : begin + _MANY])
        found |= {one: topic for one, topic in db.session.execute(statement.where(wanted))}
    return found


def _facility(ids: Sequence[UUID], qualification_ids: set[UUID], sample: Sample) -> Figures:
    """Return what all candidates earn on each question; of one not calculated, what these earn."""
    codes = select(Qualification.code).where(Qualification.id.in_(qualification_ids))
    found = sample.responses.mean_by_item(sample.responses.share)
    numbers = {one: number for number, one in enumerate(ids)}
    for begin in range(0, len(ids), _MANY):
        statement = select(QuestionStatistics.version_id, QuestionStatistics.facility).where(
            QuestionStatistics.version_id.in_(ids[begin : begin + _MANY]),
            QuestionStatistics.qualification.in_(codes),
            QuestionStatistics.facility.is_not(None),
        )
        for version_id, facility in db.session.execute(statement):
            found[numbers[version_id]] = facility
    return found
