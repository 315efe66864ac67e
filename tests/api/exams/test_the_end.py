"""How an attempt ends over HTTP: late words, the background, releases, the invigilator."""

from __future__ import annotations

from datetime import timedelta

from exams.commands import WORK, announce_released, close_overdue
from server.policy import Role
from tests.factories import exams as a
from tests.moments import NOON


def entry(slot, chosen, sequence):
    """Return one word of a phone."""
    return {"slot": slot, "chosen": chosen, "sequence": sequence}


def test_what_comes_too_late_is_kept_and_does_not_count(started, exam, the_clock):
    started.respond(*(entry(slot, exam[2][slot], slot) for slot in range(1, 80)))
    the_clock.set(NOON + timedelta(hours=2, seconds=10))
    started.sign_in_again()
    in_time = started.respond(entry(80, exam[2][80], 80))
    the_clock.set(NOON + timedelta(hours=2, seconds=11))
    late = started.respond(entry(81, exam[2][81], 81))

    assert in_time.json["entries"][0]["late"] is False
    assert late.json["entries"][0] == {
        "slot": 81,
        "sequence": 81,
        "verdict": "accepted",
        "code": "time_is_up",
        "late": True,
    }
    assert started.submit().json["outcome"]["score"] == "80"


def test_the_background_closes_what_nobody_handed_in_and_a_look_does_not(
    app, started, exam, the_clock
):
    started.respond(*(entry(slot, exam[2][slot], slot) for slot in range(1, 91)))
    the_clock.set(NOON + timedelta(hours=5))
    started.sign_in_again()

    assert started.show().json["state"] == "in_progress"
    with app.app_context():
        assert close_overdue(the_clock.now()) == 1
        assert close_overdue(the_clock.now()) == 0

    shown = started.show().json
    assert (shown["state"], shown["outcome"]["score"]) == ("graded", "90")
    assert "close_overdue_attempts" in {work.name for work in WORK}


def test_the_console_closes_overdue_attempts_too(app, started, the_clock):
    the_clock.set(NOON + timedelta(hours=5))
    started.sign_in_again()

    said = app.test_cli_runner().invoke(args=["exams", "close-overdue"])

    assert "1 attempts closed" in said.output
    assert started.show().json["state"] == "graded"


def test_an_outcome_is_hidden_until_its_release(app, writing, phone, the_clock):
    release = NOON + timedelta(days=5)
    with writing():
        exam_id = a.an_exam(release_at=release).exam.id
    candidate = phone()
    candidate.enrol(exam_id)
    candidate.start()

    assert candidate.submit().json["outcome"] is None
    the_clock.set(release)
    with app.app_context():
        assert announce_released(release) == 1
    candidate.sign_in_again()
    assert candidate.show().json["outcome"]["passed"] is False


def test_an_invigilator_grants_time_and_voids_with_a_reason(
    client, started, exam, a_signed_in, writing
):
    invigilator = a_signed_in(Role.INVIGILATOR, organisation_id=exam[1]).headers
    with writing():
        elsewhere = a.a_test_centre().id
    stranger = a_signed_in(Role.INVIGILATOR, organisation_id=elsewhere).headers
    address = f"/v1/attempts/{started.attempt_id}"
    more = {"extra_seconds": 300, "reason": "机器故障"}

    assert client.put(f"{address}/extension", json=more, headers=stranger).status_code == 404
    for _ in range(2):
        granted = client.put(f"{address}/extension", json=more, headers=invigilator)
        assert granted.json["deadline_at"] == (NOON + timedelta(minutes=125)).isoformat()
    assert started.show().json["deadline_at"] == granted.json["deadline_at"]
    watched = client.get(f"/v1/exams/{exam[0]}/attempts", headers=invigilator).json["items"]
    assert [one["id"] for one in watched] == [str(started.attempt_id)]

    no_reason = client.put(f"{address}/voiding", json={}, headers=invigilator)
    assert no_reason.status_code == 422
    voided = client.put(f"{address}/voiding", json={"reason": "作弊"}, headers=invigilator)
    assert (voided.json["state"], voided.json["void_reason"]) == ("voided", "作弊")
    assert started.submit().json["code"] == "already_voided"
    assert started.respond(entry(1, [0], 1)).json["entries"][0]["code"] == "voided"
