"""Comments on questions, who uses them, actions upon many at once (审题意见、使用、批量操作)."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from server.db import Base, IdColumn, text_enum


class QuestionComment(Base):
    """What somebody says about a version (审题意见). Settled, never deleted."""

    __tablename__ = "question_comment"

    id: Mapped[IdColumn]
    question_id: Mapped[UUID] = mapped_column(ForeignKey("question.id"), index=True)
    #: The version that was the newest when it was said.
    version_id: Mapped[UUID] = mapped_column(ForeignKey("question_version.id"))
    author_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    text: Mapped[str]
    written_at: Mapped[datetime]
    settled_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    settled_at: Mapped[datetime | None]


class QuestionUse(Base):
    """An exam that asks a question (使用情况): noted when its papers are drawn."""

    __tablename__ = "question_use"

    question_id: Mapped[UUID] = mapped_column(ForeignKey("question.id"), primary_key=True)
    #: The exam; the floor above knows its table.
    exam_id: Mapped[UUID] = mapped_column(primary_key=True)
    exam_name: Mapped[str]
    used_at: Mapped[datetime]


class BulkState(StrEnum):
    """Where an action upon many stands (批量操作状态)."""

    PREVIEWED = "previewed"  # 已预览
    DONE = "done"  # 已执行
    UNDONE = "undone"  # 已撤销


class BulkOutcome(StrEnum):
    """What an action does to one question."""

    CHANGES = "changes"
    #: It is so already.
    UNCHANGED = "unchanged"
    REFUSED = "refused"


class BulkAction(Base):
    """One action upon many questions: foreseen, done, perhaps undone (批量操作)."""

    __tablename__ = "question_bulk_action"

    id: Mapped[IdColumn]
    asked_by_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    #: The action and what it is done with, as JSON.
    wanted: Mapped[dict[str, Any]]
    state: Mapped[BulkState] = mapped_column(text_enum(BulkState))
    #: How many questions have each outcome.
    counts: Mapped[dict[str, Any]]
    previewed_at: Mapped[datetime]
    done_at: Mapped[datetime | None]
    undone_at: Mapped[datetime | None]
    #: Questions that somebody changed since, and that the undoing left as they are.
    left_count: Mapped[int] = mapped_column(default=0)


class BulkActionRow(Base):
    """What an action does to one question, and how the question was before and after."""

    __tablename__ = "question_bulk_action_row"

    action_id: Mapped[UUID] = mapped_column(ForeignKey("question_bulk_action.id"), primary_key=True)
    #: No foreign key: a question may be deleted, and what was done stays known.
    question_id: Mapped[UUID] = mapped_column(primary_key=True)
    outcome: Mapped[BulkOutcome] = mapped_column(text_enum(BulkOutcome))
    #: The refusal: `{"code", "zh", "en"}`; None where there is none.
    refusal: Mapped[dict[str, Any] | None]
    before: Mapped[dict[str, Any] | None]
    after: Mapped[dict[str, Any] | None]
