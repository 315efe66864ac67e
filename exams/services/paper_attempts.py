"""An attempt made of an answer sheet: entries, outcome, and nothing special after (纸质答卷)."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID, uuid5

from sqlalchemy import insert
from sqlalchemy.orm.attributes import set_committed_value

from exams import lifecycle, sync
from exams import paper_sheets as rules
from exams.lifecycle import Move, State
from exams.models import Attempt, PaperSheet, ResponseEntry
from exams.paper_sheets import AttemptMode, Letters
from exams.services import outcomes
from exams.services.booklets import Booklet
from server.db import db

#: Under this name the id of an attempt on paper is made of its place: one place, one attempt.
_NAMESPACE = UUID("5c2f1f3c-6f0e-5d43-9c0b-3a5f2f6f1d70")


def make(sheet: PaperSheet, booklet: Booklet, letters: Letters, *, at: datetime) -> Attempt:
    """Make the attempt of a sheet that was read, hand it in and grade it.

    Args:
        sheet: locked by the caller.
        booklet: by which it was sat.
        letters: letters by the number of the question, as they stand.
        at: the moment of grading.
    """
    place = sheet.enrolment
    attempt = Attempt(
        id=uuid5(_NAMESPACE, str(place.id)),
        enrolment_id=place.id,
        exam_id=place.exam_id,
        candidate_id=place.candidate_id,
        paper_id=booklet.paper.id,
        epoch=1,
        device_id=None,
        seed=booklet.seed,
        started_at=sheet.began_at,
        deadline_at=sheet.ended_at,
        extra_seconds=0,
        room_seconds=0,
        grace_seconds=0,
        mode=AttemptMode.PAPER,
        state=lifecycle.after(State.IN_PROGRESS, Move.SUBMIT) or State.SUBMITTED,
        submitted_at=sheet.ended_at,
    )
    db.session.add(attempt)
    db.session.flush()
    rows = [
        {
            "attempt_id": attempt.id,
            "slot": slot,
            "epoch": 1,
            "sequence": 1,
            "chosen": sync.bits(options),
            "received_at": at,
            "late": False,
        }
        for slot, options in rules.chosen(letters, booklet.order).items()
    ]
    if rows:
        db.session.execute(insert(ResponseEntry), rows)
    # It is new: looking for its outcome would be a statement for nothing.
    set_committed_value(attempt, "outcome", None)
    outcomes.grade(attempt, at=at)
    return attempt
