"""A phone of the drill, for Locust: one candidate from nine o’clock to the outcome (演练考生).

`python -m load_tests.drill` starts Locust with this file; it finds its orders in the environment:
`DRILL_TIMETABLE`, `DRILL_SEATS` (lines of `flask exams drill`), `DRILL_SAMPLES` (a folder) and
`DRILL_PROCESSES`.
"""

from __future__ import annotations

import json
import os
import time
from collections import deque
from pathlib import Path
from random import Random
from typing import Any

from locust import FastHttpUser, events, runners, task
from locust.exception import StopUser

from load_tests.drill.ledger import Ledger
from load_tests.drill.samples import Sample, Samples
from load_tests.drill.timetable import Scene, Timetable

# A process of phones that the server under test leaves without CPU for some seconds is not lost:
# its candidates sit already, and others in their place would find no seat.
runners.HEARTBEAT_LIVENESS = 60

#: Entries that one message may hold.
MOST_ENTRIES = 500

#: Statuses that mean: send the same again, later.
AGAIN = {0, 409, 429, 503, 507}

#: How often a candidate looks at the outcome.
LOOKS = 3

_SEATS: deque[tuple[str, str, str]] = deque()
_SAMPLES = Samples()


@events.test_start.add_listener  # type: ignore[untyped-decorator]  # partial types
def take_seats(environment: Any, **_: Any) -> None:
    """Take this process's share of the seats, and set the clock of the timetable going."""
    share = getattr(environment.runner, "worker_index", 0)
    lines = Path(os.environ["DRILL_SEATS"]).read_text("ascii").splitlines()
    _SEATS.clear()
    for line in lines[share :: int(os.environ["DRILL_PROCESSES"])]:
        attempt_id, enrolment_id, token = line.split()
        _SEATS.append((attempt_id, enrolment_id, token))
    _SAMPLES.began = time.time()


@events.test_stop.add_listener  # type: ignore[untyped-decorator]  # partial types
def write_samples(environment: Any, **_: Any) -> None:
    """Write what the phones of this process have seen; the one that only leads has none."""
    if _SAMPLES.replies:
        share = getattr(environment.runner, "worker_index", 0)
        _SAMPLES.cpu_seconds = time.process_time()
        _SAMPLES.write(Path(os.environ["DRILL_SAMPLES"], f"{share}.json"))


class Phone(FastHttpUser):
    """One candidate, who lives the day of the timetable once."""

    network_timeout = 30.0
    connection_timeout = 30.0

    def on_start(self) -> None:
        """Take a seat; who finds none goes home."""
        if not _SEATS:
            raise StopUser
        self.attempt_id, self.enrolment_id, token = _SEATS.popleft()
        self.headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
        self.dice, self.ledger = Random(self.attempt_id), Ledger()
        self.table = Timetable.read(os.environ["DRILL_TIMETABLE"])
        self.slots: list[tuple[int, int]] = []

    @task
    def live(self) -> None:
        """Live the day, and go home."""
        self._start()
        self._sleep_until(self.table.begin(Scene.DAY))
        self._answer(until=self.table.begin(Scene.OUTAGE))
        self._go_on_without_network()
        self._compare()
        self._hand_in()
        self._look()
        raise StopUser

    def _start(self) -> None:
        self._sleep_until(self.table.begin(Scene.RUSH) + self.dice.uniform(0, self.table.within))
        begun = self._insist("start", "PUT", "", {"enrolment_id": self.enrolment_id})
        if begun is None:
            raise StopUser
        self.slots = [(place["slot"], len(place["options"])) for place in begun["order"]]

    def _answer(self, *, until: float) -> None:
        while True:
            time.sleep(self.table.pause * self.dice.uniform(0.5, 1.5))
            if self._second() >= until:
                return
            self._tap()
            self._save("save")

    def _go_on_without_network(self) -> None:
        back = self.table.begin(Scene.COMEBACK) + self.dice.uniform(0, self.table.within)
        while self._second() < back:
            self._tap()
            time.sleep(self.table.pause * self.dice.uniform(0.1, 0.3))
        self._save("catch_up")

    def _hand_in(self) -> None:
        scene = self.table.begin(Scene.LAST_MINUTE)
        self._sleep_until(scene + self.dice.uniform(0, self.table.within))
        self._tap()
        self._save("save")
        standing = self._insist("submit", "PUT", "/submission", {})
        if standing is not None:
            _SAMPLES.counts["handed_in"] += 1
            _SAMPLES.counts["lost"] += max(0, self.ledger.slots - standing["held_count"])

    def _look(self) -> None:
        for _ in range(LOOKS):
            scene = self.table.begin(Scene.RESULTS)
            third = self.table.results / (LOOKS + 1)
            self._sleep_until(max(scene, self._second()) + self.dice.uniform(0, third))
            standing = self._insist("outcome", "GET", "")
            _SAMPLES.counts["outcomes"] += bool(standing and standing["outcome"])
            self._insist("certificates", "GET", None, path="/v1/me/certificates")

    def _compare(self) -> None:
        within = self.table.comparison * 0.8
        scene = self.table.begin(Scene.COMPARISON)
        self._sleep_until(scene + self.dice.uniform(0, within))
        held = self._insist("compare", "GET", "/responses")
        if held is None:
            return
        judged = self.ledger.judge(held["entries"])
        _SAMPLES.counts["judged"] += 1
        for name in ("acknowledged", "lost", "doubled", "invented"):
            _SAMPLES.counts[name] += getattr(judged, name)

    def _tap(self) -> None:
        for _ in range(self.dice.choice((1, 1, 2))):
            slot, options = self.dice.choice(self.slots)
            self.ledger.say(slot, [self.dice.randrange(options)])

    def _save(self, operation: str) -> None:
        while sent := self.ledger.waiting[:MOST_ENTRIES]:
            body = {"epoch": 1, "entries": sent}
            receipt = self._insist(operation, "PUT", "/responses", body)
            if receipt is None:
                return
            _SAMPLES.counts["refused"] += self.ledger.acknowledge(sent, receipt["entries"])

    def _insist(
        self, operation: str, method: str, ending: str | None, body: Any = None, *, path: str = ""
    ) -> Any:
        """Ask until there is a good reply, as the protocol has it; None where there is none."""
        path = path or f"/v1/attempts/{self.attempt_id}{ending}"
        text = None if body is None else json.dumps(body)
        patience = 1.0
        while True:
            answer = self.client.request(
                method, path, data=text, headers=self.headers, name=operation
            )
            status = answer.status_code or 0
            if 200 <= status < 300:
                return json.loads(answer.content or b"null")
            if status not in AGAIN or self._second() > self.table.seconds:
                _SAMPLES.counts["given_up"] += 1
                return None
            _SAMPLES.counts["repeated"] += 1
            headers: Any = answer.headers or {}
            wait = float(headers.get("Retry-After") or patience)
            time.sleep(wait * self.dice.uniform(0.5, 1.5))
            patience = min(30.0, patience * 2)

    def _second(self) -> float:
        """Return the second of the timetable."""
        return time.time() - _SAMPLES.began

    def _sleep_until(self, second: float) -> None:
        time.sleep(max(0.0, second - self._second()))


@events.request.add_listener  # type: ignore[untyped-decorator]  # partial types
def note(name: str, response_time: float, response: Any, **_: Any) -> None:
    """Note a reply with its second."""
    status = getattr(response, "status_code", 0) or 0
    _SAMPLES.replies.append(Sample(round(time.time(), 2), name, round(response_time, 2), status))
