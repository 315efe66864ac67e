"""Speaking with an identity provider: what it is, its keys, a code for a token (与外部平台通信).

Nothing is followed that it did not name itself, no redirect, and no address inside this machine's
own networks; what it is and its keys are kept for a while.
"""

from __future__ import annotations

import base64
import http.client
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from threading import Lock
from typing import Any, Final
from urllib.parse import quote_plus, urlencode, urlsplit

from server.federation.errors import OutsideSignInRefused, ProviderUnreachable
from server.messages.reaching import Reach

#: Seconds that the other side may take, and bytes of an answer that are read.
PATIENCE, LONGEST = 10, 262_144

#: How long what it said of itself is believed, and how soon unknown keys are asked for again.
KEPT_FOR: Final = timedelta(hours=1)
ASKED_AGAIN: Final = timedelta(minutes=1)

_WELL_KNOWN: Final = "/.well-known/openid-configuration"
_ENDPOINTS: Final = ("authorization_endpoint", "token_endpoint", "jwks_uri")


@dataclass(frozen=True, kw_only=True)
class Client:
    """What this platform is to a provider."""

    issuer: str
    client_id: str
    client_secret: str | None = field(repr=False)
    reach: Reach
    #: Whether it may be reached unencrypted: for trying out.
    may_be_plain: bool


@dataclass(frozen=True, kw_only=True)
class Told:
    """What a token endpoint gave for a code."""

    id_token: str = field(repr=False)
    access_token: str | None = field(repr=False)


class _Kept:
    """What providers said, for a while, in this process."""

    def __init__(self) -> None:
        self._said: dict[str, tuple[datetime, Mapping[str, Any]]] = {}
        self._mine = Lock()

    def get(self, url: str, client: Client, *, at: datetime, fresh: bool = False) -> Any:
        """Return what an address says; asked for again once it is old, or something is unknown."""
        with self._mine:
            kept = self._said.get(url)
        longest = ASKED_AGAIN if fresh else KEPT_FOR
        if kept is not None and timedelta() <= at - kept[0] < longest:
            return kept[1]
        found = _asked("GET", url, client)
        with self._mine:
            self._said[url] = (at, found)
        return found

    def forget(self) -> None:
        """Ask everybody anew."""
        with self._mine:
            self._said.clear()


KEPT = _Kept()


def metadata(client: Client, *, at: datetime) -> Mapping[str, Any]:
    """Return what a provider says of itself (OpenID Connect Discovery 1.0).

    Raises:
        ProviderUnreachable: it does not answer, speaks of another issuer, or lacks an address.
    """
    found = KEPT.get(client.issuer.rstrip("/") + _WELL_KNOWN, client, at=at)
    if found.get("issuer") != client.issuer:
        raise ProviderUnreachable
    for name in _ENDPOINTS:
        _check(found.get(name), client)
    said: Mapping[str, Any] = found
    return said


def keys(client: Client, *, at: datetime, fresh: bool = False) -> Any:
    """Return the keys that a provider signs with, as a JWK set.

    Raises:
        ProviderUnreachable: it does not answer.
    """
    return KEPT.get(metadata(client, at=at)["jwks_uri"], client, at=at, fresh=fresh)


def exchanged(code: str, *, verifier: str, redirect_uri: str, client: Client, at: datetime) -> Told:
    """Give a code, get tokens (RFC 6749 section 4.1.3, RFC 7636 section 4.5).

    Raises:
        OutsideSignInRefused: the other side does not know the code, or gave it to another.
        ProviderUnreachable: it does not answer, or not as it should.
    """
    said = metadata(client, at=at)
    form = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": redirect_uri,
        "code_verifier": verifier,
        "client_id": client.client_id,
    }
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    ways = said.get("token_endpoint_auth_methods_supported") or ["client_secret_basic"]
    if client.client_secret is not None and "client_secret_basic" in ways:
        pair = f"{quote_plus(client.client_id)}:{quote_plus(client.client_secret)}"
        headers["Authorization"] = "Basic " + base64.b64encode(pair.encode()).decode()
    elif client.client_secret is not None:
        form["client_secret"] = client.client_secret
    body = urlencode(form).encode()
    reply = _asked("POST", said["token_endpoint"], client, headers=headers, body=body)
    token, access = reply.get("id_token"), reply.get("access_token")
    if not isinstance(token, str):
        raise OutsideSignInRefused(reason="id_token")
    return Told(id_token=token, access_token=access if isinstance(access, str) else None)


def userinfo(access_token: str, *, client: Client, at: datetime) -> Mapping[str, Any]:
    """Return what the other side says of who was signed in, beside its token.

    Raises:
        ProviderUnreachable: it does not answer, or not as it should.
    """
    url = metadata(client, at=at).get("userinfo_endpoint")
    if url is None:
        return {}
    _check(url, client)
    found: Mapping[str, Any] = _asked(
        "GET", url, client, headers={"Authorization": f"Bearer {access_token}"}
    )
    return found


def _check(url: object, client: Client) -> None:
    schemes = ("https", "http") if client.may_be_plain else ("https",)
    if not isinstance(url, str) or urlsplit(url).scheme not in schemes:
        raise ProviderUnreachable


def _asked(
    method: str,
    url: str,
    client: Client,
    *,
    headers: Mapping[str, str] | None = None,
    body: bytes | None = None,
) -> Any:
    try:
        status, content = _answered(method, url, client, headers or {}, body)
        found = json.loads(content) if len(content) <= LONGEST else None
    except (OSError, http.client.HTTPException, ValueError, RecursionError):
        raise ProviderUnreachable from None
    if method == "POST" and 400 <= status < 500:
        raise OutsideSignInRefused(reason="code")
    if status != 200 or not isinstance(found, dict):
        raise ProviderUnreachable
    return found


def _answered(
    method: str, url: str, client: Client, headers: Mapping[str, str], body: bytes | None
) -> tuple[int, bytes]:
    parts = urlsplit(url)
    connection = client.reach.connection(
        parts.scheme, parts.hostname or "", parts.port, seconds=PATIENCE
    )
    try:
        target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        connection.request(method, target, body, {"Accept": "application/json", **headers})
        reply = connection.getresponse()
        return reply.status, reply.read(LONGEST + 1)
    finally:
        connection.close()
