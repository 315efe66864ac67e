"""Whose devices are still signed in, for many requests in one statement (在线设备).

The guard of ordinary views asks for one identity with all its roles. Where a crowd saves
responses, only the person behind a device matters, and one statement answers for all who wait.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Connection, select

from server.auth.models import Account, SignedInDevice
from server.auth.services.identities import FRESH_FOR

#: Answers kept at most, in each process.
MOST_KEPT = 200_000

#: Devices asked for in one statement: less than any database allows.
_CHUNK = 5_000


@dataclass(frozen=True, slots=True)
class _Answer:
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
    unknown = [sid for sid in devices if not _is_fresh(_answers.get(sid), at)]
    if unknown:
        if len(_answers) + len(unknown) > MOST_KEPT:
            _answers.clear()
        _answers.update(dict.fromkeys(unknown, _Answer(None, at)))
        for sid, account_id, person_id in _load(connection, unknown, at):
            if devices[sid] == account_id:
                _answers[sid] = _Answer(person_id, at)
    found = {sid: _answers[sid].person_id for sid in devices}
    return {sid: person_id for sid, person_id in found.items() if person_id is not None}


def forget() -> None:
    """Keep no answers."""
    _answers.clear()


def _is_fresh(known: _Answer | None, at: datetime) -> bool:
    return known is not None and timedelta(0) <= at - known.asked_at < FRESH_FOR


def _load(
    connection: Connection, sids: list[UUID], at: datetime
) -> Iterable[tuple[UUID, UUID, UUID]]:
    for start in range(0, len(sids), _CHUNK):
        statement = (
            select(SignedInDevice.id, SignedInDevice.account_id, Account.person_id)
            .join(Account, Account.id == SignedInDevice.account_id)
            .where(
                SignedInDevice.id.in_(sids[start : start + _CHUNK]),
                SignedInDevice.ended_at.is_(None),
                SignedInDevice.expires_at > at,
                Account.closed_at.is_(None),
            )
        )
        rows = connection.execute(statement)
        yield from ((sid, account_id, person_id) for sid, account_id, person_id in rows)
