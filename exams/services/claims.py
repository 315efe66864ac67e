"""What keeps a place in a sitting from whoever applies, one or many; and the new rows (报名名额).

Whoever writes holds the sitting's lock, so that two who apply at once are told the same.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import and_, func, or_, select

from exams.admission_errors import EnrolmentClosed
from exams.candidacy_terms import DAYS_TO_DECIDE
from exams.models import Candidature, Enrolment, Exam, Sitting
from exams.services import candidatures
from exams.services.centres import COMING
from exams.sittings import Attendance, Awaited, Mode, SittingState
from server import days
from server.db import db
from server.people.models import Person
from server.policy import Identity
from server.working_days import working_days_after


@dataclass(frozen=True, kw_only=True)
class New:
    """Somebody who gets a row."""

    enrolment_id: UUID
    candidate_id: UUID
    waiver: str | None


def check_open(sitting: Sitting, *, at: datetime) -> None:
    """Make sure that somebody may apply at a moment.

    Raises:
        EnrolmentClosed: nobody may.
    """
    opens_at, closes_at = sitting.enrolment_opens_at, sitting.enrolment_closes_at
    if sitting.state is not SittingState.OPEN or not opens_at <= at < closes_at:
        raise EnrolmentClosed(opens_at=opens_at.isoformat(), closes_at=closes_at.isoformat())


def lock(candidate_ids: Collection[UUID]) -> None:
    """Make whoever applies for two sittings at the same moment wait for the other here."""
    statement = select(Person.id).where(Person.id.in_(candidate_ids)).order_by(Person.id)
    db.session.execute(statement.with_for_update())


def places_at(sitting: Sitting, candidate_ids: Collection[UUID]) -> dict[UUID, set[UUID]]:
    """Return by person the sittings in which they have a place: this one, and others in its hours.

    Of the others only those that are still to come.
    """
    statement = (
        select(Candidature.candidate_id, Sitting.id)
        .join(Sitting, Candidature.sitting_id == Sitting.id)
        .join(Enrolment, Enrolment.id == Candidature.id)
        .join(Exam, Exam.id == Sitting.id)
        .where(
            Candidature.candidate_id.in_(candidate_ids),
            Enrolment.withdrawn_at.is_(None),
            or_(
                Sitting.id == sitting.id,
                and_(
                    Sitting.state.in_(COMING),
                    Exam.opens_at < sitting.exam.closes_at,
                    Exam.closes_at > sitting.exam.opens_at,
                ),
            ),
        )
    )
    found: dict[UUID, set[UUID]] = {}
    for candidate_id, sitting_id in db.session.execute(statement):
        found.setdefault(candidate_id, set()).add(sitting_id)
    return found


def places_left(sitting: Sitting) -> int:
    """Return how many may still apply, those who wait for a place included."""
    active = select(func.count()).select_from(candidatures.active(sitting.id).subquery())
    return sitting.capacity + sitting.stand_by_limit - db.session.scalars(active).one()


def write(
    new: Sequence[New],
    sitting: Sitting,
    *,
    sent_by_id: UUID | None,
    by: Identity,
    at: datetime,
) -> list[Candidature]:
    """Write applications down in their order, as undecided; in a practice they are admitted."""
    last = select(func.coalesce(func.max(Candidature.number), 0)).where(
        Candidature.sitting_id == sitting.id
    )
    number = db.session.scalars(last).one()
    decide_by = working_days_after(days.civil_day(at), DAYS_TO_DECIDE)
    enrolments = [_enrolment(one, sitting, by=by, at=at) for one in new]
    db.session.add_all(enrolments)
    db.session.flush()
    made = [
        Candidature(
            id=one.enrolment_id,
            sitting_id=sitting.id,
            candidate_id=one.candidate_id,
            number=number + place,
            sent_by_id=sent_by_id,
            waiver=one.waiver,
            decide_by=decide_by,
            ticket_number=0,
            attendance=Attendance.EXPECTED,
            enrolment=enrolment,
        )
        for place, (one, enrolment) in enumerate(zip(new, enrolments, strict=True), start=1)
    ]
    db.session.add_all(made)
    if sitting.mode is Mode.PRACTICE:
        _admit(made, sitting, at=at)
    db.session.flush()
    return made


def _enrolment(one: New, sitting: Sitting, *, by: Identity, at: datetime) -> Enrolment:
    return Enrolment(
        id=one.enrolment_id,
        exam_id=sitting.id,
        candidate_id=one.candidate_id,
        enrolled_by_id=by.account_id,
        enrolled_at=at,
        hindrances=[],
        checked_at=at,
        awaits=Awaited.DECISION,
    )


def _admit(made: Sequence[Candidature], sitting: Sitting, *, at: datetime) -> None:
    db.session.flush()
    for one in made:
        one.approved, one.decided_at = True, at
    candidatures.admit_all(made, sitting)
