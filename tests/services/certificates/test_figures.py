"""Figures from a real database: every kind, every edge, in a fixed number of statements."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction

import pytest

from certificates import watching
from certificates.coverage import Reason
from certificates.errors import UnitNeeded
from certificates.services import excluding, figures, units
from certificates.services.counts.asking import Asked
from certificates.validity import Turn
from server.db import db
from server.errors import NotFound
from server.people.roster import PostRole
from server.scopes import EVERYWHERE, Scope
from tests.factories.certificates import (
    TODAY,
    a_certificate,
    a_training,
    befallen,
)
from tests.factories.figures import (
    PRINCIPALS,
    SPECIAL,
    a_worker,
    counts_of,
    figure_of,
    of,
    region_of,
    why_missing,
)
from tests.factories.rosters import a_person, a_post, an_organisation

pytestmark = pytest.mark.usefixtures("inside")


def test_nobody_in_post_is_shown_as_a_dash(works):
    found = figure_of(SPECIAL, works)

    assert (found.ratio, found.shown, found.reached, found.gap) == (None, "—", None, 0)


def test_a_standing_certificate_covers_on_its_last_day_and_not_after(works, issuer):
    worker = a_worker(works)
    certificate = a_certificate(worker, issuer, valid_from=date(2026, 1, 1))
    last = certificate.valid_until

    assert counts_of(SPECIAL, works, on=date(2025, 12, 31)) == (1, 0, 1, 0)
    assert counts_of(SPECIAL, works, on=date(2026, 1, 1)) == (1, 1, 0, 0)
    assert counts_of(SPECIAL, works, on=last) == (1, 1, 0, 0)
    assert counts_of(SPECIAL, works, on=last + timedelta(days=1)) == (1, 0, 1, 0)


def test_a_leaver_counts_neither_above_nor_below_the_line(works, issuer):
    worker = a_worker(works, until_on=date(2026, 3, 1))
    a_certificate(worker, issuer, valid_from=date(2026, 1, 1))

    assert counts_of(SPECIAL, works, on=date(2026, 2, 28)) == (1, 1, 0, 0)
    assert counts_of(SPECIAL, works, on=date(2026, 3, 1)) == (0, 0, 0, 0)


def test_a_post_that_began_and_ended_on_one_day_never_counted(works):
    a_worker(works, from_on=TODAY, until_on=TODAY)

    assert counts_of(SPECIAL, works) == (0, 0, 0, 0)


def test_two_employers_are_one_person_in_the_region(works, issuer):
    worker = a_worker(works)
    other = an_organisation(region_of(works))
    a_post(worker, other, role=PostRole.SPECIAL_OPERATIONS_WORKER, items=("1.2",))
    a_certificate(worker, issuer)

    assert counts_of(SPECIAL, region_of(works)) == (1, 1, 0, 0)
    assert counts_of(SPECIAL, other) == (1, 1, 0, 0)


def test_every_item_of_every_post_must_be_covered(works, issuer):
    worker = a_worker(works, "1.1", "1.2")
    a_certificate(worker, issuer)

    assert why_missing(SPECIAL, works) == {worker.id: Reason.WRONG_ITEM}

    a_certificate(worker, issuer, qualification="high_voltage_electrician")
    assert counts_of(SPECIAL, works) == (1, 1, 0, 0)


def test_a_suspension_uncovers_and_its_end_covers_again(works, issuer):
    worker = a_worker(works)
    certificate = a_certificate(worker, issuer, valid_from=date(2026, 1, 1))
    befallen(certificate, Turn.SUSPENDED, date(2026, 2, 1))
    befallen(certificate, Turn.REINSTATED, date(2026, 3, 1))

    covered = [counts_of(SPECIAL, works, on=date(2026, month, 1))[1] for month in (1, 2, 3)]

    assert covered == [1, 0, 1]


def test_every_indicator_comes_in_the_same_few_statements(works, issuer, count_statements):
    for _ in range(12):
        worker = a_worker(works)
        befallen(a_certificate(worker, issuer), Turn.SUSPENDED)
        a_training(worker, "induction")
    unit = of(region_of(works))

    with count_statements() as sent:
        every = figures.figures(unit, on=TODAY)

    assert len(every) == 20
    assert len(sent) == 6
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
        asked = Asked(unit=of(region_of(works)), on=TODAY)
        found = excluding.exclusions(PRINCIPALS, asked, since=since)
        return {each.why.value: each.people_count for each in found}

    assert left_out() == {"grace": 1, "left": 1, "to_come": 1, "waived": 0}
    assert left_out(since=spring) == {"grace": 1, "left": 0, "to_come": 1, "waived": 0}


def test_what_a_figure_means_stands_beside_it(works):
    meaning = figure_of(PRINCIPALS, works).definition

    assert "在岗主要负责人" in meaning.denominator_zh
    assert "考核合格" in meaning.numerator_zh
    assert "6个月" in meaning.excluded_zh
    assert TODAY.isoformat() in meaning.numerator_en
    assert figure_of(SPECIAL, works).definition.excluded_en == "nobody"


@pytest.mark.parametrize("both", [True, False])
def test_a_figure_speaks_of_one_unit(works, both):
    with pytest.raises(UnitNeeded):
        units.unit(
            region_id=works.region_id if both else None,
            organisation_id=works.id if both else None,
            scope=EVERYWHERE,
        )


def test_what_lies_outside_the_scope_is_not_found(works):
    own = an_organisation(region_of(works))
    scope = Scope(organisation_paths=(own.path,))

    for place in (works, region_of(works)):
        with pytest.raises(NotFound):
            of(place, scope=scope)
    assert of(own, scope=scope).name == own.name


def test_the_scope_stands_in_the_query_too(works):
    own = an_organisation(region_of(works))
    for place in (works, own):
        a_post(a_person(place), place, role=PostRole.SPECIAL_OPERATIONS_WORKER, items=("1.2",))
    wide = of(region_of(works))
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
    other = an_organisation(region_of(works))
    covered = a_worker(works)
    a_certificate(covered, issuer)
    for _ in range(3):
        a_worker(other)

    assert figure_of(SPECIAL, works).ratio == 1
    assert figure_of(SPECIAL, other).ratio == 0
    assert figure_of(SPECIAL, region_of(works)).ratio == Fraction(1, 4)
    assert figure_of(SPECIAL, region_of(works)).ratio_decimal == "0.250000"
