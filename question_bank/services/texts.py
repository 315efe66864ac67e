"""Searching questions by any part of their text, and by pinyin initials (全文检索)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import ColumnElement, String, and_, column, delete, func, insert, or_, select, table
from sqlalchemy.orm import InstrumentedAttribute

from question_bank import grams
from question_bank.fingerprint import folded
from question_bank.initials import initials
from question_bank.models import Question, QuestionText, QuestionVersion
from server.db import db

#: Terms of one search; more are left out.
_MOST_TERMS = 8

#: The index of SQLite: a table of its own beside `question_text`.
_INDEX = table("question_text_grams", column("rowid"), column("question_text_grams", String))


def settle(versions: Sequence[QuestionVersion]) -> None:
    """Keep what searching reads of these newest versions, one for each question."""
    if not versions:
        return
    ids = [one.question_id for one in versions]
    db.session.execute(
        delete(QuestionText)
        .where(QuestionText.question_id.in_(ids))
        .execution_options(synchronize_session=False)
    )
    db.session.execute(insert(QuestionText), [_row(one) for one in versions])


def holds(text: str) -> ColumnElement[bool]:
    """Return the condition that a question holds every term of a text, anywhere in its words.

    Terms are parted by spaces. One of Latin letters is also looked for as pinyin initials.
    """
    asked = [_holds(term) for term in _terms(text)]
    return Question.id.in_(select(QuestionText.question_id).where(and_(*asked)))


def _terms(text: str) -> Iterator[str]:
    yield from [folded(term) for term in text.split()][:_MOST_TERMS]


def _holds(term: str) -> ColumnElement[bool]:
    said = QuestionText.said.contains(term, autoescape=True)
    if grams.may_be_initials(term):
        said = or_(said, QuestionText.initials.contains(term, autoescape=True))
    indexed = _indexed(term)
    return said if indexed is None else and_(indexed, said)


def _indexed(term: str) -> ColumnElement[bool] | None:
    """Return the condition that the index may know the term; None where it cannot say."""
    if db.engine.dialect.name == "postgresql":
        asked = grams.sought(term, conjunction=" & ", disjunction=" | ")
        vector: InstrumentedAttribute[Any] = QuestionText.grams
        return None if asked is None else vector.op("@@")(func.to_tsquery("simple", asked))
    asked = grams.sought(term, conjunction=" AND ", disjunction=" OR ")
    if asked is None:
        return None
    matching = select(_INDEX.c.rowid).where(_INDEX.c.question_text_grams.op("MATCH")(asked))
    return QuestionText.place.in_(matching)


def _row(version: QuestionVersion) -> dict[str, Any]:
    parts = [version.stem, *(one["text"] for one in version.options), version.explanation or ""]
    said = "\n".join(folded(part) for part in parts)
    letters = initials(f"{folded(version.stem)} {folded(version.topic or '')}")
    return {
        "question_id": version.question_id,
        "said": said,
        "initials": letters,
        "grams": grams.document(said, letters),
    }
