"""Chance that can be repeated: the same seed gives the same order, on any machine, in any year.

Python promises nothing about `random.shuffle` between versions, and an appeal may come years after
the exam. So chance is drawn from SHAKE-256, which is a standard and will not change; whoever knows
the seed can repeat every draw with any programming language.
"""

from collections.abc import Sequence
from datetime import datetime
from hashlib import blake2b, shake_256
from struct import unpack
from typing import TypeVar
from uuid import UUID

Thing = TypeVar("Thing")

#: Multiplying by it spreads the bits of a number over the higher ones; 2 ** 64 by the golden ratio.
_ODD = 0x9E37_79B9_7F4A_7C15
#: Which of them are taken, and how many.
_HIGH, _MASK = 44, 0xFFFFF

#: Bytes of one draw. With 64 bits, two draws of one paper practically never tie.
_BYTES = 8


def draws(seed: bytes, purpose: str, count: int) -> tuple[int, ...]:
    """Return `count` numbers of 64 bits that only the seed and the purpose decide.

    Args:
        seed: the secret of the draw, at least 16 bytes.
        purpose: what the numbers are for, so that two draws by one seed are independent.
        count: how many numbers.
    """
    stream = shake_256(purpose.encode() + b"\0" + seed).digest(_BYTES * count)
    return unpack(f">{count}Q", stream)


def shuffled(things: Sequence[Thing], numbers: Sequence[int]) -> tuple[Thing, ...]:
    """Return the things in the order of their numbers; equal numbers keep the given order."""
    return tuple(things[place] for place in sorted(range(len(things)), key=numbers.__getitem__))


def lot(seed: bytes, thing: bytes) -> int:
    """Return the lot that one thing draws, whatever else is in the urn.

    Lots depend on the thing and the seed alone, so the order in which a pool was read from the
    database decides nothing.
    """
    return int.from_bytes(blake2b(thing, key=seed[:64], digest_size=_BYTES).digest(), "big")


def share(of: UUID, at: datetime) -> float:
    """Return a number from 0 to 1 for a thing at a moment, so that many things fall out of step.

    No draw that anybody appeals against: it stands in every reply, and so must cost nothing.
    """
    mixed = (of.int ^ at.microsecond + 1_000_000 * at.second) * _ODD
    return (mixed >> _HIGH & _MASK) / (_MASK + 1)
