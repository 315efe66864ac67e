"""Writing specifications, planning and publishing exams."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from exams.assembly import TopicBounds
from exams.errors import (
    ExamPublished,
    NoStandard,
    PointsDoNotAddUp,
    PoolTooSmall,
    QualificationDiffers,
    SpecificationContradictory,
    SpecificationInUse,
    WindowContradictory,
)
from exams.lifecycle import ExamState
from exams.models import PaperItem
from exams.services import drawn_forms, forms, papers, planning, specifications
from question_bank.models import QuestionVersion
from server.db import db
from server.errors import NotFound
from server.policy import Permission, Role
from tests.factories import exams as a
from tests.moments import NOON

pytestmark = pytest.mark.usefixtures("inside")


ALL_TRUE_FALSE: a.Sections = (("true_false", 100, 1, {}),)


def written(centre, *sections, qualification="low_voltage_electrician", **changed):
    """Write a specification."""
    return specifications.write(
        changed.pop("id", uuid4()),
        name="细目表",
        qualification_id=a.a_qualification(qualification).id,
        organisation_id=centre.id,
        sections=a.rules(*sections or a.SECTIONS),
        by=changed.pop("by", a.SOMEBODY),
        at=NOON,
    )


def items_of(exam):
    """Return the items of the first form."""
    paper = papers.of(exam.id)[0]
    return db.session.query(PaperItem).filter_by(paper_id=paper.id).order_by(PaperItem.slot).all()


def test_writing_a_specification_twice_is_one_specification():
    centre, name = a.a_test_centre(), uuid4()

    first = written(centre, id=name)
    second = written(centre, id=name)

    assert first is second
    assert specifications.rules(first) == a.rules(*a.SECTIONS)


def test_a_specification_can_be_rewritten_until_an_exam_was_drawn_by_it():
    scene = a.an_exam(published=False)
    specification = scene.exam.specification

    other = ALL_TRUE_FALSE
    written(scene.centre, *other, id=specification.id)
    a.questions({"true_false": 100})
    planning.publish(scene.exam.id, seed=a.SEED, by=a.SOMEBODY, at=NOON)

    with pytest.raises(SpecificationInUse):
        written(scene.centre, id=specification.id)


def test_a_specification_no_pool_could_meet_is_refused():
    topics = {"基础": TopicBounds(minimum=9)}

    with pytest.raises(SpecificationContradictory) as refused:
        written(a.a_test_centre(), ("true_false", 5, 1, topics))

    assert refused.value.facts == {"section": 1, "fault": "minima_above_count"}


def test_a_planner_writes_for_their_own_test_centre_only():
    centre = a.a_test_centre()
    stranger = a.identity_of(uuid4(), Role.PLANNER, organisation_path="/elsewhere/")

    with pytest.raises(NotFound):
        written(centre, by=stranger)
    specification = written(centre)
    with pytest.raises(NotFound):
        specifications.get(specification.id, scope=stranger.scope(Permission.PLAN_EXAMS))


def test_specifications_are_listed_within_reach():
    centre = a.a_test_centre()
    mine = written(centre)
    written(a.a_test_centre())
    planner = a.identity_of(uuid4(), Role.PLANNER, organisation_path=centre.path)
    scope = planner.scope(Permission.PLAN_EXAMS)

    found = specifications.listed(
        scope, qualification_id=mine.qualification_id, cursor=None, limit=9
    )

    assert [one.id for one in found.items] == [mine.id]
    assert specifications.listed(scope, cursor=None, limit=9).items == found.items


def test_the_preview_says_what_the_bank_can_carry():
    centre = a.a_test_centre()
    a.questions({"true_false": 7}, topic="基础")
    a.questions({"true_false": 2, "single_choice": 4}, topic="急救")
    topics = {"急救": TopicBounds(minimum=3)}
    specification = written(centre, ("true_false", 8, 1, topics), ("single_choice", 4, 1, {}))

    preview = specifications.preview(specification, at=NOON)

    assert preview.question_count == 13
    assert preview.supply == [{"基础": 7, "急救": 2}, {"急救": 4}]
    assert [(one.topic, one.missing) for one in preview.shortages] == [("急救", 1)]


def test_the_same_words_in_two_banks_are_one_question():
    version = a.questions({"true_false": 1})[0]
    twin = a.questions({"true_false": 1})[0]
    twin.fingerprint = version.fingerprint
    db.session.flush()
    specification = written(a.a_test_centre(), ("true_false", 2, 1, {}))

    preview = specifications.preview(specification, at=NOON)

    assert preview.shortages[0].missing == 1


def test_planning_twice_is_one_exam_and_planning_anew_changes_the_draft():
    scene = a.an_exam(published=False)
    plan = a.a_plan(scene.centre)
    exam_id = uuid4()

    first = planning.plan(exam_id, plan, by=a.SOMEBODY, at=NOON)
    planning.plan(exam_id, plan, by=a.SOMEBODY, at=NOON)
    planning.plan(exam_id, replace(plan, name="改名"), by=a.SOMEBODY, at=NOON)

    assert first.name == "改名"


def test_a_specification_for_another_qualification_is_refused():
    plan = a.a_plan(a.a_test_centre())
    other = replace(plan, qualification_id=a.a_qualification("principal").id)

    with pytest.raises(QualificationDiffers):
        planning.plan(uuid4(), other, by=a.SOMEBODY, at=NOON)


def test_a_published_exam_no_longer_changes():
    scene = a.an_exam()
    plan = a.a_plan(scene.centre)

    with pytest.raises(ExamPublished):
        planning.plan(scene.exam.id, plan, by=a.SOMEBODY, at=NOON)


def test_publishing_draws_a_paper_by_the_specification():
    scene = a.an_exam()

    items = items_of(scene.exam)

    kinds = [db.session.get_one(QuestionVersion, item.version_id).kind.value for item in items]
    assert kinds == ["true_false"] * 60 + ["single_choice"] * 30 + ["multiple_choice"] * 10
    assert [item.slot for item in items] == list(range(1, 101))
    assert len({item.version_id for item in items}) == 100
    assert scene.exam.state is ExamState.PUBLISHED
    assert scene.exam.standard == a.a_standard()


def test_publishing_again_changes_nothing():
    scene = a.an_exam()
    before = [item.version_id for item in items_of(scene.exam)]

    planning.publish(scene.exam.id, seed=bytes(32), by=a.SOMEBODY, at=NOON)

    assert [item.version_id for item in items_of(scene.exam)] == before
    assert len(papers.of(scene.exam.id)) == 1


def test_the_paper_can_be_drawn_again_from_its_seed():
    sections = ALL_TRUE_FALSE
    scene = a.an_exam(published=False, sections=sections)
    a.questions({"true_false": 50})
    planning.publish(scene.exam.id, seed=a.SEED, by=a.SOMEBODY, at=NOON)
    paper = papers.of(scene.exam.id)[0]

    lot = list(drawn_forms.draw(scene.exam, seed=a.SEED, at=NOON))
    (again,) = papers.prepared(scene.exam, lot, at=NOON)

    assert again.paper["seed"] == paper.seed
    drawn = [(one.version_id, one.option_order) for one in items_of(scene.exam)]
    assert [(one["version_id"], one["option_order"]) for one in again.items] == drawn


def test_forms_differ_and_places_are_dealt_over_them():
    scene = a.an_exam(published=False, sections=ALL_TRUE_FALSE, form_count=3)
    a.questions({"true_false": 100})
    planning.publish(scene.exam.id, seed=a.SEED, by=a.SOMEBODY, at=NOON)

    drawn = papers.of(scene.exam.id)
    connection = db.session.connection()
    dealt = {forms.of_enrolment(connection, scene.exam.id, uuid4()) for _ in range(60)}

    assert [paper.form for paper in drawn] == [1, 2, 3]
    assert len({paper.seed for paper in drawn}) == 3
    assert dealt == {paper.id for paper in drawn}


def test_the_right_option_is_not_always_in_one_place():
    scene = a.an_exam()

    places = {
        tuple(item.option_order).index(1) for item in items_of(scene.exam) if item.section == 1
    }

    assert places == {0, 1, 2, 3}


@pytest.mark.parametrize(
    ("changed", "refusal"),
    [
        ({"closes_at": NOON + timedelta(minutes=119)}, WindowContradictory),
        ({"latest_start_at": NOON + timedelta(minutes=61)}, WindowContradictory),
        ({"release_at": NOON}, WindowContradictory),
        ({"sections": (("true_false", 99, 1, {}),)}, PointsDoNotAddUp),
        (
            {
                "opens_at": datetime(2009, 1, 1, tzinfo=UTC),
                "closes_at": datetime(2009, 1, 2, tzinfo=UTC),
            },
            NoStandard,
        ),
    ],
)
def test_what_cannot_be_kept_is_not_published(changed, refusal):
    with pytest.raises(refusal):
        a.an_exam(**changed)


def test_a_short_bank_is_named_with_topic_kind_and_number():
    topics = {"触电急救": TopicBounds(minimum=5)}
    scene = a.an_exam(published=False, sections=(("true_false", 100, 1, topics),))

    with pytest.raises(PoolTooSmall) as refused:
        planning.publish(scene.exam.id, seed=a.SEED, by=a.SOMEBODY, at=NOON)

    assert refused.value.facts["shortages"] == [
        {"section": 0, "kind": "true_false", "topic": "触电急救", "needed": 5, "missing": 5}
    ]
    assert "触电急救 缺 5 题" in refused.value.message.zh
    assert papers.of(scene.exam.id) == []


def test_retired_and_future_questions_are_not_drawn():
    versions = a.questions({"true_false": 3})
    versions[0].withdrawn_at = NOON
    versions[1].published_at = NOON + timedelta(days=1)
    specification = written(a.a_test_centre(), ("true_false", 2, 1, {}))
    db.session.flush()

    assert specifications.preview(specification, at=NOON).question_count == 1


def test_exams_are_listed_within_reach_and_open_ones_for_everybody():
    scene, other = a.an_exam(), a.an_exam(published=False)
    planner = a.identity_of(uuid4(), Role.PLANNER, organisation_path=other.centre.path)

    scope = planner.scope(Permission.SEE_EXAMS)
    seen = planning.listed(
        scope,
        qualification_id=other.qualification.id,
        state=ExamState.DRAFT,
        cursor=None,
        limit=9,
    )
    opened = planning.open_to_enrolment(
        qualification_id=scene.qualification.id, at=NOON, cursor=None, limit=9
    )
    over = planning.open_to_enrolment(
        qualification_id=None, at=NOON + timedelta(hours=3), cursor=None, limit=9
    )

    assert [one.id for one in seen.items] == [other.exam.id]
    assert planning.listed(scope, cursor=None, limit=9).items == seen.items
    assert [one.id for one in opened.items] == [scene.exam.id]
    assert over.items == []
    with pytest.raises(NotFound):
        planning.get(scene.exam.id, scope=scope)
