"""Whose devices are still signed in, for many requests in one statement (在线设备).

The guard of ordinary views asks for one identity with all its roles. Where a crowd saves
responses, only the person behind a device matters, and one statement answers for all who wait.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple, Protocol
from uuid import UUID

from sqlalchemy import Connection

from server.auth.services.identities import FRESH_FOR
from server.plain_sql import Statement, rows_in, spelling

#: Answers kept at most, in each process: some 500 bytes each.
MOST_KEPT = 50_000

_SIGNED_IN = Statement(
    sqlite="""
        SELECT json_group_array(json_array(asked.key, a.person_id, d.device_id))
        FROM json_each(?) asked
        CROSS JOIN signed_in_device d ON d.id = asked.value ->> 0
        CROSS JOIN account a ON a.id = d.account_id AND a.id = asked.value ->> 1
        WHERE d.ended_at IS NULL AND d.expires_at > ? AND a.closed_at IS NULL
    """,
    postgresql="""
        SELECT json_agg(json_build_array(asked.place - 1, a.person_id, d.device_id))::text
        FROM unnest(%s::uuid[], %s::uuid[]) WITH ORDINALITY AS asked (id, account_id, place)
        JOIN signed_in_device d ON d.id = asked.id
        JOIN account a ON a.id = d.account_id AND a.id = asked.account_id
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


class Present(NamedTuple):
    """Who is signed in, and with which phone."""

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
