"""Regrades: one proposes, two others approve, outcomes and those who rest on them follow."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import nullcontext
from fractions import Fraction
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from exams import correcting_jobs
from exams import correction_errors as refusals
from exams.events import OutcomeCorrected, QualificationAttained
from exams.models import Attempt, PaperItem
from exams.practical_errors import ScoreOutsideScale
from exams.regrading import RegradeState, Remedy
from exams.services import correcting, corrections, marks, regrades, regrading_work
from exams.services.regrades import RegradeDraft
from question_bank.models import QuestionVersion
from server import work
from server.db import db
from server.errors import IdTaken, NotFound
from server.messages.services import outbox
from server.policy import Identity, Role
from tests.factories import exams as a
from tests.factories.sitting import HOUR, answer, outcome, submit
from tests.moments import NOON

pytestmark = pytest.mark.usefixtures("inside")

LATER = NOON + 5 * HOUR


def unheard(_done: int, _total: int) -> None:
    """Take how far a job is, and tell nobody."""


class Ground:
    """An exam in which one passed with 80 and another failed with 79, and three examiners."""

    def __init__(self) -> None:
        scene = a.an_exam()
        self.passed, self.failed = a.an_attempt(scene), a.an_attempt(scene)
        # Slot 1 is right with the one who passed, and wrong with the other.
        answer(self.passed, right=80)
        answer(self.failed, right=80)
        answer(self.failed, right=0, wrong=1, sequence=2)
        for one in (self.passed, self.failed):
            submit(one)
        self.version = version_in(self.passed, slot=1)
        self.author, self.second, self.third = (
            a.identity_of(a.a_person(scene.centre).id, Role.EXAMINER) for _ in range(3)
        )

    def propose(self, remedy: Remedy, key: tuple[str, ...] = (), **more: Any) -> UUID:
        """Propose a regrade as the author."""
        regrade_id: UUID = more.pop("regrade_id", uuid4())
        draft = RegradeDraft(version_id=self.version.id, remedy=remedy, key=key, reason="答案有误")
        return regrades.propose(regrade_id, draft, by=more.pop("by", self.author), at=LATER).id

    def approve(self, regrade_id: UUID, by: Identity, *, approved: bool = True) -> Any:
        """Say one's word."""
        said: dict[str, Any] = {"approved": approved, "reason": "核对教材"}
        return regrades.approve(regrade_id, uuid4(), **said, by=by, at=LATER)


def version_in(attempt: Attempt, *, slot: int) -> QuestionVersion:
    """Return the version that is asked in a slot."""
    asked = select(QuestionVersion).join(PaperItem, PaperItem.version_id == QuestionVersion.id)
    found = asked.where(PaperItem.paper_id == attempt.paper_id, PaperItem.slot == slot)
    return db.session.execute(found).scalar_one()


def other_key(version: QuestionVersion) -> tuple[str, ...]:
    """Return a key that is not the one that counts."""
    return ("B",) if version.key == ["A"] else ("A",)


@pytest.fixture
def ground():
    """Store the exam."""
    return Ground()


@pytest.fixture
def heard(inside, monkeypatch):
    """Collect what is told to other parts."""
    told: list[Any] = []
    kinds = (OutcomeCorrected, QualificationAttained)
    monkeypatch.setitem(inside.extensions, "reactions", {kind: (told.append,) for kind in kinds})
    return told


def preview(regrade_id: UUID) -> Mapping[str, Any]:
    """Work the preview out, as the job does."""
    return regrading_work.preview(regrade_id, piece=nullcontext, told=unheard, at=LATER)


def carry_out(regrade_id: UUID) -> Mapping[str, Any]:
    """Carry an approved regrade out, as the job does."""
    return regrading_work.apply(regrade_id, piece=nullcontext, told=unheard, at=LATER)


def approved(ground: Ground, remedy: Remedy, key: tuple[str, ...] = ()) -> UUID:
    """Return a regrade that was previewed and has its two approvals."""
    regrade_id = ground.propose(remedy, key)
    preview(regrade_id)
    ground.approve(regrade_id, ground.second)
    ground.approve(regrade_id, ground.third)
    return regrade_id


def standing(attempt: Attempt) -> tuple[str, str, bool]:
    """Return the outcome of an attempt."""
    found = outcome(attempt)
    return found.score, found.max_score, found.passed


def test_a_corrected_key_flips_both_ways_and_the_preview_says_so_before(ground, heard):
    assert (standing(ground.passed), standing(ground.failed)) == (
        ("80", "100", True),
        ("79", "100", False),
    )
    regrade_id = ground.propose(Remedy.KEY_CORRECTED, other_key(ground.version))

    sums = preview(regrade_id)

    assert sums == {"attempts": 2, "changed": 2, "to_pass": 1, "to_fail": 1, "left": 0}
    assert standing(ground.passed) == ("80", "100", True)
    assert heard == []
    ground.approve(regrade_id, ground.second)
    ground.approve(regrade_id, ground.third)
    carry_out(regrade_id)
    assert standing(ground.passed) == ("79", "100", False)
    assert standing(ground.failed) == ("80", "100", True)
    told = {one.attempt_id: (one.passed_before, one.passed_after) for one in corrected(heard)}
    assert told == {ground.passed.id: (True, False), ground.failed.id: (False, True)}
    attained = [one.attempt_id for one in heard if isinstance(one, QualificationAttained)]
    assert attained == [ground.failed.id]
    told_of = [outbox.of_person(one.candidate_id).items for one in (ground.passed, ground.failed)]
    assert [[one.kind for one in messages] for messages in told_of] == [["outcome_corrected"]] * 2


def corrected(heard: list[Any]) -> list[OutcomeCorrected]:
    """Return what was told of corrections."""
    return [one for one in heard if isinstance(one, OutcomeCorrected)]


@pytest.mark.parametrize(
    ("remedy", "passed", "failed"),
    [
        (Remedy.FULL_MARKS, ("80", "100", True), ("80", "100", True)),
        (Remedy.EXCLUDED, ("79", "99", False), ("79", "99", False)),
    ],
)
def test_a_question_that_was_no_good_is_for_all_or_for_nobody(ground, remedy, passed, failed):
    carry_out(approved(ground, remedy))

    assert (standing(ground.passed), standing(ground.failed)) == (passed, failed)


def test_carrying_out_twice_is_once_and_the_original_is_kept_for_ever(ground, heard):
    regrade_id = approved(ground, Remedy.KEY_CORRECTED, other_key(ground.version))

    first, second = carry_out(regrade_id), carry_out(regrade_id)

    assert (first["changed"], second["changed"]) == (2, 0)
    assert len(corrected(heard)) == 2
    (kept,) = correcting.own_history(ground.passed, at=LATER)
    assert (kept.score_before, kept.passed_before, kept.score_after) == ("80", True, "79")
    assert kept.reason == "答案有误"


def test_who_proposed_does_not_approve_under_whatever_account(ground):
    regrade_id = ground.propose(Remedy.FULL_MARKS)
    preview(regrade_id)
    again = a.identity_of(ground.author.person_id, Role.EXAMINER)
    assert again.account_id != ground.author.account_id

    for author in (ground.author, again):
        with pytest.raises(refusals.AuthorCannotApprove):
            ground.approve(regrade_id, author)


def test_one_person_approves_once_under_whatever_account(ground):
    regrade_id = ground.propose(Remedy.FULL_MARKS)
    preview(regrade_id)
    again = a.identity_of(ground.second.person_id, Role.EXAMINER)

    for one in (ground.second, again):
        regrade = ground.approve(regrade_id, one)

    assert (regrade.state, len(regrade.approvals)) == (RegradeState.PREVIEWED, 1)
    assert carry_out(regrade_id)["attempts"] == 0
    assert standing(ground.failed) == ("79", "100", False)
    with pytest.raises(IdTaken):
        ground.approve(regrade_id, again, approved=False)


def test_nobody_approves_what_was_not_previewed_and_one_rejection_ends_it(ground):
    regrade_id = ground.propose(Remedy.FULL_MARKS)

    with pytest.raises(refusals.NotPreviewed):
        ground.approve(regrade_id, ground.second)
    assert ground.approve(regrade_id, ground.second, approved=False).state == "rejected"
    with pytest.raises(refusals.RegradeOver):
        ground.approve(regrade_id, ground.third)


@pytest.mark.parametrize(
    ("remedy", "key"),
    [
        (Remedy.KEY_CORRECTED, ()),
        (Remedy.KEY_CORRECTED, ("Z",)),
        (Remedy.KEY_CORRECTED, "the same"),
        (Remedy.FULL_MARKS, ("A",)),
    ],
)
def test_a_key_that_says_nothing_new_is_refused(ground, remedy, key):
    with pytest.raises(refusals.KeyUnknown):
        ground.propose(remedy, tuple(ground.version.key) if key == "the same" else key)


def test_a_question_that_was_asked_elsewhere_too_is_for_who_oversees_all(ground):
    elsewhere = a.a_test_centre()
    near = a.identity_of(
        ground.author.person_id,
        Role.EXAMINER,
        organisation_path=ground.passed.exam.organisation.path,
    )
    far = a.identity_of(ground.author.person_id, Role.EXAMINER, organisation_path=elsewhere.path)

    assert ground.propose(Remedy.FULL_MARKS, by=near)
    with pytest.raises(NotFound):
        ground.propose(Remedy.FULL_MARKS, by=far)


def test_what_was_graded_by_the_old_key_meanwhile_is_put_right(ground, heard):
    carry_out(approved(ground, Remedy.KEY_CORRECTED, other_key(ground.version)))
    found = outcome(ground.failed)
    found.score, found.passed, found.graded_at = "79", False, LATER + HOUR
    db.session.flush()

    assert regrading_work.follow_up(piece=nullcontext, at=LATER + HOUR) == 1

    assert standing(ground.failed) == ("80", "100", True)
    assert work.waits(correcting_jobs.WORK, at=LATER)
    assert regrading_work.follow_up(piece=nullcontext, at=LATER + 72 * HOUR) == 0
    assert not work.waits(correcting_jobs.WORK, at=LATER)


def test_the_old_key_is_forgotten_and_who_hands_in_later_is_graded_by_the_new_one(ground):
    connection = db.session.connection()
    before = marks.sheet(connection, ground.passed.paper_id)

    carry_out(approved(ground, Remedy.FULL_MARKS))

    after = marks.sheet(connection, ground.passed.paper_id)
    assert before.grade({}).score == 0
    assert after.grade({}).score == 1


def test_what_people_have_set_is_left_alone_and_counted(ground):
    correction_id = uuid4()
    corrections.propose(
        correction_id,
        attempt_id=ground.failed.id,
        score=Fraction(90),
        reason="漏计分",
        by=ground.author,
        at=LATER,
    )
    again = a.identity_of(ground.author.person_id, Role.EXAMINER)
    word: dict[str, Any] = {"approved": True, "reason": "属实", "at": LATER}
    with pytest.raises(refusals.AuthorCannotApprove):
        corrections.decide(correction_id, **word, by=again)
    assert standing(ground.failed) == ("79", "100", False)
    for _ in range(2):
        corrections.decide(correction_id, **word, by=ground.second)
    assert standing(ground.failed) == ("90", "100", True)

    sums = preview(ground.propose(Remedy.FULL_MARKS))

    assert (sums["changed"], sums["left"]) == (0, 1)


def test_a_score_outside_its_scale_is_not_even_proposed(ground):
    for score in (Fraction(-1), Fraction(101)):
        with pytest.raises(ScoreOutsideScale):
            corrections.propose(
                uuid4(),
                attempt_id=ground.failed.id,
                score=score,
                reason="漏计分",
                by=ground.author,
                at=LATER,
            )
