"""A candidate's way over HTTP: place, start, paper, responses, hand-in, outcome."""

from __future__ import annotations

import json
from datetime import timedelta
from uuid import uuid4

import pytest

from server.policy import Role
from tests.factories import exams as a
from tests.moments import NOON


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

    allowed = {"slot", "section", "kind", "points", "stem", "options", "stem_html", "options_html"}
    for question in fetched[1].json["questions"]:
        assert set(question) == allowed
    for reply in fetched:
        text = json.dumps(reply.json, ensure_ascii=False)
        assert reply.status_code == 200
        for secret in ("SECRET", "解析", "explanation", '"key"', "law_citation", "difficulty"):
            assert secret not in text
