"""Whose devices are still signed in, for many requests in one statement (在线设备).

The guard of ordinary views asks for one identity with all its roles. Where a crowd saves
responses, only the person behind a device matters, and one statement answers for all who wait.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import Connection

from server.auth.services.identities import FRESH_FOR
from server.plain_sql import Statement, spelling

#: Answers kept at most, in each process: some 300 bytes each.
MOST_KEPT = 50_000

_SIGNED_IN = Statement(
    sqlite="""
        SELECT json_group_array(json_array(d.id, d.account_id, a.person_id))
        FROM json_each(?) asked
        CROSS JOIN signed_in_device d ON d.id = asked.value
        JOIN account a ON a.id = d.account_id
        WHERE d.ended_at IS NULL AND d.expires_at > ? AND a.closed_at IS NULL
    """,
    postgresql="""
        SELECT d.id, d.account_id, a.person_id
        FROM signed_in_device d
        JOIN account a ON a.id = d.account_id
        WHERE d.id = ANY(%s::uuid[])
        AND d.ended_at IS NULL AND d.expires_at > %s AND a.closed_at IS NULL
    """,
)

_NOW = timedelta(0)


class _Answer(NamedTuple):
    person_id: UUID | None
    asked_at: datetime


_answers: dict[UUID, _Answer] = {}


def people(
    connection: Connection, devices: Mapping[UUID, UUID], *, at: datetime
) -> dict[UUID, UUID]:
    """Return the person behind each device that is signed in; who is not is left out.

    Args:
        connection: where to ask.
        devices: the account that the token names, by the device (`sid`) that it names.
        at: the moment of asking. An answer is kept for `FRESH_FOR`.
    """
    found: dict[UUID, UUID] = {}
    unknown = []
    for sid in devices:
        known = _answers.get(sid)
        if known is None or not _NOW <= at - known.asked_at < FRESH_FOR:
            unknown.append(sid)
        elif known.person_id is not None:
            found[sid] = known.person_id
    if unknown:
        found.update(_ask(connection, devices, unknown, at))
    return found


def forget() -> None:
    """Keep no answers."""
    _answers.clear()


def _ask(
    connection: Connection, devices: Mapping[UUID, UUID], unknown: list[UUID], at: datetime
) -> dict[UUID, UUID]:
    if len(_answers) + len(unknown) > MOST_KEPT:
        _answers.clear()
    found = {
        sid: person_id
        for sid, account_id, person_id in _load(connection, unknown, at)
        if devices[sid] == account_id
    }
    for sid in unknown:
        _answers[sid] = _Answer(found.get(sid), at)
    return found


def _load(
    connection: Connection, sids: list[UUID], at: datetime
) -> Iterable[tuple[UUID, UUID, UUID]]:
    spelt = spelling(connection)
    rows = _SIGNED_IN.run(connection, spelt.ids_in(sids), spelt.moment_in(at))
    for sid, account_id, person_id in rows:
        yield spelt.id_out(sid), spelt.id_out(account_id), spelt.id_out(person_id)
