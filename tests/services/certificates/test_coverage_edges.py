"""The edges of counting: leap days, days of moves, two posts, two regions, reforms, forecasts."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from certificates import watching
from certificates.errors import SumsBehind
from certificates.models import CoverageBatch, CoverageCheckpoint
from certificates.services import continuing, figures, units
from certificates.services.continuing import Following
from certificates.services.counts import booking, checking, waiting
from certificates.validity import Turn
from server.db import db
from server.people.roster import PostRole
from server.regions import services as regions
from server.scopes import EVERYWHERE
from tests.factories.certificates import (
    REGISTRAR,
    TODAY,
    a_certificate,
    a_training,
    an_issuer,
    befallen,
)
from tests.factories.rosters import a_person, a_post, a_region, an_organisation, stored
from tests.moments import NOON

pytestmark = pytest.mark.usefixtures("inside")

SPECIAL = "shanxi-special-operations-certified"
ROTATION = "pingliang-officer-rotation"


@pytest.fixture
def issuer():
    return an_issuer()


@pytest.fixture
def counties(issuer):
    """Two counties of one city of a province."""
    city = a_region(a_region(name="某省"), name="某市")
    return [a_region(city, name=name) for name in ("甲县", "乙县")]


def _figure(region: Any, *, key: str = SPECIAL, on: date = TODAY, **asked: Any) -> Any:
    watching.settle(db.session())
    unit = units.unit(region_id=region.id, organisation_id=None, scope=EVERYWHERE)
    return figures.figure(key, unit, on=on, **asked)


def _counts(region: Any, **asked: Any) -> tuple[int, int]:
    found = _figure(region, **asked)
    return found.required_count, found.covered_count


def _employ(person: Any, place: Any, *items: str, **post: Any) -> Any:
    items = items or ("1.2",)
    return a_post(person, place, role=PostRole.SPECIAL_OPERATIONS_WORKER, items=items, **post)


def _above(region: Any) -> Any:
    return db.session.get_one(type(region), region.parent_id)


def test_a_training_of_29_february_counts_through_28_february_three_years_later(counties):
    works = an_organisation(counties[0])
    officer = a_person(works)
    a_post(officer, works, role=PostRole.ENFORCEMENT_OFFICER)
    a_training(officer, "rotation", on=date(2024, 2, 29))

    covered = [
        _counts(counties[0], key=ROTATION, on=day)[1]
        for day in (date(2024, 2, 28), date(2024, 2, 29), date(2027, 2, 28), date(2027, 3, 1))
    ]

    assert covered == [0, 1, 1, 0]


def test_a_certificate_of_29_february_stands_through_27_february(counties, issuer):
    works = an_organisation(counties[0])
    worker = a_person(works)
    _employ(worker, works)
    held = a_certificate(worker, issuer, valid_from=date(2024, 2, 29))
    befallen(held, Turn.REVIEWED, date(2026, 6, 1))
    last = held.valid_until

    assert (last.month, last.day) == (2, 27)
    assert [_counts(counties[0], on=last + timedelta(days=step))[1] for step in (0, 1)] == [1, 0]


def test_a_certificate_that_is_issued_again_before_its_end_changes_no_value(counties, issuer):
    works = an_organisation(counties[0])
    worker = a_person(works)
    _employ(worker, works)
    first = a_certificate(worker, issuer, valid_from=date(2026, 1, 1))
    days = [TODAY + timedelta(days=step) for step in (-1, 0, 1, 900)] + [first.valid_until]
    before = [_counts(counties[0], on=day) for day in days]

    following = Following(certificate_id=uuid4(), reason="遗失补发")
    continuing.replace_with(first.id, following, continuing.Cause.LOST, by=REGISTRAR, at=NOON)

    assert [_counts(counties[0], on=day) for day in days] == before
    assert before[0] == (1, 1)


def test_of_three_posts_on_one_day_only_the_last_counts(counties):
    day = date(2026, 3, 1)
    places = [an_organisation(county) for county in (*counties, a_region(_above(counties[0])))]
    worker = a_person(places[0])
    _employ(worker, places[0], until_on=day)
    _employ(worker, places[1], from_on=day, until_on=day)
    _employ(worker, places[2], from_on=day)

    third = db.session.get_one(type(counties[0]), places[2].region_id)
    where = [_counts(county, on=day)[0] for county in (*counties, third)]
    assert where == [0, 0, 1]
    before = day - timedelta(days=1)
    assert [_counts(county, on=before)[0] for county in (*counties, third)] == [1, 0, 0]


def test_two_posts_that_ask_for_one_item_are_one_person_and_two_posts(counties, issuer):
    works = [an_organisation(counties[0]) for _ in range(2)]
    worker = a_person(works[0])
    for place in works:
        _employ(worker, place)
    a_certificate(worker, issuer)

    found = _figure(counties[0])

    assert (found.required_count, found.covered_count) == (1, 1)
    assert (found.items_required_count, found.items_covered_count) == (2, 2)


def test_somebody_in_two_counties_counts_in_each_and_once_above(counties):
    works = [an_organisation(county) for county in counties]
    worker = a_person(works[0])
    for place in works:
        _employ(worker, place)

    assert [_counts(county)[0] for county in counties] == [1, 1]
    assert _counts(_above(counties[0])) == (1, 0)
    assert _figure(_above(counties[0])).items_required_count == 2
    assert _figure(counties[0]).definition.counting_unit == "person"


def test_a_village_that_moves_counts_where_it_lay_and_the_province_goes_on(counties):
    village = a_region(a_region(counties[0]))
    works = an_organisation(village)
    _employ(a_person(works), works)
    watching.settle(db.session())
    day, other = date(2026, 3, 1), a_region(counties[1])
    regions.move(village.id, other.id, on=day, by=REGISTRAR, at=NOON)
    watching.settle(db.session())

    days = (day - timedelta(days=1), day)
    assert [[_counts(county, on=one)[0] for one in days] for county in counties] == [[1, 0], [0, 1]]
    province = _above(_above(counties[0]))
    assert [_counts(province, on=one)[0] for one in days] == [1, 1]


def test_a_corrected_birth_date_changes_no_figure(counties, issuer):
    works = an_organisation(counties[0])
    worker = a_person(works)
    _employ(worker, works)
    a_certificate(worker, issuer)
    before = _counts(counties[0])

    worker.birth_on = date(1990, 2, 28)
    db.session.flush()

    assert booking.book({worker.id}, set(), at=NOON) == 0
    assert _counts(counties[0]) == before


def test_a_forecast_differs_later_only_by_what_was_learned_since(counties, issuer):
    works = an_organisation(counties[0])
    worker = a_person(works)
    _employ(worker, works)
    held = a_certificate(worker, issuer)
    ahead = held.valid_until - timedelta(days=400)
    forecast = _figure(counties[0], on=ahead, today=TODAY)
    then = db.session.execute(select(func.max(CoverageBatch.recorded_at))).scalar_one()

    befallen(held, Turn.REVOKED)
    watching.settle(db.session())
    for batch in db.session.execute(select(CoverageBatch)).scalars():
        if batch.seq == db.session.execute(select(func.max(CoverageBatch.seq))).scalar_one():
            batch.recorded_at = then + timedelta(hours=1)
    db.session.flush()

    assert forecast.scenario == "nobody_renews"
    assert _figure(counties[0], on=ahead, known_at=then).covered_count == forecast.covered_count
    assert _figure(counties[0], on=ahead).covered_count == forecast.covered_count - 1


def test_more_missing_than_required_cannot_be_stored():
    wrong = {"required": 1, "missing": 2, "excluded": 0}
    items = {"items_required": 2, "items_missing": 2, "items_excluded": 0}

    with pytest.raises(IntegrityError):
        stored(CoverageCheckpoint(region=1, indicator=1, day=1, **wrong, **items))


def test_four_hundred_organisations_of_one_transaction_wait_to_be_counted(issuer):
    county = a_region()
    for _ in range(400):
        an_organisation(county)

    watching.settle(db.session())

    count, _ = waiting.lag()
    assert count >= 400
    with pytest.raises(SumsBehind):
        checking.check(at=NOON)
