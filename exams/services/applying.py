"""Applying for a sitting, for oneself or for people whom one sends (报名).

Reasons are looked for when somebody applies and again when it is decided. Whoever is not told of
a decision within five working days is admitted, where nothing stands in the way.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select

from exams.admission_errors import EnrolmentClosed, SenderUnfit, SittingFull, SittingsOverlap
from exams.candidacy_terms import DAYS_TO_DECIDE
from exams.errors import AlreadyEnrolled, Withdrawn
from exams.models import Candidature, Enrolment, Exam, Sitting
from exams.services import candidatures, enrolments, sittings
from exams.services.centres import COMING
from exams.sittings import Attendance, Awaited, Mode, SittingState
from server import days
from server.db import db
from server.errors import IdTaken, NotFound
from server.organisations import services as organisations
from server.people.models import Person
from server.people.services import people
from server.policy import Identity, Permission
from server.working_days import working_days_after


@dataclass(frozen=True, kw_only=True)
class Application:
    """What somebody applies with."""

    candidate_id: UUID
    #: The employer or provider that sends the candidate.
    sent_by_id: UUID | None = None
    #: The certificate of vocational skill that stands for training.
    waiver: str | None = None
    #: The candidate's document number: proves that the sender knows somebody beyond their scope.
    document_number: str | None = field(default=None, repr=False)


def apply(
    enrolment_id: UUID, sitting_id: UUID, wanted: Application, *, by: Identity, at: datetime
) -> Candidature:
    """Apply for a place in a sitting, for oneself or for people one sends.

    Sending the same again looks anew at what stands in the way, until it is decided.

    Raises:
        NotFound: there is no such sitting, or no such candidate within the asker's scope.
        SenderUnfit: somebody is sent for an organisation outside the asker's scope, or for none.
        EnrolmentClosed: nobody may apply now.
        AlreadyEnrolled: the candidate has applied under another id.
        Withdrawn: this application was given up or refused; apply under a new id.
        SittingsOverlap: the candidate has a place in another sitting in these hours.
        SittingFull: no place is left, not even to wait for one.
        IdTaken: another enrolment stands under this id.
    """
    sitting = sittings.get(sitting_id, lock=True)
    if sitting.state is SittingState.PLANNED:
        raise NotFound
    _check_within_reach(sitting_id, wanted, by)
    _check_sender(wanted, by)
    known = _known(enrolment_id, sitting_id, wanted)
    if known is not None:
        return _looked_at(known, sitting, at=at) if known.approved is None else known
    _check_possible(sitting, wanted.candidate_id, at)
    made = _made(enrolment_id, sitting, wanted, by=by, at=at)
    if sitting.mode is Mode.PRACTICE:
        made.approved, made.decided_at = True, at
        candidatures.admit(made, sitting)
    db.session.flush()
    candidatures.tell("candidature_applied", made, by=by, at=at)
    return made


def _check_within_reach(sitting_id: UUID, wanted: Application, by: Identity) -> None:
    if wanted.document_number is not None:
        scope = by.scope(Permission.ENROL_CANDIDATES)
        people.get_proven(wanted.candidate_id, wanted.document_number, scope=scope)
    elif not enrolments.may(sitting_id, wanted.candidate_id, by, Permission.ENROL_CANDIDATES):
        raise NotFound


def _check_sender(wanted: Application, by: Identity) -> None:
    if wanted.sent_by_id is None:
        if wanted.candidate_id != by.person_id:
            raise SenderUnfit
        return
    try:
        organisations.get(wanted.sent_by_id, scope=by.scope(Permission.ENROL_CANDIDATES))
    except NotFound:
        raise SenderUnfit from None


def _known(enrolment_id: UUID, sitting_id: UUID, wanted: Application) -> Candidature | None:
    enrolment = db.session.get(Enrolment, enrolment_id)
    if enrolment is None:
        return None
    known = db.session.get(Candidature, enrolment_id)
    if known is None or (known.sitting_id, known.candidate_id) != (sitting_id, wanted.candidate_id):
        raise IdTaken
    if enrolment.withdrawn_at is not None:
        raise Withdrawn
    return known


def _check_possible(sitting: Sitting, candidate_id: UUID, at: datetime) -> None:
    hours = (sitting.enrolment_opens_at, sitting.enrolment_closes_at)
    if sitting.state is not SittingState.OPEN or not hours[0] <= at < hours[1]:
        raise EnrolmentClosed(opens_at=hours[0].isoformat(), closes_at=hours[1].isoformat())
    # Whoever applies for two sittings at the same moment waits for the other here.
    db.session.execute(select(Person.id).where(Person.id == candidate_id).with_for_update())
    statement = (
        select(Sitting.id)
        .join(Candidature, Candidature.sitting_id == Sitting.id)
        .join(Enrolment, Enrolment.id == Candidature.id)
        .join(Exam, Exam.id == Sitting.id)
        .where(
            Candidature.candidate_id == candidate_id,
            Enrolment.withdrawn_at.is_(None),
            Sitting.state.in_(COMING),
            Exam.opens_at < sitting.exam.closes_at,
            Exam.closes_at > sitting.exam.opens_at,
        )
    )
    others = set(db.session.scalars(statement))
    if sitting.id in others:
        raise AlreadyEnrolled
    if others:
        raise SittingsOverlap


def _made(
    enrolment_id: UUID, sitting: Sitting, wanted: Application, *, by: Identity, at: datetime
) -> Candidature:
    known = select(func.count(), func.coalesce(func.max(Candidature.number), 0)).where(
        Candidature.sitting_id == sitting.id
    )
    _, last = db.session.execute(known).one()
    active = select(func.count()).select_from(candidatures.active(sitting.id).subquery())
    if db.session.scalars(active).one() >= sitting.capacity + sitting.stand_by_limit:
        raise SittingFull
    enrolment = Enrolment(
        id=enrolment_id,
        exam_id=sitting.id,
        candidate_id=wanted.candidate_id,
        enrolled_by_id=by.account_id,
        enrolled_at=at,
        hindrances=[],
        checked_at=at,
        awaits=Awaited.DECISION,
    )
    db.session.add(enrolment)
    db.session.flush()
    made = Candidature(
        id=enrolment_id,
        sitting_id=sitting.id,
        candidate_id=wanted.candidate_id,
        number=last + 1,
        sent_by_id=wanted.sent_by_id,
        waiver=wanted.waiver,
        decide_by=working_days_after(days.civil_day(at), DAYS_TO_DECIDE),
        ticket_number=0,
        attendance=Attendance.EXPECTED,
        enrolment=enrolment,
    )
    db.session.add(made)
    candidatures.look_again(made, sitting, at=at)
    return made


def _looked_at(known: Candidature, sitting: Sitting, *, at: datetime) -> Candidature:
    candidatures.look_again(known, sitting, at=at)
    db.session.flush()
    return known
