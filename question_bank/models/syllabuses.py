"""Syllabuses and their trees of topics (考试大纲与知识点)."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from server.audit.naming import called
from server.db import Base, IdColumn, text_enum
from server.people.roster import PostRole


@called("syllabus", "title")
class Syllabus(Base):
    """What a qualification asks of people, in one version (考试大纲).

    It counts from its first day until the next version of the same role and item begins.
    """

    __tablename__ = "syllabus"
    __table_args__ = (Index(None, "role", "operation_item", "from_on"),)

    id: Mapped[IdColumn]
    role: Mapped[PostRole] = mapped_column(text_enum(PostRole))
    #: Code of the operation item; empty for a qualification that is a whole role.
    operation_item: Mapped[str]
    title: Mapped[str]
    #: Who keeps it.
    owner_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"), index=True)
    from_on: Mapped[date]
    source: Mapped[str]
    written_at: Mapped[datetime]
    #: None while it is a draft. A published syllabus never changes.
    published_at: Mapped[datetime | None]


class SyllabusTopic(Base):
    """A place in the tree of a syllabus (知识点)."""

    __tablename__ = "syllabus_topic"

    id: Mapped[IdColumn]
    syllabus_id: Mapped[UUID] = mapped_column(ForeignKey("syllabus.id"), index=True)
    parent_id: Mapped[UUID | None] = mapped_column(ForeignKey("syllabus_topic.id"))
    #: Its place in reading order, from 1 across the whole tree.
    place: Mapped[int]
    code: Mapped[str]
    name: Mapped[str]
    #: Names under which questions of the banks carry it, beside its own.
    names: Mapped[list[str]]
    #: Ids of laws and of articles that it cites.
    law_ids: Mapped[list[str]]
    article_ids: Mapped[list[str]]
