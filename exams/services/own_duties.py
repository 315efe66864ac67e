"""What one does oneself at sittings that come, run or have just ended (我的考务)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select

from exams.models import Exam, Sitting, SittingDuty
from exams.services.centres import COMING
from exams.sittings import SittingState
from exams.staffing import ON_THE_SPOT
from server.db import db
from server.organisations.models import Organisation

#: For so long after its end a sitting is still shown: a phone without network sends later.
_AFTERWARDS = timedelta(days=2)


@dataclass(frozen=True, kw_only=True)
class OwnDuty:
    """A duty on the spot, with the sitting and the centre where it is held."""

    duty: SittingDuty
    sitting: Sitting
    centre_name: str


def listed(person_id: UUID, *, at: datetime) -> list[OwnDuty]:
    """Return what somebody watches or examines, the next sitting first.

    Args:
        person_id: who.
        at: the moment; sittings that ended long before it are left out.
    """
    shown = Sitting.state.in_(COMING) | (
        (Sitting.state == SittingState.DONE) & (Exam.closes_at > at - _AFTERWARDS)
    )
    statement = (
        select(SittingDuty, Sitting, Organisation.name)
        .join(Sitting, Sitting.id == SittingDuty.sitting_id)
        .join(Exam, Exam.id == Sitting.id)
        .join(Organisation, Organisation.id == Sitting.centre_id)
        .where(
            SittingDuty.person_id == person_id,
            SittingDuty.duty.in_(ON_THE_SPOT),
            SittingDuty.ended_at.is_(None),
            shown,
        )
        .order_by(Exam.opens_at, SittingDuty.room, SittingDuty.id)
    )
    return [
        OwnDuty(duty=duty, sitting=sitting, centre_name=name)
        for duty, sitting, name in db.session.execute(statement)
    ]
