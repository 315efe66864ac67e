"""Pure: a file as plain values, its canonical form and its hash (档案规范格式).

The same file gives the same bytes (RFC 8785), so that whoever holds an exported file can compute
its hash with any tool and ask whether this platform once gave out exactly that.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from typing import Any

import rfc8785

from server.records import confirmations
from server.records.timeline import Line

#: The name of the form; another form gets another name.
FORM = "one-person-one-file/1"


def told(person: Mapping[str, Any], lines: Iterable[Line], *, read_at: datetime) -> dict[str, Any]:
    """Return a file as plain values: who, and every line with its source and time."""
    return {
        "form": FORM,
        "person": {name: _plain(value) for name, value in person.items()},
        "lines": [line_told(line) for line in lines],
        "read_at": _plain(read_at),
    }


def line_told(line: Line) -> dict[str, Any]:
    """Return one line as plain values."""
    return {
        "id": line.id,
        "kind": line.kind.value,
        "happened_at": line.happened_at,
        "happened_on": line.happened_on,
        "subject_id": line.subject_id,
        "content": _plain(line.content),
        "source": line.source,
        "recorded_at": line.recorded_at,
        "counts": line.counts,
        "corrects_id": line.corrects_id,
        "reason": line.reason,
        "confirmed_by": list(line.confirmed_by),
        "awaits_confirmation_by": list(confirmations.awaited(line)),
        # Files that were given out before anybody could object keep their hash.
        **({} if line.objection is None else {"objection": line.objection}),
    }


def canonical(value: Mapping[str, Any]) -> bytes:
    """Return plain values in canonical JSON (RFC 8785)."""
    return bytes(rfc8785.dumps(dict(value)))


def hash_of(value: Mapping[str, Any]) -> str:
    """Return the SHA-256 of plain values in canonical JSON."""
    return hashlib.sha256(canonical(value)).hexdigest()


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {str(name): _plain(each) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    return value if value is None or isinstance(value, bool | int | str) else str(value)
