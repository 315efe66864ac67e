"""What expires ahead, against the seats that are planned (换证高峰).

Whoever wants to go on must be examined before the last day. So what ends in a month is held
against the seats of sittings from the day asked about up to the end of that month, both added up
month by month: what is short then is short for good, whatever comes after.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import func, select

from certificates.models import Certificate
from certificates.services import expiring
from certificates.services.counts.asking import Asked
from certificates.stretches import CERTIFIED_AS
from exams.models import Enrolment, Exam, Sitting
from exams.models.standards import Qualification
from exams.sittings import Mode, SittingState
from server.days import beginning_of, civil_day
from server.db import db
from server.organisations.models import Organisation
from server.regions.models import Region

#: Sittings in which nobody will be examined any more.
_OVER = (SittingState.CANCELLED, SittingState.DONE)


class Place(NamedTuple):
    """Where, and for what, somebody is examined."""

    region: str
    #: The role of the qualification.
    role: str
    #: The operation item; empty where there is none.
    item: str


class Seats(NamedTuple):
    """Seats of the sittings of a month."""

    planned: int = 0
    #: Not applied for by somebody who never held such a certificate: free for who renews.
    free: int = 0


@dataclass(frozen=True, kw_only=True)
class Month:
    """What ends in a month at one place, and the seats for it."""

    month: date
    region_id: UUID
    region_name: str
    role: str
    item: str | None
    #: Posts and items whose cover ends, if nobody renews.
    expiring_count: int
    seat_count: int
    free_seat_count: int
    #: How many have found no seat by the end of the month, since the day asked about.
    short_count: int


def against_seats(key: str, asked: Asked, *, until: date) -> list[Month]:
    """Return what ends between two days by month, region and item, and the seats for it.

    Only places at which something ends are named; seats are those of sittings at centres of the
    same region that examine for the same qualification.

    Raises:
        NotFound: there is no such indicator.
    """
    depth = expiring.depth_of(asked)
    ends: dict[Place, Counter[date]] = {}
    for each in expiring.ends(key, asked, until=until):
        place = Place(each.region(depth), CERTIFIED_AS.get(each.role, each.role), each.item or "")
        ends.setdefault(place, Counter())[each.on.replace(day=1)] += each.count
    seats = _seats(asked.on, until, depth, {place.region for place in ends})
    names = _names({place.region for place in ends})
    found: list[Month] = []
    for place in sorted(ends):
        found += _months(place, ends[place], seats.get(place, {}), names)
    return sorted(found, key=lambda one: (one.month, one.region_name, one.role, one.item or ""))


def _months(
    place: Place,
    ends: Mapping[date, int],
    seats: Mapping[date, Seats],
    names: Mapping[str, str],
) -> list[Month]:
    found, short, spare = [], 0, 0
    for month in sorted(ends.keys() | seats.keys()):
        here = seats.get(month, Seats())
        # Seats nobody needed yet serve later months; who found none keeps looking.
        spare += here.free
        short += ends.get(month, 0)
        used = min(short, spare)
        short, spare = short - used, spare - used
        if month in ends:
            found.append(
                Month(
                    month=month,
                    region_id=UUID(place.region),
                    region_name=names.get(place.region, "—"),
                    role=place.role,
                    item=place.item or None,
                    expiring_count=ends[month],
                    seat_count=here.planned,
                    free_seat_count=here.free,
                    short_count=short,
                )
            )
    return found


def _seats(
    from_on: date, until: date, depth: int, wanted: Collection[str]
) -> dict[Place, dict[date, Seats]]:
    renews = (
        select(Certificate.id)
        .where(
            Certificate.person_id == Enrolment.candidate_id,
            Certificate.qualification_id == Exam.qualification_id,
        )
        .exists()
    )
    taken = (
        select(func.count())
        .select_from(Enrolment)
        .where(Enrolment.exam_id == Exam.id, Enrolment.withdrawn_at.is_(None), ~renews)
        .correlate(Exam)
        .scalar_subquery()
    )
    statement = (
        select(
            Exam.opens_at,
            Region.path,
            Qualification.role,
            Qualification.operation_item,
            Sitting.capacity,
            taken,
        )
        .select_from(Sitting)
        .join(Exam, Exam.id == Sitting.id)
        .join(Qualification, Qualification.id == Exam.qualification_id)
        .join(Organisation, Organisation.id == Sitting.centre_id)
        .join(Region, Region.id == Organisation.region_id)
        .where(
            Sitting.mode != Mode.PRACTICE,
            Sitting.state.not_in(_OVER),
            Exam.opens_at >= beginning_of(from_on),
            Exam.opens_at < beginning_of(until),
        )
    )
    found: dict[Place, dict[date, Seats]] = {}
    for opens_at, path, role, item, capacity, gone in db.session.execute(statement):
        region = expiring.region_at(path, depth)
        if region not in wanted:
            continue
        months = found.setdefault(Place(region, role.value, item or ""), {})
        month = civil_day(opens_at).replace(day=1)
        was = months.get(month, Seats())
        months[month] = Seats(was.planned + capacity, was.free + max(0, capacity - gone))
    return found


def _names(region_ids: Collection[str]) -> dict[str, str]:
    statement = select(Region.id, Region.name).where(Region.id.in_(map(UUID, region_ids)))
    return {str(one): name for one, name in db.session.execute(statement)}
