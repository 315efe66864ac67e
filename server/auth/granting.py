"""Who may grant which role where: in one's own subtree, to others, never to oneself (授权规则)."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from uuid import UUID

from server.auth import password_rules
from server.policy import ROLES, Grant, Identity, Permission, Role


class Verdict(StrEnum):
    """Whether somebody may grant, or take back, a role."""

    ALLOWED = "allowed"
    #: The place lies outside of where they manage accounts.
    OUTSIDE = "outside"
    #: The account is their own: nobody raises themselves.
    OWN = "own"


def judge(grant: Grant, *, to: UUID, by: Identity) -> Verdict:
    """Say whether `by` may grant `grant` to the person `to`, or take it back from them.

    They must manage accounts in the whole of the grant's scope. What the role allows need not be
    theirs: who staffs a bureau examines nobody and issues nothing. For the same reason nobody
    changes the roles of their own person, under whatever account.
    """
    if not by.scope(Permission.MANAGE_ACCOUNTS).contains(grant.scope):
        return Verdict.OUTSIDE
    return Verdict.OWN if to == by.person_id else Verdict.ALLOWED


def shortest_password(roles: Iterable[Role]) -> int:
    """Return the characters that the password of somebody with these roles needs at least."""
    if any(ROLES[role] for role in roles):
        return password_rules.SHORTEST_FOR_STAFF
    return password_rules.SHORTEST
