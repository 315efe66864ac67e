"""Processes are killed at random while a crowd saves and hands in; the crowd's ledger judges."""

from __future__ import annotations

import asyncio
import sys
from random import Random

import pytest

from load_tests import journeys
from load_tests.client import Client
from load_tests.messages import put
from load_tests.server_process import ServerProcess
from tests.faults import seats
from tests.faults.crowd import Phone, phones
from tests.faults.grading import graded_once_as_the_ledger_says
from tests.faults.ledger import Judgement, Ledger, judge, stored_in

pytestmark = pytest.mark.slow

#: Kills in an ordinary run, and where there is time; every other one takes the whole server.
KILLS, MANY_KILLS = 3, 40

#: Workers that die one right after the other.
DEATHS = 4

#: Phones that save at the same time, and words acknowledged between two kills.
PHONES, WORDS = 24, 200


async def raid(server: ServerProcess, crowd: list[Phone], ledger: Ledger, kills: int) -> None:
    """Kill in turn one worker and the whole server, while all save and some hand in."""
    dice = Random(11)
    async with asyncio.TaskGroup() as tasks:
        sitting = [tasks.create_task(phone.sit()) for phone in crowd]
        for number in range(kills):
            await ledger.grown_by(WORDS)
            # However many kills there are, somebody still saves before the last of them.
            first, end = (len(crowd) * turn // kills for turn in (number, number + 1))
            for phone in crowd[first:end]:
                phone.finished.set()
            await asyncio.sleep(dice.uniform(0, 0.15))
            if number % 2:
                server.kill()
                await asyncio.to_thread(server.start)
            else:
                server.kill_a_worker()
            await asyncio.gather(*sitting[first:end])


def judged(ledger: Ledger, url: str) -> Judgement:
    """Let the ledger judge what is stored."""
    return judge(acknowledged=ledger.acknowledged, said=ledger.said, stored=stored_in(url))


def test_no_kill_loses_or_doubles_a_word_and_each_attempt_is_graded_once(
    app, writing, config, start_server, thorough, record_property
):
    kills = MANY_KILLS if thorough else KILLS
    taken = seats.taken(writing, config, PHONES)
    server, ledger = start_server(), Ledger()
    crowd = phones(server.url, taken, ledger, Random(7))

    asyncio.run(raid(server, crowd, ledger, kills))
    server.kill()

    verdict = judged(ledger, config.database_url)
    record_property("words", len(ledger.acknowledged))
    assert verdict.spotless, verdict
    assert len(ledger.acknowledged) > kills * WORDS
    for seat in taken:
        graded_once_as_the_ledger_says(app, seat, ledger)


def test_a_server_whose_workers_die_again_and_again_goes_on_under_the_same_process(
    writing, config, start_server
):
    (seat,) = seats.taken(writing, config, 1)
    server = start_server(WORKERS="1")
    first, phone = server.pid, Client(server.url)
    phone.access_token = seat.token

    for sequence in range(1, DEATHS + 1):
        # Faster than the server program itself would stand: two within five seconds end it.
        server.kill_a_worker()
        server.wait_until_ready()
        entries = [{"slot": 1, "chosen": [0], "sequence": sequence}]
        ask = put(journeys.RESPONSES, {"epoch": 1, "entries": entries}, attempt_id=seat.attempt_id)
        assert phone.send(ask).good()["entries"][0]["verdict"] == "accepted"

    assert server.is_running
    assert server.pid == first
    assert len(stored_in(config.database_url)) == DEATHS


def test_a_server_that_acknowledges_before_it_commits_is_found_out(
    app, writing, config, start_server
):
    taken = seats.taken(writing, config, 8)
    weakened = [sys.executable, "-m", "tests.faults.weakened", "acknowledge_before_commit"]
    server, ledger = start_server(command=weakened), Ledger()
    crowd = phones(server.url, taken, ledger, Random(7))

    asyncio.run(_save_until_killed(server, crowd, ledger))

    assert judged(ledger, config.database_url).lost


async def _save_until_killed(server: ServerProcess, crowd: list[Phone], ledger: Ledger) -> None:
    async with asyncio.TaskGroup() as tasks:
        sitting = [tasks.create_task(phone.sit()) for phone in crowd]
        await ledger.grown_by(WORDS // 10)
        server.kill()
        for phone in sitting:
            phone.cancel()
