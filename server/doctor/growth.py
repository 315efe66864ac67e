"""How large this database grows: bytes of a row as measured, and what comes of it (容量推算)."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from fractions import Fraction

from sqlalchemy import Engine, inspect, text

from server.config import Config
from server.db import is_of_models

#: What a thing is made of, by the tables whose rows it brings; rows of each are measured, too.
THINGS: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "person": (
        "person",
        ("person", "account", "post", "photo", "coverage_stretch"),
    ),
    "attempt": (
        "attempt",
        ("attempt", "enrolment", "candidature", "outcome", "response_sheet", "signed_in_device"),
    ),
    "word": ("response_entry", ("response_entry",)),
    "certificate": ("certificate", ("certificate", "certificate_event", "record")),
    "audit": ("audit_entry", ("audit_entry",)),
}

#: Days of a year on which exams are held.
EXAM_DAYS = 250


@dataclass(frozen=True, kw_only=True)
class Table:
    """One table as it stands: indexes and all."""

    rows: int
    size: int

    @property
    def each(self) -> Fraction:
        """Bytes of one row; 0 where there is none."""
        return Fraction(self.size, self.rows) if self.rows else Fraction(0)


@dataclass(frozen=True, kw_only=True)
class Plan:
    """What is to be carried."""

    people: int
    candidates_a_day: int
    #: Words that phones send for an attempt.
    words: int
    #: Entries of the audit that an attempt brings: enrolled, started, graded, certified.
    audit: int
    #: Candidates of a hundred who pass, and get a certificate.
    passing: int
    #: Days for which words lie in the database before they are archived.
    words_stay: int


@dataclass(frozen=True, kw_only=True)
class Line:
    """One line of the table: what it is, how many there are, and what that takes."""

    name: str
    each: Fraction
    count: int

    @property
    def size(self) -> int:
        """Bytes of all of them."""
        return round(self.each * self.count)


def tables(engine: Engine, config: Config) -> dict[str, Table]:
    """Measure every table of this database that holds rows."""
    sizes = _embedded(config) if config.on_sqlite else _server(engine)
    with engine.connect() as connection:
        names = [
            name
            for name in inspect(connection).get_table_names()
            if name in sizes and is_of_models(None, name, "table", False, None)
        ]
        counts = {
            name: connection.execute(text(f'SELECT count(*) FROM "{name}"')).scalar_one()  # noqa: S608  # names of tables
            for name in names
        }
    return {name: Table(rows=counts[name], size=sizes[name]) for name in names if counts[name]}


def _server(engine: Engine) -> dict[str, int]:
    statement = "SELECT relname, pg_total_relation_size(oid) FROM pg_class WHERE relkind = 'r'"
    with engine.connect() as connection:
        return {name: size for name, size in connection.execute(text(statement))}


def _embedded(config: Config) -> dict[str, int]:
    """Measure pages by the SQLite of Python: the newer one of the platform cannot tell them."""
    path = config.database_url.partition("///")[2]
    statement = """
        SELECT s.tbl_name, sum(d.pgsize) FROM dbstat d JOIN sqlite_schema s ON s.name = d.name
        GROUP BY s.tbl_name
    """
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as connection:
        return dict(connection.execute(statement).fetchall())


def tells_pages() -> bool:
    """Say whether the SQLite of Python can tell how many pages a table takes."""
    with closing(sqlite3.connect(":memory:")) as connection:
        options = connection.execute("PRAGMA compile_options").fetchall()
    return ("ENABLE_DBSTAT_VTAB",) in options


def each(found: Mapping[str, Table]) -> dict[str, Fraction]:
    """Return the bytes that one of each thing takes, rows of all tables it brings included."""
    taken = {}
    for thing, (counted, brought) in THINGS.items():
        number = found[counted].rows if counted in found else 0
        size = sum(found[name].size for name in brought if name in found)
        taken[thing] = Fraction(size, number) if number else Fraction(0)
    return taken


def lines(of: Mapping[str, Fraction], plan: Plan) -> list[Line]:
    """Work out what a plan takes after a year."""
    attempts = plan.candidates_a_day * EXAM_DAYS
    stay = min(plan.words_stay, 365) * EXAM_DAYS // 365
    return [
        Line(name="people, once", each=of["person"], count=plan.people),
        Line(name="attempts, a year", each=of["attempt"], count=attempts),
        Line(
            name="words at hand",
            each=of["word"],
            count=plan.candidates_a_day * stay * plan.words,
        ),
        Line(
            name="certificates, a year",
            each=of["certificate"],
            count=attempts * plan.passing // 100,
        ),
        Line(name="audit, a year", each=of["audit"], count=attempts * plan.audit),
    ]
