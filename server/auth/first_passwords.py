"""One-time passwords that are handed to people on paper (初始密码)."""

from __future__ import annotations

from datetime import timedelta

#: How long a one-time password signs in.
LIFETIME = timedelta(days=30)

#: Letters and digits that nobody mistakes for one another, read aloud or on paper.
_SIGNS = "abcdefghjkmnpqrstuvwxyz23456789"

_GROUPS, _SIGNS_IN_GROUP = 3, 4

#: Random bytes that `spell` wants: twelve signs carry 59 bits.
BYTES = 16


def spell(chance: bytes) -> str:
    """Return the password that random bytes spell, in three groups: `k7mp-x2qd-9hwt`."""
    number = int.from_bytes(chance, "big")
    signs = []
    for _ in range(_GROUPS * _SIGNS_IN_GROUP):
        number, sign = divmod(number, len(_SIGNS))
        signs.append(_SIGNS[sign])
    text = "".join(signs)
    return "-".join(text[i : i + _SIGNS_IN_GROUP] for i in range(0, len(text), _SIGNS_IN_GROUP))
