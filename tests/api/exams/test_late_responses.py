"""Late responses over HTTP: kept, listed, and decided by an examiner with a reason."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select

from exams.commands import close_overdue
from server.audit.models import AuditEntry
from server.db import db
from server.policy import Role
from tests.factories import exams as a
from tests.moments import NOON


def entry(slot, chosen, sequence):
    """Return one word of a phone."""
    return {"slot": slot, "chosen": chosen, "sequence": sequence}


@pytest.fixture
def late(app, started, exam, the_clock):
    """Return a phone with 79 points in time, and two right words and a wrong one too late."""
    started.respond(*(entry(slot, exam[2][slot], slot) for slot in range(1, 80)))
    the_clock.set(NOON + timedelta(hours=2, minutes=1))
    started.sign_in_again()
    started.respond(*(entry(slot, exam[2][slot], slot) for slot in (80, 81)))
    the_clock.move(timedelta(minutes=1))
    with app.app_context():
        close_overdue(the_clock.now())
    return started


@pytest.fixture
def examiner(client, a_signed_in, exam, late):
    """Return what an examiner of the centre decides."""

    def decide(*, decision_id=None, **body):
        return client.put(
            f"/v1/attempts/{late.attempt_id}/late-decisions/{decision_id or uuid4()}",
            json={"reason": "考场网络中断"} | body,
            headers=a_signed_in(Role.EXAMINER, organisation_id=exam[1]).headers,
        )

    return decide


def listed(client, a_signed_in, exam):
    """Return what an examiner sees of the exam."""
    headers = a_signed_in(Role.EXAMINER, organisation_id=exam[1]).headers
    return client.get(f"/v1/exams/{exam[0]}/late-responses", headers=headers).json["items"]


def test_what_came_late_is_listed(client, a_signed_in, exam, late):
    (one,) = listed(client, a_signed_in, exam)

    assert one["attempt_id"] == str(late.attempt_id)
    assert [(entry["slot"], entry["chosen"]) for entry in one["entries"]] == [
        (80, exam[2][80]),
        (81, exam[2][81]),
    ]
    assert one["decision"] is None


def test_admitted_words_count_and_the_original_is_kept(
    app, client, a_signed_in, exam, examiner, late
):
    assert late.show().json["outcome"]["passed"] is False

    decision_id = uuid4()
    for _ in range(2):
        decided = examiner(decision_id=decision_id, admitted=True)

    assert decided.json["score_before"] == "79"
    assert decided.json["score_with"] == "81"
    assert late.show().json["outcome"] | {"graded_at": 0, "released_at": 0} == {
        "score": "81",
        "max_score": "100",
        "passed": True,
        "graded_at": 0,
        "released_at": 0,
    }
    assert listed(client, a_signed_in, exam) == []
    with app.app_context():
        told = db.session.execute(
            select(AuditEntry).where(AuditEntry.action == "late_responses_admitted")
        ).scalar_one()
        assert told.before is not None
        assert told.after is not None
        assert (told.before["score"], told.after["score"]) == ("79", "81")
        assert told.reason == "考场网络中断"


def test_refused_words_stay_and_change_nothing(client, a_signed_in, exam, examiner, late):
    assert examiner(admitted=False).json["admitted"] is False

    assert late.show().json["outcome"]["score"] == "79"
    (one,) = listed(client, a_signed_in, exam)
    assert one["decision"]["admitted"] is False


def test_words_that_would_do_harm_leave_the_better_outcome(exam, examiner, late):
    wrong = [1] if exam[2][1] == [0] else [0]
    late.respond(entry(1, wrong, 500), entry(2, wrong, 501), entry(3, wrong, 502))

    decided = examiner(admitted=True).json

    assert (decided["score_before"], decided["score_with"]) == ("79", "78")
    assert late.show().json["outcome"]["score"] == "79"


def test_a_decision_needs_a_reason_late_words_and_reach(
    client, a_signed_in, exam, examiner, late, writing
):
    assert examiner(admitted=True, reason="").status_code == 422
    decision_id = uuid4()
    examiner(decision_id=decision_id, admitted=True)
    assert examiner(decision_id=decision_id, admitted=False).json["code"] == "id_taken"
    assert examiner(admitted=True).json["code"] == "nothing_late"

    with writing():
        elsewhere = a.a_test_centre().id
    address = f"/v1/attempts/{late.attempt_id}/late-decisions/{uuid4()}"
    body = {"admitted": True, "reason": "…"}
    stranger = a_signed_in(Role.EXAMINER, organisation_id=elsewhere).headers
    assert client.put(address, json=body, headers=stranger).status_code == 404


def test_nothing_is_decided_before_there_is_an_outcome(client, a_signed_in, exam, started):
    headers = a_signed_in(Role.EXAMINER, organisation_id=exam[1]).headers
    address = f"/v1/attempts/{started.attempt_id}/late-decisions/{uuid4()}"

    refused = client.put(address, json={"admitted": True, "reason": "…"}, headers=headers)

    assert refused.json["code"] == "attempt_not_graded"
