"""The demonstration's accounts, whose passwords are drawn on this machine (演示账户)."""

from __future__ import annotations

import secrets
from uuid import UUID, uuid5

from server import days
from server.auth import first_passwords, hashing
from server.auth.models import Account
from server.auth.services import grants
from server.auth.services.grants import Draft
from server.db import db
from server.demonstration import Demonstration, SignIn
from server.people.models import Person
from server.policy import Identity, Role
from server.scopes import Scope

#: Workers that can sign in: one for each role that sits an exam.
_CANDIDATES = {
    "principal": "principal",
    "safety_manager": "safety-manager",
    "special_operations_worker": "electrician",
}


def load(play: Demonstration) -> None:
    """Make an account for each member of staff, and for one candidate of each role.

    Reads `play.made`: an `Identity` by the name of each role of staff, and `crew`. Runs in the
    caller's transaction, after people and organisations.
    """
    play.say("示范账户 Demonstration accounts")
    for role in Role:
        who = play.made.get(role.value)
        if isinstance(who, Identity):
            _open(who.account_id, who.person_id, role.value.replace("_", "-"), role.value, play)
            for granted in who.grants:
                _grant(who, granted.role, granted.scope, play)
    for role_name, sign_in_name in _CANDIDATES.items():
        person_id = play.made["crew"][role_name][0]
        account_id = uuid5(person_id, "account")
        _open(account_id, person_id, sign_in_name, f"{Role.WORKER.value}: {role_name}", play)


def _open(
    account_id: UUID, person_id: UUID, sign_in_name: str, role: str, play: Demonstration
) -> None:
    password = first_passwords.spell(secrets.token_bytes(first_passwords.BYTES))
    db.session.add(
        Account(
            id=account_id,
            person_id=person_id,
            sign_in_name=sign_in_name,
            phone=None,
            # Drawn, not chosen: it need not be replaced before it can be used for looking around.
            password_digest=hashing.digest_of(password),
            password_checked_for=len(password),
            password_set_at=play.at,
            first_password_until=None,
            created_at=play.at,
            created_by_id=None,
        )
    )
    db.session.flush()
    name = db.session.get_one(Person, person_id).name
    play.sign_ins.append(SignIn(role=role, sign_in_name=sign_in_name, password=password, name=name))


def _grant(who: Identity, role: Role, scope: Scope, play: Demonstration) -> None:
    draft = Draft(
        role=role,
        organisation_id=_last(scope.organisation_paths),
        region_id=_last(scope.region_paths),
        from_on=days.civil_day(play.at),
    )
    grants.grant(uuid5(who.account_id, role.value), who.account_id, draft, by=None, at=play.at)


def _last(paths: tuple[str, ...]) -> UUID | None:
    """Return the id at the end of a path, which is the thing the path belongs to."""
    return UUID(paths[0].strip("/").rsplit("/", 1)[-1]) if paths else None
