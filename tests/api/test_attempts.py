"""A candidate's way over HTTP: place, start, paper, responses, hand-in, outcome."""

from __future__ import annotations

import json
from datetime import timedelta
from uuid import uuid4

import pytest

from exams.commands import WORK, announce_released, close_overdue
from exams.services import forms
from question_bank.kinds import LABELS
from server import clock, tokens
from server.db import db
from server.policy import Role
from tests.factories import exams as a
from tests.moments import NOON


@pytest.fixture
def exam(writing):
    """Store a published exam; return its id, its centre and the keys by slot of its one form."""
    with writing():
        scene = a.an_exam()
        keys = keys_of(scene.exam.id)
        return scene.exam.id, scene.centre.id, keys


def keys_of(exam_id):
    """Return the right options of the form by slot."""
    connection = db.session.connection()
    sheet = forms.key_sheet(connection, forms.of_enrolment(connection, exam_id, uuid4()))
    return {place.slot: sorted(LABELS.index(label) for label in place.key) for place in sheet}


@pytest.fixture
def phone(client, writing, a_signed_in, config):
    """Return what a candidate does: `phone()` signs an electrician in."""

    def sign_in():
        with writing():
            person_id = a.an_electrician().id
        return Phone(client, a_signed_in(Role.WORKER, person_id=person_id), config)

    return sign_in


class Phone:
    """A candidate's phone: remembers its ids and nothing else."""

    def __init__(self, client, signed_in, config):
        self.client, self.signed_in, self.config = client, signed_in, config
        self.headers = signed_in.headers
        self.enrolment_id, self.attempt_id = uuid4(), uuid4()

    def get(self, address):
        """Ask."""
        return self.client.get(f"/v1{address}", headers=self.headers)

    def put(self, address, body=None):
        """Send."""
        return self.client.put(f"/v1{address}", json=body, headers=self.headers)

    def sign_in_again(self):
        """Get a new access token, as phones do when time has passed."""
        token = tokens.sign(
            self.signed_in.account_id,
            self.signed_in.device_id,
            keyring=tokens.Keyring.of(self.config.token_secret),
            at=clock.now(),
            lifetime=self.config.access_token_lifetime,
        )
        self.headers = {"Authorization": f"Bearer {token}"}

    def enrol(self, exam_id):
        """Take a place."""
        return self.put(f"/enrolments/{self.enrolment_id}", {"exam_id": str(exam_id)})

    def start(self):
        """Start the attempt."""
        return self.put(f"/attempts/{self.attempt_id}", {"enrolment_id": str(self.enrolment_id)})

    def respond(self, *entries, **more):
        """Send entries."""
        body = {"entries": list(entries)} | more
        return self.put(f"/attempts/{self.attempt_id}/responses", body)

    def submit(self):
        """Hand in."""
        return self.put(f"/attempts/{self.attempt_id}/submission")

    def show(self):
        """Look where the attempt stands."""
        return self.get(f"/attempts/{self.attempt_id}")


@pytest.fixture
def started(phone, exam):
    """Return a phone that has started the exam."""
    candidate = phone()
    assert candidate.enrol(exam[0]).json["accepted"]
    assert candidate.start().status_code == 200
    return candidate


def entry(slot, chosen, sequence):
    """Return one word of a phone."""
    return {"slot": slot, "chosen": chosen, "sequence": sequence}


def test_a_candidate_sits_an_exam_out_of_order_with_repetitions_and_passes(phone, exam, the_clock):
    exam_id, _, keys = exam
    candidate = phone()

    enrolled = candidate.enrol(exam_id)
    assert (enrolled.json["accepted"], enrolled.json["reasons"]) == (True, [])
    assert candidate.enrol(exam_id).json == enrolled.json

    begun = candidate.start()
    assert begun.json["deadline_at"] == (NOON + timedelta(hours=2)).isoformat()
    assert begun.json["now"] == NOON.isoformat()
    assert len(begun.json["order"]) == 100
    the_clock.move(timedelta(minutes=1))
    again = candidate.start().json
    assert again["order"] == begun.json["order"]
    assert again["deadline_at"] == begun.json["deadline_at"]

    paper = candidate.get(f"/attempts/{candidate.attempt_id}/paper").json
    assert [question["slot"] for question in paper["questions"]] == list(range(1, 101))

    slots = [place["slot"] for place in begun.json["order"]]
    entries = [entry(slot, keys[slot], 1000 + number) for number, slot in enumerate(slots)]
    wrong = [entry(slot, [], number + 1) for number, slot in enumerate(slots)]
    for batch in (entries[50:], wrong, entries[:50], entries[30:60]):
        reply = candidate.respond(*batch)
        assert reply.status_code == 200
        assert reply.json["acknowledged_count"] == len(batch)
        assert reply.json["next_call_in"] > 0
    assert candidate.show().json["held_count"] == 100
    assert candidate.show().json["outcome"] is None

    handed_in = candidate.submit()
    assert handed_in.json["state"] == "graded"
    assert handed_in.json["outcome"]["score"] == "100"
    assert handed_in.json["outcome"]["passed"] is True
    the_clock.move(timedelta(minutes=1))
    for later in (candidate.submit(), candidate.show()):
        assert later.json["outcome"] == handed_in.json["outcome"]
    listed = candidate.get("/me/attempts").json["items"]
    assert [one["id"] for one in listed] == [str(candidate.attempt_id)]
    assert [one["id"] for one in candidate.get("/me/enrolments").json["items"]] == [
        str(candidate.enrolment_id)
    ]


def test_a_bad_entry_never_loses_a_good_one(started, exam):
    reply = started.respond(
        entry(1, exam[2][1], 1), {"slot": 2}, "tap", None, entry(999, [0], 2), entry(2, [7], 3)
    )

    assert [(one["verdict"], one["code"]) for one in reply.json["entries"]] == [
        ("accepted", None),
        ("refused", "not_readable"),
        ("refused", "not_readable"),
        ("refused", "not_readable"),
        ("refused", "unknown_slot"),
        ("refused", "unknown_option"),
    ]
    assert started.show().json["held_count"] == 1


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"entries": {}},
        {"entries": [], "epoch": 0},
        {"entries": [], "more": 1},
        {"entries": [{}] * 501},
    ],
)
def test_a_message_of_another_shape_is_refused_whole(started, body):
    refused = started.put(f"/attempts/{started.attempt_id}/responses", body)

    assert (refused.status_code, refused.json["code"]) == (422, "invalid")


def test_another_candidates_attempt_is_not_found(started, phone):
    other = phone()
    other.attempt_id, other.enrolment_id = started.attempt_id, started.enrolment_id

    for reply in (
        other.start(),
        other.show(),
        other.respond(entry(1, [0], 1)),
        other.submit(),
        other.get(f"/attempts/{other.attempt_id}/paper"),
        other.get(f"/enrolments/{other.enrolment_id}"),
        other.put(f"/enrolments/{other.enrolment_id}/withdrawal"),
    ):
        assert (reply.status_code, reply.json["code"]) == (404, "not_found")
    assert started.show().json["held_count"] == 0


def test_a_second_start_under_another_id_is_told_the_first(started):
    first, started.attempt_id = started.attempt_id, uuid4()

    refused = started.start()

    assert (refused.status_code, refused.json["code"]) == (409, "already_started")
    assert refused.json["facts"]["attempt_id"] == str(first)


def test_what_comes_too_late_is_kept_and_does_not_count(started, exam, the_clock):
    started.respond(*(entry(slot, exam[2][slot], slot) for slot in range(1, 80)))
    the_clock.set(NOON + timedelta(hours=2, seconds=10))
    started.sign_in_again()
    in_time = started.respond(entry(80, exam[2][80], 80))
    the_clock.set(NOON + timedelta(hours=2, seconds=11))
    late = started.respond(entry(81, exam[2][81], 81))

    assert in_time.json["entries"][0]["late"] is False
    assert late.json["entries"][0] == {
        "slot": 81,
        "sequence": 81,
        "verdict": "accepted",
        "code": "time_is_up",
        "late": True,
    }
    assert started.submit().json["outcome"]["score"] == "80"


def test_the_background_closes_what_nobody_handed_in_and_a_look_does_not(
    app, started, exam, the_clock
):
    started.respond(*(entry(slot, exam[2][slot], slot) for slot in range(1, 91)))
    the_clock.set(NOON + timedelta(hours=5))
    started.sign_in_again()

    assert started.show().json["state"] == "in_progress"
    with app.app_context():
        assert close_overdue(the_clock.now()) == 1
        assert close_overdue(the_clock.now()) == 0

    shown = started.show().json
    assert (shown["state"], shown["outcome"]["score"]) == ("graded", "90")
    assert [work.name for work in WORK] == [
        "close_overdue_attempts",
        "announce_released_outcomes",
    ]


def test_the_console_closes_overdue_attempts_too(app, started, the_clock):
    the_clock.set(NOON + timedelta(hours=5))
    started.sign_in_again()

    said = app.test_cli_runner().invoke(args=["exams", "close-overdue"])

    assert "1 attempts closed" in said.output
    assert started.show().json["state"] == "graded"


def test_an_outcome_is_hidden_until_its_release(app, writing, phone, the_clock):
    release = NOON + timedelta(days=5)
    with writing():
        exam_id = a.an_exam(release_at=release).exam.id
    candidate = phone()
    candidate.enrol(exam_id)
    candidate.start()

    assert candidate.submit().json["outcome"] is None
    the_clock.set(release)
    with app.app_context():
        assert announce_released(release) == 1
    candidate.sign_in_again()
    assert candidate.show().json["outcome"]["passed"] is False


def test_an_invigilator_grants_time_and_voids_with_a_reason(
    client, started, exam, a_signed_in, writing
):
    invigilator = a_signed_in(Role.INVIGILATOR, organisation_id=exam[1]).headers
    with writing():
        elsewhere = a.a_test_centre().id
    stranger = a_signed_in(Role.INVIGILATOR, organisation_id=elsewhere).headers
    address = f"/v1/attempts/{started.attempt_id}"
    more = {"extra_seconds": 300, "reason": "机器故障"}

    assert client.put(f"{address}/extension", json=more, headers=stranger).status_code == 404
    for _ in range(2):
        granted = client.put(f"{address}/extension", json=more, headers=invigilator)
        assert granted.json["deadline_at"] == (NOON + timedelta(minutes=125)).isoformat()
    assert started.show().json["deadline_at"] == granted.json["deadline_at"]
    watched = client.get(f"/v1/exams/{exam[0]}/attempts", headers=invigilator).json["items"]
    assert [one["id"] for one in watched] == [str(started.attempt_id)]

    no_reason = client.put(f"{address}/voiding", json={}, headers=invigilator)
    assert no_reason.status_code == 422
    voided = client.put(f"{address}/voiding", json={"reason": "作弊"}, headers=invigilator)
    assert (voided.json["state"], voided.json["void_reason"]) == ("voided", "作弊")
    assert started.submit().json["code"] == "already_voided"
    assert started.respond(entry(1, [0], 1)).json["entries"][0]["code"] == "voided"


def test_outcomes_are_shown_to_who_holds_the_exam(client, started, exam, a_signed_in):
    started.submit()
    planner = a_signed_in(Role.PLANNER, organisation_id=exam[1]).headers

    found = client.get(f"/v1/exams/{exam[0]}/outcomes", headers=planner).json["items"]

    assert [one["outcome"]["passed"] for one in found] == [False]
    assert started.get(f"/exams/{exam[0]}/outcomes").status_code == 403


def test_a_planner_enrols_others_and_sees_what_stands_in_the_way(
    client, exam, a_signed_in, writing
):
    planner = a_signed_in(Role.PLANNER, organisation_id=exam[1]).headers
    with writing():
        person_id = a.a_person(a.an_organisation()).id
    body = {"exam_id": str(exam[0]), "candidate_id": str(person_id)}
    enrolment_id = uuid4()

    enrolled = client.put(f"/v1/enrolments/{enrolment_id}", json=body, headers=planner)
    listed = client.get(f"/v1/enrolments?exam_id={exam[0]}", headers=planner)
    shown = client.get(f"/v1/enrolments/{enrolment_id}", headers=planner)
    withdrawn = client.put(f"/v1/enrolments/{enrolment_id}/withdrawal", headers=planner)

    assert (enrolled.json["accepted"], enrolled.json["reasons"]) == (False, ["no_post"])
    assert listed.json["items"] == [shown.json] == [enrolled.json]
    assert withdrawn.json["withdrawn_at"] == NOON.isoformat()


def test_nothing_a_candidate_can_fetch_holds_a_key_an_explanation_or_a_hint(started, exam):
    """Every word about a question that is not the question itself."""
    fetched = [
        started.start(),
        started.get(f"/attempts/{started.attempt_id}/paper"),
        started.respond(*(entry(slot, chosen, slot) for slot, chosen in exam[2].items())),
        started.show(),
        started.get("/me/attempts"),
        started.get("/me/enrolments"),
        started.get("/me/exams"),
        started.submit(),
        started.show(),
    ]

    allowed = {"slot", "section", "kind", "points", "stem", "options"}
    for question in fetched[1].json["questions"]:
        assert set(question) == allowed
    for reply in fetched:
        text = json.dumps(reply.json, ensure_ascii=False)
        assert reply.status_code == 200
        for secret in ("SECRET", "解析", "explanation", '"key"', "law_citation", "difficulty"):
            assert secret not in text
