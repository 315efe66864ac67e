"""Who sits an exam: one at a time, or all who wait on a lane in one statement (通道守卫)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Protocol, TypedDict, TypeVar
from uuid import UUID

from sqlalchemy import Connection

from exams.behaviour import Conduct
from exams.errors import AnotherDevice
from exams.services import noting
from server.access import identity
from server.auth import doorkeeper
from server.auth.services import presence
from server.auth.services.presence import Present, Words
from server.errors import DomainError


class Wished(Protocol):
    """What came in, with the phone it came from."""

    @property
    def attempt_id(self) -> UUID:
        """What it is about."""

    @property
    def device_id(self) -> UUID:
        """The number that the phone made for itself."""

    @property
    def at(self) -> datetime:
        """When it came."""


Wish = TypeVar("Wish", bound=Wished)
Reply = TypeVar("Reply")


class Candidate(TypedDict):
    """Who sits an exam, and with which phone."""

    candidate_id: UUID
    device_id: UUID


def candidate() -> Candidate:
    """Return who asks, and with which phone.

    Raises:
        NotSignedIn: nobody is signed in.
    """
    return Candidate(candidate_id=identity().person_id, device_id=doorkeeper.device_id())


def of_the_present(
    connection: Connection,
    waiting: Sequence[Words],
    wish_of: Callable[[Words, Present], Wish],
    store: Callable[[Connection, Sequence[Wish]], Sequence[Reply | DomainError]],
) -> list[Reply | DomainError]:
    """Store the wishes of those whose devices are signed in, and refuse the others.

    A phone that is refused because the attempt goes on with another is noted, as evidence.

    Args:
        connection: of the open transaction.
        waiting: what came in, in its order.
        wish_of: makes a wish of what came in, given the person and the phone.
        store: stores wishes together and replies to each.
    """

    def noted(connection: Connection, wishes: Sequence[Wish]) -> Sequence[Reply | DomainError]:
        replies = store(connection, wishes)
        for wish, reply in zip(wishes, replies, strict=True):
            if isinstance(reply, AnotherDevice):
                seen = {Conduct.DEVICE_REFUSED: str(wish.device_id)}
                noting.note(connection, wish.attempt_id, seen, at=wish.at)
        return replies

    return presence.of_the_present(connection, waiting, wish_of, noted)
