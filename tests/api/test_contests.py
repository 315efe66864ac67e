"""Contests: a county's from joining to the certificates, and everything one might try."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from flask.testing import FlaskClient

from exams.contests.services import boards
from server.policy import Role
from tests.conftest import SigningIn
from tests.factories.contests import (
    Ground,
    Player,
    a_final,
    a_ground,
    a_player,
    a_round,
    by_phone,
    saying,
)
from tests.factories.question_bank import a_content, a_published_question
from tests.moments import NOON, Clock

Writing = Callable[[], AbstractContextManager[None]]


@pytest.fixture
def ground(client: FlaskClient, a_signed_in: SigningIn, writing: Writing) -> Ground:
    """Return where contests are held."""
    boards.forget()
    return a_ground(client, a_signed_in(Role.PLANNER).headers, writing)


def board(ground: Ground, round_id: str) -> dict[str, Any]:
    """Return a board, through the lane in front of the framework."""
    reply = ground.client.get(f"/v1/contest-boards/{round_id}")
    assert reply.status_code == 200, reply.get_json()
    found: dict[str, Any] = reply.get_json()
    return found


def codes(replies: list[Any]) -> list[tuple[int, str]]:
    return [(reply.status_code, reply.get_json()["code"]) for reply in replies]


def question_of_final(ground: Ground, round_id: str, slot: int) -> Any:
    return ground.client.get(f"/v1/contest-questions/{round_id}.{slot}")


def again(a_signed_in: SigningIn, ground: Ground) -> None:
    """Sign the holder in anew: time has passed."""
    ground.holder = a_signed_in(Role.PLANNER).headers


def test_a_county_contest_from_joining_to_the_final(
    ground: Ground, the_clock: Clock, a_signed_in: SigningIn
) -> None:
    final_at = NOON + timedelta(days=2)
    contest = ground.published(
        a_round(pool_count=9, advancing_places=2),
        a_final(final_at),
        team_kind="county",
        team_size=2,
        merit_places=1,
    )
    qualifying, final = contest["rounds"]
    players = [
        a_player(ground, contest["id"], number, region_id=str(ground.region_ids[number % 2]))
        for number in range(3)
    ]
    for right, player in enumerate(players):
        player.play(qualifying["id"], right=right + 1)

    seen = board(ground, qualifying["id"])
    assert [(line["place"], line["points"]) for line in seen["lines"]] == [
        (1, 450),
        (2, 300),
        (3, 150),
    ]
    assert {line["masked_name"] for line in seen["lines"]} == {"王**"}
    assert [one["points"] for one in seen["regions"]] == [600, 300]
    assert players[1].shown()["place"] == 2

    early = ground.client.put(
        f"/v1/contest-rounds/{qualifying['id']}/release", headers=ground.holder
    )
    assert codes([early]) == [(409, "round_not_over")]

    the_clock.move(timedelta(days=1, minutes=1))
    again(a_signed_in, ground)
    for _ in range(2):  # releasing twice is releasing once
        url = f"/v1/contest-rounds/{qualifying['id']}/release"
        assert ground.client.put(url, headers=ground.holder).status_code == 200
    assert [one["points"] for one in board(ground, qualifying["id"])["teams"]] == [600, 300]
    (wrong,) = ground.client.get(
        f"/v1/contest-entries/{players[1].entry_id}/wrong-questions", headers=players[1].headers
    ).get_json()["items"]
    assert wrong["key"] != wrong["chosen"]

    body = {"round_id": final["id"]}
    left_out = ground.client.put(
        f"/v1/contest-entries/{uuid4()}", json=body, headers=players[0].headers
    )
    assert codes([left_out]) == [(409, "not_advanced")]

    assert question_of_final(ground, final["id"], 1).status_code == 404
    the_clock.move(final_at - the_clock.now())
    finalists = players[1:]
    for player in finalists:
        player.enter(final["id"])
    first = question_of_final(ground, final["id"], 1).get_json()
    assert "key" not in first
    assert question_of_final(ground, final["id"], 2).status_code == 404

    the_clock.move(timedelta(seconds=4))
    assert finalists[0].say(1, ground.right(first)).get_json()["verdict"] == "accepted"
    assert codes([finalists[0].say(2, [0])]) == [(409, "question_not_shown")]
    the_clock.move(timedelta(seconds=9))
    assert finalists[1].say(1, ground.right(first)).get_json()["verdict"] == "late"
    the_clock.move(timedelta(seconds=6))
    second = question_of_final(ground, final["id"], 2).get_json()
    assert finalists[1].say(2, ground.right(second)).get_json()["verdict"] == "accepted"

    the_clock.move(timedelta(minutes=5))
    again(a_signed_in, ground)
    url = f"/v1/contest-rounds/{final['id']}"
    assert ground.client.put(f"{url}/release", headers=ground.holder).status_code == 200
    lines = board(ground, final["id"])["lines"]
    assert [(line["place"], line["points"]) for line in lines] == [(1, 137), (2, 137)]

    (winner,) = ground.client.get(f"{url}/winners", headers=ground.holder).get_json()["items"]
    assert winner["entry_id"] == finalists[0].entry_id
    assert winner["person_id"] is None
    card = ground.client.get(
        f"/v1/contest-entries/{winner['entry_id']}/card.png", headers=finalists[0].headers
    )
    assert card.data[:8] == b"\x89PNG\r\n\x1a\n"


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


def test_a_frozen_board_stands_still_until_the_release(
    ground: Ground, the_clock: Clock, a_signed_in: SigningIn
) -> None:
    freezes_at = NOON + timedelta(hours=1)
    contest = ground.published(a_round(freezes_at=freezes_at.isoformat()))
    round_id = contest["rounds"][0]["id"]
    early, late = (a_player(ground, contest["id"], number) for number in range(2))
    early.play(round_id, right=1)
    late.enter(round_id)

    the_clock.move(timedelta(hours=1, seconds=1))
    late.play(round_id, right=3)
    seen = board(ground, round_id)
    assert seen["frozen"]
    assert [line["points"] for line in seen["lines"]] == [150]

    the_clock.move(timedelta(days=1))
    again(a_signed_in, ground)
    ground.client.put(f"/v1/contest-rounds/{round_id}/release", headers=ground.holder)
    seen = board(ground, round_id)
    assert not seen["frozen"]
    # The first question counted from the moment it was shown, an hour before the freeze.
    assert [line["points"] for line in seen["lines"]] == [300, 150]


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


def test_whoever_leaves_is_forgotten_and_may_come_back(ground: Ground) -> None:
    contest = ground.published()
    player = a_player(ground, contest["id"], 1)
    player.play(contest["rounds"][0]["id"], right=3)

    reply = ground.client.put("/v1/contest-participation/withdrawal", headers=player.headers)

    assert reply.status_code == 204
    assert ground.client.get("/v1/contest-participation", headers=player.headers).status_code == 401
    assert player.say(1, [0]).status_code in (401, 409)
    assert by_phone(ground, contest["id"], "13800000001").status_code == 200


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


def test_who_is_taken_out_has_no_place_and_others_move_up(
    ground: Ground, the_clock: Clock, a_signed_in: SigningIn
) -> None:
    contest = ground.published(merit_places=1)
    round_id = contest["rounds"][0]["id"]
    machine, honest = (a_player(ground, contest["id"], number) for number in range(2))
    machine.play(round_id, right=3)
    honest.play(round_id, right=2)
    url = f"/v1/contest-rounds/{round_id}"
    (signal, *_) = ground.client.get(f"{url}/signals", headers=ground.holder).get_json()["items"]
    assert signal["suspicion"] == "quicker_than_reading" or signal["count"] >= 2

    out = f"/v1/contest-entries/{machine.entry_id}/disqualification"
    body = {"reason": "经核查使用脚本作答"}
    assert ground.client.put(out, json=body, headers=ground.holder).status_code == 200
    assert [line["points"] for line in board(ground, round_id)["lines"]] == [300]

    the_clock.move(timedelta(days=2))
    again(a_signed_in, ground)
    ground.client.put(f"{url}/release", headers=ground.holder)
    (winner,) = ground.client.get(f"{url}/winners", headers=ground.holder).get_json()["items"]
    assert winner["entry_id"] == honest.entry_id
    late = ground.client.put(
        f"/v1/contest-entries/{honest.entry_id}/disqualification", json=body, headers=ground.holder
    )
    assert codes([late]) == [(409, "results_released")]


def test_statistics_tell_what_was_learnt_and_nothing_of_few(
    ground: Ground, the_clock: Clock, a_signed_in: SigningIn
) -> None:
    day = timedelta(days=1)
    contest = ground.published(
        a_round(kind="practice"),
        a_round(opens_at=(NOON + day).isoformat(), closes_at=(NOON + 2 * day).isoformat()),
    )
    first, last = (one["id"] for one in contest["rounds"])
    players = [
        a_player(ground, contest["id"], number, role="电工" if number else "焊工")
        for number in range(6)
    ]
    for player in players:
        player.play(first, right=1)
    the_clock.move(day + timedelta(minutes=1))
    for player in players:
        player.play(last, right=3)
    again(a_signed_in, ground)

    url = f"/v1/held-contests/{contest['id']}/statistics"
    told = ground.client.get(url, headers=ground.holder).get_json()

    assert told["everybody"]["people_count"] == 6
    assert (told["everybody"]["first_share"], told["everybody"]["gain"]) == ("0.3333", "0.6667")
    assert {one["name"]: one["people_count"] for one in told["by_role"]} == {
        "电工": 5,
        "焊工": None,
    }
