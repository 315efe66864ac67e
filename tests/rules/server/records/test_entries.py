"""The ledger's rules: what stands, what counts, and on which day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from fractions import Fraction
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server import days
from server.records import entries, printouts, timeline
from server.records.entries import RecordKind
from server.records.timeline import Line

K = RecordKind


@dataclass
class Entry:
    """An entry, as far as the rules look at one."""

    id: UUID
    kind: RecordKind
    corrects_id: UUID | None = None


def entry(number: int, kind: RecordKind = K.TRAINING, corrects: int | None = None) -> Entry:
    return Entry(UUID(int=number), kind, UUID(int=corrects) if corrects else None)


@pytest.mark.parametrize(
    ("ledger", "standing"),
    [
        ([], []),
        ([entry(1), entry(2)], [1, 2]),
        ([entry(1), entry(2, corrects=1)], [2]),
        ([entry(1), entry(2, K.CORRECTION, corrects=1)], []),
        ([entry(1), entry(2, corrects=1), entry(3, corrects=2)], [3]),
    ],
    ids=["empty", "plain", "corrected", "withdrawn", "corrected twice"],
)
def test_what_was_corrected_no_longer_stands(ledger: list[Entry], standing: list[int]) -> None:
    assert [one.id.int for one in entries.standing(ledger)] == standing


@pytest.mark.parametrize(
    ("asked", "stated", "fits"),
    [("1.2", None, True), ("1.2", "1.2", True), ("1.2", "1.1", False), (None, "1.2", False)],
)
def test_training_for_nothing_in_particular_counts_for_everything(
    asked: str | None, stated: str | None, fits: bool
) -> None:
    assert entries.fits(asked, stated) is fits


@given(st.dates(date(1992, 1, 1), date(2100, 1, 1)))
def test_the_beginning_of_a_day_lies_in_that_day(day: date) -> None:
    assert days.civil_day(days.beginning_of(day)) == day


def test_days_are_those_of_shanghai() -> None:
    assert days.civil_day(datetime(2026, 6, 14, 16, 0, tzinfo=UTC)) == date(2026, 6, 15)
    assert days.civil_day(datetime(2026, 6, 14, 15, 59, tzinfo=UTC)) == date(2026, 6, 14)


def test_hours_are_exact() -> None:
    assert entries.hours_of({"hours": "0.1"}) * 10 == Fraction(1)


def test_lines_stand_as_they_happened_and_then_as_they_were_written() -> None:
    def line(number: int, happened: int, recorded: int) -> Line:
        return Line(
            id=str(number),
            kind=K.NOTE,
            happened_at=datetime(2026, 6, happened, tzinfo=UTC).isoformat(),
            happened_on=date(2026, 6, happened).isoformat(),
            subject_id=str(number),
            content={},
            source="",
            recorded_at=datetime(2026, 6, recorded, tzinfo=UTC).isoformat(),
        )

    lines = timeline.ordered([line(1, 3, 9), line(2, 1, 9), line(4, 2, 8), line(3, 2, 9)])

    assert [one.id for one in lines] == ["2", "4", "3", "1"]


def test_of_what_was_written_at_once_a_beginning_stands_first() -> None:
    moment = "2026-06-15T04:00:00+00:00"
    revoked, issued = (
        Line(name, RecordKind.CERTIFICATE, moment, "2026-06-15", name, {"what": what}, "", moment)
        for name, what in (("1", "revoked"), ("2", "issued"))
    )

    assert timeline.ordered([revoked, issued]) == [issued, revoked]


def test_lines_of_one_decision_that_read_alike_are_one_row() -> None:
    bar: dict[str, object] = {
        "id": "1",
        "subject_id": "1",
        "kind": "bar",
        "content": {},
        "reason": None,
        "counts": True,
    }
    bar |= {"happened_on": "2026-06-15", "recorded_at": "2026-06-15T04:00:00+00:00"}
    bar |= {"source": "某局", "confirmed_by": [], "awaits_confirmation_by": []}
    said = {"person": {}, "lines": [bar] * 54 + [bar | {"source": "另一局"}]}
    shown = printouts.printable(said | {"read_at": bar["recorded_at"]}, {})

    bars = next(part for part in shown["parts"] if part["en"].startswith("Violations"))
    ends = [row["what"][-15:] for row in bars["lines"]]
    assert (len(ends), "共 54 项" in ends[0], "项" in ends[1]) == (2, True, False)


@pytest.mark.parametrize(
    ("kind", "corrected_by", "counts"),
    [(K.TRAINING, None, True), (K.TRAINING, "9", False), (K.CORRECTION, None, False)],
)
def test_a_line_counts_unless_it_was_corrected_or_withdraws(
    kind: RecordKind, corrected_by: str | None, counts: bool
) -> None:
    line = Line(
        id="1",
        kind=kind,
        happened_at="2026-06-01T00:00:00+00:00",
        happened_on="2026-06-01",
        subject_id="1",
        content={},
        source="",
        recorded_at="2026-06-01T00:00:00+00:00",
        corrected_by_id=corrected_by,
    )

    assert line.counts is counts
