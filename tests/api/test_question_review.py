"""Reviewing over HTTP: comments, comparison, uses, many at once with preview and undo."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest

from server.policy import Role
from tests.factories.question_bank import GOOD, MENDED, a_file
from tests.factories.question_desk import Desk, a_desk_over_http


@pytest.fixture
def desk(client, writing, a_signed_in) -> Desk:
    return a_desk_over_http(client, writing, a_signed_in)


def imported(desk: Desk) -> list[str]:
    found = desk.bring(a_file(GOOD, MENDED)).json["id"]
    desk.put(f"/question-imports/{found}/acceptance", {"accepted_only": True})
    return [one["id"] for one in desk.get("/questions").json["items"]]


def test_a_review_with_comments_and_a_comparison(desk: Desk) -> None:
    imported(desk)
    question_id = desk.get("/questions?text=谁负责").json["items"][0]["id"]
    path, comment_id = f"/questions/{question_id}", uuid4()

    said = desk.put(f"{path}/comments/{comment_id}", {"text": "题干过短"}, who=desk.reviewer)
    assert said.status_code == 200, said.json
    (shown,) = desk.get(f"{path}/comments").json["comments"]
    assert (shown["text"], shown["settled_at"]) == ("题干过短", None)
    better = {
        "kind": "single_choice",
        "stem": "本单位谁负责？",
        "options": ["甲", "乙"],
        "key": ["B"],
    }
    assert desk.put(f"{path}/newest-version", better).status_code == 200
    assert desk.put(f"/question-comments/{comment_id}/settlement").json["settled_at"]
    found = desk.get(f"{path}/comparison?before=1&after=2").json["differences"]
    pieces = {one["field"]: one["pieces"] for one in found}
    assert {"part": "added", "text": "本单位"} in pieces["stem"]
    assert desk.get(f"{path}/comparison?before=1&after=9").status_code == 404


def test_many_at_once_with_preview_and_undo(desk: Desk) -> None:
    imported(desk)
    path = f"/question-bulk-actions/{uuid4()}"
    asked = {"move": "submit", "filter": {"state": "draft", "bank_id": str(desk.bank_id)}}

    foreseen = desk.put(path, asked)
    assert foreseen.json["counts"] == {"changes": 2}, foreseen.json
    assert {one["state"] for one in desk.get("/questions").json["items"]} == {"draft"}
    assert desk.put(f"{path}/undoing").json["code"] == "bulk_action_over"
    assert desk.put(f"{path}/execution").json["state"] == "done"
    assert {one["state"] for one in desk.get("/questions").json["items"]} == {"in_review"}
    rows = desk.get(f"{path}/rows?outcome=changes").json["items"]
    assert [one["after"]["state"] for one in rows] == ["in_review"] * 2
    assert desk.put(f"{path}/undoing").json["state"] == "undone"
    assert {one["state"] for one in desk.get("/questions").json["items"]} == {"draft"}
    assert desk.get(path, who=desk.reviewer).status_code == 404


@pytest.mark.parametrize(
    "body",
    [
        {"question_ids": [str(uuid4())]},
        {"move": "submit"},
        {"move": "revise", "question_ids": [str(uuid4())]},
        {"move": "submit", "places": {}, "question_ids": [str(uuid4())]},
        {"move": "submit", "question_ids": [str(uuid4())], "filter": {}},
        {"move": "submit", "filter": {"cursor": "x"}},
    ],
)
def test_an_action_is_one_thing_upon_one_selection(desk: Desk, body) -> None:
    assert desk.put(f"/question-bulk-actions/{uuid4()}", body).status_code == 422


def test_deleting_says_who_uses_a_question(desk: Desk, a_signed_in) -> None:
    drafts = imported(desk)
    learner = a_signed_in(Role.WORKER).headers

    def delete(question_id: str, who: dict[str, str]) -> Any:
        return desk.client.delete(f"/v1/questions/{question_id}", headers=who)

    assert delete(drafts[0], learner).status_code == 403
    assert delete(drafts[0], desk.author).status_code == 204
    assert desk.get(f"/questions/{drafts[0]}").status_code == 404
    used = drafts[1]
    desk.put(f"/questions/{used}/review-request")
    desk.put(f"/questions/{used}/publication", who=desk.reviewer)
    (shown,) = desk.get("/me/practice-questions", who=learner).json["questions"]
    response = {"version_id": shown["version_id"], "chosen": ["A"]}
    desk.put(f"/me/practice-responses/{uuid4()}", response, who=learner)
    assert delete(used, desk.author).json["code"] == "move_not_open"
    desk.put(f"/questions/{used}/retirement", who=desk.reviewer)
    refused = delete(used, desk.author).json
    assert (refused["code"], refused["facts"]["practice_count"]) == ("question_in_use", 1)
    assert desk.get(f"/questions/{used}/uses").json == {"exams": [], "practice_count": 1}
