"""Who may grant which role where: nobody grants what they do not hold (授权规则)."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

from server.auth import password_rules
from server.policy import ROLES, Grant, Identity, Permission, Role


class Verdict(StrEnum):
    """Whether somebody may grant, or take back, a role."""

    ALLOWED = "allowed"
    #: The place lies outside of where they manage accounts.
    OUTSIDE = "outside"
    #: The role holds a permission that they do not hold in that place themselves.
    BEYOND = "beyond"


def judge(grant: Grant, *, by: Identity) -> Verdict:
    """Say whether `by` may grant, or take back, `grant`.

    They must manage accounts in the whole of the grant's scope, and hold every permission of
    the role in the whole of it, so that power only ever narrows on its way down.
    """
    if not by.scope(Permission.MANAGE_ACCOUNTS).contains(grant.scope):
        return Verdict.OUTSIDE
    held = (by.scope(permission).contains(grant.scope) for permission in ROLES[grant.role])
    return Verdict.ALLOWED if all(held) else Verdict.BEYOND


def shortest_password(roles: Iterable[Role]) -> int:
    """Return the characters that the password of somebody with these roles needs at least."""
    if any(ROLES[role] for role in roles):
        return password_rules.SHORTEST_FOR_STAFF
    return password_rules.SHORTEST
