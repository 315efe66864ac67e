"""The crowded addresses stand twice, in front of the framework and behind: both say the same."""

from __future__ import annotations

from uuid import uuid4

import pytest
from werkzeug.test import Client

from certificates.validity import Turn
from server import clock
from server.auth.services import identities, presence
from server.db import db
from server.fast_lane import FastLane
from server.people.models import Person
from server.people.services import merging
from server.policy import Role
from tests.factories.certificates import a_certificate, an_issuer, befallen
from tests.factories.people import who

#: The id of no attempt; the same in every process that shares the tests.
NOBODYS = "0b6e2f5e-8a55-4d0e-9c57-9d3e4f5a6b7c"

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


def looked_through_both(phone, behind, address):
    """Ask the same through both doors; return status and words of each."""
    front = phone.get(address)
    back = behind.get(f"/v1{address}", headers=phone.headers)
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


def test_an_attempt_looks_the_same_through_both_doors(started, behind):
    started.respond(ENTRY, {"slot": 2, "chosen": [1], "sequence": 2})
    address = f"/attempts/{started.attempt_id}"

    going_on = looked_through_both(started, behind, address)
    started.submit()
    over = looked_through_both(started, behind, address)

    assert going_on[0] == going_on[1]
    assert over[0] == over[1]
    assert (going_on[0][1]["held_count"], going_on[0][1]["outcome"]) == (2, None)
    assert over[0][1]["outcome"]["passed"] is False


def test_own_certificates_look_the_same_through_both_doors(phone, behind, writing):
    holder = phone()
    with writing():
        issuer = an_issuer()
        person = db.session.get_one(Person, holder.signed_in.person_id)
        a_certificate(person, issuer)
        other = a_certificate(person, issuer, qualification="high_voltage_electrician")
        befallen(other, Turn.SUSPENDED)

    front, back = looked_through_both(holder, behind, "/me/certificates")

    assert front == back
    assert {one["status"] for one in front[1]["items"]} == {"valid", "suspended"}
    # Another day than today stands in the query, and is answered behind.
    other_day = holder.get("/me/certificates?on=2020-01-01").json["items"]
    assert {one["status"] for one in other_day} == {"not_yet_valid"}


@pytest.mark.parametrize("address", ["/me/certificates", f"/attempts/{NOBODYS}"])
@pytest.mark.parametrize("word", ["", "Bearer x.y.z", "Basic eDp5"])
def test_whoever_is_nobody_sees_nothing_through_either_door(phone, behind, address, word):
    stranger = phone()
    stranger.headers = {"Authorization": word}

    front, back = looked_through_both(stranger, behind, address)

    assert front == back
    assert front[0] == 401


@pytest.mark.parametrize("address", [f"/attempts/{NOBODYS}", "/attempts/x"])
def test_what_is_not_there_is_not_seen_through_either_door(phone, behind, address):
    front, back = looked_through_both(phone(), behind, address)

    assert front == back
    assert front[0] == 404


def test_whoever_was_merged_sits_and_sees_as_the_one_that_goes_on(phone, exam, behind, writing):
    kept, gone = phone(), phone()
    with writing():
        merging.merge(
            uuid4(),
            kept_id=kept.signed_in.person_id,
            merged_id=gone.signed_in.person_id,
            reason="同一人重复登记",
            by=who(Role.ADMINISTRATOR),
            at=clock.now(),
        )
        a_certificate(db.session.get_one(Person, kept.signed_in.person_id))
    presence.forget()
    identities.forget()
    gone.enrol(exam[0])

    begun = gone.start()

    assert begun.status_code == 200
    front, back = looked_through_both(gone, behind, f"/attempts/{gone.attempt_id}")
    assert front == back
    assert front[1]["state"] == "in_progress"
    assert len(gone.get("/me/certificates").json["items"]) == 1
    assert gone.respond(ENTRY).status_code == 200
    assert kept.get(f"/attempts/{gone.attempt_id}").json["held_count"] == 1


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
