"""A phone that does what docs/attempt.md and docs/api.md say, and shares no line with the house.

It imports nothing of the house, not even its HTTP client: it fetches the sealed paper before the
day, opens it with the key that the start brings, shows the candidate's own order, stores every tap
before it is sent, goes on without network, hands in when it is back, keeps receipts, and learns of
a move by the epoch. Whatever it needs must stand on those two pages.
"""

from __future__ import annotations

import base64
import hashlib
import json
import time
import zlib
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any
from uuid import uuid4

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from load_tests.another_line import Away, Line, Network, Refused

#: Entries that one message may hold.
MOST_ENTRIES = 500

#: The fields of a receipt, in any order.
RECEIPT = ("attempt_id", "held_count", "question_count", "at", "code")


class NotAsWritten(AssertionError):
    """The server does not do what the page says."""


@dataclass(kw_only=True)
class Stored:
    """What a phone stores of an attempt: it outlives a restart of the page."""

    attempt_id: str = field(default_factory=lambda: str(uuid4()))
    epoch: int = 0
    order: list[dict[str, Any]] = field(default_factory=list)
    paper: dict[str, Any] = field(default_factory=dict)
    deadline_at: str = ""
    paused_at: str | None = None
    #: The number of the last tap.
    sequence: int = 0
    #: Entries that no reply has named yet, oldest first.
    unacknowledged: list[dict[str, Any]] = field(default_factory=list)
    #: What became of entries, in the order of the replies.
    verdicts: list[list[Any]] = field(default_factory=list)
    wants_to_hand_in: bool = False
    #: Whether another phone has the attempt now.
    frozen: bool = False


class Phone:
    """One phone.

    Args:
        network: how bytes travel.
        device_id: the number that the phone made for itself; another one without.
        wait: lets seconds pass.
        monotonic: a clock that nobody can set, in seconds.
    """

    def __init__(
        self,
        network: Network,
        *,
        device_id: str | None = None,
        wait: Callable[[float], None] = time.sleep,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self.line = Line(network=network, device_id=device_id or str(uuid4()), wait=wait)
        self.stored = Stored()
        self._packages: dict[str, bytes] = {}
        self._monotonic = monotonic
        #: The end of the time on the clock that nobody can set; None before the first reply.
        self._ends: float | None = None

    def restarted(self) -> Phone:
        """Return the phone after a restart of the page: it knows what was stored, as text."""
        line = self.line
        again = Phone(
            line.network, device_id=line.device_id, wait=line.wait, monotonic=self._monotonic
        )
        again.line.access_token, again.line.refresh_token = line.access_token, line.refresh_token
        again.stored = Stored(**json.loads(json.dumps(asdict(self.stored))))
        again._packages = dict(self._packages)
        return again

    def place_in(self, exam_id: str) -> dict[str, Any]:
        """Return one's place in an exam, and fetch the sealed paper that belongs to it."""
        path: str | None = "/v1/me/enrolments"
        while path is not None:
            page = self.line.ask("GET", path)
            for place in page["items"]:
                if place["exam_id"] == exam_id:
                    self._fetch(place["package"]["hash"], place["package"]["size"])
                    found: dict[str, Any] = place
                    return found
            following = page["next_cursor"]
            path = following and f"/v1/me/enrolments?cursor={following}"
        raise NotAsWritten("The place is not among one's own.")

    def _fetch(self, name: str, size: int) -> None:
        """Fetch a sealed paper, without an account; it must be what its name says."""
        sealed = self.line.fetch("GET", f"/v1/packages/{name}", signed=False)
        if hashlib.sha256(sealed).hexdigest() != name or len(sealed) != size:
            raise NotAsWritten("The package is not what its name says.")
        self._packages[name] = sealed

    def start(self, enrolment_id: str) -> None:
        """Start, as often as needed, and open the paper that was fetched before."""
        begun = self.line.ask("PUT", self._path(), {"enrolment_id": enrolment_id})
        self._beat(begun)
        package = begun["package"]
        kept = self.stored
        kept.epoch, kept.order = begun["epoch"], begun["order"]
        kept.paper = opened(self._packages[package["hash"]], package["opens_with"])

    def shown(self) -> list[dict[str, Any]]:
        """Return the questions as this candidate sees them: slot, stem, options in their order."""
        by_slot = {question["slot"]: question for question in self.stored.paper["questions"]}
        return [
            {
                **by_slot[place["slot"]],
                "options": [by_slot[place["slot"]]["options"][n] for n in place["options"]],
                "numbers": place["options"],
            }
            for place in self.stored.order
        ]

    def seconds_left(self) -> float | None:
        """Return the seconds to be shown; None where no reply has come since the page began."""
        return None if self._ends is None else max(0.0, self._ends - self._monotonic())

    def tap(self, slot: int, chosen: list[int]) -> None:
        """Store an answer, by the form's own numbers, to be sent when there is a network."""
        kept = self.stored
        if kept.frozen or kept.wants_to_hand_in:
            return
        kept.sequence += 1
        kept.unacknowledged.append({"slot": slot, "chosen": chosen, "sequence": kept.sequence})

    def flush(self) -> bool:
        """Send what is not acknowledged; say whether all of it was answered."""
        kept = self.stored
        while True:
            some = kept.unacknowledged[:MOST_ENTRIES]
            body = {"epoch": kept.epoch, "entries": some}
            try:
                reply = self.line.ask("PUT", self._path("/responses"), body)
            except Away:
                return False
            self._beat(reply)
            self._note(reply)
            if not kept.unacknowledged:
                return True

    def _note(self, reply: dict[str, Any]) -> None:
        kept = self.stored
        told = [[one["verdict"], one["code"], one["late"]] for one in reply["entries"]]
        named = {(one["slot"], one["sequence"]) for one in reply["entries"]}
        kept.verdicts += told
        kept.unacknowledged = [
            word for word in kept.unacknowledged if (word["slot"], word["sequence"]) not in named
        ]
        kept.frozen = kept.frozen or reply["epoch"] > kept.epoch

    def hand_in(self) -> dict[str, Any] | None:
        """Hand in: a wish that is stored, and sent once everything else is; None until then."""
        self.stored.wants_to_hand_in = True
        return self.go_on()

    def go_on(self) -> dict[str, Any] | None:
        """Send what waits, the wish to hand in among it; return the standing if that was sent."""
        if not self.flush() or not self.stored.wants_to_hand_in or self.stored.frozen:
            return None
        try:
            return self.line.ask("PUT", self._path("/submission"))
        except Away:
            return None

    def receipt(self) -> dict[str, Any]:
        """Return what the server holds, with a code that anybody can have checked."""
        receipt = self.line.ask("GET", self._path("/receipt"))
        return {name: receipt[name] for name in RECEIPT}

    def is_genuine(self, receipt: dict[str, Any]) -> bool:
        """Ask, without an account, whether the server made a receipt."""
        return bool(self.line.ask("POST", "/v1/receipt-checks", receipt, signed=False)["genuine"])

    def move_here(self, attempt_id: str, code: str, enrolment_id: str) -> None:
        """Take an attempt over from another phone, with the code that the invigilator gave."""
        self.stored.attempt_id = attempt_id
        self.line.ask("PUT", self._path("/move"), {"code": code})
        self.start(enrolment_id)
        self.stored.sequence = 0

    def held(self) -> dict[int, list[int]]:
        """Return what counts at the server, by slot."""
        held = self.line.ask("GET", self._path("/responses"))["entries"]
        return {one["slot"]: one["chosen"] for one in held}

    def _beat(self, reply: dict[str, Any]) -> None:
        """Take over the server's time, from every reply."""
        self.stored.deadline_at, self.stored.paused_at = reply["deadline_at"], reply["paused_at"]
        ends, now = (datetime.fromisoformat(reply[name]) for name in ("deadline_at", "now"))
        self._ends = self._monotonic() + (ends - now).total_seconds()

    def _path(self, ending: str = "") -> str:
        return f"/v1/attempts/{self.stored.attempt_id}{ending}"


def opened(sealed: bytes, opens_with: str) -> dict[str, Any]:
    """Return the paper inside a sealed package."""
    key = base64.b64decode(opens_with)
    packed = AESGCM(key).decrypt(sealed[:12], sealed[12:], b"sealed-paper/1")
    paper: dict[str, Any] = json.loads(zlib.decompress(packed))
    return paper


__all__ = ["Away", "NotAsWritten", "Phone", "Refused", "opened"]
