"""Contests: a county's from joining to the final, frozen boards, certificates of merit."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from uuid import uuid4

import pytest
from flask.testing import FlaskClient

from certificates.services import finding
from exams.contests.services import boards
from exams.services import standards
from server.db import db
from server.organisations.models import Organisation
from server.policy import Role
from server.regions.models import Region
from tests.conftest import SigningIn
from tests.factories.certificates import an_issuer
from tests.factories.contests import (
    Ground,
    Player,
    a_final,
    a_ground,
    a_player,
    a_round,
    board,
    codes,
    question_of_final,
    saying,
)
from tests.moments import NOON, Clock

Writing = Callable[[], AbstractContextManager[None]]


@pytest.fixture
def ground(client: FlaskClient, a_signed_in: SigningIn, writing: Writing) -> Ground:
    """Return where contests are held."""
    boards.forget()
    return a_ground(client, a_signed_in(Role.PLANNER).headers, writing)


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
    ground.holder = a_signed_in(Role.PLANNER).headers  # time has passed
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
    ground.holder = a_signed_in(Role.PLANNER).headers  # time has passed
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
    ground.holder = a_signed_in(Role.PLANNER).headers  # time has passed
    ground.client.put(f"/v1/contest-rounds/{round_id}/release", headers=ground.holder)
    seen = board(ground, round_id)
    assert not seen["frozen"]
    # The first question counted from the moment it was shown, an hour before the freeze.
    assert [line["points"] for line in seen["lines"]] == [300, 150]


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
    ground.holder = a_signed_in(Role.PLANNER).headers  # time has passed
    ground.client.put(f"{url}/release", headers=ground.holder)
    (winner,) = ground.client.get(f"{url}/winners", headers=ground.holder).get_json()["items"]
    assert winner["entry_id"] == honest.entry_id
    late = ground.client.put(
        f"/v1/contest-entries/{honest.entry_id}/disqualification", json=body, headers=ground.holder
    )
    assert codes([late]) == [(409, "results_released")]


def test_the_first_earn_a_certificate_that_anybody_can_verify(
    ground: Ground, the_clock: Clock, a_signed_in: SigningIn, writing: Writing
) -> None:
    with writing():
        organisation = db.session.get_one(Organisation, ground.organisation_id)
        standards.load_reference()
        an_issuer(db.session.get_one(Region, organisation.region_id))
    worker = a_signed_in()
    contest = ground.published(merit_places=2)
    round_id = contest["rounds"][0]["id"]
    url = f"/v1/me/contests/{contest['id']}/participants/{uuid4()}"
    joined = ground.client.put(url, json=saying(ground), headers=worker.headers).get_json()
    first = Player(
        ground=ground,
        id=joined["id"],
        headers={"Authorization": f"Bearer {joined['token']}"},
    )
    second = a_player(ground, contest["id"], 1)
    first.play(round_id, right=3)
    second.play(round_id, right=2)
    the_clock.move(timedelta(days=2))
    ground.holder = a_signed_in(Role.PLANNER).headers  # time has passed

    release = f"/v1/contest-rounds/{round_id}/release"
    assert ground.client.put(release, headers=ground.holder).status_code == 200
    named = a_signed_in()
    body = {"person_id": str(named.person_id)}
    winner = f"/v1/contest-entries/{second.entry_id}/winner"
    for _ in range(2):  # named twice is named once
        reply = ground.client.put(winner, json=body, headers=ground.holder)
        assert reply.status_code == 200, reply.get_json()
    other = {"person_id": str(worker.person_id)}
    refused = ground.client.put(winner, json=other, headers=ground.holder)
    assert codes([refused]) == [(409, "results_released")]

    for person_id, place in ((worker.person_id, 1), (named.person_id, 2)):
        with writing():
            (certificate,) = finding.of(person_id)
            serial = certificate.serial
            assert certificate.remark == f"全县安全知识竞赛 第 {place} 名"
        told = ground.client.get(f"/v1/verification/{serial}").get_json()
        assert told["standing"] == "valid"


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
    ground.holder = a_signed_in(Role.PLANNER).headers  # time has passed

    url = f"/v1/held-contests/{contest['id']}/statistics"
    told = ground.client.get(url, headers=ground.holder).get_json()

    assert told["everybody"]["people_count"] == 6
    assert (told["everybody"]["first_share"], told["everybody"]["gain"]) == ("0.3333", "0.6667")
    assert {one["name"]: one["people_count"] for one in told["by_role"]} == {
        "电工": 5,
        "焊工": None,
    }
