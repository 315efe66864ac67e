"""Whether the sums were counted by the rules of this release, and counting anew (规则变更重算).

What a rule makes of a fact is kept as a stretch. A release that judges the same facts otherwise
therefore raises `certificates.sums.RULES`, and after the upgrade everybody is counted anew once,
by a job, beside those who write. Until that is done the sums are what the former rules said, and
whoever looks the machine over is told so.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final
from uuid import NAMESPACE_URL, uuid5

from sqlalchemy import select

from certificates.models import CoverageRules
from certificates.services.counts.checking import PLATFORM
from certificates.sums import RULES
from server.days import civil_day
from server.db import db, upsert
from server.jobs import services as jobs
from server.jobs.models import UNFINISHED, Job
from server.people.models import Person

#: The job that counts everybody anew.
JOB: Final = "coverage_rebuild"

#: The one row.
_ROW: Final = 1


def counted_by() -> int | None:
    """Return the number of the rules by which everybody was counted; None where it is not known."""
    return db.session.execute(select(CoverageRules.number)).scalar_one_or_none()


def is_due() -> bool:
    """Say whether somebody was counted by other rules than those of this release; a read."""
    if counted_by() == RULES:
        return False
    return db.session.execute(select(Person.id).limit(1)).first() is not None


def note(*, at: datetime) -> None:
    """Write down that everybody was counted by the rules of this release."""
    told = {"number": RULES, "counted_at": at}
    db.session.execute(
        upsert(CoverageRules)
        .values(id=_ROW, **told)
        .on_conflict_do_update(index_elements=["id"], set_=told)
    )


def note_if_nobody(*, at: datetime) -> None:
    """Write it down where nobody was there to be counted: an installation that begins."""
    if counted_by() != RULES and not is_due():
        note(at=at)


def ask_if_due(*, at: datetime) -> bool:
    """Ask for counting anew where it is due; say whether it was asked for.

    Once a day: what failed is tried again the next, and a job that goes on is not asked for twice.
    """
    if not is_due():
        return False
    before = last_job()
    today = uuid5(NAMESPACE_URL, f"{JOB}:{RULES}:{civil_day(at).isoformat()}")
    if before is not None and (before.state in UNFINISHED or before.id == today):
        return False
    jobs.ask(today, JOB, {"rules": RULES}, by=PLATFORM, at=at)
    return True


def last_job() -> Job | None:
    """Return the job that counts, or counted, anew most lately."""
    newest = select(Job).where(Job.kind == JOB).order_by(Job.asked_at.desc(), Job.id).limit(1)
    return db.session.execute(newest).scalar_one_or_none()
