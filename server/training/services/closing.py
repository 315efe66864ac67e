"""Closing a class: hours counted, results found, the ledger written (结班)."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID, uuid5

from sqlalchemy import select

from server import days
from server.db import db
from server.errors import NotFound
from server.events import publish
from server.organisations.models import Organisation
from server.people.models import Person
from server.policy import Identity
from server.records.entries import RecordKind, Training
from server.records.services import ledger
from server.training import study_rules
from server.training.errors import ClassRunning
from server.training.events import TrainingCompleted
from server.training.kinds import PURPOSES
from server.training.models import ClassLearner, Programme, TrainingClass
from server.training.services import attendance, classes, hours, learners, lessons


@dataclass(frozen=True, kw_only=True)
class Result:
    """What a learner has done of what a class asks."""

    learner: ClassLearner
    #: Tenths of hours: in lessons of the class, and online.
    tenths_in_class: int
    tenths_online: int
    tenths_due: int

    @property
    def tenths(self) -> int:
        """Tenths of hours, all together."""
        return self.tenths_in_class + self.tenths_online


def score(
    class_id: UUID,
    person_id: UUID,
    *,
    pre_score: int | None,
    post_score: int | None,
    by: Identity,
    at: datetime,
) -> ClassLearner:
    """Enter what a learner had in the tests before and after the class.

    Raises:
        NotFound: the asker neither plans nor teaches the class, or the person has no place in it.
        ClassOver: it is closed or cancelled.
    """
    found = classes.taught_by(class_id, by=by)
    classes.check_open(found)
    learner = learners.find(class_id, person_id)
    if learner is None or learner.withdrawn_at is not None:
        raise NotFound
    learner.pre_score, learner.post_score = pre_score, post_score
    db.session.flush()
    after = {"person_id": person_id, "pre_score": pre_score, "post_score": post_score}
    classes.tell("class_scores_entered", found, by=by, at=at, after=after)
    return learner


def results(found: TrainingClass) -> list[Result]:
    """Return what every learner of a class has done so far, in a few statements."""
    timetable = {lesson.id: lesson.tenths for lesson in lessons.of(found.id)}
    in_class: defaultdict[UUID, int] = defaultdict(int)
    for one in attendance.of(timetable):
        if attendance.counts(one):
            in_class[one.person_id] += timetable[one.lesson_id]
    placed = [one.learner for one in learners.of(found.id)]
    online = hours.tenths_of([learner.id for learner in placed])
    due = classes.programme_of(found).tenths
    return [
        Result(
            learner=learner,
            tenths_in_class=in_class[learner.person_id],
            tenths_online=online.get(learner.id, 0),
            tenths_due=due,
        )
        for learner in placed
    ]


def close(class_id: UUID, *, report: str, by: Identity, at: datetime) -> TrainingClass:
    """Close a class: count hours, find who completed it, and write it into the ledgers.

    Who did too few hours, or failed the test at the end, is on file, too, as not passed. The same
    again changes nothing.

    Raises:
        NotFound: the class lies outside the asker's scope.
        ClassRunning: its last day is not over.
        ClassOver: it was cancelled.
    """
    found = classes.planned_by(class_id, by=by, locked=True)
    if found.closed_at is not None:
        return found
    classes.check_open(found)
    if not classes.is_over(found, at):
        raise ClassRunning
    for result in results(found):
        _conclude(found, result, by=by, at=at)
    found.closed_at, found.report = at, report
    db.session.flush()
    classes.tell("training_class_closed", found, by=by, at=at)
    return found


def _conclude(found: TrainingClass, result: Result, *, by: Identity, at: datetime) -> None:
    learner, rules = result.learner, study_rules.of(found.starts_on)
    passed = learner.post_score is None or learner.post_score >= rules.pass_score
    learner.tenths_done = result.tenths
    learner.completed = result.tenths >= result.tenths_due and passed
    if not result.tenths:
        return
    programme = classes.programme_of(found)
    training = _training(found, programme, learner)
    made = ledger.add(
        learner.person_id,
        RecordKind.TRAINING,
        record_id=uuid5(found.id, f"record of {learner.person_id}"),
        subject_id=found.id,
        happened_at=days.beginning_of(found.ends_on),
        content=training.as_content(),
        source=db.session.get_one(Organisation, found.provider_id).name,
        purpose=training.purpose,
        role=training.role,
        item=training.item,
        by=by,
        at=at,
    )
    learner.record_id = made.id
    if learner.completed:
        publish(
            TrainingCompleted(
                person_id=learner.person_id,
                class_id=found.id,
                record_id=made.id,
                type=programme.type,
                at=at,
            )
        )


def _training(found: TrainingClass, programme: Programme, learner: ClassLearner) -> Training:
    placed = lessons.placed(found.id)
    trainers = {one.teacher_name: None for one in placed} or {_name(found.run_by_id): None}
    return Training(
        programme=programme.name,
        purpose=PURPOSES[programme.type],
        hours=Decimal(learner.tenths_done or 0).scaleb(-1),
        provider_id=found.provider_id,
        started_on=found.starts_on,
        finished_on=found.ends_on,
        role=programme.role,
        item=programme.item,
        topics=tuple(dict.fromkeys(one.lesson.title for one in placed)),
        trainers=tuple(trainers),
        passed=learner.completed,
        level=programme.level,
        class_id=found.id,
        hours_due=Decimal(programme.tenths).scaleb(-1),
        sign_in=f"training_class:{found.id}",
        employer_id=learner.employer_id,
    )


def _name(person_id: UUID) -> str:
    return db.session.execute(select(Person.name).where(Person.id == person_id)).scalar_one()
