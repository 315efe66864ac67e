"""Giving up a place in a sitting in time: the next in line moves up (退考、请假)."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from exams.admission_errors import AbsenceTooLate, AlreadyLetIn
from exams.errors import Withdrawn
from exams.models import Candidature, Enrolment, Sitting
from exams.services import allotting, candidatures, enrolments, seats, sittings, turns
from exams.sittings import IN_THE_ROOM, Attendance, SittingState
from server.db import db
from server.policy import Identity, Permission


def prepare(enrolment_id: UUID, *, at: datetime) -> None:
    """Read, before anybody waits, what a form would be drawn from for whoever moves up."""
    found = db.session.get(Candidature, enrolment_id)
    if found is not None:
        allotting.prepare_moves(found.sitting_id, at=at)


def withdraw(enrolment_id: UUID, *, by: Identity, at: datetime) -> Enrolment:
    """Give up a place in an exam; in a sitting it goes to whoever has waited longest.

    Doing so again changes nothing.

    Raises:
        NotFound: there is no such enrolment that the asker may give up.
        AttemptBegun: the candidate has started.
        AbsenceTooLate: the sitting begins too soon.
    """
    found = db.session.get(Candidature, enrolment_id)
    if found is None:
        return enrolments.withdraw(enrolment_id, by=by, at=at)
    given_up = enrolments.get(enrolment_id, by=by, permission=Permission.ENROL_CANDIDATES)
    if given_up.withdrawn_at is not None:
        return given_up
    sitting = sittings.get(found.sitting_id, lock=True)
    _check_in_time(sitting, at)
    enrolments.withdraw(enrolment_id, by=by, at=at)
    _free(found, sitting, by, at)
    return given_up


def excuse(enrolment_id: UUID, *, reason: str, by: Identity, at: datetime) -> Candidature:
    """Tell that the candidate of a place will not come, and why. The same changes nothing.

    Raises:
        NotFound: there is no such application that the asker may speak for.
        Withdrawn: it was given up or refused.
        AlreadyLetIn: the candidate was let in.
        AbsenceTooLate: the sitting begins too soon, or has begun.
    """
    found = candidatures.visible(enrolment_id, by=by)
    sitting = sittings.get(found.sitting_id, lock=True)
    found = candidatures.get(enrolment_id, lock=True)
    if found.attendance is Attendance.EXCUSED:
        return found
    if found.attendance in IN_THE_ROOM:
        raise AlreadyLetIn
    _check_in_time(sitting, at)
    if found.enrolment.withdrawn_at is not None:
        raise Withdrawn
    found.attendance, found.absence_reason = Attendance.EXCUSED, reason
    found.enrolment.withdrawn_at = at
    _free(found, sitting, by, at)
    candidatures.tell("absence_excused", found, by=by, at=at, reason=reason)
    return found


def _free(found: Candidature, sitting: Sitting, by: Identity, at: datetime) -> None:
    turns.drop(found.id, reason="放弃考试", by=by, at=at)
    found.take_seat(None)
    db.session.flush()
    seats.hand_on(sitting, by=by, at=at)


def _check_in_time(sitting: Sitting, at: datetime) -> None:
    until_at = sitting.exam.opens_at - timedelta(hours=sitting.absence_notice_hours)
    over = sitting.state in (SittingState.DONE, SittingState.CANCELLED)
    if at > until_at or over:
        raise AbsenceTooLate(until_at=until_at.isoformat())
