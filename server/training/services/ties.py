"""Who trained whom: what separates training from examining, person by person (师生关系).

安全生产培训管理办法 art. 18 (考培分离): whoever taught somebody, ran their class or signed them in
does not set, watch, mark or certify their exam. The parts above ask here, and refuse.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import Select, bindparam, literal, select

from server import days
from server.db import db
from server.training.models import Attendance, ClassLearner, ClassLesson, Teacher, TrainingClass


class TieKind(StrEnum):
    """How somebody trained another."""

    TAUGHT = "taught"
    RAN_THE_CLASS = "ran_the_class"
    SIGNED_IN = "signed_in"


@dataclass(frozen=True, kw_only=True)
class Tie:
    """That somebody trained another, in one class."""

    trainer_id: UUID
    learner_id: UUID
    kind: TieKind
    class_id: UUID
    provider_id: UUID
    #: The day of the lesson, or the first day of the class.
    on: date


def between(
    trainers: Collection[UUID] | None,
    learners: Collection[UUID] | None,
    *,
    since: date | None = None,
    until: date | None = None,
) -> list[Tie]:
    """Return who trained whom, in three statements however many people are asked about.

    Withdrawn lessons, cancelled classes and learners who left before the day tie nobody.

    Args:
        trainers: only these; None for anybody.
        learners: only these; None for anybody.
        since: only from this day on.
        until: only up to this day.
    """
    found = [tie for kind in TieKind for tie in _ties(kind, trainers, learners)]
    return [
        tie
        for tie in found
        if (since is None or tie.on >= since) and (until is None or tie.on <= until)
    ]


def trained(
    trainer_id: UUID, learners: Collection[UUID], *, since: date | None = None
) -> frozenset[UUID]:
    """Return those of the learners whom somebody trained: whose exam they must stay away from."""
    return frozenset(tie.learner_id for tie in between([trainer_id], learners, since=since))


def trainers_of(learner_id: UUID, *, since: date | None = None) -> frozenset[UUID]:
    """Return everybody who trained a person."""
    return frozenset(tie.trainer_id for tie in between(None, [learner_id], since=since))


def _taught() -> Select[*tuple[Any, ...]]:
    return (
        select(
            Teacher.person_id,
            ClassLearner.person_id,
            TrainingClass.id,
            TrainingClass.provider_id,
            ClassLesson.starts_at,
            ClassLearner.withdrawn_at,
        )
        .join(ClassLesson, ClassLesson.teacher_id == Teacher.id)
        .join(TrainingClass, TrainingClass.id == ClassLesson.class_id)
        .join(ClassLearner, ClassLearner.class_id == TrainingClass.id)
        .where(ClassLesson.withdrawn_at.is_(None), TrainingClass.cancelled_at.is_(None))
    )


def _ran() -> Select[*tuple[Any, ...]]:
    return (
        select(
            TrainingClass.run_by_id,
            ClassLearner.person_id,
            TrainingClass.id,
            TrainingClass.provider_id,
            TrainingClass.starts_on,
            ClassLearner.withdrawn_at,
        )
        .join(ClassLearner, ClassLearner.class_id == TrainingClass.id)
        .where(TrainingClass.cancelled_at.is_(None))
    )


def _signed_in() -> Select[*tuple[Any, ...]]:
    return (
        select(
            Attendance.entered_by_id,
            ClassLearner.person_id,
            TrainingClass.id,
            TrainingClass.provider_id,
            ClassLesson.starts_at,
            literal(None).label("withdrawn_at"),
        )
        .join(ClassLesson, ClassLesson.id == Attendance.lesson_id)
        .join(TrainingClass, TrainingClass.id == ClassLesson.class_id)
        .join(
            ClassLearner,
            (ClassLearner.class_id == TrainingClass.id)
            & (ClassLearner.person_id == Attendance.person_id),
        )
        .where(Attendance.entered_by_id.is_not(None))
    )


@cache
def _statement(kind: TieKind, *, of_trainers: bool, of_learners: bool) -> Select[*tuple[Any, ...]]:
    """Return what asks for one kind of tie; built once, for it is asked before every move."""
    statement, trainer = {
        TieKind.TAUGHT: (_taught, Teacher.person_id),
        TieKind.RAN_THE_CLASS: (_ran, TrainingClass.run_by_id),
        TieKind.SIGNED_IN: (_signed_in, Attendance.entered_by_id),
    }[kind]
    conditions = []
    if of_trainers:
        conditions.append(trainer.in_(bindparam("trainers", expanding=True)))
    if of_learners:
        conditions.append(ClassLearner.person_id.in_(bindparam("learners", expanding=True)))
    return statement().where(*conditions).distinct()


def _ties(
    kind: TieKind, trainers: Collection[UUID] | None, learners: Collection[UUID] | None
) -> Iterable[Tie]:
    asked = {"trainers": trainers, "learners": learners}
    statement = _statement(kind, of_trainers=trainers is not None, of_learners=learners is not None)
    for trainer_id, learner_id, class_id, provider_id, when, left_at in db.session.execute(
        statement, {name: list(ids) for name, ids in asked.items() if ids is not None}
    ):
        on = days.civil_day(when) if isinstance(when, datetime) else when
        if left_at is not None and days.civil_day(left_at) < on:
            continue
        yield Tie(
            trainer_id=trainer_id,
            learner_id=learner_id,
            kind=kind,
            class_id=class_id,
            provider_id=provider_id,
            on=on,
        )
