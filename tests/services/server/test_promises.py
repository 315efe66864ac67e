"""Those who wait on an event loop are told as honestly as threads that wait."""

from __future__ import annotations

import asyncio
import threading

import pytest
from sqlalchemy import event, text
from sqlalchemy.exc import OperationalError

from server.errors import Conflict, Unavailable
from server.group_commit import MOST_IN_A_GROUP, GroupCommit, Store
from server.promises import Promises
from tests.services.server.words import stored


def say(connection, words):
    """Store words, and shout them; refuse the one that is bad."""
    good = [{"said": word} for word in words if word != "bad"]
    connection.execute(text("INSERT INTO word (said) VALUES (:said)"), good)
    return [Conflict() if word == "bad" else word.upper() for word in words]


SAY = Store("say", say)


def on_a_loop(writer, scene, **settings):
    """Play a scene on a loop of its own: `await scene(promises)`."""

    async def play():
        return await scene(Promises(writer, asyncio.get_running_loop(), **settings))

    return asyncio.run(play())


class Slow:
    """A store that is held up until it is told to go on."""

    def __init__(self):
        self.groups = []
        self.entered, self.may_go_on = threading.Event(), threading.Event()
        self.store = Store("slow", self._apply)

    def _apply(self, connection, words):
        self.groups.append(len(words))
        self.entered.set()
        self.may_go_on.wait(10)
        return say(connection, words)


def test_an_answer_means_that_the_wish_is_in_the_database(engine, writer):
    async def scene(promises):
        answer = await promises.submit(SAY, "safety")
        return answer, stored(engine)

    assert on_a_loop(writer, scene) == ("SAFETY", ["safety"])


def test_what_waits_while_a_group_is_written_shares_the_next_transaction(engine, writer):
    slow = Slow()

    async def scene(promises):
        first = promises.submit(slow.store, "first")
        await asyncio.to_thread(slow.entered.wait, 10)
        others = [promises.submit(slow.store, f"w{number}") for number in range(20)]
        slow.may_go_on.set()
        return await asyncio.gather(first, *others)

    answers = on_a_loop(writer, scene)

    assert slow.groups == [1, 20]
    assert answers == ["FIRST", *(f"W{number}" for number in range(20))]
    assert len(stored(engine)) == 21


def test_threads_and_the_loop_share_a_transaction(engine, writer):
    slow = Slow()

    async def scene(promises):
        first = promises.submit(slow.store, "first")
        await asyncio.to_thread(slow.entered.wait, 10)
        here = promises.submit(slow.store, "here")
        there = asyncio.create_task(asyncio.to_thread(writer.submit, slow.store, "there"))
        while writer.waiting_count < 2:
            await asyncio.sleep(0)
        slow.may_go_on.set()
        return await asyncio.gather(first, here, there)

    assert on_a_loop(writer, scene) == ["FIRST", "HERE", "THERE"]
    assert slow.groups == [1, 2]


def test_a_refusal_concerns_its_own_wish_alone(engine, writer):
    async def scene(promises):
        return await asyncio.gather(*[promises.submit(SAY, word) for word in ("a", "bad", "b")])

    first, refused, last = on_a_loop(writer, scene)

    assert isinstance(refused, Conflict)
    assert (first, last) == ("A", "B")
    assert stored(engine) == ["a", "b"]


def test_a_failed_commit_acknowledges_nothing(engine, writer):
    def fail(_connection):
        raise OperationalError("COMMIT", {}, OSError("disk full"))

    async def scene(promises):
        return await asyncio.gather(*[promises.submit(SAY, word) for word in ("a", "b")])

    event.listen(engine, "commit", fail)
    try:
        answers = on_a_loop(writer, scene)
    finally:
        event.remove(engine, "commit", fail)

    assert all(isinstance(answer, Unavailable) for answer in answers)
    assert stored(engine) == []


def test_a_full_queue_is_refused_honestly(engine):
    async def scene(promises):
        with pytest.raises(Unavailable):
            promises.submit(SAY, "late")

    on_a_loop(GroupCommit(engine, most_waiting=0), scene)


def test_who_waits_too_long_is_told_to_come_later_and_counted(engine, writer):
    slow = Slow()

    async def scene(promises):
        answer = await promises.submit(slow.store, "late")
        slow.may_go_on.set()
        return answer, await promises.submit(SAY, "next")

    answer, after = on_a_loop(writer, scene, patience=0.05)

    assert isinstance(answer, Unavailable)
    assert writer.was_troubled()
    assert after == "NEXT"
    assert stored(engine) == ["late", "next"]


def test_who_has_gone_keeps_nobody_waiting(engine, writer):
    slow = Slow()

    async def scene(promises):
        gone, there = (promises.submit(slow.store, word) for word in ("gone", "there"))
        await asyncio.to_thread(slow.entered.wait, 10)
        gone.cancel()
        slow.may_go_on.set()
        return await there

    assert on_a_loop(writer, scene) == "THERE"
    assert stored(engine) == ["gone", "there"]


def test_wishes_of_one_step_share_a_group(engine):
    writer, slow = GroupCommit(engine, step=0.05), Slow()
    slow.may_go_on.set()

    async def scene(promises):
        words = [f"word {number}" for number in range(100)]
        return await asyncio.gather(*[promises.submit_in_step(slow.store, one) for one in words])

    answers = on_a_loop(writer, scene)
    writer.stop()

    assert answers == [f"WORD {number}" for number in range(100)]
    assert slow.groups == [100]


def test_a_step_ends_early_when_it_fills_a_group(engine):
    writer = GroupCommit(engine, step=3600)  # longer than anybody waits

    async def scene(promises):
        words = [f"word {number}" for number in range(MOST_IN_A_GROUP)]
        return await asyncio.gather(*[promises.submit_in_step(SAY, one) for one in words])

    answers = on_a_loop(writer, scene)
    writer.stop()

    assert len(answers) == len(stored(engine)) == MOST_IN_A_GROUP


def test_who_waits_for_a_step_of_a_writer_that_stops_is_told_so(engine):
    writer = GroupCommit(engine, step=0.05)

    async def scene(promises):
        waiting = promises.submit_in_step(SAY, "one")
        await asyncio.to_thread(writer.stop)
        return await waiting

    assert isinstance(on_a_loop(writer, scene), Unavailable)
    assert stored(engine) == []
