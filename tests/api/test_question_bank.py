"""A question from its draft to a learner's wrong-question book, over HTTP."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest

from question_bank.schemas.questions import QuestionForCandidate
from server.policy import Role
from tests.factories.auth import an_organisation
from tests.factories.question_bank import GOOD, a_file
from tests.factories.question_desk import Desk, a_desk_over_http

HINTS = {"key", "explanation", "difficulty", "law_citation", "keeps_order", "fingerprint"}


@pytest.fixture
def desk(client, writing, a_signed_in) -> Desk:
    return a_desk_over_http(client, writing, a_signed_in)


@pytest.fixture
def learner(a_signed_in) -> dict[str, str]:
    headers: dict[str, str] = a_signed_in(Role.WORKER).headers
    return headers


def a_question_body(desk: Desk, **changes: Any) -> dict[str, Any]:
    """A question as an author sends it."""
    return {
        "bank_id": str(desk.bank_id),
        "kind": "single_choice",
        "stem": "触电急救首先应当（）。",
        "options": ["切断电源", "拨打电话", "心肺复苏"],
        "key": ["A"],
        "explanation": "先断电，再施救。",
        "topic": "急救",
        "difficulty": "0.85",
        "law_citation": "《安全生产法》",
        "serves": [{"role": "special_operations_worker", "operation_item": "1.2"}],
        **changes,
    }


def words(thing: Any) -> Iterator[str]:
    """Yield every name and every text in a reply."""
    if isinstance(thing, dict):
        for name, value in thing.items():
            yield name
            yield from words(value)
    elif isinstance(thing, list):
        for value in thing:
            yield from words(value)
    elif isinstance(thing, str):
        yield thing


def test_a_question_is_written_reviewed_revised_and_retired(desk: Desk) -> None:
    path = f"/questions/{uuid4()}"

    written = desk.put(path, a_question_body(desk))
    assert written.status_code == 200, written.json
    assert (written.json["state"], written.json["version"]["key"]) == ("draft", ["A"])
    assert desk.put(path, a_question_body(desk)).json == written.json
    assert desk.put(f"/questions/{uuid4()}", a_question_body(desk)).json["code"] == (
        "already_in_bank"
    )

    assert desk.put(f"{path}/publication", who=desk.reviewer).json["code"] == "move_not_open"
    desk.put(f"{path}/review-request")
    assert desk.put(f"{path}/return", who=desk.reviewer).json["state"] == "draft"
    desk.put(f"{path}/review-request")
    published = desk.put(f"{path}/publication", who=desk.reviewer).json
    assert published["version"]["published_at"] is not None

    next_content = a_question_body(desk, stem="触电急救的第一步是（）。")
    for name in ("bank_id", "serves"):
        del next_content[name]
    revised = desk.put(f"{path}/newest-version", next_content).json
    assert (revised["state"], revised["version"]["number"]) == ("draft", 2)
    versions = desk.get(f"{path}/versions").json["versions"]
    assert [one["published_at"] is None for one in versions] == [False, True]

    serves = [{"role": "principal"}, {"role": "safety_manager"}]
    placed = desk.put(
        f"{path}/place", {"serves": serves, "for_practice": True, "for_exams": False}
    ).json
    assert placed["serves"] == [{**one, "operation_item": None} for one in serves]
    assert desk.put(f"{path}/retirement", who=desk.reviewer).json["state"] == "retired"
    assert desk.get(path).json["state"] == "retired"


def test_who_both_writes_and_reviews_publishes_nothing_of_their_own(
    desk: Desk, a_signed_in
) -> None:
    both = a_signed_in(Role.AUTHOR, Role.REVIEWER, organisation_id=desk.owner_id).headers
    question_id = str(uuid4())
    desk.put(f"/questions/{question_id}", a_question_body(desk), who=both)

    moved = desk.put("/question-review-requests", {"question_ids": [question_id]}, who=both).json
    bulk = desk.put("/question-publications", {"question_ids": [question_id]}, who=both).json
    single = desk.put(f"/questions/{question_id}/publication", who=both).json

    assert moved["moved_count"] == 1
    assert [one["code"] for one in bulk["refused"]] == ["reviewer_is_author"]
    assert single["code"] == "reviewer_is_author"
    by_other = {"question_ids": [question_id]}
    assert desk.put("/question-publications", by_other, who=desk.reviewer).json["moved_count"] == 1
    assert desk.put("/question-retirements", by_other, who=desk.reviewer).json["moved_count"] == 1


def test_an_unsound_question_is_told_where(desk: Desk) -> None:
    for changes, field in (
        ({"key": ["C", "D"]}, "key"),
        ({"options": ["甲", "甲"]}, "options"),
        ({"key": ["Z"]}, "key"),
        ({"difficulty": "1.5"}, "difficulty"),
        ({"serves": []}, "serves"),
        ({"serves": [{"role": "principal", "operation_item": "x"}]}, "serves"),
    ):
        reply = desk.put(f"/questions/{uuid4()}", a_question_body(desk, **changes))
        assert reply.status_code == 422, (changes, reply.json)
        assert any(name.startswith(field) for name in reply.json["errors"]), reply.json


def test_lists_show_what_one_may_see(desk: Desk, a_signed_in, writing) -> None:
    desk.put(f"/questions/{uuid4()}", a_question_body(desk))
    with writing():
        elsewhere = an_organisation().id
    stranger = a_signed_in(Role.AUTHOR, organisation_id=elsewhere).headers

    assert len(desk.get("/questions?role=special_operations_worker&text=触电").json["items"]) == 1
    assert [one["name"] for one in desk.get("/question-banks").json["items"]] == ["题库"]
    assert desk.get(f"/question-banks/{desk.bank_id}").json["name"] == "题库"
    assert desk.get("/questions", who=stranger).json["items"] == []
    assert desk.get("/question-banks", who=stranger).json["items"] == []
    assert desk.get(f"/question-banks/{desk.bank_id}", who=stranger).status_code == 404


def test_a_learner_practises_and_keeps_a_wrong_question_book(desk: Desk, learner) -> None:
    desk.publish_all(a_file(GOOD))
    [shown] = desk.get("/me/practice-questions", who=learner).json["questions"]
    labels = {option["text"]: option["label"] for option in shown["options"]}
    path = f"/me/practice-responses/{uuid4()}"

    wrong = desk.put(
        path, {"version_id": shown["version_id"], "chosen": [labels["甲"]]}, who=learner
    ).json
    assert (wrong["correct"], wrong["key"], wrong["in_wrong_book"]) == (False, [labels["乙"]], True)
    assert desk.get("/me/practice-topics?role=principal", who=learner).json == {"topics": ["一"]}

    [entry] = desk.get("/me/wrong-questions", who=learner).json["items"]
    assert (entry["question"], entry["wrong_count"]) == (shown, 1)
    forgotten = desk.client.delete(
        f"/v1/me/wrong-questions/{shown['question_id']}", headers=learner
    )
    assert forgotten.status_code == 204
    assert desk.get("/me/wrong-questions", who=learner).json["items"] == []


def test_no_key_or_hint_leaves_before_the_response(desk: Desk, learner) -> None:
    body = a_question_body(desk)
    question_id = str(uuid4())
    desk.put(f"/questions/{question_id}", body)
    desk.put(f"/questions/{question_id}/review-request")
    desk.put(f"/questions/{question_id}/publication", who=desk.reviewer)
    [shown] = desk.get("/me/practice-questions", who=learner).json["questions"]
    wrong = next(o["label"] for o in shown["options"] if o["text"] == "心肺复苏")
    desk.put(
        f"/me/practice-responses/{uuid4()}",
        {"version_id": shown["version_id"], "chosen": [wrong]},
        who=learner,
    )

    for path in ("/me/practice-questions", "/me/wrong-questions", "/me/practice-topics"):
        said = set(words(desk.get(path, who=learner).json))
        assert not said & (HINTS | {body["explanation"], body["law_citation"], body["difficulty"]})
    assert not set(QuestionForCandidate().fields) & HINTS


def test_a_learner_reaches_nothing_of_the_bank(desk: Desk, learner) -> None:
    found = desk.publish_all(a_file(GOOD))
    question_id = desk.get("/questions").json["items"][0]["id"]

    for path in (
        "/questions",
        f"/questions/{question_id}",
        f"/questions/{question_id}/versions",
        f"/question-imports/{found}",
        f"/question-imports/{found}/rows",
        "/question-banks",
    ):
        assert desk.get(path, who=learner).status_code == 403, path
        assert desk.client.get(f"/v1{path}").status_code == 401, path
