"""All who look at their certificates together see what each would see alone, in one statement."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from certificates.models import Issuer
from certificates.schemas.certificates import CertificateListOut
from certificates.services import holdings, standing
from certificates.services.holdings import Look
from certificates.validity import Turn
from server.days import civil_day
from server.db import db
from tests.factories.certificates import TODAY, a_certificate, an_issuer, befallen
from tests.factories.people import a_person
from tests.moments import NOON

pytestmark = pytest.mark.usefixtures("inside")

LOW, HIGH, WELDING, HEIGHT = (
    "low_voltage_electrician",
    "high_voltage_electrician",
    "fusion_welding_and_cutting",
    "installation_at_height",
)

#: Pinned: certificates with their rules and events.
STATEMENTS = 1

#: Under Order 30, which asks for a review in the third year.
BEGUN, REVIEWED = date(2021, 5, 2), date(2024, 4, 1)


def seen(*people, at=NOON):
    """Look together."""
    looks = [Look(one.id, at) for one in people]
    return holdings.seen(db.session.connection(), looks)


def alone(person, *, at=NOON):
    """Return what one sees alone."""
    held = standing.held(person.id, on=civil_day(at))
    return CertificateListOut().dump(held)["items"]


@pytest.fixture
def holders():
    """People with certificates to which everything has happened that can."""
    issuer = an_issuer()
    nobody, many, reviewed, lost, back = (a_person() for _ in range(5))
    for code, days in ((LOW, 0), (HIGH, 400), (WELDING, 30), (HEIGHT, 30)):
        began = TODAY - timedelta(days=days)
        a_certificate(many, issuer, qualification=code, valid_from=began)
    befallen(a_certificate(reviewed, issuer, valid_from=BEGUN), Turn.REVIEWED, REVIEWED)
    befallen(a_certificate(lost, issuer), Turn.REVOKED, reason="伪造“材料”\\n")
    suspended = befallen(a_certificate(back, issuer), Turn.SUSPENDED)
    befallen(suspended, Turn.REINSTATED)
    befallen(a_certificate(back, issuer, qualification=HIGH), Turn.CANCELLED)
    db.session.flush()
    db.session.expire_all()
    return [nobody, many, reviewed, lost, back]


@pytest.mark.parametrize("after", [-1, 0, 9, 700, 1100, 3000])
def test_each_sees_what_they_would_see_alone(holders, after):
    at = NOON + timedelta(days=after)

    together = seen(*holders, at=at)

    assert together == [alone(one, at=at) for one in holders]
    assert [len(items) for items in together] == [0, 4, 1, 1, 2]


def test_a_review_that_was_passed_is_due_no_more(holders):
    issuer = db.session.execute(select(Issuer)).scalar_one()
    missed = a_person()
    a_certificate(missed, issuer, valid_from=BEGUN)

    ((passed,), (due,)) = seen(holders[2], missed)

    assert (passed["review_due_on"], passed["status"]) == (None, "valid")
    assert (due["review_due_on"], due["status"]) == ("2024-05-01", "expired")


def test_who_asks_twice_at_once_is_answered_twice(holders):
    nobody, many = holders[:2]

    together = seen(many, nobody, many)

    assert together[0] == together[2] == alone(many)
    assert together[1] == []


@pytest.mark.parametrize("count", [1, 5])
def test_any_number_of_people_takes_one_statement(holders, count_statements, count):
    looks = [Look(one.id, NOON) for one in holders[-count:]]

    with count_statements() as sent:
        together = holdings.seen(db.session.connection(), looks)

    assert len(sent) == STATEMENTS
    assert all(together[-1])
