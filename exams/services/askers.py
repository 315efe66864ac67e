"""Who asked for long work, kept with it: what they may do is what they might when they asked."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from server.policy import ROLES, Grant, Identity, Permission, Role
from server.scopes import Scope


def kept(by: Identity, permission: Permission) -> dict[str, Any]:
    """Return who asks, as JSON, with the grants that carry a permission and no others."""
    return {
        "person_id": str(by.person_id),
        "grants": [_kept(grant) for grant in by.grants if permission in ROLES[grant.role]],
    }


def again(account_id: UUID, wanted: Mapping[str, Any]) -> Identity:
    """Return who asked, out of what was kept."""
    return Identity(
        account_id=account_id,
        person_id=UUID(wanted["person_id"]),
        grants=tuple(_grant(one) for one in wanted["grants"]),
    )


def _kept(grant: Grant) -> dict[str, Any]:
    return {
        "role": grant.role.value,
        "everywhere": grant.scope.everywhere,
        "organisation_paths": list(grant.scope.organisation_paths),
        "region_paths": list(grant.scope.region_paths),
    }


def _grant(one: Mapping[str, Any]) -> Grant:
    scope = Scope(
        everywhere=one["everywhere"],
        organisation_paths=tuple(one["organisation_paths"]),
        region_paths=tuple(one["region_paths"]),
    )
    return Grant(role=Role(one["role"]), scope=scope)
