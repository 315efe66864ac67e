"""Tries of a crowd, counted together, in the table that all processes share (批量计数).

As `tallies`, over the connection of the group commit: any number of tries in three statements. A
try counts under several keys; where one of them is full it is refused, and counts under none.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final, NamedTuple

from sqlalchemy import Connection

from server.auth import limits
from server.auth.limits import Tally
from server.errors import TooManyRequests
from server.group_commit import Store
from server.plain_sql import Insertion, Statement, spelling

_COLUMNS: Final = {
    "key": "text",
    "tries": "integer",
    "began_at": "timestamptz",
    "last_at": "timestamptz",
}

# Two processes that count the same at once: the second waits for the row, and then for its lock.
_THERE = Insertion("sign_in_tally", _COLUMNS, "ON CONFLICT DO NOTHING")
_HELD = Statement(
    sqlite="""
        SELECT json_group_array(json_array(t.key, t.tries, t.began_at, t.last_at))
        FROM json_each(?) asked CROSS JOIN sign_in_tally t ON t.key = asked.value
    """,
    postgresql="""
        SELECT json_agg(json_build_array(key, tries, began_at, last_at))::text FROM (
            SELECT * FROM sign_in_tally WHERE key = ANY(%s::text[]) ORDER BY key FOR UPDATE) held
    """,
)
_KEEP = Insertion(
    "sign_in_tally",
    _COLUMNS,
    "ON CONFLICT (key) DO UPDATE SET tries = excluded.tries, began_at = excluded.began_at,"
    " last_at = excluded.last_at",
)


class Limit(NamedTuple):
    """A key, and how many tries it takes in one window."""

    key: str
    most: int
    window: timedelta


class Try(NamedTuple):
    """Somebody tries something."""

    limits: tuple[Limit, ...]
    at: datetime


def count(connection: Connection, tries: Sequence[Try]) -> Sequence[TooManyRequests | None]:
    """Count tries in the order they came; the answer to each is nothing, or that it is too many."""
    tallies = _locked(connection, tries)
    changed: set[str] = set()
    answers = [_counted(one, tallies, changed) for one in tries]
    if changed:
        moment_in = spelling(connection).moment_in
        rows = [
            (key, one.count, moment_in(one.began_at), moment_in(one.last_at))
            for key in sorted(changed)
            if (one := tallies[key]) is not None
        ]
        _KEEP.write(connection, rows)
    return answers


#: For the group commit.
TRIES: Store[Try, None] = Store("crowd_tries", count)


def _locked(connection: Connection, tries: Sequence[Try]) -> dict[str, Tally | None]:
    """Return what was counted under all keys, locked in their order; None for nothing."""
    spelt = spelling(connection)
    keys = sorted({limit.key for one in tries for limit in one.limits})
    if connection.dialect.name != "sqlite":  # which has one writer at a time
        moment = spelt.moment_in(tries[0].at)
        _THERE.write(connection, [(key, 0, moment, moment) for key in keys])
    found: dict[str, Tally | None] = dict.fromkeys(keys)
    for key, count_, began_at, last_at in _HELD.run(connection, spelt.many_in(keys)):
        found[key] = Tally(
            count=count_, began_at=spelt.moment_out(began_at), last_at=spelt.moment_out(last_at)
        )
    return found


def _counted(
    one: Try, tallies: dict[str, Tally | None], changed: set[str]
) -> TooManyRequests | None:
    for key, most, window in one.limits:
        tally = tallies[key]
        if tally is not None and tally.count >= most and one.at < tally.began_at + window:
            seconds = int((tally.began_at + window - one.at).total_seconds()) + 1
            return TooManyRequests(retry_after=seconds)
    for key, _, window in one.limits:
        tallies[key] = limits.counted(tallies[key], one.at, window=window)
        changed.add(key)
    return None
