"""Many people sent to a sitting at once: judged together, written together (批量报名).

A few statements, however many they are; each is told what somebody who applies alone is told.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum, auto
from uuid import UUID

from sqlalchemy import select

from exams.admission_errors import EnrolmentClosed, SenderUnfit, SittingFull, SittingsOverlap
from exams.errors import Withdrawn
from exams.models import Enrolment, Sitting
from exams.services import applying, candidatures, claims
from exams.services.claims import New
from exams.sittings import SittingState
from server.db import db
from server.errors import DomainError, IdTaken, NotFound
from server.policy import Identity


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """A workbook of people who are sent: to what, for whom, by whom."""

    #: The id the client made for it.
    import_id: UUID
    sitting_id: UUID
    #: The employer or provider that sends them.
    sent_by_id: UUID
    by: Identity


class Became(Enum):
    """What became of somebody whom no rule refuses."""

    #: They had applied already.
    KNOWN = auto()
    #: Something stands in their way; they are not written down.
    HINDERED = auto()
    APPLIES = auto()


@dataclass(frozen=True, kw_only=True)
class _Ground:
    """What holds for everybody of a batch, and what is known of each."""

    refusal: DomainError | None
    places: dict[UUID, set[UUID]]
    #: Why the id of an application cannot be used again, by id.
    used: dict[UUID, DomainError]


def judge(
    rows: Iterable[tuple[New, bool]],
    sitting: Sitting,
    sheet: Sheet,
    *,
    before: int,
    at: datetime,
) -> list[Became | DomainError]:
    """Say what becomes of each of a batch, in their order.

    Args:
        rows: who wants to apply, and whether anything stands in their way.
        sitting: for what; locked by whoever will write.
        sheet: how they are sent.
        before: how many have taken places that no row tells of.
        at: the moment.
    """
    every = list(rows)
    ground = _ground([new for new, _ in every], sitting, sheet, at)
    left = claims.places_left(sitting) - before
    judged: list[Became | DomainError] = []
    for new, hindered in every:
        one = _judge(new, hindered, sitting, ground, left)
        if one is Became.APPLIES:
            left -= 1
            # A second document of the same person may stand in another row.
            ground.places.setdefault(new.candidate_id, set()).add(sitting.id)
        judged.append(one)
    return judged


def write(new: Sequence[New], sitting: Sitting, sheet: Sheet, *, at: datetime) -> None:
    """Write the applications of a batch down, in its order."""
    if not new:
        return
    for made in claims.write(new, sitting, sent_by_id=sheet.sent_by_id, by=sheet.by, at=at):
        candidatures.tell("candidature_applied", made, by=sheet.by, at=at)


def _judge(
    new: New, hindered: bool, sitting: Sitting, ground: _Ground, left: int
) -> Became | DomainError:
    places = ground.places.get(new.candidate_id, set())
    if sitting.id in places:
        return Became.KNOWN
    refusal = ground.refusal or ground.used.get(new.enrolment_id)
    if refusal is None and places:
        refusal = SittingsOverlap()
    if refusal is None and left <= 0:
        refusal = SittingFull()
    return refusal or (Became.HINDERED if hindered else Became.APPLIES)


def _ground(new: Sequence[New], sitting: Sitting, sheet: Sheet, at: datetime) -> _Ground:
    candidate_ids = {one.candidate_id for one in new}
    return _Ground(
        refusal=_refusal(sitting, sheet, at),
        places=claims.places_at(sitting, candidate_ids),
        used=_used(new, sitting),
    )


def _refusal(sitting: Sitting, sheet: Sheet, at: datetime) -> DomainError | None:
    """Return what nobody of the sheet may apply for; None where somebody may."""
    if sitting.state is SittingState.PLANNED:
        return NotFound()
    try:
        applying.check_sender(sheet.sent_by_id, sheet.by)
        claims.check_open(sitting, at=at)
    except (SenderUnfit, EnrolmentClosed) as refusal:
        return refusal
    return None


def _used(new: Sequence[New], sitting: Sitting) -> dict[UUID, DomainError]:
    candidate_of = {one.enrolment_id: one.candidate_id for one in new}
    statement = select(
        Enrolment.id, Enrolment.exam_id, Enrolment.candidate_id, Enrolment.withdrawn_at
    ).where(Enrolment.id.in_(candidate_of))
    used: dict[UUID, DomainError] = {}
    for enrolment_id, exam_id, candidate_id, withdrawn_at in db.session.execute(statement):
        same = (exam_id, candidate_id) == (sitting.id, candidate_of[enrolment_id])
        used[enrolment_id] = Withdrawn() if same and withdrawn_at is not None else IdTaken()
    return used
