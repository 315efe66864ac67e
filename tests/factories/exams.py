"""One valid exam, with everything it stands on; tests say only what they are about."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import update

from exams.assembly import SectionRule, TopicBounds
from exams.drafts import Plan
from exams.models import Attempt, Enrolment, Exam, ExamStandard, Qualification
from exams.services import (
    attempts,
    enrolments,
    planning,
    score_sheets,
    specifications,
    standards,
)
from server.db import db
from server.organisations.models import Organisation
from server.people.models import Person
from server.policy import Grant, Identity, Role
from server.records import services as records
from server.records.entries import RecordKind, TrainingPurpose
from server.scopes import EVERYWHERE, Scope
from tests.factories.exam_grounds import (
    a_person,
    a_post,
    a_test_centre,
    an_electrician,
    an_organisation,
    pooled,
    questions,
)
from tests.factories.phones import PHONE
from tests.moments import NOON

__all__ = [
    "PHONE",
    "a_person",
    "a_post",
    "a_test_centre",
    "an_electrician",
    "an_organisation",
    "questions",
]

#: A planner, invigilator and everything else, everywhere.
SOMEBODY = Identity(
    account_id=UUID(int=1),
    person_id=UUID(int=2),
    grants=tuple(Grant(role=role, scope=EVERYWHERE) for role in Role),
)
SEED = bytes(range(32))
#: Spread of abilities where a wrong key must show in statistics, however the dice fall.
FAR_APART = 3.0
#: Sections as (kind, count, points, topics).
Sections = tuple[tuple[str, int, int, dict[str, TopicBounds]], ...]
#: The hundred questions of an ordinary paper: 60 true or false, 30 single, 10 multiple choice.
SECTIONS: Sections = (
    ("true_false", 60, 1, {}),
    ("single_choice", 30, 1, {}),
    ("multiple_choice", 10, 1, {}),
)


def identity_of(person_id: UUID, *roles: Role, organisation_path: str | None = None) -> Identity:
    """Return who asks: a person with roles beneath an organisation, or everywhere."""
    scope = Scope(organisation_paths=(organisation_path,)) if organisation_path else EVERYWHERE
    return Identity(
        account_id=uuid4(),
        person_id=person_id,
        grants=tuple(Grant(role=role, scope=scope) for role in roles),
    )


def a_qualification(code: str = "low_voltage_electrician") -> Qualification:
    """Load the shipped qualifications and standards, and return one.

    Its theory is all there is to it, unless `with_practical` is called.
    """
    found = standards.find(code)
    if found is None:
        standards.load_reference()
        db.session.execute(update(ExamStandard).values(has_practical=False))
        found = standards.find(code)
    assert found is not None
    return found


def with_practical(code: str = "low_voltage_electrician") -> Qualification:
    """Return a qualification whose standard asks for a practical, as it ships, with its sheet."""
    found = a_qualification(code)
    of_it = ExamStandard.qualification_id == found.id
    db.session.execute(update(ExamStandard).where(of_it).values(has_practical=True))
    score_sheets.load_reference(at=NOON)
    return found


def a_standard(code: str = "low_voltage_electrician") -> ExamStandard:
    """Return the standard that counts at NOON."""
    return standards.counting(a_qualification(code), on=NOON.date())


def rules(*sections: tuple[str, int, int, dict[str, TopicBounds]]) -> list[SectionRule]:
    """Return sections as (kind, count, points, topics)."""
    return [
        SectionRule(kind=kind, count=count, points=points, topics=topics)
        for kind, count, points, topics in sections
    ]


@dataclass
class Scene:
    """An exam that opens at NOON for three hours, with its centre and a pool that carries it."""

    centre: Organisation
    qualification: Qualification
    exam: Exam
    by: Identity = field(default=SOMEBODY)


def a_plan(centre: Organisation, **changed: Any) -> Plan:
    """Return a plan for an exam from NOON on, with a specification of its own."""
    qualification = a_qualification(changed.pop("qualification", "low_voltage_electrician"))
    sections = changed.pop("sections", SECTIONS)
    specification = specifications.write(
        uuid4(),
        name="细目表",
        qualification_id=qualification.id,
        organisation_id=centre.id,
        sections=rules(*sections),
        by=SOMEBODY,
        at=NOON,
    )
    values: dict[str, Any] = {
        "name": "低压电工理论考试",
        "qualification_id": qualification.id,
        "specification_id": specification.id,
        "organisation_id": centre.id,
        "opens_at": NOON,
        "closes_at": NOON + timedelta(hours=3),
    }
    return Plan(**values | changed)


def an_exam(*, published: bool = True, **changed: Any) -> Scene:
    """Store an exam with its pool; published unless told otherwise."""
    centre = a_test_centre()
    plan = a_plan(centre, **changed)
    pooled({kind: count for kind, count, _, _ in changed.get("sections", SECTIONS)})
    exam = planning.plan(uuid4(), plan, by=SOMEBODY, at=NOON)
    if published:
        planning.publish(exam.id, seed=SEED, by=SOMEBODY, at=NOON)
    return Scene(centre=centre, qualification=standards.get(plan.qualification_id), exam=exam)


def an_enrolment(scene: Scene, candidate: Person | None = None) -> Enrolment:
    """Store a place in the exam, for an electrician unless told otherwise."""
    candidate = candidate or an_electrician()
    return enrolments.enrol(
        uuid4(), exam_id=scene.exam.id, candidate_id=candidate.id, by=SOMEBODY, at=NOON
    )


def an_attempt(scene: Scene, candidate: Person | None = None, *, at: datetime = NOON) -> Attempt:
    """Store an attempt that was started at `at`."""
    enrolment = an_enrolment(scene, candidate)
    return attempts.start(
        uuid4(),
        enrolment_id=enrolment.id,
        candidate_id=enrolment.candidate_id,
        device_id=PHONE,
        seed=bytes(16),
        at=at,
    ).attempt


def let_pass(attempt: Attempt) -> None:
    """Say that an attempt that was graded has passed."""
    assert attempt.outcome is not None
    attempt.outcome.passed = True
    db.session.flush()


def trained(person: Person, qualification: Qualification, *, hours: int) -> None:
    """Store that somebody was trained for a qualification, an hour before NOON."""
    records.add(
        person.id,
        RecordKind.TRAINING,
        subject_id=uuid4(),
        happened_at=NOON - timedelta(hours=1),
        content={"hours": str(hours)},
        source="某培训机构",
        purpose=TrainingPurpose.QUALIFICATION,
        role=qualification.role.value,
        item=qualification.operation_item,
        at=NOON,
    )
