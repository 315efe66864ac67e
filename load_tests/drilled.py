"""Candidates that `flask exams drill` has made, and the bytes that their phones send (演练考生)."""

from __future__ import annotations

import json
import random
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from load_tests.rush import request
from load_tests.server_process import ServerProcess

#: Questions of the papers, all of which an attempt answers before it is handed in.
QUESTIONS = 100

#: Questions that every exam of the demonstration has at least.
LEAST_QUESTIONS = 50


@dataclass(frozen=True, kw_only=True)
class Candidate:
    """A candidate of the drill."""

    attempt_id: str
    enrolment_id: str
    token: str

    def save(self, sequence: int) -> bytes:
        """Return a request that saves two entries, as a phone sends them."""
        slot = random.randrange(1, QUESTIONS)
        entries = [
            {"slot": slot, "chosen": [sequence % 2], "sequence": sequence},
            {"slot": slot + 1, "chosen": [1], "sequence": sequence + 1},
        ]
        return self._put("/responses", {"epoch": 1, "entries": entries})

    def save_all(self) -> bytes:
        """Return a request that answers every question."""
        entries = [
            {"slot": slot, "chosen": [0], "sequence": 1_000_000 - QUESTIONS + slot}
            for slot in range(1, QUESTIONS + 1)
        ]
        return self._put("/responses", {"epoch": 1, "entries": entries})

    def start(self) -> bytes:
        """Return a request that starts the attempt."""
        return self._put("", {"enrolment_id": self.enrolment_id})

    def submit(self) -> bytes:
        """Return a request that hands in."""
        return self._put("/submission", {})

    def _put(self, ending: str, body: dict[str, Any]) -> bytes:
        path = f"/v1/attempts/{self.attempt_id}{ending}"
        return request("PUT", path, token=self.token, body=json.dumps(body).encode())


def drill(
    server: ServerProcess, folder: Path, count: int, *, started: bool, held: int = 0
) -> list[Candidate]:
    """Let a server make candidates, and return them.

    Args:
        server: which.
        folder: where the file may lie that it writes.
        count: how many.
        started: whether their attempts have begun.
        held: how many responses each holds then.
    """
    out = folder / "drill.txt"
    words = ["exams", "drill", "--candidates", str(count), "--out", str(out)]
    words += ["--questions", str(QUESTIONS)]
    words += ["--started", "--held", str(held)] if started else []
    server.command(*words)
    lines = (line.split() for line in out.read_text("ascii").splitlines())
    return [
        Candidate(attempt_id=attempt, enrolment_id=enrolment, token=token)
        for attempt, enrolment, token in lines
    ]
