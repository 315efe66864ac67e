"""Everybody is counted anew beside those who write, and only what differs is written."""

from __future__ import annotations

from datetime import date
from threading import Thread

import pytest
from sqlalchemy import delete, select, update

from certificates import producing
from certificates.errors import TooMuchDiffers
from certificates.models import (
    STILL,
    CoverageBatch,
    CoverageChange,
    CoverageCheckpoint,
    CoverageDay,
    CoverageStretch,
)
from certificates.services.counts import rebuilding
from server import clock
from server.db import db, snapshot, transaction
from tests.factories.histories import ROLE, Play
from tests.factories.rosters import a_person, a_post


@pytest.fixture
def play(app, writing):
    """Store a random history with its sums counted from nothing, and stay inside the app."""
    with writing():
        play = Play(42)
        for _ in range(14):
            play.step()
    with app.app_context():
        _from_nothing()
        yield play
        db.session.rollback()


def _from_nothing():
    with transaction():
        rebuilding.rebuild(at=clock.now())


def _kept():
    """Return all that is believed: stretches, what days change, checkpoints."""
    with snapshot():
        return [
            {tuple(row) for row in db.session.execute(wanted)}
            for wanted in (
                select(*_columns(CoverageStretch, "id", "seq", "gone_seq")).where(
                    CoverageStretch.gone_seq == STILL
                ),
                select(*_columns(CoverageDay)).where(
                    CoverageDay.items_required + CoverageDay.items_missing != 0
                ),
                select(*_columns(CoverageCheckpoint)),
            )
        ]


def _columns(table, *without):
    return [column for column in table.__table__.columns if column.key not in without]


def _spoil():
    """Lose stretches, and make a day and a checkpoint wrong."""
    with transaction():
        lost = select(CoverageStretch.id).order_by(CoverageStretch.id).limit(3)
        db.session.execute(delete(CoverageStretch).where(CoverageStretch.id.in_(lost)))
        day = select(CoverageDay.day).where(CoverageDay.required > 0).limit(1).scalar_subquery()
        wrong = update(CoverageDay).where(CoverageDay.day == day)
        db.session.execute(wrong.values(items_required=CoverageDay.items_required + 5))
        db.session.execute(update(CoverageCheckpoint).values(required=99, items_required=99))


def test_what_is_right_already_is_left_as_it_is(play):
    before = _kept()

    producing.count_anew(clock.now)

    assert _kept() == before
    assert _written() == (0, 1)


def _written():
    """Return how many lines of the ledger, and batches, there are."""
    with snapshot():
        return tuple(
            len(db.session.query(table).all()) for table in (CoverageChange, CoverageBatch)
        )


def test_what_is_wrong_is_mended_while_others_write_and_is_what_a_count_from_nothing_gives(
    app, play
):
    _spoil()

    def others_write(_done, _total):
        thread = Thread(target=_hire, args=(app, play))
        thread.start()
        thread.join()

    producing.count_anew(clock.now, others_write)

    mended = _kept()
    _from_nothing()
    assert mended == _kept()


def _hire(app, play):
    with app.app_context(), transaction():
        for _ in range(2):
            works = db.session.merge(play.works[1], load=True)
            a_post(a_person(works), works, role=ROLE, items=("1.2",), from_on=date(2025, 3, 1))


def test_who_is_killed_at_any_point_has_done_no_harm(play):
    right = _kept()
    _spoil()
    for writes in (0, 1, 2, 5):
        calls = iter(range(writes))

        def now(calls=calls):
            next(calls)
            return clock.now()

        with pytest.raises(StopIteration):
            producing.count_anew(now)
        assert _kept()[0] <= right[0]

    producing.count_anew(clock.now)

    assert _kept() == right


def test_where_all_is_lost_a_count_from_nothing_is_asked_for(play, monkeypatch):
    monkeypatch.setattr(producing, "FEW", 1)
    with transaction():
        db.session.execute(delete(CoverageStretch))

    with pytest.raises(TooMuchDiffers):
        producing.count_anew(clock.now)
