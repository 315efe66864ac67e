"""A planner asks for equally hard forms, and sees how equal they are before the exam and after."""

from __future__ import annotations

from datetime import timedelta
from hashlib import sha256
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from exams.models import Exam, Paper, PaperItem
from question_bank.models import Question, QuestionVersion
from server.db import db
from server.policy import Role
from tests.factories import exams as a
from tests.moments import NOON

SECTIONS = [
    {"kind": "true_false", "count": 60, "points": 1},
    {"kind": "single_choice", "count": 30, "points": 1},
    {"kind": "multiple_choice", "count": 10, "points": 1},
]


@pytest.fixture
def ground(writing, a_signed_in):
    """A test centre, its planner, and a pool of three times what a paper takes."""
    with writing():
        centre = a.a_test_centre()
        qualification = a.a_qualification()
        a.questions({"true_false": 180, "single_choice": 90, "multiple_choice": 30})
        for place, version in enumerate(db.session.scalars(select(QuestionVersion))):
            version.difficulty = f"0.{50 + place % 46}"
        return centre.id, qualification.id


@pytest.fixture
def planner(ground, a_signed_in):
    """The headers of the planner of the centre."""
    return a_signed_in(Role.PLANNER, organisation_id=ground[0]).headers


def specified(client, planner, ground, **more):
    """Write a specification; return its id and the reply."""
    specification_id = uuid4()
    body = {
        "name": "细目表",
        "qualification_id": str(ground[1]),
        "organisation_id": str(ground[0]),
        "sections": SECTIONS,
    } | more
    address = f"/v1/paper-specifications/{specification_id}"
    return specification_id, client.put(address, json=body, headers=planner)


def published(client, planner, ground, specification_id, *, forms):
    """Plan and publish an exam; return its id and the reply."""
    exam_id = uuid4()
    body = {
        "name": "考试",
        "qualification_id": str(ground[1]),
        "specification_id": str(specification_id),
        "organisation_id": str(ground[0]),
        "opens_at": NOON.isoformat(),
        "closes_at": (NOON + timedelta(hours=3)).isoformat(),
        "form_count": forms,
    }
    assert client.put(f"/v1/exams/{exam_id}", json=body, headers=planner).status_code == 200
    return exam_id, client.put(f"/v1/exams/{exam_id}/publication", headers=planner)


def asked_on(app, exam_id):
    """Return the questions on each form of an exam."""
    with app.app_context():
        rows = db.session.execute(
            select(Paper.form, QuestionVersion.question_id)
            .join(PaperItem, PaperItem.paper_id == Paper.id)
            .join(QuestionVersion, QuestionVersion.id == PaperItem.version_id)
            .where(Paper.exam_id == exam_id)
        ).all()
    forms: dict[int, set[UUID]] = {}
    for form, question_id in rows:
        forms.setdefault(form, set()).add(question_id)
    return forms


def test_forms_are_equally_hard_and_the_report_says_so(client, ground, planner, the_clock):
    specification_id, written = specified(client, planner, ground, target_points=74.0)
    exam_id, reply = published(client, planner, ground, specification_id, forms=5)

    report = client.get(f"/v1/exams/{exam_id}/paper-report", headers=planner).json

    assert (written.json["target_points"], reply.status_code) == (74.0, 200)
    assert len(report["papers"]) == 5
    assert 73.5 <= report["evenness"]["spread"][0] <= report["evenness"]["spread"][1] <= 74.5
    least, most = report["evenness"]["borderline"]
    assert most - least <= 0.12
    assert all(0.5 < one["error_points"] < 2 for one in report["papers"])
    assert report["overlap"]["pairs"] == 10


def test_the_chance_of_the_draw_is_promised_before_and_shown_after(
    client, ground, planner, the_clock, app, a_signed_in
):
    specification_id, _ = specified(client, planner, ground)
    exam_id, _ = published(client, planner, ground, specification_id, forms=2)
    before = client.get(f"/v1/exams/{exam_id}/paper-report", headers=planner).json
    the_clock.move(timedelta(hours=3))
    later = a_signed_in(Role.PLANNER, organisation_id=ground[0]).headers

    after = client.get(f"/v1/exams/{exam_id}/paper-report", headers=later).json

    assert before["seed"] is None
    assert sha256(bytes.fromhex(after["seed"])).hexdigest() == before["seed_commitment"]
    with app.app_context():
        assert db.session.get_one(Exam, exam_id).seed == after["seed"]


def test_forms_share_as_little_as_the_bank_allows(client, ground, planner, app):
    specification_id, _ = specified(client, planner, ground)

    exam_id, _ = published(client, planner, ground, specification_id, forms=3)

    one, two, three = asked_on(app, exam_id).values()
    # Drawn apart, two of them would share 33; being equally hard may cost one or two.
    assert max(len(one & two), len(one & three), len(two & three)) <= 2


def test_required_questions_are_on_every_form_and_excluded_ones_on_none(
    client, ground, planner, app
):
    with app.app_context():
        ids = [str(one) for one in db.session.scalars(select(Question.id).limit(40))]
    required, excluded = ids[:3], ids[3:]
    specification_id, _ = specified(
        client, planner, ground, required_question_ids=required, excluded_question_ids=excluded
    )

    exam_id, reply = published(client, planner, ground, specification_id, forms=3)

    assert reply.status_code == 200
    for form in asked_on(app, exam_id).values():
        assert set(map(UUID, required)) <= form
        assert not set(map(UUID, excluded)) & form


def test_a_target_the_bank_cannot_reach_is_refused_with_the_nearest(client, ground, planner):
    specification_id, _ = specified(client, planner, ground, target_points=97.0)

    _exam_id, reply = published(client, planner, ground, specification_id, forms=3)

    assert (reply.status_code, reply.json["code"]) == (409, "target_out_of_reach")
    assert 80 < reply.json["facts"]["nearest"] < 97


def test_a_required_question_that_is_not_in_the_pool_is_refused(client, ground, planner):
    specification_id, _ = specified(client, planner, ground, required_question_ids=[str(uuid4())])

    _exam_id, reply = published(client, planner, ground, specification_id, forms=1)

    assert (reply.status_code, reply.json["code"]) == (409, "required_not_in_pool")


@pytest.mark.parametrize(
    ("more", "fault"),
    [
        ({"target_points": 101.0}, "target_out_of_scale"),
        ({"sections": [SECTIONS[0], SECTIONS[0]], "target_points": 70.0}, "kind_twice"),
    ],
)
def test_what_no_bank_could_meet_is_refused_when_it_is_written(
    client, ground, planner, more, fault
):
    _id, reply = specified(client, planner, ground, **more)

    assert (reply.status_code, reply.json["code"]) == (422, "specification_contradictory")
    assert reply.json["facts"]["fault"] == fault


def test_a_question_cannot_be_required_and_excluded(client, ground, planner):
    same = [str(uuid4())]

    _id, reply = specified(
        client, planner, ground, required_question_ids=same, excluded_question_ids=same
    )

    assert reply.json["facts"]["fault"] == "required_and_excluded"


def test_a_draft_has_no_report(client, ground, planner):
    specification_id, _ = specified(client, planner, ground)
    exam_id = uuid4()
    body = {
        "name": "考试",
        "qualification_id": str(ground[1]),
        "specification_id": str(specification_id),
        "organisation_id": str(ground[0]),
        "opens_at": NOON.isoformat(),
        "closes_at": (NOON + timedelta(hours=3)).isoformat(),
    }
    client.put(f"/v1/exams/{exam_id}", json=body, headers=planner)

    reply = client.get(f"/v1/exams/{exam_id}/paper-report", headers=planner)

    assert (reply.status_code, reply.json["code"]) == (409, "exam_not_published")
