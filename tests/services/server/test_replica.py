"""What may be some seconds old is read from a replica, and from nowhere else where it is older."""

from datetime import timedelta

import pytest
from sqlalchemy import create_engine, update

from server.db import READS_FROM, db, transaction, upsert
from server.engines import engine_options, guard_durability
from server.replica import HEADER, HEARTBEAT, MOST_BEHIND, Replica
from server.work import WorkLease, run_once
from tests.databases import count_statements
from tests.moments import NOON

#: Shows published figures to anybody, and may lag.
ADDRESS = "/v1/open-data/coverage"


def beat(at):
    """Let the primary have told its moment, which a replica passes on."""
    with transaction():
        row = {"name": HEARTBEAT.name, "holder": "", "until_at": at, "done_at": at}
        insert = upsert(WorkLease).values(row)
        db.session.execute(insert.on_conflict_do_update(index_elements=["name"], set_=row))


@pytest.fixture
def replica(app, config, monkeypatch):
    """Give the application a replica: another way to the same database, by which it is told."""
    engine = create_engine(config.database_url, **engine_options(config.database_url))
    guard_durability(engine)
    found = Replica(engine)
    monkeypatch.setitem(app.extensions, "replica", found)
    yield found
    engine.dispose()


def asked(app, engine):
    """Ask for what may lag; return the reply, and what was sent over an engine."""
    with count_statements(engine) as sent:
        reply = app.test_client().get(ADDRESS)
    assert reply.status_code == 200
    return reply, sent


def test_what_may_lag_comes_from_the_replica_and_says_how_old_it_is(app, replica, the_clock):
    with app.app_context():
        beat(NOON)
        the_clock.move(timedelta(seconds=4))
        with count_statements(db.engine) as of_primary:
            reply, of_replica = asked(app, replica.engine)

    assert reply.headers[HEADER] == "4"
    assert len(of_replica) >= 2
    assert not of_primary


@pytest.mark.parametrize("behind", [MOST_BEHIND + 0.5, None])
def test_a_replica_that_is_too_old_or_never_heard_of_the_primary_is_passed_over(
    app, replica, the_clock, behind
):
    with app.app_context():
        if behind is not None:
            beat(NOON)
            the_clock.move(timedelta(seconds=behind))
        reply, first = asked(app, replica.engine)
        again, then = asked(app, replica.engine)

    assert HEADER not in reply.headers
    assert HEADER not in again.headers
    assert len(first) == 1
    assert not then, "it was asked again at once"


def test_a_replica_that_is_gone_is_passed_over(app, monkeypatch):
    gone = create_engine("postgresql+psycopg://nobody@127.0.0.1:1/x?connect_timeout=1")
    monkeypatch.setitem(app.extensions, "replica", Replica(gone))

    reply = app.test_client().get(ADDRESS)

    assert reply.status_code == 200
    assert HEADER not in reply.headers


def test_a_session_that_reads_from_a_replica_writes_to_the_primary(app, replica):
    with app.app_context():
        beat(NOON)
        session = db.session()
        session.rollback()
        session.info[READS_FROM] = replica.engine
        with count_statements(replica.engine) as of_replica, transaction():
            db.session.execute(update(WorkLease).values(holder="somebody"))
        assert not of_replica
        assert db.session.get_bind() is replica.engine
        del session.info[READS_FROM]
        assert db.session.query(WorkLease.holder).scalar() == "somebody"


def test_the_heart_beats_only_where_there_is_a_replica(app, replica, monkeypatch):
    with app.app_context():
        assert run_once(HEARTBEAT, "this process") == 0
        assert replica.seconds_behind(NOON) == 0
        monkeypatch.setitem(app.extensions, "replica", None)
        db.session.execute(update(WorkLease).values(until_at=NOON))
        db.session.commit()
        assert run_once(HEARTBEAT, "this process") is None
