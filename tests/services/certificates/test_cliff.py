"""What ends ahead, against the seats of the sittings that are planned."""

from __future__ import annotations

from datetime import date

import pytest

from certificates import watching
from certificates.services import cliff, units
from certificates.services.counts.asking import Asked
from certificates.validity import Turn
from exams.sittings import Mode, SittingMove
from server.db import db
from server.people.roster import PostRole
from server.regions.models import Region
from server.scopes import EVERYWHERE
from tests.factories import sittings as some
from tests.factories.certificates import TODAY, a_certificate, an_issuer, befallen
from tests.factories.rosters import a_person, a_post, an_organisation
from tests.moments import NOON

pytestmark = pytest.mark.usefixtures("inside")

KEY = "shanxi-special-operations-certified"
#: Certificates of these days, reviewed in between, end in June, July and August of 2026.
ENDS = (date(2020, 6, 25), date(2020, 7, 20), date(2020, 7, 25), date(2020, 8, 5))


def _months(county):
    watching.settle(db.session())
    unit = units.unit(region_id=county.id, organisation_id=None, scope=EVERYWHERE)
    found = cliff.against_seats(KEY, Asked(unit=unit, on=TODAY), until=date(2026, 12, 31))
    return [
        (each.month.month, each.item, each.expiring_count, each.free_seat_count, each.short_count)
        for each in found
    ]


@pytest.fixture
def hall():
    """Return a test centre with a room of three seats, beside works of four electricians."""
    hall = some.a_hall(column_count=2, row_count=2, capacity=3)
    county = db.session.get_one(Region, hall.centre.region_id)
    works, issuer = an_organisation(county), an_issuer(county)
    for first in ENDS:
        worker = a_person(works)
        a_post(worker, works, role=PostRole.SPECIAL_OPERATIONS_WORKER, items=("1.2",))
        held = a_certificate(worker, issuer, valid_from=first)
        befallen(held, Turn.REVIEWED, date(2023, 6, 1))
    return hall


def test_without_sittings_everybody_is_short_and_the_next_month_adds_to_it(hall):
    county = db.session.get_one(Region, hall.centre.region_id)

    assert _months(county) == [(6, "1.2", 1, 0, 1), (7, "1.2", 2, 0, 3), (8, "1.2", 1, 0, 4)]


def test_seats_of_a_month_serve_who_ends_then_or_later_and_new_people_take_some(hall):
    county = db.session.get_one(Region, hall.centre.region_id)
    sitting = some.a_sitting(hall)
    some.an_application(sitting)

    # Of three seats one is a newcomer's: two are left for four who end by August.
    assert _months(county) == [(6, "1.2", 1, 2, 0), (7, "1.2", 2, 0, 1), (8, "1.2", 1, 0, 2)]

    some.move(hall, sitting, SittingMove.CANCEL, at=NOON)
    assert [each[-1] for each in _months(county)] == [1, 3, 4]


def test_a_sitting_to_practise_gives_nobody_a_seat(hall):
    county = db.session.get_one(Region, hall.centre.region_id)
    some.a_sitting(hall, mode=Mode.PRACTICE, room_ids=())

    assert [each[-1] for each in _months(county)] == [1, 3, 4]
