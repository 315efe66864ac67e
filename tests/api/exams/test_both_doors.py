"""The crowded addresses stand twice, in front of the framework and behind: both say the same."""

from __future__ import annotations

from uuid import uuid4

import pytest
from werkzeug.test import Client

from server.fast_lane import FastLane

ENTRY = {"slot": 1, "chosen": [0], "sequence": 1}


@pytest.fixture
def behind(app):
    """Return a client that goes past the fast lanes, to the ordinary views."""
    lane = app.wsgi_app
    assert isinstance(lane, FastLane)
    return Client(lane._inner)


def through_both(phone, behind, address, body=None):
    """Send the same through both doors; return status and words of each."""
    front = phone.put(address, body)
    back = behind.put(f"/v1{address}", json=body, headers=phone.headers)
    return [(reply.status_code, without_request_id(reply.json)) for reply in (front, back)]


def without_request_id(document):
    """Return a document without the one word that differs from request to request."""
    return {name: value for name, value in document.items() if name != "request_id"}


def test_a_start_says_the_same_through_both_doors(phone, exam, behind):
    candidate = phone()
    candidate.enrol(exam[0])

    front, back = through_both(
        candidate,
        behind,
        f"/attempts/{candidate.attempt_id}",
        {"enrolment_id": str(candidate.enrolment_id)},
    )

    assert front == back
    assert front[0] == 200
    assert front[1]["package"]["opens_with"]


def test_a_hand_in_says_the_same_through_both_doors(started, behind):
    started.respond(ENTRY, {"slot": 2, "chosen": [1], "sequence": 2})

    front, back = through_both(started, behind, f"/attempts/{started.attempt_id}/submission")

    assert front == back
    assert front[0] == 200
    assert front[1]["held_count"] == 2
    assert front[1]["outcome"]["passed"] is False


@pytest.mark.parametrize("ending", ["/responses", "/submission", ""])
def test_an_attempt_of_nobody_is_refused_alike(started, behind, ending):
    body = {"/responses": {"entries": []}, "": {"enrolment_id": str(uuid4())}}.get(ending)

    front, back = through_both(started, behind, f"/attempts/{uuid4()}{ending}", body)

    assert front == back
    assert front[0] == 404


@pytest.mark.parametrize(
    "body",
    [{}, {"enrolment_id": None}, {"enrolment_id": "no id"}, {"enrolment_id": str(uuid4()), "x": 1}],
)
def test_a_start_of_another_shape_is_refused_alike(started, behind, body):
    front, back = through_both(started, behind, f"/attempts/{uuid4()}", body)

    assert front == back
    assert front[0] == 422


def test_a_place_that_was_used_is_refused_alike(started, behind):
    body = {"enrolment_id": str(started.enrolment_id)}

    front, back = through_both(started, behind, f"/attempts/{uuid4()}", body)

    assert front == back
    assert front[1]["code"] == "already_started"
