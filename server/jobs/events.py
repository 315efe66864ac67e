"""What jobs tell of themselves (任务事件)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from server.events import Event


@dataclass(frozen=True, kw_only=True)
class JobGivenUp(Event):
    """A job came to no good end: it was cancelled, or it failed. Nobody takes it up again."""

    job_id: UUID
    #: The kind of work, and what it was to be done with.
    kind: str
    wanted: Mapping[str, Any]
    at: datetime
