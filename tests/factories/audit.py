"""Entries of the audit, as tests write them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

from sqlalchemy import select

from server.audit import services as audit
from server.audit.models import AuditEntry
from server.db import db, transaction
from server.policy import Grant, Identity, Role
from server.scopes import Scope
from tests.moments import NOON


def append(number: int = 1, **changes: object) -> None:
    """Append an entry."""
    values = {
        "by": None,
        "at": NOON + timedelta(minutes=number),
        "subject_kind": "account",
        "subject_id": UUID(int=number),
        "after": {"number": number, "name": "王", "days": [NOON.date()], "share": 0.5},
        **changes,
    }
    audit.append("role_granted", **values)  # type: ignore[arg-type]  # of any kind, by keyword


def entries() -> list[AuditEntry]:
    """All entries."""
    return list(db.session.execute(select(AuditEntry).order_by(AuditEntry.sequence)).scalars())


def in_a_transaction(do: Callable[[], None]) -> None:
    """Do something and commit it."""
    with transaction():
        do()


def three_entries() -> None:
    """Commit a chain of three."""
    for number in (1, 2, 3):
        with transaction():
            append(number)


def somebody(*scopes: Scope) -> Identity:
    """An identity that holds a role in these scopes."""
    grants = tuple(Grant(role=Role.ADMINISTRATOR, scope=scope) for scope in scopes)
    return Identity(account_id=UUID(int=8), person_id=UUID(int=9), grants=grants, address="::1")
