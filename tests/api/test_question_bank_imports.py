"""A centre's workbook from preview to practice, over HTTP."""

from __future__ import annotations

from uuid import uuid4

import pytest

from question_bank.formats import files
from server.policy import Role
from tests.factories.question_bank import GOOD, HEADER, MENDED, REFUSED, a_file, a_workbook
from tests.factories.question_desk import Desk, a_desk_over_http


@pytest.fixture
def desk(client, writing, a_signed_in) -> Desk:
    return a_desk_over_http(client, writing, a_signed_in)


@pytest.fixture
def learner(a_signed_in) -> dict[str, str]:
    headers: dict[str, str] = a_signed_in(Role.WORKER).headers
    return headers


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
    assert desk.bring(b"x" * (files.MOST_BYTES + 1)).status_code == 413


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
