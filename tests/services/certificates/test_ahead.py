"""Reading the next lot while one is counted: the same lots, in order, failures told."""

from __future__ import annotations

import pytest

from certificates.services.counts.ahead import ahead
from certificates.services.counts.rebuilding import Everybody, number_everybody
from tests.factories.certificates import an_issuer
from tests.factories.rosters import a_person, a_post, an_organisation

pytestmark = pytest.mark.usefixtures("inside")


def test_lots_come_in_their_order_with_what_was_found_of_each():
    assert list(ahead(lambda lot: lot * lot, [3, 1, 2])) == [(3, 9), (1, 1), (2, 4)]
    assert list(ahead(lambda lot: lot, [])) == []


def test_a_lookup_that_fails_is_told_where_its_lot_would_come():
    lots = ahead(lambda lot: 6 // lot, [2, 0, 3])

    assert next(lots) == (2, 3)
    with pytest.raises(ZeroDivisionError):
        next(lots)


def test_everybody_is_counted_the_same_when_read_ahead(monkeypatch):
    monkeypatch.setattr("certificates.services.counts.rebuilding.LOT", 2)
    an_issuer()
    works = an_organisation()
    for _ in range(5):
        a_post(a_person(works), works)
    number_everybody()

    assert _counted(reads_ahead=True) == _counted(reads_ahead=False)
    assert _counted(reads_ahead=True)


def _counted(*, reads_ahead):
    everybody = Everybody(reads_ahead=reads_ahead)
    return [[column.tolist() for column in stretches] for stretches in everybody.counted()]
