"""Pure: which questions somebody meets, and in which order (抽题与选项顺序).

Drawn from the secret seed of the round: the same for every look, today and in a dispute, and
nothing that a phone could work out. In a final everybody meets the same, in the same order.
"""

from __future__ import annotations

from functools import lru_cache
from random import Random
from uuid import UUID

from exams.contests.timetable import RoundKind


@lru_cache(65_536)
def places(seed: bytes, entry_id: UUID, pool_count: int, question_count: int) -> tuple[int, ...]:
    """Return which question of the pool stands in each slot of an entry, from slot 1.

    Args:
        seed: the secret of the round.
        entry_id: whose.
        pool_count: questions of the round.
        question_count: slots of an entry; at most as many.
    """
    dice = Random(seed + entry_id.bytes)  # noqa: S311  # seeded with the secret of the round
    return tuple(dice.sample(range(pool_count), question_count))


def option_order(
    seed: bytes, entry_id: UUID, place: int, count: int, *, keep: bool
) -> tuple[int, ...]:
    """Return which written option stands in each place shown.

    Args:
        seed: the secret of the round.
        entry_id: whose; the id of the round where all see the same.
        place: the question in the pool.
        count: its options.
        keep: whether the options speak of each other, and stay as they were written.
    """
    order = list(range(count))
    if not keep:
        dice = Random(seed + entry_id.bytes + place.to_bytes(2, "big"))  # noqa: S311  # as above
        dice.shuffle(order)
    return tuple(order)


def written(shown: int, order: tuple[int, ...]) -> int:
    """Return the bits of the written options for the bits of those shown."""
    return sum(1 << option for place, option in enumerate(order) if shown >> place & 1)


def whose(kind: RoundKind, round_id: UUID, entry_id: UUID) -> UUID:
    """Return whose order counts: everybody's in a final, else the entry's own."""
    return round_id if kind is RoundKind.FINAL else entry_id
