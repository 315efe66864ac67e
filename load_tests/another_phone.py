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
import zlib
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Protocol
from uuid import uuid4

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

#: A reply: its status and its body.
Answered = tuple[int, bytes]


class Network(Protocol):
    """How bytes travel. Raises `ConnectionError` where there is no network."""

    def __call__(
        self, method: str, path: str, body: bytes | None, token: str | None
    ) -> Answered:  # pragma: no cover
        """Send a request and return the reply."""


class NotAsWritten(AssertionError):
    """The server does not do what the page says."""


class Refused(Exception):
    """The server refused; `code` is stable."""

    def __init__(self, status: int, document: dict[str, Any]) -> None:
        super().__init__(f"{status} {document.get('code')}")
        self.code: str = document["code"]
        self.facts: dict[str, Any] = document.get("facts", {})


@dataclass(kw_only=True)
class Phone:
    """One phone: what it stores outlives a restart of the page."""

    network: Network
    device_id: str = field(default_factory=lambda: str(uuid4()))
    token: str | None = None
    attempt_id: str = field(default_factory=lambda: str(uuid4()))
    epoch: int = 0
    order: list[dict[str, Any]] = field(default_factory=list)
    paper: dict[str, Any] = field(default_factory=dict)
    deadline_at: str = ""
    paused_at: str | None = None
    #: Entries that no reply has named yet, oldest first.
    unacknowledged: list[dict[str, Any]] = field(default_factory=list)
    #: What became of entries, in the order of the replies.
    verdicts: list[tuple[str, str | None, bool]] = field(default_factory=list)
    wants_to_hand_in: bool = False
    #: Whether another phone has the attempt now.
    frozen: bool = False
    _sequence: int = 0
    _packages: dict[str, bytes] = field(default_factory=dict)

    def sign_in(self, name: str, password: str, *, new_password: str | None = None) -> None:
        """Sign in on this phone, under the number that it made for itself."""
        body = {
            "sign_in_name": name,
            "password": password,
            "device_id": self.device_id,
            "device_name": "another phone",
        }
        if new_password is not None:
            body["new_password"] = new_password
        self.token = self._ask("POST", "/v1/sign-in", body)["access_token"]

    def places(self) -> list[dict[str, Any]]:
        """Return one's places in exams."""
        found: list[dict[str, Any]] = []
        path = "/v1/me/enrolments"
        while True:
            page = self._ask("GET", path)
            found += page["items"]
            if page["next_cursor"] is None:
                return found
            path = f"/v1/me/enrolments?cursor={page['next_cursor']}"

    def place_in(self, exam_id: str) -> dict[str, Any]:
        """Return one's place in an exam, and fetch the sealed paper that belongs to it."""
        for place in self.places():
            if place["exam_id"] == exam_id:
                self.fetch(place["package"]["hash"], place["package"]["size"])
                return place
        raise NotAsWritten("The place is not among one's own.")

    def fetch(self, name: str, size: int) -> bytes:
        """Fetch a sealed paper, without an account; it must be what its name says."""
        status, sealed = self.network("GET", f"/v1/packages/{name}", None, None)
        if status != 200 or hashlib.sha256(sealed).hexdigest() != name or len(sealed) != size:
            raise NotAsWritten("The package is not what its name says.")
        self._packages[name] = sealed
        return sealed

    def start(self, enrolment_id: str) -> None:
        """Start, as often as needed, and open the paper that was fetched before."""
        begun = self._ask("PUT", self._path(), {"enrolment_id": enrolment_id})
        self._beat(begun)
        self.epoch, self.order = begun["epoch"], begun["order"]
        package = begun["package"]
        self.paper = opened(self._packages[package["hash"]], package["opens_with"])

    def shown(self) -> list[dict[str, Any]]:
        """Return the questions as this candidate sees them: slot, stem, options in their order."""
        by_slot = {question["slot"]: question for question in self.paper["questions"]}
        return [
            {
                **by_slot[place["slot"]],
                "options": [by_slot[place["slot"]]["options"][n] for n in place["options"]],
                "numbers": place["options"],
            }
            for place in self.order
        ]

    def tap(self, slot: int, chosen: list[int]) -> None:
        """Store an answer, by the form's own numbers, to be sent when there is a network."""
        if self.frozen or self.wants_to_hand_in:
            return
        self._sequence += 1
        word = {"slot": slot, "chosen": chosen, "sequence": self._sequence}
        self.unacknowledged.append(word)

    def flush(self) -> bool:
        """Send what is not acknowledged; say whether the network was there."""
        while True:
            entries = self.unacknowledged[:500]
            body = {"epoch": self.epoch, "entries": entries}
            reply = self._trying(lambda: self._ask("PUT", self._path("/responses"), body))  # noqa: B023  # called at once
            if reply is None:
                return False
            self._beat(reply)
            named = {(one["slot"], one["sequence"]) for one in reply["entries"]}
            self.verdicts += [
                (one["verdict"], one["code"], one["late"]) for one in reply["entries"]
            ]
            self.unacknowledged = [
                word
                for word in self.unacknowledged
                if (word["slot"], word["sequence"]) not in named
            ]
            self.frozen = self.frozen or reply["epoch"] > self.epoch
            if not self.unacknowledged:
                return True

    def hand_in(self) -> dict[str, Any] | None:
        """Hand in: a wish that is stored, and sent once everything else is; None until then."""
        self.wants_to_hand_in = True
        if not self.flush():
            return None
        return self._trying(lambda: self._ask("PUT", self._path("/submission")))

    def receipt(self) -> dict[str, Any]:
        """Return what the server holds, with a code that anybody can have checked."""
        receipt = self._ask("GET", self._path("/receipt"))
        return {name: receipt[name] for name in RECEIPT}

    def is_genuine(self, receipt: dict[str, Any]) -> bool:
        """Ask, without an account, whether the server made a receipt."""
        status, body = self.network("POST", "/v1/receipt-checks", _written(receipt), None)
        if status != 200:
            raise Refused(status, json.loads(body))
        return bool(json.loads(body)["genuine"])

    def move_here(self, attempt_id: str, code: str, enrolment_id: str) -> None:
        """Take an attempt over from another phone, with the code that the invigilator gave."""
        self.attempt_id = attempt_id
        self._ask("PUT", self._path("/move"), {"code": code})
        self.start(enrolment_id)
        self._sequence = 0

    def held(self) -> dict[int, list[int]]:
        """Return what counts at the server, by slot."""
        held = self._ask("GET", self._path("/responses"))["entries"]
        return {one["slot"]: one["chosen"] for one in held}

    def _beat(self, reply: dict[str, Any]) -> None:
        self.deadline_at, self.paused_at = reply["deadline_at"], reply["paused_at"]

    def _path(self, ending: str = "") -> str:
        return f"/v1/attempts/{self.attempt_id}{ending}"

    def _ask(self, method: str, path: str, body: object = None) -> dict[str, Any]:
        status, raw = self.network(
            method, path, None if body is None else _written(body), self.token
        )
        document: dict[str, Any] = json.loads(raw)
        if status != 200:
            raise Refused(status, document)
        return document

    @staticmethod
    def _trying(ask: Callable[[], dict[str, Any]]) -> dict[str, Any] | None:
        try:
            return ask()
        except ConnectionError:
            return None


#: The fields of a receipt, in any order.
RECEIPT = ("attempt_id", "held_count", "question_count", "at", "code")


def opened(sealed: bytes, opens_with: str) -> dict[str, Any]:
    """Return the paper inside a sealed package."""
    key = base64.b64decode(opens_with)
    packed = AESGCM(key).decrypt(sealed[:12], sealed[12:], b"sealed-paper/1")
    paper: dict[str, Any] = json.loads(zlib.decompress(packed))
    return paper


def _written(body: object) -> bytes:
    return json.dumps(body).encode()
