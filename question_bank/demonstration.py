"""The demonstration bank (示范题库): questions written for it, loaded into an empty database.

The files stand in `demonstration_bank/`, one for each role. Loading them again changes nothing.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from importlib.resources import files
from typing import Any, Final
from uuid import UUID, uuid5

from question_bank.content import Content, sound
from question_bank.kinds import Kind
from question_bank.lifecycle import Move
from question_bank.models import QuestionBank
from question_bank.services import banks, finding, moves, questions, resting, stock
from question_bank.tags import Tag
from server import days
from server.demonstration import Demonstration
from server.people.roster import PostRole
from server.policy import Identity
from server.scopes import EVERYWHERE

#: Names of banks and questions grow from this, so that loading twice finds what is there.
NAMESPACE: Final = UUID("6f0f7f0e-52a4-5a0e-9d3b-1f3f0a3f7c11")

BANK_NAME: Final = "示范题库"

#: Why a question about repealed law stays.
_HISTORICAL: Final = "题面写明了所考规定的适用日期。"

#: Words that a file may use for the two options of a true-false question.
_LETTERS: Final = {"正确": "A", "错误": "B"}


def load(play: Demonstration) -> None:
    """Load the demonstration bank for the authority, author and reviewer made before.

    Reads `play.made`: `authority` (id of an organisation), `author` and `reviewer` (identities
    of two people with these roles there). Leaves the bank's id as `question_bank`.
    """
    play.say("示范题库 Demonstration questions")
    made = play.made
    bank = load_bank(
        owner_id=made["authority"], author=made["author"], reviewer=made["reviewer"], at=play.at
    )
    play.made["question_bank"] = bank.id


def load_bank(
    *, owner_id: UUID, author: Identity, reviewer: Identity, at: datetime
) -> QuestionBank:
    """Load the bank: written by one person, published by another.

    Args:
        owner_id: the organisation that answers for the bank.
        author: may write questions there.
        reviewer: another person, who may review there.
        at: the moment of loading.

    Raises:
        NotFound: the organisation lies outside the scope of the author.
    """
    bank_id = uuid5(NAMESPACE, str(owner_id))
    bank = banks.start(bank_id, name=BANK_NAME, owner_id=owner_id, by=author, at=at)
    held = stock.of(bank.id)
    written: list[UUID] = []
    for tag, content in contents():
        question_id = held.by_fingerprint.get(content.fingerprint)
        if question_id is None:
            question_id = uuid5(bank.id, content.fingerprint)
            _write(question_id, content, [tag], bank_id=bank.id, by=author, at=at)
            held.by_fingerprint[content.fingerprint] = question_id
            written.append(question_id)
        else:
            _serve_also(question_id, tag, by=author, at=at)
    moves.move_many(written, Move.SUBMIT, by=author, at=at)
    moves.move_many(written, Move.PUBLISH, by=reviewer, at=at)
    _clear(bank.id, by=reviewer, at=at)
    return bank


def contents() -> Iterator[tuple[Tag, Content]]:
    """Yield every question of the demonstration files, and whom it serves."""
    folder = files("question_bank").joinpath("demonstration_bank")
    for file in sorted(folder.iterdir(), key=lambda one: one.name):
        if file.name.endswith(".json"):
            bank = json.loads(file.read_text("utf-8"))
            tag = Tag(PostRole(bank["role"]), bank["operation_item"])
            yield from ((tag, content(question)) for question in bank["questions"])


def content(question: dict[str, Any]) -> Content:
    """Return the content that one entry of a demonstration file describes."""
    kind = Kind(question["kind"])
    return sound(
        Content(
            kind=kind,
            stem=question["stem"],
            options=() if kind is Kind.TRUE_FALSE else tuple(question["options"]),
            key=tuple(_LETTERS.get(label, label) for label in question["key"]),
            explanation=question["explanation"],
            topic=question["topic"],
            difficulty=Decimal(question["difficulty"]),
            law_citation=question["law_citation"],
        )
    )


def _clear(bank_id: UUID, *, by: Identity, at: datetime) -> None:
    """Clear the questions that ask about repealed law and say until when it counted."""
    on = days.civil_day(at)
    for found in resting.listed(EVERYWHERE, on=on, bank_id=bank_id).items:
        resting.clear(found.version.question_id, reason=_HISTORICAL, by=by, at=at)


def _write(
    question_id: UUID,
    content: Content,
    tags: list[Tag],
    *,
    bank_id: UUID,
    by: Identity,
    at: datetime,
) -> None:
    questions.write(
        question_id,
        content,
        bank_id=bank_id,
        tags=tags,
        for_practice=True,
        for_exams=True,
        by=by,
        at=at,
    )


def _serve_also(question_id: UUID, tag: Tag, *, by: Identity, at: datetime) -> None:
    question = finding.get(question_id)
    tags = [Tag(one.role, one.operation_item or None) for one in question.tags]
    if tag not in tags:
        questions.place(
            question_id,
            tags=[*tags, tag],
            for_practice=question.for_practice,
            for_exams=question.for_exams,
            by=by,
            at=at,
        )
