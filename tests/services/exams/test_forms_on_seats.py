"""Which form lies on which seat: neighbours share nothing, who sits again sees nothing twice."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select, update

from exams.errors import PoolTooSmall
from exams.models import Exam, Paper, PaperItem, PaperSpecification, Sitting
from exams.services import (
    deciding,
    drawn_forms,
    exposures,
    forms,
    invigilation,
    paper_reports,
    planning,
    pool,
    seats,
    shelves,
)
from exams.sittings import Awaited, Mode, SittingMove, SittingState
from question_bank.models import QuestionVersion
from server.db import db
from server.people.models import Person
from tests.factories import exams as a
from tests.factories import sitting as phones
from tests.factories import sittings as some
from tests.factories.sittings import OPENS
from tests.moments import NOON

DAY = timedelta(days=1)

pytestmark = pytest.mark.usefixtures("inside")


def asked(paper_id):
    """Return the questions of a form."""
    statement = (
        select(QuestionVersion.question_id)
        .join(PaperItem, PaperItem.version_id == QuestionVersion.id)
        .where(PaperItem.paper_id == paper_id)
    )
    return set(db.session.scalars(statement))


def most_shared(sitting: Sitting) -> int:
    """Return what neighbours share at most, as the report says."""
    found = paper_reports.report(sitting.exam, at=NOON).neighbours
    assert found is not None
    return found.most


def test_neighbours_share_nothing_and_the_report_says_so():
    """Twelve seats with a form for each out of eighteen questions, two on each form."""
    hall = some.a_hall(row_count=3, column_count=4)
    a.questions({"true_false": 6})
    sitting = some.a_sitting(hall, form_count=12)
    placed = some.seated(hall, sitting, 10)

    report = paper_reports.report(sitting.exam, at=NOON)

    assert len({one.enrolment.paper_id for one in placed}) == 10
    assert report.neighbours is not None
    assert report.neighbours.pairs >= 15
    assert (report.neighbours.mean, report.neighbours.most) == (0, 0)
    assert report.overlap.most > 0
    # Whoever moves takes the form that lies on the other seat.
    free = next(iter(seats.free_seats(sitting)))
    assert sitting.state is SittingState.SEATED
    seats.move(placed[0].id, sitting, free, reason="座位损坏", by=hall.by, at=NOON)
    assert most_shared(sitting) == 0


def test_a_bank_too_small_for_that_makes_papers_all_the_same_and_the_overlap_is_printed():
    hall = some.a_hall(row_count=3, column_count=4)
    db.session.execute(update(QuestionVersion).values(withdrawn_at=NOON))
    a.questions({"true_false": 4})
    sitting = some.a_sitting(hall, form_count=12)
    some.seated(hall, sitting, 12)

    assert most_shared(sitting) > 0


def test_who_sits_again_is_asked_nothing_of_the_last_two_papers():
    hall = some.a_hall()
    a.questions({"true_false": 24})  # enough for a form that repeats nothing, whoever sits beside
    person = some.a_candidate()
    before = set()
    for _ in range(2):
        scene = a.an_exam(sections=some.SECTIONS)
        earlier = a.an_attempt(scene, person)
        before |= asked(earlier.paper_id)
        phones.submit(earlier)
    sitting = some.a_sitting(hall, form_count=6)
    one = some.an_application(sitting, person)
    others = some.admitted(hall, sitting, 5)
    deciding.decide(one.id, approved=True, reason="符合条件", by=hall.by, at=NOON)
    some.move(hall, sitting, SittingMove.CLOSE, SittingMove.SEAT, at=OPENS - DAY)

    clean = [
        paper.id
        for paper in db.session.scalars(select(Paper).where(Paper.exam_id == sitting.id))
        if not asked(paper.id) & before
    ]
    assert clean
    assert not asked(one.enrolment.paper_id) & before
    assert len({each.enrolment.paper_id for each in others}) >= 4


@pytest.mark.parametrize("form_count", [1, 3])
def test_who_sits_again_where_every_form_repeats_has_one_drawn_that_moves_nobody(form_count):
    first = a.an_exam(sections=some.SECTIONS)
    person = a.an_electrician()
    earlier = a.an_attempt(first, person)
    phones.submit(earlier)
    exam = only_with(asked(earlier.paper_id), first, form_count)
    scene = replace(first, exam=exam)
    newcomers = [a.an_enrolment(scene) for _ in range(4)]
    had = [one.paper_id for one in newcomers]
    assert all(asked(one) == asked(earlier.paper_id) for one in had)
    a.questions({"true_false": 8})

    place = a.an_enrolment(scene, person)
    voided = a.an_attempt(scene, a.an_electrician())
    invigilation.void(voided.id, reason="断电", counts=False, by=a.SOMEBODY, at=NOON)
    back = a.an_enrolment(scene, db.session.get_one(Person, voided.candidate_id))

    assert [one.form for one in papers_of(exam)] == list(range(1, form_count + 2))
    assert not asked(place.paper_id) & asked(earlier.paper_id)
    assert not asked(back.paper_id) & asked(voided.paper_id)
    assert place.package is not None
    assert len(paper_reports.report(exam, at=NOON).papers) == form_count + 1
    shelves.forget()
    for one, paper_id in zip(newcomers, had, strict=True):
        assert forms.of_enrolment(db.session.connection(), exam.id, one.id) == paper_id


def test_a_bank_that_carries_nothing_else_repeats_and_draws_no_form():
    first = a.an_exam(sections=some.SECTIONS)
    person = a.an_electrician()
    earlier = a.an_attempt(first, person)
    phones.submit(earlier)
    exam = only_with(asked(earlier.paper_id), first, 2)

    place = a.an_enrolment(replace(first, exam=exam), person)

    assert len(papers_of(exam)) == 2
    assert asked(place.paper_id) == asked(earlier.paper_id)


def test_a_walk_in_and_whoever_sits_again_at_the_door_get_forms_by_the_same_rules():
    """Twelve seats; five come early, one of the three who wait has sat before."""
    hall = some.a_hall(row_count=3, column_count=4)
    a.questions({"true_false": 36})
    person = some.a_candidate()
    earlier = a.an_attempt(a.an_exam(sections=some.SECTIONS), person)
    phones.submit(earlier)
    sitting = some.a_sitting(hall, form_count=12, capacity=5, stand_by_limit=3)
    placed = some.admitted(hall, sitting, 5)
    waiting = [some.an_application(sitting, one) for one in (None, person, None)]
    for one in waiting:
        deciding.decide(one.id, approved=True, reason="符合条件", by=hall.by, at=NOON)
    some.move(hall, sitting, SittingMove.CLOSE, SittingMove.SEAT, at=OPENS - DAY)

    for one in waiting:
        assert seats.seat_waiting(one, sitting, by=hall.by, at=OPENS - DAY)

    papers = [one.enrolment.paper_id for one in (*placed, *waiting)]
    assert not asked(waiting[1].enrolment.paper_id) & asked(earlier.paper_id)
    assert most_shared(sitting) == 0
    for paper_id in papers:
        assert len(asked(paper_id)) == 2


def test_without_rooms_everybody_has_a_form_of_their_own_as_long_as_there_are_any():
    hall = some.a_hall()
    a.questions({"true_false": 20})
    sitting = some.a_sitting(hall, mode=Mode.PHONE, room_ids=(), capacity=5, form_count=6)
    *placed, late = some.admitted(hall, sitting, 6)
    some.move(hall, sitting, SittingMove.CLOSE, SittingMove.SEAT, at=OPENS - DAY)
    assert {one.enrolment.awaits for one in placed} == {Awaited.CHECK_IN}

    seats.seat_waiting(late, sitting, by=hall.by, at=OPENS - DAY)

    assert len({one.enrolment.paper_id for one in (*placed, late)}) == 6


def only_with(questions, scene, form_count) -> Exam:
    """Publish an exam when nothing but these questions is in use."""
    others = QuestionVersion.question_id.not_in(questions)
    db.session.execute(update(QuestionVersion).where(others).values(withdrawn_at=NOON))
    plan = a.a_plan(scene.centre, sections=some.SECTIONS, form_count=form_count)
    exam = planning.plan(uuid4(), plan, by=a.SOMEBODY, at=NOON)
    return planning.publish(exam.id, seed=a.SEED, by=a.SOMEBODY, at=NOON)


def papers_of(exam: Exam) -> list[Paper]:
    """Return the forms of an exam."""
    statement = select(Paper).where(Paper.exam_id == exam.id).order_by(Paper.form)
    return list(db.session.scalars(statement))


def test_a_question_rests_once_it_was_given_as_often_as_it_may_be_over_all_exams():
    scene = a.an_exam(sections=some.SECTIONS)
    for _ in range(3):
        a.an_enrolment(scene)
    (paper,) = papers_of(scene.exam)
    specification = db.session.get_one(PaperSpecification, scene.exam.specification_id)
    every = pool.of(scene.qualification, at=NOON)

    for cap, resting in ((None, 0), (4, 0), (3, 2), (1, 2)):
        specification.most_lifetime_uses = cap
        left = {one.question_id for one in exposures.rested(every, specification)}
        gone = {one.question_id for one in every} - left
        assert len(gone) == resting
        assert gone <= asked(paper.id)
    # Papers for which too few are left are refused, and what is short is named.
    plan = a.a_plan(scene.centre, sections=some.SECTIONS)
    exam = planning.plan(uuid4(), plan, by=a.SOMEBODY, at=NOON)
    exam.specification.most_lifetime_uses = 1
    with pytest.raises(PoolTooSmall) as refused:
        planning.publish(exam.id, seed=a.SEED, by=a.SOMEBODY, at=NOON)
    short = refused.value.facts["shortages"][0]  # type: ignore[index]  # a list
    assert (short["kind"], short["topic"], short["missing"]) == ("true_false", None, 2)


def test_two_exams_of_one_week_take_different_questions_although_nobody_has_sat_either():
    scene = a.an_exam(sections=(("true_false", 20, 5, {}),))
    a.questions({"true_false": 40})
    first = asked(papers_of(scene.exam)[0].id)
    plan = a.a_plan(scene.centre, sections=(("true_false", 20, 5, {}),))

    exam = planning.plan(uuid4(), plan, by=a.SOMEBODY, at=NOON)
    moments = NOON, NOON + DAY

    def drawn_again(at, seed) -> int:
        lot = drawn_forms.draw(exam, seed=seed, at=at)
        return len(first & {item.candidate.question_id for one in lot for item in one.items})

    overlaps = [sum(drawn_again(at, bytes([number]) * 32) for number in range(8)) for at in moments]

    # By chance it is a third of twenty; what was sat stands in the statistics of the questions.
    assert overlaps[0] < 8 * 5 < overlaps[1]
