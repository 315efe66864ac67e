"""What is due by when, and which class does it, as tables of cases."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest

from certificates.due import Course, Due, DueKind, dues
from certificates.on_post_facts import Paper, Person, Spell, Taught
from certificates.validity import Status
from server.training.kinds import TrainingType

T, K = TrainingType, DueKind
WORKER, OFFICER = "special_operations_worker", "enforcement_officer"
DAY = date(2026, 6, 15)


@pytest.mark.parametrize(
    ("left", "stage"),
    [
        (91, None),
        (90, 90),
        (61, 90),
        (60, 60),
        (31, 60),
        (30, 30),
        (8, 30),
        (7, 7),
        (0, 7),
        (-1, 0),
    ],
)
def test_one_is_reminded_at_ninety_sixty_thirty_and_seven_days_and_when_it_is_over(
    left: int, stage: int | None
) -> None:
    assert Due(K.CERTIFICATE, DAY + timedelta(days=left), "1.2").stage(DAY) == stage


@pytest.mark.parametrize(
    ("kind", "role", "course", "does"),
    [
        (K.CERTIFICATE, WORKER, Course(T.INITIAL, WORKER, "1.2"), True),
        (K.CERTIFICATE, WORKER, Course(T.RENEWAL, WORKER, "1.2"), True),
        (K.CERTIFICATE, WORKER, Course(T.RE_REVIEW, WORKER, "2.1"), False),
        (K.CERTIFICATE, WORKER, Course(T.RE_TRAINING, WORKER, "1.2"), False),
        (K.CERTIFICATE, WORKER, Course(T.INITIAL, None, None), False),
        (K.ANNUAL_HOURS, WORKER, Course(T.RE_TRAINING, WORKER, None), True),
        (K.ANNUAL_HOURS, WORKER, Course(T.TOPIC, None, None), True),
        (K.ANNUAL_HOURS, WORKER, Course(T.RE_TRAINING, "principal", None), False),
        (K.ANNUAL_HOURS, "full_time_safety_manager", Course(T.TOPIC, "safety_manager", None), True),
        (K.INDUCTION, "employee", Course(T.INDUCTION, "employee", None), True),
        (K.INDUCTION, "employee", Course(T.POST_CHANGE, None, None), True),
        (K.INDUCTION, "employee", Course(T.TOPIC, "employee", None), False),
        (K.ROTATION, OFFICER, Course(T.ROTATION, OFFICER, None), True),
        (K.ROTATION, OFFICER, Course(T.ROTATION, None, None), True),
        (K.ROTATION, OFFICER, Course(T.INITIAL, OFFICER, None), False),
    ],
)
def test_a_class_does_what_it_is_for_and_nothing_else(
    kind: DueKind, role: str, course: Course, does: bool
) -> None:
    item = "1.2" if kind is K.CERTIFICATE else None

    assert Due(kind, DAY, item).is_done_by(course, role=role) is does


def spell(role: str, *, from_on: date, until_on: date | None = None, at: str = "bureau") -> Spell:
    return Spell(at, at, role, frozenset(), from_on, until_on)


@pytest.mark.parametrize(
    ("appointed", "trained", "due_on"),
    [
        (date(2020, 1, 1), [], date(2023, 1, 1)),
        (date(2025, 1, 1), [], date(2028, 1, 1)),
        (date(2010, 1, 1), [date(2020, 3, 1), date(2023, 8, 1)], date(2026, 8, 1)),
        (date(2024, 2, 29), [], date(2027, 2, 28)),
        # Trained before the appointment: the years begin with the appointment.
        (date(2024, 9, 1), [date(2024, 1, 1)], date(2027, 9, 1)),
    ],
)
def test_an_officer_is_trained_in_rotation_within_every_three_years(
    appointed: date, trained: list[date], due_on: date
) -> None:
    post = spell(OFFICER, from_on=appointed)
    person = Person(
        papers=[Paper(OFFICER, None, Status.VALID, date(2040, 1, 1))],
        taught=[Taught(on, Decimal(40), "rotation", None, None) for on in trained],
        spells=[post],
    )

    found = dues(person, post, high_risk=False, on=DAY, within=5_000)

    assert [each for each in found if each.kind is K.ROTATION] == [Due(K.ROTATION, due_on)]
    others = dues(person, spell("employee", from_on=appointed), high_risk=False, on=DAY)
    assert K.ROTATION not in {each.kind for each in others}
