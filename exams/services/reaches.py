"""In counts: whom a decision touches, before it is taken (决定的影响范围)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, or_, select

from exams.models import (
    Appeal,
    Attempt,
    Candidature,
    Enrolment,
    Exam,
    PaperItem,
    SeparationOverride,
    SittingDuty,
)
from exams.services import appeals, candidatures, overriding, sittings
from exams.sittings import NO_PLACE_YET, Awaited
from server import days
from server.db import db
from server.paging import narrowed
from server.scopes import Scope


@dataclass(frozen=True, kw_only=True)
class ApplicationReach:
    """What stands around an application that waits for a decision."""

    #: Applications to the sitting that wait for a decision, this one included.
    waiting_count: int
    #: Who has a place in the sitting, and how many places there are.
    placed_count: int
    capacity: int
    #: Other sittings to come for which the candidate stands.
    other_sitting_count: int
    #: Until when the candidate may apply anew.
    may_apply_until: datetime


@dataclass(frozen=True, kw_only=True)
class SittingReach:
    """Whom a move of a sitting, or of one of its rooms, touches."""

    #: Who applied, and neither gave it up nor was refused.
    candidate_count: int
    #: Who of them waits for a decision.
    waiting_count: int


@dataclass(frozen=True, kw_only=True)
class AppealReach:
    """What a ruling on an appeal touches."""

    #: Other appeals against the same outcome on which nobody has ruled.
    open_appeal_count: int
    #: Supervised views that were granted and are not over yet.
    coming_viewing_count: int
    #: Attempts that were asked the question, where one is named: a regrade looks at each.
    asked_count: int


@dataclass(frozen=True, kw_only=True)
class OverrideReach:
    """Where the two of an exception could meet, as long as it would hold."""

    #: Sittings to come at which one has a duty and the other a place.
    sitting_count: int
    #: Duties that the staff member has at sittings to come.
    duty_count: int
    #: Sittings to come for which the candidate stands.
    candidature_count: int


def of_application(enrolment_id: UUID, *, scope: Scope, at: datetime) -> ApplicationReach:
    """Return what stands around an application to a sitting within the scope.

    Raises:
        NotFound: there is none.
    """
    found = candidatures.get(enrolment_id)
    sitting = sittings.get(found.sitting_id, scope=scope)
    mine = _standing(found.candidate_id).where(Exam.opens_at > at, Exam.id != sitting.id)
    here = _standing().where(Exam.id == sitting.id)
    placed = here.where(or_(Enrolment.awaits.is_(None), Enrolment.awaits.not_in(NO_PLACE_YET)))
    return ApplicationReach(
        waiting_count=_count(here.where(Enrolment.awaits == Awaited.DECISION)),
        placed_count=_count(placed),
        capacity=sitting.capacity,
        other_sitting_count=_count(mine),
        may_apply_until=sitting.enrolment_closes_at,
    )


def of_sitting(sitting_id: UUID, *, room_id: UUID | None, scope: Scope) -> SittingReach:
    """Return whom a move of a sitting touches, among those whom the scope shows.

    Args:
        sitting_id: that of the sitting.
        room_id: counts only who sits in this room, where one is named.
        scope: who holds the sitting counts all; others people within their scope.

    Raises:
        NotFound: there is no such sitting.
    """
    waits = Enrolment.awaits == Awaited.DECISION
    counted = (
        select(func.count(), func.count().filter(waits))
        .select_from(Candidature)
        .join(Enrolment, Enrolment.id == Candidature.id)
        .where(Enrolment.withdrawn_at.is_(None), *candidatures.seen(sitting_id, scope=scope))
    )
    if room_id is not None:
        counted = counted.where(Candidature.room_id == room_id)
    every, waiting = db.session.execute(counted).one()
    return SittingReach(candidate_count=every, waiting_count=waiting)


def of_appeal(
    appeal_id: UUID, *, version_id: UUID | None, scope: Scope, at: datetime
) -> AppealReach:
    """Return what a ruling on an appeal within the scope touches.

    Raises:
        NotFound: there is none.
    """
    found = appeals.get(appeal_id, scope=scope)
    others = select(Appeal.id).where(
        Appeal.subject_id == found.subject_id, Appeal.ruled_at.is_(None), Appeal.id != found.id
    )
    asked = (
        select(Attempt.id)
        .join(PaperItem, PaperItem.paper_id == Attempt.paper_id)
        .where(PaperItem.version_id == version_id)
    )
    return AppealReach(
        open_appeal_count=_count(others),
        coming_viewing_count=sum(one.until_at > at for one in found.viewings),
        asked_count=0 if version_id is None else _count(asked),
    )


def of_override(override_id: UUID, *, scope: Scope, at: datetime) -> OverrideReach:
    """Return where the two of an exception within the scope could meet.

    Raises:
        NotFound: there is none.
    """
    found = overriding.get(override_id, scope=scope)
    on_duty, standing = _duties(found, at), _sittings_of(found, at)
    return OverrideReach(
        sitting_count=_count(standing.where(Exam.id.in_(on_duty))),
        duty_count=_count(on_duty),
        candidature_count=_count(standing),
    )


def _duties(found: SeparationOverride, at: datetime) -> Select[UUID]:
    """Select the sittings to come, while the exception would hold, at which staff has a duty."""
    return (
        select(SittingDuty.sitting_id)
        .join(Exam, Exam.id == SittingDuty.sitting_id)
        .where(
            SittingDuty.person_id == found.staff_id,
            SittingDuty.ended_at.is_(None),
            Exam.closes_at > at,
            Exam.opens_at < _end(found),
        )
        .distinct()
    )


def _sittings_of(found: SeparationOverride, at: datetime) -> Select[UUID]:
    return _standing(found.candidate_id).where(Exam.closes_at > at, Exam.opens_at < _end(found))


def _end(found: SeparationOverride) -> datetime:
    return days.beginning_of(found.until_on + timedelta(days=1))


def _standing(candidate_id: UUID | None = None) -> Select[UUID]:
    """Select the sittings of applications that were neither given up nor refused."""
    statement = (
        select(Candidature.sitting_id)
        .join(Enrolment, Enrolment.id == Candidature.id)
        .join(Exam, Exam.id == Candidature.sitting_id)
        .where(Enrolment.withdrawn_at.is_(None))
    )
    return narrowed(statement, {Candidature.candidate_id: candidate_id})


def _count(statement: Select[Any]) -> int:
    return db.session.scalars(select(func.count()).select_from(statement.subquery())).one()
