"""A planner's way over HTTP: specification, preview, exam, publication, outcomes."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest

from server.policy import Role
from tests.factories import exams as a
from tests.moments import NOON


def sections(*, count=60):
    """Return the sections of an ordinary paper, as JSON."""
    return [
        {"kind": "true_false", "count": count, "points": 1},
        {"kind": "single_choice", "count": 30, "points": 1, "topics": {"基础": {"minimum": 5}}},
        {"kind": "multiple_choice", "count": 10, "points": 1},
    ]


@pytest.fixture
def ground(writing):
    """Store a test centre, the standards, and a pool that carries an ordinary paper."""
    with writing():
        centre = a.a_test_centre()
        qualification = a.a_qualification()
        a.questions({"true_false": 60, "single_choice": 30, "multiple_choice": 10})
        return centre.id, qualification.id


@pytest.fixture
def planner(ground, a_signed_in):
    """Return the headers of the planner of the test centre."""
    return a_signed_in(Role.PLANNER, organisation_id=ground[0]).headers


def put_specification(client, planner, ground, **changed):
    """Write a specification and return its id with the reply."""
    specification_id = changed.pop("id", uuid4())
    body = {
        "name": "细目表",
        "qualification_id": str(ground[1]),
        "organisation_id": str(ground[0]),
        "sections": sections(),
    } | changed
    address = f"/v1/paper-specifications/{specification_id}"
    return specification_id, client.put(address, json=body, headers=planner)


def put_exam(client, planner, ground, specification_id, **changed):
    """Plan an exam and return its id with the reply."""
    exam_id = changed.pop("id", uuid4())
    body = {
        "name": "低压电工理论考试",
        "qualification_id": str(ground[1]),
        "specification_id": str(specification_id),
        "organisation_id": str(ground[0]),
        "opens_at": NOON.isoformat(),
        "closes_at": (NOON + timedelta(hours=3)).isoformat(),
    } | changed
    return exam_id, client.put(f"/v1/exams/{exam_id}", json=body, headers=planner)


def test_a_planner_looks_up_standards_and_plans_an_exam_by_them(client, ground, planner):
    found = client.get("/v1/qualifications?role=special_operations_worker", headers=planner).json
    electrician = next(one for one in found["items"] if one["operation_item"] == "1.2")
    assert electrician["id"] == str(ground[1])

    history = client.get(f"/v1/qualifications/{ground[1]}/standards", headers=planner).json["items"]
    assert [one["attempts_allowed"] for one in history] == [2, None]

    specification_id, written = put_specification(client, planner, ground)
    assert written.status_code == 200
    assert written.json["sections"][1]["topics"] == {"基础": {"minimum": 5, "maximum": None}}

    preview = client.get(
        f"/v1/paper-specifications/{specification_id}/preview", headers=planner
    ).json
    assert preview["question_count"] == 100
    assert preview["shortages"] == []
    assert preview["supply"][0] == {"基础": 60}

    exam_id, planned = put_exam(client, planner, ground, specification_id)
    assert planned.json["state"] == "draft"
    published = client.put(f"/v1/exams/{exam_id}/publication", headers=planner)
    assert published.json["state"] == "published"
    assert published.json["standard_id"] == history[1]["id"]

    again = client.put(f"/v1/exams/{exam_id}/publication", headers=planner)
    assert again.json == published.json
    listed = client.get("/v1/exams?state=published", headers=planner).json["items"]
    assert [one["id"] for one in listed] == [str(exam_id)]
    assert client.get(f"/v1/exams/{exam_id}", headers=planner).json == published.json
    shown = client.get(f"/v1/paper-specifications/{specification_id}", headers=planner)
    specifications = client.get("/v1/paper-specifications", headers=planner)
    assert specifications.json["items"] == [shown.json]


def test_everybody_signed_in_sees_what_is_open(client, ground, planner, a_signed_in):
    specification_id, _ = put_specification(client, planner, ground)
    exam_id, _ = put_exam(client, planner, ground, specification_id)
    worker = a_signed_in(Role.WORKER).headers

    assert client.get("/v1/me/exams", headers=worker).json["items"] == []
    client.put(f"/v1/exams/{exam_id}/publication", headers=planner)

    found = client.get(f"/v1/me/exams?qualification_id={ground[1]}", headers=worker).json["items"]
    assert [one["id"] for one in found] == [str(exam_id)]
    assert "specification_id" not in found[0]
    # Before anybody starts it says when it ends for who starts late: 3 hours open, 2 to sit.
    assert (found[0]["allowed_minutes"], found[0]["latest_start_at"]) == (120, None)
    assert found[0]["last_start_at"] == (NOON + timedelta(hours=1)).isoformat()
    assert client.get("/v1/exams", headers=worker).status_code == 403


def test_a_bank_that_is_short_is_told_with_topic_kind_and_number(client, ground, planner):
    short = sections()
    short[1]["topics"] = {"触电急救": {"minimum": 3}}
    specification_id, _ = put_specification(client, planner, ground, sections=short)
    exam_id, _ = put_exam(client, planner, ground, specification_id)

    refused = client.put(
        f"/v1/exams/{exam_id}/publication", headers=planner | {"Accept-Language": "zh"}
    )

    assert (refused.status_code, refused.json["code"]) == (409, "pool_too_small")
    assert "触电急救 缺 3 题" in refused.json["detail"]


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"closes_at": (NOON + timedelta(hours=1)).isoformat()}, "window_contradictory"),
        ({"latest_start_at": (NOON + timedelta(hours=2)).isoformat()}, "window_contradictory"),
        ({"release_at": NOON.isoformat()}, "window_contradictory"),
    ],
)
def test_hours_that_contradict_each_other_are_not_published(client, ground, planner, changed, code):
    specification_id, _ = put_specification(client, planner, ground)
    exam_id, _ = put_exam(client, planner, ground, specification_id, **changed)

    refused = client.put(f"/v1/exams/{exam_id}/publication", headers=planner)

    assert (refused.status_code, refused.json["code"]) == (409, code)


@pytest.mark.parametrize(
    ("changed", "status", "code"),
    [
        ({"sections": []}, 422, "invalid"),
        ({"sections": [{"kind": "essay", "count": 1, "points": 1}]}, 422, "invalid"),
        ({"sections": [{"kind": "true_false", "count": 0, "points": 1}]}, 422, "invalid"),
        (
            {
                "sections": [
                    {
                        "kind": "true_false",
                        "count": 1,
                        "points": 1,
                        "topics": {"基础": {"minimum": 2}},
                    }
                ]
            },
            422,
            "specification_contradictory",
        ),
        ({"qualification_id": str(uuid4())}, 404, "not_found"),
        ({"organisation_id": str(uuid4())}, 404, "not_found"),
        ({"seed": "mine"}, 422, "invalid"),
    ],
)
def test_a_specification_that_makes_no_sense_is_refused(
    client, ground, planner, changed, status, code
):
    _, refused = put_specification(client, planner, ground, **changed)

    assert (refused.status_code, refused.json["code"]) == (status, code)


def test_an_invigilator_plans_nothing(client, ground, planner, a_signed_in):
    specification_id, _ = put_specification(client, planner, ground)
    exam_id, _ = put_exam(client, planner, ground, specification_id)
    invigilator = a_signed_in(Role.INVIGILATOR, organisation_id=ground[0]).headers

    assert client.get(f"/v1/exams/{exam_id}", headers=invigilator).status_code == 200
    assert client.put(f"/v1/exams/{exam_id}/publication", headers=invigilator).status_code == 403


def test_outside_the_own_reach_nothing_is_there(client, ground, planner, a_signed_in, writing):
    specification_id, _ = put_specification(client, planner, ground)
    exam_id, _ = put_exam(client, planner, ground, specification_id)
    with writing():
        other = a.a_test_centre().id
    stranger = a_signed_in(Role.PLANNER, organisation_id=other).headers

    assert client.get(f"/v1/exams/{exam_id}", headers=stranger).status_code == 404
    assert put_specification(client, stranger, ground, id=specification_id)[1].status_code == 404
    assert put_exam(client, stranger, ground, specification_id, id=exam_id)[1].status_code == 404
    address = f"/v1/paper-specifications/{specification_id}"
    assert client.get(address, headers=stranger).status_code == 404
    assert client.get(f"{address}/preview", headers=stranger).status_code == 404


def test_an_issuer_bars_somebody_for_life(client, writing, a_signed_in):
    with writing():
        person_id = a.an_electrician().id
    issuer = a_signed_in(Role.ISSUER).headers
    body = {"person_id": str(person_id), "from_on": "2026-06-15", "reason": "弄虚作假"}

    address = f"/v1/bars/{uuid4()}"
    imposed = client.put(address, json=body, headers=issuer)

    assert (imposed.status_code, imposed.json["until_on"]) == (200, None)
    assert client.put(address, json=body, headers=issuer).json == imposed.json
    planner = a_signed_in(Role.PLANNER).headers
    assert client.put(address, json=body, headers=planner).status_code == 403
    listed = f"/v1/people/{person_id}/bars"
    assert client.get(listed, headers=issuer).json["items"] == [imposed.json]
    assert client.get(listed, headers=planner).status_code == 403
    assert client.get(f"/v1/people/{uuid4()}/bars", headers=issuer).status_code == 404
