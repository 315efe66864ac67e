"""Figures from a real database: every kind, every edge, in a fixed number of statements."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction

import pytest

from certificates import watching
from certificates.coverage import Reason
from certificates.errors import UnitNeeded
from certificates.services import behind, excluding, figures, units
from certificates.services.counts import walking
from certificates.services.counts.asking import Asked
from certificates.validity import Turn
from server.db import db
from server.errors import NotFound
from server.paging import BadCursor
from server.people.roster import PostRole
from server.regions.models import Region
from server.scopes import EVERYWHERE, Scope
from tests.factories.certificates import (
    TODAY,
    a_certificate,
    a_training,
    an_assessment,
    an_issuer,
    befallen,
)
from tests.factories.rosters import a_person, a_post, a_region, an_organisation

pytestmark = pytest.mark.usefixtures("inside")

SPECIAL = "shanxi-special-operations-certified"
PRINCIPALS = "pingliang-qualified-principals"
OFFICERS = "linyi-enforcement-certified"


@pytest.fixture
def issuer():
    return an_issuer()


@pytest.fixture
def works(issuer):
    """An enterprise in a county of a city."""
    city = a_region()
    return an_organisation(a_region(city), name="某机械厂")


def _of(place, *, on=TODAY, scope=EVERYWHERE):
    watching.settle(db.session())
    is_region = place.__tablename__ == "region"
    return units.unit(
        region_id=place.id if is_region else None,
        organisation_id=None if is_region else place.id,
        scope=scope,
    )


def _figure(key, place, *, on=TODAY):
    return figures.figure(key, _of(place), on=on)


def _counts(key, place, *, on=TODAY):
    found = _figure(key, place, on=on)
    return found.required_count, found.covered_count, found.missing_count, found.excluded_count


def _why(key, place, *, on=TODAY):
    page = behind.behind(key, _of(place), on=on, cursor=None, limit=50)
    return {each.subject_id: each.reason for each in page.items}


def _a_worker(works, *items, **post):
    person = a_person(works)
    a_post(person, works, role=PostRole.SPECIAL_OPERATIONS_WORKER, items=items or ("1.2",), **post)
    return person


def _region(works):
    return db.session.get_one(Region, works.region_id)


def _an_officer(place):
    person = a_person(place)
    a_post(person, place, role=PostRole.ENFORCEMENT_OFFICER)
    return person


def test_nobody_in_post_is_shown_as_a_dash(works):
    found = _figure(SPECIAL, works)

    assert (found.ratio, found.shown, found.reached, found.gap) == (None, "—", None, 0)


def test_a_standing_certificate_covers_on_its_last_day_and_not_after(works, issuer):
    worker = _a_worker(works)
    certificate = a_certificate(worker, issuer, valid_from=date(2026, 1, 1))
    last = certificate.valid_until

    assert _counts(SPECIAL, works, on=date(2025, 12, 31)) == (1, 0, 1, 0)
    assert _counts(SPECIAL, works, on=date(2026, 1, 1)) == (1, 1, 0, 0)
    assert _counts(SPECIAL, works, on=last) == (1, 1, 0, 0)
    assert _counts(SPECIAL, works, on=last + timedelta(days=1)) == (1, 0, 1, 0)


def test_a_leaver_counts_neither_above_nor_below_the_line(works, issuer):
    worker = _a_worker(works, until_on=date(2026, 3, 1))
    a_certificate(worker, issuer, valid_from=date(2026, 1, 1))

    assert _counts(SPECIAL, works, on=date(2026, 2, 28)) == (1, 1, 0, 0)
    assert _counts(SPECIAL, works, on=date(2026, 3, 1)) == (0, 0, 0, 0)


def test_a_post_that_began_and_ended_on_one_day_never_counted(works):
    _a_worker(works, from_on=TODAY, until_on=TODAY)

    assert _counts(SPECIAL, works) == (0, 0, 0, 0)


def test_two_employers_are_one_person_in_the_region(works, issuer):
    worker = _a_worker(works)
    other = an_organisation(_region(works))
    a_post(worker, other, role=PostRole.SPECIAL_OPERATIONS_WORKER, items=("1.2",))
    a_certificate(worker, issuer)

    assert _counts(SPECIAL, _region(works)) == (1, 1, 0, 0)
    assert _counts(SPECIAL, other) == (1, 1, 0, 0)


def test_every_item_of_every_post_must_be_covered(works, issuer):
    worker = _a_worker(works, "1.1", "1.2")
    a_certificate(worker, issuer)

    assert _why(SPECIAL, works) == {worker.id: Reason.WRONG_ITEM}

    a_certificate(worker, issuer, qualification="high_voltage_electrician")
    assert _counts(SPECIAL, works) == (1, 1, 0, 0)


def test_a_suspension_uncovers_and_its_end_covers_again(works, issuer):
    worker = _a_worker(works)
    certificate = a_certificate(worker, issuer, valid_from=date(2026, 1, 1))
    befallen(certificate, Turn.SUSPENDED, date(2026, 2, 1))
    befallen(certificate, Turn.REINSTATED, date(2026, 3, 1))

    covered = [_counts(SPECIAL, works, on=date(2026, month, 1))[1] for month in (1, 2, 3)]

    assert covered == [1, 0, 1]


def test_everybody_missing_has_the_reason_that_fits(works, issuer):
    never, trained, failed, expired, suspended, revoked, wrong = (
        _a_worker(works) for _ in range(7)
    )
    a_training(trained, "qualification", role=PostRole.SPECIAL_OPERATIONS_WORKER, item="1.2")
    an_assessment(failed, passed=False, role=PostRole.SPECIAL_OPERATIONS_WORKER, item="1.2")
    a_certificate(expired, issuer, valid_from=date(2012, 1, 1))
    befallen(a_certificate(suspended, issuer), Turn.SUSPENDED)
    befallen(a_certificate(revoked, issuer), Turn.REVOKED)
    a_certificate(wrong, issuer, qualification="high_voltage_electrician")

    assert _why(SPECIAL, works) == {
        never.id: Reason.NEVER_TRAINED,
        trained.id: Reason.NOT_EXAMINED,
        failed.id: Reason.FAILED,
        expired.id: Reason.EXPIRED,
        suspended.id: Reason.SUSPENDED,
        revoked.id: Reason.REVOKED,
        wrong.id: Reason.WRONG_ITEM,
    }


def test_the_list_is_as_long_as_the_figure_says_page_by_page(works):
    workers = {_a_worker(works).id for _ in range(7)}
    listed, cursor = [], None
    while True:
        page = behind.behind(SPECIAL, _of(works), on=TODAY, cursor=cursor, limit=3)
        listed += [each.subject_id for each in page.items]
        cursor = page.next_cursor
        if cursor is None:
            break

    assert len(listed) == _figure(SPECIAL, works).missing_count == 7
    assert set(listed) == workers


def test_a_cursor_of_another_list_is_refused(works):
    with pytest.raises(BadCursor):
        behind.behind(SPECIAL, _of(works), on=TODAY, cursor="x", limit=3)


def test_every_indicator_comes_in_the_same_few_statements(works, issuer, count_statements):
    for _ in range(12):
        worker = _a_worker(works)
        befallen(a_certificate(worker, issuer), Turn.SUSPENDED)
        a_training(worker, "induction")
    unit = _of(_region(works))

    with count_statements() as sent:
        every = figures.figures(unit, on=TODAY)

    assert len(every) == 20
    assert len(sent) == 7
    assert len(figures.figures(unit, on=TODAY, plan="zhongwei")) == 3


def test_who_is_left_out_is_counted_by_reason(works, issuer):
    """Principals have half a year; one left in spring, one comes in autumn, one has two posts."""
    spring, autumn = date(2026, 3, 1), date(2026, 9, 1)
    fresh, gone, to_come, both = (a_person(works) for _ in range(4))
    a_post(fresh, works, from_on=TODAY)
    a_post(gone, works, from_on=date(2020, 1, 1), until_on=spring)
    a_post(to_come, works, from_on=autumn)
    a_post(both, works, from_on=date(2020, 1, 1), until_on=spring)
    a_post(both, works, from_on=date(2025, 1, 1))
    watching.settle(db.session())

    def left_out(since=None):
        asked = Asked(unit=_of(_region(works)), on=TODAY)
        found = excluding.exclusions(PRINCIPALS, asked, since=since)
        return {each.why.value: each.people_count for each in found}

    assert left_out() == {"grace": 1, "left": 1, "to_come": 1, "waived": 0}
    assert left_out(since=spring) == {"grace": 1, "left": 0, "to_come": 1, "waived": 0}


@pytest.mark.parametrize("enough", [1, 2, 3])
def test_a_page_that_rests_goes_on_where_nobody_has_looked(works, monkeypatch, enough):
    """Five counties with one electrician each, who has no certificate."""
    monkeypatch.setattr(walking, "_FIRST_LOOK", 1)
    monkeypatch.setattr(walking, "_WIDEST", 2)
    monkeypatch.setattr(walking, "_ENOUGH", enough)
    city = db.session.get_one(Region, _region(works).parent_id)
    places = [an_organisation(a_region(city)) for _ in range(5)]
    for place in places:
        a_post(a_person(place), place, role=PostRole.SPECIAL_OPERATIONS_WORKER, items=("1.2",))
    unit, listed, pages, cursor = _of(city), [], 0, None

    while cursor is not None or pages == 0:
        page = behind.behind(SPECIAL, unit, on=TODAY, cursor=cursor, limit=50)
        listed += [each.organisation_id for each in page.items]
        pages, cursor = pages + 1, page.next_cursor

    assert sorted(listed) == sorted(place.id for place in places)
    assert pages > 1


def test_what_a_figure_means_stands_beside_it(works):
    meaning = _figure(PRINCIPALS, works).definition

    assert "在岗主要负责人" in meaning.denominator_zh
    assert "考核合格" in meaning.numerator_zh
    assert "6个月" in meaning.excluded_zh
    assert TODAY.isoformat() in meaning.numerator_en
    assert _figure(SPECIAL, works).definition.excluded_en == "nobody"


@pytest.mark.parametrize("both", [True, False])
def test_a_figure_speaks_of_one_unit(works, both):
    with pytest.raises(UnitNeeded):
        units.unit(
            region_id=works.region_id if both else None,
            organisation_id=works.id if both else None,
            scope=EVERYWHERE,
        )


def test_what_lies_outside_the_scope_is_not_found(works):
    own = an_organisation(_region(works))
    scope = Scope(organisation_paths=(own.path,))

    for place in (works, _region(works)):
        with pytest.raises(NotFound):
            _of(place, scope=scope)
    assert _of(own, scope=scope).name == own.name


def test_the_scope_stands_in_the_query_too(works):
    own = an_organisation(_region(works))
    for place in (works, own):
        a_post(a_person(place), place, role=PostRole.SPECIAL_OPERATIONS_WORKER, items=("1.2",))
    wide = _of(_region(works))
    narrow = units.Unit(
        id=wide.id,
        kind=wide.kind,
        name=wide.name,
        path=wide.path,
        scope=Scope(organisation_paths=(own.path,)),
    )

    assert figures.figure(SPECIAL, wide, on=TODAY).required_count == 2
    assert figures.figure(SPECIAL, narrow, on=TODAY).required_count == 1


def test_the_parents_ratio_is_its_own(works, issuer):
    other = an_organisation(_region(works))
    covered = _a_worker(works)
    a_certificate(covered, issuer)
    for _ in range(3):
        _a_worker(other)

    assert _figure(SPECIAL, works).ratio == 1
    assert _figure(SPECIAL, other).ratio == 0
    assert _figure(SPECIAL, _region(works)).ratio == Fraction(1, 4)
    assert _figure(SPECIAL, _region(works)).ratio_decimal == "0.250000"
