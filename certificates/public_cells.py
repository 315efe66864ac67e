"""What of a figure may be made public, so that nobody can be found behind it (公开数据保护).

Four guards together. A number of fewer than `LEAST` people is hidden. Where the covered or the
missing are that few, only a band of the share is shown. What is shown is rounded to `LEAST`, so
that neither subtraction nor comparing two months finds one person. And where something is hidden,
something else is hidden with it, so that the whole less the rest does not give it back.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

#: Fewer than so many people are never told apart; what is shown is a multiple of it.
LEAST = 5

#: Per cents of a band.
_BAND = 10


class Showing(StrEnum):
    """How much of a cell is public."""

    SHOWN = "shown"
    #: Only between which per cents the share lies.
    BAND = "band"
    HIDDEN = "hidden"


@dataclass(frozen=True, kw_only=True)
class PublicCell:
    """A figure as everybody may see it."""

    showing: Showing
    #: Rounded to `LEAST`; None where hidden.
    required: int | None
    #: Rounded; None where hidden or banded.
    covered: int | None
    #: The share in words: `85%`, `90%–100%`, or `—`.
    share: str


_HIDDEN = PublicCell(showing=Showing.HIDDEN, required=None, covered=None, share="—")


def alone(covered: int, required: int) -> PublicCell:
    """Return a figure as it may be shown where nothing is known beside it."""
    if required < LEAST:
        return _HIDDEN
    missing = required - covered
    if 0 < covered < LEAST or 0 < missing < LEAST:
        low, high = _band(rounded(required), few=covered < LEAST)
        return PublicCell(
            showing=Showing.BAND,
            required=rounded(required),
            covered=None,
            share=f"{low}%–{high}%",
        )
    shown = (
        100 if not missing else min(99, int(Fraction(rounded(covered), rounded(required)) * 100))
    )
    return PublicCell(
        showing=Showing.SHOWN,
        required=rounded(required),
        covered=rounded(covered),
        share=f"{shown}%",
    )


def _band(required: int, *, few: bool) -> tuple[int, int]:
    """Return between which per cents a share may lie of which only the rounded whole is known.

    It is worked out from what is public, and not from the share: of a handful of people a band of
    ten per cent has room for one number only.

    Args:
        required: rounded.
        few: whether the covered are few; else the missing are.
    """
    if required == LEAST:
        return 0, 100
    most = -(-(LEAST - 1) * 100 // (required - LEAST // 2) // _BAND) * _BAND
    return (0, most) if few else (100 - most, 100)


def beside(cells: Mapping[str, tuple[int, int]]) -> dict[str, PublicCell]:
    """Return the parts of a whole as they may be shown beside it: (covered, required) by name.

    Parts without anybody are left out. Where exactly one part is hidden, or the hidden are fewer
    than `LEAST` together, the smallest of the others are hidden with them.
    """
    some = {name: cell for name, cell in cells.items() if cell[1]}
    hidden = {name for name, (_, required) in some.items() if required < LEAST}
    by_size = sorted(some.keys() - hidden, key=lambda name: (some[name][1], name))
    while by_size and hidden and _betrayed(hidden, some):
        hidden.add(by_size.pop(0))
    return {name: _HIDDEN if name in hidden else alone(*some[name]) for name in sorted(some)}


def _betrayed(hidden: set[str], cells: Mapping[str, tuple[int, int]]) -> bool:
    return len(hidden) < 2 or sum(cells[name][1] for name in hidden) < 2 * LEAST


def rounded(number: int) -> int:
    """Return a number to the nearest multiple of `LEAST`; halves do not occur."""
    return (number + LEAST // 2) // LEAST * LEAST


def guesses(whole: PublicCell, others: Sequence[PublicCell]) -> range:
    """Return what the parts that are not among `others` may count together, from what is public.

    This is what somebody can work out who subtracts all that is shown from the whole.
    """
    if whole.required is None:
        return range(2**31)
    slack = LEAST // 2
    shown = [each.required for each in others if each.required is not None]
    low = whole.required - slack - sum(number + slack for number in shown)
    high = whole.required + slack - sum(number - slack for number in shown)
    return range(max(0, low), max(0, high) + 1)
