"""The main job, mixed: how much of everything that people do on an exam day at once (主流程).

Candidates sit one exam, half of them knowing everything and half guessing, see their outcome, hold
a certificate or not; strangers verify what was issued; learners practise. Phones do not pause, so
the crowd is as dense as the server lets it be.
"""

from __future__ import annotations

import asyncio
import time
from typing import Any
from uuid import UUID, uuid5

from rich.console import Console

from load_tests import cast, journeys
from load_tests.cast import Cast
from load_tests.client import Client
from load_tests.figures import Timings, figures, read_counters, with_shares
from load_tests.light import Run, Walker, walk_all
from load_tests.messages import get
from load_tests.server_process import ServerProcess, fresh_server

#: Candidates of the run, and how many of them are on their way at the same moment.
CANDIDATES, AT_ONCE = 48, 8

#: In how many batches a candidate sends the responses.
SAVES = 12

#: A certificate follows the outcome within a second or two; a walk looks again for so long.
SECONDS_UNTIL_TOLD = 15


def run(console: Console) -> dict[str, Any]:
    """Measure the main job on the database of the run, and return the figures by operation."""
    with fresh_server(durable=True) as server:
        console.print(f"{CANDIDATES} candidates are made on {server.database} …")
        crowd = cast.gather(server.url, server.sign_ins(), CANDIDATES, seed=1)
        return measure(console, server, crowd)


def measure(console: Console, server: ServerProcess, crowd: Cast) -> dict[str, Any]:
    """Let the crowd walk, and return the figures."""
    timings, eye = Timings(), Client(server.url)
    before, cpu_before = _counters(eye), server.cpu_seconds()
    people = [
        Walker(url=server.url, timings=timings, access_token=place.candidate.phone.access_token)
        for place in crowd.places
    ]
    walked = walk_all(people, lambda number, one: _day(crowd, number, one), at_once=AT_ONCE)
    after, cpu_after = _counters(eye), server.cpu_seconds()
    rows = with_shares(figures(timings, seconds=walked.seconds), after.since(before))
    for failure in walked.failures[:5]:
        console.print(f"A walk ended early: {failure}", markup=False)
    console.print(f"The client took {walked.client_cpu_share:.0%} of one core.")
    named = {journeys.NAMES.get(operation, operation): row for operation, row in rows.items()}
    cpu = None if cpu_before is None or cpu_after is None else cpu_after - cpu_before
    return {**named, "whole": _whole(timings, walked, server, cpu)}


def _whole(
    timings: Timings, walked: Run, server: ServerProcess, cpu: float | None
) -> dict[str, float | None]:
    count = sum(len(ms) for ms in timings.ms.values())
    rss = server.rss_mb()
    return {
        "count": count,
        "failed": sum(timings.failed.values()) + len(walked.failures),
        "per_second": round(count / walked.seconds, 2),
        # All CPU of the server's processes, whatever it was spent on.
        "cpu_ms": None if cpu is None else round(cpu * 1000 / count, 3),
        "seconds": round(walked.seconds, 2),
        "rss_mb": None if rss is None else round(rss, 1),
    }


async def _day(crowd: Cast, number: int, one: Walker) -> None:
    """Walk one candidate's day."""
    place = crowd.places[number]
    attempt_id: UUID = uuid5(place.enrolment_id, "attempt")
    knows = number % 2 == 0
    choose = crowd.knowledge.chosen if knows else journeys.guesser(number)
    role = cast.ROLE
    await one.run(journeys.practise(role.post, seed=number, item=None))
    await one.run(journeys.sit(attempt_id, place.enrolment_id, choose=choose, saves=SAVES))
    held = await one.run(journeys.look_after(attempt_id))
    until = time.monotonic() + SECONDS_UNTIL_TOLD
    while knows and not held and time.monotonic() < until:
        await asyncio.sleep(0.5)
        held = await one.run(journeys.look_after(attempt_id))
    if len(held) != int(knows):
        raise AssertionError(f"{len(held)} certificates are held, and {int(knows)} were earned.")
    for certificate in held:
        await one.run(journeys.verify(certificate["serial"], certificate["token"]))


def _counters(eye: Client) -> Any:
    return read_counters(eye.send(get("/metrics")).raw.decode())
