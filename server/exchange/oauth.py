"""The token endpoint: OAuth 2.0 client credentials by authlib (RFC 6749 sections 2.3 and 4.4)."""

from __future__ import annotations

import json
from typing import Any, ClassVar
from uuid import UUID

from authlib.integrations.flask_oauth2 import AuthorizationServer
from authlib.oauth2.rfc6749 import ClientMixin
from authlib.oauth2.rfc6749.errors import InvalidScopeError
from authlib.oauth2.rfc6749.grants import ClientCredentialsGrant
from flask import Response

from server import clock
from server.auth.doorkeeper import keyring
from server.db import db, transaction
from server.exchange import terms, tokens
from server.exchange.models import ExchangeAgreement
from server.exchange.services import secrets
from server.exchange.terms import Ability

#: How a system shows its secret: in the header, or in the form.
METHODS = ("client_secret_basic", "client_secret_post")


class _Client(ClientMixin):  # type: ignore[misc]  # authlib ships no types
    """An agreement as the library sees it."""

    def __init__(self, agreement: ExchangeAgreement) -> None:
        self.agreement = agreement

    def get_client_id(self) -> str:
        """Return the id of the agreement."""
        return str(self.agreement.id)

    def get_allowed_scope(self, scope: str | None) -> str:
        """Return what is given of what was asked; all that is agreed where nothing was.

        Raises:
            InvalidScopeError: something was asked that is not agreed.
        """
        agreed = set(self.agreement.abilities)
        asked = set(scope.split()) if scope else agreed
        if not asked <= agreed:
            raise InvalidScopeError()
        return " ".join(sorted(asked))

    def check_client_secret(self, client_secret: str) -> bool:
        """Say whether the secret stands."""
        return secrets.proves(self.agreement.id, client_secret, at=clock.now())

    def check_endpoint_auth_method(self, method: str, _endpoint: str) -> bool:
        """Say whether a system may show its secret in this way."""
        return method in METHODS

    def check_grant_type(self, grant_type: str) -> bool:
        """Say whether the grant is that of systems."""
        return grant_type == "client_credentials"


class _Grant(ClientCredentialsGrant):  # type: ignore[misc]  # authlib ships no types
    TOKEN_ENDPOINT_AUTH_METHODS: ClassVar[list[str]] = list(METHODS)


class _Server(AuthorizationServer):  # type: ignore[misc]  # authlib ships no types
    """The library's server, with our clients, tokens and sentences."""

    def handle_response(
        self, status_code: int, payload: dict[str, Any], headers: list[tuple[str, str]]
    ) -> Response:
        """Answer as RFC 6749 asks; a refusal says beside it what every refusal of ours says."""
        if "error" in payload:
            detail = payload.get("error_description") or payload["error"]
            payload = {**payload, "code": payload["error"], "status": status_code, "detail": detail}
        return Response(json.dumps(payload), status=status_code, headers=headers)


def answer() -> Response:
    """Answer a request for a token."""
    with transaction():
        made: Response = _SERVER.create_token_response()
    return made


def _client_of(client_id: str) -> _Client | None:
    try:
        found = db.session.get(ExchangeAgreement, UUID(client_id))
    except ValueError:
        return None
    today = clock.today()
    if found is None or not terms.stands(
        found.valid_from, found.valid_until, found.ended_on, on=today
    ):
        return None
    return _Client(found)


def _token_of(
    *, client: _Client, scope: str | None = None, **_rest: object
) -> dict[str, str | int]:
    given = scope or client.get_allowed_scope(None)
    text = tokens.sign(client.agreement.id, given, keyring=keyring(), at=clock.now())
    lifetime = int(tokens.LIFETIME.total_seconds())
    return {
        "token_type": "Bearer",
        "access_token": text,
        "expires_in": lifetime,
        "scope": given,
    }


def _made() -> _Server:
    server = _Server(query_client=_client_of, save_token=lambda _token, _request: None)
    server.scopes_supported = [each.value for each in Ability]
    server.register_token_generator("default", _token_of)
    server.register_grant(_Grant)
    return server


_SERVER = _made()
