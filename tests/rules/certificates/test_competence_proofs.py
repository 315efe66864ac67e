"""Each kind of proof of competence, on the last day on which it lasts and the day after."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from certificates.competence import proving
from certificates.competence.frameworks import Proof
from certificates.competence.kinds import ProofKind
from certificates.competence.knowing import Known, Marked, Presented, Registered, Sat, Taught
from certificates.facts import RecordKind
from certificates.papers import File, Line
from tests.rules.certificates.test_competence import OFFICERS

DAY = date(2026, 6, 15)
K = ProofKind


def sat(**words: Any) -> Sat:
    usual = {"role": "enforcement_officer", "practical": False, "passed": True}
    return Sat(**{**usual, "on": DAY, "share": Fraction(4, 5), **words})


def taught(on: date, hours: int = 12, purpose: str = "rotation") -> Taught:
    return Taught(on=on, purpose=purpose, hours=Fraction(hours))


HOURS = Proof(kind=K.HOURS, hours=24, purposes=("rotation",), months=36)
EXAM = Proof(kind=K.EXAM, percent=80, months=36)
ROTATED = Proof(kind=K.MEASURE, measure="rotation_training_within_3_years")
TRAINED = Line(RecordKind.TRAINED, date(2023, 6, 16).toordinal(), "rotation", None, None)
ENTRY = Proof(kind=K.ENTRY, record_kinds=("note",), months=24)

#: Proof, what is known, and what is found: holds, until, why, have.
FOUND: list[tuple[Proof, Known, tuple[bool, date | None, str | None, str | None]]] = [
    (ROTATED, Known(), (False, None, "never_trained", None)),
    (ROTATED, Known(file=File(lines=[TRAINED])), (True, DAY, None, None)),
    (
        ROTATED,
        Known(file=File(lines=[replace(TRAINED, day=TRAINED.day - 1)])),
        (False, None, "expired", None),
    ),
    (EXAM, Known(), (False, None, "never", None)),
    (EXAM, Known(exams=[sat()]), (True, date(2029, 6, 14), None, None)),
    (EXAM, Known(exams=[sat(share=Fraction(79, 100))]), (False, None, "too_little", "79 %")),
    (EXAM, Known(exams=[sat(passed=False)]), (False, None, "too_little", "80 %")),
    (EXAM, Known(exams=[sat(share=None)]), (False, None, "too_little", None)),
    (EXAM, Known(exams=[sat(practical=True)]), (False, None, "never", None)),
    (EXAM, Known(exams=[sat(role="principal")]), (False, None, "never", None)),
    (EXAM, Known(exams=[sat(on=DAY + timedelta(days=1))]), (False, None, "never", None)),
    (EXAM, Known(exams=[sat(on=date(2023, 6, 15))]), (False, None, "expired", None)),
    (EXAM, Known(exams=[sat(on=date(2023, 6, 16))]), (True, DAY, None, None)),
    (
        Proof(kind=K.PRACTICAL, percent=80),
        Known(exams=[sat(practical=True)]),
        (True, None, None, None),
    ),
    (HOURS, Known(), (False, None, "too_little", "0.0")),
    # The older of both is needed: what they are together ends with it.
    (
        HOURS,
        Known(trainings=[taught(DAY), taught(date(2023, 6, 16))]),
        (True, DAY, None, "24.0"),
    ),
    (
        HOURS,
        Known(trainings=[taught(DAY), taught(date(2023, 6, 15))]),
        (False, None, "too_little", "12.0"),
    ),
    (
        HOURS,
        Known(trainings=[taught(DAY, 40, "annual"), taught(DAY + timedelta(days=1), 40)]),
        (False, None, "too_little", "0.0"),
    ),
    (
        Proof(kind=K.YEARS, years=1),
        Known(posts=[("enforcement_officer", DAY - timedelta(days=364), None)]),
        (True, None, None, "365"),
    ),
    (
        Proof(kind=K.YEARS, years=1),
        Known(posts=[("enforcement_officer", DAY - timedelta(days=363), None)]),
        (False, None, "too_little", "364"),
    ),
    # Two posts at once are one day each day; another role is none.
    (
        Proof(kind=K.YEARS, years=1),
        Known(
            posts=[
                ("enforcement_officer", DAY - timedelta(days=200), None),
                ("enforcement_officer", DAY - timedelta(days=200), DAY),
                ("principal", DAY - timedelta(days=900), None),
                ("enforcement_officer", DAY + timedelta(days=1), None),
            ]
        ),
        (False, None, "too_little", "201"),
    ),
    (Proof(kind=K.EDUCATION, education="bachelor"), Known(), (False, None, "never", None)),
    (
        Proof(kind=K.EDUCATION, education="bachelor"),
        Known(education="college"),
        (False, None, "too_little", "college"),
    ),
    (
        Proof(kind=K.EDUCATION, education="bachelor"),
        Known(education="postgraduate"),
        (True, None, None, "postgraduate"),
    ),
    (Proof(kind=K.ENGINEER), Known(), (False, None, "never", None)),
    (
        Proof(kind=K.ENGINEER, engineer="intermediate"),
        Known(engineer=[Registered(grade="junior", valid_from=DAY, valid_until=DAY)]),
        (False, None, "never", None),
    ),
    (
        Proof(kind=K.ENGINEER),
        Known(engineer=[Registered(grade="junior", valid_from=DAY, valid_until=DAY)]),
        (True, DAY, None, None),
    ),
    (
        Proof(kind=K.ENGINEER),
        Known(
            engineer=[
                Registered(
                    grade="junior", valid_from=date(2020, 1, 1), valid_until=date(2026, 6, 14)
                )
            ]
        ),
        (False, None, "expired", None),
    ),
    (Proof(kind=K.CLEAN, months=12), Known(), (True, None, None, None)),
    (
        Proof(kind=K.CLEAN, months=12),
        Known(violations=[date(2025, 6, 16)]),
        (False, None, "violation", None),
    ),
    (
        Proof(kind=K.CLEAN, months=12),
        Known(violations=[date(2025, 6, 15)]),
        (True, None, None, None),
    ),
    (ENTRY, Known(), (False, None, "never", None)),
    (
        ENTRY,
        Known(presented=[Presented(competence="inspection", kind="note", on=date(2024, 6, 16))]),
        (True, DAY, None, None),
    ),
    (
        ENTRY,
        Known(
            presented=[
                Presented(competence="inspection", kind="health", on=DAY),
                Presented(competence="integrity", kind="note", on=DAY),
                Presented(competence="inspection", kind="note", on=date(2024, 6, 15)),
            ]
        ),
        (False, None, "expired", None),
    ),
    (
        Proof(kind=K.MARK, mark=3, months=12),
        Known(
            marks=[
                Marked(competence="inspection", mark=3, on=DAY),
                Marked(competence="inspection", mark=2, on=DAY),
                Marked(competence="inspection", mark=5, on=date(2026, 1, 1)),
            ]
        ),
        (True, date(2027, 6, 14), None, "3"),
    ),
    (
        Proof(kind=K.MARK, mark=4, months=12),
        Known(marks=[Marked(competence="inspection", mark=3, on=DAY)]),
        (False, None, "too_little", "3"),
    ),
    (Proof(kind=K.MARK, mark=4, months=12), Known(), (False, None, "never", None)),
]


@pytest.mark.parametrize(("proof", "known", "expected"), FOUND)
def test_a_proof_holds_as_long_as_it_lasts(
    proof: Proof, known: Known, expected: tuple[bool, date | None, str | None, str | None]
) -> None:
    found = proving.finding(proof, "inspection", known, OFFICERS, on=DAY)

    assert (found.holds, found.until, found.why, found.have) == expected


@given(st.dates(date(1990, 1, 1), date(2200, 1, 1)), st.integers(1, 600))
def test_the_first_day_of_which_a_proof_lasts_is_the_first(on: date, months: int) -> None:
    first = proving.first_day(on, months)

    assert proving.last_day(first, months) >= on  # type: ignore[operator]  # months are given
    eve = first - timedelta(days=1)
    assert proving.last_day(eve, months) < on  # type: ignore[operator]  # months are given
