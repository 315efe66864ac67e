"""Sittings: planning them, finding them (考试场次)."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select

from exams import sittings
from exams.drafts import Plan
from exams.models import CentreRoom, Exam, ExamPlan, Sitting, SittingRoom
from exams.services import centres, exam_plans, layouts, planning, staff
from exams.services.centres import COMING
from exams.services.reach import held_within
from exams.sitting_errors import (
    OutsidePlan,
    RoomOverCapacity,
    RoomsUnfit,
    RoomTaken,
    SittingContradictory,
    SittingFixed,
)
from exams.sittings import IN_ROOMS, Mode, SittingDraft, SittingState
from exams.staffing import Duty
from server import days
from server.audit import services as audit
from server.db import db
from server.errors import NotFound
from server.paging import Page, page
from server.policy import Identity, Permission
from server.scopes import EVERYWHERE, Scope


def get(sitting_id: UUID, *, scope: Scope = EVERYWHERE, lock: bool = False) -> Sitting:
    """Return a sitting.

    Args:
        sitting_id: which.
        scope: where its test centre must lie.
        lock: whether nobody else may change it until the transaction ends.

    Raises:
        NotFound: there is none within the scope.
    """
    statement = select(Sitting).where(
        Sitting.id == sitting_id, held_within(Sitting.centre_id, scope)
    )
    if lock:
        statement = statement.with_for_update(of=Sitting).execution_options(populate_existing=True)
    found = db.session.execute(statement).scalar_one_or_none()
    if found is None:
        raise NotFound
    return found


def listed(
    scope: Scope,
    *,
    plan_id: UUID | None = None,
    centre_id: UUID | None = None,
    state: SittingState | None = None,
    cursor: str | None,
    limit: int,
) -> Page:
    """Return a page of the sittings within the scope, the latest enrolment first."""
    statement = select(Sitting).where(held_within(Sitting.centre_id, scope))
    if plan_id is not None:
        statement = statement.where(Sitting.plan_id == plan_id)
    if centre_id is not None:
        statement = statement.where(Sitting.centre_id == centre_id)
    if state is not None:
        statement = statement.where(Sitting.state == state)
    keys = [Sitting.enrolment_opens_at, Sitting.id]
    return page(statement, keys, cursor=cursor, limit=limit, descending=True)


def open_to_enrolment(*, at: datetime, cursor: str | None, limit: int) -> Page:
    """Return a page of the sittings that candidates may apply for now, the next closing first."""
    statement = select(Sitting).where(
        Sitting.state == SittingState.OPEN,
        Sitting.enrolment_opens_at <= at,
        Sitting.enrolment_closes_at > at,
    )
    keys = [Sitting.enrolment_closes_at, Sitting.id]
    return page(statement, keys, cursor=cursor, limit=limit)


def plan(sitting_id: UUID, draft: SittingDraft, *, by: Identity, at: datetime) -> Sitting:
    """Plan a sitting under the id given, or plan it anew while nobody may apply for it.

    Raises:
        NotFound: plan, test centre or sitting are not there, or out of scope.
        SittingContradictory: its hours promise what they cannot keep.
        OutsidePlan: it is not held within the days of its plan.
        RoomsUnfit, RoomOverCapacity: about its rooms.
        RoomTaken: another sitting uses a room in these hours.
        SittingFixed: candidates may apply for it, and it would change.
    """
    scope = by.scope(Permission.PLAN_EXAMS)
    of_plan = exam_plans.get(draft.plan_id, scope=scope)
    centres.get(draft.centre_id, scope=scope)
    _check_hours(draft, of_plan)
    known = db.session.get(Sitting, sitting_id)
    if known is not None and known.state is not SittingState.PLANNED:
        if not _is_same(get(sitting_id, scope=scope), draft):
            raise SittingFixed
        return known
    rooms = _rooms(draft)
    capacity = _capacity(draft, rooms)
    check_rooms_free(draft.room_ids, draft.opens_at, draft.closes_at, but=sitting_id)
    exam = planning.plan(sitting_id, _exam_of(draft, of_plan), by=by, at=at)
    exam.is_practice = draft.mode is Mode.PRACTICE
    values = _values(draft, capacity)
    if known is None:
        known = Sitting(id=sitting_id, state=SittingState.PLANNED, **values)
        db.session.add(known)
    else:
        known.rooms.clear()
        db.session.flush()
        for name, value in values.items():
            setattr(known, name, value)
    known.rooms.extend(
        SittingRoom(room_id=room_id, place=place)
        for place, room_id in enumerate(draft.room_ids, start=1)
    )
    db.session.flush()
    db.session.refresh(known)
    if known.stations:
        layouts.follow(known)
    staff.take_over(known, Duty.PLANNER, by=by, at=at)
    _tell(known, by=by, at=at)
    return known


def check_rooms_free(
    room_ids: tuple[UUID, ...], opens_at: datetime, closes_at: datetime, *, but: UUID
) -> None:
    """Make sure that no other sitting uses the rooms in these hours.

    Raises:
        RoomTaken: one does.
    """
    statement = (
        select(CentreRoom.name)
        .join(SittingRoom, SittingRoom.room_id == CentreRoom.id)
        .join(Sitting, Sitting.id == SittingRoom.sitting_id)
        .join(Exam, Exam.id == Sitting.id)
        .where(
            CentreRoom.id.in_(room_ids),
            Sitting.id != but,
            Sitting.state.in_(COMING),
            Exam.opens_at < closes_at,
            Exam.closes_at > opens_at,
        )
    )
    taken = db.session.scalars(statement.order_by(CentreRoom.name).limit(1)).first()
    if taken is not None:
        raise RoomTaken(room=taken)


def _check_hours(draft: SittingDraft, of_plan: ExamPlan) -> None:
    found = sittings.contradictions(draft)
    if found:
        raise SittingContradictory(contradictions=found)
    held = {days.civil_day(draft.opens_at), days.civil_day(draft.closes_at)}
    if min(held) < of_plan.from_on or max(held) > of_plan.until_on:
        raise OutsidePlan(
            from_on=of_plan.from_on.isoformat(), until_on=of_plan.until_on.isoformat()
        )


def _rooms(draft: SittingDraft) -> dict[UUID, CentreRoom]:
    in_rooms = draft.mode in IN_ROOMS
    distinct = len(set(draft.room_ids)) == len(draft.room_ids)
    if in_rooms is not bool(draft.room_ids) or not distinct:
        raise RoomsUnfit
    found = centres.usable(draft.centre_id, draft.room_ids)
    if found.keys() != set(draft.room_ids):
        raise RoomsUnfit
    return found


#: Places of a sitting without rooms, where its planner says nothing.
_PLACES_WITHOUT_ROOMS = 10_000


def _capacity(draft: SittingDraft, rooms: dict[UUID, CentreRoom]) -> int:
    stations = sum(room.capacity for room in rooms.values())
    possible = stations * draft.turns or _PLACES_WITHOUT_ROOMS
    wanted = possible if draft.capacity is None else draft.capacity
    if wanted > possible:
        raise RoomOverCapacity(wanted=wanted, possible=possible)
    return wanted


def _exam_of(draft: SittingDraft, of_plan: ExamPlan) -> Plan:
    return Plan(
        name=draft.name,
        qualification_id=of_plan.qualification_id,
        specification_id=of_plan.specification_id,
        organisation_id=draft.centre_id,
        opens_at=draft.opens_at,
        closes_at=draft.closes_at,
        latest_start_at=draft.latest_start_at,
        late_starts_lose_time=draft.late_starts_lose_time,
        release_at=draft.release_at,
        form_count=draft.form_count,
        start_mode=draft.start_mode,
    )


def _values(draft: SittingDraft, capacity: int) -> dict[str, Any]:
    return {
        "plan_id": draft.plan_id,
        "centre_id": draft.centre_id,
        "mode": draft.mode,
        "capacity": capacity,
        "stand_by_limit": draft.stand_by_limit,
        "enrolment_opens_at": draft.enrolment_opens_at,
        "enrolment_closes_at": draft.enrolment_closes_at,
        "late_minutes": draft.late_minutes,
        "absence_notice_hours": draft.absence_notice_hours,
        "absence_pause_days": draft.absence_pause_days,
        "turn_minutes": draft.turn_minutes,
    }


def _is_same(known: Sitting, draft: SittingDraft) -> bool:
    values = _values(draft, draft.capacity or known.capacity)
    exam = known.exam
    return (
        all(getattr(known, name) == value for name, value in values.items())
        and [one.room_id for one in known.rooms] == list(draft.room_ids)
        and (exam.name, exam.opens_at, exam.closes_at)
        == (draft.name, draft.opens_at, draft.closes_at)
    )


def _tell(known: Sitting, *, by: Identity, at: datetime) -> None:
    audit.append(
        "sitting_planned",
        by=by,
        at=at,
        subject_kind="sitting",
        subject_id=known.id,
        after={
            "mode": known.mode,
            "capacity": known.capacity,
            "opens_at": known.exam.opens_at,
            "closes_at": known.exam.closes_at,
        },
        organisation_path=centres.get(known.centre_id).path,
    )
