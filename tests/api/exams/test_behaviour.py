"""Conduct over HTTP: told once, kept, seen by invigilators and examiners, without consequence."""

from __future__ import annotations

from functools import partial

import pytest

from exams.behaviour import HIGHEST_NUMBER
from server.policy import Role
from tests.factories import exams as a
from tests.factories.phones import OTHER_PHONE, PHONE


def an_event(number, **more):
    """Return one event of a phone."""
    return {"number": number, "kind": "page_hidden", "at_ms": 1_000} | more


def an_answer():
    """Return one word of a phone."""
    return {"slot": 1, "chosen": [0], "sequence": 1}


@pytest.fixture
def tell(started):
    """Return how the phone tells events."""
    return lambda *events, **more: started.put(
        f"/attempts/{started.attempt_id}/behaviour", {"events": list(events)} | more
    )


@pytest.fixture
def listed(client, started, exam, a_signed_in):
    """Return what somebody of the centre sees."""

    def look(role, organisation_id=exam[1]):
        headers = a_signed_in(role, organisation_id=organisation_id).headers
        return client.get(f"/v1/attempts/{started.attempt_id}/behaviour", headers=headers)

    return look


def test_what_is_told_twice_is_kept_once(tell, listed):
    for _ in range(2):
        told = tell(an_event(1), an_event(2, kind="answered", slot=7, lasted_ms=4_200))

    assert told.json == {"held_count": 2}
    seen = [one for one in listed(Role.INVIGILATOR).json["items"] if one["epoch"] == 1]
    assert [(one["number"], one["kind"], one["lasted_ms"]) for one in seen] == [
        (1, "page_hidden", None),
        (2, "answered", 4_200),
    ]


def test_the_server_notes_another_address_or_device(tell, listed, client, started):
    tell(an_event(1))
    tell(an_event(2))
    client.environ_base["REMOTE_ADDR"] = "127.0.0.9"
    tell(an_event(3))

    seen = [one for one in listed(Role.EXAMINER).json["items"] if one["epoch"] == 0]

    assert [(one["kind"], one["detail"]) for one in seen] == [
        ("address", "127.0.0.1"),
        ("device", str(PHONE)),
        ("address", "127.0.0.9"),
    ]


def test_the_server_notes_once_whom_it_refused(started, on, listed):
    stranger = on(OTHER_PHONE, started)
    for _ in range(2):
        for ask in (stranger.start, partial(stranger.respond, an_answer()), stranger.submit):
            assert ask().json["code"] == "another_device"

    seen = listed(Role.INVIGILATOR).json["items"]

    assert [(one["kind"], one["detail"]) for one in seen] == [("device_refused", str(OTHER_PHONE))]
    assert started.respond(an_answer()).json["acknowledged_count"] == 1


def test_nothing_follows_from_conduct(tell, started, exam):
    tell(*(an_event(number) for number in range(1, 200)))
    started.respond(
        *({"slot": slot, "chosen": chosen, "sequence": 1} for slot, chosen in exam[2].items())
    )

    shown = started.submit().json

    assert shown["outcome"]["score"] == "100"
    assert "behaviour" not in shown


@pytest.mark.parametrize(
    "event",
    [
        an_event(0),
        an_event(HIGHEST_NUMBER + 1),
        an_event(1, kind="address"),
        an_event(1, kind="thinking"),
        an_event(1, at_ms=-1),
        an_event(1, detail="x"),
    ],
)
def test_what_a_phone_cannot_know_is_refused(tell, event):
    assert tell(event).status_code == 422


def test_a_message_is_bounded_and_speaks_for_a_phone_that_exists(tell):
    assert tell(*(an_event(number) for number in range(1, 202))).status_code == 422
    assert tell(an_event(1), epoch=2).json["code"] == "unknown_epoch"


def test_conduct_is_seen_only_by_who_watches_the_exam(tell, listed, phone, started, writing):
    tell(an_event(1))
    with writing():
        elsewhere = a.a_test_centre().id

    assert listed(Role.INVIGILATOR, elsewhere).status_code == 404
    assert listed(Role.PLANNER).status_code == 404
    address = f"/attempts/{started.attempt_id}/behaviour"
    assert started.get(address).status_code == 403
    assert phone().put(address, {"events": []}).status_code == 404
