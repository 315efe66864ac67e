"""Who is missing behind a figure: each with the reason, page by page."""

from __future__ import annotations

from datetime import date

import pytest

from certificates.coverage import Reason
from certificates.services import behind
from certificates.services.counts import walking
from certificates.validity import Turn
from server.db import db
from server.paging import BadCursor
from server.people.roster import PostRole
from server.regions.models import Region
from tests.factories.certificates import (
    TODAY,
    a_certificate,
    a_training,
    an_assessment,
    befallen,
)
from tests.factories.figures import (
    SPECIAL,
    a_worker,
    figure_of,
    of,
    region_of,
    why_missing,
)
from tests.factories.rosters import a_person, a_post, a_region, an_organisation

pytestmark = pytest.mark.usefixtures("inside")


def test_everybody_missing_has_the_reason_that_fits(works, issuer):
    never, trained, failed, expired, suspended, revoked, wrong = (a_worker(works) for _ in range(7))
    a_training(trained, "qualification", role=PostRole.SPECIAL_OPERATIONS_WORKER, item="1.2")
    an_assessment(failed, passed=False, role=PostRole.SPECIAL_OPERATIONS_WORKER, item="1.2")
    a_certificate(expired, issuer, valid_from=date(2012, 1, 1))
    befallen(a_certificate(suspended, issuer), Turn.SUSPENDED)
    befallen(a_certificate(revoked, issuer), Turn.REVOKED)
    a_certificate(wrong, issuer, qualification="high_voltage_electrician")

    assert why_missing(SPECIAL, works) == {
        never.id: Reason.NEVER_TRAINED,
        trained.id: Reason.NOT_EXAMINED,
        failed.id: Reason.FAILED,
        expired.id: Reason.EXPIRED,
        suspended.id: Reason.SUSPENDED,
        revoked.id: Reason.REVOKED,
        wrong.id: Reason.WRONG_ITEM,
    }


def test_the_list_is_as_long_as_the_figure_says_page_by_page(works):
    workers = {a_worker(works).id for _ in range(7)}
    listed, cursor = [], None
    while True:
        page = behind.behind(SPECIAL, of(works), on=TODAY, cursor=cursor, limit=3)
        listed += [each.subject_id for each in page.items]
        cursor = page.next_cursor
        if cursor is None:
            break

    assert len(listed) == figure_of(SPECIAL, works).missing_count == 7
    assert set(listed) == workers


def test_a_cursor_of_another_list_is_refused(works):
    with pytest.raises(BadCursor):
        behind.behind(SPECIAL, of(works), on=TODAY, cursor="x", limit=3)


@pytest.mark.parametrize("enough", [1, 2, 3])
def test_a_page_that_rests_goes_on_where_nobody_has_looked(works, monkeypatch, enough):
    """Five counties with one electrician each, who has no certificate."""
    monkeypatch.setattr(walking, "_FIRST_LOOK", 1)
    monkeypatch.setattr(walking, "_WIDEST", 2)
    monkeypatch.setattr(walking, "_ENOUGH", enough)
    city = db.session.get_one(Region, region_of(works).parent_id)
    places = [an_organisation(a_region(city)) for _ in range(5)]
    for place in places:
        a_post(a_person(place), place, role=PostRole.SPECIAL_OPERATIONS_WORKER, items=("1.2",))
    unit, listed, pages, cursor = of(city), [], 0, None

    while cursor is not None or pages == 0:
        page = behind.behind(SPECIAL, unit, on=TODAY, cursor=cursor, limit=50)
        listed += [each.organisation_id for each in page.items]
        pages, cursor = pages + 1, page.next_cursor

    assert sorted(listed) == sorted(place.id for place in places)
    assert pages > 1


def test_who_lacks_something_in_two_regions_is_on_the_list_of_each(works, issuer):
    """For another item there: whichever comes first does not hide the other."""
    elsewhere = an_organisation(a_region())
    person = a_worker(works)
    role = PostRole.SPECIAL_OPERATIONS_WORKER
    a_post(person, elsewhere, role=role, items=("2.1",))
    befallen(a_certificate(person, issuer), Turn.SUSPENDED)

    def told(place):
        page = behind.behind(SPECIAL, of(region_of(place)), on=TODAY, cursor=None, limit=9)
        return [(each.organisation_id, each.item, each.reason) for each in page.items]

    assert told(works) == [(works.id, "1.2", Reason.SUSPENDED)]
    assert told(elsewhere) == [(elsewhere.id, "2.1", Reason.NEVER_TRAINED)]
