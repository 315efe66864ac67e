"""Places of the status list, given out in an order that says nothing (状态位置置换)."""

from __future__ import annotations

import hashlib

#: Bits of a place within its block, and of each half: a block hides each among 262,144.
BITS = 18
_HALF = BITS // 2
_MASK = (1 << _HALF) - 1

#: Places of a block.
BLOCK = 1 << BITS

#: Bytes of the seed of a block.
SEED_BYTES = 16

#: Rounds of the network; four already make a permutation that looks like any other.
_ROUNDS = 6


def scattered(place: int, *, block: int, seed: bytes) -> int:
    """Return the place on the list of the n-th certificate of a block.

    A Feistel network makes a permutation: each number from 0 to `BLOCK` − 1 is met once, so that
    the list stays dense, and nothing has to be drawn again because it is taken.

    Args:
        place: how many of the block were given out before.
        block: the number of the block, from 0.
        seed: random bytes drawn for the block.

    Raises:
        ValueError: the block has no such place.
    """
    if not 0 <= place < BLOCK:
        raise ValueError("A block has no such place.")
    left, right = place >> _HALF, place & _MASK
    for number in range(_ROUNDS):
        left, right = right, left ^ _mixed(right, number, seed)
    return block * BLOCK + (left << _HALF | right)


def _mixed(half: int, number: int, seed: bytes) -> int:
    message = bytes([number]) + half.to_bytes(2, "big")
    digest = hashlib.blake2b(message, key=seed, digest_size=2).digest()
    return int.from_bytes(digest, "big") & _MASK
