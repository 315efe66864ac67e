"""The expert pool: appointed, trained, appraised, for a term (专家库)."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ColumnElement, and_, case, func, or_, select
from sqlalchemy.orm import joinedload

from server.days import civil_day
from server.db import db
from server.errors import NotFound
from server.organisations import services as organisations
from server.organisations.models import Organisation
from server.paging import Page, page
from server.people.services import people
from server.policy import Identity, Permission
from server.regions import tree
from server.training.errors import NotInPool, OwnAppointment, PoolGap, TermUnfit
from server.training.kinds import Function
from server.training.models import ExpertAppointment, ExpertAppraisal
from server.training.services import putting


@dataclass(frozen=True, kw_only=True)
class AppointmentDraft:
    """What is said of an appointment to the pool."""

    person_id: UUID
    function: Function
    authority_id: UUID
    field: str
    valid_from: date
    valid_until: date
    trained_on: date | None = None
    tested_on: date | None = None
    passed: bool | None = None


@dataclass(frozen=True, kw_only=True)
class AppraisalDraft:
    """What is said of the appraisal of an expert within the term."""

    appraised_on: date
    passed: bool
    #: What was appraised, and what came out of it.
    words: str
    #: When trained again before it; None where that was not needed.
    trained_on: date | None = None


def appoint(
    appointment_id: UUID, draft: AppointmentDraft, *, by: Identity, at: datetime
) -> ExpertAppointment:
    """Appoint somebody to the pool, for one function and one term.

    Raises:
        NotFound: the authority lies outside the asker's scope, or there is no such person.
        OwnAppointment: the asker would appoint themselves.
        TermUnfit: it ends before it begins.
        IdTaken: another appointment stands under this id.
    """
    authority = organisations.get(draft.authority_id, scope=by.scope(Permission.APPROVE_TRAINING))
    people.get(draft.person_id)
    _check_not_own(draft.person_id, by)
    check_span(draft.valid_from, draft.valid_until)
    values = asdict(draft)
    known = putting.known(ExpertAppointment, appointment_id, values)
    if known is not None:
        return known
    made = putting.made(ExpertAppointment(id=appointment_id, **values, recorded_at=at))
    putting.tell(
        "expert_appointed",
        made.id,
        authority,
        kind="expert_appointment",
        by=by,
        at=at,
        after={"person_id": draft.person_id, "function": draft.function.value},
    )
    return made


def dismiss(
    appointment_id: UUID, *, on: date, reason: str, by: Identity, at: datetime
) -> ExpertAppointment:
    """Dismiss an expert from a day on. The same again changes nothing.

    Raises:
        NotFound: there is no such appointment by an authority within the asker's scope.
    """
    found, authority = _within(appointment_id, by)
    if found.dismissed_on is None:
        found.dismissed_on, found.reason = on, reason
        db.session.flush()
        putting.tell(
            "expert_dismissed",
            found.id,
            authority,
            kind="expert_appointment",
            by=by,
            at=at,
            reason=reason,
        )
    return found


def appraise(
    appointment_id: UUID, appraisal_id: UUID, draft: AppraisalDraft, *, by: Identity, at: datetime
) -> ExpertAppraisal:
    """Enter that an expert was appraised within the term: from that day on the last one counts.

    An appraisal that was not passed ends what the expert may do until one is; a training that
    the appointment lacked is made up for.

    Raises:
        NotFound: there is no such appointment by an authority within the asker's scope.
        OwnAppointment: the asker would appraise themselves.
        TermUnfit: the day lies outside the term, is yet to come, or before the training.
        IdTaken: another appraisal stands under this id.
    """
    appointment, authority = _within(appointment_id, by)
    _check_not_own(appointment.person_id, by)
    _check_day(draft, appointment, civil_day(at))
    values = {**asdict(draft), "appointment_id": appointment.id}
    known = putting.known(ExpertAppraisal, appraisal_id, values)
    if known is not None:
        return known
    made = putting.made(ExpertAppraisal(id=appraisal_id, **values, recorded_at=at))
    putting.tell(
        "expert_appraised",
        appointment.id,
        authority,
        kind="expert_appointment",
        by=by,
        at=at,
        after={"person_id": appointment.person_id, "passed": draft.passed},
    )
    return made


def appraisals(appointment_id: UUID, *, by: Identity) -> list[ExpertAppraisal]:
    """Return the appraisals of an expert within a term, the last first.

    Raises:
        NotFound: there is no such appointment by an authority within the asker's scope.
    """
    found, _ = _within(appointment_id, by)
    statement = (
        select(ExpertAppraisal)
        .where(ExpertAppraisal.appointment_id == found.id)
        .order_by(ExpertAppraisal.appraised_on.desc(), ExpertAppraisal.recorded_at.desc())
    )
    return list(db.session.execute(statement).scalars())


def _within(appointment_id: UUID, by: Identity) -> tuple[ExpertAppointment, Organisation]:
    found = db.session.get(ExpertAppointment, appointment_id)
    if found is None:
        raise NotFound
    scope = by.scope(Permission.APPROVE_TRAINING)
    return found, organisations.get(found.authority_id, scope=scope)


def _check_not_own(person_id: UUID, by: Identity) -> None:
    if person_id == by.person_id:
        raise OwnAppointment


def _check_day(draft: AppraisalDraft, appointment: ExpertAppointment, today: date) -> None:
    last = min(appointment.valid_until, appointment.dismissed_on or appointment.valid_until, today)
    if not appointment.valid_from <= draft.appraised_on <= last:
        raise TermUnfit(
            reason="an appraisal lies within the term and in the past",
            reason_zh="考核日期应在聘期内且不晚于当日",
        )
    if draft.trained_on is not None and draft.trained_on > draft.appraised_on:
        raise TermUnfit(
            reason="training comes before the appraisal", reason_zh="培训日期不得晚于考核日期"
        )


def listed(*, function: Function | None, on: date | None, cursor: str | None, limit: int) -> Page:
    """Return a page of the pool, the latest terms first: of a function, counting on a day."""
    statement = select(ExpertAppointment).options(joinedload(ExpertAppointment.person))
    if function is not None:
        statement = statement.where(ExpertAppointment.function == function)
    if on is not None:
        statement = statement.where(_stands(on))
    keys = [ExpertAppointment.valid_from, ExpertAppointment.id]
    return page(statement, keys, cursor=cursor, limit=limit, descending=True)


def gap(person_id: UUID, function: Function, *, on: date) -> PoolGap | None:
    """Return what keeps somebody from a function of the pool on a day; None where nothing does."""
    of_person = [
        ExpertAppointment.person_id == person_id,
        ExpertAppointment.function == function,
    ]
    asked = [*_asked(on).items()]
    if _is_one([*of_person, *(condition for _, condition in asked)]):
        return None
    for count, (lack, _) in enumerate(asked, start=1):
        if not _is_one([*of_person, *(condition for _, condition in asked[:count])]):
            return lack
    return None


def _is_one(conditions: list[ColumnElement[bool]]) -> bool:
    statement = select(ExpertAppointment.id).where(*conditions).limit(1)
    return db.session.execute(statement).first() is not None


def check_in_pool(person_id: UUID, function: Function, *, on: date) -> None:
    """Refuse whoever is not of the pool.

    Raises:
        NotInPool: not appointed for that day, dismissed, not trained, or not appraised well.
    """
    lack = gap(person_id, function, on=on)
    if lack is not None:
        raise NotInPool(lack)


def check_where_kept(person_id: UUID, function: Function, *, place_id: UUID, on: date) -> None:
    """Refuse whoever is not of the pool, where an authority keeps one for this function.

    A region that has begun to appoint its authors or examiners draws them from its pool; one that
    has not appoints them by role alone.

    Args:
        person_id: who is to act.
        function: as what.
        place_id: the organisation for which they act.
        on: the day on which they do.

    Raises:
        NotInPool: not appointed for that day, dismissed, not trained, or not appraised well.
    """
    path = organisations.region_path_of(organisations.get(place_id))
    kept = (
        select(ExpertAppointment.id)
        .join(Organisation, Organisation.id == ExpertAppointment.authority_id)
        .where(
            ExpertAppointment.function == function,
            ExpertAppointment.valid_from <= on,
            Organisation.region_id.in_(tree.lineage(path)),
        )
        .limit(1)
    )
    if db.session.execute(kept).first() is not None:
        check_in_pool(person_id, function, on=on)


def _asked(on: date) -> dict[PoolGap, ColumnElement[bool]]:
    """Return what an appointment must have to count on a day, in the order it comes about."""
    one, later = ExpertAppointment, ExpertAppraisal
    said = select(later.id).where(later.appointment_id == one.id)
    last = (
        select(later.passed)
        .where(later.appointment_id == one.id, later.appraised_on <= on)
        .order_by(later.appraised_on.desc(), later.recorded_at.desc())
        .limit(1)
        .scalar_subquery()
    )
    first = case((one.tested_on <= on, one.passed), else_=None)
    return {
        PoolGap.NOT_APPOINTED: and_(one.valid_from <= on, one.valid_until >= on),
        PoolGap.DISMISSED: or_(one.dismissed_on.is_(None), one.dismissed_on > on),
        PoolGap.NOT_TRAINED: or_(one.trained_on <= on, said.where(later.trained_on <= on).exists()),
        PoolGap.NOT_PASSED: func.coalesce(last, first).is_(True),
    }


def _stands(on: date) -> ColumnElement[bool]:
    """Return the condition that an appointment counts on a day."""
    return and_(*_asked(on).values())


def check_span(valid_from: date, valid_until: date) -> None:
    """Refuse days that contradict each other.

    Raises:
        TermUnfit: the last lies before the first.
    """
    if valid_until < valid_from:
        raise TermUnfit(reason="it ends before it begins", reason_zh="终止日期早于起始日期")
