"""Which lines of a batch are looked at before it is approved (抽样审核).

How many follows GB/T 2828.1-2012 (ISO 2859-1), general inspection level II; none of them may be
unsound. Which ones is drawn from the id of the batch, so that nobody chooses them and everybody
can draw them again.
"""

from __future__ import annotations

import csv
import io
from functools import cache
from importlib.resources import files
from random import Random
from uuid import UUID

#: The most lines of one batch: what a single approval can answer for.
MOST_LINES = 20_000


def sample_size(lines: int) -> int:
    """Return how many of so many lines are looked at."""
    return next(size for up_to, size in _plan() if lines <= up_to)


def drawn(batch_id: UUID, lines: int) -> frozenset[int]:
    """Return the places, from 1, of the lines that are looked at."""
    dice = Random(batch_id.int)  # noqa: S311  # to be drawn again by anybody, not to be secret
    return frozenset(dice.sample(range(1, lines + 1), sample_size(lines)))


@cache
def _plan() -> tuple[tuple[int, int], ...]:
    text = files("certificates.data").joinpath("sampling.csv").read_text("utf-8")
    return tuple(
        (int(row["up_to"]), int(row["sample"])) for row in csv.DictReader(io.StringIO(text))
    )
