"""The signed roster of a room, for a phone that checks in without a network (考场名册)."""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from exams import keys
from exams.admission_errors import NotDoorTime, NotOnDuty
from exams.models import Candidature, CentreRoom, Enrolment, Sitting
from exams.services import sittings, staff
from exams.sittings import DOORS_BEFORE, Attendance, Awaited, SittingState
from server.db import db
from server.errors import NotFound
from server.policy import Identity, Permission

#: What the signature is over besides the text, so that it is good for nothing else.
_PURPOSE = b"room roster 1\x00"

#: States in which there is a roster.
_THERE_IS_ONE = (SittingState.SEATED, SittingState.RUNNING, SittingState.DONE)


@dataclass(frozen=True, kw_only=True)
class Roster:
    """Who is expected in a room: a text, its signature, and the public keys of tickets."""

    text: str
    signature: str
    #: Ed25519, base64url: the one that signed the roster first; any of them signs tickets.
    public_keys: list[str]


def of(sitting_id: UUID, room_id: UUID, *, by: Identity, at: datetime) -> Roster:
    """Return the roster of a room, for those who watch it.

    Raises:
        NotFound: there is no such sitting or room within the asker's scope.
        NotOnDuty: the asker is not assigned to the room.
        NotDoorTime: nobody has a seat yet.
    """
    sitting, room = watched(sitting_id, room_id, by=by)
    if sitting.state not in _THERE_IS_ONE:
        raise NotDoorTime
    text = json.dumps(
        _content(sitting, room, at), ensure_ascii=False, sort_keys=True, separators=(",", ":")
    )
    every = keys.current().ticket_keys
    return Roster(
        text=text,
        signature=_encoded(every[0].sign(_PURPOSE + text.encode())),
        public_keys=[_encoded(key.public_key().public_bytes_raw()) for key in every],
    )


def watched(
    sitting_id: UUID, room_id: UUID, *, by: Identity, lock: bool = False
) -> tuple[Sitting, CentreRoom]:
    """Return a sitting and a room of it that the asker watches.

    Raises:
        NotFound: there is no such sitting or room within the asker's scope.
        NotOnDuty: the asker is not assigned to the room.
    """
    sitting = sittings.get(sitting_id, scope=by.scope(Permission.INVIGILATE), lock=lock)
    rooms = {one.room_id: one for one in sitting.rooms}
    if room_id not in rooms:
        raise NotFound
    used = rooms[room_id]
    # Whoever watched a room that was left still tells what their phone has seen there.
    after = rooms.get(used.moved_to_id) if used.moved_to_id else None
    names = {one.room.name for one in (used, after) if one is not None}
    if not any(staff.watches(by.person_id, sitting_id, name) for name in names):
        raise NotOnDuty
    return sitting, used.room


def _content(sitting: Sitting, room: CentreRoom, at: datetime) -> dict[str, Any]:
    exam = sitting.exam
    return {
        "sitting_id": str(sitting.id),
        "room_id": str(room.id),
        "room": room.name,
        "exam": exam.name,
        "doors_at": (exam.opens_at - DOORS_BEFORE).isoformat(),
        "opens_at": exam.opens_at.isoformat(),
        "latest_at": (exam.latest_start_at or exam.closes_at).isoformat(),
        "made_at": at.isoformat(),
        "people": [_line(one, sitting) for one in _expected(sitting.id, room.id)],
    }


def _expected(sitting_id: UUID, room_id: UUID) -> list[Candidature]:
    """Return who has a seat in a room, and who waits for one in any."""
    statement = (
        select(Candidature)
        .join(Enrolment, Enrolment.id == Candidature.id)
        .options(joinedload(Candidature.candidate))
        .where(
            Candidature.sitting_id == sitting_id,
            Enrolment.withdrawn_at.is_(None),
            (Candidature.room_id == room_id) | (Enrolment.awaits == Awaited.STAND_BY),
        )
        .order_by(Candidature.number)
    )
    return list(db.session.scalars(statement))


def _line(one: Candidature, sitting: Sitting) -> dict[str, Any]:
    return {
        "turn": one.turn,
        "expected_at": sitting.expects_at(one.turn).isoformat(),
        "enrolment_id": str(one.id),
        "name": one.candidate.name,
        "document": one.candidate.document_masked,
        "has_photo": one.candidate.photo_hash is not None,
        "row": one.seat_row,
        "column": one.seat_column,
        "seat": one.seat.label if one.seat else None,
        "ticket_number": one.ticket_number,
        "waits": one.enrolment.awaits is Awaited.STAND_BY,
        "let_in": one.attendance in (Attendance.PRESENT, Attendance.LATE),
    }


def _encoded(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode("ascii")
