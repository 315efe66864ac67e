"""What searching reads of questions (检索文本)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, ForeignKey, Text, TypeDecorator
from sqlalchemy.dialects.postgresql import TSVECTOR
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import GenericFunction

from server.db import Base


class gram_words(GenericFunction[str]):  # noqa: N801  # named as it would be in SQL
    """Words of an index as the database keeps them: a vector on PostgreSQL, text on SQLite."""

    type = Text()
    inherit_cache = True


@compiles(gram_words)
def _as_text(element: gram_words, compiler: SQLCompiler, **options: Any) -> str:
    return compiler.process(element.clauses, **options)


@compiles(gram_words, "postgresql")
def _as_vector(element: gram_words, compiler: SQLCompiler, **options: Any) -> str:
    return f"strip(to_tsvector('simple', {compiler.process(element.clauses, **options)}))"


class GramColumn(TypeDecorator[str]):
    """Goes in as words with spaces between; is found, never read."""

    impl = Text
    cache_ok = True

    def load_dialect_impl(self, dialect: Any) -> Any:
        """Keep a vector where the database has one."""
        kind = TSVECTOR() if dialect.name == "postgresql" else Text()
        return dialect.type_descriptor(kind)

    def bind_expression(self, bindvalue: Any) -> ColumnElement[str]:
        """Turn the words into what is kept."""
        return gram_words(bindvalue)


class QuestionText(Base):
    """What searching reads of the newest version of a question.

    The index over `grams` is each database's own and stands in the migration: a table of FTS5,
    kept by triggers, on SQLite; a GIN index on PostgreSQL.
    """

    __tablename__ = "question_text"

    #: The number under which SQLite's index knows the row.
    place: Mapped[int] = mapped_column(primary_key=True)
    question_id: Mapped[UUID] = mapped_column(ForeignKey("question.id"), unique=True)
    #: Stem, options and explanation, folded.
    said: Mapped[str]
    #: First letters of the pinyin of stem and topic.
    initials: Mapped[str]
    #: Pairs of signs of both; see `question_bank.grams`.
    grams: Mapped[str] = mapped_column(GramColumn, deferred=True)
