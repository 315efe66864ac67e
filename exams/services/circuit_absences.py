"""Who does not come to a subject of a circuit, and what is left at its end (科目缺考)."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from exams.admission_errors import NotOnDuty
from exams.models import Candidature, Practical, PracticalSubject, Sitting, StationCall
from exams.models.practicals import PracticalState, SubjectState
from exams.practical_errors import PracticalOver, SubjectNotDue, SubjectOver
from exams.services import (
    circuit_verdicts,
    practical_parts,
    practicals,
    separation,
    sittings,
    staff,
    turns,
)
from server.db import db
from server.errors import NotFound
from server.policy import Identity, Permission

#: What is written where a sitting ended before somebody came to a subject.
_NEVER_CAME = "缺考"


def write_down(
    practical_id: UUID, subject: str, *, reason: str, by: Identity, at: datetime
) -> PracticalSubject:
    """Write down that a candidate who was let in did not come to a subject.

    Who is called to it after all was not absent; the absence counts once the sitting is over. The
    same again changes nothing.

    Raises:
        NotFound: there is no such practical in a circuit within the asker's scope, or no such
            subject.
        NotOnDuty: the asker neither watches nor examines in the room of its station.
        NotAdmitted: nobody let the candidate in.
        PracticalOver: it is decided or voided.
        SubjectOver: the subject is.
        SubjectNotDue: its turn has not begun, or the candidate was there.
        NotSeparated: the asker is bound to the candidate.
    """
    practical = practicals.locked(practical_id, scope=by.scope(Permission.SEE_EXAMS))
    leg = practical_parts.leg(practical, subject)
    if leg is None or practical.enrolment_id is None:
        raise NotFound
    place = db.session.get_one(Candidature, practical.enrolment_id)
    sitting = sittings.get(place.sitting_id)
    names = {one.room_id: one.room.name for one in sitting.rooms}
    if not staff.works_in(by.person_id, sitting.id, names[leg.room_id]):
        raise NotOnDuty
    turns.check_let_in(practical)
    if leg.state is SubjectState.ABSENT:
        return leg
    if practical.state is not PracticalState.PLANNED:
        raise PracticalOver
    if leg.state is not SubjectState.PLANNED:
        raise SubjectOver(subject=subject)
    if at < sitting.expects_at(leg.turn) or _was_there(practical, leg):
        raise SubjectNotDue(subject=subject)
    separation.check_acting(by, {practical.candidate_id}, at=at)
    leg.state, leg.reason = SubjectState.ABSENT, reason
    db.session.flush()
    told: dict[str, object] = {"subject": subject}
    practicals.tell("practical_subject_missed", practical, told, by=by, at=at, reason=reason)
    circuit_verdicts.finish(practical, at=at)
    return leg


def close(sitting: Sitting, *, by: Identity, at: datetime) -> None:
    """Let whoever was never seen at a subject be absent from it, now that the sitting is over.

    What was scored and is not handed in yet waits for its examiners.
    """
    for practical, _ in turns.at_sitting(sitting.id):
        if not practical.legs or practical.state is not PracticalState.PLANNED:
            continue
        for leg in practical.legs:
            if leg.state is SubjectState.PLANNED and not _was_there(practical, leg):
                leg.state, leg.reason = SubjectState.ABSENT, _NEVER_CAME
                told: dict[str, object] = {"subject": leg.subject}
                practicals.tell("practical_subject_missed", practical, told, by=by, at=at)
        db.session.flush()
        circuit_verdicts.finish(practical, at=at, over=True)


def _was_there(practical: Practical, leg: PracticalSubject) -> bool:
    called = select(StationCall.id).where(
        StationCall.practical_id == practical.id, StationCall.subject == leg.subject
    )
    if db.session.scalars(called.limit(1)).first() is not None:
        return True
    return practical_parts.has_spoken(practical, leg.subject)
