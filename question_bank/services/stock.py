"""What a bank holds already, by content; and adding the questions of an import to it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import insert, select

from question_bank.content import Content
from question_bank.importing.drafts import ACCEPTED, Draft, Outcome
from question_bank.kinds import Kind
from question_bank.lifecycle import State
from question_bank.models import (
    Question,
    QuestionImport,
    QuestionImportRow,
    QuestionTag,
    QuestionVersion,
)
from question_bank.services import written
from question_bank.services.writing import tag_values, version_values
from question_bank.tags import Tag
from server.db import db
from server.people.roster import PostRole
from server.policy import Identity


@dataclass(frozen=True)
class Stock:
    """The questions of a bank: who says what (in any of its versions), who serves whom."""

    by_fingerprint: dict[str, UUID]
    served: dict[UUID, set[tuple[PostRole, str]]]

    def holder(self, draft: Draft | None) -> UUID | None:
        """Return the question that says what the draft says; None where none does."""
        return None if draft is None else self.by_fingerprint.get(draft.fingerprint)

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


def draft_json(draft: Draft, *, topic: str | None) -> dict[str, Any]:
    """Return a draft as it is kept in the report, with the topic of the import if it has none."""
    return {
        "kind": draft.kind.value,
        "stem": draft.stem,
        "options": [
            {"label": label, "text": text}
            for label, text in zip(draft.labels, draft.options, strict=True)
        ],
        "key": list(draft.key),
        "explanation": draft.explanation,
        "topic": draft.topic or topic,
        "difficulty": None if draft.difficulty is None else f"{draft.difficulty:f}",
        "law_citation": draft.law_citation,
    }


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
    )


def add(found: QuestionImport, *, by: Identity, at: datetime) -> Added:
    """Write the accepted rows of an import as drafts; give known questions the missing tags.

    The bank is looked into again: what came in since the preview is not written twice.
    """
    held, added, pool = of(found.bank_id), Added(), _Pool()
    tags = tuple(Tag(PostRole(role), item) for role, item in found.terms["serves"])
    for row in _rows_with_drafts(found.id):
        content = content_of(row.draft or {})
        question_id = held.by_fingerprint.get(content.fingerprint)
        if question_id is None:
            question_id = uuid4()
            held.by_fingerprint[content.fingerprint] = question_id
            held.served[question_id] = {(tag.role, tag.operation_item or "") for tag in tags}
            pool.take(question_id, content, tags, found, by=by, at=at)
            added.created[row.place] = question_id
            continue
        if row.outcome in ACCEPTED:
            added.late[row.place] = row.outcome
        added.known[row.place] = question_id
        missing = held.missing_tags(question_id, tags)
        held.served.setdefault(question_id, set()).update(
            (tag.role, tag.operation_item or "") for tag in missing
        )
        pool.tags += tag_values(question_id, missing)
    pool.pour()
    written.settle(list(added.created.values()))
    return added


def _rows_with_drafts(import_id: UUID) -> Sequence[QuestionImportRow]:
    statement = select(QuestionImportRow).where(
        QuestionImportRow.import_id == import_id,
        QuestionImportRow.outcome.in_([*sorted(ACCEPTED), Outcome.DUPLICATE]),
    )
    return db.session.execute(statement.order_by(QuestionImportRow.place)).scalars().all()


@dataclass
class _Pool:
    """Rows that are written together, three statements for any number of questions."""

    questions: list[dict[str, Any]] = field(default_factory=list)
    versions: list[dict[str, Any]] = field(default_factory=list)
    tags: list[dict[str, Any]] = field(default_factory=list)

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
        self.questions.append(
            {
                "id": question_id,
                "bank_id": found.bank_id,
                "state": State.DRAFT,
                "newest": 1,
                "fingerprint": content.fingerprint,
                "for_practice": found.terms["for_practice"],
                "for_exams": found.terms["for_exams"],
                "created_at": at,
            }
        )
        self.versions.append(
            version_values(
                content, question_id=question_id, number=1, author_id=by.person_id, at=at
            )
        )
        self.tags += tag_values(question_id, tags)

    def pour(self) -> None:
        for table, rows in (
            (Question, self.questions),
            (QuestionVersion, self.versions),
            (QuestionTag, self.tags),
        ):
            if rows:
                db.session.execute(insert(table), rows)
