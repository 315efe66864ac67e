"""Serials of certificates: drawn by lot, short enough to type, impossible to guess (序列号)."""

from __future__ import annotations

#: Crockford's base 32: no I, L, O, U, so that no two characters look alike.
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"

#: Random bytes of a serial: 80 bits, so that trying serials finds nothing.
RANDOM_BYTES = 10

#: Characters of a serial.
LENGTH = 16

_SEEN_AS = str.maketrans("OIL", "011")


def serial(chance: bytes) -> str:
    """Return the serial made of `RANDOM_BYTES` random bytes.

    Raises:
        ValueError: there are more or fewer bytes.
    """
    if len(chance) != RANDOM_BYTES:
        raise ValueError(f"A serial is made of {RANDOM_BYTES} bytes.")
    drawn = int.from_bytes(chance, "big")
    return "".join(ALPHABET[drawn >> shift & 31] for shift in range(5 * LENGTH - 5, -1, -5))


def read(text: str) -> str | None:
    """Return the serial that somebody typed, or None where it cannot be one.

    Small letters, blanks and dashes are forgiven, and so are O for 0, I and L for 1.
    """
    typed = text.upper().replace("-", "").replace(" ", "").translate(_SEEN_AS)
    return typed if len(typed) == LENGTH and set(typed) <= set(ALPHABET) else None
