"""Applying for a sitting, for oneself or for people whom one sends (报名).

Reasons are looked for when somebody applies and again when it is decided. Whoever is not told of
a decision within five working days is admitted, where nothing stands in the way.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from exams.admission_errors import SenderUnfit, SittingFull, SittingsOverlap
from exams.errors import AlreadyEnrolled, Withdrawn
from exams.models import Candidature, Enrolment, Sitting
from exams.services import candidatures, claims, enrolments, sittings
from exams.services.claims import New
from exams.sittings import SittingState
from server.db import db
from server.errors import IdTaken, NotFound
from server.organisations import services as organisations
from server.people.services import people
from server.policy import Identity, Permission


@dataclass(frozen=True, kw_only=True)
class Application:
    """What somebody applies with."""

    candidate_id: UUID
    #: The employer or provider that sends the candidate.
    sent_by_id: UUID | None = None
    #: The certificate of vocational skill that stands for training.
    waiver: str | None = None
    #: The candidate's document number: proves that the sender knows somebody beyond their scope.
    document_number: str | None = field(default=None, repr=False)


def apply(
    enrolment_id: UUID, sitting_id: UUID, wanted: Application, *, by: Identity, at: datetime
) -> Candidature:
    """Apply for a place in a sitting, for oneself or for people one sends.

    Sending the same again looks anew at what stands in the way, until it is decided.

    Raises:
        NotFound: there is no such sitting, or no such candidate within the asker's scope.
        SenderUnfit: somebody is sent for an organisation outside the asker's scope, or for none.
        EnrolmentClosed: nobody may apply now.
        AlreadyEnrolled: the candidate has applied under another id.
        Withdrawn: this application was given up or refused; apply under a new id.
        SittingsOverlap: the candidate has a place in another sitting in these hours.
        SittingFull: no place is left, not even to wait for one.
        IdTaken: another enrolment stands under this id.
    """
    sitting = sittings.get(sitting_id, lock=True)
    if sitting.state is SittingState.PLANNED:
        raise NotFound
    _check_within_reach(sitting_id, wanted, by)
    if wanted.sent_by_id is not None or wanted.candidate_id != by.person_id:
        check_sender(wanted.sent_by_id, by)
    known = _known(enrolment_id, sitting_id, wanted)
    if known is not None:
        return _looked_at(known, sitting, at=at) if known.approved is None else known
    _check_possible(sitting, wanted.candidate_id, at)
    new = New(enrolment_id=enrolment_id, candidate_id=wanted.candidate_id, waiver=wanted.waiver)
    [made] = claims.write([new], sitting, sent_by_id=wanted.sent_by_id, by=by, at=at)
    candidatures.look_again(made, sitting, at=at)
    db.session.flush()
    candidatures.tell("candidature_applied", made, by=by, at=at)
    return made


def _check_within_reach(sitting_id: UUID, wanted: Application, by: Identity) -> None:
    if wanted.document_number is not None:
        scope = by.scope(Permission.ENROL_CANDIDATES)
        people.get_proven(wanted.candidate_id, wanted.document_number, scope=scope)
    elif not enrolments.may(sitting_id, wanted.candidate_id, by, Permission.ENROL_CANDIDATES):
        raise NotFound


def check_sender(sent_by_id: UUID | None, by: Identity) -> None:
    """Make sure that people are sent by an organisation for which the asker may send them.

    Raises:
        SenderUnfit: by none, or by one outside the asker's scope.
    """
    if sent_by_id is None:
        raise SenderUnfit
    try:
        organisations.get(sent_by_id, scope=by.scope(Permission.ENROL_CANDIDATES))
    except NotFound:
        raise SenderUnfit from None


def _known(enrolment_id: UUID, sitting_id: UUID, wanted: Application) -> Candidature | None:
    enrolment = db.session.get(Enrolment, enrolment_id)
    if enrolment is None:
        return None
    known = db.session.get(Candidature, enrolment_id)
    if known is None or (known.sitting_id, known.candidate_id) != (sitting_id, wanted.candidate_id):
        raise IdTaken
    if enrolment.withdrawn_at is not None:
        raise Withdrawn
    return known


def _check_possible(sitting: Sitting, candidate_id: UUID, at: datetime) -> None:
    claims.check_open(sitting, at=at)
    claims.lock([candidate_id])
    others = claims.places_at(sitting, [candidate_id]).get(candidate_id, set())
    if sitting.id in others:
        raise AlreadyEnrolled
    if others:
        raise SittingsOverlap
    if claims.places_left(sitting) <= 0:
        raise SittingFull


def _looked_at(known: Candidature, sitting: Sitting, *, at: datetime) -> Candidature:
    candidatures.look_again(known, sitting, at=at)
    db.session.flush()
    return known
