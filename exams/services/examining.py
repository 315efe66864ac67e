"""Who had a hand in whose examination, under whatever registration and account (参与考试的人)."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from uuid import UUID

from sqlalchemy import ColumnElement, Select, select

from exams.models import (
    Attempt,
    AttemptMove,
    Candidature,
    CheckIn,
    LateDecision,
    PaperSheet,
    Practical,
    PracticalScorer,
    RoomEvent,
    SheetReading,
    SittingDuty,
)
from exams.services import separation
from server.auth.models import Account
from server.db import db


def examined(person_id: UUID, attempt_ids: Collection[UUID]) -> set[UUID]:
    """Return in which attempts a person had a hand, in one statement for all of them.

    They had a duty at the sitting or at that of a practical after it, let somebody in there, acted
    on the room, let the attempt move to another phone, decided about late responses, opened, read
    or settled its answer sheet, or scored a practical.
    """
    if not attempt_ids:
        return set()
    who = separation.registrations_of(person_id)
    first, *others = _hands(who, Attempt.id.in_(attempt_ids))
    return set(db.session.scalars(first.union(*others)))


def _hands(who: set[UUID], asked: ColumnElement[bool]) -> Iterator[Select[UUID]]:
    theirs = select(Account.id).where(Account.person_id.in_(who))
    attempts = select(Attempt.id).where(asked)
    yield attempts.join(SittingDuty, SittingDuty.sitting_id == Attempt.exam_id).where(
        SittingDuty.person_id.in_(who)
    )
    yield attempts.join(CheckIn, CheckIn.sitting_id == Attempt.exam_id).where(
        CheckIn.by_person_id.in_(who)
    )
    yield attempts.join(RoomEvent, RoomEvent.exam_id == Attempt.exam_id).where(
        RoomEvent.by_account_id.in_(theirs)
    )
    yield attempts.join(AttemptMove, AttemptMove.attempt_id == Attempt.id).where(
        AttemptMove.allowed_by_id.in_(theirs)
    )
    yield attempts.join(LateDecision, LateDecision.attempt_id == Attempt.id).where(
        LateDecision.by_account_id.in_(theirs)
    )
    yield attempts.join(SheetReading, SheetReading.enrolment_id == Attempt.enrolment_id).where(
        SheetReading.person_id.in_(who)
    )
    yield attempts.join(PaperSheet, PaperSheet.attempt_id == Attempt.id).where(
        PaperSheet.settled_by_id.in_(who) | PaperSheet.opened_by_id.in_(theirs)
    )
    yield (
        attempts.join(Practical, Practical.theory_attempt_id == Attempt.id)
        .join(Candidature, Candidature.id == Practical.enrolment_id)
        .join(SittingDuty, SittingDuty.sitting_id == Candidature.sitting_id)
        .where(SittingDuty.person_id.in_(who))
    )
    yield (
        attempts.join(Practical, Practical.theory_attempt_id == Attempt.id)
        .join(PracticalScorer, PracticalScorer.practical_id == Practical.id)
        .where(PracticalScorer.person_id.in_(who))
    )
