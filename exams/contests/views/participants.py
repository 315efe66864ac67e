"""Who speaks: the token of a participant, which is no account's (参赛令牌)."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from flask import current_app, request

from exams.contests.models import ContestParticipant
from exams.contests.services import joining
from server import tokens
from server.errors import NotFound, NotSignedIn
from server.tokens import Keyring

#: Longer than contests last; whoever leaves is heard no more at once.
LIFETIME = timedelta(days=60)


def token_of(participant: ContestParticipant, at: datetime) -> dict[str, Any]:
    """Return a participant with the token that speaks for them.

    It names the participant where an account's token names the account, and a number of the
    server's own where that names a device; so it opens nothing but the addresses of contests.
    """
    keyring: Keyring = current_app.extensions["keyring"]
    token = tokens.sign(
        participant.id, participant.token_id, keyring=keyring, at=at, lifetime=LIFETIME
    )
    expires_at = at.replace(microsecond=0) + LIFETIME
    return {**vars(participant), "token": token, "token_expires_at": expires_at}


def participant(at: datetime) -> ContestParticipant:
    """Return who asks.

    Raises:
        NotSignedIn: no participant does.
    """
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token:
        raise NotSignedIn
    keyring: Keyring = current_app.extensions["keyring"]
    claims = tokens.read(token.strip(), keyring=keyring, at=at)
    try:
        return joining.own(claims.account_id, claims.sid)
    except NotFound:
        raise NotSignedIn from None
