"""From words of phones to figures on the table: gathered once, calculated in one pass."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID, uuid4

import numpy as np
import pytest
from sqlalchemy import func, select

from exams import figuring
from exams.lifecycle import State
from exams.models import Attempt, LateDecision, Outcome, Paper, PaperStatistics, ResponseSheet
from exams.services import drilled, drills, figured
from exams.statistics import sheets as columns
from question_bank.flagging import Flag
from question_bank.models import QuestionFlag, QuestionStatistics, QuestionVersion
from question_bank.services import drawing, standing
from server.db import db, transaction
from tests.factories import exams as a
from tests.factories.sitting import answer, submit
from tests.moments import NOON

HOUR = timedelta(hours=1)


@dataclass(frozen=True)
class Crowd:
    """A drill that has been answered."""

    exam_id: UUID
    attempt_ids: list[UUID]
    version_ids: list[UUID]


def a_crowd(writing, *, people=300, questions=20, forms=2, spread=1.0) -> Crowd:
    """Let people answer a drill of a small exam."""
    with writing():
        scene = a.an_exam(sections=(("single_choice", 100, 1, {}),))
        a.questions({"single_choice": questions - 20}) if questions > 20 else None
        made = drills.prepare(candidate_count=people, started=True, at=NOON, form_count=forms)
        ids = [one.attempt_id for one in made]
        drilled.respond(ids, at=NOON, seed=1, spread=spread)
        exam_id = db.session.get_one(Attempt, ids[0]).exam_id
        # Those first that half of them can answer: there a wrong key shows most.
        difficulties = drilled.true_difficulties(exam_id)
        versions = sorted(difficulties, key=lambda one: abs(difficulties[one]))
        assert scene.exam.id != exam_id
        return Crowd(exam_id, ids, versions)


def calculate(*, at=NOON + HOUR, everything=False):
    """Run the pass."""
    return figuring.calculate(lambda _done, _total: None, at=at, everything=everything)


def figures(version_id: UUID) -> QuestionStatistics:
    """Return the one row of a version."""
    statement = select(QuestionStatistics).where(QuestionStatistics.version_id == version_id)
    return db.session.execute(statement).scalar_one()


@pytest.fixture
def crowd(app, writing):
    """Three hundred candidates on two forms."""
    return a_crowd(writing)


def test_a_pass_finds_what_was_put_into_the_responses(app, crowd):
    with app.app_context():
        done = calculate()

        truth = drilled.true_difficulties(crowd.exam_id)
        rows = db.session.execute(select(QuestionStatistics)).scalars().all()
        found = np.array([row.difficulty for row in rows], dtype=float)
        real = np.array([truth[row.version_id] for row in rows])
        assert done["response_count"] == 300 * 100
        assert done["question_count"] == len(rows) == len(truth)
        assert np.corrcoef(found, real)[0, 1] > 0.97
        assert {row.response_count for row in rows} <= {150, 300}
        assert all(row.exposure_count == row.response_count for row in rows)
        ends = [(row.facility_low or 0, row.facility or 0, row.facility_high or 1) for row in rows]
        assert all(low < middle < high for low, middle, high in ends)


def test_options_times_and_curve_are_told_as_the_question_was_written(app, crowd):
    with app.app_context():
        calculate()

        row = figures(crowd.version_ids[0])
        key = [option for option in row.options if option["is_key"]]
        assert [option["label"] for option in row.options] == ["A", "B", "C", "D"]
        assert [option["label"] for option in key] == ["B"]
        assert key[0]["count"] == round((row.facility or 0) * row.response_count)
        assert sum(option["count"] for option in row.options) == row.response_count
        # Made to take twenty seconds in the middle, log-normal with a deviation of a half.
        assert row.median_seconds == pytest.approx(20, rel=0.2)
        assert row.mean_seconds == pytest.approx(20 * np.exp(0.125), rel=0.2)
        assert len(row.curve) == 5


def test_a_second_pass_has_nothing_to_do_and_changes_nothing(app, crowd):
    with app.app_context():
        calculate()
        first = figures(crowd.version_ids[0]).difficulty
        assert not figured.awaited()

        again = calculate(at=NOON + 2 * HOUR)
        by_force = calculate(at=NOON + 3 * HOUR, everything=True)

        assert again["qualification_count"] == 0
        assert by_force["response_count"] == 300 * 100
        db.session.expire_all()
        assert figures(crowd.version_ids[0]).difficulty == pytest.approx(first, abs=0.02)


def test_only_new_outcomes_are_gathered(app, crowd, writing):
    with app.app_context():
        calculate()
    with writing():
        later = drills.prepare(candidate_count=10, started=True, at=NOON + HOUR)
        drilled.respond([one.attempt_id for one in later], at=NOON + HOUR, seed=2)
    with app.app_context():
        assert figured.awaited()

        done = calculate(at=NOON + 2 * HOUR)

        made = select(ResponseSheet.made_at, func.count()).group_by(ResponseSheet.made_at)
        counts = dict(db.session.execute(made).all())
        assert counts == {NOON + HOUR: 300, NOON + 2 * HOUR: 10}
        assert done["response_count"] == 310 * 100


def test_a_broken_pass_is_taken_up_again(app, crowd):
    from exams.services import sheets

    with app.app_context():
        with transaction():
            assert sheets.gather(at=NOON)

        done = calculate()

        assert done["question_count"] > 0


def test_papers_have_alpha_and_the_error_at_the_pass_mark(app, crowd):
    with app.app_context():
        calculate()

        rows = db.session.execute(select(PaperStatistics)).scalars().all()
        assert [row.candidate_count for row in rows] == [150, 150]
        for row in rows:
            assert row.alpha is not None
            assert 0.8 < row.alpha < 0.99
            assert row.reliability is not None
            assert row.reliability == pytest.approx(row.alpha, abs=0.08)
            assert row.error_at_pass == pytest.approx(3.7, abs=0.5)
            assert row.pass_expectation == pytest.approx(80, abs=2)
            assert sum(row.histogram) == 150


def test_a_voided_attempt_no_longer_counts(app, crowd, writing):
    with app.app_context():
        calculate()
    with writing():
        for attempt_id in crowd.attempt_ids[:50]:
            db.session.get_one(Attempt, attempt_id).state = State.VOIDED
    with app.app_context():
        done = calculate(at=NOON + 2 * HOUR, everything=True)

        assert done["response_count"] == 250 * 100
        assert {row.exposure_count for row in rows_of_both_forms()} == {300}


def rows_of_both_forms():
    """Return the rows of versions that everybody was asked."""
    rows = db.session.execute(select(QuestionStatistics)).scalars().all()
    return [row for row in rows if row.response_count == 250]


def test_a_wrong_key_raises_the_alarm_and_keeps_the_question_out(app, writing):
    """The key of one question is the option that weak candidates choose."""
    crowd = a_crowd(writing, spread=a.FAR_APART)
    with writing():
        version = db.session.get_one(QuestionVersion, crowd.version_ids[0])
        version.key = ["A"]
    with app.app_context():
        calculate()

        flags = flags_of(crowd.version_ids[0])
        assert Flag.KEY_SUSPECTED in flags
        assert Flag.PREFERRED_OPTION in flags
        later = NOON + timedelta(days=1)
        pool = {entry.version_id for entry in drawing.published_for_exams(on=later.date())}
        assert crowd.version_ids[0] not in pool
        assert crowd.version_ids[1] in pool


def flags_of(version_id: UUID) -> set[Flag]:
    """Return the flags of a version."""
    statement = select(QuestionFlag.flag).where(QuestionFlag.version_id == version_id)
    return set(db.session.execute(statement).scalars())


def test_a_flag_that_no_longer_holds_is_taken_back(app, writing):
    crowd = a_crowd(writing, spread=a.FAR_APART)
    with writing():
        db.session.get_one(QuestionVersion, crowd.version_ids[0]).key = ["A"]
    with app.app_context():
        calculate()
    with writing():
        db.session.get_one(QuestionVersion, crowd.version_ids[0]).key = ["B"]
    with app.app_context():
        calculate(at=NOON + 2 * HOUR, everything=True)

        assert Flag.KEY_SUSPECTED not in flags_of(crowd.version_ids[0])


def test_late_words_that_were_admitted_are_gathered_again(app, writing):
    with writing():
        attempt = a.an_attempt(a.an_exam())
        answer(attempt, right=2)
        attempt = submit(attempt)
        attempt_id = attempt.id
    with app.app_context():
        calculate()
        assert chosen(attempt_id)[4] == 0
    with writing():
        db.session.add(
            LateDecision(
                id=uuid4(),
                attempt_id=attempt_id,
                admitted=True,
                reason="断网",
                decided_at=NOON + 2 * HOUR,
                by_account_id=uuid4(),
                entries=[[5, 1, 9, 2, (NOON + HOUR).isoformat()]],
                score_before="2",
                passed_before=False,
                score_with="3",
                passed_with=False,
            )
        )
    with app.app_context():
        calculate(at=NOON + 3 * HOUR)

        db.session.expire_all()
        assert chosen(attempt_id)[4] == 2


def chosen(attempt_id):
    """Return what a sheet holds, by slot."""
    return columns.read(db.session.get_one(ResponseSheet, attempt_id).chosen).tolist()


def test_what_is_on_a_sheet_is_what_was_graded(app, crowd):
    from exams.services import marks

    with app.app_context():
        calculate()

        for attempt_id in crowd.attempt_ids[:20]:
            attempt = db.session.get_one(Attempt, attempt_id)
            outcome = db.session.get_one(Outcome, attempt_id)
            sheet = dict(enumerate(chosen(attempt_id), start=1))
            worth = marks.sheet(db.session.connection(), attempt.paper_id).grade(sheet)
            assert str(worth.score) == outcome.score


def test_conditions_for_search_find_by_flag_and_by_figure(app, crowd):
    from question_bank.models import Question

    with app.app_context():
        calculate()
        row = figures(crowd.version_ids[0])

        near = standing.between(QuestionStatistics.facility, row.facility, row.facility)
        found = db.session.execute(select(Question.id).where(near)).scalars().all()
        hard = standing.flagged(Flag.TOO_HARD)
        hard_ones = db.session.execute(select(Question.id).where(hard)).scalars().all()

        assert row.question_id in found
        assert row.question_id not in hard_ones


def test_the_job_is_asked_for_once_and_done_beside(app, crowd, run_jobs):
    with app.app_context():
        assert figuring.WORK.needed is not None
        assert figuring.WORK.needed(NOON)
        assert figuring.ask(NOON) == 1
        assert figuring.ask(NOON) == 0

    run_jobs()

    with app.app_context():
        assert not figuring.WORK.needed(NOON)
        assert db.session.execute(select(func.count()).select_from(Paper)).scalar_one() > 0
        assert figures(crowd.version_ids[0]).response_count >= 150
