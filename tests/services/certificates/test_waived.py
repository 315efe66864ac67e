"""Who was examined without training, upon a certificate of skill, is told beside a figure."""

from __future__ import annotations

from datetime import timedelta

import pytest

from certificates import watching
from certificates.services import excluding, units
from certificates.services.counts.asking import Asked
from exams.services import deciding, leaving
from server.db import db
from server.regions.models import Region
from server.scopes import EVERYWHERE
from tests.factories import exams as a
from tests.factories import sittings as some
from tests.factories.certificates import an_issuer
from tests.factories.rosters import an_organisation
from tests.moments import NOON

pytestmark = pytest.mark.usefixtures("inside")

PASSED = "pingliang-qualified-special-operations"
CERTIFIED = "shanxi-special-operations-certified"
TODAY = NOON.date()


@pytest.fixture
def hall():
    """Return a test centre whose county has works with electricians."""
    return some.a_hall()


@pytest.fixture
def county(hall):
    found = db.session.get_one(Region, hall.centre.region_id)
    an_issuer(found)
    return found


def _waived(county, key=PASSED, *, on=TODAY):
    watching.settle(db.session())
    unit = units.unit(region_id=county.id, organisation_id=None, scope=EVERYWHERE)
    found = excluding.exclusions(key, Asked(unit=unit, on=on), since=None)
    return next((each.people_count for each in found if each.why.value == "waived"), None)


def _electrician(county, *, items=("1.2",)):
    works = an_organisation(county)
    person = a.a_person(works)
    a.a_post(person, works, items=items)
    some.declare_healthy(person)
    return person


def _admitted(hall, sitting, person, **more):
    made = some.an_application(sitting, person, **more)
    deciding.decide(made.id, approved=True, reason="符合条件", by=hall.by, at=NOON)
    return made


def test_who_was_examined_without_training_is_told(hall, county):
    sitting = some.a_sitting(hall)
    _admitted(hall, sitting, _electrician(county))
    assert _waived(county) == 0

    with_one = _admitted(hall, sitting, _electrician(county), waiver="职业技能等级证书 1234")

    assert _waived(county) == 1
    assert _waived(county, on=TODAY - timedelta(days=1)) == 0
    leaving.withdraw(with_one.id, by=a.identity_of(with_one.candidate_id), at=NOON)
    assert _waived(county) == 0


def test_somebody_who_waits_for_the_decision_is_not_told(hall, county):
    some.an_application(some.a_sitting(hall), _electrician(county), waiver="证书 1234")

    assert _waived(county) == 0


def test_a_figure_that_training_leads_nowhere_near_does_not_speak_of_it(county):
    _electrician(county)

    assert _waived(county, CERTIFIED) is None
