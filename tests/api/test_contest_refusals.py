"""What one might try in a contest: each is refused with its code, and nobody is kept who leaves."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from uuid import uuid4

import pytest
from flask.testing import FlaskClient

from exams.contests.services import boards
from server.policy import Role
from tests.conftest import SigningIn
from tests.factories.contests import (
    Ground,
    Player,
    a_ground,
    a_player,
    a_round,
    by_phone,
    codes,
    saying,
)
from tests.factories.question_bank import a_content, a_published_question
from tests.moments import Clock

Writing = Callable[[], AbstractContextManager[None]]


@pytest.fixture
def ground(client: FlaskClient, a_signed_in: SigningIn, writing: Writing) -> Ground:
    """Return where contests are held."""
    boards.forget()
    return a_ground(client, a_signed_in(Role.PLANNER).headers, writing)


def test_what_does_not_fit_a_contest_is_refused_with_its_code(
    ground: Ground, writing: Writing, the_clock: Clock
) -> None:
    contest = ground.published(entry_mode="invited")
    url = f"/v1/held-contests/{contest['id']}/invitations/{uuid4()}"
    seat = {"label": "某厂", "seats": 1}
    code = ground.client.put(url, json=seat, headers=ground.holder).get_json()["code"]
    open_to_all = ground.published()["id"]
    phone = str(uuid4())
    for number in range(10, 13):
        assert (
            by_phone(ground, open_to_all, f"138000000{number}", device_id=phone).status_code == 200
        )

    tried = [
        (by_phone(ground, contest["id"], "13800000001"), 403, "invitation_needed"),
        (by_phone(ground, contest["id"], "13800000001", invitation="no"), 403, "invitation_needed"),
        (by_phone(ground, contest["id"], "13800000001", invitation=code), 200, None),
        (by_phone(ground, contest["id"], "13800000002", invitation=code), 409, "invitation_used"),
        (by_phone(ground, open_to_all, "13800000010"), 409, "already_joined"),
        (by_phone(ground, open_to_all, "13800000013", device_id=phone), 409, "phone_crowded"),
        (by_phone(ground, open_to_all, "13800000003", notice_version=2), 422, "consent_missing"),
        (
            by_phone(ground, open_to_all, "13800000003", born_on="2014-01-01"),
            422,
            "guardian_missing",
        ),
        (by_phone(ground, open_to_all, "13800000004", code="000000"), 403, "phone_code_wrong"),
        (by_phone(ground, open_to_all, "13800000005", time="09:00"), 422, "invalid"),
    ]
    for reply, status, refusal in tried:
        told = reply.get_json()
        assert (reply.status_code, told.get("code") if refusal else None) == (status, refusal)

    asked = [
        ground.client.post(f"/v1/contests/{open_to_all}/phone-codes", json={"phone": "13900000000"})
        for _ in range(6)
    ]
    assert [reply.status_code for reply in asked] == [200] * 5 + [429]
    the_clock.move(timedelta(days=31))
    assert codes([by_phone(ground, open_to_all, "13800000006")]) == [(409, "contest_closed")]


def test_a_pool_that_exams_may_draw_from_is_refused(ground: Ground, writing: Writing) -> None:
    url = f"/v1/held-contests/{uuid4()}"
    too_many = ground.words(a_round(question_count=13))
    ground.client.put(url, json=too_many, headers=ground.holder)
    assert codes([ground.client.put(f"{url}/publication", headers=ground.holder)]) == [
        (409, "contest_pool_too_small")
    ]

    with writing():
        assert ground.desk is not None
        a_published_question(ground.desk, a_content(stem="考试也用的题？"), for_exams=True)

    ground.client.put(url, json=ground.words(), headers=ground.holder)
    refused = ground.client.put(f"{url}/publication", headers=ground.holder)
    assert codes([refused]) == [(409, "pool_overlaps_exams")]
    assert refused.get_json()["facts"] == {"count": 1}


def test_responses_are_taken_once_in_their_time_and_by_whose_they_are(
    ground: Ground, the_clock: Clock
) -> None:
    contest = ground.published()
    one, other = (a_player(ground, contest["id"], number) for number in range(2))
    question = one.enter(contest["rounds"][0]["id"])["question"]
    right, wrong = ground.right(question), ground.wrong(question)

    assert codes([one.say(2, right), one.say(4, right), one.say(1, [9])]) == [
        (409, "question_not_shown"),
        (422, "invalid"),
        (422, "invalid"),
    ]
    thief = Player(ground=ground, id=other.id, headers=other.headers, entry_id=one.entry_id)
    assert codes([thief.say(1, right)]) == [(404, "not_found")]
    first, second = one.say(1, wrong).get_json(), one.say(1, right).get_json()
    assert [first["verdict"], second["verdict"]] == ["accepted", "ignored"]
    assert first["question"] == second["question"]
    assert one.shown()["entry"]["correct_count"] == 0

    the_clock.move(timedelta(seconds=22))
    late = one.say(2, ground.right(first["question"])).get_json()
    assert late["verdict"] == "late"
    assert one.shown()["entry"]["points"] == 0
    the_clock.move(timedelta(days=2))
    assert codes([one.say(3, [0])]) == [(409, "round_not_open")]


def test_one_takes_part_with_an_account_and_is_found_again(
    ground: Ground, a_signed_in: SigningIn
) -> None:
    contest, worker = ground.published(), a_signed_in()
    url = f"/v1/me/contests/{contest['id']}/participants/{uuid4()}"

    replies = [
        ground.client.put(url, json=saying(ground), headers=worker.headers) for _ in range(2)
    ]

    assert [reply.status_code for reply in replies] == [200, 200]
    assert replies[0].get_json()["masked_name"] == "某*"
    token = {"Authorization": f"Bearer {replies[0].get_json()['token']}"}
    found = ground.client.get("/v1/contest-participation", headers=token).get_json()
    assert found["id"] == replies[0].get_json()["id"]
    # The token of a participant is no account's, and an account's is no participant's.
    assert ground.client.get("/v1/me", headers=token).status_code == 401
    as_worker = ground.client.get("/v1/contest-participation", headers=worker.headers)
    assert as_worker.status_code == 401


def test_a_lost_reply_to_joining_is_asked_for_again(ground: Ground) -> None:
    contest, phone = ground.published()["id"], "13800000001"
    url = f"/v1/contests/{contest}"
    sent = ground.client.post(f"{url}/phone-codes", json={"phone": phone}).get_json()
    body = saying(ground, name="王小明", born_on="1990-01-01", phone=phone, code=sent["code"])
    mine = f"{url}/participants/{uuid4()}"

    replies = [ground.client.put(mine, json=body) for _ in range(2)]
    other = ground.client.put(f"{url}/participants/{uuid4()}", json=body)

    assert [reply.get_json()["id"] for reply in replies] == [mine.rsplit("/", 1)[1]] * 2
    assert codes([other]) == [(409, "already_joined")]


def test_whoever_leaves_is_forgotten_and_may_come_back(ground: Ground) -> None:
    contest = ground.published()
    player = a_player(ground, contest["id"], 1)
    player.play(contest["rounds"][0]["id"], right=3)

    reply = ground.client.put("/v1/contest-participation/withdrawal", headers=player.headers)

    assert reply.status_code == 204
    assert ground.client.get("/v1/contest-participation", headers=player.headers).status_code == 401
    assert player.say(1, [0]).status_code in (401, 409)
    assert by_phone(ground, contest["id"], "13800000001").status_code == 200


def test_no_reply_to_a_participant_holds_a_key_before_the_round_is_over(ground: Ground) -> None:
    contest = ground.published()
    player = a_player(ground, contest["id"], 1)

    shown = player.enter(contest["rounds"][0]["id"])
    after = player.say(1, ground.right(shown["question"])).get_json()

    for reply in (shown["question"], after["question"]):
        assert set(reply) == {
            *("slot", "slot_count", "kind", "stem", "stem_html", "options", "seconds")
        }
        assert {name for option in reply["options"] for name in option} <= {
            *("label", "text", "html")
        }
    url = f"/v1/contest-entries/{player.entry_id}/wrong-questions"
    assert codes([ground.client.get(url, headers=player.headers)]) == [(409, "round_not_over")]
