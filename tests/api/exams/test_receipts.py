"""Receipts over HTTP: shown to the candidate, checked by anybody."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest

from exams.models import ResponseEntry
from server.db import db
from tests.moments import NOON


def entry(slot, chosen, sequence):
    """Return one word of a phone."""
    return {"slot": slot, "chosen": chosen, "sequence": sequence}


@pytest.fixture
def receipt(started, the_clock):
    """Return a receipt over three responses."""
    started.respond(*(entry(slot, [0], slot) for slot in (1, 2, 3)))
    the_clock.move(timedelta(minutes=1))
    return started.get(f"/attempts/{started.attempt_id}/receipt").json


def check(client, receipt, **changed):
    """Ask, without an account, whether a receipt is genuine."""
    return client.post("/v1/receipt-checks", json=receipt | changed)


def test_a_candidate_sees_what_is_held(receipt, started):
    code = receipt.pop("code")

    assert receipt == {
        "attempt_id": str(started.attempt_id),
        "held_count": 3,
        "question_count": 100,
        "at": (NOON + timedelta(minutes=1)).isoformat(),
    }
    assert len(code) == 19


def test_anybody_can_check_it_later(client, receipt, started, the_clock):
    started.respond(entry(1, [1], 9), entry(4, [0], 4))
    started.submit()
    the_clock.move(timedelta(days=400))

    checked = check(client, receipt)

    assert (checked.status_code, checked.json) == (200, {"genuine": True})


def test_a_wrong_receipt_and_an_unknown_attempt_are_answered_alike(client, receipt):
    wrong = check(client, receipt, held_count=4)
    unknown = check(client, receipt, attempt_id=str(uuid4()))

    assert wrong.json == unknown.json == {"genuine": False}


def test_a_response_that_somebody_removed_is_noticed(app, client, receipt):
    with app.app_context():
        db.session.query(ResponseEntry).filter_by(slot=2).delete()
        db.session.commit()

    assert check(client, receipt).json == {"genuine": False}


def test_another_candidate_gets_no_receipt(phone, started):
    assert phone().get(f"/attempts/{started.attempt_id}/receipt").status_code == 404


def test_a_late_word_is_kept_and_does_not_count(started, the_clock, client):
    the_clock.set(NOON + timedelta(hours=3))
    started.sign_in_again()
    started.respond(entry(1, [0], 1))

    receipt = started.get(f"/attempts/{started.attempt_id}/receipt").json

    assert receipt["held_count"] == 0
    assert check(client, receipt).json == {"genuine": True}


def test_asking_for_a_receipt_writes_nothing(started, count_statements):
    with count_statements() as sent:
        started.get(f"/attempts/{started.attempt_id}/receipt")

    assert not [one for one in sent if one.lstrip().upper().startswith(("INSERT", "UPDATE"))]


@pytest.mark.parametrize("at", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-12:00"])
def test_a_moment_that_has_no_utc_is_refused(client, receipt, at):
    checked = check(client, receipt, at=at)

    assert (checked.status_code, list(checked.json["errors"])) == (422, ["at"])
