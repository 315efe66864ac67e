"""Between a request and the accounts: whose token it is, and the tokens it is given (门禁)."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime
from uuid import UUID

from flask import Flask, current_app, g, request

from server import days, tokens
from server.auth.services import devices, identities
from server.auth.services.devices import Admission
from server.config import Config
from server.errors import NotSignedIn
from server.policy import Identity
from server.tokens import Keyring

_KEY = "keyring"

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
    refresh_token: str = field(repr=False)
    refresh_expires_at: datetime
    #: The server's clock, by which the moments above are meant.
    now: datetime


def prepare(app: Flask, config: Config) -> None:
    """Give the application its keyring, so that keys are read once."""
    keyring = Keyring.of(config.token_secret, config.token_secrets_retired)
    app.extensions[_KEY] = keyring


def find(token: str, at: datetime) -> Identity | None:
    """Return who presents an access token in this request; None where the device was signed out.

    Raises:
        NotSignedIn: the token has expired, or is not one of ours.
    """
    claims = tokens.read(token, keyring=_keyring(), at=at)
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
        admission.account_id, admission.sid, keyring=_keyring(), at=at, lifetime=lifetime
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


def settings() -> Config:
    """Return the settings of this application."""
    config: Config = current_app.extensions["config"]
    return config


def _keyring() -> Keyring:
    keyring: Keyring = current_app.extensions[_KEY]
    return keyring
