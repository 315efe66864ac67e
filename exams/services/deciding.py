"""Deciding upon applications, and what silence decides (资格审核).

Order 30 art. 17: whether an application is accepted is said within five working days; who is told
nothing counts as accepted. Silence admits only where nothing stands in the way: what
lacks an hour of training is not made good by waiting. Against a refusal one applies anew.
"""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Select, Text, cast, select

from exams.admission_errors import AlreadyDecided, OwnApplication
from exams.errors import NotEligible, Withdrawn
from exams.models import Candidature, Enrolment, Sitting
from exams.services import candidatures, separation, sittings
from exams.services.reach import held_within
from exams.sitting_errors import Undecided
from exams.sittings import SittingState
from server import days
from server.db import db
from server.paging import Page, page
from server.policy import Identity, Permission
from server.scopes import Scope

#: What is written where nobody decided in time.
BY_SILENCE = "逾期未作决定，视为受理（原国家安全监管总局令第30号第十七条）"


def decide(
    enrolment_id: UUID, *, approved: bool, reason: str, by: Identity, at: datetime
) -> Candidature:
    """Admit or refuse an application. Saying the same again changes nothing.

    Raises:
        NotFound: there is none to a sitting within the asker's scope.
        OwnApplication: the asker is the candidate, or sent them.
        NotSeparated: the asker is bound to the candidate.
        AlreadyDecided: it was decided otherwise; against a refusal one applies anew.
        Withdrawn: it was given up.
        NotEligible: something stands in the way of admitting; looked at now.
    """
    found = candidatures.get(enrolment_id)
    sitting = sittings.get(
        found.sitting_id, scope=by.scope(Permission.DECIDE_CANDIDATURES), lock=True
    )
    found = candidatures.get(enrolment_id, lock=True)
    if found.approved is not None:
        if (found.approved, found.decision_reason) != (approved, reason):
            raise AlreadyDecided
        return found
    if found.enrolment.withdrawn_at is not None:
        raise Withdrawn
    _check_decider(found, by, on=days.civil_day(at))
    hindrances = candidatures.look_again(found, sitting, at=at)
    if approved and hindrances:
        raise NotEligible([one.value for one in hindrances])
    found.decided_by_id, found.decided_by_person_id = by.account_id, by.person_id
    _settle(found, sitting, approved=approved, reason=reason, at=at)
    action = "candidature_admitted" if approved else "candidature_refused"
    candidatures.tell(action, found, by=by, at=at, reason=reason)
    return found


def admit_silent(*, at: datetime, limit: int) -> int:
    """Admit those about whom nobody decided in time and nothing is said against; return how many.

    Called by the background work, a bounded number at a time.
    """
    statement = (
        _undecided()
        .where(Candidature.decide_by < days.civil_day(at), cast(Enrolment.hindrances, Text) == "[]")
        .order_by(Candidature.decide_by, Candidature.id)
        .limit(limit)
    )
    due = db.session.scalars(statement).all()
    return sum(_admit_silent(one, at) for one in due)


def admit_silent_of(sitting: Sitting, *, at: datetime) -> None:
    """Admit those of one sitting whose time for a decision is over.

    Raises:
        Undecided: applications wait for a decision, and their time is not over, or something
            stands in their way.
    """
    statement = _undecided().where(Candidature.sitting_id == sitting.id)
    for one in db.session.scalars(statement.order_by(Candidature.number)).all():
        if one.decide_by < days.civil_day(at) and not one.enrolment.hindrances:
            _admit_silent(one, at)
    left = db.session.scalars(statement).all()
    if left:
        last_on = max(one.decide_by for one in left)
        raise Undecided(count=len(left), last_on=last_on.isoformat())


def due(scope: Scope, *, sitting_id: UUID | None = None, cursor: str | None, limit: int) -> Page:
    """Return a page of the applications that wait for a decision, what is due first.

    They are those to sittings within the scope.
    """
    wanted = _undecided().options(*candidatures.named())
    statement = wanted.where(held_within(Sitting.centre_id, scope))
    if sitting_id is not None:
        statement = statement.where(Candidature.sitting_id == sitting_id)
    keys = [Candidature.decide_by, Candidature.id]
    return page(statement, keys, cursor=cursor, limit=limit)


def _undecided() -> Select[Candidature]:
    return (
        select(Candidature)
        .join(Enrolment, Enrolment.id == Candidature.id)
        .join(Sitting, Sitting.id == Candidature.sitting_id)
        .where(
            Candidature.approved.is_(None),
            Enrolment.withdrawn_at.is_(None),
            Sitting.state.in_((SittingState.OPEN, SittingState.CLOSED)),
        )
    )


def _check_decider(found: Candidature, by: Identity, *, on: date) -> None:
    if by.person_id == found.candidate_id or by.account_id == found.enrolment.enrolled_by_id:
        raise OwnApplication
    separation.check({by.person_id}, {found.candidate_id}, on=on)


def _admit_silent(found: Candidature, at: datetime) -> bool:
    sitting = sittings.get(found.sitting_id, lock=True)
    if candidatures.look_again(found, sitting, at=at):
        return False
    _settle(found, sitting, approved=True, reason=BY_SILENCE, at=at)
    candidatures.tell("candidature_admitted", found, by=None, at=at, reason=BY_SILENCE)
    return True


def _settle(
    found: Candidature, sitting: Sitting, *, approved: bool, reason: str, at: datetime
) -> None:
    found.approved, found.decided_at, found.decision_reason = approved, at, reason
    if approved:
        candidatures.admit(found, sitting)
    else:
        found.enrolment.withdrawn_at = at
    db.session.flush()
