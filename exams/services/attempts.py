"""Attempts: starting, handing in, closing what nobody handed in (答卷)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import and_, func, select
from sqlalchemy.orm import joinedload
from sqlalchemy.orm.attributes import set_committed_value

from exams import dice, lifecycle, permutation, timing
from exams.errors import AlreadyStarted, AlreadyVoided
from exams.lifecycle import Move, State
from exams.models import Attempt, Enrolment, Exam, ExamRoom, Outcome, ResponseEntry
from exams.permutation import Order
from exams.services import entrance, forms, kept, outcomes, packages
from exams.services.packages import Opened
from exams.services.reach import rules_of
from exams.timing import Pulse
from server.db import db
from server.errors import IdTaken, NotFound

#: After deadline and grace, what arrived in time may still wait for its commit: longer than a
#: request is allowed to wait.
SETTLING = timedelta(seconds=20)

#: The longest grace that any standard may give.
_LONGEST_GRACE = timedelta(seconds=10)


#: What grading and telling need of an attempt, in the statement that locks it.
_WITH_EXAM = joinedload(Attempt.exam).options(
    joinedload(Exam.standard),
    joinedload(Exam.qualification),
    joinedload(Exam.organisation),
    joinedload(Exam.specification),
)


@dataclass(frozen=True, kw_only=True)
class Started:
    """An attempt with the candidate's own order of its paper."""

    attempt: Attempt
    order: Order
    pulse: Pulse
    #: The paper and its key; None once the attempt is over, for questions are asked again.
    package: Opened | None


@dataclass(frozen=True, kw_only=True)
class Standing:
    """Where an attempt stands, as its candidate sees it."""

    attempt: Attempt
    #: In how many slots the server holds something that counts.
    held_count: int
    question_count: int
    #: None until it is released, and for ever after a void.
    outcome: Outcome | None
    pulse: Pulse


def get(attempt_id: UUID, *, candidate_id: UUID) -> Attempt:
    """Return a candidate's own attempt.

    Raises:
        NotFound: there is none, or it is somebody else's.
    """
    found = db.session.get(Attempt, attempt_id)
    if found is None or found.candidate_id != candidate_id:
        raise NotFound
    return found


def standing(attempt: Attempt, *, at: datetime) -> Standing:
    """Return where an attempt stands at a moment; nothing is changed by looking."""
    held = select(func.count(ResponseEntry.slot.distinct())).where(
        ResponseEntry.attempt_id == attempt.id, ~ResponseEntry.late
    )
    form = forms.form(db.session.connection(), attempt.paper_id)
    return Standing(
        attempt=attempt,
        held_count=_archived_count(attempt) or db.session.execute(held).scalar_one(),
        question_count=len(form.places),
        outcome=outcomes.visible(attempt, at=at),
        pulse=_pulse(attempt, at),
    )


def _archived_count(attempt: Attempt) -> int:
    """Return in how many slots something counts whose words are in an archive."""
    if attempt.archive_id is None:
        return 0
    held = kept.sheets(db.session.connection(), [attempt.id])
    return len(held.get(attempt.id, {}))


def start(
    attempt_id: UUID,
    *,
    enrolment_id: UUID,
    candidate_id: UUID,
    device_id: UUID,
    seed: bytes,
    at: datetime,
) -> Started:
    """Start the attempt of a place in an exam, under the id the phone made.

    All but the row itself is prepared with the place and with the paper. Repeating it changes
    nothing and gives the same order, deadline and key; the key only while the attempt goes on.

    Args:
        attempt_id: made by the phone.
        enrolment_id: the candidate's own place.
        candidate_id: who starts.
        device_id: the number that the phone made for itself; it alone writes from now on.
        seed: 16 bytes of secret chance for the candidate's order, used by the first start only.
        at: the moment of arrival.

    Raises:
        NotFound: there is no such place, or it is somebody else's.
        IdTaken: the id belongs to an attempt of another place.
        AlreadyStarted: the place was used under another id.
        AnotherDevice: it was started on another phone, and has not moved to this one.
        NotEligible, Withdrawn: the candidate has no place.
        NotAdmitted: the candidate was not let in yet.
        NotYetOpen, TooLateToStart: the exam does not let one in now.
        AwaitingSignal, RoomPaused: the room does not.
    """
    known = db.session.get(Attempt, attempt_id)
    if known is not None:
        return _again(_same(known, enrolment_id, candidate_id), device_id, at=at)
    enrolment, room = _place(enrolment_id, candidate_id)
    # Whoever waited for the lock of the place looks again: the same start may have been first.
    used = db.session.execute(
        select(Attempt).where(Attempt.enrolment_id == enrolment_id)
    ).scalar_one_or_none()
    if used is not None:
        if used.id != attempt_id:
            raise AlreadyStarted(attempt_id=str(used.id))
        return _again(used, device_id, at=at)
    entrance.check_accepted(enrolment.withdrawn_at, enrolment.hindrances, enrolment.awaits)
    standard = rules_of(enrolment.exam)
    window = entrance.window_in(enrolment.exam.window, enrolment.exam.start_mode, room)
    entrance.check_hours(window, allowed=standard.allowed, at=at)
    attempt = Attempt(
        id=attempt_id,
        enrolment_id=enrolment.id,
        exam_id=enrolment.exam_id,
        candidate_id=candidate_id,
        paper_id=enrolment.paper_id
        or forms.of_enrolment(db.session.connection(), enrolment.exam_id, enrolment.id),
        epoch=1,
        device_id=device_id,
        seed=seed.hex(),
        started_at=at,
        deadline_at=timing.deadline(
            started_at=at, allowed=standard.allowed, closes_at=window.closes_at
        ),
        extra_seconds=0,
        room_seconds=0,
        grace_seconds=standard.grace_seconds,
        state=State.IN_PROGRESS,
    )
    db.session.add(attempt)
    db.session.flush()
    return _started(attempt, at=at)


def is_over(attempt: Attempt, at: datetime) -> bool:
    """Say whether an attempt was handed in, was voided, or has no time left."""
    up = timing.is_up(attempt.deadline_at, at=at, grace=attempt.grace)
    return attempt.state is not State.IN_PROGRESS or up


def submit(attempt_id: UUID, *, candidate_id: UUID, device_id: UUID, at: datetime) -> Attempt:
    """Hand in an attempt and grade it. Repeating it changes nothing.

    After the deadline it is still taken: what arrived in time counts, as if it had been closed.

    Raises:
        NotFound: there is none, or it is somebody else's.
        AlreadyVoided: it was made not to count.
        AnotherDevice: it goes on with another phone.
    """
    attempt = _locked(attempt_id)
    if attempt is None or attempt.candidate_id != candidate_id:
        raise NotFound
    if attempt.state is State.VOIDED:
        raise AlreadyVoided
    if attempt.state is State.IN_PROGRESS:
        entrance.check_device(attempt, device_id, going_on=at <= attempt.deadline_at)
        _hand_in(attempt, Move.SUBMIT, at=at)
    return attempt


def close_overdue(*, at: datetime, limit: int) -> int:
    """Hand in and grade, as they stood, attempts that nobody handed in; return how many.

    Called by the background work, a bounded number at a time; never by a read. An attempt is
    closed only when everything that arrived in time has been stored.
    """
    over = at - _LONGEST_GRACE - SETTLING
    statement = (
        select(Attempt)
        .where(Attempt.state == State.IN_PROGRESS, Attempt.deadline_at < over)
        .order_by(Attempt.deadline_at, Attempt.id)
        .limit(limit)
        .options(_WITH_EXAM)
        .with_for_update(of=Attempt, skip_locked=True)
    )
    found = db.session.execute(statement).scalars().all()
    for attempt in found:
        attempt.closed = True
        _hand_in(attempt, Move.CLOSE, at=at)
    return len(found)


def _started(attempt: Attempt, *, at: datetime) -> Started:
    form = forms.form(db.session.connection(), attempt.paper_id)
    order = permutation.order(form.places, seed=bytes.fromhex(attempt.seed))
    package = None
    if not is_over(attempt, at):
        package = packages.for_start(db.session.connection(), attempt.paper_id)
    return Started(attempt=attempt, order=order, pulse=_pulse(attempt, at), package=package)


def _again(attempt: Attempt, device_id: UUID, *, at: datetime) -> Started:
    entrance.check_device(attempt, device_id, going_on=not is_over(attempt, at))
    return _started(attempt, at=at)


def _pulse(attempt: Attempt, at: datetime) -> Pulse:
    return timing.pulse(attempt.deadline_at, at=at, share=dice.share(attempt.id, at))


def _same(known: Attempt, enrolment_id: UUID, candidate_id: UUID) -> Attempt:
    if known.candidate_id != candidate_id:
        raise NotFound
    if known.enrolment_id != enrolment_id:
        raise IdTaken
    return known


def _place(enrolment_id: UUID, candidate_id: UUID) -> tuple[Enrolment, ExamRoom | None]:
    """Return the candidate's place, locked until the attempt is written, and its room."""
    here = and_(ExamRoom.exam_id == Enrolment.exam_id, ExamRoom.room == Enrolment.room)
    found = db.session.execute(
        select(Enrolment, ExamRoom)
        .outerjoin(ExamRoom, here)
        .where(Enrolment.id == enrolment_id)
        .options(joinedload(Enrolment.exam).joinedload(Exam.standard))
        .with_for_update(of=Enrolment)
        .execution_options(populate_existing=True)
    ).one_or_none()
    if found is None or found[0].candidate_id != candidate_id:
        raise NotFound
    return found[0], found[1]


def _locked(attempt_id: UUID) -> Attempt | None:
    return db.session.execute(
        select(Attempt)
        .where(Attempt.id == attempt_id)
        .options(_WITH_EXAM)
        .with_for_update(of=Attempt)
        .execution_options(populate_existing=True)
    ).scalar_one_or_none()


def _hand_in(attempt: Attempt, move: Move, *, at: datetime) -> None:
    # An attempt in progress has no outcome; saying so spares a statement that would look for it.
    set_committed_value(attempt, "outcome", None)
    attempt.state = lifecycle.after(attempt.state, move) or attempt.state
    attempt.submitted_at = at
    outcomes.grade(attempt, at=at)
