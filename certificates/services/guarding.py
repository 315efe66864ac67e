"""Questions by number and name are counted, so that nobody counts numbers through (防批量查询).

Tries are counted by the address they come from and by the number they are about, in the table that
all processes share; what is refused is not counted. On a result day many ask at the same moment:
the group commit counts them together.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final, NamedTuple

from sqlalchemy import Connection

from server.auth import limits
from server.auth.limits import Tally
from server.errors import TooManyRequests
from server.group_commit import Store
from server.people.documents import normalised
from server.plain_sql import Insertion, Statement, spelling

#: Questions from one address, and about one number, in one window. A gang at a gate may stand
#: behind one address; whoever counts numbers through needs ten thousand times as many.
MOST_FROM_AN_ADDRESS, MOST_ABOUT_A_NUMBER = 60, 10
WINDOW: Final = timedelta(minutes=10)

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


class Try(NamedTuple):
    """Somebody asks about a number."""

    #: What is counted for it, and how often it may be in one window.
    counted: tuple[tuple[str, int], ...]
    at: datetime


def asked(number: str, *, address: str, at: datetime) -> Try:
    """Return what counts for a question about a number that comes from an address."""
    return Try(
        counted=(
            (_key("from", limits.place_of(address)), MOST_FROM_AN_ADDRESS),
            (_key("about", normalised(number)), MOST_ABOUT_A_NUMBER),
        ),
        at=at,
    )


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
TRIES: Store[Try, None] = Store("verification_tries", count)


def _locked(connection: Connection, tries: Sequence[Try]) -> dict[str, Tally | None]:
    """Return what was counted under all keys, locked in their order; None for nothing."""
    spelt = spelling(connection)
    keys = sorted({key for one in tries for key, _ in one.counted})
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
    for key, most in one.counted:
        tally = tallies[key]
        if tally is not None and tally.count >= most and one.at < tally.began_at + WINDOW:
            seconds = int((tally.began_at + WINDOW - one.at).total_seconds()) + 1
            return TooManyRequests(retry_after=seconds)
    for key, _ in one.counted:
        tallies[key] = limits.counted(tallies[key], one.at, window=WINDOW)
        changed.add(key)
    return None


def _key(kind: str, what: str) -> str:
    return hashlib.sha256(f"verification\0{kind}\0{what}".encode()).hexdigest()
