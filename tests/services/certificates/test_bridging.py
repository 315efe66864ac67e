"""Why a figure changed: every named cause, with nothing left over."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from certificates import watching
from certificates.models import CoverageBatch
from certificates.services import bridging, figures, units
from certificates.services.counts.asking import Asked
from certificates.validity import Turn
from server.days import beginning_of
from server.db import db
from server.people.models import Post
from server.people.roster import PostRole
from server.regions import services as regions
from server.scopes import EVERYWHERE
from tests.factories.certificates import (
    REGISTRAR,
    TODAY,
    a_certificate,
    an_assessment,
    an_issuer,
    befallen,
)
from tests.factories.histories import Play
from tests.factories.rosters import a_person, a_post, a_region, an_organisation
from tests.moments import NOON

pytestmark = pytest.mark.usefixtures("inside")

SPECIAL = "shanxi-special-operations-certified"
PRINCIPALS = "pingliang-qualified-principals"
FROM, BETWEEN = date(2026, 3, 1), date(2026, 4, 1)


class Scene:
    """A county with works, another county with works, and electricians to whom things happen."""

    def __init__(self) -> None:
        self.issuer = an_issuer()
        self.city = a_region(a_region(name="某省"))
        self.county, self.other = a_region(self.city), a_region(self.city)
        self.works, self.far = an_organisation(self.county), an_organisation(self.other)

    def worker(self, place: Any = None, **post: Any) -> Any:
        """Store an electrician with a post."""
        person = a_person(self.works)
        self.post(person, place or self.works, **post)
        return person

    def post(self, person: Any, place: Any, **post: Any) -> None:
        """Store a post of an electrician."""
        a_post(person, place, role=PostRole.SPECIAL_OPERATIONS_WORKER, items=("1.2",), **post)

    def certified(self, valid_from: date, *, person: Any = None, at: datetime = NOON) -> Any:
        """Store a certificate of an electrician."""
        person = person or self.worker()
        return a_certificate(person, self.issuer, valid_from=valid_from, at=at)


def _asked(region: Any, on: date = TODAY) -> Asked:
    watching.settle(db.session())
    unit = units.unit(region_id=region.id, organisation_id=None, scope=EVERYWHERE)
    return Asked(unit=unit, on=on)


def _told(key: str, region: Any, from_on: date, on: date = TODAY) -> dict[str, tuple[int, ...]]:
    """Return what each cause changed, after nothing was found to be left over."""
    asked = _asked(region, on)
    found = bridging.bridge(key, asked, from_on=from_on)
    then, now = (figures.figure(key, asked.unit, on=day) for day in (from_on, on))
    changed = (
        (now.required_count or 0) - (then.required_count or 0),
        now.covered_count - then.covered_count,
    )
    assert (found.required_change, found.covered_change) == changed
    assert changed == (
        sum(each.required_change for each in found.causes),
        sum(each.covered_change for each in found.causes),
    )
    return {
        each.cause: (each.people_count, each.required_change, each.covered_change)
        for each in found.causes
    }


def test_each_cause_is_told_by_its_name_and_nothing_is_left_over():
    scene = Scene()
    early = date(2026, 1, 1)
    scene.worker(from_on=BETWEEN)
    scene.worker(until_on=BETWEEN)
    for first, then in ((scene.far, scene.works), (scene.works, scene.far)):
        moved = scene.worker(first, until_on=BETWEEN)
        scene.post(moved, then, from_on=BETWEEN)
    scene.certified(BETWEEN)
    scene.certified(BETWEEN, person=scene.certified(date(2012, 1, 1)).person)
    scene.certified(BETWEEN, at=beginning_of(date(2026, 2, 1)))
    scene.certified(date(2023, 4, 1))
    back = befallen(scene.certified(early), Turn.SUSPENDED, date(2026, 2, 1))
    befallen(back, Turn.REINSTATED, BETWEEN)
    for turn in (Turn.SUSPENDED, Turn.REVOKED, Turn.CANCELLED):
        befallen(scene.certified(early), turn, BETWEEN)

    assert _told(SPECIAL, scene.county, FROM) == {
        "hired": (1, 1, 0),
        "left": (1, -1, 0),
        "moved_in": (1, 1, 0),
        "moved_out": (1, -1, 0),
        "issued": (1, 0, 1),
        "renewed": (1, 0, 1),
        "became_valid": (1, 0, 1),
        # Given up by its holder, a certificate ends like one that was not renewed.
        "expired": (2, 0, -2),
        "reinstated": (1, 0, 1),
        "suspended": (1, 0, -1),
        "revoked": (1, 0, -1),
    }


def test_a_county_that_comes_under_another_city_is_a_reorganisation_on_both_sides():
    scene = Scene()
    scene.certified(date(2026, 1, 1))
    scene.worker()
    elsewhere = a_region(a_region(name="他省"))
    watching.settle(db.session())
    regions.move(scene.county.id, elsewhere.id, on=BETWEEN, by=REGISTRAR, at=NOON)

    assert _told(SPECIAL, scene.city, FROM) == {"reorganised": (2, -2, -1)}
    assert _told(SPECIAL, elsewhere, FROM) == {"reorganised": (2, 2, 1)}
    assert _told(SPECIAL, scene.county, FROM) == {}


def test_grace_ends_half_a_year_after_appointment_and_begins_with_a_new_one():
    scene = Scene()
    fresh, again = a_person(scene.works), a_person(scene.works)
    a_post(fresh, scene.works, from_on=date(2025, 10, 10))
    a_post(again, scene.works, until_on=BETWEEN)
    a_post(again, scene.works, from_on=BETWEEN)
    an_assessment(again, passed=True, on=date(2025, 1, 1))

    assert _told(PRINCIPALS, scene.county, FROM) == {
        "grace_ended": (1, 1, 0),
        "grace_began": (1, -1, -1),
    }


def test_what_was_learned_of_the_first_day_since_is_a_correction():
    scene = Scene()
    scene.worker()
    asked = _asked(scene.county)
    then = db.session.execute(select(func.max(CoverageBatch.seq))).scalar_one()
    post = db.session.execute(select(Post)).scalar_one()
    post.until_on = post.from_on
    db.session.flush()
    watching.settle(db.session())

    found = bridging.bridge(SPECIAL, asked, from_on=FROM, known_from=then)

    assert [(each.cause, each.required_change) for each in found.causes] == [("corrected", -1)]
    assert found.required_change == -1


@pytest.mark.parametrize("seed", range(2))
def test_over_any_history_the_causes_are_the_change(seed):
    play = Play(seed + 40)
    for _ in range(18):
        play.step()

    for _ in range(5):
        region, on = play.cell()
        _told(SPECIAL, region, on - timedelta(days=play.dice.randrange(400)), on)
