"""Statistics over HTTP: what authors see, what reviewers settle, what planners see of an exam."""

from __future__ import annotations

from datetime import timedelta

import pytest

from exams import figuring
from exams.models import Attempt, Exam
from exams.services import drilled, drills
from question_bank.models import Question, QuestionBank, QuestionVersion
from server.db import db
from server.policy import Role
from tests.factories import exams as a
from tests.moments import NOON


class Scene:
    """An exam that people have sat, and the bank that its questions came from."""

    def __init__(self, client, a_signed_in, ids):
        self.client, self.sign_in = client, a_signed_in
        self.exam_id, self.centre_id, self.bank_id, self.owner_id, self.question_id = ids

    def flag(self):
        """Return the flag of the question with the wrong key."""
        listed = self.get("/question-flags?flag=key_suspected", Role.REVIEWER).json["items"]
        return next(one for one in listed if one["question_id"] == str(self.question_id))

    def get(self, path, *roles, organisation_id=None):
        """Ask as somebody with these roles."""
        who = self.sign_in(*roles, organisation_id=organisation_id)
        return self.client.get(f"/v1{path}", headers=who.headers)


@pytest.fixture
def scene(app, client, writing, a_signed_in, run_jobs):
    """Two hundred and ten candidates; one question has the wrong key."""
    with writing():
        a.an_exam(sections=(("single_choice", 100, 1, {}),))
        made = drills.prepare(candidate_count=210, started=True, at=NOON)
        drilled.respond([one.attempt_id for one in made], at=NOON, seed=4, spread=a.FAR_APART)
        exam = db.session.get_one(Exam, db.session.get_one(Attempt, made[0].attempt_id).exam_id)
        # One that half of them can answer: there a wrong key shows most.
        difficulties = drilled.true_difficulties(exam.id)
        version_id = min(difficulties, key=lambda one: abs(difficulties[one]))
        version = db.session.get_one(QuestionVersion, version_id)
        version.key = ["A"]
        question = db.session.get_one(Question, version.question_id)
        bank = db.session.get_one(QuestionBank, question.bank_id)
        ids = (exam.id, exam.organisation_id, bank.id, bank.owner_id, question.id)
    with app.app_context():
        figuring.ask(NOON)
    run_jobs()
    return Scene(client, a_signed_in, ids)


def test_an_author_sees_what_responses_say_of_a_question(scene):
    reply = scene.get(f"/questions/{scene.question_id}/statistics", Role.AUTHOR)

    assert reply.status_code == 200
    (found,) = reply.json["items"]
    assert found["response_count"] == 210
    assert found["exposure_count"] == 210
    assert found["grey"] == []
    assert found["discrimination"] < 0
    assert found["facility_low"] < found["facility"] < found["facility_high"]
    assert [option["label"] for option in found["options"]] == ["A", "B", "C", "D"]
    assert found["difficulty_error"] > 0


def test_a_bank_is_listed_page_by_page_and_by_what_is_asked(scene):
    first = scene.get(f"/question-banks/{scene.bank_id}/statistics?limit=60", Role.AUTHOR).json
    cursor = first["next_cursor"]
    second = scene.get(
        f"/question-banks/{scene.bank_id}/statistics?limit=60&cursor={cursor}", Role.AUTHOR
    ).json
    odd = scene.get(
        f"/question-banks/{scene.bank_id}/statistics?flag=key_suspected&discrimination_to=0"
        "&facility_from=0&responses_from=200&qualification=low_voltage_electrician",
        Role.REVIEWER,
    ).json

    assert (len(first["items"]), len(second["items"]), second["next_cursor"]) == (60, 40, None)
    assert str(scene.question_id) in [one["question_id"] for one in odd["items"]]
    assert all(one["discrimination"] <= 0 for one in odd["items"])


def test_a_bank_is_seen_at_a_glance(scene):
    found = scene.get(f"/question-banks/{scene.bank_id}/statistics-summary", Role.AUTHOR).json

    assert (found["version_count"], found["response_count"]) == (100, 21_000)
    assert sum(found["facility"]) == sum(found["discrimination"]) == 100
    assert found["flags"]["key_suspected"] >= 1


def test_a_reviewer_settles_a_flag_once_and_it_leaves_the_list(scene, the_clock):
    flag = scene.flag()
    reviewer = scene.sign_in(Role.REVIEWER)
    address = f"/v1/question-flags/{flag['id']}/settlement"

    settled = scene.client.put(address, json={"reason": "答案已核对"}, headers=reviewer.headers)
    the_clock.move(timedelta(minutes=1))
    again = scene.client.put(address, json={"reason": "另一说法"}, headers=reviewer.headers)

    assert settled.status_code == again.status_code == 200
    assert settled.json == again.json
    assert settled.json["reason"] == "答案已核对"
    assert settled.json["settled_by_id"] == str(reviewer.person_id)
    still = scene.get("/question-flags?flag=key_suspected", Role.REVIEWER).json["items"]
    assert flag["id"] not in [one["id"] for one in still]
    after = f"/question-flags?flag=key_suspected&settled=true&bank_id={scene.bank_id}"
    assert [one["id"] for one in scene.get(after, Role.REVIEWER).json["items"]] == [flag["id"]]


def test_a_planner_sees_how_reliable_the_forms_are(scene):
    found = scene.get(f"/exams/{scene.exam_id}/statistics", Role.PLANNER).json

    (form,) = found["forms"]
    assert form["figures"]["candidate_count"] == 210
    assert form["figures"]["alpha"] > 0.8
    assert 2 < form["figures"]["error_at_pass"] < 5
    assert sum(form["figures"]["histogram"]) == 210


def test_an_exam_that_nobody_has_sat_has_forms_without_figures(client, writing, a_signed_in):
    with writing():
        exam_id = a.an_exam().exam.id

    headers = a_signed_in(Role.PLANNER).headers
    found = client.get(f"/v1/exams/{exam_id}/statistics", headers=headers).json

    assert [form["figures"] for form in found["forms"]] == [None]


@pytest.mark.parametrize(
    ("path", "role"),
    [
        ("/questions/{question}/statistics", Role.AUTHOR),
        ("/question-banks/{bank}/statistics", Role.AUTHOR),
        ("/question-banks/{bank}/statistics-summary", Role.AUTHOR),
        ("/exams/{exam}/statistics", Role.PLANNER),
    ],
)
def test_elsewhere_nothing_of_it_is_there_and_for_others_it_is_closed(scene, writing, path, role):
    with writing():
        elsewhere = a.an_organisation().id
    ids = {"question": scene.question_id, "bank": scene.bank_id, "exam": scene.exam_id}

    there = scene.get(path.format(**ids), role, organisation_id=elsewhere)
    provider = scene.get(path.format(**ids), Role.PROVIDER_STAFF)

    assert there.status_code == 404
    assert provider.status_code == 403


def test_flags_of_other_banks_can_neither_be_seen_nor_settled(scene, writing):
    with writing():
        elsewhere = a.an_organisation().id
    flag = scene.flag()
    stranger = scene.sign_in(Role.REVIEWER, organisation_id=elsewhere)

    listed = scene.client.get("/v1/question-flags", headers=stranger.headers)
    settled = scene.client.put(
        f"/v1/question-flags/{flag['id']}/settlement",
        json={"reason": "x"},
        headers=stranger.headers,
    )

    assert listed.json["items"] == []
    assert settled.status_code == 404
