"""Appeals: in time, once on each ground, seen beside a supervisor, ruled by who had no part."""

from __future__ import annotations

from datetime import timedelta
from fractions import Fraction
from typing import Any
from uuid import UUID, uuid4

import pypdfium2
import pytest
from sqlalchemy import func, select

from exams import correction_errors as refusals
from exams.models import (
    Appeal,
    Attempt,
    PaperItem,
    Regrade,
    RoomEvent,
    ScoreCorrection,
    ViewingLook,
)
from exams.models.appeals import Effect, Ground
from exams.regrading import RegradeState, Remedy
from exams.rooms import RoomAct
from exams.services import appeals, letters, regrades, viewings
from exams.services.appeals import Ruling
from exams.services.viewings import Hours
from server.db import db
from server.errors import IdTaken, NotFound
from server.messages.services import outbox
from server.policy import Identity, Role
from tests.factories import exams as a
from tests.factories import practicals as the
from tests.factories.accounts import an_account
from tests.factories.sitting import HOUR, answer, outcome, submit
from tests.moments import NOON
from tests.services.exams.test_regrades import carry_out, preview

pytestmark = pytest.mark.usefixtures("inside")

DAY = timedelta(days=1)
LATER = NOON + 2 * HOUR
NOTHING = Ruling(upheld=False, reason="评分无误", effect=Effect.NOTHING)


@pytest.fixture
def failed() -> Attempt:
    """Return an attempt that failed with 79."""
    attempt = a.an_attempt(a.an_exam())
    answer(attempt, right=79, wrong=1)
    return submit(attempt)


def an_examiner(attempt: Attempt) -> Identity:
    """Return somebody of the test centre who had no part and has no namesake."""
    person = a.a_person(attempt.exam.organisation)
    person.name = f"考评员{person.id.hex[:6]}"
    db.session.flush()
    return a.identity_of(person.id, Role.EXAMINER)


def file(attempt: Attempt, **changed: Any) -> Appeal:
    """Appeal as the candidate."""
    values: dict[str, Any] = {
        "attempt_id": attempt.id,
        "practical_id": None,
        "ground": Ground.QUESTION,
        "statement": "第80题答案有误",
        "candidate_id": attempt.candidate_id,
        "at": LATER,
    }
    return appeals.file(changed.pop("appeal_id", uuid4()), **values | changed)


def test_an_appeal_is_filed_once_for_each_ground(failed):
    appeal_id = uuid4()
    first, again = (file(failed, appeal_id=appeal_id) for _ in range(2))

    assert first is again
    with pytest.raises(refusals.AppealedBefore):
        file(failed)
    assert file(failed, ground=Ground.CONDUCT).due_on == first.due_on
    with pytest.raises(IdTaken):
        file(failed, appeal_id=appeal_id, statement="另一理由")


def test_fifteen_working_days_later_it_is_too_late(failed):
    # Fifteen working days after Monday 15 June 2026, over the Dragon Boat holiday of the 19th.
    last = NOON + 22 * DAY

    with pytest.raises(refusals.AppealTooLate):
        file(failed, at=last + DAY)
    assert file(failed, at=last).filed_at == last


def test_nobody_appeals_for_others_or_before_the_outcome_is_shown(failed):
    with pytest.raises(NotFound):
        file(failed, candidate_id=uuid4())
    hidden = a.an_attempt(a.an_exam(release_at=NOON + 3 * DAY))
    submit(hidden)
    with pytest.raises(refusals.NotReleased):
        file(hidden)


def test_the_paper_is_seen_in_its_hours_beside_its_supervisor_and_every_look_is_kept(failed):
    appeal, examiner, guard = file(failed), an_examiner(failed), an_examiner(failed)
    hours = Hours(
        supervisor_id=guard.person_id,
        place="查卷室",
        from_at=NOON + DAY,
        until_at=NOON + DAY + HOUR,
    )
    viewing = viewings.grant(uuid4(), appeal.id, hours, by=examiner, at=LATER)
    candidate = a.identity_of(failed.candidate_id)
    inside = NOON + DAY + HOUR / 2

    with pytest.raises(refusals.NoViewingNow):
        viewings.look(appeal.id, by=candidate, at=inside)
    with pytest.raises(refusals.NoViewingNow):
        viewings.open_it(viewing.id, by=guard, at=LATER)
    with pytest.raises(NotFound):
        viewings.open_it(viewing.id, by=examiner, at=inside)
    viewings.open_it(viewing.id, by=guard, at=inside)
    paper = viewings.look(appeal.id, by=candidate, at=inside)
    viewings.look(appeal.id, by=candidate, at=inside)

    assert sum((one.earned for one in paper.questions), Fraction()) == 79
    assert not hasattr(paper.questions[0], "key")
    assert db.session.scalar(select(func.count()).select_from(ViewingLook)) == 2
    with pytest.raises(refusals.NoViewingNow):
        viewings.look(appeal.id, by=candidate, at=NOON + DAY + 2 * HOUR)
    with pytest.raises(NotFound):
        viewings.look(appeal.id, by=guard, at=inside)


@pytest.mark.parametrize(
    ("begins", "ends"), [(DAY, DAY), (DAY, DAY + 3 * HOUR), (-2 * DAY, -2 * DAY + HOUR)]
)
def test_a_viewing_has_hours_ahead_and_not_too_many(failed, begins, ends):
    appeal, examiner = file(failed), an_examiner(failed)
    hours = Hours(
        supervisor_id=an_examiner(failed).person_id,
        place="查卷室",
        from_at=NOON + begins,
        until_at=NOON + ends,
    )

    with pytest.raises(refusals.WindowEmpty):
        viewings.grant(uuid4(), appeal.id, hours, by=examiner, at=LATER)


def test_a_ruling_stands_with_its_reason_and_repeating_it_changes_nothing(failed):
    appeal, examiner = file(failed), an_examiner(failed)

    for _ in range(2):
        appeals.rule(appeal.id, NOTHING, by=examiner, at=LATER)

    assert (appeal.upheld, appeal.reason, appeal.ruled_by_id) == (
        False,
        "评分无误",
        examiner.person_id,
    )
    with pytest.raises(refusals.AppealRuled):
        appeals.rule(appeal.id, NOTHING, by=an_examiner(failed), at=LATER)
    (message,) = outbox.of_person(failed.candidate_id).items
    assert (message.kind, message.subject_id) == ("appeal_ruled", appeal.id)
    letter = letters.of_ruling(appeal.id, candidate_id=failed.candidate_id)
    page = pypdfium2.PdfDocument(letter)[0].get_textpage().get_text_range()
    assert all(
        word in page.replace(" ", "")
        for word in ("第80题答案有误", "不成立", "评分无误", "维持原成绩")
    )
    with pytest.raises(NotFound):
        letters.of_ruling(appeal.id, candidate_id=examiner.person_id)


def test_a_wrong_key_begins_a_regrade_that_puts_everybody_right(failed):
    exam = failed.exam
    scene = a.Scene(exam=exam, centre=exam.organisation, qualification=exam.qualification)
    beside = a.an_attempt(scene)
    answer(beside, right=79, wrong=1)
    submit(beside)
    appeal, examiner, regrade_id = file(failed), an_examiner(failed), uuid4()
    ruling = Ruling(
        upheld=True,
        reason="教材第三章与答案不符",
        effect=Effect.REGRADE,
        effect_id=regrade_id,
        version_id=version_in_slot_80(failed),
        remedy=Remedy.FULL_MARKS,
    )

    appeals.rule(appeal.id, ruling, by=examiner, at=LATER)

    regrade = db.session.get_one(Regrade, regrade_id)
    assert (regrade.state, regrade.appeal_id) == (RegradeState.PROPOSED, appeal.id)
    assert regrade.proposed_by_id == examiner.person_id
    assert (outcome(failed).score, outcome(beside).score) == ("79", "79")
    preview(regrade_id)
    word: dict[str, Any] = {"approved": True, "reason": "核对教材", "at": LATER}
    for _ in range(2):
        regrades.approve(regrade_id, uuid4(), by=an_examiner(failed), **word)
    carry_out(regrade_id)
    for one in (failed, beside):
        assert (outcome(one).score, outcome(one).passed) == ("80", True)
        kinds = [message.kind for message in outbox.of_person(one.candidate_id).items]
        assert "outcome_corrected" in kinds


def version_in_slot_80(attempt: Attempt) -> UUID:
    """Return the version that is asked in slot 80."""
    return db.session.scalars(
        select(PaperItem.version_id).where(
            PaperItem.paper_id == attempt.paper_id, PaperItem.slot == 80
        )
    ).one()


def test_a_wrong_score_begins_a_correction_that_another_must_approve(failed):
    appeal, examiner, correction_id = file(failed), an_examiner(failed), uuid4()
    ruling = Ruling(
        upheld=True,
        reason="漏计一分",
        effect=Effect.CORRECTION,
        effect_id=correction_id,
        score=Fraction(80),
    )

    appeals.rule(appeal.id, ruling, by=examiner, at=LATER)

    found = db.session.get_one(ScoreCorrection, correction_id)
    assert (found.approved, found.appeal_id) == (None, appeal.id)


def test_who_had_a_part_does_not_rule(failed):
    appeal = file(failed)
    candidate = a.identity_of(failed.candidate_id, Role.EXAMINER)
    with pytest.raises(refusals.Involved, match="candidate"):
        appeals.rule(appeal.id, NOTHING, by=candidate, at=LATER)

    invigilator = an_examiner(failed)
    account = an_account(invigilator.person_id, NOON)
    db.session.add(account)
    db.session.flush()
    event = RoomEvent(
        id=uuid4(),
        exam_id=failed.exam_id,
        kind=RoomAct.PAUSE,
        reason="停电",
        happened_at=NOON,
        by_account_id=account.id,
        changed_count=0,
        left_count=0,
    )
    db.session.add(event)
    db.session.flush()
    with pytest.raises(refusals.Involved, match="invigilator"):
        appeals.rule(appeal.id, NOTHING, by=invigilator, at=LATER)


def test_an_examiner_of_the_practical_does_not_rule_on_it_under_another_account():
    practical, pair = the.a_practical()
    for one in pair:
        the.score(practical, one)
    appeal = appeals.file(
        uuid4(),
        attempt_id=None,
        practical_id=practical.id,
        ground=Ground.SCORING,
        statement="步骤已完成",
        candidate_id=practical.candidate_id,
        at=NOON + DAY,
    )
    again = a.identity_of(pair[0].person_id, Role.EXAMINER)

    with pytest.raises(refusals.Involved, match="scorer"):
        appeals.rule(appeal.id, NOTHING, by=again, at=NOON + DAY)
    stranger = a.identity_of(the.a_stranger(practical).id, Role.EXAMINER)
    assert appeals.rule(appeal.id, NOTHING, by=stranger, at=NOON + DAY).upheld is False
