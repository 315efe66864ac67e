"""Going on with another phone: a code, two people, a new epoch, one live writer."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select

from server.audit.models import AuditEntry
from server.db import db
from server.policy import Role
from tests.factories import exams as a
from tests.factories.phones import OTHER_PHONE, PHONE
from tests.moments import NOON


def entry(slot, chosen, sequence):
    """Return one word of a phone."""
    return {"slot": slot, "chosen": chosen, "sequence": sequence}


@pytest.fixture
def desk(client, a_signed_in, exam, started):
    """Return what the invigilator of the room sends about the attempt."""
    headers = a_signed_in(Role.INVIGILATOR, organisation_id=exam[1]).headers
    address = f"/v1/attempts/{started.attempt_id}"
    return lambda path, body: client.put(f"{address}{path}", json=body, headers=headers)


@pytest.fixture
def new(started, on):
    """Return the candidate's other phone, signed in and nothing more."""
    return on(OTHER_PHONE, started)


@pytest.fixture
def asked(new):
    """Return a move that the candidate asked for, on the new phone."""
    return new.put(f"/attempts/{new.attempt_id}/moves/{uuid4()}").json


def confirm(desk, asked, **changed):
    """Type, at the desk, the code that the new phone shows."""
    body = {"code": asked["code"], "reason": "手机没电"} | changed
    return desk(f"/moves/{asked['id']}/confirmation", body)


def give(desk, move_id=None):
    """Make, at the desk, a code for the candidate."""
    return desk(f"/moving-codes/{move_id or uuid4()}", {"reason": "手机没电"})


def use(phone, code):
    """Type, on a phone, the code from the desk."""
    return phone.put(f"/attempts/{phone.attempt_id}/move", {"code": code})


def test_the_invigilator_confirms_the_code_that_the_new_phone_shows(app, new, desk, asked):
    again = new.put(f"/attempts/{new.attempt_id}/moves/{asked['id']}").json
    assert again == asked
    assert len(asked["code"]) == 9

    for _ in range(2):
        assert confirm(desk, asked).json["epoch"] == 2

    shown = new.get(f"/attempts/{new.attempt_id}/moves/{asked['id']}").json
    assert (shown["epoch"], shown["moved_at"]) == (2, NOON.isoformat())
    assert new.start().json["epoch"] == 2
    with app.app_context():
        told = db.session.execute(
            select(AuditEntry.reason).where(AuditEntry.action == "attempt_moved")
        ).scalars()
        assert list(told) == ["手机没电"]


def test_the_invigilator_gives_a_code_that_the_candidate_types(started, new, desk):
    move_id = uuid4()
    given = give(desk, move_id).json
    assert give(desk, move_id).json == given

    for _ in range(2):
        assert use(new, given["code"].lower().replace("-", " ")).json["epoch"] == 2
    assert give(desk, move_id).json["code"] is None
    assert use(started, given["code"]).json["code"] == "moving_code_wrong"


def test_after_a_move_one_phone_writes_and_the_words_of_the_old_one_are_kept_and_flagged(
    started, new, desk, client, a_signed_in, exam
):
    started.respond(entry(1, [0], 1), entry(2, [0], 2))
    use(new, give(desk).json["code"])

    assert new.respond(entry(1, [1], 1), epoch=2).json["entries"][0]["code"] is None
    unsent = started.respond(entry(1, [0], 50), entry(3, [0], 51), epoch=1).json

    assert [(one["code"], one["late"]) for one in unsent["entries"]] == [
        ("older", False),
        ("moved", True),
    ]
    assert (unsent["epoch"], unsent["acknowledged_count"]) == (2, 2)
    held = new.get(f"/attempts/{new.attempt_id}/responses").json
    assert [(one["slot"], one["chosen"], one["epoch"]) for one in held["entries"]] == [
        (1, [1], 2),
        (2, [0], 1),
    ]
    examiner = a_signed_in(Role.EXAMINER, organisation_id=exam[1]).headers
    late = client.get(f"/v1/exams/{exam[0]}/late-responses", headers=examiner).json["items"]
    assert [one["slot"] for one in late[0]["entries"]] == [1, 3]


def test_a_second_phone_is_told_to_move_whatever_it_sends(started, new, desk):
    address = f"/attempts/{started.attempt_id}"
    tries = [
        new.start,
        lambda: new.respond(entry(1, [0], 1)),
        new.submit,
        lambda: new.get(f"{address}/paper"),
        lambda: new.get(f"{address}/responses"),
    ]
    for attempted in tries:
        reply = attempted()
        assert (reply.status_code, reply.json["code"]) == (409, "another_device")
        assert reply.json["facts"] == {"epoch": 1}

    use(new, give(desk).json["code"])
    assert [attempted().status_code for attempted in tries if attempted != new.submit] == [
        200,
        200,
        200,
        200,
    ]


def test_the_phone_that_was_left_is_shut_out_also_where_it_has_said_nothing(started, new, desk):
    use(new, give(desk).json["code"])

    assert started.start().json["code"] == "another_device"
    assert started.respond(entry(5, [0], 9), epoch=2).json["code"] == "another_device"
    assert started.submit().json["code"] == "another_device"
    assert new.show().json["state"] == "in_progress"
    assert new.get(f"/attempts/{new.attempt_id}/responses").json["entries"] == []


def test_whoever_signs_in_again_on_the_same_phone_goes_on(started, on):
    again = on(PHONE, started)

    assert again.start().json["package"]["opens_with"]
    assert again.respond(entry(1, [0], 1)).json["entries"][0]["verdict"] == "accepted"
    assert again.submit().json["state"] == "graded"


def test_what_another_phone_sends_after_the_end_is_kept(started, new):
    started.submit()

    reply = new.respond(entry(1, [0], 1)).json

    assert (reply["entries"][0]["verdict"], reply["entries"][0]["code"]) == (
        "accepted",
        "already_submitted",
    )
    assert new.submit().json == started.submit().json


@pytest.mark.parametrize("code", ["AAAA-AAAA", "0", "不是"])
def test_a_wrong_code_moves_nothing(started, new, desk, asked, code):
    assert confirm(desk, asked, code=code).json["code"] == "moving_code_wrong"
    give(desk)
    assert use(new, code).json["code"] == "moving_code_wrong"
    assert started.show().json["epoch"] == 1


def test_a_code_is_good_for_ten_minutes(started, desk, asked, the_clock, client, a_signed_in, exam):
    given = give(desk).json
    the_clock.set(NOON + timedelta(minutes=10, seconds=1))
    started.sign_in_again()

    assert use(started, given["code"]).json["code"] == "moving_code_wrong"
    headers = a_signed_in(Role.INVIGILATOR, organisation_id=exam[1]).headers
    late = client.put(
        f"/v1/attempts/{started.attempt_id}/moves/{asked['id']}/confirmation",
        json={"code": asked["code"], "reason": "…"},
        headers=headers,
    )
    assert late.json["code"] == "moving_code_wrong"


def test_a_code_that_the_candidate_shows_cannot_be_used_by_the_candidate(new, asked):
    assert use(new, asked["code"]).json["code"] == "moving_code_wrong"


def test_nobody_moves_what_is_over_or_anothers(started, desk, asked, phone, client, a_signed_in):
    stranger = a_signed_in(Role.INVIGILATOR, organisation_id=a_centre_elsewhere(client)).headers
    address = f"/v1/attempts/{started.attempt_id}"
    body = {"code": asked["code"], "reason": "…"}
    other = phone()

    away = client.put(f"{address}/moves/{asked['id']}/confirmation", json=body, headers=stranger)
    assert away.status_code == 404
    assert other.put(f"/attempts/{started.attempt_id}/moves/{uuid4()}").status_code == 404
    assert other.get(f"/attempts/{started.attempt_id}/responses").status_code == 404
    started.submit()
    assert confirm(desk, asked).json["code"] == "attempt_over"
    assert give(desk).json["code"] == "attempt_over"
    assert started.get(f"/attempts/{started.attempt_id}/responses").json["code"] == "attempt_over"


def a_centre_elsewhere(client):
    """Store a test centre elsewhere."""
    with client.application.app_context():
        centre_id = a.a_test_centre().id
        db.session.commit()
        return centre_id
