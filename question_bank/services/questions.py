"""Questions: writing and revising them, saying whom they serve (试题)."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select

from question_bank.content import Content, sound
from question_bank.errors import AlreadyInBank, MoveNotOpen
from question_bank.lifecycle import Move, State, after
from question_bank.models import Question, QuestionVersion
from question_bank.services import banks, images, written
from question_bank.services.finding import get, locked
from question_bank.services.writing import tag_rows, version_values
from question_bank.tags import Tag
from server import days
from server.audit import services as audit
from server.catalogue import operations
from server.catalogue.errors import OperationItemUnknown
from server.db import db
from server.errors import IdTaken
from server.policy import Identity, Permission


def write(
    question_id: UUID,
    content: Content,
    *,
    bank_id: UUID,
    tags: Collection[Tag],
    for_practice: bool,
    for_exams: bool,
    by: Identity,
    at: datetime,
) -> Question:
    """Write a question, as a draft, under the id given. Sending the same twice is harmless.

    Raises:
        NotFound: the bank lies outside the asker's scope.
        NotInPool: the region keeps a pool of authors, and the asker is not of it.
        QuestionUnsound: the content contradicts itself.
        OperationItemUnknown: the catalogue of the day has no such item.
        AlreadyInBank: another question of the bank says the same.
        ImageUnknown: it shows an image that was not sent before.
        IdTaken: another question stands under this id.
    """
    scope = by.scope(Permission.WRITE_QUESTIONS)
    bank = banks.get(bank_id, scope=scope)
    content = sound(content)
    if db.session.get(Question, question_id) is not None:
        known = get(question_id, scope=scope)
        if known.bank_id != bank_id or known.fingerprint != content.fingerprint:
            raise IdTaken
        return known
    banks.check_author(bank, by=by, at=at)
    check_items(tags, on=days.civil_day(at))
    _check_new(bank.id, content, besides=question_id)
    question = Question(
        id=question_id,
        bank_id=bank.id,
        state=State.DRAFT,
        newest=1,
        fingerprint=content.fingerprint,
        for_practice=for_practice,
        for_exams=for_exams,
        created_at=at,
        tags=tag_rows(question_id, tags),
    )
    db.session.add(question)
    _add_version(question, content, by=by, at=at)
    _tell("question_written", question, by=by, at=at)
    return get(question_id)


def revise(question_id: UUID, content: Content, *, by: Identity, at: datetime) -> Question:
    """Write the next version of a question, as a draft.

    The version in use, if there is one, stays in use until the new one is published: no paper
    changes under a candidate. Content that says what the newest version says changes nothing,
    except that it brings a retired question back to its authors.

    Raises:
        NotFound: the question lies outside the asker's scope.
        NotInPool: the region keeps a pool of authors, and the asker is not of it.
        QuestionUnsound: the content contradicts itself.
        AlreadyInBank: another question of the bank says the same.
        ImageUnknown: it shows an image that was not sent before.
        MoveNotOpen: questions in this state cannot be revised.
    """
    question = locked(question_id, scope=by.scope(Permission.WRITE_QUESTIONS))
    content = sound(content)
    if question.state is not State.RETIRED and says_the_same(question.newest_version, content):
        return question
    state = after(question.state, Move.REVISE)
    if state is None:
        raise MoveNotOpen(state=question.state.value, move=Move.REVISE.value)
    banks.check_author(banks.get(question.bank_id), by=by, at=at)
    _check_new(question.bank_id, content, besides=question.id)
    before = shown(question)
    question.state = state
    question.newest += 1
    question.fingerprint = content.fingerprint
    _add_version(question, content, by=by, at=at)
    _tell("question_revised", question, by=by, at=at, before=before)
    return get(question_id)


def place(
    question_id: UUID,
    *,
    tags: Collection[Tag],
    for_practice: bool,
    for_exams: bool,
    by: Identity,
    at: datetime,
) -> Question:
    """Say whom a question serves, and in which pools it is.

    Raises:
        NotFound: the question lies outside the asker's scope.
        OperationItemUnknown: the catalogue of the day has no such item.
    """
    question = locked(question_id, scope=by.scope(Permission.WRITE_QUESTIONS))
    check_items(tags, on=days.civil_day(at))
    before = shown(question)
    kept = {(tag.role, tag.operation_item): tag for tag in question.tags}
    question.tags = [
        kept.get((tag.role, tag.operation_item), tag) for tag in tag_rows(question_id, tags)
    ]
    question.for_practice, question.for_exams = for_practice, for_exams
    db.session.flush()
    if shown(question) != before:
        _tell("question_placed", question, by=by, at=at, before=before)
    return question


def says_the_same(version: QuestionVersion, content: Content) -> bool:
    """Say whether a version says everything that the content says, and nothing else."""
    values = version_values(
        content,
        question_id=version.question_id,
        number=version.number,
        author_id=version.author_id,
        at=version.written_at,
    )
    kept = {"id", "author_id", "written_at", "reviewer_id", "published_at", "withdrawn_at"}
    said = values.keys() - kept - {"keeps_order", "fingerprint"}
    return all(getattr(version, name) == values[name] for name in said)


def check_items(tags: Collection[Tag], *, on: date) -> None:
    """Refuse operation items that the catalogue of the day does not have.

    Raises:
        OperationItemUnknown: there is one.
    """
    asked = [tag.operation_item for tag in tags if tag.operation_item is not None]
    for item in operations.unknown(asked, on):
        raise OperationItemUnknown(item=item)


def shown(question: Question) -> dict[str, Any]:
    """Return what the audit keeps of a question: never its key."""
    return {
        "state": question.state.value,
        "version": question.newest,
        "fingerprint": question.fingerprint[:12],
        "for_practice": question.for_practice,
        "for_exams": question.for_exams,
        "serves": sorted(f"{tag.role.value}/{tag.operation_item}" for tag in question.tags),
    }


def _add_version(question: Question, content: Content, *, by: Identity, at: datetime) -> None:
    db.session.flush()
    values = version_values(
        content,
        question_id=question.id,
        number=question.newest,
        author_id=by.person_id,
        at=at,
    )
    db.session.add(QuestionVersion(**values))
    db.session.flush()
    written.settle([question.id])


def _check_new(bank_id: UUID, content: Content, *, besides: UUID) -> None:
    images.check(content.markup.images if content.markup else ())
    known = db.session.execute(
        select(Question.id).where(
            Question.bank_id == bank_id,
            Question.fingerprint == content.fingerprint,
            Question.id != besides,
        )
    ).scalar_one_or_none()
    if known is not None:
        raise AlreadyInBank(question_id=str(known))


def _tell(
    action: str,
    question: Question,
    *,
    by: Identity,
    at: datetime,
    before: dict[str, Any] | None = None,
) -> None:
    audit.append(
        action,
        by=by,
        at=at,
        subject_kind="question",
        subject_id=question.id,
        before=before,
        after=shown(question),
    )
