"""A practical with two examiners who score it; tests say only what they are about."""

from __future__ import annotations

from datetime import datetime, timedelta
from fractions import Fraction
from uuid import UUID, uuid4

from exams import scoring
from exams.models import Attempt, Practical
from exams.services import practical_scores, practicals, score_sheets
from exams.services.practicals import PracticalPlan
from server.db import db
from server.people.models import Person
from server.policy import Identity, Role
from tests.factories import exams as a
from tests.factories.sitting import answer, submit
from tests.moments import NOON

DAY = timedelta(days=1)


def a_passed_theory() -> Attempt:
    """Store an attempt at the theory that was passed at NOON."""
    a.with_practical()
    attempt = a.an_attempt(a.an_exam())
    answer(attempt, right=90)
    return submit(attempt)


def a_practical(
    theory: Attempt | None = None, *, planned_at: datetime = NOON + DAY, scorers: int = 2
) -> tuple[Practical, list[Identity]]:
    """Store a practical and return it with its examiners."""
    theory = theory or a_passed_theory()
    plan = PracticalPlan(
        theory_attempt_id=theory.id,
        organisation_id=theory.exam.organisation_id,
        planned_at=planned_at,
    )
    made = practicals.plan(uuid4(), plan, seed=a.SEED, by=a.SOMEBODY, at=NOON + DAY)
    return made, [assigned(made) for _ in range(scorers)]


def assigned(practical: Practical) -> Identity:
    """Assign somebody new, and return them."""
    person = a_stranger(practical)
    practicals.assign(practical.id, person.id, by=a.SOMEBODY, at=NOON + DAY)
    return a.identity_of(person.id, Role.EXAMINER)


def a_stranger(practical: Practical) -> Person:
    """Store somebody of the test centre who has no namesake."""
    person = a.a_person(practical.organisation)
    person.name = f"考评员{person.id.hex[:6]}"
    db.session.flush()
    return person


def full_marks(practical: Practical) -> dict[str, str]:
    """Return full marks by code; 0 for vetoes, which is: not failed."""
    scale = scoring.scale(score_sheets.of(practical.score_sheet), practical.drawn)
    return {code: "0" if most is None else str(most) for code, most in scale.items()}


def vetoes(practical: Practical) -> list[str]:
    """Return the codes of what fails the whole."""
    scale = scoring.scale(score_sheets.of(practical.score_sheet), practical.drawn)
    return [code for code, most in scale.items() if most is None]


def words(values: dict[str, str], *, sequence: int = 1) -> list[dict[str, object]]:
    """Return values as a phone sends them."""
    return [{"code": code, "sequence": sequence, "value": value} for code, value in values.items()]


def score(
    practical: Practical,
    by: Identity,
    changed: dict[str, str] | None = None,
    *,
    at: datetime = NOON + DAY,
) -> Practical:
    """Let an examiner give full marks but for what is changed, and hand in."""
    values = full_marks(practical) | (changed or {})
    practical_scores.store(practical.id, words(values), by=by, at=at)
    return practical_scores.hand_in(practical.id, by=by, at=at)


def first_step(practical: Practical) -> tuple[str, Fraction]:
    """Return the first step of the practical, and what it is worth."""
    scale = scoring.scale(score_sheets.of(practical.score_sheet), practical.drawn)
    return next((code, most) for code, most in scale.items() if most is not None)


def decided(practical_id: UUID) -> Practical:
    """Return a practical as it stands now."""
    found = db.session.get_one(Practical, practical_id)
    db.session.refresh(found)
    return found
