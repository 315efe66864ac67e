"""Pure: which questions ask the same, which nearly do, and which contradict each other (查重).

Two questions **ask the same** where stem and options are the same, whatever the order of the
options, the punctuation, the widths and the spaces. Then either the same options are right – they
are duplicates – or others are: a conflict, for one of the keys is wrong. **Near** duplicates are
told by the share of signs that both have in the same order.

Twenty thousand questions have two hundred million pairs, so only those are compared that share a
band of their MinHash signature, which a pair alike enough all but certainly does.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final

from question_bank.kinds import Kind

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

#: Signature: so many bands of so many rows. Of pairs whose bigrams agree to 65 %, 96 in 100
#: share a band; of those at 80 %, 9,998 in 10,000; of unrelated ones (5 %), one in 10,000.
BANDS: Final = 16
_ROWS: Final = 4
_SEED: Final = 20_26

#: The least share of signs that near duplicates have in common, in thousandths.
NEAR: Final = 900

#: Rows that are compared one by one with all others, rather than all by sorting.
_FEW: Final = 200

#: With how many others of its bucket a row is compared: five thousand rows that say all but the
#: same would otherwise make twelve million pairs, and are one group with far fewer.
_NEIGHBOURS: Final = 60

#: Signs inside numbers and units that carry meaning: 0.5, 1/6, 50 %, -10.
_DROPPED: Final = re.compile(r"(?<![0-9a-z])[./-](?![0-9])|(?<=[0-9a-z])[./-](?![0-9a-z])")


class Relation(StrEnum):
    """What two questions are to each other (试题关系)."""

    #: The same is asked and the same is right (完全重复).
    EXACT = "exact"
    #: Nearly the same is asked (近似重复).
    NEAR = "near"
    #: The same is asked and something else is right (答案冲突).
    CONFLICT = "conflict"


@dataclass(frozen=True)
class Print:
    """What a version asks, as likeness compares it."""

    #: Of stem and options in any order, 32 hexadecimal digits.
    asked: str
    #: Of the texts of the right options, 32 hexadecimal digits.
    right: str
    #: Stem and options without what people do not see.
    body: str


@dataclass(frozen=True)
class Alike:
    """Two questions are alike: how, and by how many thousandths."""

    relation: Relation
    similarity: int


def essence(text: str) -> str:
    """Return the signs of a text that matter: no punctuation, no spaces, no blanks to fill."""
    plain = unicodedata.normalize("NFKC", text).casefold()
    kept = "".join(sign for sign in plain if sign in "./-%" or _matters(sign))
    return _DROPPED.sub("", kept)


def print_of(kind: Kind, stem: str, options: Sequence[str], right: Iterable[str]) -> Print:
    """Return the print of a version.

    Args:
        kind: single and multiple choice that ask the same compare as the same question.
        stem: the text asked.
        options: the texts of the options.
        right: the texts of the right ones.
    """
    asked = essence(stem)
    texts = [] if kind is Kind.TRUE_FALSE else sorted(map(essence, options))
    body = "|".join([asked, *texts])
    return Print(
        asked=_digest(body),
        right=_digest("|".join(sorted(map(essence, right)))),
        body=body,
    )


def compared(one: Print, other: Print) -> Alike | None:
    """Return how two questions are alike; None where they are not."""
    if one.asked == other.asked:
        relation = Relation.EXACT if one.right == other.right else Relation.CONFLICT
        return Alike(relation, 1000)
    from rapidfuzz import fuzz  # keeps the start of the exam's processes quick

    share = int(fuzz.ratio(one.body, other.body, score_cutoff=NEAR / 10) * 10)
    return Alike(Relation.NEAR, share) if share >= NEAR else None


def scheme() -> str:
    """Return the name of the way signatures are made: those of another one cannot be compared."""
    from rensa import RMinHash

    return f"rensa-{RMinHash.ALGORITHM_VERSION}-{BANDS}x{_ROWS}"


def bands(bodies: Sequence[str]) -> NDArray[np.int64]:
    """Return the signatures of bodies: one row each, one number for each band."""
    import numpy as np
    from rensa import RMinHash

    grams = [[body[i : i + 2] for i in range(max(1, len(body) - 1))] for body in bodies]
    if not grams:
        return np.empty((0, BANDS), dtype=np.int64)
    digests = RMinHash.digests_from_token_sets(grams, BANDS * _ROWS, _SEED)
    parts = np.array(digests, dtype=np.uint64).reshape(len(bodies), BANDS, _ROWS)
    mixed = np.zeros((len(bodies), BANDS), dtype=np.uint64)
    for row in range(_ROWS):
        mixed = (mixed ^ parts[:, :, row]) * np.uint64(0x9E3779B97F4A7C15)
        mixed ^= mixed >> np.uint64(29)
    return mixed.view(np.int64)


def shared(held: NDArray[np.int64], fresh: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Yield the pairs of rows that share a band, each once, the lesser number first.

    Args:
        held: signatures, one row each.
        fresh: the rows of which each pair must have one.
    """
    found = _by_row(held, fresh) if len(fresh) <= _FEW else _by_band(held, set(fresh))
    seen = set[tuple[int, int]]()
    for pair in found:
        if pair not in seen:
            seen.add(pair)
            yield pair


def _by_row(held: NDArray[np.int64], fresh: Iterable[int]) -> Iterator[tuple[int, int]]:
    """Compare each of a few rows with all: a millisecond for twenty thousand."""
    for row in fresh:
        for other in (held == held[row]).any(axis=1).nonzero()[0].tolist():
            if other != row:
                yield min(row, other), max(row, other)


def _by_band(held: NDArray[np.int64], fresh: set[int]) -> Iterator[tuple[int, int]]:
    """Sort the rows by each band, and pair those that fall together."""
    import numpy as np

    for band in range(BANDS):
        order = np.argsort(held[:, band], kind="stable")
        alike = np.diff(held[order, band], append=held[order[0], band] + 1) == 0
        begins = np.flatnonzero(alike & ~np.roll(alike, 1))
        ends = np.flatnonzero(~alike & np.roll(alike, 1))
        for begin, end in zip(begins.tolist(), ends.tolist(), strict=True):
            bucket = order[begin : end + 1].tolist()
            for place, one in enumerate(bucket):
                for other in bucket[place + 1 : place + 1 + _NEIGHBOURS]:
                    if one in fresh or other in fresh:
                        yield min(one, other), max(one, other)


def groups(members: Iterable[Any], edges: Iterable[tuple[Any, Any]]) -> dict[Any, Any]:
    """Return for each member the least member of those it is joined to, directly or not."""
    parent = {member: member for member in members}

    def root(member: Any) -> Any:
        while parent[member] != member:
            parent[member] = parent[parent[member]]
            member = parent[member]
        return member

    for one, other in edges:
        if one in parent and other in parent:
            low, high = sorted((root(one), root(other)))
            parent[high] = low
    return {member: root(member) for member in parent}


def _matters(sign: str) -> bool:
    return unicodedata.category(sign)[0] in "LNSM" and sign not in "_^`¨"


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:32]
