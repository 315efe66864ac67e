"""Sheets of a room on paper: who sits where, and where everybody signs (座位表、签到表)."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from importlib.resources import files
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from exams.admission_errors import NotOnDuty
from exams.models import Candidature, CentreRoom, Enrolment, Sitting
from exams.services import sittings, staff, station_sheets
from exams.sitting_errors import NotSeated
from exams.sittings import Mode, SittingState
from server import days
from server.db import db
from server.errors import NotFound
from server.organisations.models import Organisation
from server.policy import Identity, Permission


class SheetKind(StrEnum):
    """What is printed of a room."""

    SEAT_MAP = "seat_map"
    SIGNATURE_LIST = "signature_list"
    STATION_SHEETS = "station_sheets"


#: States in which people have seats, or had.
_SEATED = (SittingState.SEATED, SittingState.RUNNING, SittingState.DONE)


def sheet(sitting_id: UUID, room_id: UUID, kind: SheetKind, *, by: Identity, at: datetime) -> bytes:
    """Return a sheet of a room as PDF, for who works there or gives its seats.

    Raises:
        NotFound: there is no such sitting or room within the asker's scope.
        NotOnDuty: the asker neither works in the room nor gives its seats.
        NotSeated: nobody has a seat yet.
    """
    from server import printing  # heavy, and needed by few

    sitting = sittings.get(sitting_id, scope=by.scope(Permission.SEE_EXAMS))
    room = next((one.room for one in sitting.rooms if one.room_id == room_id), None)
    if room is None:
        raise NotFound
    if not by.may(Permission.SEAT_CANDIDATES) and not staff.works_in(
        by.person_id, sitting_id, room.name
    ):
        raise NotOnDuty
    if sitting.state not in _SEATED:
        raise NotSeated
    template = files("exams").joinpath("templates", f"{kind.value}.typ")
    content = _content(sitting, room, at)
    if kind is SheetKind.STATION_SHEETS:
        content["stations"] = station_sheets.of(sitting, room.id)
    return printing.pdf(template, content, at=at)


def _content(sitting: Sitting, room: CentreRoom, at: datetime) -> dict[str, Any]:
    exam = sitting.exam
    people = [_line(one, sitting) for one in _seated(sitting.id, room.id)]
    by_seat: dict[str, list[dict[str, Any]]] = {}
    for one in people:
        by_seat.setdefault(f"{one['row']}-{one['column']}", []).append(one)
    return {
        "exam": exam.name,
        "qualification": exam.qualification.name_zh,
        "centre": db.session.get_one(Organisation, sitting.centre_id).name,
        "room": room.name,
        "address": room.address,
        "day": days.civil_day(exam.opens_at).isoformat(),
        "opens": _hour(exam.opens_at),
        "closes": _hour(exam.closes_at),
        "is_practical": sitting.mode is Mode.PRACTICAL,
        "printed": at.astimezone(days.CIVIL_ZONE).strftime("%Y-%m-%d %H:%M"),
        "rows": room.row_count,
        "columns": room.column_count,
        "unusable": [f"{row}-{column}" for row, column in [*room.gaps, *room.defective]],
        "seats": by_seat,
        "people": people,
        "staff": staff.names(sitting.id, room.name),
    }


def _seated(sitting_id: UUID, room_id: UUID) -> list[Candidature]:
    statement = (
        select(Candidature)
        .join(Enrolment, Enrolment.id == Candidature.id)
        .options(joinedload(Candidature.candidate))
        .where(
            Candidature.sitting_id == sitting_id,
            Candidature.room_id == room_id,
            Enrolment.withdrawn_at.is_(None),
        )
        .order_by(Candidature.turn, Candidature.seat_row, Candidature.seat_column)
    )
    return list(db.session.scalars(statement))


def _line(one: Candidature, sitting: Sitting) -> dict[str, Any]:
    return {
        "name": one.candidate.name,
        "document": one.candidate.document_masked,
        "number": f"{one.number:05d}-{one.ticket_number}",
        "seat": one.seat_label,
        "row": one.seat_row,
        "column": one.seat_column,
        "turn": one.turn,
        "expected": _hour(sitting.expects_at(one.turn)),
    }


def _hour(moment: datetime) -> str:
    return moment.astimezone(days.CIVIL_ZONE).strftime("%H:%M")
