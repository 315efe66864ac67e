"""Answers to other systems: may these people do this work at this place today (上岗核验)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import func, select

from certificates.models import Certificate
from certificates.on_post_reasons import Code, Reason
from certificates.services.on_post import gathering, verdicts
from certificates.services.on_post.verdicts import Verdict
from server.db import db
from server.errors import NotFound
from server.people import ciphers, documents
from server.people.documents import DocumentType
from server.people.models import Person
from server.people.roster import PostRole
from server.regions.tree import is_beneath


@dataclass(frozen=True, kw_only=True)
class Question:
    """Who, where, and which work; one of the three ways to say who."""

    organisation_id: UUID
    person_id: UUID | None = None
    #: Serial of a certificate of theirs.
    serial: str | None = None
    document_number: str | None = None
    document_type: DocumentType = DocumentType.RESIDENT_IDENTITY_CARD
    #: Which work: a role, an operation item; None for any that they do there.
    role: PostRole | None = None
    item: str | None = None


@dataclass(frozen=True, kw_only=True)
class Answer:
    """Whether they may, and why not. Who holds no post there is not told apart from nobody."""

    organisation_id: UUID
    on: date
    may_work: bool
    #: None where they hold no such post there.
    person_id: UUID | None
    role: str | None
    items: tuple[str, ...]
    reasons: tuple[Reason, ...]


_NOBODY = (Reason(Code.NO_POST, True),)


def answered(questions: Sequence[Question], region_path: str, *, on: date) -> list[Answer]:
    """Return the answer to each question, in their order.

    The number of statements depends on how many places are asked about, not on how many people.

    Args:
        questions: who, where, which work.
        region_path: of the region in which may be asked.
        on: the day.

    Raises:
        NotFound: a place lies outside of the region.
    """
    places = _places({each.organisation_id for each in questions}, region_path)
    people = _people(questions)
    found: dict[tuple[UUID, UUID], list[Verdict]] = {}
    for place, path in places.items():
        asked = {people[i] for i, each in enumerate(questions) if each.organisation_id == place}
        known = [one for one in asked if one is not None]
        for verdict in verdicts.of(known, on=on, under=path) if known else ():
            found.setdefault((place, verdict.person_id), []).append(verdict)
    return [
        _answer(each, found.get((each.organisation_id, person), []) if person else [], on)
        for each, person in zip(questions, people, strict=True)
    ]


def _places(asked: set[UUID], region_path: str) -> dict[UUID, str]:
    """Return the path of each place that is asked about, all of them in the region."""
    found = gathering.paths(asked)
    if found.keys() != asked or not all(is_beneath(at, region_path) for _, at in found.values()):
        raise NotFound
    return {place: path for place, (path, _) in found.items()}


def _answer(question: Question, found: Sequence[Verdict], on: date) -> Answer:
    fitting = [verdict for verdict in found if _fits(question, verdict)]
    # The post that keeps them from the work least is the one they work by.
    best = min(fitting, key=_blocks, default=None)
    return Answer(
        organisation_id=question.organisation_id,
        on=on,
        may_work=best is not None and best.may_work,
        person_id=best.person_id if best else None,
        role=best.role if best else None,
        items=best.items if best else (),
        reasons=best.reasons if best else _NOBODY,
    )


def _fits(question: Question, verdict: Verdict) -> bool:
    if verdict.post_id is None:
        return False
    if question.role is not None and verdict.role != question.role.value:
        return False
    return question.item is None or question.item in verdict.items


def _blocks(verdict: Verdict) -> int:
    return sum(reason.blocks for reason in verdict.reasons)


def _people(questions: Sequence[Question]) -> list[UUID | None]:
    """Return whom each question is about; None for nobody that is known."""
    by_document = _by_document(questions)
    by_serial = _by_serial([each.serial for each in questions if each.serial is not None])
    return [
        by_document.get(_index(each) or "")
        or by_serial.get(each.serial or "")
        or (each.person_id if each.document_number is None and each.serial is None else None)
        for each in questions
    ]


def _index(question: Question) -> str | None:
    if question.document_number is None:
        return None
    number = documents.normalised(question.document_number)
    return ciphers.current().index(question.document_type, number)


def _by_document(questions: Sequence[Question]) -> dict[str, UUID]:
    indexes = {index for each in questions if (index := _index(each)) is not None}
    if not indexes:
        return {}
    # The entry that goes on, where two of one person became one.
    goes_on = func.coalesce(Person.merged_into_id, Person.id)
    statement = select(Person.document_index, goes_on).where(Person.document_index.in_(indexes))
    return dict(db.session.execute(statement).all())


def _by_serial(serials: Sequence[str]) -> dict[str, UUID]:
    if not serials:
        return {}
    statement = select(Certificate.serial, Certificate.person_id)
    rows = db.session.execute(statement.where(Certificate.serial.in_(serials)))
    return dict(rows.all())
