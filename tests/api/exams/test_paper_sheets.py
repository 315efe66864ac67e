"""The power is off: papers are printed, sat, read back by two people, and graded, over HTTP."""

from __future__ import annotations

from datetime import timedelta

from exams.models import Enrolment
from exams.services import booklets
from server.db import db
from server.policy import Role
from tests.factories import exams as a
from tests.moments import NOON

HOUR = timedelta(hours=1)


def test_a_paper_is_read_back_by_two_people_and_graded(
    client, exam, phone, a_signed_in, the_clock, writing
):
    candidate = phone()
    candidate.enrol(exam[0])
    with writing():
        place = db.session.get_one(Enrolment, candidate.enrolment_id)
        (booklet,) = booklets.of_candidates(place.exam)
        letters = {
            str(number): "".join(
                "ABCD"[at]
                for at, option in enumerate(booklet.order.options[slot])
                if option in exam[2][slot]
            )
            for number, slot in enumerate(booklet.order.slots, start=1)
        }
    address = f"/v1/paper-sheets/{candidate.enrolment_id}"
    body = {
        "booklet": booklet.label,
        "began_at": (NOON + HOUR).isoformat(),
        "ended_at": (NOON + 2 * HOUR).isoformat(),
        "reason": "停电",
    }
    early = a_signed_in(Role.EXAMINER, organisation_id=exam[1]).headers
    assert client.put(address, json=body, headers=early).json["code"] == "sitting_not_over"
    the_clock.move(4 * HOUR)
    first, second = (a_signed_in(Role.EXAMINER, organisation_id=exam[1]).headers for _ in range(2))
    with writing():
        elsewhere = a.a_test_centre().id
    stranger = a_signed_in(Role.EXAMINER, organisation_id=elsewhere).headers
    assert client.put(address, json=body, headers=stranger).status_code == 404
    assert client.put(address, json=body, headers=first).json["state"] == "being_read"
    reading = f"{address}/reading"
    too_far = {"letters": letters | {"1": "J"}}
    assert client.put(reading, json=too_far, headers=first).json["code"] == "letters_unfit"
    one = client.put(reading, json={"letters": letters}, headers=first).json
    assert (one["state"], one["reading_count"], one["differences"]) == ("being_read", 1, [])

    two = client.put(reading, json={"letters": letters}, headers=second).json

    assert two["state"] == "graded"
    planner = a_signed_in(Role.PLANNER, organisation_id=exam[1]).headers
    outcomes = client.get(f"/v1/exams/{exam[0]}/outcomes", headers=planner).json["items"]
    assert [(each["id"], each["mode"]) for each in outcomes] == [(two["attempt_id"], "paper")]
    assert outcomes[0]["outcome"]["score"] == "100"
    listed = client.get(f"/v1/exams/{exam[0]}/paper-sheets", headers=first).json["items"]
    assert [each["enrolment_id"] for each in listed] == [str(candidate.enrolment_id)]
