"""From a centre's workbook to a learner's wrong-question book, over HTTP."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

import pytest
from flask.testing import FlaskClient

from question_bank import reading
from question_bank.schemas.questions import QuestionForCandidate
from server.policy import Role
from tests.factories.auth import an_organisation
from tests.factories.question_bank import GOOD, HEADER, MENDED, REFUSED, a_file, a_workbook

HINTS = {"key", "explanation", "difficulty", "law_citation", "keeps_order", "fingerprint"}


@dataclass
class Desk:
    """A bank, and the headers of those who work in it."""

    client: FlaskClient
    owner_id: UUID
    bank_id: UUID
    author: dict[str, str]
    reviewer: dict[str, str]

    def put(self, path: str, json: Any = None, *, who: dict[str, str] | None = None) -> Any:
        """Send a PUT as the author, or somebody else, and return the reply."""
        return self.client.put(f"/v1{path}", json=json, headers=who or self.author)

    def get(self, path: str, *, who: dict[str, str] | None = None) -> Any:
        """Send a GET as the author, or somebody else, and return the reply."""
        return self.client.get(f"/v1{path}", headers=who or self.author)

    def bring(self, content: bytes, query: str = "", import_id: UUID | None = None) -> Any:
        """Send a file."""
        serves = query or "serves=special_operations_worker:1.2&serves=principal"
        return self.client.put(
            f"/v1/question-imports/{import_id or uuid4()}?bank_id={self.bank_id}&{serves}",
            data=content,
            content_type="application/octet-stream",
            headers=self.author,
        )

    def publish_all(self, content: bytes) -> str:
        """Bring a file through preview, acceptance, review and publication."""
        found = self.bring(content).json["id"]
        self.put(f"/question-imports/{found}/acceptance", {"accepted_only": True})
        self.put(f"/question-imports/{found}/review-request")
        moved = self.put(f"/question-imports/{found}/publication", who=self.reviewer)
        assert moved.json["refused"] == []
        return str(found)


@pytest.fixture
def desk(client, writing, a_signed_in) -> Desk:
    with writing():
        owner_id = an_organisation().id
    author = a_signed_in(Role.AUTHOR, organisation_id=owner_id).headers
    reviewer = a_signed_in(Role.REVIEWER, organisation_id=owner_id).headers
    desk = Desk(client, owner_id, uuid4(), author, reviewer)
    opened = desk.put(
        f"/question-banks/{desk.bank_id}", {"name": "题库", "owner_id": str(owner_id)}
    )
    assert opened.status_code == 200, opened.json
    return desk


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


def test_a_workbook_travels_from_preview_to_practice(desk: Desk, learner) -> None:
    preview = desk.bring(a_workbook([HEADER, GOOD, MENDED, REFUSED], [["姓名"], ["甲"]]))

    assert preview.status_code == 200, preview.json
    assert preview.json["counts"] == {
        "imported": 1,
        "repaired": 1,
        "refused": 1,
        "duplicate": 0,
        "ignored": 0,
        "refused_sheets": 1,
    }
    assert preview.json["sheets"][1]["reasons"][0]["code"] == "sheet_is_no_question_sheet"
    path = f"/question-imports/{preview.json['id']}"
    assert desk.get(path).json == preview.json

    refused = desk.get(f"{path}/rows?outcome=refused").json["items"]
    assert [(row["row"], row["reasons"][-1]["code"]) for row in refused] == [(4, "key_missing")]
    assert refused[0]["reasons"][-1]["zh"] == "没有答案。"
    page = desk.get(f"{path}/rows?limit=2").json
    rest = desk.get(f"{path}/rows?limit=2&cursor={page['next_cursor']}").json
    assert [row["row"] for row in page["items"] + rest["items"]] == [2, 3, 4]
    assert page["items"][1]["draft"]["key"] == ["A", "B"]

    whole = desk.put(f"{path}/acceptance", {"accepted_only": False})
    assert (whole.status_code, whole.json["code"]) == (409, "import_has_refusals")
    accepted = desk.put(f"{path}/acceptance", {"accepted_only": True})
    assert (accepted.json["state"], accepted.json["created_count"]) == ("accepted", 2)
    assert desk.put(f"{path}/acceptance", {"accepted_only": True}).json == accepted.json

    assert desk.put(f"{path}/review-request").json["moved_count"] == 2
    moved = desk.put(f"{path}/publication", who=desk.reviewer).json
    assert (moved["moved_count"], moved["refused"]) == (2, [])
    shown = desk.get("/me/practice-questions?role=principal", who=learner).json["questions"]
    assert len(shown) == 2

    assert desk.put(f"{path}/retirement", who=desk.reviewer).json["moved_count"] == 2
    assert desk.get("/me/practice-questions", who=learner).json["questions"] == []


def test_the_same_file_twice_is_harmless(desk: Desk) -> None:
    import_id = uuid4()
    first = desk.bring(a_file(GOOD), import_id=import_id)
    again = desk.bring(a_file(GOOD), "serves=principal", import_id=import_id)
    same = desk.bring(a_file(GOOD), import_id=import_id)

    assert again.json["code"] == "id_taken"
    assert same.json["file_sha256"] == first.json["file_sha256"]


def test_what_is_no_file_of_questions_is_refused_with_its_code(desk: Desk) -> None:
    assert desk.bring(b"").json["code"] == "format_unknown"
    assert desk.bring(b"PK\x03\x04rubbish").json["code"] == "file_damaged"
    assert desk.bring(b"[" * 100_000).json["code"] == "file_damaged"
    assert desk.bring(b"x" * (reading.MOST_BYTES + 1)).status_code == 413


@pytest.mark.parametrize(
    "query",
    ["serves=king", "serves=principal:x", "serves=", "for_exams=true", "serves=principal&x=1"],
)
def test_the_terms_of_an_import_are_checked(desk: Desk, query: str) -> None:
    assert desk.bring(a_file(GOOD), query).json["code"] == "invalid"


def test_a_json_file_is_no_json_body(desk: Desk) -> None:
    text = '[{"category": "判断题", "title": "对吗", "choices": "", "answers": "对"}]'

    reply = desk.client.put(
        f"/v1/question-imports/{uuid4()}?bank_id={desk.bank_id}&serves=principal",
        data=text.encode(),
        content_type="application/json",
        headers=desk.author,
    )

    assert reply.json is not None
    assert reply.json["counts"]["imported"] == 1


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
