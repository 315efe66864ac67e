"""Banks, questions and their versions; imports; what learners practised (题库的数据表)."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import ForeignKey, ForeignKeyConstraint, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from question_bank.importing.drafts import Outcome
from question_bank.kinds import Kind
from question_bank.lifecycle import State
from question_bank.repetition import FIRST_EASE
from server.audit.naming import called
from server.db import Base, IdColumn, text_enum
from server.organisations.models import Organisation
from server.people.roster import PostRole


@called("question_bank")
class QuestionBank(Base):
    """A store of questions that one organisation answers for (题库)."""

    __tablename__ = "question_bank"

    id: Mapped[IdColumn]
    name: Mapped[str]
    #: The organisation whose authors and reviewers work in it.
    owner_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"), index=True)
    created_at: Mapped[datetime]

    owner: Mapped[Organisation] = relationship(lazy="joined", innerjoin=True)


class Question(Base):
    """A question as an identity (试题): what it says stands in its versions."""

    __tablename__ = "question"
    __table_args__ = (
        # The same content twice in one bank is one question: also the guard of racing imports.
        UniqueConstraint("bank_id", "fingerprint"),
        # The order of lists: a page of what most questions match reads no more than the page.
        Index(None, "created_at", "id"),
    )

    id: Mapped[IdColumn]
    bank_id: Mapped[UUID] = mapped_column(ForeignKey("question_bank.id"))
    #: Where the newest version stands; see `question_bank.lifecycle`.
    state: Mapped[State] = mapped_column(text_enum(State))
    #: Number of the newest version.
    newest: Mapped[int]
    #: Fingerprint of the newest version.
    fingerprint: Mapped[str]
    #: Whether learners may practise it. A question only for exams is never shown before one.
    for_practice: Mapped[bool]
    #: Whether papers may draw it.
    for_exams: Mapped[bool]
    created_at: Mapped[datetime]

    versions: Mapped[list[QuestionVersion]] = relationship(
        order_by="QuestionVersion.number", back_populates="question"
    )
    #: The version that authors work on; load it with the question.
    newest_version: Mapped[QuestionVersion] = relationship(
        primaryjoin="and_(Question.id == foreign(QuestionVersion.question_id),"
        " Question.newest == QuestionVersion.number)",
        viewonly=True,
        uselist=False,
        lazy="raise_on_sql",
    )
    tags: Mapped[list[QuestionTag]] = relationship(
        lazy="selectin", cascade="all, delete-orphan", order_by="QuestionTag.role"
    )


class QuestionTag(Base):
    """Whom a question serves (适用对象): one row each, so that two roles need no copy."""

    __tablename__ = "question_tag"
    __table_args__ = (Index(None, "role", "operation_item"),)

    question_id: Mapped[UUID] = mapped_column(ForeignKey("question.id"), primary_key=True)
    role: Mapped[PostRole] = mapped_column(text_enum(PostRole), primary_key=True)
    #: Code of the operation item (操作项目), such as “1.2”; empty: every item of the role.
    operation_item: Mapped[str] = mapped_column(primary_key=True, default="")


class QuestionVersion(Base):
    """What a question says (试题版本). Content is never changed; editing writes the next one.

    The span from `published_at` to `withdrawn_at` says when papers and practice asked it.
    """

    __tablename__ = "question_version"
    __table_args__ = (
        UniqueConstraint("question_id", "number"),
        Index(None, "published_at", "withdrawn_at"),
    )

    id: Mapped[IdColumn]
    question_id: Mapped[UUID] = mapped_column(ForeignKey("question.id"))
    #: 1, 2, 3, … within the question.
    number: Mapped[int]
    kind: Mapped[Kind] = mapped_column(text_enum(Kind))
    stem: Mapped[str]
    #: The stem with its dress, see `question_bank.markup`; None where it is plain.
    stem_html: Mapped[str | None]
    #: `[{"label": "A", "text": …}, …]` in the order they were written; each with its `html` where
    #: the question is dressed.
    options: Mapped[list[Any]]
    #: Labels of the right options, sorted. Never shown to who has not answered.
    key: Mapped[list[str]]
    explanation: Mapped[str | None]
    explanation_html: Mapped[str | None]
    topic: Mapped[str | None] = mapped_column(index=True)
    #: The share of candidates expected to answer rightly, 0 to 1, as a decimal text.
    difficulty: Mapped[str | None]
    law_citation: Mapped[str | None]
    #: Options that speak of each other are never shuffled; see `question_bank.delivery`.
    keeps_order: Mapped[bool]
    fingerprint: Mapped[str] = mapped_column(index=True)
    #: The person who wrote this version.
    author_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    written_at: Mapped[datetime]
    #: The person who put it to use; never the author.
    reviewer_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    published_at: Mapped[datetime | None]
    #: When another version took its place or the question was retired.
    withdrawn_at: Mapped[datetime | None]
    #: Since when its key no longer counts (答案已更正): a regrade overruled it.
    overruled_at: Mapped[datetime | None]

    question: Mapped[Question] = relationship(back_populates="versions")

    @property
    def is_published(self) -> bool:
        """Whether this version is in use now."""
        return self.published_at is not None and self.withdrawn_at is None

    @property
    def labels(self) -> tuple[str, ...]:
        """Labels of the options, in the order they were written."""
        return tuple(option["label"] for option in self.options)


class ImportState(StrEnum):
    """Where an import stands (导入状态)."""

    READING = "reading"  # 读取中
    PREVIEWED = "previewed"  # 已预览
    ACCEPTING = "accepting"  # 导入中
    ACCEPTED = "accepted"  # 已导入


@called("question_import", "file_name")
class QuestionImport(Base):
    """One file brought to a bank (导入): its report first, its questions when accepted."""

    __tablename__ = "question_import"

    id: Mapped[IdColumn]
    bank_id: Mapped[UUID] = mapped_column(ForeignKey("question_bank.id"), index=True)
    author_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    state: Mapped[ImportState] = mapped_column(text_enum(ImportState))
    file_name: Mapped[str | None]
    #: SHA-256 of the file, hexadecimal.
    file_sha256: Mapped[str]
    #: The format of the file, told by its content; None while it is being read.
    format: Mapped[str | None]
    #: What the person who brought it said of it: `meanings`, `layouts`.
    choices: Mapped[dict[str, Any]]
    #: Codes of what is asked of that person, see `question_bank.importing.asking`.
    asked: Mapped[list[str]]
    #: The job that reads or accepts it, where it is a long one.
    job_id: Mapped[UUID | None]
    #: What was asked for: tags, pools, topic for rows without one.
    terms: Mapped[dict[str, Any]]
    #: How many rows had each outcome.
    counts: Mapped[dict[str, Any]]
    #: `[{"name": …, "row_count": …, "reasons": […]}, …]`
    sheets: Mapped[list[Any]]
    previewed_at: Mapped[datetime]
    accepted_at: Mapped[datetime | None]
    #: Whether refused rows were left aside; None before the acceptance.
    accepted_only: Mapped[bool | None]
    #: Questions that the acceptance created.
    created_count: Mapped[int] = mapped_column(default=0)


class QuestionImportRow(Base):
    """What became of one row of an import."""

    __tablename__ = "question_import_row"

    import_id: Mapped[UUID] = mapped_column(ForeignKey("question_import.id"), primary_key=True)
    #: Place in the file, from 1, across all sheets.
    place: Mapped[int] = mapped_column(primary_key=True)
    sheet: Mapped[str]
    #: Number of the row as the spreadsheet shows it.
    row: Mapped[int]
    outcome: Mapped[Outcome] = mapped_column(text_enum(Outcome))
    #: `[{"code": …, "facts": {…}}, …]`
    reasons: Mapped[list[Any]]
    excerpt: Mapped[str]
    #: The question as it will be written; None where there is none.
    draft: Mapped[dict[str, Any] | None]
    #: The question that it became, or was already.
    question_id: Mapped[UUID | None] = mapped_column(ForeignKey("question.id"))


class PracticeResponse(Base):
    """One response in practice (练习作答). Only ever added to."""

    __tablename__ = "practice_response"
    __table_args__ = (Index(None, "learner_id", "answered_at"),)

    #: Made by the phone, so that sending it twice is one response.
    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    learner_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    question_id: Mapped[UUID] = mapped_column(ForeignKey("question.id"))
    version_id: Mapped[UUID] = mapped_column(ForeignKey("question_version.id"))
    #: Labels as written, sorted, whatever the learner saw them as.
    chosen: Mapped[list[str]]
    correct: Mapped[bool]
    answered_at: Mapped[datetime]


class PracticeStanding(Base):
    """Where a learner stands with a question; the wrong-question book is the part that is wrong.

    Belongs to the person, whoever employs them and whatever phone they use.
    """

    __tablename__ = "practice_standing"
    __table_args__ = (
        ForeignKeyConstraint(["question_id"], ["question.id"]),
        Index(None, "learner_id", "in_wrong_book", "last_answered_at"),
        Index(None, "learner_id", "due_on"),
    )

    learner_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), primary_key=True)
    question_id: Mapped[UUID] = mapped_column(primary_key=True)
    answered_count: Mapped[int]
    wrong_count: Mapped[int]
    #: Right responses since the last wrong one.
    right_in_a_row: Mapped[int]
    in_wrong_book: Mapped[bool]
    last_answered_at: Mapped[datetime]
    #: Spaced repetition; see `question_bank.repetition`. None: responded to before there was any.
    due_on: Mapped[date | None]
    interval_days: Mapped[int] = mapped_column(default=0, server_default="0")
    #: In hundredths.
    ease: Mapped[int] = mapped_column(default=FIRST_EASE, server_default=str(FIRST_EASE))
    repetitions: Mapped[int] = mapped_column(default=0, server_default="0")
