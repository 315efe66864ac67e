"""Who examined does not certify; what another authority grants, at each of its three places."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from certificates.life_errors import SameEmployer, TrainedHolder
from certificates.services import issuing
from certificates.services import separation as apart
from exams.models import Attempt
from exams.separation_errors import NotSeparated, OverrideNeedsAnother
from exams.services import practicals, staff
from exams.sittings import SittingMove
from exams.staffing import Duty
from server import days
from server.audit.models import AuditEntry
from server.auth.models import Account
from server.db import db
from server.people.models import Person
from server.policy import Identity, Role
from tests.factories import certificates as certified
from tests.factories import exams as a
from tests.factories import practicals as the
from tests.factories import sittings as some
from tests.factories.bonds import somebody
from tests.factories.practical_days import CircuitDay, a_running
from tests.factories.sitting import HOUR
from tests.moments import NOON
from tests.services.exams.test_paper_sheets import Ground
from tests.services.exams.test_separation import a_teacher, ask, decide

pytestmark = pytest.mark.usefixtures("inside")


def may_not_certify(attempt: Attempt, who: UUID) -> bool:
    """Say whether somebody is kept from certifying on the ground of an attempt."""
    people: dict[UUID, UUID | None] = {attempt.candidate_id: attempt.id}
    by = a.identity_of(who, Role.ISSUER)
    found = apart.too_near(people, deciders=[by], on=days.civil_day(NOON))
    assert set(found.values()) <= {TrainedHolder}
    return bool(found)


def test_whoever_had_a_duty_in_a_circuit_does_not_certify_after_it():
    day = a_running(CircuitDay(count=1))
    (theory,) = day.theories

    assert all(may_not_certify(theory, one.person_id) for one in (*day.examiners, day.by))
    assert not may_not_certify(theory, somebody().id)


def test_who_scored_does_not_certify_under_another_registration_either():
    practical, _ = the.a_practical(scorers=0)
    who, twin = somebody(), somebody()
    for one in (who, twin):
        one.name, one.birth_on = "一个人", date(1975, 5, 6)
    db.session.flush()
    assert not may_not_certify(practical.theory, twin.id)

    practicals.add_scorer(practical, who.id, by=a.SOMEBODY, at=NOON)

    assert may_not_certify(practical.theory, who.id)
    assert may_not_certify(practical.theory, twin.id)


def test_whoever_opened_read_or_settled_an_answer_sheet_does_not_certify_after_it():
    ground = Ground()
    opener = ground.reader()
    db.session.add(Account(**an_account_of(opener)))
    ground.open(by=opener)
    ground.read(ground.first)
    ground.read(ground.second, q1="")
    sheet = ground.settle(ground.third, q1="")
    attempt = db.session.get_one(Attempt, sheet.attempt_id)
    twin = somebody()
    first = db.session.get_one(Person, ground.first.person_id)
    for one in (first, twin):
        one.name, one.birth_on = "录入员", date(1975, 5, 6)
    db.session.flush()

    hands = (opener, ground.first, ground.second, ground.third)
    assert [may_not_certify(attempt, one.person_id) for one in hands] == [True] * 4
    assert may_not_certify(attempt, twin.id), "another registration of who read it"
    assert not may_not_certify(attempt, ground.reader().person_id)


def an_account_of(by: Identity) -> dict[str, Any]:
    """Return the account with which somebody asks."""
    return {
        "id": by.account_id,
        "person_id": by.person_id,
        "sign_in_name": f"reader-{by.account_id.hex}",
        "password_digest": "no password signs in here",
        "password_checked_for": 0,
        "password_set_at": NOON,
        "created_at": NOON,
    }


@pytest.fixture
def pair() -> tuple[Person, Person]:
    """Two colleagues, of whom one wants to be examined."""
    enterprise = a.an_organisation()
    candidate = a.an_electrician(enterprise, birth_on=date(1990, 1, 1))
    candidate.name = "待考人"
    some.declare_healthy(candidate)
    db.session.flush()
    return a_teacher(enterprise, birth_on=None), candidate


def refused_until_granted(
    pair: tuple[Person, Person], act: Callable[[], object], refusal: type[Exception]
) -> None:
    """Make sure that an act is refused, and done once another authority allows it."""
    with pytest.raises(refusal):
        act()
    override = ask(pair, until_on=date(2026, 12, 31))
    with pytest.raises(refusal):
        act()
    with pytest.raises(OverrideNeedsAnother):
        decide(override, override.asked_by_person_id)
    decide(override, a.a_person(a.an_organisation()).id)
    assert act() is not None
    db.session.commit()
    asked = select(AuditEntry.action, AuditEntry.reason).where(AuditEntry.subject_id == override.id)
    assert {tuple(row) for row in db.session.execute(asked)} == {
        ("separation_override_asked", "县内仅此一名监考员"),
        ("separation_override_granted", "同意"),
    }


def test_an_exception_is_granted_by_another_authority_and_audited_at_the_assignment(pair):
    hall = some.a_hall()
    sitting = some.a_sitting(hall)
    some.an_application(sitting, pair[1])

    refused_until_granted(
        pair,
        lambda: staff.assign(
            uuid4(),
            sitting,
            person_id=pair[0].id,
            duty=Duty.INVIGILATOR,
            room="",
            by=hall.by,
            at=NOON,
        ),
        NotSeparated,
    )


def test_an_exception_is_granted_by_another_authority_and_audited_at_the_start(pair):
    hall = some.a_hall()
    sitting = some.a_sitting(hall)
    some.admitted(hall, sitting, 1, candidate=pair[1])
    some.move(hall, sitting, SittingMove.CLOSE, SittingMove.SEAT, at=NOON)
    stranger = some.an_invigilator(hall, sitting)
    bound = next(one for one in staff.of(sitting.id) if one.person_id == stranger.person_id)
    # Whom nothing bound when they were assigned, and something does on the day.
    bound.person_id = pair[0].id
    db.session.flush()

    refused_until_granted(
        pair,
        lambda: some.move(hall, sitting, SittingMove.START, at=some.OPENS - HOUR),
        NotSeparated,
    )


def test_an_exception_is_granted_by_another_authority_and_audited_at_the_issue(pair):
    draft = certified.a_draft(pair[1], certified.an_issuer())
    by = a.identity_of(pair[0].id, *Role)

    refused_until_granted(pair, lambda: issuing.issue(uuid4(), draft, by=by, at=NOON), SameEmployer)
