"""Prints of versions, and pairs of questions that are alike (查重与冲突)."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ForeignKey, Index, LargeBinary, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from question_bank.likeness import Relation
from server.db import Base, IdColumn, text_enum


class Standing(StrEnum):
    """What was decided about a pair (处理状态)."""

    OPEN = "open"  # 待处理
    #: They may stand beside each other, on one paper too (判定不同).
    DISTINCT = "distinct"
    #: One was kept and the other retired (已裁定).
    RULED = "ruled"


class QuestionPrint(Base):
    """What a version asks, as likeness compares it; made once, for a version never changes."""

    __tablename__ = "question_print"

    version_id: Mapped[UUID] = mapped_column(ForeignKey("question_version.id"), primary_key=True)
    question_id: Mapped[UUID] = mapped_column(ForeignKey("question.id"), index=True)
    #: How the signature was made; see `question_bank.likeness.scheme`.
    scheme: Mapped[str]
    asked: Mapped[str]
    right: Mapped[str]
    body: Mapped[str]
    #: The bands of the signature: 16 numbers of 8 bytes, little endian.
    bands: Mapped[bytes] = mapped_column(LargeBinary)


class QuestionPair(Base):
    """Two questions that are alike (相似试题对). The lesser id comes first."""

    __tablename__ = "question_pair"
    __table_args__ = (
        UniqueConstraint("first_id", "second_id"),
        Index(None, "second_id"),
        Index(None, "standing", "relation"),
    )

    id: Mapped[IdColumn]
    first_id: Mapped[UUID] = mapped_column(ForeignKey("question.id"))
    second_id: Mapped[UUID] = mapped_column(ForeignKey("question.id"))
    #: The versions that were compared last.
    first_version_id: Mapped[UUID] = mapped_column(ForeignKey("question_version.id"))
    second_version_id: Mapped[UUID] = mapped_column(ForeignKey("question_version.id"))
    relation: Mapped[Relation] = mapped_column(text_enum(Relation))
    #: Thousandths of the signs in common.
    similarity: Mapped[int]
    standing: Mapped[Standing] = mapped_column(text_enum(Standing))
    found_at: Mapped[datetime]
    ruled_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    ruled_at: Mapped[datetime | None]
    #: Why one was kept, or why they are distinct.
    reason: Mapped[str | None]
    kept_id: Mapped[UUID | None] = mapped_column(ForeignKey("question.id"))
