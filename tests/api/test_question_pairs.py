"""Duplicates and conflicts over HTTP: side by side, ruled upon, searched for by a job."""

from __future__ import annotations

from collections.abc import Callable
from uuid import uuid4

import pytest

from server.policy import Role
from tests.factories.question_bank import a_file
from tests.factories.question_desk import Desk, a_desk_over_http

STEM = "触电者心跳停止、呼吸存在，应采用（　）进行现场急救。"
ONE = ["一", "单选题", f"1.{STEM}", "**A.人工呼吸**B.心脏按压**C.喂水", "B"]
OTHER = ["一", "单选题", f"2.{STEM}", "**A.心脏按压**B.人工呼吸**C.喂水", "B"]


@pytest.fixture
def desk(client, writing, a_signed_in) -> Desk:
    return a_desk_over_http(client, writing, a_signed_in)


def test_a_conflict_is_shown_side_by_side_and_ruled(desk: Desk) -> None:
    desk.publish_all(a_file(ONE, OTHER))

    (pair,) = desk.get("/question-pairs?relation=conflict").json["items"]

    assert pair["standing"] == "open"
    assert pair["first"]["bank_name"] == pair["second"]["bank_name"] == "题库"
    assert "options" in [one["field"] for one in pair["differences"]]
    path = f"/question-pairs/{pair['id']}"
    assert desk.get(path).json == pair
    kept = next(
        side["question_id"]
        for side in (pair["first"], pair["second"])
        if side["version"]["options"][1]["text"] == "心脏按压"
    )
    ruling = {"kept_id": kept, "reason": "呼吸存在而无心跳，应按压。"}
    assert desk.put(f"{path}/ruling", ruling).status_code == 403
    undecided = {"kept_id": None, "reason": "都可以"}
    refused = desk.put(f"{path}/ruling", undecided, who=desk.reviewer)
    assert refused.json["code"] == "conflict_needs_winner"
    ruled = desk.put(f"{path}/ruling", ruling, who=desk.reviewer).json
    assert (ruled["standing"], ruled["kept_id"]) == ("ruled", kept)
    states = {side["question_id"]: side["state"] for side in (ruled["first"], ruled["second"])}
    assert states.pop(kept) == "published"
    assert list(states.values()) == ["retired"]
    assert desk.put(f"{path}/ruling", ruling, who=desk.reviewer).json == ruled
    assert desk.get("/question-pairs").json["items"] == []


def test_a_search_through_everything_finds_drafts_too(
    desk: Desk, run_jobs: Callable[[], None], a_signed_in
) -> None:
    found = desk.bring(a_file(ONE, OTHER)).json["id"]
    desk.put(f"/question-imports/{found}/acceptance", {"accepted_only": True})
    assert desk.get("/question-pairs").json["items"] == []
    path = f"/duplicate-searches/{uuid4()}"

    assert desk.put(path).status_code == 403
    job = desk.put(path, who=desk.reviewer).json
    run_jobs()

    done = desk.get(f"/jobs/{job['id']}", who=desk.reviewer).json
    assert done["state"] == "done"
    assert done["result"] == {"printed_count": 2, "pair_count": 1, "gone_count": 0}
    assert [one["relation"] for one in desk.get("/question-pairs").json["items"]] == ["conflict"]
    again = desk.put(f"/duplicate-searches/{uuid4()}", who=desk.reviewer).json
    run_jobs()
    result = desk.get(f"/jobs/{again['id']}", who=desk.reviewer).json["result"]
    assert result == {"printed_count": 0, "pair_count": 1, "gone_count": 0}


def test_strangers_and_learners_see_no_pair(desk: Desk, client, writing, a_signed_in) -> None:
    desk.publish_all(a_file(ONE, OTHER))
    (pair,) = desk.get("/question-pairs").json["items"]
    stranger = a_desk_over_http(client, writing, a_signed_in)

    assert stranger.get("/question-pairs").json["items"] == []
    assert stranger.get(f"/question-pairs/{pair['id']}").status_code == 404
    learner = a_signed_in(Role.WORKER).headers
    assert desk.get("/question-pairs", who=learner).status_code == 403
