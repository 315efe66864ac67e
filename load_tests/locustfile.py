"""Who comes, and how many of each: the crowd of an exam day for Locust (压力测试).

    locust -f load_tests/locustfile.py --host http://127.0.0.1:8000 \
           --demonstration data/demonstration.json --candidates 50

With the web UI at http://127.0.0.1:8089; headless with `--headless --users 50`. `SHAPE=rush`,
`SHAPE=day` or `SHAPE=staircase` in the environment lets the crowd come and go by itself.
"""

from __future__ import annotations

import json
import os
from collections import deque
from itertools import count
from pathlib import Path
from typing import Any, TypeVar
from uuid import uuid4

from locust import FastHttpUser, between, events, task
from locust.exception import StopUser

from load_tests import cast, journeys
from load_tests.cast import Cast, Place
from load_tests.messages import Ask, Journey, Refused, Reply, decoded, encoded
from load_tests.server_process import SignIn

Answer = TypeVar("Answer")

#: What everybody in this process shares: the places not taken yet, and what was issued.
PLACES: deque[Place] = deque()
ISSUED: list[tuple[str, str]] = []
CROWD: dict[str, Cast] = {}
_NUMBERS = count()


@events.init_command_line_parser.add_listener  # type: ignore[untyped-decorator]  # partial types
def add_options(parser: Any) -> None:
    """Ask where the demonstration accounts are, and how many candidates to make."""
    parser.add_argument("--demonstration", default="data/demonstration.json", help="its accounts")
    parser.add_argument("--candidates", type=int, default=50, help="made before the test")
    parser.add_argument("--seed", type=int, default=0, help="0 draws one: others in every run")


@events.test_start.add_listener  # type: ignore[untyped-decorator]  # partial types
def gather(environment: Any, **_: Any) -> None:
    """Make an exam and its candidates through the front door, before anybody comes."""
    options = environment.parsed_options
    written = json.loads(Path(options.demonstration).read_text("utf-8"))["accounts"]
    seed = options.seed or uuid4().int % 10**8
    crowd = cast.gather(
        environment.host, [SignIn(**account) for account in written], options.candidates, seed=seed
    )
    CROWD["today"] = crowd
    PLACES.extend(crowd.places)


class Somebody(FastHttpUser):
    """Anybody who walks journeys over HTTP, and waits between two of them as people do."""

    abstract = True
    wait_time = between(0.5, 2)
    access_token: str | None = None

    def walk(self, journey: Journey[Answer]) -> Answer | None:
        """Walk a journey; a refusal is noted by Locust and ends this walk, not the test."""
        reply: Reply | None = None
        try:
            while True:
                reply = self.ask(next(journey) if reply is None else journey.send(reply))
        except StopIteration as end:
            answer: Answer = end.value
            return answer
        except Refused:
            return None

    def ask(self, ask: Ask) -> Reply:
        """Ask the server, counted under the short name of what is asked."""
        body, content_type = encoded(ask)
        headers = {"Content-Type": content_type} if content_type else {}
        if ask.signed and self.access_token:
            headers["Authorization"] = f"Bearer {self.access_token}"
        name = journeys.short_name(ask)
        text = None if body is None else body.decode()
        answer = self.client.request(ask.method, ask.path, data=text, headers=headers, name=name)
        raw: bytes = answer.content or b""
        headers_of_it: Any = answer.headers or {}
        said = decoded(raw, headers_of_it.get("content-type") or "")
        return Reply(ask=ask, status=answer.status_code, body=said, raw=raw)


class Candidate(Somebody):
    """Sits the exam once, looks at the outcome, and practises for the rest of the day."""

    weight = 6

    def on_start(self) -> None:
        """Take a place; who finds none goes home."""
        if not PLACES:
            raise StopUser
        self.place = PLACES.popleft()
        self.number = next(_NUMBERS)
        self.access_token = self.place.candidate.phone.access_token
        self.sat = False

    @task
    def live(self) -> None:
        """Sit the exam first, then practise."""
        if self.sat:
            role = cast.ROLE
            self.walk(journeys.practise(role.post, seed=next(_NUMBERS), item=None))
            return
        knows = CROWD["today"].knowledge.chosen
        choose = knows if self.number % 2 == 0 else journeys.guesser(self.number)
        attempt_id, self.sat = uuid4(), True
        sitting = journeys.sit(attempt_id, self.place.enrolment_id, choose=choose, saves=20)
        if self.walk(sitting) is not None:
            for held in self.walk(journeys.look_after(attempt_id)) or []:
                ISSUED.append((held["serial"], held["token"]))


class Stranger(Somebody):
    """Stands at a gate and scans certificates, without an account."""

    weight = 1

    @task
    def verify(self) -> None:
        """Verify one of the certificates issued so far."""
        if ISSUED:
            self.walk(journeys.verify(*ISSUED[next(_NUMBERS) % len(ISSUED)]))


if os.environ.get("SHAPE"):
    # Locust takes the one shape it finds among the names of this file.
    from load_tests.shapes import SHAPES

    Shape = SHAPES[os.environ["SHAPE"]]
