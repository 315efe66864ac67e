"""What an invigilator does to a whole room: start, pause, go on, grant time, void (考场处置)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from exams import rooms, timing
from exams.drafts import RoomOrder
from exams.errors import ExamNotPublished, NotYetOpen, StartsByClock
from exams.lifecycle import ExamState, State
from exams.models import Attempt, Enrolment, Exam, ExamRoom, RoomEvent
from exams.rooms import RoomAct, StartMode
from exams.services import invigilation, planning, prolonging, separation
from server.audit import services as audit
from server.db import db
from server.errors import IdTaken
from server.paging import Page, narrowed, page
from server.policy import Identity, Permission
from server.scopes import Scope

#: How many attempts (or rooms) were changed, and how many could not be.
_Counts = tuple[int, int]


def act(
    event_id: UUID, order: RoomOrder, *, exam_id: UUID, by: Identity, at: datetime
) -> RoomEvent:
    """Do something to a room, or to every room of an exam. Repeating it changes nothing.

    Raises:
        NotFound: there is no such exam within the asker's scope.
        ExamNotPublished: it is still being planned.
        IdTaken: another event stands under this id.
        StartsByClock, NotYetOpen: a signal is not what starts the exam, or not yet.
        NotSeparated: the asker is bound to somebody who sits there.
    """
    exam = planning.get(exam_id, scope=by.scope(Permission.INVIGILATE))
    # Events of one exam come one after another, so that no two pauses overlap.
    db.session.refresh(exam, with_for_update={"of": Exam})
    known = db.session.get(RoomEvent, event_id)
    if known is not None:
        if not _is_same(known, exam_id, order):
            raise IdTaken
        return known
    if exam.state is not ExamState.PUBLISHED:
        raise ExamNotPublished
    separation.check_acting(by, _sitting_there(exam, order), at=at)
    changed, left = _ACTS[order.kind](exam, order, by, at)
    event = RoomEvent(
        id=event_id,
        exam_id=exam_id,
        happened_at=at,
        by_account_id=by.account_id,
        changed_count=changed,
        left_count=left,
        **vars(order),
    )
    db.session.add(event)
    db.session.flush()
    _tell(event, exam, by=by, at=at)
    return event


def carry_over(
    exam: Exam, room: str, to_room: str, *, reason: str, by: Identity, at: datetime
) -> None:
    """Let one room stand where another stood: its signal, its time; paused once it has begun.

    Nobody loses time on the way: the pause lasts until the new room is told to go on.
    """
    order = RoomOrder(kind=RoomAct.PAUSE, reason=reason, room=room)
    if at >= exam.opens_at:
        changed, left = _pause(exam, order, by, at)
        event = RoomEvent(
            id=uuid4(),
            exam_id=exam.id,
            happened_at=at,
            by_account_id=by.account_id,
            changed_count=changed,
            left_count=left,
            **vars(order),
        )
        db.session.add(event)
        _tell(event, exam, by=by, at=at)
    (left_behind,) = _rooms(exam, order)
    db.session.add(
        ExamRoom(
            exam_id=exam.id,
            room=to_room,
            signal_at=left_behind.signal_at,
            paused_at=left_behind.paused_at,
            shift_seconds=left_behind.shift_seconds,
        )
    )
    db.session.flush()


def listed(
    exam_id: UUID, *, scope: Scope, kind: RoomAct | None = None, cursor: str | None, limit: int
) -> Page:
    """Return a page of what was done to the rooms of an exam, the newest first.

    Raises:
        NotFound: there is no such exam within the scope.
    """
    planning.get(exam_id, scope=scope)
    wanted = narrowed(select(RoomEvent), {RoomEvent.kind: kind})
    statement = wanted.where(RoomEvent.exam_id == exam_id)
    keys = [RoomEvent.happened_at, RoomEvent.id]
    return page(statement, keys, cursor=cursor, limit=limit, descending=True)


def _start(exam: Exam, order: RoomOrder, _by: Identity, at: datetime) -> _Counts:
    if exam.start_mode is not StartMode.BY_SIGNAL:
        raise StartsByClock
    if at < exam.opens_at:
        raise NotYetOpen(opens_at=exam.opens_at.isoformat())
    waiting = [room for room in _rooms(exam, order) if room.signal_at is None]
    for room in waiting:
        room.signal_at = at
    return len(waiting), 0


def _pause(exam: Exam, order: RoomOrder, _by: Identity, at: datetime) -> _Counts:
    for room in _rooms(exam, order):
        room.paused_at = room.paused_at or at
    going_on = [one for one in _attempts(exam, order) if _goes_on(one, at)]
    standing = [one for one in going_on if one.paused_at is None]
    for attempt in standing:
        attempt.paused_at = at
        attempt.deadline_at += rooms.HOLD
    return len(standing), 0


def _resume(exam: Exam, order: RoomOrder, _by: Identity, at: datetime) -> _Counts:
    since: dict[str, datetime] = {}
    for room in _rooms(exam, order):
        if room.paused_at is not None:
            since[room.room] = room.paused_at
            room.shift_seconds += rooms.lost(room.paused_at, at=at)
            room.paused_at = None
    stood = [one for one in _attempts(exam, order) if one.enrolment.room in since]
    for attempt in stood:
        _pay_back(attempt, since[attempt.enrolment.room], at)
    return len(stood), 0


def _pay_back(attempt: Attempt, room_since: datetime, at: datetime) -> None:
    """Give an attempt what the pause took; also one that started in the moment of the pause."""
    held = rooms.HOLD if attempt.paused_at is not None else timedelta()
    if attempt.paused_at is None and not _goes_on(attempt, room_since):
        return
    seconds = rooms.lost(attempt.paused_at or max(room_since, attempt.started_at), at=at)
    attempt.paused_at = None
    attempt.deadline_at += timedelta(seconds=seconds) - held
    attempt.room_seconds += seconds


def _extend(exam: Exam, order: RoomOrder, by: Identity, at: datetime) -> _Counts:
    seconds = order.seconds or 0
    for room in _rooms(exam, order):
        room.shift_seconds += seconds
    changed, left = 0, 0
    for attempt in _attempts(exam, order):
        if prolonging.prolong(attempt, timedelta(seconds=seconds), granted_by=by, at=at):
            attempt.room_seconds += seconds
            changed += 1
        else:
            left += 1
    return changed, left


def _void(exam: Exam, order: RoomOrder, by: Identity, at: datetime) -> _Counts:
    standing = [one for one in _attempts(exam, order) if one.state is not State.VOIDED]
    counts = bool(order.counts)
    for attempt in standing:
        invigilation.make_void(attempt, reason=order.reason, counts=counts, by=by, at=at)
    return len(standing), 0


_ACTS: dict[RoomAct, Callable[[Exam, RoomOrder, Identity, datetime], _Counts]] = {
    RoomAct.START: _start,
    RoomAct.PAUSE: _pause,
    RoomAct.RESUME: _resume,
    RoomAct.EXTENSION: _extend,
    RoomAct.VOIDING: _void,
}


def _goes_on(attempt: Attempt, at: datetime) -> bool:
    up = timing.is_up(attempt.deadline_at, at=at, grace=attempt.grace)
    return attempt.state is State.IN_PROGRESS and not up


def _rooms(exam: Exam, order: RoomOrder) -> Sequence[ExamRoom]:
    """Return the rooms that an order concerns, made where they are not known yet."""
    names = {order.room} if order.room is not None else _names(exam)
    statement = select(ExamRoom).where(ExamRoom.exam_id == exam.id, ExamRoom.room.in_(names))
    known = {room.room: room for room in db.session.execute(statement).scalars()}
    for name in names - known.keys():
        known[name] = ExamRoom(exam_id=exam.id, room=name, shift_seconds=0)
        db.session.add(known[name])
    db.session.flush()
    return [known[name] for name in sorted(known)]


def _names(exam: Exam) -> set[str]:
    placed = select(Enrolment.room).where(Enrolment.exam_id == exam.id).distinct()
    known = select(ExamRoom.room).where(ExamRoom.exam_id == exam.id)
    return {"", *db.session.execute(placed).scalars(), *db.session.execute(known).scalars()}


def _sitting_there(exam: Exam, order: RoomOrder) -> set[UUID]:
    statement = select(Enrolment.candidate_id).where(
        Enrolment.exam_id == exam.id, Enrolment.withdrawn_at.is_(None)
    )
    if order.room is not None:
        statement = statement.where(Enrolment.room == order.room)
    return set(db.session.scalars(statement))


def _attempts(exam: Exam, order: RoomOrder) -> Sequence[Attempt]:
    """Return the attempts of the rooms, locked in the order of their ids."""
    statement = (
        select(Attempt)
        .join(Enrolment, Enrolment.id == Attempt.enrolment_id)
        .where(Attempt.exam_id == exam.id)
        .order_by(Attempt.id)
        .options(joinedload(Attempt.enrolment), joinedload(Attempt.outcome))
        .with_for_update(of=Attempt)
        .execution_options(populate_existing=True)
    )
    if order.room is not None:
        statement = statement.where(Enrolment.room == order.room)
    return db.session.execute(statement).scalars().all()


def _is_same(known: RoomEvent, exam_id: UUID, order: RoomOrder) -> bool:
    wanted = vars(order) | {"exam_id": exam_id}
    return all(getattr(known, name) == value for name, value in wanted.items())


def _tell(event: RoomEvent, exam: Exam, *, by: Identity, at: datetime) -> None:
    audit.append(
        "room_" + _DONE[event.kind],
        by=by,
        at=at,
        subject_kind="exam",
        subject_id=exam.id,
        after={
            "room": event.room,
            "seconds": event.seconds,
            "changed_count": event.changed_count,
            "left_count": event.left_count,
        },
        reason=event.reason,
        organisation_path=exam.organisation.path,
    )


_DONE = {
    RoomAct.START: "started",
    RoomAct.PAUSE: "paused",
    RoomAct.RESUME: "resumed",
    RoomAct.EXTENSION: "extended",
    RoomAct.VOIDING: "voided",
}
