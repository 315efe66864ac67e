"""Admission tickets: what they say, their signed code, and how they are printed (准考证)."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from importlib.resources import files
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from exams import keys, tickets
from exams.models import Candidature, Enrolment, Practical, PracticalSubject, Sitting
from exams.services import candidatures, enrolments, sittings
from exams.sitting_errors import NotSeated
from exams.sittings import IN_ROOMS, Awaited
from exams.tickets import NoTicket, Ticket
from server import days
from server.db import db
from server.errors import NotFound
from server.organisations.models import Organisation
from server.paging import Page, page
from server.people.models import Person, Photo
from server.policy import Identity, Permission
from server.scopes import Scope

#: The file by which the picture of somebody is known to the template, and how large it is made.
_PHOTO, _PHOTO_PIXELS = "photo.jpg", (600, 800)

#: What a place may wait for that has a ticket.
_GOOD = (Awaited.CHECK_IN, Awaited.CALL)


@dataclass(frozen=True, kw_only=True)
class Admission:
    """A ticket as it is shown: whose, where, when, and the text of its code."""

    candidature: Candidature
    candidate: Person
    sitting: Sitting
    centre: Organisation
    code: str
    #: The subjects of a practical in a circuit, in the order of turns; else none.
    legs: Sequence[PracticalSubject] = ()

    @property
    def seat(self) -> str | None:
        """What stands on the seat; None where there are no rooms."""
        return self.candidature.seat.label if self.candidature.seat else None

    @property
    def expected_at(self) -> datetime:
        """When the candidate is to be there: at the opening, or when the own turn begins."""
        return self.sitting.expects_at(self.candidature.turn)


def of(enrolment_id: UUID, *, by: Identity) -> Admission:
    """Return the ticket of a place: one's own, or one within one's reach.

    Raises:
        NotFound: there is no such place that the asker may see.
        NotSeated: there is no ticket yet, or no more.
    """
    enrolments.get(enrolment_id, by=by, permission=Permission.ENROL_CANDIDATES)
    found = candidatures.get(enrolment_id)
    sitting = sittings.get(found.sitting_id)
    centre = db.session.get_one(Organisation, sitting.centre_id)
    return _one(found, sitting, centre)


def listed(sitting_id: UUID, *, scope: Scope, cursor: str | None, limit: int) -> Page:
    """Return a page of the tickets of a sitting, in the order of application.

    Raises:
        NotFound: there is no such sitting within the scope.
    """
    sitting = sittings.get(sitting_id, scope=scope)
    centre = db.session.get_one(Organisation, sitting.centre_id)
    statement = (
        select(Candidature)
        .join(Enrolment, Enrolment.id == Candidature.id)
        .options(joinedload(Candidature.candidate))
        .where(
            Candidature.sitting_id == sitting_id,
            Enrolment.withdrawn_at.is_(None),
            (Candidature.ticket_number > 0) | (sitting.mode not in IN_ROOMS),
            Enrolment.awaits.is_(None) | Enrolment.awaits.in_(_GOOD),
        )
    )
    found = page(statement, [Candidature.number, Candidature.id], cursor=cursor, limit=limit)
    ways = _ways(found.items)
    shown = [_shown(one, sitting, centre, one.candidate, ways) for one in found.items]
    return Page(items=shown, next_cursor=found.next_cursor)


def checked(code: str, *, scope: Scope) -> Admission:
    """Return the ticket that a scanned code is, where it is the newest one of its place.

    Raises:
        NotFound: it is none of a sitting within the scope, or was replaced by another.
    """
    try:
        said = tickets.read(code, tuple(key.public_key() for key in keys.current().ticket_keys))
    except NoTicket:
        raise NotFound from None
    sitting = sittings.get(said.sitting_id, scope=scope)
    found = candidatures.get(said.enrolment_id)
    if (found.sitting_id, found.ticket_number) != (sitting.id, said.number):
        raise NotFound
    return _one(found, sitting, db.session.get_one(Organisation, sitting.centre_id))


def printed(ticket: Admission, *, at: datetime) -> bytes:
    """Return a ticket as PDF: photo if there is one, masked number, place, seat, hours, rules."""
    from server import printing  # heavy, and needed by few

    pictures = {"qr.svg": qr(ticket.code), **_photo(ticket.candidate)}
    template = files("exams").joinpath("ticket.typ")
    said = content(ticket) | {"photo": _PHOTO if _PHOTO in pictures else None}
    return printing.pdf(template, said, pictures=pictures, at=at)


def content(ticket: Admission) -> dict[str, Any]:
    """Return what the template of a ticket reads."""
    exam, sitting, found = ticket.sitting.exam, ticket.sitting, ticket.candidature
    names = {one.room_id: one.room.name for one in sitting.rooms}
    return {
        "exam": exam.name,
        "qualification": exam.qualification.name_zh,
        "name": ticket.candidate.name,
        "document": ticket.candidate.document_masked,
        "number": f"{found.number:05d}-{found.ticket_number}",
        "centre": ticket.centre.name,
        "room": found.room.name if found.room else None,
        "address": found.room.address if found.room else None,
        "seat": ticket.seat,
        "day": days.civil_day(exam.opens_at).isoformat(),
        "turn": found.turn or None,
        "route": [
            {
                "subject": leg.subject,
                "room": names.get(leg.room_id, ""),
                "station": leg.station.label,
                "turn": leg.turn,
                "from": _hour(sitting.expects_at(leg.turn)),
            }
            for leg in ticket.legs
        ],
        "opens": _hour(ticket.expected_at),
        "closes": _hour(_until(ticket)),
        "minutes": exam.standard.minutes if exam.standard and not found.turn else None,
        "late_minutes": sitting.late_minutes,
        "loses_time": exam.late_starts_lose_time,
        "absence_hours": sitting.absence_notice_hours,
    }


def qr(code: str) -> bytes:
    """Return the code of a ticket as SVG: error correction M, a quiet zone of four modules."""
    import segno  # needed by few

    made = segno.make(code, error="m", boost_error=False, micro=False)
    picture = io.BytesIO()
    made.save(picture, kind="svg", scale=6, border=4)
    return picture.getvalue()


def code_of(found: Candidature) -> str:
    """Return the signed text of a place's ticket."""
    said = Ticket(sitting_id=found.sitting_id, enrolment_id=found.id, number=found.ticket_number)
    return tickets.write(said, keys.current().ticket_keys[0])


def _one(found: Candidature, sitting: Sitting, centre: Organisation) -> Admission:
    candidate = db.session.get_one(Person, found.candidate_id)
    return _shown(found, sitting, centre, candidate, _ways([found]))


def _ways(places: Sequence[Candidature]) -> dict[UUID, list[PracticalSubject]]:
    """Return by place the subjects of practicals in a circuit, in the order of turns."""
    ids = [one.id for one in places if one.turn]
    found: dict[UUID, list[PracticalSubject]] = {}
    if ids:
        statement = (
            select(Candidature.id, PracticalSubject)
            .join(Practical, Practical.enrolment_id == Candidature.id)
            .join(PracticalSubject, PracticalSubject.practical_id == Practical.id)
            .where(Candidature.id.in_(ids))
            .order_by(PracticalSubject.turn, PracticalSubject.subject)
        )
        for enrolment_id, leg in db.session.execute(statement):
            found.setdefault(enrolment_id, []).append(leg)
    return found


def _shown(
    found: Candidature,
    sitting: Sitting,
    centre: Organisation,
    candidate: Person,
    ways: Mapping[UUID, Sequence[PracticalSubject]],
) -> Admission:
    enrolment = found.enrolment
    seated = found.seat is not None or sitting.mode not in IN_ROOMS
    waits = enrolment.awaits not in (None, *_GOOD)
    if not seated or waits or enrolment.withdrawn_at is not None:
        raise NotSeated
    return Admission(
        candidature=found,
        candidate=candidate,
        sitting=sitting,
        centre=centre,
        code=code_of(found),
        legs=ways.get(found.id, ()),
    )


def _photo(candidate: Person) -> dict[str, bytes]:
    """Return the photo as the template wants it; nothing where there is none that can be shown."""
    from PIL import Image  # needed by few

    if candidate.photo_hash is None:
        return {}
    kept = db.session.get_one(Photo, candidate.photo_hash)
    made = io.BytesIO()
    try:
        with Image.open(io.BytesIO(kept.content)) as photo:
            photo.thumbnail(_PHOTO_PIXELS)
            photo.convert("RGB").save(made, "JPEG", quality=85)
    except (OSError, ValueError, Image.DecompressionBombError):
        return {}
    return {_PHOTO: made.getvalue()}


def _until(ticket: Admission) -> datetime:
    turn = max([ticket.candidature.turn, *(leg.turn for leg in ticket.legs)])
    return ticket.sitting.expects_at(turn + 1) if turn else ticket.sitting.exam.closes_at


def _hour(moment: datetime) -> str:
    return moment.astimezone(days.CIVIL_ZONE).strftime("%H:%M")
