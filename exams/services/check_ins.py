"""Check-in at the door: what phones say, in batches, on time or hours later (入场核验).

Everything that is said is kept under the id that the phone made, with what became of it; saying
it again changes nothing. Only who was let in may start: the place waits for it until then.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import joinedload

from exams import checking_in
from exams.admission_errors import NotDoorTime
from exams.checking_in import Door, DoorAct, Verdict
from exams.models import Candidature, CentreRoom, CheckIn, Enrolment, Sitting
from exams.services import rosters, seats, sittings
from exams.sittings import DOORS_BEFORE, IN_THE_ROOM, Attendance, Awaited, Mode, SittingState
from server.audit import services as audit
from server.db import db
from server.errors import IdTaken
from server.paging import Page, narrowed, page
from server.policy import Identity
from server.scopes import Scope

#: Row and column of a seat.
Place = tuple[int, int]


@dataclass(frozen=True, kw_only=True)
class Said:
    """Something that a phone says of a person at the door."""

    id: UUID
    enrolment_id: UUID
    act: DoorAct
    #: Order in which the phone entered it.
    sequence: int
    #: When, by the clock of the phone.
    claimed_at: datetime
    #: The seat, where the phone names one.
    seat: Place | None = None
    note: str | None = None


def take(
    sitting_id: UUID,
    room_id: UUID,
    batch: Sequence[Said],
    *,
    device_id: UUID,
    by: Identity,
    at: datetime,
) -> list[CheckIn]:
    """Take what a phone says of a room, one after another in the phone's order; return all of it.

    Raises:
        NotFound: there is no such sitting or room within the asker's scope.
        NotOnDuty: the asker is not assigned to the room.
        NotDoorTime: the doors are not open; the phone keeps what it has, and sends it again.
        IdTaken: something else was said under one of the ids.
    """
    sitting, room = rosters.watched(sitting_id, room_id, by=by, lock=True)
    if sitting.state not in (SittingState.RUNNING, SittingState.DONE):
        raise NotDoorTime
    desk = _Desk(sitting, room, batch, by=by, device_id=device_id, at=at)
    return desk.take()


def listed(
    sitting_id: UUID,
    *,
    scope: Scope,
    only_odd: bool,
    verdict: Verdict | None = None,
    cursor: str | None,
    limit: int,
) -> Page:
    """Return a page of what was said at the doors of a sitting, the newest first.

    Args:
        sitting_id: which sitting.
        scope: where its test centre must lie.
        only_odd: only what was not accepted, or came late.
        verdict: only what was judged so.
        cursor: where the page begins.
        limit: things on the page.

    Raises:
        NotFound: there is no such sitting within the scope.
    """
    sittings.get(sitting_id, scope=scope)
    place = joinedload(CheckIn.candidature).joinedload(Candidature.candidate)
    statement = select(CheckIn).options(place, joinedload(CheckIn.room))
    statement = statement.where(CheckIn.sitting_id == sitting_id)
    statement = narrowed(statement, {CheckIn.verdict: verdict})
    if only_odd:
        plain = (Verdict.ACCEPTED, Verdict.REPEATED)
        statement = statement.where(or_(CheckIn.verdict.not_in(plain), CheckIn.late))
    keys = [CheckIn.received_at, CheckIn.id]
    return page(statement, keys, cursor=cursor, limit=limit, descending=True)


class _Desk:
    """A room while a batch is taken."""

    def __init__(
        self,
        sitting: Sitting,
        room: CentreRoom,
        batch: Sequence[Said],
        *,
        by: Identity,
        device_id: UUID,
        at: datetime,
    ) -> None:
        self._sitting, self._room, self._by, self._at = sitting, room, by, at
        self._device_id = device_id
        self._batch = sorted(batch, key=lambda one: one.sequence)
        #: The room, and the one to which its people were moved.
        self._rooms = {room.id, *(one.moved_to_id for one in sitting.rooms if one.room is room)}
        self._rooms.discard(None)
        self._places = _places(sitting.id, self._rooms, {one.enrolment_id for one in batch})
        kept = _kept(sitting.id, room.id, {one.id for one in batch})
        self._known = {one.id: one for one in kept}
        #: On which seat somebody was let in, where the phone named one.
        self._sits: dict[UUID, Place | None] = {}
        for one in kept:
            self._remember(one)

    def take(self) -> list[CheckIn]:
        """Take the batch; return what is kept of it, in the phone's order."""
        taken = [self._take(said) for said in self._batch]
        db.session.flush()
        self._tell(taken)
        return taken

    def _take(self, said: Said) -> CheckIn:
        known = self._known.get(said.id)
        if known is not None:
            if (known.enrolment_id, known.act) != (said.enrolment_id, said.act):
                raise IdTaken
            return known
        exam = self._sitting.exam
        happened_at = checking_in.happened(
            said.claimed_at, received_at=self._at, doors_at=exam.opens_at - DOORS_BEFORE
        )
        place = self._places.get(said.enrolment_id)
        verdict = checking_in.judge(
            said.act,
            self._door(said, place),
            happened_at=happened_at,
            latest_at=self._latest_at(place),
        )
        if verdict is Verdict.ACCEPTED and place is not None:
            verdict = self._change(place, said, happened_at)
        return self._keep(said, verdict, happened_at)

    def _latest_at(self, place: Candidature | None) -> datetime:
        """Return until when somebody is let in: in a practical counted from their own turn."""
        if place is None or not place.turn:
            exam = self._sitting.exam
            return exam.latest_start_at or exam.closes_at
        return self._sitting.expects_at(place.turn) + timedelta(minutes=self._sitting.late_minutes)

    def _door(self, said: Said, place: Candidature | None) -> Door:
        if place is None or place.enrolment.withdrawn_at is not None:
            return Door(exists=False)
        planned = _planned(place)
        sits = self._sits.get(place.id) or planned
        wanted = said.seat or planned
        return Door(
            exists=True,
            awaits=place.enrolment.awaits,
            attendance=place.attendance,
            same_room=place.room_id in self._rooms,
            planned_seat=wanted == planned,
            same_seat=wanted == sits,
            seat_taken=self._is_anothers(wanted, place),
            seat_free=self._has_room(place),
        )

    def _is_anothers(self, wanted: Place | None, place: Candidature) -> bool:
        others = [
            one
            for one in self._places.values()
            if one.id != place.id
            and one.room_id in self._rooms
            and one.turn == place.turn
            and one.enrolment.withdrawn_at is None
        ]
        taken = {_planned(one) for one in others}
        taken |= {self._sits.get(one.id) for one in others}
        return wanted is not None and wanted in taken

    def _has_room(self, place: Candidature) -> bool:
        if place.enrolment.awaits is not Awaited.STAND_BY:
            return False
        return seats.has_free(self._sitting, self._room.id, at=self._at)

    def _change(self, place: Candidature, said: Said, happened_at: datetime) -> Verdict:
        if said.act is DoorAct.TURNING_AWAY:
            place.attendance, place.absence_reason = Attendance.TURNED_AWAY, said.note
            return Verdict.ACCEPTED
        if place.enrolment.awaits is Awaited.STAND_BY:
            if not seats.seat_waiting(
                place, self._sitting, self._room.id, by=self._by, at=self._at
            ):
                return Verdict.NO_SEAT
        elif place.attendance not in IN_THE_ROOM:
            place.let_in_at = happened_at
        late = happened_at > self._sitting.expects_at(place.turn)
        place.attendance = Attendance.LATE if late else Attendance.PRESENT
        place.let_in_at = place.let_in_at or happened_at
        is_practical = self._sitting.mode is Mode.PRACTICAL
        place.enrolment.awaits = Awaited.CALL if is_practical else None
        return Verdict.ACCEPTED

    def _keep(self, said: Said, verdict: Verdict, happened_at: datetime) -> CheckIn:
        row, column = said.seat or (None, None)
        kept = CheckIn(
            id=said.id,
            sitting_id=self._sitting.id,
            room_id=self._room.id,
            enrolment_id=said.enrolment_id,
            act=said.act,
            sequence=said.sequence,
            device_id=self._device_id,
            seat_row=row,
            seat_column=column,
            note=said.note,
            happened_at=happened_at,
            received_at=self._at,
            late=checking_in.is_reported_late(happened_at, received_at=self._at),
            verdict=verdict,
            by_account_id=self._by.account_id,
            by_person_id=self._by.person_id,
        )
        db.session.add(kept)
        self._known[kept.id] = kept
        self._remember(kept)
        return kept

    def _remember(self, one: CheckIn) -> None:
        if one.act is DoorAct.ARRIVAL and one.verdict is Verdict.ACCEPTED:
            named = one.seat_row is not None and one.seat_column is not None
            seat = (one.seat_row, one.seat_column) if named else None
            self._sits[one.enrolment_id] = seat  # type: ignore[assignment]  # both or neither

    def _tell(self, taken: Iterable[CheckIn]) -> None:
        fresh = [one for one in taken if one.received_at == self._at]
        if fresh:
            audit.append(
                "people_checked_in",
                by=self._by,
                at=self._at,
                subject_kind="sitting",
                subject_id=self._sitting.id,
                after={
                    "room": self._room.name,
                    "count": len(fresh),
                    "accepted_count": sum(one.verdict is Verdict.ACCEPTED for one in fresh),
                },
            )


def _planned(place: Candidature) -> Place | None:
    if place.seat_row is None or place.seat_column is None:
        return None
    return place.seat_row, place.seat_column


def _places(
    sitting_id: UUID, room_ids: set[UUID | None], ids: set[UUID]
) -> dict[UUID, Candidature]:
    """Return the places that a batch speaks of, and all others of the room."""
    statement = (
        select(Candidature)
        .join(Enrolment, Enrolment.id == Candidature.id)
        .where(
            Candidature.sitting_id == sitting_id,
            or_(Candidature.id.in_(ids), Candidature.room_id.in_(room_ids)),
        )
    )
    return {one.id: one for one in db.session.scalars(statement)}


def _kept(sitting_id: UUID, room_id: UUID, ids: set[UUID]) -> list[CheckIn]:
    """Return who was let in to a room, and what was said under these ids before."""
    let_in = (CheckIn.room_id == room_id) & (CheckIn.verdict == Verdict.ACCEPTED)
    statement = (
        select(CheckIn)
        .where(or_(CheckIn.id.in_(ids), (CheckIn.sitting_id == sitting_id) & let_in))
        .order_by(CheckIn.received_at, CheckIn.sequence)
    )
    return list(db.session.scalars(statement))
