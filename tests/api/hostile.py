"""What no address must break at: bodies, values, words and bytes that lie or mean nothing."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any, TypeVar

from hypothesis import settings

Item = TypeVar("Item")

#: Bodies that are no JSON, or JSON that lies about itself.
UNREADABLE = {
    "broken off": b'{"name": ',
    "empty array broken": b"[",
    "a bare word": b"nothing",
    "not UTF-8": b'{"name": "\xff\xfe"}',
    "UTF-16": '{"name": "安全"}'.encode("utf-16"),
    "NUL escaped": b'{"name": "a\\u0000b"}',
    "NUL in a key": b'{"na\\u0000me": 1}',
    "NUL raw": b'{"name": "a\x00b"}',
    "lone high surrogate": b'{"name": "\\ud800"}',
    "lone low surrogate in a key": b'{"\\udfff": 1}',
    "1e400": b'{"name": 1e400}',
    "-1e400": b'{"name": -1e400}',
    "NaN": b'{"name": NaN}',
    "Infinity": b'{"name": -Infinity}',
    "a key twice": b'{"name": 1, "name": 1}',
    "a key twice further down": b'{"name": [{"a": 1, "a": 1}]}',
    "100,000 arrays deep": b"[" * 100_000 + b"]" * 100_000,
    "100,000 objects deep": b'{"a":' * 100_000 + b"1" + b"}" * 100_000,
    "a number of 5,000 digits": b'{"name": ' + b"9" * 5_000 + b"}",
}

#: Bodies that are JSON and never what an address asks for.
OF_ANOTHER_TYPE: list[Any] = [
    None,
    True,
    1,
    10**30,
    1.5,
    "text",
    "",
    [],
    [[]],
    [None] * 100,
    {"no_such_field": 1},
    {"": ""},
    {"__proto__": {}},
    {"id": {"$ne": None}},
]

#: Whole numbers at the edges of what databases keep, and beyond.
NUMBERS: list[Any] = [-1, 0, 2**31 - 1, 2**31, 2**63 - 1, 2**63, -(2**63) - 1, 10**30, 1.5, True]

#: Texts that databases, clocks and patterns stumble over, by the form of what stands there else.
TEXTS: dict[str, list[Any]] = {
    r"[0-9a-f-]{36}": ["x", "0" * 36, None, 7],
    r"\d{4}-\d\d-\d\d": ["0001-01-01", "9999-12-31", "2026-02-30", "10000-01-01", "２", None, 7],
    r"\d{4}-\d\d-\d\dT.*": [
        "0001-01-01T00:00:00+14:00",
        "9999-12-31T23:59:59-12:00",
        "2026-06-15T12:00:00",
        "2026-06-15T25:00:00Z",
        None,
        7,
    ],
    r"\d\.\d": ["-1", "1e9999", "1e-9999", "NaN", "Infinity", "９", "1/0", None, []],
    r".*": [
        "",
        " ",
        "x" * 10_000,
        "%_\\'; --",
        "\U0001f9ef\u202e\u0301\ufeff" * 10,
        "9999-12-31",
        None,
        7,
        [],
        {},
    ],
}


#: Bytes of a path that no address has.
PATHS = ["%00", "%ff%fe", "%ed%a0%80", "..%2f..%2f", "%0d%0a"]


def dealt(items: Iterable[Item], turn: int, most: int) -> list[Item]:
    """Return so many of the items, beginning where it is whose turn; all where all are wanted."""
    every = list(items)
    if settings.get_current_profile_name() == "explore":
        return every
    return [every[(turn * most + at) % len(every)] for at in range(min(most, len(every)))]


def values_instead_of(value: object) -> list[Any]:
    """Return hostile values in the place of a sound one."""
    if isinstance(value, bool):
        return [None, 2, "yes", []]
    if isinstance(value, (int, float)):
        return NUMBERS
    return next(texts for form, texts in TEXTS.items() if re.fullmatch(form, str(value), re.DOTALL))


def path_with(path: str, query: dict[str, Any]) -> str:
    """Return an address with a query, percent-encoded whatever is in it."""
    words = (
        f"{name}={''.join(f'%{byte:02x}' for byte in str(value).encode('utf-8', 'surrogatepass'))}"
        for name, value in query.items()
    )
    return f"{path}?{'&'.join(words)}"
