"""Between a request and the accounts: whose token it is, and the tokens it is given (门禁)."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime
from uuid import UUID

from flask import Flask, Response, after_this_request, current_app, g, request

from server import days, tokens
from server.auth.services import devices, identities
from server.auth.services.devices import Admission
from server.config import Config, Mode
from server.errors import NotSignedIn
from server.policy import Identity
from server.tokens import Keyring

_KEY = "keyring"

#: The refresh token of a page that asked for it so: no script reads it, no other address gets it.
COOKIE = "refresh_token"
COOKIE_PATH = "/v1/refresh"

#: Stands for the address where the server was not told any.
NO_ADDRESS = "unknown"


@dataclass(frozen=True, kw_only=True)
class Tokens:
    """What a client is given when it has signed in or refreshed."""

    account_id: UUID
    person_id: UUID
    #: The device that is signed in, as `GET /v1/me/devices` lists it.
    sid: UUID
    access_token: str = field(repr=False)
    access_expires_at: datetime
    #: None where it was given as a cookie, out of the reach of scripts.
    refresh_token: str | None = field(repr=False)
    refresh_expires_at: datetime
    #: The server's clock, by which the moments above are meant.
    now: datetime


def prepare(app: Flask, config: Config) -> None:
    """Give the application its keyring, so that keys are read once."""
    app.extensions[_KEY] = Keyring.of(config.token_secret, config.token_secrets_retired)


def find(token: str, at: datetime) -> Identity | None:
    """Return who presents an access token in this request; None where the device was signed out.

    Raises:
        NotSignedIn: the token has expired, or is not one of ours.
    """
    claims = tokens.read(token, keyring=keyring(), at=at)
    on = days.civil_day(at)
    found = identities.find(claims.account_id, claims.sid, at=at, on=on)
    g.sid = claims.sid
    return None if found is None else replace(found, address=address())


def sid() -> UUID:
    """Return the device on which whoever asks is signed in.

    Raises:
        NotSignedIn: nobody is.
    """
    if "sid" not in g:
        raise NotSignedIn
    found: UUID = g.sid
    return found


def device_id() -> UUID:
    """Return the number that the phone of whoever asks made for itself.

    Raises:
        NotSignedIn: nobody is signed in.
    """
    return devices.number_of(sid())


def address() -> str:
    """Return the address the request came from, as far as the trusted proxies tell."""
    return request.remote_addr or NO_ADDRESS


def tokens_of(admission: Admission, at: datetime) -> Tokens:
    """Return the tokens of somebody who was admitted at `at`."""
    lifetime = settings().access_token_lifetime
    access_token = tokens.sign(
        admission.account_id, admission.sid, keyring=keyring(), at=at, lifetime=lifetime
    )
    return Tokens(
        account_id=admission.account_id,
        person_id=admission.person_id,
        sid=admission.sid,
        access_token=access_token,
        access_expires_at=at.replace(microsecond=0) + lifetime,
        refresh_token=admission.refresh_token,
        refresh_expires_at=admission.refresh_expires_at,
        now=at,
    )


def in_cookie(given: Tokens) -> Tokens:
    """Give the refresh token as a cookie instead of in the reply.

    A page that is tricked into running somebody's script then has no token to lose that outlives
    it. `SameSite=Strict` keeps other sites from using it, `Secure` keeps it off plain networks.
    """
    token, lives = given.refresh_token or "", given.refresh_expires_at - given.now

    @after_this_request
    def put(reply: Response) -> Response:
        reply.set_cookie(
            COOKIE,
            token,
            path=COOKIE_PATH,
            max_age=int(lives.total_seconds()),
            httponly=True,
            samesite="Strict",
            secure=request.is_secure or settings().mode is Mode.PRODUCTION,
        )
        return reply

    return replace(given, refresh_token=None)


def cookie() -> str | None:
    """Return the refresh token that came as a cookie, None where none did."""
    return request.cookies.get(COOKIE)


def forget_cookie() -> None:
    """Have the browser forget the refresh token."""

    @after_this_request
    def take_away(reply: Response) -> Response:
        reply.delete_cookie(COOKIE, path=COOKIE_PATH, httponly=True, samesite="Strict")
        return reply


def settings() -> Config:
    """Return the settings of this application."""
    config: Config = current_app.extensions["config"]
    return config


def keyring() -> Keyring:
    """Return the keys that sign tokens."""
    kept: Keyring = current_app.extensions[_KEY]
    return kept
