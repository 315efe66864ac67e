"""Moving an attempt to another phone: a code on one side, a confirmation on the other (换机).

Either the candidate, signed in on the new phone, asks, and the invigilator types the code that the
phone shows; or the invigilator gives a code, and the candidate types it. Both need both people.
The move makes a new epoch, and one phone writes. What the old one still says is kept and flagged,
like all that comes too late: an examiner may admit it, and then it fills the slots that the new one
has left alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from exams import keys, moving
from exams.errors import AttemptOver, MovingCodeWrong
from exams.models import Attempt, AttemptMove, Exam
from exams.services import attempts, separation
from exams.services.reach import held_within
from server.audit import services as audit
from server.db import db
from server.errors import IdTaken, NotFound
from server.policy import Identity, Permission


@dataclass(frozen=True, kw_only=True)
class Moving:
    """A move, with its code for who may see it."""

    move: AttemptMove
    code: str | None


def ask(
    move_id: UUID, *, attempt_id: UUID, candidate_id: UUID, device_id: UUID, at: datetime
) -> Moving:
    """Ask, on the new phone, that the attempt moves there. The code is shown to the invigilator.

    Raises:
        NotFound: there is no such attempt, or it is somebody else's.
        AttemptOver: it has ended.
        IdTaken: another move stands under this id.
    """
    attempt = attempts.get(attempt_id, candidate_id=candidate_id)
    wanted = AttemptMove(id=move_id, given=False, device_id=device_id)
    return _opened(wanted, attempt, at=at)


def shown(move_id: UUID, *, attempt_id: UUID, candidate_id: UUID) -> AttemptMove:
    """Return a move of a candidate's own attempt; asked again until it is done.

    Raises:
        NotFound: there is none.
    """
    attempts.get(attempt_id, candidate_id=candidate_id)
    found = db.session.get(AttemptMove, move_id)
    if found is None or found.attempt_id != attempt_id or found.given:
        raise NotFound
    return found


def confirm(
    move_id: UUID, *, attempt_id: UUID, code: str, reason: str, by: Identity, at: datetime
) -> AttemptMove:
    """Let the attempt move to the phone that shows the code. Repeating it changes nothing.

    Raises:
        NotFound: there is no such attempt within the asker's scope, or no such move.
        MovingCodeWrong: the code does not fit or is too old.
        AttemptOver: the attempt has ended.
        NotSeparated: the asker is bound to the candidate.
    """
    attempt = _watched(attempt_id, by, at)
    move = db.session.get(AttemptMove, move_id, populate_existing=True)
    if move is None or move.attempt_id != attempt_id or move.given:
        raise NotFound
    if not moving.fits(code, move_id, keys=keys.current().moving_keys):
        raise MovingCodeWrong
    move.reason = move.reason or reason
    move.allowed_by_id = move.allowed_by_id or by.account_id
    return _done(move, attempt, by=by, at=at)


def give(move_id: UUID, *, attempt_id: UUID, reason: str, by: Identity, at: datetime) -> Moving:
    """Make a code that the candidate types on the new phone.

    Raises:
        NotFound: there is no such attempt within the asker's scope.
        AttemptOver: it has ended.
        IdTaken: another move stands under this id.
        NotSeparated: the asker is bound to the candidate.
    """
    attempt = _watched(attempt_id, by, at)
    wanted = AttemptMove(id=move_id, given=True, reason=reason, allowed_by_id=by.account_id)
    return _opened(wanted, attempt, at=at)


def use(
    attempt_id: UUID, *, code: str, candidate_id: UUID, device_id: UUID, at: datetime
) -> AttemptMove:
    """Move the attempt to this phone by the code that the invigilator gave.

    Repeating it changes nothing; a code that another phone has used does not fit any more.

    Raises:
        NotFound: there is no such attempt, or it is somebody else's.
        MovingCodeWrong: no code of the attempt fits.
        AttemptOver: the attempt has ended.
    """
    attempt = _locked(attempt_id)
    if attempt is None or attempt.candidate_id != candidate_id:
        raise NotFound
    statement = select(AttemptMove).where(AttemptMove.attempt_id == attempt_id, AttemptMove.given)
    known = keys.current().moving_keys
    for move in db.session.execute(statement).scalars():
        if moving.fits(code, move.id, keys=known):
            if moving.is_anothers(move.device_id, device_id):
                raise MovingCodeWrong
            move.device_id = device_id
            return _done(move, attempt, by=None, at=at)
    raise MovingCodeWrong


def _opened(wanted: AttemptMove, attempt: Attempt, *, at: datetime) -> Moving:
    known = db.session.get(AttemptMove, wanted.id)
    if known is not None:
        if not _is_same(known, wanted, attempt):
            raise IdTaken
        return _with_code(known)
    _check_going_on(attempt, at)
    wanted.attempt_id = attempt.id
    wanted.asked_at, wanted.expires_at = at, at + moving.GOOD_FOR
    db.session.add(wanted)
    db.session.flush()
    return _with_code(wanted)


def _is_same(known: AttemptMove, wanted: AttemptMove, attempt: Attempt) -> bool:
    """Say whether a move was asked for before: a code that was typed has a phone since."""
    asked_by_same = wanted.given or known.device_id == wanted.device_id
    return (known.attempt_id, known.given) == (attempt.id, wanted.given) and asked_by_same


def _with_code(move: AttemptMove) -> Moving:
    waiting = move.moved_at is None
    return Moving(
        move=move, code=moving.code(move.id, key=keys.current().moving_keys[0]) if waiting else None
    )


def _done(move: AttemptMove, attempt: Attempt, *, by: Identity | None, at: datetime) -> AttemptMove:
    """Give the attempt a new epoch, once."""
    if move.moved_at is not None:
        return move
    if not moving.is_good(move.expires_at, at=at):
        raise MovingCodeWrong
    _check_going_on(attempt, at)
    before = {"epoch": attempt.epoch}
    attempt.epoch += 1
    attempt.device_id = move.device_id
    move.moved_at = at
    move.epoch = attempt.epoch
    db.session.flush()
    audit.append(
        "attempt_moved",
        by=by,
        at=at,
        subject_kind="attempt",
        subject_id=attempt.id,
        before=before,
        after={"epoch": attempt.epoch, "allowed_by": str(move.allowed_by_id)},
        reason=move.reason,
        organisation_path=attempt.exam.organisation.path,
    )
    return move


def _check_going_on(attempt: Attempt, at: datetime) -> None:
    if attempts.is_over(attempt, at) or attempt.epoch >= moving.HIGHEST_EPOCH:
        raise AttemptOver


def _watched(attempt_id: UUID, by: Identity, at: datetime) -> Attempt:
    found = _locked(attempt_id)
    scope = by.scope(Permission.INVIGILATE)
    held = select(Exam.id).where(held_within(Exam.organisation_id, scope))
    if found is None or db.session.execute(held.where(Exam.id == found.exam_id)).first() is None:
        raise NotFound
    separation.check_acting(by, {found.candidate_id}, at=at)
    return found


def _locked(attempt_id: UUID) -> Attempt | None:
    return db.session.execute(
        select(Attempt)
        .where(Attempt.id == attempt_id)
        .with_for_update(of=Attempt)
        .execution_options(populate_existing=True)
    ).scalar_one_or_none()
