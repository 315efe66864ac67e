"""Whose devices are still signed in, for many requests in one statement (在线设备).

The guard of ordinary views asks for one identity with all its roles. Where a crowd saves
responses, only the person behind a device matters, and one statement answers for all who wait.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple, Protocol, TypeVar
from uuid import UUID

from sqlalchemy import Connection

from server.auth.services.identities import FRESH_FOR
from server.errors import DomainError, NotSignedIn
from server.plain_sql import Statement, rows_in, spelling

#: Answers kept at most, in each process: some 500 bytes each.
MOST_KEPT = 50_000

_SIGNED_IN = Statement(
    sqlite="""
        SELECT json_group_array(json_array(
            asked.key, COALESCE(p.merged_into_id, p.id), d.device_id))
        FROM json_each(?) asked
        CROSS JOIN signed_in_device d ON d.id = asked.value ->> 0
        CROSS JOIN account a ON a.id = d.account_id AND a.id = asked.value ->> 1
        CROSS JOIN person p ON p.id = a.person_id
        WHERE d.ended_at IS NULL AND d.expires_at > ? AND a.closed_at IS NULL
    """,
    postgresql="""
        SELECT json_agg(json_build_array(
            asked.place - 1, COALESCE(p.merged_into_id, p.id), d.device_id))::text
        FROM unnest(%s::uuid[], %s::uuid[]) WITH ORDINALITY AS asked (id, account_id, place)
        JOIN signed_in_device d ON d.id = asked.id
        JOIN account a ON a.id = d.account_id AND a.id = asked.account_id
        JOIN person p ON p.id = a.person_id
        WHERE d.ended_at IS NULL AND d.expires_at > %s AND a.closed_at IS NULL
    """,
)


class Shown(Protocol):
    """What says which device speaks: a token, or a wish that came with one."""

    @property
    def sid(self) -> UUID:
        """The device signed in."""

    @property
    def account_id(self) -> UUID:
        """The account that signed in."""


class Came(Protocol):
    """What came in, with the token that was shown."""

    @property
    def claims(self) -> Shown:
        """What the token says."""

    @property
    def at(self) -> datetime:
        """When it came."""


Words = TypeVar("Words", bound=Came)
Wish = TypeVar("Wish")
Reply = TypeVar("Reply")


class Present(NamedTuple):
    """Who is signed in, and with which phone."""

    #: Whose entry was merged acts as the one that goes on.
    person_id: UUID
    #: The number that the phone made for itself: the same however often somebody signs in on it.
    device_id: UUID


#: Nobody: who stands for a question.
_ASK = Present(UUID(int=0), UUID(int=0))


class _Answer(NamedTuple):
    #: None where the device is signed out.
    present: Present | None
    asked_at: datetime
    #: From this moment on it is asked again.
    old_at: datetime


#: A device and its account, as numbers, which are found more quickly than ids.
_Key = tuple[int, int]

_answers: dict[_Key, _Answer] = {}


def people(connection: Connection, shown: Sequence[Shown], *, at: datetime) -> list[Present | None]:
    """Return who is behind each token, in their order; None where its device is signed out.

    Args:
        connection: where to ask.
        shown: what the tokens say.
        at: the moment of asking. An answer is kept for `FRESH_FOR`.
    """
    keys = [(one.sid.int, one.account_id.int) for one in shown]
    known = [_answers.get(key) for key in keys]
    found = [
        answer.present if answer is not None and answer.asked_at <= at < answer.old_at else _ASK
        for answer in known
    ]
    unknown = {key: shown[n] for n, key in enumerate(keys) if found[n] is _ASK}
    if not unknown:
        return found
    asked = _ask(connection, unknown, at)
    return [
        asked[key] if present is _ASK else present for key, present in zip(keys, found, strict=True)
    ]


def of_the_present(
    connection: Connection,
    waiting: Sequence[Words],
    wish_of: Callable[[Words, Present], Wish],
    answer: Callable[[Connection, Sequence[Wish]], Sequence[Reply | DomainError]],
) -> list[Reply | DomainError]:
    """Answer the wishes of those whose devices are signed in, and refuse the others.

    Args:
        connection: of the open transaction.
        waiting: what came in, in its order.
        wish_of: makes a wish of what came in, given the person and the phone.
        answer: answers wishes together, each by itself.
    """
    at = max([one.at for one in waiting])
    found = people(connection, [one.claims for one in waiting], at=at)
    wishes = [
        wish_of(one, present)
        for one, present in zip(waiting, found, strict=True)
        if present is not None
    ]
    replies = iter(answer(connection, wishes) if wishes else ())
    return [NotSignedIn() if present is None else next(replies) for present in found]


def forget() -> None:
    """Keep no answers."""
    _answers.clear()


def _ask(
    connection: Connection, unknown: Mapping[_Key, Shown], at: datetime
) -> dict[_Key, Present | None]:
    if len(_answers) + len(unknown) > MOST_KEPT:
        _answers.clear()
    pairs = [(one.sid.hex, one.account_id.hex) for one in unknown.values()]
    moment = spelling(connection).moment_in(at)
    people: dict[_Key, Present | None] = dict.fromkeys(unknown)
    keys = list(unknown)
    rows = _SIGNED_IN.run(connection, *rows_in(connection, pairs), moment)
    for place, person_id, device_id in rows:
        people[keys[place]] = Present(UUID(person_id), UUID(device_id))
    old_at = at + FRESH_FOR
    for key, person in people.items():
        _answers[key] = _Answer(person, at, old_at)
    return people
