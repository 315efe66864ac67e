"""What the phones of a drill have seen: every reply with its moment, put together (样本)."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from load_tests.figures import percentile


class Sample(NamedTuple):
    """One reply, or the lack of one."""

    #: Seconds since the epoch at which the reply was there.
    at: float
    operation: str
    ms: float
    #: 0 where nothing came back.
    status: int


@dataclass(kw_only=True)
class Samples:
    """All replies of one process or of all of them, and what its phones counted beside."""

    #: The moment that the timetable counts from, in seconds since the epoch.
    began: float = 0.0
    replies: list[Sample] = field(default_factory=list)
    #: Counts of phones: judged, acknowledged, lost, doubled, invented, repeated, given up …
    counts: Counter[str] = field(default_factory=Counter)
    #: CPU seconds of the process itself.
    cpu_seconds: float = 0.0

    def write(self, path: Path) -> None:
        """Write them to a file, which is there once it is whole."""
        content = {
            "began": self.began,
            "replies": self.replies,
            "counts": self.counts,
            "cpu_seconds": self.cpu_seconds,
        }
        written = path.with_suffix(".new")
        written.write_text(json.dumps(content), "utf-8")
        written.rename(path)

    @classmethod
    def gathered(cls, folder: Path) -> Samples:
        """Put together what processes have written into a folder.

        Phones that have left nothing behind came to no end, which is a no go by itself.
        """
        whole = cls()
        files = sorted(folder.glob("*.json"))
        begun = []
        for path in files:
            content = json.loads(path.read_text("utf-8"))
            begun.append(content["began"])
            whole.replies += [Sample(*one) for one in content["replies"]]
            whole.counts.update(content["counts"])
            whole.cpu_seconds += content["cpu_seconds"]
        whole.began = min(begun, default=0.0)
        whole.replies.sort()
        return whole

    def between(
        self, begin: float, end: float, operations: Sequence[str] | None = None
    ) -> list[Sample]:
        """Return the replies between two seconds of the timetable, of some operations or all."""
        return [
            one
            for one in self.replies
            if begin <= one.at - self.began < end
            and (operations is None or one.operation in operations)
        ]


class Slice(NamedTuple):
    """What happened within some seconds."""

    second: float
    per_second: float
    p50_ms: float
    p95_ms: float
    p99_ms: float
    #: Replies that were not good, a second.
    bad_per_second: float


def sliced(samples: Samples, *, seconds: float, each: float) -> list[Slice]:
    """Cut a drill into slices of so many seconds."""
    by_slice: dict[int, list[Sample]] = defaultdict(list)
    for one in samples.replies:
        by_slice[int((one.at - samples.began) // each)].append(one)
    return [_slice(number * each, each, by_slice[number]) for number in range(int(seconds // each))]


def _slice(second: float, each: float, replies: Iterable[Sample]) -> Slice:
    replies = list(replies)
    ms = [one.ms for one in replies] or [0.0]
    return Slice(
        second,
        len(replies) / each,
        percentile(ms, 0.50),
        percentile(ms, 0.95),
        percentile(ms, 0.99),
        sum(not 200 <= one.status < 300 for one in replies) / each,
    )
