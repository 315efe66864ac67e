"""The expert pool, and the register of safety engineers (专家库、注册安全工程师)."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import ColumnElement, and_, or_, select

from server.db import db
from server.errors import NotFound
from server.organisations import services as organisations
from server.organisations.models import Organisation
from server.paging import Page, page
from server.people.services import people
from server.policy import Identity, Permission
from server.records import entries
from server.records.entries import RecordKind, TrainingPurpose
from server.records.services import ledger
from server.regions import tree
from server.training.errors import NotInPool, TermUnfit
from server.training.kinds import Function, Grade
from server.training.models import ExpertAppointment, SafetyEngineer
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
class EngineerDraft:
    """What is said of the registration of a safety engineer."""

    person_id: UUID
    number: str
    grade: Grade
    speciality: str
    organisation_id: UUID | None
    valid_from: date
    valid_until: date


@dataclass(frozen=True, kw_only=True)
class Education:
    """The continuing education of a safety engineer, within the days of the registration."""

    engineer: SafetyEngineer
    hours: Decimal
    trainings: list[dict[str, object]]


def appoint(
    appointment_id: UUID, draft: AppointmentDraft, *, by: Identity, at: datetime
) -> ExpertAppointment:
    """Appoint somebody to the pool, for one function and one term.

    Raises:
        NotFound: the authority lies outside the asker's scope, or there is no such person.
        TermUnfit: it ends before it begins.
        IdTaken: another appointment stands under this id.
    """
    authority = organisations.get(draft.authority_id, scope=by.scope(Permission.APPROVE_TRAINING))
    people.get(draft.person_id)
    _check_span(draft.valid_from, draft.valid_until)
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
    found = db.session.get(ExpertAppointment, appointment_id)
    if found is None:
        raise NotFound
    authority = organisations.get(found.authority_id, scope=by.scope(Permission.APPROVE_TRAINING))
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


def listed(*, function: Function | None, on: date | None, cursor: str | None, limit: int) -> Page:
    """Return a page of the pool, the latest terms first: of a function, counting on a day."""
    statement = select(ExpertAppointment)
    if function is not None:
        statement = statement.where(ExpertAppointment.function == function)
    if on is not None:
        statement = statement.where(_stands(on))
    keys = [ExpertAppointment.valid_from, ExpertAppointment.id]
    return page(statement, keys, cursor=cursor, limit=limit, descending=True)


def is_in_pool(person_id: UUID, function: Function, *, on: date) -> bool:
    """Say whether somebody is appointed, trained and tested for a function on a day."""
    statement = select(ExpertAppointment.id).where(
        ExpertAppointment.person_id == person_id,
        ExpertAppointment.function == function,
        _stands(on),
    )
    return db.session.execute(statement).first() is not None


def check_in_pool(person_id: UUID, function: Function, *, on: date) -> None:
    """Refuse whoever is not of the pool.

    Raises:
        NotInPool: not appointed, not trained and tested, or the term is over.
    """
    if not is_in_pool(person_id, function, on=on):
        raise NotInPool


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
        NotInPool: not appointed, not trained and tested, or the term is over.
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


def register(
    engineer_id: UUID, draft: EngineerDraft, *, by: Identity, at: datetime
) -> SafetyEngineer:
    """Enter the registration of a safety engineer.

    Raises:
        NotAllowed: the asker approves nothing anywhere.
        NotFound: the person lies outside the asker's scope, or there is no such organisation.
        TermUnfit: it ends before it begins.
        IdTaken: another registration stands under this id.
    """
    person = people.get(draft.person_id, scope=by.scope(Permission.APPROVE_TRAINING))
    _check_span(draft.valid_from, draft.valid_until)
    values = asdict(draft)
    known = putting.known(SafetyEngineer, engineer_id, values)
    if known is not None:
        return known
    place = organisations.get(draft.organisation_id or person.registered_under_id)
    made = putting.made(SafetyEngineer(id=engineer_id, **values, recorded_at=at))
    putting.tell(
        "safety_engineer_registered",
        made.id,
        place,
        kind="safety_engineer",
        by=by,
        at=at,
        after={"person_id": person.id, "number": draft.number},
    )
    return made


def education(engineer_id: UUID, *, by: Identity) -> Education:
    """Return what a safety engineer learnt since the registration began, as the ledger has it.

    Raises:
        NotFound: there is no such engineer within the asker's scope.
    """
    found = db.session.get(SafetyEngineer, engineer_id)
    if found is None:
        raise NotFound
    people.get(found.person_id, scope=by.scope(Permission.APPROVE_TRAINING))
    counting = [
        record
        for record in ledger.standing(found.person_id, RecordKind.TRAINING)
        if record.purpose == TrainingPurpose.CONTINUING_EDUCATION
        and found.valid_from <= record.happened_on <= found.valid_until
        and record.content.get("passed") is not False
    ]
    hours = sum((entries.hours_of(record.content) for record in counting), start=0)
    return Education(
        engineer=found,
        hours=Decimal(int(hours * 10)) / 10,
        trainings=[
            {
                "record_id": record.id,
                "programme": record.content["programme"],
                "hours": record.content["hours"],
                "finished_on": record.happened_on,
            }
            for record in counting
        ],
    )


def _stands(on: date) -> ColumnElement[bool]:
    """Return the condition that an appointment counts on a day."""
    one = ExpertAppointment
    return and_(
        one.valid_from <= on,
        one.valid_until >= on,
        or_(one.dismissed_on.is_(None), one.dismissed_on > on),
        one.trained_on <= on,
        one.tested_on <= on,
        one.passed.is_(True),
    )


def _check_span(valid_from: date, valid_until: date) -> None:
    if valid_until < valid_from:
        raise TermUnfit(reason="it ends before it begins", reason_zh="终止日期早于起始日期")
