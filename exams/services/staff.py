"""Who does what at a sitting: assigned where nothing binds them to a candidate (考务人员)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from exams.circuits import WHOLE, CircuitFault
from exams.models import Candidature, Enrolment, Exam, Sitting, SittingDuty
from exams.practical_errors import CircuitUnfit
from exams.services import separation
from exams.services.centres import COMING
from exams.sitting_errors import DutyOverlaps, NobodyWatches, RoomsUnfit, TooFewExaminers
from exams.sittings import IN_ROOMS, Mode
from exams.staffing import ON_THE_SPOT, Duty
from server import days
from server.audit import services as audit
from server.db import db
from server.errors import IdTaken, NotFound
from server.paging import narrowed
from server.people.models import Person
from server.people.services import people
from server.policy import Identity
from server.training.kinds import Function
from server.training.services import experts

#: Examiners of a practical who score apart.
_EXAMINERS = 2


def assign(
    duty_id: UUID,
    sitting: Sitting,
    *,
    person_id: UUID,
    duty: Duty,
    room: str,
    subjects: Sequence[str] = (),
    by: Identity,
    at: datetime,
) -> SittingDuty:
    """Assign somebody to a sitting. The same again changes nothing.

    Args:
        duty_id: the id the client made.
        sitting: within the asker's reach.
        person_id: who.
        duty: to do what.
        room: the name of one of its rooms; empty for all of them.
        subjects: of a circuit that an examiner scores; none for all of them.
        by: who assigns.
        at: the moment.

    Raises:
        NotFound: there is no such person.
        IdTaken: another duty stands under this id.
        RoomsUnfit: the sitting has no such room.
        CircuitUnfit: its stations take no such subject.
        DutyOverlaps: the person, under whatever registration, has another duty in these hours.
        NotInPool: the region keeps a pool of examiners, and the person is not of it that day.
        NotSeparated: the person is bound to somebody who applied for the sitting.
    """
    people.get(person_id)
    known = db.session.get(SittingDuty, duty_id)
    if known is not None:
        wanted = (sitting.id, person_id, duty, room, list(subjects))
        stands = (known.sitting_id, known.person_id, known.duty, known.room, known.subjects)
        if stands != wanted:
            raise IdTaken
        return known
    if room and room not in {one.room.name for one in sitting.rooms}:
        raise RoomsUnfit
    if not {one for kind in sitting.circuit for one in kind.subjects} >= set(subjects):
        raise CircuitUnfit(faults=[CircuitFault.UNKNOWN_SUBJECT])
    if duty in ON_THE_SPOT:
        _check_free(person_id, sitting)
    if duty is Duty.EXAMINER:
        day = days.civil_day(sitting.exam.opens_at)
        place_id = sitting.centre_id
        experts.check_where_kept(person_id, Function.EXAMINER, place_id=place_id, on=day)
    separation.check({person_id}, candidates(sitting.id), on=days.civil_day(at))
    return _added(duty_id, sitting, person_id, duty, room, subjects, by=by, at=at)


def take_over(sitting: Sitting, duty: Duty, *, by: Identity, at: datetime) -> None:
    """Keep that whoever acts now is who plans the sitting, or has its papers drawn."""
    standing = [one for one in of(sitting.id) if one.duty is duty]
    if any(one.person_id == by.person_id for one in standing):
        return
    for one in standing:
        one.ended_at = at
    _added(None, sitting, by.person_id, duty, "", by=by, at=at)


def end(
    duty_id: UUID, sitting: Sitting, *, reason: str | None = None, by: Identity, at: datetime
) -> SittingDuty:
    """End a duty; the audit keeps why. Doing so again changes nothing.

    Raises:
        NotFound: the sitting has no such duty.
    """
    found = db.session.get(SittingDuty, duty_id, with_for_update=True)
    if found is None or found.sitting_id != sitting.id:
        raise NotFound
    if found.ended_at is None:
        found.ended_at = at
        db.session.flush()
        _tell("duty_ended", found, sitting, reason=reason, by=by, at=at)
    return found


def of(sitting_id: UUID, *, duty: Duty | None = None) -> list[SittingDuty]:
    """Return the duties of a sitting that stand, the first one first."""
    statement = (
        select(SittingDuty)
        .options(joinedload(SittingDuty.person))
        .where(SittingDuty.sitting_id == sitting_id, SittingDuty.ended_at.is_(None))
    )
    statement = narrowed(statement, {SittingDuty.duty: duty})
    return list(
        db.session.scalars(
            statement.order_by(SittingDuty.assigned_at, SittingDuty.duty, SittingDuty.id)
        )
    )


def examiners(sitting_id: UUID) -> list[SittingDuty]:
    """Return who examines at a sitting, the first one first."""
    return [one for one in of(sitting_id) if one.duty is Duty.EXAMINER]


def covers(one: SittingDuty, room: str, part: str) -> bool:
    """Say whether an examiner scores a part of practicals in a room."""
    return one.room in ("", room) and (not one.subjects or part in one.subjects)


def watches(person_id: UUID, sitting_id: UUID, room: str) -> bool:
    """Say whether somebody is an invigilator of a room."""
    return any(
        one.person_id == person_id and one.duty is Duty.INVIGILATOR and one.room in ("", room)
        for one in of(sitting_id)
    )


def works_in(person_id: UUID, sitting_id: UUID, room: str) -> bool:
    """Say whether somebody watches or examines in a room."""
    return any(
        one.person_id == person_id and one.duty in ON_THE_SPOT and one.room in ("", room)
        for one in of(sitting_id)
    )


def names(sitting_id: UUID, room: str) -> list[str]:
    """Return the names of those who watch or examine in a room, in their alphabet's order."""
    working = {
        one.person_id
        for one in of(sitting_id)
        if one.duty in ON_THE_SPOT and one.room in ("", room)
    }
    statement = select(Person.name).where(Person.id.in_(working))
    return sorted(db.session.scalars(statement))


def follow(sitting: Sitting, room: str, to_room: str, *, by: Identity, at: datetime) -> None:
    """Let whoever has a duty in a room have it in another from now on."""
    for one in of(sitting.id):
        if one.room == room:
            one.ended_at = at
            db.session.flush()
            _added(None, sitting, one.person_id, one.duty, to_room, one.subjects, by=by, at=at)


def candidates(sitting_id: UUID) -> set[UUID]:
    """Return who applied for a sitting and has not withdrawn or been refused."""
    statement = (
        select(Candidature.candidate_id)
        .join(Enrolment, Enrolment.id == Candidature.id)
        .where(Candidature.sitting_id == sitting_id, Enrolment.withdrawn_at.is_(None))
    )
    return set(db.session.scalars(statement))


def check_separated(sitting: Sitting, *, at: datetime) -> None:
    """Make sure that nobody who has a duty is bound to anybody who applied.

    Raises:
        NotSeparated: somebody is; another must take the duty, or an exception be granted.
    """
    people_of = {one.person_id for one in of(sitting.id)}
    separation.check(people_of, candidates(sitting.id), on=days.civil_day(at))


def check_watched(sitting: Sitting) -> None:
    """Make sure that every room of a sitting has an invigilator, of a practical two examiners.

    Raises:
        NobodyWatches: one has none.
        TooFewExaminers: one has fewer than two.
    """
    if sitting.mode not in IN_ROOMS:
        return
    every = of(sitting.id)
    names = [one.room.name for one in sitting.open_rooms]
    watched = {one.room for one in every if one.duty is Duty.INVIGILATOR}
    alone = [name for name in names if not watched & {"", name}]
    if alone:
        raise NobodyWatches(rooms=alone)
    if sitting.mode is Mode.PRACTICAL:
        _check_examined(sitting, [one for one in every if one.duty is Duty.EXAMINER])


def _check_examined(sitting: Sitting, examining: Sequence[SittingDuty]) -> None:
    """Make sure that two examine in every room; in a circuit, every subject that is taken there."""
    few = []
    for used in sitting.open_rooms:
        name = used.room.name
        parts = {
            subject
            for kind in sitting.circuit
            for subject in kind.subjects
            if any(station.room_id == used.room_id for station in kind.stations)
        }
        for part in sorted(parts) if sitting.circuit else [WHOLE]:
            if len({one.person_id for one in examining if covers(one, name, part)}) < _EXAMINERS:
                few.append(f"{name} {part}".strip())
    if few:
        raise TooFewExaminers(rooms=few)


def _check_free(person_id: UUID, sitting: Sitting) -> None:
    statement = (
        select(SittingDuty.id)
        .join(Sitting, Sitting.id == SittingDuty.sitting_id)
        .join(Exam, Exam.id == Sitting.id)
        .where(
            SittingDuty.person_id.in_(separation.registrations_of(person_id)),
            SittingDuty.duty.in_(ON_THE_SPOT),
            SittingDuty.ended_at.is_(None),
            Sitting.state.in_(COMING),
            Exam.opens_at < sitting.exam.closes_at,
            Exam.closes_at > sitting.exam.opens_at,
        )
    )
    if db.session.execute(statement).first() is not None:
        raise DutyOverlaps


def _added(
    duty_id: UUID | None,
    sitting: Sitting,
    person_id: UUID,
    duty: Duty,
    room: str,
    subjects: Sequence[str] = (),
    *,
    by: Identity,
    at: datetime,
) -> SittingDuty:
    made = SittingDuty(
        sitting_id=sitting.id,
        person_id=person_id,
        duty=duty,
        room=room,
        subjects=list(subjects),
        assigned_at=at,
        assigned_by_id=by.account_id,
    )
    if duty_id is not None:
        made.id = duty_id
    db.session.add(made)
    db.session.flush()
    _tell("duty_assigned", made, sitting, by=by, at=at)
    return made


def _tell(
    action: str,
    made: SittingDuty,
    sitting: Sitting,
    *,
    reason: str | None = None,
    by: Identity,
    at: datetime,
) -> None:
    audit.append(
        action,
        by=by,
        at=at,
        subject_kind="sitting",
        subject_id=sitting.id,
        after={"person_id": made.person_id, "duty": made.duty, "room": made.room},
        reason=reason,
    )
