"""Pure: what looks like a machine, or like two who share their responses (作弊线索).

Nothing follows from it by itself: each signal is evidence that a person looks at, with what was
seen and how often it would happen by chance or habit.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import combinations
from uuid import UUID

#: Right responses quicker than reading from which on somebody is shown.
FEWEST_QUICK = 3

#: The same wrong option in so many questions, by two who share a phone or a network.
FEWEST_SHARED_WRONG = 3

#: Entries of one network that are compared with each other; a school behind one address is a crowd.
MOST_COMPARED = 200


class Suspicion(StrEnum):
    """What was seen (线索)."""

    #: Right, and quicker than anybody reads the question.
    QUICKER_THAN_READING = "quicker_than_reading"
    #: Nearly the same time for every question: a machine waits evenly.
    EVEN_PACE = "even_pace"
    #: The same wrong options as another from the same phone or network.
    SHARED_WRONG = "shared_wrong"
    #: Several took part from one phone.
    SHARED_PHONE = "shared_phone"


@dataclass(frozen=True, kw_only=True)
class Given:
    """One response, with how long its question is."""

    place: int
    chosen: int
    correct: bool
    elapsed_ms: int
    #: Characters of the stem and the options.
    length: int


@dataclass(frozen=True, kw_only=True)
class Suspect:
    """An entry with its responses and where it came from."""

    entry_id: UUID
    device_id: UUID
    network: str
    responses: Sequence[Given]


@dataclass(frozen=True, kw_only=True)
class Signal:
    """Evidence for people."""

    suspicion: Suspicion
    entry_ids: tuple[UUID, ...]
    #: How often it was seen.
    count: int


#: Relative spread of the times below which a pace is even, and responses it takes to say so.
_EVEN, _FEWEST_EVEN = 0.08, 8


def found(suspects: Sequence[Suspect], *, reading_per_second: int) -> list[Signal]:
    """Return all signals of a round, those with the most evidence first.

    Args:
        suspects: the entries of a round.
        reading_per_second: characters a second that nobody reads.
    """
    signals = [
        *(
            Signal(suspicion=kind, entry_ids=(one.entry_id,), count=count)
            for one in suspects
            for kind, count in _alone(one, reading_per_second)
        ),
        *_shared_phones(suspects),
        *_shared_wrong(suspects),
    ]
    return sorted(signals, key=lambda one: (-one.count, one.suspicion, one.entry_ids))


def _alone(one: Suspect, reading_per_second: int) -> Iterable[tuple[Suspicion, int]]:
    quick = sum(
        given.correct and given.elapsed_ms * reading_per_second < given.length * 1000
        for given in one.responses
    )
    if quick >= FEWEST_QUICK:
        yield Suspicion.QUICKER_THAN_READING, quick
    times = [given.elapsed_ms for given in one.responses]
    if len(times) >= _FEWEST_EVEN:
        mean = sum(times) / len(times)
        spread = (sum((time - mean) ** 2 for time in times) / len(times)) ** 0.5
        if mean and spread / mean < _EVEN:
            yield Suspicion.EVEN_PACE, len(times)


def _shared_phones(suspects: Sequence[Suspect]) -> Iterable[Signal]:
    for entries in _grouped(suspects, lambda one: str(one.device_id)):
        ids = tuple(sorted(one.entry_id for one in entries))
        yield Signal(suspicion=Suspicion.SHARED_PHONE, entry_ids=ids, count=len(ids))


def _shared_wrong(suspects: Sequence[Suspect]) -> Iterable[Signal]:
    seen: Counter[tuple[UUID, UUID]] = Counter()
    groups = [
        *_grouped(suspects, lambda one: one.network),
        *_grouped(suspects, lambda one: str(one.device_id)),
    ]
    for group in groups:
        for one, other in combinations(group[:MOST_COMPARED], 2):
            pair = (min(one.entry_id, other.entry_id), max(one.entry_id, other.entry_id))
            if pair not in seen:
                seen[pair] = len(_wrong(one) & _wrong(other))
    for pair, count in seen.items():
        if count >= FEWEST_SHARED_WRONG:
            yield Signal(suspicion=Suspicion.SHARED_WRONG, entry_ids=pair, count=count)


def _wrong(one: Suspect) -> set[tuple[int, int]]:
    return {(given.place, given.chosen) for given in one.responses if not given.correct}


def _grouped(suspects: Sequence[Suspect], by: Callable[[Suspect], str]) -> list[list[Suspect]]:
    groups: dict[str, list[Suspect]] = defaultdict(list)
    for one in suspects:
        groups[by(one)].append(one)
    return [group for group in groups.values() if len(group) > 1]
