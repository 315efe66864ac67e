"""Between a request and the agreements: which system asks, what it may, its tokens (系统门禁)."""

from __future__ import annotations

from flask import g, request

from server import clock
from server.access import View, guarded_by
from server.auth.doorkeeper import keyring
from server.errors import NotSignedIn
from server.exchange import feed_rules, tokens
from server.exchange.errors import OutsideAgreement
from server.exchange.models import ExchangeAgreement
from server.exchange.services import agreements, secrets
from server.exchange.terms import Ability
from server.http import OF_SYSTEMS


def for_systems(*abilities: Ability) -> _Guard:
    """Guard a view for systems whose token has one of these abilities; any token where none."""
    return _Guard(abilities)


class _Guard:
    """The guard of a view that other systems ask."""

    def __init__(self, abilities: tuple[Ability, ...]) -> None:
        self._abilities = frozenset(abilities)
        self._access = OF_SYSTEMS + " ".join(sorted(abilities))

    def __call__(self, view: View) -> View:
        return guarded_by(self._access, self._check)(view)

    def _check(self) -> None:
        agreement, held = _found()
        if self._abilities and not self._abilities & held:
            raise OutsideAgreement
        g.agreement, g.abilities = agreement, held


def agreement() -> ExchangeAgreement:
    """Return the agreement by which who asks is asking; only behind the guard."""
    found: ExchangeAgreement = g.agreement
    return found


def abilities() -> frozenset[Ability]:
    """Return what the token of who asks lets do; only behind the guard."""
    held: frozenset[Ability] = g.abilities
    return held


def check_signature(content: bytes) -> str:
    """Make sure that who asks signed what it sends, just now; return the id it gave it.

    It signs by Standard Webhooks with the SHA-256 of its own secret as the key.

    Raises:
        WebhookUnsigned: no secret of the system signed it.
        WebhookTooOld: it was signed too long ago.
    """
    now = clock.now()
    keys = secrets.keys_of(agreement().id, at=now)
    headers = {name.lower(): value for name, value in request.headers.items()}
    return feed_rules.believed(headers, content, keys, at=now)


def _found() -> tuple[ExchangeAgreement, frozenset[Ability]]:
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token:
        raise NotSignedIn
    at = clock.now()
    said = tokens.read(token.strip(), keyring=keyring(), at=at)
    found = agreements.standing(said.agreement_id, on=clock.today())
    # What the agreement no longer gives, an older token does not give either.
    return found, frozenset(each for each in said.abilities if found.may(each))
