"""A learner's way over HTTP: practice, favourites, repetition, progress, and a mock exam."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import update

from question_bank import allowance
from question_bank.allowance import Allowance
from question_bank.models import Question, QuestionVersion
from server import clock, tokens
from server.db import db
from server.policy import Role
from tests.factories import exams as a
from tests.moments import NOON

SECTIONS: a.Sections = (("true_false", 60, 1, {}), ("single_choice", 40, 1, {}))


class Learner:
    """Somebody with a phone."""

    def __init__(self, client, signed_in):
        self.client, self.headers, self.signed_in = client, signed_in.headers, signed_in

    def sign_in_again(self, config):
        """Get a new access token, as phones do when time has passed."""
        token = tokens.sign(
            self.signed_in.account_id,
            self.signed_in.device_id,
            keyring=tokens.Keyring.of(config.token_secret),
            at=clock.now(),
            lifetime=config.access_token_lifetime,
        )
        self.headers = {"Authorization": f"Bearer {token}"}

    def get(self, path):
        """Ask."""
        return self.client.get(f"/v1/me{path}", headers=self.headers)

    def put(self, path, body=None):
        """Send."""
        return self.client.put(f"/v1/me{path}", json=body, headers=self.headers)


@pytest.fixture
def learner(client, a_signed_in):
    """A worker."""
    return Learner(client, a_signed_in(Role.WORKER))


@pytest.fixture
def exam_id(writing):
    """A published exam, and as many questions again that may be practised."""
    with writing():
        exam_id = a.an_exam(sections=SECTIONS).exam.id
        more = a.questions({"true_false": 60, "single_choice": 45})
        db.session.execute(
            update(Question)
            .where(Question.id.in_([one.question_id for one in more]))
            .values(for_practice=True, for_exams=False)
        )
        return exam_id


@pytest.fixture
def two_a_day(monkeypatch):
    """Let the dated data say two questions and one mock exam a day."""
    rule = Allowance(
        effective_from=NOON.date(), questions_a_day=2, mock_exams_a_day=1, source="测试"
    )
    monkeypatch.setattr(allowance, "_shipped", lambda: (rule,))


def test_practice_favourites_and_progress_of_a_learner(learner, exam_id):
    shown = learner.get("/practice-questions?limit=3").json["questions"]
    first = shown[0]
    body = {"version_id": first["version_id"], "chosen": ["A"], "recall": "easy"}

    verdict = learner.put(f"/practice-responses/{uuid4()}", body).json
    kept = learner.put(f"/favourite-questions/{first['question_id']}")
    listed = learner.get("/favourite-questions").json["items"]
    progress = learner.get("/practice-progress?role=special_operations_worker").json
    through = learner.get("/practice-questions?way=favourites").json["questions"]

    assert len(shown) == 3
    assert all("key" not in one for one in (*shown, kept.json["question"]))
    assert verdict["due_on"] == (NOON + timedelta(days=1)).date().isoformat()
    assert [one["question"]["question_id"] for one in listed] == [first["question_id"]]
    assert [one["question_id"] for one in through] == [first["question_id"]]
    (topic,) = progress["topics"]
    assert (topic["question_count"], topic["practised_count"]) == (105, 1)
    assert progress["questions_left_today"] == allowance.on(NOON.date()).questions_a_day - 3

    gone = learner.client.delete(
        f"/v1/me/favourite-questions/{first['question_id']}", headers=learner.headers
    )
    assert gone.status_code == 204
    assert learner.get("/favourite-questions").json["items"] == []


def test_nobody_collects_the_bank(learner, exam_id, two_a_day):
    some = learner.get("/practice-questions?limit=50").json["questions"]
    again = learner.get("/practice-questions?limit=2")
    other = learner.get(f"/practice-questions?law_id={uuid4()}")

    assert len(some) == 2
    assert again.json["questions"] == some
    assert other.json["questions"] == []
    for one in some:
        body = {"version_id": one["version_id"], "chosen": ["A"]}
        assert learner.put(f"/practice-responses/{uuid4()}", body).status_code == 200
    refused = learner.get("/practice-questions?limit=50&way=all&topic=%E5%9F%BA%E7%A1%80")
    # What was practised comes last: the first fifty are new, and there is no room for them.
    assert refused.status_code == 429
    assert refused.json["code"] == "practice_allowance_used"


def test_a_mock_exam_is_drawn_by_the_real_rule_from_what_may_be_practised(app, learner, exam_id):
    mock_id = uuid4()

    begun = learner.put(f"/mock-exams/{mock_id}", {"exam_id": str(exam_id)})
    again = learner.put(f"/mock-exams/{mock_id}", {"exam_id": str(exam_id)})

    assert begun.status_code == 200, begun.json
    assert again.json == begun.json
    questions = begun.json["questions"]
    assert [one["kind"] for one in questions] == ["true_false"] * 60 + ["single_choice"] * 40
    assert begun.json["marks"] is None
    assert "SECRET" not in begun.text
    with app.app_context():
        ids = [UUID(one["question_id"]) for one in questions]
        pools = {
            (one.for_practice, one.for_exams)
            for one in db.session.query(Question).where(Question.id.in_(ids))
        }
    assert pools == {(True, False)}


def test_handing_in_tells_marks_and_keys_and_writes_down_what_was_practised(app, learner, exam_id):
    mock_id = uuid4()
    questions = learner.put(f"/mock-exams/{mock_id}", {"exam_id": str(exam_id)}).json["questions"]
    responses = [
        {"slot": one["slot"], "chosen": right(app, one)} for one in questions if one["slot"] <= 85
    ]

    done = learner.put(f"/mock-exams/{mock_id}/submission", {"responses": responses}).json
    again = learner.put(f"/mock-exams/{mock_id}/submission", {"responses": []}).json

    assert done == again == learner.get(f"/mock-exams/{mock_id}").json
    assert (done["mock_exam"]["score"], done["mock_exam"]["passed"]) == ("85", True)
    assert [mark["mark"] for mark in done["marks"]] == ["1"] * 85 + ["0"] * 15
    assert all(mark["chosen"] == mark["key"] for mark in done["marks"][:85])
    assert done["marks"][0]["explanation"]
    progress = learner.get("/practice-progress").json
    assert progress["topics"][0]["practised_count"] == 85
    assert learner.get("/mock-exams").json["items"] == [done["mock_exam"]]
    assert learner.get("/certificates").json["items"] == []


def right(app, question):
    """Return the labels, as shown, of the right options."""
    with app.app_context():
        version = db.session.get_one(QuestionVersion, UUID(question["version_id"]))
        texts = {one["text"] for one in version.options if one["label"] in version.key}
    return [one["label"] for one in question["options"] if one["text"] in texts]


def test_what_stands_in_the_way_of_a_mock_exam(
    learner, client, a_signed_in, exam_id, the_clock, config, two_a_day
):
    mock_id, address = uuid4(), "/mock-exams/{}/submission"
    assert learner.put(f"/mock-exams/{mock_id}", {"exam_id": str(exam_id)}).status_code == 200
    stranger = Learner(client, a_signed_in(Role.WORKER))

    spent = learner.put(f"/mock-exams/{uuid4()}", {"exam_id": str(exam_id)})
    nothing = learner.put(f"/mock-exams/{uuid4()}", {"exam_id": str(uuid4())})
    theirs = stranger.get(f"/mock-exams/{mock_id}")
    taken = stranger.put(f"/mock-exams/{mock_id}", {"exam_id": str(exam_id)})
    unshown = {"responses": [{"slot": 1, "chosen": ["D"]}]}
    beyond = {"responses": [{"slot": 101, "chosen": ["A"]}]}
    twice = {"responses": [{"slot": 1, "chosen": ["A"]}, {"slot": 1, "chosen": ["B"]}]}
    bad = [learner.put(address.format(mock_id), one) for one in (unshown, beyond, twice)]
    the_clock.move(timedelta(hours=10))
    learner.sign_in_again(config)
    late = learner.put(address.format(mock_id), {"responses": []})

    assert (spent.status_code, spent.json["code"]) == (429, "mock_exams_used")
    assert nothing.status_code == 404
    assert theirs.status_code == 404
    assert (taken.status_code, taken.json["code"]) == (409, "id_taken")
    assert [one.status_code for one in bad] == [422, 422, 422]
    assert (late.status_code, late.json["code"]) == (409, "mock_exam_over")


def test_where_practice_is_too_small_the_shortage_is_named(learner, writing):
    with writing():
        exam_id = a.an_exam(sections=SECTIONS).exam.id

    refused = learner.put(f"/mock-exams/{uuid4()}", {"exam_id": str(exam_id)})

    assert (refused.status_code, refused.json["code"]) == (409, "pool_too_small")
