"""Tables of who people are and which posts they hold (人员、岗位)."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ColumnElement, ForeignKey, LargeBinary, or_, select, true
from sqlalchemy.orm import Mapped, deferred, mapped_column, relationship

from server.audit.naming import called, called_by_person
from server.db import Base, IdColumn, text_enum
from server.organisations.models import Organisation
from server.organisations.models import within as organisations_within
from server.people.documents import DocumentType, Sex
from server.people.drafts import Education
from server.people.roster import Holding, PostRole
from server.scopes import Scope


class Photo(Base):
    """A photo, kept once however many people it is sent for (照片)."""

    __tablename__ = "photo"

    #: SHA-256 of the content.
    hash: Mapped[str] = mapped_column(primary_key=True)
    media_type: Mapped[str]
    content: Mapped[bytes] = mapped_column(LargeBinary)


@called("person")
class Person(Base):
    """A human being (人员)."""

    __tablename__ = "person"

    id: Mapped[IdColumn]
    name: Mapped[str] = mapped_column(index=True)
    #: As the document says, where it does.
    sex: Mapped[Sex | None] = mapped_column(text_enum(Sex))
    birth_on: Mapped[date | None]
    phone: Mapped[str | None]
    education: Mapped[Education | None] = mapped_column(text_enum(Education))
    document_type: Mapped[DocumentType] = mapped_column(text_enum(DocumentType))
    #: Nonce and AES-GCM ciphertext of the number, bound to `id`.
    document_cipher: Mapped[bytes] = deferred(mapped_column(LargeBinary))
    #: The key that made `document_cipher`.
    document_key_id: Mapped[str]
    #: HMAC of kind and number: the same document is registered once.
    document_index: Mapped[str] = mapped_column(unique=True)
    #: The key that made `document_index`.
    document_index_key_id: Mapped[str]
    #: The form that may be shown: `110***********1234`.
    document_masked: Mapped[str]
    #: HMAC of the number alone, fifteen digits raised to eighteen, with the same key: the same
    #: document under another kind or name is found by it. None until it was looked at.
    number_index: Mapped[str | None] = mapped_column(index=True)
    #: The digits of the phone, by which the same one is found however it is written.
    phone_digits: Mapped[str | None] = mapped_column(index=True)
    #: When it was last looked for other entries of the same person; None after every change.
    compared_at: Mapped[datetime | None] = mapped_column(index=True)
    photo_hash: Mapped[str | None] = mapped_column(ForeignKey("photo.hash"), index=True)
    #: The organisation that brought the person in and keeps the file.
    registered_under_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"), index=True)
    registered_at: Mapped[datetime]
    #: The entry that goes on in place of this one; None for an entry that stands for itself.
    merged_into_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"), index=True)


@called_by_person("post")
class Post(Base):
    """That a person holds a post somewhere from one day until another (任职)."""

    __tablename__ = "post"
    __table_args__ = (CheckConstraint("until_on IS NULL OR until_on >= from_on", name="span"),)

    id: Mapped[IdColumn]
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"), index=True)
    role: Mapped[PostRole] = mapped_column(text_enum(PostRole))
    #: Operation items of the catalogue, sorted; empty but for special operations workers.
    items: Mapped[list[str]]
    #: The first day on which it is held.
    from_on: Mapped[date]
    #: The first day on which it is no longer held; None while no end is known. The same as
    #: `from_on` for a post entered by mistake: it is held on no day.
    until_on: Mapped[date | None]
    recorded_at: Mapped[datetime]

    person: Mapped[Person] = relationship(lazy="raise_on_sql")
    organisation: Mapped[Organisation] = relationship(lazy="raise_on_sql")

    @property
    def holding(self) -> Holding:
        """The post as the rules see it."""
        return Holding(
            role=self.role,
            items=frozenset(self.items),
            from_on=self.from_on,
            until_on=self.until_on,
        )


class DocumentDisclosure(Base):
    """That somebody was shown a whole document number, and why (证件明文查看)."""

    __tablename__ = "document_disclosure"

    id: Mapped[IdColumn]
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    #: The account that asked.
    account_id: Mapped[UUID]
    reason: Mapped[str]
    disclosed_at: Mapped[datetime]


def within(scope: Scope) -> ColumnElement[bool]:
    """Return the condition that a person is visible within the scope.

    A person is, when registered under an organisation of the scope, or ever holding a post in one.
    """
    if scope.everywhere:
        return true()
    organisations = select(Organisation.id).where(organisations_within(scope))
    ever = select(Post.person_id).where(Post.organisation_id.in_(organisations))
    return or_(Person.registered_under_id.in_(organisations), Person.id.in_(ever))
