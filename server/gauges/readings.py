"""One figure as it is now, and who reads it (读数)."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime

from server.config import Config


@dataclass(frozen=True, kw_only=True)
class Reading:
    """A figure at this moment, as Prometheus will know it."""

    #: Its name, `platform_…`, with the unit at its end.
    name: str
    #: What it tells, in one English sentence.
    meaning: str
    value: float
    #: What sets it apart from others of the same name: `{"kind": "question_import"}`.
    labels: dict[str, str] = field(default_factory=dict)


#: Reads figures of one matter, by statements whose cost does not grow with what is stored.
Gauge = Callable[[Config, datetime], Iterable[Reading]]


def age(at: datetime, since: datetime | None) -> float:
    """Return the seconds since a moment; 0 where there is none, so that nothing waits."""
    return max(0.0, (at - since).total_seconds()) if since else 0.0
