"""A table of a bulk package is whole, and lies packed in the memory while it grows."""

from __future__ import annotations

import csv
import hashlib
import io
import json
from typing import Any

import pytest

from certificates.bulk_packages import TABLES, BulkTable


def rows(count: int) -> list[dict[str, Any]]:
    """Return rows of people who became one."""
    row: dict[str, Any] = dict.fromkeys(TABLES["person"])
    return [
        {**row, "seq": number, "kept_id": hashlib.md5(str(number).encode()).hexdigest()}  # noqa: S324  # any text
        for number in range(count)
    ]


@pytest.mark.parametrize("format", ["csv", "jsonl"])
def test_a_large_table_is_held_packed(format: str) -> None:
    table = BulkTable("person", format)
    for one in rows(5_000):
        table.add([one])
    held = sum(map(len, table._packed))
    written = b"".join(table.pieces())

    assert held < table.size / 2
    assert (table.count, table.size) == (5_000, len(written))
    assert table.hash == hashlib.sha256(written).hexdigest()
    lines = written.decode().splitlines()
    if format == "csv":
        read = list(csv.DictReader(io.StringIO(written.decode(), newline="")))
        assert list(read[0]) == list(TABLES["person"])
    else:
        read = [json.loads(each) for each in lines]
    assert [str(each["seq"]) for each in read] == [str(number) for number in range(5_000)]
