"""Laying out the stations of a practical by subject, before anybody applies (实操轮转编排)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from exams.models import Sitting, SittingStation
from exams.services import centres, layouts, sittings
from exams.sitting_errors import SittingFixed
from exams.sittings import SittingState
from server.audit import services as audit
from server.db import db
from server.policy import Identity, Permission


def write(
    sitting_id: UUID,
    stations: Sequence[layouts.Laid],
    *,
    veto_ends: bool,
    by: Identity,
    at: datetime,
) -> Sitting:
    """Say which station takes which subjects; none at all: every station takes the whole.

    The places of the sitting become as many as can go through, unless its planner wants fewer.
    The same again changes nothing.

    Args:
        sitting_id: a practical that is planned.
        stations: in an order of one's choice, each with the codes of its subjects.
        veto_ends: whether a veto that failed ends the practical before the other subjects.
        by: who plans.
        at: the moment.

    Raises:
        NotFound: there is no such sitting within the asker's scope.
        SittingFixed: candidates may apply for it already, and it would change.
        NoScoreSheet: nothing says which subjects there are.
        CircuitUnfit: the stations cannot take everybody through all of them.
    """
    sitting = sittings.get(sitting_id, scope=by.scope(Permission.PLAN_EXAMS), lock=True)
    wanted = [(seat, sorted(subjects)) for seat, subjects in stations]
    known = [(one.station, list(one.subjects)) for one in sitting.stations]
    if (known, sitting.veto_ends) == (wanted, veto_ends):
        return sitting
    if sitting.state is not SittingState.PLANNED:
        raise SittingFixed
    if wanted:
        layouts.check(sitting, wanted)
    sitting.stations.clear()
    db.session.flush()
    sitting.stations.extend(_rows(wanted))
    sitting.veto_ends = veto_ends
    sitting.capacity = layouts.capacity(sitting, wanted)
    db.session.flush()
    audit.append(
        "circuit_laid_out",
        by=by,
        at=at,
        subject_kind="sitting",
        subject_id=sitting.id,
        after={
            "stations": {seat.label: subjects for seat, subjects in wanted},
            "veto_ends": veto_ends,
            "capacity": sitting.capacity,
        },
        organisation_path=centres.get(sitting.centre_id).path,
    )
    return sitting


def _rows(stations: Sequence[layouts.Laid]) -> list[SittingStation]:
    return [
        SittingStation(
            room_id=seat.room_id,
            seat_row=seat.row,
            seat_column=seat.column,
            place=place,
            subjects=list(subjects),
        )
        for place, (seat, subjects) in enumerate(stations, start=1)
    ]
