"""Work beside the requests: letting go of who saw what in practice (后台任务)."""

from __future__ import annotations

from datetime import datetime, timedelta

from question_bank.services import showing
from server.db import transaction
from server.work import Work


def fold(at: datetime) -> int:
    """Keep how often a version was shown more than a week ago, and no longer to whom."""
    with transaction():
        return showing.fold(at=at)


#: For wsgi.py.
WORK = Work(name="fold_practice_showings", every=timedelta(hours=6), run=fold)
