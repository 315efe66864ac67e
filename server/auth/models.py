"""Tables of accounts: sign-in, devices, grants, tries (账户表)."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column, relationship

from server.audit.naming import called
from server.auth.rotation import Family
from server.db import Base, IdColumn, text_enum
from server.organisations.models import Organisation
from server.people.models import Person
from server.policy import Role
from server.regions.models import Region


@called("account", "sign_in_name")
class Account(Base):
    """How a person signs in (账户). One for each person; what it may do is granted."""

    __tablename__ = "account"

    id: Mapped[IdColumn]
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), unique=True)
    #: In small letters; never looks like a telephone number.
    sign_in_name: Mapped[str] = mapped_column(unique=True)
    #: A mobile number that signs in as well; digits only.
    phone: Mapped[str | None] = mapped_column(unique=True)
    #: Argon2id, with salt and parameters.
    password_digest: Mapped[str]
    #: The shortest length that the password was checked against, in characters.
    password_checked_for: Mapped[int]
    password_set_at: Mapped[datetime]
    #: The password is a one-time one, good until this moment; None for one's own password.
    first_password_until: Mapped[datetime | None]
    created_at: Mapped[datetime]
    created_by_id: Mapped[UUID | None]
    closed_at: Mapped[datetime | None]

    person: Mapped[Person] = relationship(lazy="raise_on_sql")

    @property
    def has_first_password(self) -> bool:
        """Whether its one-time password has not been replaced yet."""
        return self.first_password_until is not None


class Ending(StrEnum):
    """Why a device is no longer signed in."""

    SIGNED_OUT = "signed_out"
    #: The same device signed in anew.
    SIGNED_IN_AGAIN = "signed_in_again"
    #: An old refresh token was shown.
    REUSE = "reuse"
    PASSWORD_CHANGED = "password_changed"  # noqa: S105  # a reason, no password
    ACCOUNT_CLOSED = "account_closed"


class SignedInDevice(Base):
    """A device on which an account signed in: one family of refresh tokens (登录设备).

    Its id is the `sid` of access tokens. Rows of past sign-ins are kept: they tell which devices
    and addresses the account has used before.
    """

    __tablename__ = "signed_in_device"
    __table_args__ = (
        Index("ix_signed_in_device_account_id_device_id", "account_id", "device_id"),
        Index("ix_signed_in_device_account_id_place", "account_id", "place"),
    )

    id: Mapped[IdColumn]
    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"))
    #: The number that the app made for itself when it was installed.
    device_id: Mapped[UUID]
    #: What the device calls itself, for its owner to recognise.
    name: Mapped[str]
    #: The address it signed in from, or its network (`limits.place_of`).
    place: Mapped[str]
    signed_in_at: Mapped[datetime]
    #: Makes the successors of refresh tokens, see `server.auth.rotation`.
    family_key: Mapped[bytes] = mapped_column(LargeBinary)
    #: Number and digest of the newest refresh token, and when it was made.
    token_number: Mapped[int]
    token_digest: Mapped[str]
    rotated_at: Mapped[datetime]
    #: The first moment at which the newest refresh token no longer counts.
    expires_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    ended_because: Mapped[Ending | None] = mapped_column(text_enum(Ending))

    @property
    def family(self) -> Family:
        """Where the refresh tokens stand."""
        return Family(
            device_id=self.device_id,
            key=self.family_key,
            number=self.token_number,
            digest=self.token_digest,
            rotated_at=self.rotated_at,
        )


class RoleGrant(Base):
    """A role of an account, where it holds and from when to when (授权).

    In the subtree of an organisation, or of a region, or everywhere where neither is named.
    """

    __tablename__ = "role_grant"
    __table_args__ = (
        CheckConstraint("organisation_id IS NULL OR region_id IS NULL", name="one_place"),
        CheckConstraint("until_on IS NULL OR until_on > from_on", name="span"),
    )

    id: Mapped[IdColumn]
    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"), index=True)
    role: Mapped[Role] = mapped_column(text_enum(Role))
    organisation_id: Mapped[UUID | None] = mapped_column(ForeignKey("organisation.id"))
    region_id: Mapped[UUID | None] = mapped_column(ForeignKey("region.id"))
    #: The first day.
    from_on: Mapped[date]
    #: The day it ends, not included; None while it is open.
    until_on: Mapped[date | None]
    #: The account that granted it; None for the operator at the console.
    granted_by_id: Mapped[UUID | None]
    granted_at: Mapped[datetime]
    #: From this moment on it no longer holds, whatever its days say.
    revoked_at: Mapped[datetime | None]
    revoked_by_id: Mapped[UUID | None]
    revoked_because: Mapped[str | None]

    organisation: Mapped[Organisation | None] = relationship(lazy="raise_on_sql")
    region: Mapped[Region | None] = relationship(lazy="raise_on_sql")


class SignInTally(Base):
    """Tries to sign in that were counted under one key, see `server.auth.limits`.

    Processes share it, and rows that say nothing any more are swept.
    """

    __tablename__ = "sign_in_tally"

    #: A digest: the table holds no address and no name.
    key: Mapped[str] = mapped_column(primary_key=True)
    tries: Mapped[int]
    began_at: Mapped[datetime]
    last_at: Mapped[datetime] = mapped_column(index=True)
