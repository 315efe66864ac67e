"""The thread that works beside the requests: what it finds, and how little an idle turn costs."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from sqlalchemy import delete, func, select

from server import work
from server.db import db, transaction
from server.moments import DAY, MOMENT
from server.work import Work, WorkLease
from server.working import Worker
from tests.moments import NOON

SECOND, HOUR = timedelta(seconds=1), timedelta(hours=1)

#: Rows of a table that every application has stand for what waits.
SOMETHING = select(WorkLease.name).where(
    WorkLease.name == "something", WorkLease.until_at <= MOMENT
)


@pytest.fixture
def waiting():
    return Work(name="waited for", every=SECOND, run=lambda at: at.year, waiting=(SOMETHING,))


def put_something(app, *, until_at=NOON):
    with app.app_context(), transaction():
        db.session.add(WorkLease(name="something", holder="", until_at=until_at))


def names(found):
    return [one.name for one in found]


def test_an_idle_turn_of_the_whole_platform_is_one_read_at_most(app, the_clock, count_statements):
    worker = Worker(app, app.extensions["parts"].work)
    with app.app_context(), transaction():
        for one in app.extensions["parts"].work:
            # Everything that comes by the clock alone is done for now.
            db.session.add(WorkLease(name=one.name, holder="", until_at=NOON + one.every))
    worker.turn()

    with count_statements() as sent:
        assert worker.turn() == []

    assert len([one for one in sent if one.startswith("SELECT")]) <= 1
    assert not [one for one in sent if one.startswith(("INSERT", "UPDATE", "DELETE"))]


def test_what_waits_is_found_at_the_next_turn_and_no_longer_once_it_is_gone(
    app, the_clock, waiting
):
    worker = Worker(app, [waiting])
    assert worker.turn() == []
    put_something(app)
    worker = Worker(app, [waiting])

    assert names(worker.turn()) == ["waited for"]
    assert names(worker.turn()) == ["waited for"]
    with app.app_context(), transaction():
        db.session.execute(delete(WorkLease))
    assert worker.turn() == []


def test_the_moment_and_the_day_of_asking_count(app, the_clock, waiting):
    put_something(app, until_at=NOON + HOUR)
    daily = Work(
        name="daily",
        every=SECOND,
        run=lambda at: at.year,
        waiting=(select(WorkLease.name).where(NOON.date() < DAY),),
    )

    assert Worker(app, [waiting, daily]).turn() == []
    the_clock.move(HOUR)
    assert names(Worker(app, [waiting, daily]).turn()) == ["waited for"]
    the_clock.move(timedelta(days=1))
    assert names(Worker(app, [waiting, daily]).turn()) == ["waited for", "daily"]


def test_a_work_that_another_holds_is_asked_about_again_when_it_may_be_due(
    app, the_clock, count_statements
):
    hourly = Work(name="hourly", every=HOUR, run=lambda at: at.year)
    with app.app_context():
        work.take(hourly, "somebody else", at=NOON)
    worker = Worker(app, [hourly])
    assert worker.turn() == []

    with count_statements() as sent:
        assert worker.turn() == []
    the_clock.move(HOUR)

    assert sent == []
    assert names(worker.turn()) == ["hourly"]


def test_a_figure_is_told_at_every_turn_whoever_does_the_work(app, the_clock):
    heard: list[int] = []
    counting = Work(
        name="counted",
        every=timedelta(days=1),
        run=lambda at: at.year,
        figure=select(func.count()).select_from(WorkLease),
        hears=heard.append,
    )
    with app.app_context():
        work.take(counting, "somebody else", at=NOON)
    worker = Worker(app, [counting])

    worker.turn()
    put_something(app)
    worker.turn()

    assert heard == [1, 2]


def test_every_process_looks_at_every_turn_whoever_does_the_work(app, the_clock):
    looks = threading.Semaphore(0)
    watched = Work(name="watched", every=24 * HOUR, run=lambda at: at.year, look=looks.release)
    with app.app_context():
        work.take(watched, "somebody else", at=NOON)

    worker = Worker(app, [watched])
    worker.start()

    assert looks.acquire(timeout=10)
    worker.stop()


def test_a_worker_does_what_is_its_own_and_looks_at_everything(app, the_clock):
    looks = threading.Semaphore(0)
    urgent = Work(name="urgent", every=SECOND, run=lambda at: at.year, urgent=True)
    patient = Work(name="patient", every=SECOND, run=lambda at: at.year, look=looks.release)

    answering = Worker(app, [urgent, patient], mine=lambda one: one.urgent)
    apart = Worker(app, [urgent, patient], mine=lambda one: not one.urgent)

    assert names(answering.turn()) == ["urgent"]
    assert looks.acquire(blocking=False)
    assert names(apart.turn()) == ["patient"]


def test_what_an_exam_or_a_figure_waits_for_is_done_where_it_is_answered(app):
    """Everything else gives way to them, in the process of long work."""
    assert {one.name for one in app.extensions["parts"].work if one.urgent} == {
        "heartbeat",
        "close_overdue_attempts",
        "announce_released_outcomes",
        "coverage_booking",
        "exchange_feed",
    }


def test_the_worker_goes_on_after_a_piece_that_failed(app):
    went_on = threading.Event()

    def fail(*_):
        raise RuntimeError("this piece is broken")

    def succeed(_at):
        went_on.set()
        return 1

    worker = Worker(
        app,
        [
            Work(name="broken", every=SECOND, run=fail),
            Work(name="blind", every=SECOND, run=fail, look=fail),
            Work(name="unsure", every=SECOND, run=fail, needed=fail),
            Work(name="sound", every=SECOND, run=succeed),
        ],
    )
    worker.start()
    try:
        assert went_on.wait(10)
    finally:
        worker.stop()
