"""Letters: who saw an outcome that became another is told, and fetches it on paper."""

from __future__ import annotations

from fractions import Fraction
from typing import Any
from uuid import UUID, uuid4

import pypdfium2
import pytest

from exams.correction_errors import AppealTooLate
from exams.models.appeals import Ground
from exams.regrading import Cause
from exams.services import appeals, correcting, letters
from exams.services.correcting import Worth
from server.db import db
from server.errors import NotFound
from server.messages.services import outbox
from tests.factories import exams as a
from tests.factories import practicals as the
from tests.factories.sitting import HOUR, answer, outcome, submit
from tests.moments import NOON

pytestmark = pytest.mark.usefixtures("inside")

LATER = NOON + 5 * HOUR


def words_of(letter: bytes) -> str:
    """Return what stands on a letter of one page."""
    (page,) = pypdfium2.PdfDocument(letter)
    return str(page.get_textpage().get_text_range()).replace(" ", "")


def corrected(attempt, score: int, *, passed: bool) -> UUID:
    """Put an outcome right; return the id of the correction."""
    worth = Worth(score=Fraction(score), max_score=Fraction(100), passed=passed)
    made = correcting.correct(
        attempt, worth, cause=Cause.REGRADE, cause_id=uuid4(), reason="答案有误", at=LATER
    )
    assert made is not None
    return made.id


@pytest.mark.parametrize(
    ("before", "now", "consequence"),
    [(80, 79, "证书暂停使用"), (79, 80, "后续手续"), (85, 90, "合格与否不变")],
)
def test_a_letter_says_what_was_what_is_and_what_follows(before, now, consequence):
    attempt = a.an_attempt(a.an_exam())
    answer(attempt, right=before)
    submit(attempt)

    correction_id = corrected(attempt, now, passed=now >= 80)

    (message,) = outbox.of_person(attempt.candidate_id).items
    assert (message.kind, message.subject_id) == ("outcome_corrected", correction_id)
    assert f"{before} 分" in message.body_zh
    letter = letters.of_correction(correction_id, candidate_id=attempt.candidate_id)
    said = words_of(letter)
    wanted = (f"{before}/100", f"{now}/100", "答案有误", consequence, "原成绩")
    assert [one for one in wanted if one not in said] == []
    assert letter == letters.of_correction(correction_id, candidate_id=attempt.candidate_id)
    with pytest.raises(NotFound):
        letters.of_correction(correction_id, candidate_id=uuid4())


def test_the_days_to_appeal_count_from_the_correction():
    attempt = a.an_attempt(a.an_exam())
    answer(attempt, right=80)
    submit(attempt)
    much_later = NOON + 24 * HOUR * 40
    wanted: dict[str, Any] = {
        "attempt_id": attempt.id,
        "practical_id": None,
        "ground": Ground.SCORING,
        "statement": "不应扣分",
        "candidate_id": attempt.candidate_id,
        "at": much_later,
    }
    with pytest.raises(AppealTooLate):
        appeals.file(uuid4(), **wanted)

    worth = Worth(score=Fraction(79), max_score=Fraction(100), passed=False)
    cause: dict[str, Any] = {"cause": Cause.REGRADE, "cause_id": uuid4(), "reason": "答案有误"}
    correcting.correct(attempt, worth, **cause, at=much_later)

    assert appeals.file(uuid4(), **wanted).filed_at == much_later


def test_nobody_is_told_of_what_they_have_not_seen():
    scene = a.an_exam(release_at=NOON + 24 * HOUR)
    attempt = a.an_attempt(scene)
    answer(attempt, right=80)
    submit(attempt)

    correction_id = corrected(attempt, 79, passed=False)

    assert outbox.of_person(attempt.candidate_id).items == []
    with pytest.raises(NotFound):
        letters.of_correction(correction_id, candidate_id=attempt.candidate_id)
    assert outcome(attempt).score == "79"


def test_a_practical_that_was_put_right_has_its_letter_too():
    practical, (first, second) = the.a_practical(the.a_passed_theory())
    for examiner in (first, second):
        the.score(practical, examiner)
    decided = the.decided(practical.id)
    worth = Worth(score=Fraction(239, 3), max_score=Fraction(100), passed=False)
    made = correcting.correct_practical(
        decided, worth, cause=Cause.CORRECTION, cause_id=uuid4(), reason="误记", at=LATER
    )
    db.session.flush()

    assert made is not None
    said = words_of(letters.of_correction(made.id, candidate_id=practical.candidate_id))
    assert "239/3/100" in said
    assert "实际操作考试" in said
