"""The ground that exams stand on: places, people with posts, and questions in use."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import insert, select

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
from server.regions.models import Region
from tests.moments import NOON


def a_region() -> Region:
    """Store a province."""
    region_id = uuid4()
    region = Region(
        id=region_id, code=region_id.hex[:12], name="某省", level=1, path=f"/{region_id}/"
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
        name=f"人{person_id.hex[:8]}",
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


def questions(counts: dict[str, int], **more: Any) -> list[QuestionVersion]:
    """Store published questions as `pooled` does, and return their versions in that order."""
    versions = {version: number for number, version in enumerate(pooled(counts, **more))}
    found = db.session.scalars(select(QuestionVersion).where(QuestionVersion.id.in_(versions)))
    return sorted(found, key=lambda one: versions[one.id])


def pooled(
    counts: dict[str, int],
    *,
    topic: str | None = "基础",
    author: Person | None = None,
    owner: Organisation | None = None,
    role: PostRole = PostRole.SPECIAL_OPERATIONS_WORKER,
    keys: dict[str, Sequence[str]] | None = None,
) -> list[UUID]:
    """Store published questions: so many of each kind; the right option is A (and B) or as said.

    They go past the session, a table at a time: nearly every test of exams begins with a hundred.
    """
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
    for table, rows in zip(
        (Question, QuestionVersion, QuestionTag), zip(*made, strict=True), strict=False
    ):
        db.session.execute(insert(table), list(rows))
    return [version["id"] for _, version, _ in made]


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
) -> tuple[dict[str, Any], dict[str, Any], dict[str, Any]]:
    question_id = uuid4()
    texts = ["正确", "错误"]
    if kind is not Kind.TRUE_FALSE:
        texts = [f"选项 {label} {question_id.hex[:6]}" for label in LABELS[:4]]
    stem = f"题干 {question_id.hex}"
    print_of = fingerprint(kind, stem, texts, key)
    question: dict[str, Any] = dict(
        id=question_id,
        bank_id=bank.id,
        state=State.PUBLISHED,
        newest=1,
        fingerprint=print_of,
        for_practice=False,
        for_exams=True,
        created_at=NOON,
    )
    version: dict[str, Any] = dict(
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
    tag = {"question_id": question_id, "role": role, "operation_item": ""}
    return question, version, tag
