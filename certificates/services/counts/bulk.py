"""Millions of rows of whole numbers, in and out of the database, column by column (批量读写)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from sqlalchemy import BigInteger, Boolean, SmallInteger, Table

from certificates.sweeping import Numbers
from server.db import Base, db

#: What begins and ends rows that PostgreSQL copies in their binary form.
_HEAD, _TAIL = b"PGCOPY\n\xff\r\n\0" + bytes(8), b"\xff\xff"

#: What stands before the elements of an array there (dimensions, kind, size), and one element.
_BEFORE, _ELEMENT = 20, np.dtype([("size", ">i4"), ("value", ">i8")])

#: Rows that SQLite is given at once.
_MANY = 50_000


#: Columns that are read as one number, each with the bits that it takes.
Packed = Sequence[tuple[str, int]]


def look_up_singly() -> None:
    """Let PostgreSQL find what a lot of people asks for by index, until the transaction ends.

    It takes a page in the middle of a table to be four times as dear as the next one, as on a
    turning disk, and would read whole tables for each lot.
    """
    if db.engine.dialect.name == "postgresql":
        db.session.connection().exec_driver_sql("SET LOCAL random_page_cost = 1.1")


def read_packed(words: str, packs: Sequence[Packed]) -> dict[str, Numbers]:
    """Return the columns that a statement selects, by name: whole numbers from −1 on, never null.

    Several go into one number on their way: what the driver hands over is what takes long.

    Args:
        words: the statement; its columns stand in the order of the names.
        packs: the columns that go together, at most 62 bits.
    """
    names = [name for pack in packs for name, _ in pack]
    packed = ", ".join(_packed(pack) for pack in packs)
    whole = f"WITH t({', '.join(names)}) AS ({words}) SELECT {packed} FROM t"  # noqa: S608  # our own
    found: dict[str, Numbers] = {}
    for pack, rest in zip(packs, read(whole, len(packs)), strict=True):
        for name, bits in reversed(pack):
            found[name], rest = (rest & ((1 << bits) - 1)) - 1, rest >> bits
    return {name: found[name] for name in names}


def _packed(pack: Packed) -> str:
    """Return the columns in one number; each is one greater there, so that none is below 0."""
    words = ""
    for name, bits in pack:
        words = f"({words}) * {1 << bits} + {name} + 1" if words else f"{wide(name)} + 1"
    return words


def read(words: str, width: int) -> Numbers:
    """Return the columns that a statement selects: `width` of them, whole numbers, never null.

    Each column is handed over in one piece: a row for each would cost more than all that is done
    with it, and SQLite would ask for the interpreter at each row, which another thread needs while
    it looks. The rows come in no particular order.
    """
    cursor: Any = db.session.connection().connection.cursor()
    names = ", ".join(f"column{place}" for place in range(width))
    try:
        if db.engine.dialect.name != "postgresql":
            pieces = ", ".join(f"group_concat(column{place})" for place in range(width))
            cursor.execute(f"WITH t({names}) AS ({words}) SELECT {pieces} FROM t")  # noqa: S608  # our own
            found: Sequence[str | None] = cursor.fetchone()
            return np.stack([_numbers(column) for column in found])
        arrays = ", ".join(f"array_agg(column{place}::int8)" for place in range(width))
        copied = f"COPY (SELECT {arrays} FROM ({words}) t({names})) TO STDOUT (FORMAT BINARY)"  # noqa: S608  # our own
        with cursor.copy(copied) as copy:
            return _columns(b"".join(copy), width)
    finally:
        cursor.close()


def _numbers(column: str | None) -> Numbers:
    """Return the numbers of a column that SQLite wrote side by side; of no rows it is null."""
    # One row may come as a number, not as text.
    return np.fromstring("" if column is None else str(column), np.int64, sep=",")


def _columns(copied: bytes, width: int) -> Numbers:
    """Return the arrays of one row that PostgreSQL has copied; of no rows they are null."""
    place, found = len(_HEAD) + 2, []
    for _ in range(width):
        size = int.from_bytes(copied[place : place + 4], "big", signed=True)
        place += 4
        if size < 0:
            return np.empty((width, 0), np.int64)
        count = (size - _BEFORE) // _ELEMENT.itemsize
        found.append(np.frombuffer(copied, _ELEMENT, count, place + _BEFORE)["value"])
        place += size
    return np.stack(found).astype(np.int64)


def wide(column: str) -> str:
    """Return a column in arithmetic that goes beyond 32 bits."""
    return f"CAST({column} AS bigint)"


def write(table: type[Base], columns: Mapping[str, Numbers | int]) -> None:
    """Add rows to a table: each column an array, or one number for all rows."""
    size = max((len(each) for each in columns.values() if not isinstance(each, int)), default=0)
    whole = {name: np.broadcast_to(np.asarray(each), size) for name, each in columns.items()}
    cursor: Any = db.session.connection().connection.cursor()
    names, name = ", ".join(columns), table.__tablename__
    try:
        if db.engine.dialect.name == "postgresql":
            with cursor.copy(f"COPY {name} ({names}) FROM STDIN (FORMAT BINARY)") as copy:
                copy.write(_HEAD + _rows(table, whole).tobytes() + _TAIL)
            return
        marks = ", ".join("?" * len(columns))
        words = f"INSERT INTO {name} ({names}) VALUES ({marks})"  # noqa: S608  # our own names
        for start in range(0, size, _MANY):
            some = (each[start : start + _MANY].tolist() for each in whole.values())
            cursor.executemany(words, zip(*some, strict=True))
    finally:
        cursor.close()


def _rows(table: type[Base], columns: Mapping[str, Numbers]) -> Numbers:
    of_table = table.__table__
    assert isinstance(of_table, Table)  # noqa: S101  # mapped to a table
    widths = [_width(of_table.c[name].type) for name in columns]
    rows = np.empty(len(next(iter(columns.values()))), _binary(widths))
    rows["fields"] = len(columns)
    for place, (width, values) in enumerate(zip(widths, columns.values(), strict=True)):
        rows[f"size{place}"], rows[f"value{place}"] = width, values
    return rows


def _width(kind: object) -> int:
    widths = ((Boolean, 1), (SmallInteger, 2), (BigInteger, 8))
    return next((width for each, width in widths if isinstance(kind, each)), 4)


def _binary(widths: Sequence[int]) -> np.dtype[Any]:
    """Return a row as PostgreSQL copies it: how many fields, and each with its length before it."""
    fields = [("fields", ">i2")]
    for place, width in enumerate(widths):
        fields += [(f"size{place}", ">i4"), (f"value{place}", f">i{width}")]
    return np.dtype(fields)
