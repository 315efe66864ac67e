"""Twin exams that differ only in their keys look the same to a candidate, byte by byte."""

from __future__ import annotations

from exams.schemas.attempts import StandingOut, StartedOut
from exams.schemas.enrolments import EnrolmentOut
from exams.schemas.moves import HeldResponsesOut
from exams.schemas.packages import PaperForCandidate
from exams.schemas.receipts import HeldReceiptOut
from exams.services import attempts, contents, packages, receipts
from exams.services.papers import shown
from question_bank.models import QuestionVersion
from server.db import db
from tests.factories import exams as a
from tests.factories.sitting import HOUR, answer
from tests.moments import NOON


def what_leaves(attempt):
    """Return everything the schemas of a candidate make of an attempt that goes on."""
    started = attempts.start(
        attempt.id,
        enrolment_id=attempt.enrolment_id,
        candidate_id=attempt.candidate_id,
        device_id=attempt.device_id,
        seed=bytes(16),
        at=NOON,
    )
    assert started.package is not None
    return (
        StartedOut().dumps(started),
        PaperForCandidate().dumps(shown(attempt.paper_id)),
        StandingOut().dumps(attempts.standing(attempt, at=NOON)),
        HeldReceiptOut().dumps(
            receipts.of(attempt.id, candidate_id=attempt.candidate_id, at=NOON + HOUR)
        ),
        HeldResponsesOut().dumps(
            contents.held(
                attempt.id,
                candidate_id=attempt.candidate_id,
                device_id=attempt.device_id,
                at=NOON,
            )
        ),
        EnrolmentOut().dumps(attempt.enrolment),
        packages.get(started.package.hash).content,
    )


def test_other_keys_change_no_byte_of_what_leaves_before_the_outcome(inside):
    attempt = a.an_attempt(a.an_exam())
    answer(attempt, right=7, wrong=3)
    before = what_leaves(attempt)

    for version in db.session.query(QuestionVersion):
        version.key = ["A"] if version.key != ["A"] else ["B"]
        version.explanation = "another"
    db.session.flush()
    db.session.expire_all()

    assert what_leaves(attempt) == before
