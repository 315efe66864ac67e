"""Applications for a sitting: found, looked at again, given a place or one in the line (报考)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import joinedload
from sqlalchemy.sql.base import ExecutableOption

from exams import candidacy_terms
from exams.candidacy_terms import CandidacyTerms
from exams.eligibility import HINDRANCE_ZH, Hindrance
from exams.models import Candidature, Enrolment, Exam, Sitting
from exams.services import candidacy, enrolments, sittings
from exams.services.candidacy import Asked
from exams.services.reach import rules_of
from exams.sittings import Attendance, Awaited, Mode, SittingState
from server import days
from server.audit import services as audit
from server.db import db
from server.errors import NotFound
from server.paging import Page, page
from server.people.models import Person
from server.people.models import within as people_within
from server.policy import Identity, Permission
from server.scopes import Scope


@dataclass(frozen=True, kw_only=True)
class Reason:
    """One thing that stands in the way, and the article that says so."""

    hindrance: Hindrance
    article: str

    @property
    def text_zh(self) -> str:
        """What it is, for people."""
        return HINDRANCE_ZH[self.hindrance]


def get(enrolment_id: UUID, *, lock: bool = False) -> Candidature:
    """Return an application.

    Raises:
        NotFound: there is none.
    """
    statement = select(Candidature).where(Candidature.id == enrolment_id)
    if lock:
        statement = statement.with_for_update(of=Candidature).execution_options(
            populate_existing=True
        )
    found = db.session.execute(statement).scalar_one_or_none()
    if found is None:
        raise NotFound
    return found


def visible(enrolment_id: UUID, *, by: Identity) -> Candidature:
    """Return an application: one's own, one that one sent, or one to a centre in one's reach.

    Raises:
        NotFound: there is none that the asker may see.
    """
    enrolments.get(enrolment_id, by=by, permission=Permission.ENROL_CANDIDATES)
    return get(enrolment_id)


def listed(
    sitting_id: UUID,
    *,
    scope: Scope,
    attendance: Attendance | None = None,
    cursor: str | None,
    limit: int,
) -> Page:
    """Return a page of the applications for a sitting, in their order.

    Who holds the sitting sees all of them; others those of people within their scope.

    Raises:
        NotFound: there is no such sitting.
    """
    statement = select(Candidature).options(*named()).where(*seen(sitting_id, scope=scope))
    if attendance is not None:
        statement = statement.where(Candidature.attendance == attendance)
    return page(statement, [Candidature.number, Candidature.id], cursor=cursor, limit=limit)


def seen(sitting_id: UUID, *, scope: Scope) -> list[ColumnElement[bool]]:
    """Return what holds of the applications for a sitting that a scope shows.

    Raises:
        NotFound: there is no such sitting.
    """
    here = Candidature.sitting_id == sittings.get(sitting_id).id
    if enrolments.holds(sitting_id, scope):
        return [here]
    return [here, Candidature.candidate_id.in_(select(Person.id).where(people_within(scope)))]


def named() -> tuple[ExecutableOption, ...]:
    """Return how a list brings who applied, and who sends them, with the applications."""
    return joinedload(Candidature.candidate), joinedload(Candidature.sent_by)


def reasons(found: Candidature, sitting: Sitting) -> list[Reason]:
    """Return what stands in the way of an application, each with its article."""
    return reasons_of(found.enrolment.reasons, sitting)


def reasons_of(hindrances: Iterable[Hindrance], sitting: Sitting) -> list[Reason]:
    """Return what stands in the way of somebody, each with the article that says so."""
    terms = _terms(sitting)
    return [Reason(hindrance=one, article=terms.article(one.value)) for one in hindrances]


def look_again(found: Candidature, sitting: Sitting, *, at: datetime) -> Sequence[Hindrance]:
    """Look anew at what stands in the way of an application, and keep it."""
    one = found.candidate_id
    waived = (one,) if found.waiver is not None else ()
    hindrances = against([one], sitting, waived=waived, at=at)[one]
    found.enrolment.hindrances = [hindrance.value for hindrance in hindrances]
    found.enrolment.checked_at = at
    return hindrances


def against(
    candidate_ids: Collection[UUID], sitting: Sitting, *, waived: Collection[UUID], at: datetime
) -> dict[UUID, tuple[Hindrance, ...]]:
    """Return what stands between each of some people and a sitting: nothing in a practice.

    Args:
        candidate_ids: who.
        sitting: what they want to sit.
        waived: who of them showed a certificate that stands for training.
        at: the moment.

    Raises:
        NotFound: one of them is nobody.
        ExamNotPublished: it is still being planned.
    """
    if sitting.mode is Mode.PRACTICE:
        return dict.fromkeys(candidate_ids, ())
    exam, terms = sitting.exam, _terms(sitting)
    return candidacy.hindrances_of(
        candidate_ids,
        exam.qualification,
        rules_of(exam),
        on=days.civil_day(exam.opens_at),
        at=at,
        beyond=Asked(
            health_months=terms.health_months,
            waiver=terms.waiver,
            waived=waived,
            paused_until=_paused_until(candidate_ids, exam.qualification_id),
            practical_at=sitting.id if sitting.mode is Mode.PRACTICAL else None,
        ),
    )


def admit(found: Candidature, sitting: Sitting) -> None:
    """Give an approved application a place, or one in the line of those who wait."""
    admit_all([found], sitting)


def admit_all(found: Iterable[Candidature], sitting: Sitting) -> None:
    """Give approved applications places while there are any, in their order; the others wait."""
    held = select(func.count()).select_from(_standing(sitting.id).subquery())
    free = sitting.capacity - db.session.scalars(held).one()
    early = sitting.state in (SittingState.OPEN, SittingState.CLOSED)
    for place, one in enumerate(found):
        one.enrolment.awaits = Awaited.SEAT if place < free and early else Awaited.STAND_BY
    db.session.flush()


def waiting(sitting_id: UUID) -> list[Candidature]:
    """Return who waits for a place, the first who applied first."""
    statement = (
        select(Candidature)
        .join(Enrolment, Enrolment.id == Candidature.id)
        .where(
            Candidature.sitting_id == sitting_id,
            Enrolment.withdrawn_at.is_(None),
            Enrolment.awaits == Awaited.STAND_BY,
        )
        .order_by(Candidature.number)
    )
    return list(db.session.scalars(statement))


def with_place(sitting_id: UUID) -> list[Candidature]:
    """Return who has a place in a sitting, seated or not, in the order of application."""
    statement = (
        select(Candidature)
        .where(Candidature.id.in_(_standing(sitting_id)))
        .order_by(Candidature.number)
    )
    return list(db.session.scalars(statement))


def tell(
    action: str, found: Candidature, *, by: Identity | None, at: datetime, reason: str | None = None
) -> None:
    """Write into the audit what became of an application."""
    audit.append(
        action,
        by=by,
        at=at,
        subject_kind="enrolment",
        subject_id=found.id,
        after={
            "sitting_id": found.sitting_id,
            "candidate_id": found.candidate_id,
            "hindrances": found.enrolment.hindrances,
            "awaits": found.enrolment.awaits,
            "attendance": found.attendance,
            "seat": found.seat.label if found.seat else None,
        },
        reason=reason,
    )


def active(sitting_id: UUID) -> Select[UUID]:
    """Select the applications for a sitting that were neither given up nor refused."""
    return (
        select(Candidature.id)
        .join(Enrolment, Enrolment.id == Candidature.id)
        .where(Candidature.sitting_id == sitting_id, Enrolment.withdrawn_at.is_(None))
    )


def _standing(sitting_id: UUID) -> Select[UUID]:
    """Select who has a place."""
    return active(sitting_id).where(
        Enrolment.awaits.is_distinct_from(Awaited.DECISION),
        Enrolment.awaits.is_distinct_from(Awaited.STAND_BY),
    )


def _terms(sitting: Sitting) -> CandidacyTerms:
    exam = sitting.exam
    return candidacy_terms.terms_for(
        exam.qualification.role.value, on=days.civil_day(exam.opens_at)
    )


def _paused_until(candidate_ids: Collection[UUID], qualification_id: UUID) -> dict[UUID, date]:
    """Return until when an absence nobody told of keeps people away, by person."""
    statement = (
        select(Candidature.candidate_id, Exam.opens_at, Sitting.absence_pause_days)
        .join(Sitting, Sitting.id == Exam.id)
        .join(Candidature, Candidature.sitting_id == Sitting.id)
        .where(
            Candidature.candidate_id.in_(candidate_ids),
            Candidature.attendance == Attendance.ABSENT,
            Exam.qualification_id == qualification_id,
            Sitting.absence_pause_days > 0,
        )
    )
    ends: dict[UUID, date] = {}
    for candidate_id, opened_at, pause in db.session.execute(statement):
        end = days.civil_day(opened_at) + timedelta(days=pause)
        ends[candidate_id] = max(end, ends.get(candidate_id, end))
    return ends
