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
def asked(started):
    """Return a move that the candidate asked for, on the new phone."""
    return started.put(f"/attempts/{started.attempt_id}/moves/{uuid4()}").json


def confirm(desk, asked, **changed):
    """Type, at the desk, the code that the new phone shows."""
    body = {"code": asked["code"], "reason": "手机没电"} | changed
    return desk(f"/moves/{asked['id']}/confirmation", body)


def give(desk, move_id=None):
    """Make, at the desk, a code for the candidate."""
    return desk(f"/moving-codes/{move_id or uuid4()}", {"reason": "手机没电"})


def use(started, code):
    """Type, on the new phone, the code from the desk."""
    return started.put(f"/attempts/{started.attempt_id}/move", {"code": code})


def test_the_invigilator_confirms_the_code_that_the_new_phone_shows(app, started, desk, asked):
    again = started.put(f"/attempts/{started.attempt_id}/moves/{asked['id']}").json
    assert again == asked
    assert len(asked["code"]) == 9

    for _ in range(2):
        assert confirm(desk, asked).json["epoch"] == 2

    shown = started.get(f"/attempts/{started.attempt_id}/moves/{asked['id']}").json
    assert (shown["epoch"], shown["moved_at"]) == (2, NOON.isoformat())
    assert started.start().json["epoch"] == 2
    with app.app_context():
        told = db.session.execute(
            select(AuditEntry.reason).where(AuditEntry.action == "attempt_moved")
        ).scalars()
        assert list(told) == ["手机没电"]


def test_the_invigilator_gives_a_code_that_the_candidate_types(started, desk):
    move_id = uuid4()
    given = give(desk, move_id).json
    assert give(desk, move_id).json == given

    for _ in range(2):
        assert use(started, given["code"].lower().replace("-", " ")).json["epoch"] == 2
    assert give(desk, move_id).json["code"] is None


def test_the_new_phone_counts_and_the_old_one_fills_what_it_left(started, desk):
    started.respond(entry(1, [0], 1), entry(2, [0], 2))
    use(started, give(desk).json["code"])

    started.respond(entry(1, [1], 1), epoch=2)
    late = started.respond(entry(1, [0], 50), entry(3, [0], 51), epoch=1)

    assert [one["code"] for one in late.json["entries"]] == ["older", None]
    assert late.json["epoch"] == 2
    held = started.get(f"/attempts/{started.attempt_id}/responses").json
    assert held["epoch"] == 2
    assert [(one["slot"], one["chosen"], one["epoch"]) for one in held["entries"]] == [
        (1, [1], 2),
        (2, [0], 1),
        (3, [0], 1),
    ]


@pytest.mark.parametrize("code", ["AAAA-AAAA", "0", "不是"])
def test_a_wrong_code_moves_nothing(started, desk, asked, code):
    assert confirm(desk, asked, code=code).json["code"] == "moving_code_wrong"
    give(desk)
    assert use(started, code).json["code"] == "moving_code_wrong"
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


def test_a_code_that_the_candidate_shows_cannot_be_used_by_the_candidate(started, asked):
    assert use(started, asked["code"]).json["code"] == "moving_code_wrong"


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
