"""Enterprises play as teams, and what one reached is shared without saying who one is."""

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
    a_ground,
    a_player,
    a_round,
    board,
    by_phone,
    codes,
)
from tests.moments import Clock


@pytest.fixture
def ground(
    client: FlaskClient,
    a_signed_in: SigningIn,
    writing: Callable[[], AbstractContextManager[None]],
) -> Ground:
    """Return where contests are held."""
    boards.forget()
    return a_ground(client, a_signed_in(Role.PLANNER).headers, writing)


def an_invitation(ground: Ground, contest_id: str, employer_id: Any, seats: int) -> str:
    """Invite the people of an enterprise; return the code."""
    url = f"/v1/held-contests/{contest_id}/invitations/{uuid4()}"
    body = {"label": "某企业", "seats": seats, "employer_id": str(employer_id)}
    reply = ground.client.put(url, json=body, headers=ground.holder)
    assert reply.status_code == 200, reply.get_json()
    code: str = reply.get_json()["code"]
    return code


def shared(ground: Ground, player: Player) -> Any:
    """Return the page behind the link of somebody's result."""
    url = f"/v1/contest-entries/{player.entry_id}/link"
    path = ground.client.get(url, headers=player.headers).get_json()["path"]
    return ground.client.get(path)


def test_two_enterprises_play_by_invitation_and_their_best_count(
    ground: Ground, the_clock: Clock, a_signed_in: SigningIn
) -> None:
    contest = ground.published(a_round(), entry_mode="invited", team_kind="enterprise", team_size=2)
    round_id = contest["rounds"][0]["id"]
    large, small = ground.employer_ids
    invited = {one: an_invitation(ground, contest["id"], one, seats=3) for one in (large, small)}
    uninvited = by_phone(ground, contest["id"], "13800009999")
    assert codes([uninvited]) == [(403, "invitation_needed")]

    players = [
        a_player(ground, contest["id"], number, invitation=invited[employer])
        for number, employer in enumerate((large, large, large, small))
    ]
    one_too_many = by_phone(ground, contest["id"], "13800009998", invitation=invited[large])
    assert codes([one_too_many]) == [(409, "invitation_used")]
    for player, right in zip(players, (1, 2, 3, 3), strict=True):
        player.play(round_id, right=right)
    # Before the release teams have no points, and employers the sums of all their people.
    early = board(ground, round_id)
    assert early["teams"] == []
    assert {one["id"]: one["points"] for one in early["employers"]} == {
        str(large): 900,
        str(small): 450,
    }

    the_clock.move(timedelta(days=1, minutes=1))
    holder = a_signed_in(Role.PLANNER).headers
    url = f"/v1/contest-rounds/{round_id}/release"
    assert ground.client.put(url, headers=holder).status_code == 200

    # Of the large one the best two count; who is missing in the small one counts nothing.
    teams = board(ground, round_id)["teams"]
    assert [(one["id"], one["points"]) for one in teams] == [(str(large), 750), (str(small), 450)]


def test_two_counties_play_and_their_best_count(
    ground: Ground, the_clock: Clock, a_signed_in: SigningIn
) -> None:
    contest = ground.published(a_round(), team_kind="county", team_size=2)
    round_id = contest["rounds"][0]["id"]
    first, second = map(str, ground.region_ids)
    for number, (county, right) in enumerate(((first, 3), (second, 1), (second, 3), (second, 2))):
        a_player(ground, contest["id"], number, region_id=county).play(round_id, right=right)

    the_clock.move(timedelta(days=1, minutes=1))
    holder = a_signed_in(Role.PLANNER).headers
    url = f"/v1/contest-rounds/{round_id}/release"
    assert ground.client.put(url, headers=holder).status_code == 200

    teams = board(ground, round_id)["teams"]
    assert [(one["id"], one["points"]) for one in teams] == [(second, 750), (first, 450)]


def test_a_shared_link_says_what_was_reached_and_not_by_whom(
    ground: Ground, the_clock: Clock, a_signed_in: SigningIn
) -> None:
    contest = ground.published(a_round())
    round_id = contest["rounds"][0]["id"]
    one, other = (a_player(ground, contest["id"], number) for number in range(2))
    one.play(round_id, right=2)
    other.play(round_id, right=3)

    page = shared(ground, one)

    assert (page.status_code, page.content_type) == (200, "text/html; charset=utf-8")
    assert "全县安全知识竞赛" in page.text
    assert "<dd>300</dd>" in page.text
    assert "当前名次" in page.text
    for private in ("王", "138", one.id, one.entry_id):
        assert private not in page.text
    strange = ground.client.get(f"/v1/contest-entries/{one.entry_id}/link", headers=other.headers)
    assert codes([strange]) == [(404, "not_found")]
    whole = page.request.path
    for made_up in (f"{whole[:-1]}x", "/contest-results/none", whole[:-24], f"{whole}é"):
        assert ground.client.get(made_up).status_code == 404

    reason = {"reason": "核实为代答"}
    holder = ground.holder
    out = ground.client.put(
        f"/v1/contest-entries/{other.entry_id}/disqualification", json=reason, headers=holder
    )
    assert out.status_code == 200
    assert ground.client.get(_path(ground, other)).status_code == 404
    gone = _path(ground, one)
    ground.client.put("/v1/contest-participation/withdrawal", headers=one.headers)
    assert ground.client.get(gone).status_code == 404


def _path(ground: Ground, player: Player) -> str:
    url = f"/v1/contest-entries/{player.entry_id}/link"
    path: str = ground.client.get(url, headers=player.headers).get_json()["path"]
    return path


def test_a_frozen_board_is_not_told_by_a_link(ground: Ground, the_clock: Clock) -> None:
    freezes_at = the_clock.now() + timedelta(hours=1)
    contest = ground.published(a_round(freezes_at=freezes_at.isoformat()))
    late = a_player(ground, contest["id"], 1)
    the_clock.move(timedelta(hours=2))
    late.play(contest["rounds"][0]["id"], right=2)

    page = shared(ground, late)

    assert "成绩以公布为准" in page.text
    assert "<dd>" not in page.text
