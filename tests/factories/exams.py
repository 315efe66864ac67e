"""One valid exam, with everything it stands on; tests say only what they are about."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from exams.assembly import SectionRule, TopicBounds
from exams.drafts import Plan
from exams.models import Attempt, Enrolment, Exam, ExamStandard, Qualification
from exams.services import (
    attempts,
    enrolments,
    planning,
    specifications,
    standards,
)
from question_bank.fingerprint import fingerprint
from question_bank.kinds import LABELS, Kind
from question_bank.lifecycle import State
from question_bank.models import Question, QuestionBank, QuestionTag, QuestionVersion
from server.db import db
from server.organisations.drafts import OrganisationKind
from server.organisations.models import Organisation
from server.people.documents import DocumentType
from server.people.models import Person, Post
from server.people.roster import PostRole
from server.policy import EVERYWHERE, Grant, Identity, Role, Scope
from server.records import services as records
from server.records.entries import RecordKind, TrainingPurpose
from server.regions.models import Region
from tests.moments import NOON

#: A planner, invigilator and everything else, everywhere.
SOMEBODY = Identity(
    account_id=UUID(int=1),
    person_id=UUID(int=2),
    grants=tuple(Grant(role=role, scope=EVERYWHERE) for role in Role),
)
SEED = bytes(range(32))
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


def a_region() -> Region:
    """Store a province."""
    region_id = uuid4()
    region = Region(
        id=region_id, code=region_id.hex[:6], name="某省", level=1, path=f"/{region_id}/"
    )
    db.session.add(region)
    db.session.flush()
    return region


def an_organisation(
    kind: OrganisationKind = OrganisationKind.ENTERPRISE, *, is_high_risk: bool = False
) -> Organisation:
    """Store an organisation in a province of its own."""
    organisation_id = uuid4()
    organisation = Organisation(
        id=organisation_id,
        kind=kind,
        name="某单位",
        is_high_risk=is_high_risk,
        region_id=a_region().id,
        path=f"/{organisation_id}/",
        registered_at=NOON,
    )
    db.session.add(organisation)
    db.session.flush()
    return organisation


def a_test_centre() -> Organisation:
    """Store a test centre."""
    return an_organisation(OrganisationKind.TEST_CENTRE)


def a_person(organisation: Organisation, *, birth_on: date | None = date(1990, 1, 1)) -> Person:
    """Store somebody without a post."""
    person_id = uuid4()
    person = Person(
        id=person_id,
        name="某人",
        birth_on=birth_on,
        document_type=DocumentType.PASSPORT,
        document_cipher=b"",
        document_key_id="",
        document_index=person_id.hex,
        document_index_key_id="",
        document_masked="E*******0",
        registered_under_id=organisation.id,
        registered_at=NOON,
    )
    db.session.add(person)
    db.session.flush()
    return person


def a_post(
    person: Person,
    organisation: Organisation,
    *,
    role: PostRole = PostRole.SPECIAL_OPERATIONS_WORKER,
    items: Sequence[str] = ("1.2",),
) -> Post:
    """Store that somebody has held a post for years."""
    post = Post(
        id=uuid4(),
        person_id=person.id,
        organisation_id=organisation.id,
        role=role,
        items=list(items),
        from_on=date(2020, 1, 1),
        until_on=None,
        recorded_at=NOON,
    )
    db.session.add(post)
    db.session.flush()
    return post


def an_electrician(organisation: Organisation | None = None, **person: Any) -> Person:
    """Store a person who may sit the exam for low-voltage electricians."""
    organisation = organisation or an_organisation()
    candidate = a_person(organisation, **person)
    a_post(candidate, organisation)
    return candidate


def questions(
    counts: dict[str, int],
    *,
    topic: str | None = "基础",
    author: Person | None = None,
    owner: Organisation | None = None,
    role: PostRole = PostRole.SPECIAL_OPERATIONS_WORKER,
    keys: dict[str, Sequence[str]] | None = None,
) -> list[QuestionVersion]:
    """Store published questions: so many of each kind; the right option is A (and B) or as said."""
    owner = owner or a_test_centre()
    author = author or a_person(owner)
    bank = QuestionBank(id=uuid4(), name="题库", owner_id=owner.id, created_at=NOON)
    db.session.add(bank)
    db.session.flush()
    made = [
        _question(bank, Kind(kind), topic, author, role, (keys or KEYS)[kind])
        for kind, count in counts.items()
        for _ in range(count)
    ]
    db.session.add_all(question for question, _, _ in made)
    db.session.flush()
    db.session.add_all(one for _, version, tag in made for one in (version, tag))
    db.session.flush()
    return [version for _, version, _ in made]


KEYS: dict[str, Sequence[str]] = {
    "true_false": ["A"],
    "single_choice": ["B"],
    "multiple_choice": ["A", "C"],
}


def _question(
    bank: QuestionBank,
    kind: Kind,
    topic: str | None,
    author: Person,
    role: PostRole,
    key: Sequence[str],
) -> tuple[Question, QuestionVersion, QuestionTag]:
    question_id = uuid4()
    texts = ["正确", "错误"]
    if kind is not Kind.TRUE_FALSE:
        texts = [f"选项 {label} {question_id.hex[:6]}" for label in LABELS[:4]]
    stem = f"题干 {question_id.hex}"
    print_of = fingerprint(kind, stem, texts, key)
    question = Question(
        id=question_id,
        bank_id=bank.id,
        state=State.PUBLISHED,
        newest=1,
        fingerprint=print_of,
        for_practice=False,
        for_exams=True,
        created_at=NOON,
    )
    version = QuestionVersion(
        id=uuid4(),
        question_id=question_id,
        number=1,
        kind=kind,
        stem=stem,
        options=[
            {"label": label, "text": text} for label, text in zip(LABELS, texts, strict=False)
        ],
        key=list(key),
        explanation="解析 SECRET",
        topic=topic,
        difficulty="0.80",
        law_citation="《安全生产法》",
        keeps_order=False,
        fingerprint=print_of,
        author_id=author.id,
        written_at=NOON - timedelta(days=9),
        reviewer_id=None,
        published_at=NOON - timedelta(days=9),
        withdrawn_at=None,
    )
    return question, version, QuestionTag(question_id=question_id, role=role, operation_item="")


def a_qualification(code: str = "low_voltage_electrician") -> Qualification:
    """Load the shipped qualifications and standards, and return one."""
    found = standards.find(code)
    if found is None:
        standards.load_reference()
        found = standards.find(code)
    assert found is not None
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
    questions({kind: count for kind, count, _, _ in changed.get("sections", SECTIONS)})
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
