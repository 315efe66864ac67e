"""Test centres: their approvals, their rooms and seats (考点、考场)."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select

from exams.models import CentreApproval, CentreRoom, Sitting, SittingRoom
from exams.models.candidatures import Candidature
from exams.seating import Room, Seat
from exams.sitting_errors import ApprovalWithdrawn, RoomInUse, RoomOverCapacity, SeatUnfit
from exams.sittings import SittingState
from server.audit import services as audit
from server.db import db
from server.errors import IdTaken, NotFound
from server.organisations import services as organisations
from server.organisations.drafts import OrganisationKind
from server.organisations.models import Organisation
from server.paging import Page
from server.policy import Identity, Permission
from server.scopes import EVERYWHERE, Scope

#: Sittings that are still to come, or go on.
COMING = (
    SittingState.PLANNED,
    SittingState.OPEN,
    SittingState.CLOSED,
    SittingState.SEATED,
    SittingState.RUNNING,
)

#: Row and column of a seat, from 1.
Place = tuple[int, int]


@dataclass(frozen=True, kw_only=True)
class RoomDraft:
    """A room as its centre describes it."""

    name: str
    address: str
    row_count: int
    column_count: int
    #: None for as many as there are seats.
    capacity: int | None = None
    gaps: Sequence[Place] = field(default_factory=tuple)
    defective: Sequence[Place] = field(default_factory=tuple)


@dataclass(frozen=True, kw_only=True)
class Approving:
    """An approval as the bureau writes it."""

    from_on: date
    #: The last day, included.
    until_on: date
    document: str


def get(centre_id: UUID, *, scope: Scope = EVERYWHERE) -> Organisation:
    """Return a test centre.

    Raises:
        NotFound: there is none within the scope.
    """
    found = organisations.get(centre_id, scope=scope)
    if found.kind is not OrganisationKind.TEST_CENTRE:
        raise NotFound
    return found


def listed(scope: Scope, **query: Any) -> Page:
    """Return a page of the test centres within the scope, by name, as organisations are listed."""
    return organisations.listed(scope, kind=OrganisationKind.TEST_CENTRE, **query)


def approve(
    approval_id: UUID, centre_id: UUID, draft: Approving, *, by: Identity, at: datetime
) -> CentreApproval:
    """Approve a test centre from one day to another. The same again changes nothing.

    Raises:
        NotFound: there is no such test centre within the asker's scope.
        IdTaken: another approval stands under this id.
    """
    centre = get(centre_id, scope=by.scope(Permission.APPROVE_CENTRES))
    known = db.session.get(CentreApproval, approval_id)
    if known is not None:
        same = all(getattr(known, name) == value for name, value in vars(draft).items())
        if known.centre_id != centre_id or not same:
            raise IdTaken
        return known
    made = CentreApproval(
        id=approval_id,
        centre_id=centre_id,
        approved_at=at,
        approved_by_id=by.account_id,
        **vars(draft),
    )
    db.session.add(made)
    db.session.flush()
    _tell("centre_approved", made, centre, by=by, at=at, reason=draft.document)
    return made


def withdraw_approval(
    approval_id: UUID, centre_id: UUID, *, from_on: date, reason: str, by: Identity, at: datetime
) -> CentreApproval:
    """Withdraw an approval from a day on. The same again changes nothing.

    Raises:
        NotFound: there is none of a test centre within the asker's scope.
        ApprovalWithdrawn: it was withdrawn from another day on.
    """
    centre = get(centre_id, scope=by.scope(Permission.APPROVE_CENTRES))
    found = db.session.get(CentreApproval, approval_id, with_for_update=True)
    if found is None or found.centre_id != centre_id:
        raise NotFound
    if found.withdrawn_on is not None:
        if (found.withdrawn_on, found.withdrawn_because) != (from_on, reason):
            raise ApprovalWithdrawn(on=found.withdrawn_on.isoformat())
        return found
    found.withdrawn_on, found.withdrawn_because = from_on, reason
    db.session.flush()
    _tell("centre_approval_withdrawn", found, centre, by=by, at=at, reason=reason)
    return found


def approvals(centre_id: UUID) -> list[CentreApproval]:
    """Return every approval there ever was of a test centre, the earliest first."""
    statement = select(CentreApproval).where(CentreApproval.centre_id == centre_id)
    ordered = statement.order_by(CentreApproval.from_on, CentreApproval.id)
    return list(db.session.scalars(ordered))


def is_approved(centre_id: UUID, *, on: date) -> bool:
    """Say whether a test centre may hold examinations on a day."""
    return any(
        one.from_on <= on <= one.until_on and (one.withdrawn_on is None or on < one.withdrawn_on)
        for one in approvals(centre_id)
    )


def write_room(
    room_id: UUID, centre_id: UUID, draft: RoomDraft, *, by: Identity, at: datetime
) -> CentreRoom:
    """Describe a room of a test centre, or describe it anew.

    Raises:
        NotFound: there is no such test centre within the asker's scope.
        IdTaken: the id is that of a room elsewhere.
        SeatUnfit: a gap or a broken seat lies outside the room.
        RoomOverCapacity: it has fewer seats than people that are to fit in.
        RoomInUse: seats that would be lost were given to people of coming sittings.
    """
    centre = get(centre_id, scope=by.scope(Permission.KEEP_ROOMS))
    known = db.session.get(CentreRoom, room_id, with_for_update=True)
    if known is not None and known.centre_id != centre_id:
        raise IdTaken
    values = _values(room_id, draft)
    if known is None:
        known = CentreRoom(id=room_id, centre_id=centre_id, written_at=at, **values)
        db.session.add(known)
    elif any(getattr(known, name) != value for name, value in values.items()):
        _check_unused(room_id, keeping=set(_grid(room_id, draft).seats))
        for name, value in values.items():
            setattr(known, name, value)
        known.written_at = at
    db.session.flush()
    _tell("centre_room_written", known, centre, by=by, at=at, reason=None)
    return known


def close_room(
    room_id: UUID, centre_id: UUID, *, reason: str | None = None, by: Identity, at: datetime
) -> CentreRoom:
    """Take a room out of use; the audit keeps why. Doing so again changes nothing.

    Raises:
        NotFound: there is no such room within the asker's scope.
        RoomInUse: people of coming sittings have seats in it.
    """
    centre = get(centre_id, scope=by.scope(Permission.KEEP_ROOMS))
    found = db.session.get(CentreRoom, room_id, with_for_update=True)
    if found is None or found.centre_id != centre_id:
        raise NotFound
    if found.closed_at is None:
        _check_unused(room_id, keeping=())
        found.closed_at = at
        db.session.flush()
        _tell("centre_room_closed", found, centre, by=by, at=at, reason=reason)
    return found


def rooms_of(centre_id: UUID) -> list[CentreRoom]:
    """Return the rooms of a test centre, those out of use too, by name."""
    statement = select(CentreRoom).where(CentreRoom.centre_id == centre_id)
    return list(db.session.scalars(statement.order_by(CentreRoom.name)))


def usable(centre_id: UUID, room_ids: Collection[UUID]) -> dict[UUID, CentreRoom]:
    """Return rooms of a test centre that are in use, locked in the order of their ids."""
    statement = (
        select(CentreRoom)
        .where(
            CentreRoom.id.in_(room_ids),
            CentreRoom.centre_id == centre_id,
            CentreRoom.closed_at.is_(None),
        )
        .order_by(CentreRoom.id)
        .with_for_update()
    )
    return {room.id: room for room in db.session.scalars(statement)}


def _values(room_id: UUID, draft: RoomDraft) -> dict[str, Any]:
    for row, column in (*draft.gaps, *draft.defective):
        if not (1 <= row <= draft.row_count and 1 <= column <= draft.column_count):
            raise SeatUnfit(seat=f"{row}-{column}")
    possible = len(_grid(room_id, draft).seats)
    wanted = possible if draft.capacity is None else draft.capacity
    if not 0 < wanted <= possible:
        raise RoomOverCapacity(wanted=wanted, possible=possible)
    return {
        "name": draft.name,
        "address": draft.address,
        "row_count": draft.row_count,
        "column_count": draft.column_count,
        "capacity": wanted,
        "gaps": [list(one) for one in draft.gaps],
        "defective": [list(one) for one in draft.defective],
    }


def _grid(room_id: UUID, draft: RoomDraft) -> Room:
    return Room(
        id=room_id,
        rows=draft.row_count,
        columns=draft.column_count,
        capacity=draft.capacity or draft.row_count * draft.column_count,
        unusable=frozenset((*draft.gaps, *draft.defective)),
    )


def _check_unused(room_id: UUID, *, keeping: Collection[Seat]) -> None:
    statement = (
        select(Candidature.seat_row, Candidature.seat_column)
        .join(Sitting, Sitting.id == Candidature.sitting_id)
        .join(SittingRoom, SittingRoom.sitting_id == Sitting.id)
        .where(
            SittingRoom.room_id == room_id,
            Candidature.room_id == room_id,
            Sitting.state.in_(COMING),
        )
    )
    given = [Seat(room_id, row or 0, column or 0) for row, column in db.session.execute(statement)]
    lost = sum(seat not in keeping for seat in given)
    if lost:
        raise RoomInUse(count=lost)


def _tell(
    action: str,
    thing: CentreApproval | CentreRoom,
    centre: Organisation,
    *,
    by: Identity,
    at: datetime,
    reason: str | None,
) -> None:
    audit.append(
        action,
        by=by,
        at=at,
        subject_kind="test_centre",
        subject_id=centre.id,
        after={"id": thing.id},
        reason=reason,
        organisation_path=centre.path,
    )
