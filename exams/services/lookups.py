"""Looking outcomes up by number and name, without becoming a way to collect numbers (成绩查询).

Whoever asks gets the same answer for an unknown number, for a wrong name and where nothing is
shown yet, by the same one statement, which also reads how often nothing was found: for the number
from wherever, and from the address for all numbers. Only what finds nothing is counted, in the
table that all processes share, so that a rush of honest people writes nothing. Until a miss is in
the table it counts in the memory of its process: a burst is stopped as a sequence is.
"""

from __future__ import annotations

import hashlib
import threading
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Connection

from exams.correction_errors import NothingToLookUp, TooManyLookups
from server.auth import limits
from server.auth.services.crowd_tallies import TRIES, Limit, Try
from server.errors import TooManyRequests
from server.group_commit import GroupCommit
from server.people import documents
from server.people.ciphers import DocumentCipher
from server.people.documents import DocumentType
from server.plain_sql import Spelling, Statement, spelling

#: Lookups without a find: for one number from wherever, and from one address for all numbers.
#: A whole test centre may stand behind one address, so that is generous.
NUMBER_TRIES, NUMBER_WINDOW = 10, timedelta(minutes=15)
ADDRESS_TRIES, ADDRESS_WINDOW = 60, timedelta(minutes=10)

#: What the person of a document has, the newest first, and not more than anybody has. Who was
#: merged is answered with what goes on under the other entry.
_OUTCOMES: Final = """
    SELECT e.name AS exam, {false} AS practical, a.started_at AS held_at,
        o.score, o.max_score, o.passed, o.released_at
    FROM person p JOIN attempt a ON a.candidate_id = COALESCE(p.merged_into_id, p.id)
        JOIN outcome o ON o.attempt_id = a.id JOIN exam e ON e.id = a.exam_id
    WHERE p.document_index = {mark} AND p.name = {mark} AND o.released_at <= {moment}
        AND a.state = 'graded' AND NOT e.is_practice
    UNION ALL
    SELECT q.name_zh || '实际操作考试', {true}, r.planned_at,
        o.score, o.max_score, o.passed, o.released_at
    FROM person p JOIN practical r ON r.candidate_id = COALESCE(p.merged_into_id, p.id)
        JOIN practical_outcome o ON o.practical_id = r.id
        JOIN qualification q ON q.id = r.qualification_id
    WHERE p.document_index = {mark} AND p.name = {mark} AND o.released_at <= {moment}
        AND r.state = 'decided'
    ORDER BY held_at DESC LIMIT 50
"""

_ROW: Final = "exam, practical, held_at, score, max_score, passed, released_at"
_ON_SQLITE: Final = _OUTCOMES.format(mark="?", moment="?", false="0", true="1")
_ON_POSTGRESQL: Final = _OUTCOMES.format(
    mark="%s", moment="%s::timestamptz", false="FALSE", true="TRUE"
)

# What is put together here are the fixed texts above; what is asked comes as parameters.
_ASKED = Statement(
    sqlite=f"""
        SELECT json_array(
            json((SELECT json_group_array(json_array(key, tries, began_at))
                FROM sign_in_tally WHERE key IN (?, ?))),
            json((SELECT json_group_array(json_array({_ROW})) FROM ({_ON_SQLITE}))))
    """,  # noqa: S608  # fixed texts
    postgresql=f"""
        SELECT json_build_array(
            (SELECT json_agg(json_build_array(key, tries, began_at))
                FROM sign_in_tally WHERE key IN (%s, %s)),
            (SELECT json_agg(json_build_array({_ROW}) ORDER BY held_at DESC)
                FROM ({_ON_POSTGRESQL}) found))::text
    """,  # noqa: S608  # fixed texts
)


@dataclass(frozen=True, kw_only=True)
class Found:
    """An outcome that is shown: nothing of the person who has it."""

    exam: str
    practical: bool
    held_at: datetime
    score: str
    max_score: str
    passed: bool
    released_at: datetime


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What somebody looks up, without the number itself."""

    #: The index by which a document is found.
    index: str
    name: str
    #: Digests under which misses are counted, so that the table holds no number.
    number_key: str
    address_key: str
    at: datetime

    @property
    def tried(self) -> Try:
        """What a miss counts for."""
        return Try(
            limits=(
                Limit(self.number_key, NUMBER_TRIES, NUMBER_WINDOW),
                Limit(self.address_key, ADDRESS_TRIES, ADDRESS_WINDOW),
            ),
            at=self.at,
        )


def asked(
    kind: DocumentType,
    number: str,
    name: str,
    *,
    address: str,
    cipher: DocumentCipher,
    at: datetime,
) -> Asked:
    """Return what somebody looks up.

    Args:
        kind: the kind of document.
        number: as they wrote it.
        name: of whom.
        address: where they ask from.
        cipher: finds documents without reading them.
        at: the moment.
    """
    index = cipher.index(kind, documents.normalised(number))
    return Asked(
        index=index,
        name=name.strip(),
        number_key=_digest("outcome lookup by number", index),
        address_key=_digest("outcome lookup by address", limits.place_of(address)),
        at=at,
    )


class _Misses:
    """Misses of this process that are not in the table yet, by key."""

    def __init__(self) -> None:
        self._counts: Counter[str] = Counter()
        self._mine = threading.Lock()

    def of(self, key: str) -> int:
        """Return how many there are under a key."""
        return self._counts[key]

    def add(self, keys: Iterable[str], count: int) -> None:
        """Note so many more under each of some keys, or fewer."""
        with self._mine:
            for key in keys:
                self._counts[key] += count
                if not self._counts[key]:
                    del self._counts[key]


_MISSES = _Misses()


def look_up(connection: Connection, wanted: Asked) -> list[Found]:
    """Return the outcomes that are shown of the person with this number and name.

    Whoever is told that there is nothing must be counted by `count_miss`.

    Raises:
        TooManyLookups: too many found nothing for this number, or from this address.
        NothingToLookUp: unknown, differently named, or nothing shown: nobody learns which.
    """
    spelt = spelling(connection)
    who = (wanted.index, wanted.name, spelt.moment_in(wanted.at))
    tallies, rows = _ASKED.run(connection, wanted.number_key, wanted.address_key, *who, *who)
    _check(wanted, tallies or (), spelt)
    if not rows:
        _MISSES.add((wanted.number_key, wanted.address_key), 1)
        raise NothingToLookUp
    return [_found(row, spelt) for row in rows]


def count_miss(wanted: Asked, writer: GroupCommit) -> None:
    """Count a lookup that found nothing, for its number and for its address.

    Raises:
        TooManyLookups: others were counted meanwhile, and it was one too many.
    """
    try:
        writer.submit(TRIES, wanted.tried)
    except TooManyRequests as refusal:
        raise TooManyLookups(retry_after=refusal.retry_after) from None
    finally:
        _MISSES.add((wanted.number_key, wanted.address_key), -1)


def _check(wanted: Asked, tallies: Sequence[Any], spelt: Spelling) -> None:
    counted = {key: (tries, spelt.moment_out(began_at)) for key, tries, began_at in tallies}
    for key, most, window in wanted.tried.limits:
        tries, began_at = counted.get(key, (0, wanted.at))
        left = began_at + window - wanted.at
        standing = tries if left > timedelta() else 0
        if standing + _MISSES.of(key) >= most:
            seconds = max(left.total_seconds(), 0.0)
            raise TooManyLookups(retry_after=int(seconds) + 1)


def _found(row: Sequence[Any], spelt: Spelling) -> Found:
    exam, practical, held_at, score, max_score, passed, released_at = row
    return Found(
        exam=exam,
        practical=bool(practical),
        held_at=spelt.moment_out(held_at),
        score=score,
        max_score=max_score,
        passed=bool(passed),
        released_at=spelt.moment_out(released_at),
    )


def _digest(*parts: str) -> str:
    return hashlib.sha256("\x00".join(parts).encode()).hexdigest()
