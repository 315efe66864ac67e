"""What may stand in an audit entry: plain values, and no identity number in clear (脱敏)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import Enum
from fractions import Fraction
from uuid import UUID

#: Looks like an 18-digit identity number (GB 11643): division code, a day of birth, three digits
#: and a check character. The check character is not computed: a mistyped number is personal, too.
#: Social credit codes and certificate serials do not hold a day at that place, bar rare chance.
_ID_NUMBER = re.compile(
    r"(?<![0-9])[1-8][0-9]{5}(?:18|19|20)[0-9]{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])"
    r"[0-9]{3}[0-9Xx](?![0-9])"
)

#: What JSON can hold and both databases give back unchanged.
Plain = None | bool | int | str | list["Plain"] | dict[str, "Plain"]


def looks_like_an_id_number(text: str) -> bool:
    """Say whether the text holds what looks like an 18-digit identity number."""
    return _ID_NUMBER.search(unicodedata.normalize("NFKC", text)) is not None


def holds_an_id_number(value: Plain) -> bool:
    """Say whether an identity number in clear stands anywhere in a plain value."""
    return any(looks_like_an_id_number(text) for text in _texts(value))


def plain(value: object) -> Plain:
    """Return a value as JSON holds it: exact, the same on every database.

    Floats become text, because databases write them differently; moments become UTC.

    Raises:
        TypeError: the value is of a kind that has no plain form.
    """
    if isinstance(value, Enum):
        return plain(value.value)
    if value is None or isinstance(value, (bool, int)):
        return value
    if isinstance(value, str):
        return _storable(value)
    if isinstance(value, Mapping):
        return {_storable(str(plain(key))): plain(content) for key, content in value.items()}
    if isinstance(value, (Sequence, set, frozenset)) and not isinstance(value, (bytes, bytearray)):
        return _listed(value)
    return _as_text(value)


def _listed(values: Sequence[object] | set[object] | frozenset[object]) -> list[Plain]:
    listed = [plain(one) for one in values]
    return sorted(listed, key=repr) if isinstance(values, (set, frozenset)) else listed


def _as_text(value: object) -> str:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, (UUID, Decimal, Fraction, float)):
        return str(value)
    raise TypeError(f"An audit entry cannot hold a {type(value).__name__}.")


def _storable(text: str) -> str:
    # PostgreSQL stores neither NUL nor halves of surrogate pairs.
    return text.replace("\x00", "\ufffd").encode("utf-8", "replace").decode("utf-8")


def _texts(value: Plain) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, int) and not isinstance(value, bool):
        yield str(value)
    elif isinstance(value, list):
        for one in value:
            yield from _texts(one)
    elif isinstance(value, dict):
        for key, content in value.items():
            yield key
            yield from _texts(content)
