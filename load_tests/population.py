"""A province of people with five years of history, written straight into the database (批量人口).

A million people do not come in through the front door in an afternoon. So the rows are written as
the platform would have written them, and the platform then counts them. The dice are seeded: the
same number of people is the same people.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import Any

import numpy as np
import psycopg

from load_tests import provinces
from load_tests.provinces import Ground, dashed, hexed

#: People in a county: the density stays the same, however many there are.
IN_A_COUNTY = 8_600

#: People at one enterprise, on average.
AT_ONE = 20

#: Five years of history end here.
TODAY = date.today()  # noqa: DTZ011  # a benchmark lives in the day of its machine
SINCE = TODAY - timedelta(days=5 * 365)

#: Roles, how often each is met, and how many years its certificate stands (0: it has none).
ROLES: tuple[tuple[str, float, int], ...] = (
    ("employee", 0.60, 0),
    ("special_operations_worker", 0.25, 6),
    ("principal", 0.05, 3),
    ("safety_manager", 0.04, 3),
    ("full_time_safety_manager", 0.02, 3),
    ("occupational_health_manager", 0.01, 0),
    ("mining_engineer", 0.005, 0),
    ("enforcement_officer", 0.015, 3),
    ("regulator_staff", 0.005, 0),
    ("township_safety_leader", 0.005, 0),
)
_STAMP = f"{SINCE.isoformat()} 04:00:00.000000"

#: Written at once.
_MANY = 20_000


class Writer:
    """Rows on their way into the tables of either database."""

    def __init__(self, url: str | None, sqlite_path: str) -> None:
        self.is_sqlite = url is None
        self._rows: dict[str, list[tuple[Any, ...]]] = {}
        self._columns: dict[str, tuple[str, ...]] = {}
        self.connection: Any
        if url is None:
            self.connection = sqlite3.connect(sqlite_path, isolation_level=None)
            for word in ("PRAGMA synchronous=OFF", "PRAGMA cache_size=-200000", "BEGIN"):
                self.connection.execute(word)
        else:
            self.connection = psycopg.connect(url)
            # The rows fit each other; a check of each foreign key takes longer than all the rest.
            self.connection.execute("SET session_replication_role = replica")

    def add(self, table: str, columns: tuple[str, ...], row: tuple[Any, ...]) -> None:
        """Add one row."""
        rows = self._rows.setdefault(table, [])
        self._columns[table] = columns
        rows.append(row)
        if len(rows) >= _MANY:
            self._write(table)

    def rows(self, words: str) -> list[tuple[Any, ...]]:
        """Return what a question answers."""
        found: list[tuple[Any, ...]] = self.connection.execute(words).fetchall()
        return found

    def flush(self) -> None:
        """Write what is left."""
        for table in self._rows:
            self._write(table)

    def survey(self) -> None:
        """Write what is left and let PostgreSQL look at it, as it does by itself after a while."""
        self.flush()
        if not self.is_sqlite:
            self.connection.execute("ANALYZE")

    def close(self) -> None:
        """Write what is left, and commit."""
        self.flush()
        self.connection.execute("COMMIT") if self.is_sqlite else self.connection.commit()
        self.connection.close()

    def _write(self, table: str) -> None:
        rows, self._rows[table] = self._rows[table], []
        names = ", ".join(self._columns[table])
        if self.is_sqlite:
            marks = ", ".join("?" * len(self._columns[table]))
            words = f"INSERT INTO {table} ({names}) VALUES ({marks})"  # noqa: S608  # our own names
            self.connection.executemany(words, rows)
        else:
            with self.connection.cursor().copy(f"COPY {table} ({names}) FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)


def populate(writer: Writer, people: int, *, seed: int = 7) -> dict[str, str]:
    """Fill the province with people; return the ids of places to ask about, by kind."""
    dice = np.random.default_rng(seed)
    ids = provinces.ids(dice)
    ground, asked = provinces.lay(writer, ids, max(1, round(people / IN_A_COUNTY)))
    names = provinces.names(seed)
    places = provinces.enterprises(writer, ids, dice, ground, max(1, people // AT_ONE))
    roles = dice.choice(len(ROLES), size=people, p=[share for _, share, _ in ROLES])
    chances = dice.random((people, 8))
    spots = dice.integers(0, len(places), size=(people, 2))
    days = dice.integers(0, 5 * 365, size=(people, 3))
    for number in range(people):
        one = _Life(writer, ids, ground, number)
        one.tell(
            ROLES[roles[number]],
            [places[spot] for spot in spots[number]],
            chances[number].tolist(),
            days[number].tolist(),
            names[number % len(names)],
        )
    return asked


class _Life:
    """One person's five years."""

    def __init__(self, writer: Writer, ids: Iterator[str], ground: Ground, number: int) -> None:
        self._writer, self._ids, self._ground, self._number = writer, ids, ground, number
        self.id = next(ids)

    def tell(
        self,
        role: tuple[str, float, int],
        places: Sequence[str],
        chance: Sequence[float],
        days: Sequence[int],
        name: str,
    ) -> None:
        """Write the person, posts, trainings, exams and certificates."""
        kind, _, years = role
        since = SINCE + timedelta(days=days[0])
        self._writer.add("person", *provinces.person(self.id, name, self._number, places[0]))
        items = ("1.1" if days[1] % 3 else "2.1",) if kind == "special_operations_worker" else ()
        changed = since + timedelta(days=60 + days[1] % 700) if chance[0] < 0.25 else None
        left = since + timedelta(days=90 + days[2] % 1200) if chance[1] < 0.1 else None
        self._post(places[0], kind, items, since, changed or left)
        if changed is not None:
            self._post(places[1], kind, items, changed, None)
        if chance[2] < 0.85:
            day = since + timedelta(days=days[2] % 40)
            self._record(
                "training", "induction", None, None, day, provider=dashed(hexed(places[0]))
            )
        if kind == "enforcement_officer" and chance[3] < 0.8:
            self._record("training", "rotation", None, None, since + timedelta(days=days[1] % 900))
        if kind in ("principal", "occupational_health_manager") and chance[4] < 0.6:
            day = since + timedelta(days=days[1] % 300)
            self._record("training", "occupational_health", None, None, day)
        if years and chance[5] < 0.9:
            self._qualify(kind, items, years, chance, since + timedelta(days=10 + days[1] % 120))

    def _qualify(
        self, kind: str, items: tuple[str, ...], years: int, chance: Sequence[float], on: date
    ) -> None:
        as_role = "safety_manager" if kind == "full_time_safety_manager" else kind
        item = items[0] if items else None
        self._record("training", "qualification", as_role, item, on)
        passed = chance[6] < 0.9
        examined = on + timedelta(days=14)
        self._record("exam", None, as_role, item, examined, passed=passed)
        if not passed:
            return
        self._certificate(as_role, item, years, examined, chance[7])
        again = examined + timedelta(days=365 * years)
        if again < TODAY and chance[7] < 0.7:
            self._certificate(as_role, item, years, again, 1.0)

    def _post(
        self, place: str, role: str, items: tuple[str, ...], on: date, until: date | None
    ) -> None:
        columns = ("id", "person_id", "organisation_id", "role", "items", "from_on", "until_on")
        row = (
            next(self._ids),
            self.id,
            place,
            role,
            json.dumps(items),
            str(on),
            until and str(until),
        )
        self._writer.add("post", (*columns, "recorded_at"), (*row, _STAMP))

    def _record(
        self,
        kind: str,
        purpose: str | None,
        role: str | None,
        item: str | None,
        on: date,
        *,
        passed: bool | None = None,
        provider: str | None = None,
    ) -> None:
        columns = ("id", "person_id", "kind", "subject_id", "happened_at", "happened_on")
        one = next(self._ids)
        content = {
            "passed": passed,
            "hours": "72",
            "provider_id": provider or self._ground.provider,
        }
        row = (one, self.id, kind, one, f"{on} 04:00:00.000000", str(on), purpose, role, item)
        self._writer.add(
            "record",
            (*columns, "purpose", "role", "item", "content", "source", "recorded_at"),
            (*row, json.dumps(content), "批量", _STAMP),
        )

    def _certificate(
        self, role: str, item: str | None, years: int, on: date, chance: float
    ) -> None:
        found = self._ground.qualifications.get((role, item or ""))
        if found is None:
            return
        qualification, rule = found
        one = next(self._ids)
        until = on + timedelta(days=365 * years)
        provinces.certificate(
            self._writer, self._ground, one, (self.id, qualification, rule), on, until
        )
        self._befall(one, "issued", 1, on)
        if chance < 0.02:
            self._befall(one, "suspended", 2, on + timedelta(days=200))
        if chance < 0.01:
            self._befall(one, "reinstated", 3, on + timedelta(days=290))

    def _befall(self, certificate: str, kind: str, sequence: int, on: date) -> None:
        columns = ("id", "certificate_id", "sequence", "kind", "effective_on", "reason", "at")
        row = (next(self._ids), certificate, sequence, kind, str(on), "核查", _STAMP)
        self._writer.add("certificate_event", columns, row)
