"""What a bank holds already, by content; and adding the questions of an import to it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import Result, Row, insert, select

from question_bank.content import Content
from question_bank.importing.drafts import ACCEPTED, Outcome
from question_bank.kinds import Kind
from question_bank.lifecycle import State
from question_bank.models import (
    Question,
    QuestionImport,
    QuestionImportRow,
    QuestionTag,
    QuestionVersion,
)
from question_bank.services.piles import Pile
from question_bank.services.writing import markup_of, tag_values, version_values
from question_bank.tags import Tag
from server.db import db
from server.people.roster import PostRole
from server.policy import Identity

#: A question to write, its version, and whom it serves.
_New = tuple[dict[str, Any], dict[str, Any], list[dict[str, Any]]]


@dataclass(frozen=True)
class Stock:
    """The questions of a bank: who says what (in any of its versions), who serves whom."""

    by_fingerprint: dict[str, UUID]
    served: dict[UUID, set[tuple[PostRole, str]]]

    def holder(self, fingerprint: str | None) -> UUID | None:
        """Return the question that says what has this fingerprint; None where none does."""
        return None if fingerprint is None else self.by_fingerprint.get(fingerprint)

    def missing_tags(self, question_id: UUID, tags: Iterable[Tag]) -> list[Tag]:
        """Return those of the tags that the question does not carry."""
        carried = self.served.get(question_id, set())
        return [tag for tag in tags if (tag.role, tag.operation_item or "") not in carried]


@dataclass
class Added:
    """What an acceptance wrote, by place of the row."""

    created: dict[int, UUID] = field(default_factory=dict)
    #: Rows whose question was there already.
    known: dict[int, UUID] = field(default_factory=dict)
    #: Rows that were new at the preview and no longer, with the outcome they had.
    late: dict[int, Outcome] = field(default_factory=dict)


def of(bank_id: UUID) -> Stock:
    """Return what the bank holds, in two statements."""
    versions = select(QuestionVersion.fingerprint, QuestionVersion.question_id).join(
        Question, Question.id == QuestionVersion.question_id
    )
    tags = select(QuestionTag.question_id, QuestionTag.role, QuestionTag.operation_item).join(
        Question, Question.id == QuestionTag.question_id
    )
    served: dict[UUID, set[tuple[PostRole, str]]] = {}
    for question_id, role, item in db.session.execute(tags.where(Question.bank_id == bank_id)):
        served.setdefault(question_id, set()).add((role, item))
    held = db.session.execute(versions.where(Question.bank_id == bank_id)).all()
    return Stock({fingerprint: question_id for fingerprint, question_id in held}, served)


def content_of(draft: dict[str, Any]) -> Content:
    """Return the content of a draft that was kept by `draft_json`."""
    difficulty = draft["difficulty"]
    return Content(
        kind=Kind(draft["kind"]),
        stem=draft["stem"],
        options=tuple(option["text"] for option in draft["options"]),
        key=tuple(draft["key"]),
        explanation=draft["explanation"],
        topic=draft["topic"],
        difficulty=None if difficulty is None else Decimal(difficulty),
        law_citation=draft["law_citation"],
        markup=markup_of(draft),
    )


@dataclass
class Composed:
    """What an acceptance will write: made without holding any lock, written in a few statements."""

    added: Added
    pool: _Pool
    #: Fingerprints that the bank held when this was made.
    known: frozenset[str]

    def is_current(self, bank_id: UUID) -> bool:
        """Say whether the bank still holds nothing but what was known of it."""
        now = select(Question.fingerprint).where(Question.bank_id == bank_id)
        return self.known.issuperset(db.session.execute(now).scalars())


def compose(
    found: QuestionImport,
    *,
    by: Identity,
    at: datetime,
    told: Callable[[int, int], object] = lambda _done, _total: None,
) -> Composed:
    """Return what accepting an import will write; nothing is written.

    Args:
        found: the import.
        by: becomes the author.
        at: the moment of writing.
        told: is told how many of how many rows are composed.
    """
    held, added, pool = of(found.bank_id), Added(), _Pool()
    known = frozenset(held.by_fingerprint)
    tags = tuple(Tag(PostRole(role), item) for role, item in found.terms["serves"])
    total = sum(found.counts[outcome.value] for outcome in (*ACCEPTED, Outcome.DUPLICATE))
    with _rows_with_drafts(found.id) as rows:
        for number, row in enumerate(rows):
            if number % 500 == 0:
                told(number, total)
            _compose_row(row, found, tags, held, added, pool, by=by, at=at)
    return Composed(added, pool, known)


def _compose_row(
    row: Row[int, Outcome, dict[str, Any] | None],
    found: QuestionImport,
    tags: Sequence[Tag],
    held: Stock,
    added: Added,
    pool: _Pool,
    *,
    by: Identity,
    at: datetime,
) -> None:
    content = content_of(row.draft or {})
    fingerprint = content.fingerprint
    question_id = held.by_fingerprint.get(fingerprint)
    if question_id is None:
        question_id = uuid4()
        held.by_fingerprint[fingerprint] = question_id
        held.served[question_id] = {(tag.role, tag.operation_item or "") for tag in tags}
        pool.take(question_id, content, tags, found, by=by, at=at)
        added.created[row.place] = question_id
        return
    if row.outcome in ACCEPTED:
        added.late[row.place] = row.outcome
    added.known[row.place] = question_id
    missing = held.missing_tags(question_id, tags)
    held.served.setdefault(question_id, set()).update(
        (tag.role, tag.operation_item or "") for tag in missing
    )
    for tag in tag_values(question_id, missing):
        pool.tags.add(tag)


def pour(composed: Composed) -> Added:
    """Write what was composed; `written.settle` follows, here or in transactions of its own."""
    composed.pool.pour()
    return composed.added


def _rows_with_drafts(import_id: UUID) -> Result[int, Outcome, dict[str, Any] | None]:
    statement = select(
        QuestionImportRow.place, QuestionImportRow.outcome, QuestionImportRow.draft
    ).where(
        QuestionImportRow.import_id == import_id,
        QuestionImportRow.outcome.in_([*sorted(ACCEPTED), Outcome.DUPLICATE]),
    )
    # Some at a time: all drafts of a large file at once would be its memory twice.
    ordered = statement.order_by(QuestionImportRow.place).execution_options(yield_per=500)
    return db.session.execute(ordered)


@dataclass
class _Pool:
    """Rows that are written together, a few statements for any number of questions."""

    new: Pile[_New] = field(default_factory=Pile)
    #: Whom questions serve from now on that were there before.
    tags: Pile[dict[str, Any]] = field(default_factory=Pile)

    def take(
        self,
        question_id: UUID,
        content: Content,
        tags: Sequence[Tag],
        found: QuestionImport,
        *,
        by: Identity,
        at: datetime,
    ) -> None:
        question = {
            "id": question_id,
            "bank_id": found.bank_id,
            "state": State.DRAFT,
            "newest": 1,
            "fingerprint": content.fingerprint,
            "for_practice": found.terms["for_practice"],
            "for_exams": found.terms["for_exams"],
            "created_at": at,
        }
        version = version_values(
            content, question_id=question_id, number=1, author_id=by.person_id, at=at
        )
        self.new.add((question, version, tag_values(question_id, tags)))

    def pour(self) -> None:
        for some in self.new.taken():
            questions, versions, tags = zip(*some, strict=True)
            db.session.execute(insert(Question), list(questions))
            db.session.execute(insert(QuestionVersion), list(versions))
            db.session.execute(insert(QuestionTag), [tag for those in tags for tag in those])
        for more in self.tags.taken():
            db.session.execute(insert(QuestionTag), more)
