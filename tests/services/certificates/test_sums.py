"""The sums agree with a slow count over random histories, on any day, as known at any moment."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from certificates import watching
from certificates.models import CoverageCheckpoint, CoverageDay, CoverageLack, CoverageStretch
from certificates.services import behind, figures, units
from certificates.services.counts import booking, checking, known, reading, rebuilding, walking
from certificates.services.counts.reading import quarter_of
from server.db import db
from server.messages.services import outbox
from server.policy import Role
from server.regions import services as regions
from server.scopes import EVERYWHERE
from tests.factories.accounts import sign_in
from tests.factories.certificates import REGISTRAR, an_issuer
from tests.factories.histories import ROLE, TODAY, Play
from tests.factories.rosters import a_person, a_post, a_region, an_organisation
from tests.moments import NOON

pytestmark = pytest.mark.usefixtures("inside")

KEY = "shanxi-special-operations-certified"


def _figure(region, on, **asked):
    unit = units.unit(region_id=region.id, organisation_id=None, scope=EVERYWHERE)
    found = figures.figure(KEY, unit, on=on, **asked)
    return found.required_count, found.missing_count


def _behind(region, on):
    unit = units.unit(region_id=region.id, organisation_id=None, scope=EVERYWHERE)
    return len(behind.behind(KEY, unit, on=on, cursor=None, limit=200).items)


@pytest.mark.parametrize("seed", range(3))
def test_every_cell_is_what_a_slow_count_says_and_its_list_is_as_long(seed):
    play = Play(seed)
    for _ in range(3):
        for _ in range(7):
            play.step()
        for _ in range(20):
            _, on = play.cell()
            everywhere = {region.id: play.told.counts(region.id, on) for region in play.regions}
            assert _kept(everywhere, on) == everywhere
        for _ in range(4):
            region, on = play.cell()
            expected = play.told.counts(region.id, on)
            assert _figure(region, on) == expected
            assert _behind(region, on) == expected[1]


def _kept(region_ids, on):
    """Return what the sums say of regions on a day, in one reading."""
    numbers, indicator = known.numbered(region_ids), known.indicator_numbers()[KEY]
    kept = reading.kept_sums(list(numbers.values()), [indicator], on.toordinal())
    return {
        one: tuple(kept.get((numbers.get(one, 0), indicator), [0, 0])[:2]) for one in region_ids
    }


@pytest.mark.parametrize("seed", range(2))
def test_counting_anew_gives_the_sums_that_were_booked(seed):
    play = Play(seed + 100)
    for _ in range(18):
        play.step()
    booked = _days()

    rebuilding.rebuild(at=NOON)

    assert _days() == booked
    assert _of_people() == set()


def _days():
    rows = db.session.execute(select(*CoverageDay.__table__.columns)).all()
    return {tuple(row) for row in rows if any(row[3:])}


def _of_people():
    """Return checkpoints that are not the sum of the days before them."""
    wrong = set()
    for row in db.session.execute(select(*CoverageCheckpoint.__table__.columns)).all():
        days = [each[3:] for each in _days() if each[:2] == row[:2] and each[2] < row[2]]
        if [sum(column) for column in zip(*days, strict=True)] != list(row[3:]):
            wrong.add(row[:3])
    return wrong


def test_the_outline_of_what_is_missing_holds_every_stretch_booked_or_counted_anew():
    play = Play(9)
    for _ in range(18):
        play.step()
    assert _outline() == _of_stretches() != {}

    rebuilding.rebuild(at=NOON)

    assert _outline() == _of_stretches()


def _outline():
    rows = db.session.execute(select(*CoverageLack.__table__.columns)).all()
    return {tuple(row[:2]): list(row[2:]) for row in rows}


def _of_stretches():
    """Work the outline out, stretch by stretch, from all that was ever believed."""
    found: dict[tuple[int, int], list[int]] = {}
    for one in db.session.execute(select(CoverageStretch)).scalars():
        if one.state < 2:
            continue
        marks = (one.state, one.role, one.section, one.size, int(one.high_risk))
        bits = [1 << mark for mark in (*marks, one.item % 61, one.provider % 61)]
        so_far = found.setdefault((one.indicator, one.ground), [one.start_day, *bits])
        so_far[0] = min(so_far[0], one.start_day)
        so_far[1:] = [was | more for was, more in zip(so_far[1:], bits, strict=True)]
    return found


@pytest.mark.parametrize("enough", [1, 2, 1000])
def test_a_list_is_whole_however_few_grounds_are_looked_through_at_once(monkeypatch, enough):
    play = Play(4)
    for _ in range(20):
        play.step()
    unit = units.unit(region_id=play.cities[0].parent_id, organisation_id=None, scope=EVERYWHERE)
    whole = behind.behind(KEY, unit, on=TODAY, cursor=None, limit=200).items
    assert len({each.organisation_id for each in whole}) > 1

    monkeypatch.setattr(walking, "_FIRST_LOOK", 1)
    monkeypatch.setattr(walking, "_WIDEST", 2)
    monkeypatch.setattr(walking, "_ENOUGH", enough)
    listed: list[behind.Behind] = []
    cursor = None
    while True:
        page = behind.behind(KEY, unit, on=TODAY, cursor=cursor, limit=1)
        listed += page.items
        cursor = page.next_cursor
        if cursor is None:
            break

    assert listed == whole


def test_checkpoints_move_with_what_is_booked_after_them():
    play = Play(7)
    for _ in range(15):
        play.step()
    rebuilding.rebuild(at=NOON)
    assert db.session.execute(select(CoverageCheckpoint.day)).first() is not None

    for _ in range(10):
        play.step()

    assert _of_people() == set()
    for _ in range(20):
        region, on = play.cell()
        assert _figure(region, on) == play.told.counts(region.id, on)


def test_what_is_learned_later_changes_the_past_as_known_now_and_not_as_known_then():
    play = Play(11)
    for _ in range(20):
        play.step()
    rebuilding.rebuild(at=NOON)
    cells = [play.cell() for _ in range(15)]
    before = [_figure(*cell) for cell in cells]

    later = NOON + timedelta(days=1)
    for post, line in play.held:
        post.until_on = line[3] = post.from_on
    db.session.flush()
    booking.book({line[0] for _, line in play.held}, set(), at=later)

    assert [_figure(*cell, known_at=NOON) for cell in cells] == before
    assert [_figure(*cell) for cell in cells] == [(0, 0)] * len(cells)


def test_saying_again_what_is_known_changes_nothing():
    play = Play(5)
    for _ in range(15):
        play.step()
    before = db.session.execute(select(CoverageStretch.id, CoverageStretch.gone_seq)).all()

    changed = booking.book(
        {each.id for each in play.people}, {each.id for each in play.works}, at=NOON
    )

    assert changed == 0
    after = db.session.execute(select(CoverageStretch.id, CoverageStretch.gone_seq)).all()
    assert set(after) == set(before)


def test_constant_borders_agree_with_borders_as_they_were_on_the_chosen_day():
    county = a_region(a_region(a_region(name="省"), name="甲市"))
    old = county.parent_id
    new = a_region(a_region(name="他省"), name="乙市")
    an_issuer()
    works = an_organisation(county)
    a_post(a_person(works), works, role=ROLE, items=("1.2",))
    watching.settle(db.session())
    day = TODAY - timedelta(days=30)
    regions.move(county.id, new.id, on=day, by=REGISTRAR, at=NOON)
    watching.settle(db.session())

    before, after = day - timedelta(days=1), day
    old_city = db.session.get_one(type(county), old)

    assert [_figure(old_city, on) for on in (before, after)] == [(1, 1), (0, 0)]
    assert [_figure(new, on) for on in (before, after)] == [(0, 0), (1, 1)]
    assert [_figure(old_city, on, borders_on=before) for on in (before, after)] == [(1, 1), (1, 1)]
    assert [_figure(new, on, borders_on=after) for on in (before, after)] == [(1, 1), (1, 1)]


@pytest.mark.parametrize(
    ("day", "quarter"),
    [("2026-01-01", "2026-01-01"), ("2026-03-31", "2026-01-01"), ("2024-02-29", "2024-01-01")],
)
def test_a_day_lies_in_its_quarter(day, quarter):
    found = quarter_of(date.fromisoformat(day).toordinal())

    assert date.fromordinal(found) == date.fromisoformat(quarter)


def test_a_check_finds_nothing_in_right_sums_and_names_the_cell_of_a_wrong_one(inside):
    play = Play(3)
    for _ in range(12):
        play.step()
    assert checking.check(at=NOON).differences == []

    wrong = db.session.execute(
        select(CoverageDay).where(CoverageDay.required > 0).limit(1)
    ).scalar_one()
    wrong.required += 1
    db.session.flush()

    found = checking.check(at=NOON)
    (named,) = found.differences
    assert named["on"] == date.fromordinal(wrong.day).isoformat()
    assert named["kept"]["required"] == named["counted"]["required"] + 1

    keeper = sign_in(
        Role.ADMINISTRATOR,
        person_id=None,
        organisation_id=None,
        region_id=None,
        config=inside.extensions["config"],
        at=NOON,
    )
    checking.keep(found)
    (told,) = outbox.of_person(keeper.person_id).items
    for part in (named["region"], named["indicator"], named["on"]):
        assert part in told.body_zh
