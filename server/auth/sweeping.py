"""Work beside the requests: forgetting tries to sign in that say nothing any more (清理)."""

from __future__ import annotations

from datetime import datetime, timedelta

from server.auth.services import tallies
from server.db import transaction
from server.work import Work


def _sweep(at: datetime) -> int:
    with transaction():
        return tallies.sweep(at=at)


SWEEP = Work(name="sweep_sign_in_tallies", every=timedelta(hours=1), run=_sweep)
