"""The law library, and what questions rest on (法规库与试题依据)."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from server.audit.naming import called
from server.db import Base, IdColumn, JsonColumn, text_enum


class LawKind(StrEnum):
    """What kind of text binds (效力级别)."""

    LAW = "law"  # 法律
    REGULATION = "regulation"  # 行政法规
    RULE = "rule"  # 部门规章
    LOCAL_REGULATION = "local_regulation"  # 地方性法规、地方政府规章
    NORMATIVE_DOCUMENT = "normative_document"  # 规范性文件
    STANDARD = "standard"  # 标准


class Origin(StrEnum):
    """How it is known that a version rests on a law (依据来源)."""

    #: Its citation names the law (引用).
    CITED = "cited"
    #: What it asks or says is what the law laid down (题面内容).
    STATED = "stated"
    #: A person tied it to the law (人工关联).
    ATTACHED = "attached"


@called("law", "title")
class Law(Base):
    """A law, regulation or standard, in one edition (法规). Days are both included."""

    __tablename__ = "law"

    id: Mapped[IdColumn]
    #: A name for programs; editions of one title have different ones.
    code: Mapped[str] = mapped_column(unique=True)
    kind: Mapped[LawKind] = mapped_column(text_enum(LawKind))
    title: Mapped[str] = mapped_column(index=True)
    #: The number of the order or document: 国家安全生产监督管理总局令第30号.
    number: Mapped[str]
    #: The body that issued it.
    issuer: Mapped[str]
    #: Who keeps the entry; None for what holds in the whole country and came with the platform.
    owner_id: Mapped[UUID | None] = mapped_column(ForeignKey("organisation.id"), index=True)
    summary: Mapped[str | None]
    #: The first day; None where the sources name none: then it counts as in force.
    valid_from: Mapped[date | None]
    #: The last day; None while nobody has repealed it.
    valid_until: Mapped[date | None] = mapped_column(index=True)
    replaced_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("law.id"))
    #: Where the entry comes from.
    source: Mapped[str]
    written_at: Mapped[datetime]

    articles: Mapped[list[LawArticle]] = relationship(
        order_by="LawArticle.ordinal, LawArticle.subject, LawArticle.valid_from",
        back_populates="law",
    )


class LawArticle(Base):
    """An article of a law in one wording (法条). An amendment ends it and begins another."""

    __tablename__ = "law_article"

    id: Mapped[IdColumn]
    law_id: Mapped[UUID] = mapped_column(ForeignKey("law.id"), index=True)
    #: Its number as a number, for the order; 0 where the sources name none.
    ordinal: Mapped[int]
    #: What it is about, in a word or two.
    subject: Mapped[str]
    #: The wording, or what it says in short.
    text: Mapped[str]
    #: Whether `text` is the official wording and not a summary.
    verbatim: Mapped[bool]
    valid_from: Mapped[date | None]
    valid_until: Mapped[date | None] = mapped_column(index=True)
    replaced_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("law_article.id"))
    source: Mapped[str]
    written_at: Mapped[datetime]

    law: Mapped[Law] = relationship(back_populates="articles", lazy="joined")


class LawPhrase(Base):
    """Words by which a question shows that it rests on an article, whatever it cites (敏感表述)."""

    __tablename__ = "law_phrase"

    id: Mapped[IdColumn]
    code: Mapped[str] = mapped_column(unique=True)
    law_id: Mapped[UUID] = mapped_column(ForeignKey("law.id"))
    article_id: Mapped[UUID | None] = mapped_column(ForeignKey("law_article.id"))
    #: Groups of words: one of each group must stand in the question.
    all_of: Mapped[list[list[str]]] = mapped_column(JsonColumn)
    #: None of these may.
    none_of: Mapped[list[str]]
    #: What to look at in such a question.
    note: Mapped[str]

    law: Mapped[Law] = relationship(lazy="joined")


class LawReliance(Base):
    """A version rests on a law or one of its articles (试题依据). Rebuilt from what it says."""

    __tablename__ = "law_reliance"
    __table_args__ = (Index(None, "version_id"), Index(None, "law_id", "article_id"))

    id: Mapped[IdColumn]
    version_id: Mapped[UUID] = mapped_column(ForeignKey("question_version.id"))
    law_id: Mapped[UUID] = mapped_column(ForeignKey("law.id"))
    #: None: the law as a whole.
    article_id: Mapped[UUID | None] = mapped_column(ForeignKey("law_article.id"))
    origin: Mapped[Origin] = mapped_column(text_enum(Origin))
    #: The phrase that showed it; None for other origins.
    phrase_id: Mapped[UUID | None] = mapped_column(ForeignKey("law_phrase.id"))

    law: Mapped[Law] = relationship(lazy="joined")
    article: Mapped[LawArticle | None] = relationship(lazy="joined")
    phrase: Mapped[LawPhrase | None] = relationship(lazy="joined")


class LawClearance(Base):
    """A reviewer found that a version still holds under the law of a day (复核通过)."""

    __tablename__ = "law_clearance"
    __table_args__ = (Index(None, "version_id", "cleared_on"),)

    id: Mapped[IdColumn]
    version_id: Mapped[UUID] = mapped_column(ForeignKey("question_version.id"))
    reviewer_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    #: It clears whatever ended before this day.
    cleared_on: Mapped[date]
    cleared_at: Mapped[datetime]
    reason: Mapped[str]
