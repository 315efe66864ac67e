"""One's own certificates, in front of the framework: those who look together share a statement."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection

from certificates.services import holdings
from certificates.services.holdings import Look
from server.auth.services import presence
from server.auth.services.presence import Present
from server.errors import DomainError
from server.group_commit import Store
from server.lanes import Lane
from server.tokens import Claims


class Words(NamedTuple):
    """That somebody looks at their certificates, and the token that was shown."""

    claims: Claims
    at: datetime


def show(
    connection: Connection, waiting: Sequence[Words]
) -> list[list[dict[str, Any]] | DomainError]:
    """Show certificates to those whose devices are signed in."""
    return presence.of_the_present(connection, waiting, _look, holdings.seen)


def _look(words: Words, present: Present) -> Look:
    return Look(present.person_id, words.at)


#: For wsgi.py.
LANES = (
    Lane(
        method="GET",
        prefix="/v1/me/certificates",
        has_id=False,
        wish=lambda call: Words(call.claims, call.at),
        store=Store("own certificates", show),
        reply=lambda items, _call: json.dumps({"items": items}, ensure_ascii=False).encode(),
    ),
)
