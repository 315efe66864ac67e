"""Work beside the requests: forgetting sign-ins from outside that are over (清理)."""

from __future__ import annotations

from datetime import datetime, timedelta

from server.db import transaction
from server.federation.services import arriving
from server.work import Work


def _sweep(at: datetime) -> int:
    with transaction():
        return arriving.sweep(at)


SWEEP = Work(name="sweep_outside_returns", every=timedelta(hours=1), run=_sweep)
