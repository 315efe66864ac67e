"""Many waiting requests share one durable transaction."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import event, text
from sqlalchemy.exc import OperationalError

from server import group_commit
from server.answering import Answers, Waiting
from server.errors import Conflict, DomainError, Unavailable
from server.group_commit import GroupCommit, Store
from tests.databases import every_connection_taken
from tests.services.server.words import stored


def say(connection, words):
    connection.execute(
        text("INSERT INTO word (said) VALUES (:said)"), [{"said": word} for word in words]
    )
    return [word.upper() for word in words]


_SAY = Store("say", say)


def wait_for(writer, count):
    """Wait until so many wait."""
    while writer.waiting_count < count:
        threading.Event().wait(0.001)


def test_an_answer_means_that_the_wish_is_in_the_database(engine, writer):
    assert writer.submit(Store("say", say), "safety") == "SAFETY"
    assert stored(engine) == ["safety"]


def test_what_waits_while_a_group_is_written_shares_the_next_transaction(engine, writer):
    groups = []
    first_is_in, may_go_on = threading.Event(), threading.Event()

    def slow(connection, words):
        groups.append(len(words))
        first_is_in.set()
        may_go_on.wait(10)
        return say(connection, words)

    store = Store("slow", slow)
    with ThreadPoolExecutor(21) as crowd:
        first = crowd.submit(writer.submit, store, "first")
        first_is_in.wait(10)
        others = [crowd.submit(writer.submit, store, f"w{n}") for n in range(20)]
        wait_for(writer, 20)
        may_go_on.set()
        answers = {job.result(10) for job in [first, *others]}

    assert groups == [1, 20]
    assert len(answers) == 21
    assert len(stored(engine)) == 21


def test_a_failed_commit_acknowledges_nothing(engine, writer):
    def fail(_connection):
        raise OperationalError("COMMIT", {}, OSError("disk full"))

    event.listen(engine, "commit", fail)
    try:
        with pytest.raises(Unavailable):
            writer.submit(Store("say", say), "lost")
    finally:
        event.remove(engine, "commit", fail)

    assert stored(engine) == []
    assert writer.submit(Store("say", say), "found") == "FOUND"


def test_a_refusal_concerns_its_own_wish_alone(engine, writer):
    def picky(connection, words):
        good = [word for word in words if word != "bad"]
        said = iter(say(connection, good)) if good else iter(())
        return [Conflict() if word == "bad" else next(said) for word in words]

    store = Store[str, str | DomainError]("picky", picky)
    with ThreadPoolExecutor(3) as crowd:
        jobs = {word: crowd.submit(writer.submit, store, word) for word in ("a", "bad", "b")}

    assert isinstance(jobs["bad"].exception(), Conflict)
    assert {jobs["a"].result(), jobs["b"].result()} == {"A", "B"}
    assert stored(engine) == ["a", "b"]


def test_a_wish_that_cannot_be_stored_does_not_take_the_others_down(engine, writer):
    store = Store("say", say)
    writer.submit(store, "twice")
    with ThreadPoolExecutor(5) as crowd:
        jobs = {w: crowd.submit(writer.submit, store, w) for w in ("c", "twice", "d", "e")}

    assert isinstance(jobs["twice"].exception(), Unavailable)
    assert {jobs[w].result() for w in "cde"} == {"C", "D", "E"}
    assert stored(engine) == ["c", "d", "e", "twice"]


def test_a_full_queue_is_refused_honestly(engine):
    writer = GroupCommit(engine, most_waiting=0)
    with pytest.raises(Unavailable) as refused:
        writer.submit(Store("say", say), "late")
    assert refused.value.retry_after > 0


def test_stopping_stores_what_waits_and_takes_no_more(engine, writer):
    entered, may_go_on = threading.Event(), threading.Event()

    def slow(connection, words):
        entered.set()
        may_go_on.wait(10)
        return say(connection, words)

    store = Store("slow", slow)
    with ThreadPoolExecutor(3) as crowd:
        first = crowd.submit(writer.submit, store, "one")
        entered.wait(10)
        second = crowd.submit(writer.submit, store, "two")
        wait_for(writer, 1)
        stopping = crowd.submit(writer.stop)
        may_go_on.set()
        stopping.result(10)

        assert {first.result(), second.result()} == {"ONE", "TWO"}
    with pytest.raises(Unavailable):
        writer.submit(store, "three")
    assert stored(engine) == ["one", "two"]


def test_who_left_before_being_told_keeps_nobody_behind_them_waiting():
    answers = Answers()
    crowd = [Waiting(None, number) for number in range(12)]
    assert not any(answers.await_one(one, 0) for one in crowd[::3])

    with ThreadPoolExecutor(8) as threads:
        there = [one for one in crowd if one not in crowd[::3]]
        heard = [threads.submit(answers.await_one, one, 10) for one in there]
        answers.give([(one, one.wish * 10) for one in crowd])

        assert all(one.result(10) for one in heard)
    assert [one.answer for one in crowd] == list(range(0, 120, 10))


def test_an_answer_that_comes_as_patience_ends_is_heard():
    waiting = Waiting(None, 1)
    waiting.tell()

    assert waiting.hears(0)


def test_a_crowd_that_comes_drop_by_drop_shares_transactions(engine, writer):
    groups = []

    def count(connection, words):
        groups.append(len(words))
        return say(connection, words)

    store = Store("drops", count)
    with ThreadPoolExecutor(4) as crowd:
        jobs = [crowd.submit(writer.submit, store, f"{n}") for n in range(60)]
        assert len({job.result(10) for job in jobs}) == 60

    assert sum(groups) == 60
    assert len(groups) <= 40


def test_after_a_crowd_who_comes_next_waits_for_company(engine, writer, monkeypatch):
    monkeypatch.setattr(group_commit, "_BEAT", 60.0)
    monkeypatch.setattr(group_commit, "_ENOUGH", 2)
    groups, begun, gate = [], threading.Semaphore(0), threading.Semaphore(0)

    def hold(connection, words):
        groups.append(list(words))
        begun.release()
        assert gate.acquire(timeout=10)
        return say(connection, words)

    store = Store("held", hold)
    with ThreadPoolExecutor(5) as crowd:
        jobs = [crowd.submit(writer.submit, store, "alone")]
        assert begun.acquire(timeout=10)
        jobs += [crowd.submit(writer.submit, store, word) for word in ("one", "two")]
        wait_for(writer, 2)
        gate.release()
        assert begun.acquire(timeout=10)
        jobs.append(crowd.submit(writer.submit, store, "three"))
        wait_for(writer, 1)
        gate.release(3)
        jobs[1].result(10)
        jobs.append(crowd.submit(writer.submit, store, "four"))
        assert [job.result(10) for job in jobs] == ["ALONE", "ONE", "TWO", "THREE", "FOUR"]

    assert [len(group) for group in groups] == [1, 2, 2]


def test_wishes_of_one_step_of_the_clock_share_a_group(engine):
    groups = []
    writer = GroupCommit(engine, step=0.5)

    def counted(connection, words):
        groups.append(len(words))
        return say(connection, words)

    store = Store("counted", counted)
    words = [f"word {number}" for number in range(12)]
    with ThreadPoolExecutor(len(words)) as phones:
        said = list(phones.map(lambda word: writer.submit_in_step(store, word), words))
    writer.stop()

    assert said == [word.upper() for word in words]
    # Threads that start while a step ends fall into two.
    assert len(groups) <= 2
    assert stored(engine) == sorted(words)


def test_a_crowd_ends_its_step_early_and_leaves_threads_to_others(engine):
    writer = GroupCommit(engine, step=60)  # longer than anybody waits
    words = [f"word {number:02}" for number in range(32)]
    with ThreadPoolExecutor(len(words)) as phones:
        said = list(phones.map(lambda word: writer.submit_in_step(_SAY, word), words))
    writer.stop()

    assert said == [word.upper() for word in words]
    assert stored(engine) == words


def test_a_server_that_stops_stores_those_who_wait_for_their_step(engine):
    writer = GroupCommit(engine, step=1)
    store = Store("say", say)
    writer.submit(store, "zero")
    with ThreadPoolExecutor(3) as phones:
        words = ("one", "two", "three")
        waiting = [phones.submit(writer.submit_in_step, store, word) for word in words]
        while writer.waiting_count < len(words) and not any(one.done() for one in waiting):
            threading.Event().wait(0.001)
        writer.stop()
        assert [one.result() for one in waiting] == ["ONE", "TWO", "THREE"]


def test_a_writer_never_waits_for_those_who_read(app, engine):
    writer = app.extensions["group_commit"]
    with every_connection_taken(engine):
        assert writer.submit(Store("say", say), "safety", patience=1.0) == "SAFETY"
