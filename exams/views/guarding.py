"""The guard of the fast lanes: one statement for all who wait for a group (通道守卫)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Protocol, TypeVar
from uuid import UUID

from sqlalchemy import Connection

from server.auth.services import presence
from server.errors import DomainError, NotSignedIn
from server.tokens import Claims


class Shown(Protocol):
    """What came in on a lane, with the token that was shown."""

    @property
    def claims(self) -> Claims:
        """What the token says."""

    @property
    def at(self) -> datetime:
        """When it came."""


Came = TypeVar("Came", bound=Shown)
Wish = TypeVar("Wish")
Reply = TypeVar("Reply")


def of_the_present(
    connection: Connection,
    waiting: Sequence[Came],
    wish_of: Callable[[Came, UUID], Wish],
    store: Callable[[Connection, Sequence[Wish]], Sequence[Reply | DomainError]],
) -> list[Reply | DomainError]:
    """Store the wishes of those whose devices are signed in, and refuse the others.

    Args:
        connection: of the open transaction.
        waiting: what came in, in its order.
        wish_of: makes a wish of what came in, given the person behind the device.
        store: stores wishes together and replies to each.
    """
    at = max([one.at for one in waiting])
    people = presence.people(connection, [one.claims for one in waiting], at=at)
    wishes = [
        wish_of(one, person_id)
        for one, person_id in zip(waiting, people, strict=True)
        if person_id is not None
    ]
    stored = iter(store(connection, wishes) if wishes else ())
    return [NotSignedIn() if person_id is None else next(stored) for person_id in people]
