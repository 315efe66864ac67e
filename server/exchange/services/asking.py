"""In whose name a system asks the rest of the platform: its agreement's (代表)."""

from __future__ import annotations

from uuid import UUID

from server.db import db
from server.exchange.models import ExchangeAgreement
from server.organisations.models import Organisation
from server.policy import Grant, Identity, Role
from server.scopes import Scope

#: Stands for nobody: no person acts where a system does.
NOBODY = UUID(int=0)


def identity_of(agreement: ExchangeAgreement, *roles: Role) -> Identity:
    """Return who asks where a system does; its roles hold in its own organisation alone."""
    path = db.session.get_one(Organisation, agreement.organisation_id).path
    scope = Scope(organisation_paths=(path,))
    grants = tuple(Grant(role=role, scope=scope) for role in roles)
    return Identity(account_id=agreement.id, person_id=NOBODY, grants=grants)
