"""What a file means is asked, its columns can be moved, its report comes back as a workbook."""

from __future__ import annotations

import hashlib
import io
from typing import Any
from uuid import uuid4

import openpyxl
import pytest
from sqlalchemy import select

from question_bank.models import QuestionImage
from server.db import db
from tests.factories.question_bank import GOOD, HEADER, MENDED, REFUSED, a_workbook
from tests.factories.question_desk import Desk, a_desk_over_http
from tests.factories.question_files import a_moodle_quiz, a_picture, a_qti_package

NUMBERS: list[list[Any]] = [
    ["题型", "题目", "选项", "答案"],
    ["判断题", "停电后必须验电。", "", 1],
    ["判断题", "验电可以不戴手套。", "", 0],
    ["单选题", "选哪个？", "**A.甲**B.乙**C.丙", 2],
    [3, "选哪些？", "**A.甲**B.乙**C.丙", "A,C"],
]


@pytest.fixture
def desk(client, writing, a_signed_in) -> Desk:
    return a_desk_over_http(client, writing, a_signed_in)


def outcomes(counts: dict[str, int]) -> tuple[int, int, int]:
    """Return how many rows were imported, repaired and refused."""
    return counts["imported"], counts["repaired"], counts["refused"]


def test_numbers_that_may_mean_two_things_are_asked_and_never_guessed(desk: Desk) -> None:
    preview = desk.bring(a_workbook(NUMBERS)).json
    path = f"/question-imports/{preview['id']}"

    assert outcomes(preview["counts"]) == (0, 0, 4)
    assert [one["code"] for one in preview["asked"]] == [
        "true_false_numbers",
        "keys_counted_from",
        "kind_3",
    ]
    assert [one["value"] for one in preview["asked"][0]["choices"]] == ["1", "0"]

    meanings = {
        "true_false_numbers": "0",
        "keys_counted_from": "1",
        "kind_3": "multiple_choice",
    }
    said = desk.put(f"{path}/reading", {"meanings": meanings})
    assert said.status_code == 200, said.json
    assert (outcomes(said.json["counts"]), said.json["asked"]) == ((0, 4, 0), [])
    rows = desk.get(f"{path}/rows").json["items"]
    assert [row["draft"]["key"] for row in rows] == [["B"], ["A"], ["B"], ["A", "C"]]

    other = desk.put(f"{path}/reading", {"meanings": meanings | {"true_false_numbers": "1"}})
    assert other.json["counts"] == said.json["counts"]
    rows = desk.get(f"{path}/rows").json["items"]
    assert [row["draft"]["key"] for row in rows[:2]] == [["A"], ["B"]]

    accepted = desk.put(f"{path}/acceptance", {"accepted_only": False}).json
    assert accepted["created_count"] == 4
    late = desk.put(f"{path}/reading", {"meanings": meanings})
    assert late.json["code"] == "import_already_accepted"


@pytest.mark.parametrize(
    "body",
    [
        {"meanings": {"true_false_numbers": "2"}},
        {"meanings": {"anything": "1"}},
        {"meanings": {"kind_x": "true_false"}},
        {"layouts": [{"sheet": "Sheet1", "columns": {"stem": 1}}]},
        {"layouts": [{"sheet": "Sheet1", "columns": {"stem": 1, "key": 200}}]},
        {"layouts": [{"sheet": "Sheet1", "columns": {"stem": 1, "smell": 2}}]},
    ],
)
def test_what_cannot_be_said_of_a_file_is_refused(desk: Desk, body) -> None:
    path = f"/question-imports/{desk.bring(a_workbook(NUMBERS)).json['id']}"

    assert desk.put(f"{path}/reading", body).json["code"] == "invalid"


def test_columns_can_be_moved_in_the_preview(desk: Desk) -> None:
    rows: list[list[Any]] = [
        ["问", "甲项", "乙项", "对的"],
        ["选？", "张三", "李四", "B"],
        ["选谁？", "王五", "赵六", "A"],
    ]
    preview = desk.bring(a_workbook(rows)).json
    path = f"/question-imports/{preview['id']}"
    [sheet] = preview["sheets"]

    assert (sheet["refused"], sheet["layout"]) == (True, None)
    assert sheet["sample"][0] == ["问", "甲项", "乙项", "对的"]

    layout = {
        "sheet": sheet["name"],
        "columns": {"stem": 0, "key": 3},
        "option_columns": [1, 2],
        "header": 0,
    }
    moved = desk.put(f"{path}/reading", {"layouts": [layout]}).json
    assert (moved["counts"]["refused_sheets"], moved["counts"]["repaired"]) == (0, 2)
    assert moved["sheets"][0]["layout"]["option_columns"] == [1, 2]
    strange = desk.put(f"{path}/reading", {"layouts": [layout | {"sheet": "不在"}]})
    assert strange.json["code"] == "mapping_unfit"


def report_of(desk: Desk, import_id: str) -> bytes:
    """Fetch the report of an import as a workbook."""
    reply = desk.get(f"/question-imports/{import_id}/report.xlsx")
    assert reply.status_code == 200, reply.json
    return bytes(reply.data)


def test_the_same_workbook_comes_back_with_its_report_and_can_be_mended(desk: Desk) -> None:
    preview = desk.bring(a_workbook([HEADER, GOOD, MENDED, REFUSED], [["姓名"], ["甲"]])).json

    book = openpyxl.load_workbook(io.BytesIO(report_of(desk, preview["id"])))

    sheet = book["Sheet1"]
    assert book.sheetnames == ["Sheet1", "Sheet2"]
    assert [cell.value for cell in sheet["F"]] == [
        "导入结果",
        "可导入：已去掉题号“1”。",
        "已修正：已去掉题号“2”。答案“ab  ”已整理为规范写法。",
        "未通过：已去掉题号“3”。没有答案。",
    ]
    assert sheet["A4"].fill.fgColor.rgb.endswith("F8CBAD")
    assert sheet["A2"].fill.fill_type is None
    assert [cell.value for cell in sheet[2]][:5] == GOOD

    sheet["E4"] = "B"
    del book["Sheet2"]
    mended = io.BytesIO()
    book.save(mended)
    again = desk.bring(mended.getvalue()).json
    assert (outcomes(again["counts"]), again["counts"]["refused_sheets"]) == ((2, 1, 0), 0)
    twice = openpyxl.load_workbook(io.BytesIO(report_of(desk, again["id"])))
    assert twice["Sheet1"]["F4"].value.startswith("可导入")
    assert twice["Sheet1"].max_column == 6


def test_the_report_on_a_text_is_a_list(desk: Desk) -> None:
    preview = desk.bring("1. 甲？\nA. 一 B. 二\n答案：C\n".encode()).json

    sheet = openpyxl.load_workbook(io.BytesIO(report_of(desk, preview["id"]))).active

    assert sheet is not None
    assert [cell.value for cell in sheet[2]][1:3] == [1, "未通过"]


def test_images_of_a_package_are_shown_to_who_is_signed_in(client, desk: Desk) -> None:
    picture = a_picture()
    name = hashlib.sha256(picture).hexdigest()
    preview = desk.bring(a_qti_package(picture)).json
    accepted = desk.put(f"/question-imports/{preview['id']}/acceptance", {"accepted_only": False})
    assert accepted.json["created_count"] == 2

    [one] = [
        question["version"]
        for question in desk.get(f"/questions?bank_id={desk.bank_id}").json["items"]
        if question["version"]["stem_html"]
    ]
    assert f'src="/v1/question-images/{name}"' in one["stem_html"]
    assert f'src="image:{name}"' in one["source"]["stem"]
    assert one["options"][2] == {
        "label": "C",
        "text": "103 Pa",
        "html": "10<sup>3</sup> Pa",
    }
    shown = desk.get(f"/question-images/{name}")
    assert (shown.data, shown.content_type) == (picture, "image/png")
    assert shown.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in shown.headers["Content-Security-Policy"]
    assert client.get(f"/v1/question-images/{name}").status_code == 401
    assert desk.get(f"/question-images/{'0' * 64}").status_code == 404


def test_an_image_is_stored_once_however_many_questions_show_it(app, desk: Desk) -> None:
    picture = a_picture()
    for file in (a_qti_package(picture), a_moodle_quiz(picture).encode()):
        desk.put(
            f"/question-imports/{desk.bring(file).json['id']}/acceptance", {"accepted_only": True}
        )

    listed = desk.get(f"/questions?bank_id={desk.bank_id}").json["items"]
    showing = [one for one in listed if "<img" in (one["version"]["stem_html"] or "")]
    with app.app_context():
        kept = db.session.execute(select(QuestionImage.sha256)).scalars().all()
    assert len(showing) == 2
    assert kept == [hashlib.sha256(picture).hexdigest()]


def test_a_question_is_written_with_a_picture_and_a_formula(client, desk: Desk) -> None:
    picture = a_picture("JPEG")
    name = hashlib.sha256(picture).hexdigest()
    body = {
        "bank_id": str(desk.bank_id),
        "serves": [{"role": "principal"}],
        "kind": "single_choice",
        "format": "html",
        "stem": rf'<p onclick="x()">图中 <b>是</b></p><script>alert(1)</script>'
        rf'<img src="image:{name}" onerror="x()"> \(\frac{{1}}{{2}}\)？'
        r'<img src="https://example.org/spy.png">',
        "options": ["x<sup>2</sup>", "x<sub>2</sub>"],
        "key": ["A"],
    }
    path = f"/questions/{uuid4()}"

    unknown = desk.put(path, body)
    assert (unknown.status_code, unknown.json["code"]) == (422, "image_unknown")
    kept = client.put(f"/v1/question-images/{name}", data=picture, headers=desk.author)
    assert kept.status_code == 204
    written = desk.put(path, body).json["version"]

    assert written["source"]["stem"] == (
        rf'图中 <b>是</b><br><img src="image:{name}"> \(\frac{{1}}{{2}}\)？'
    )
    assert written["stem"] == "图中 是\n〔图〕 \\frac{1}{2}？"
    assert "<math" in written["stem_html"]
    assert (
        '<annotation encoding="application/x-tex">\\frac{1}{2}</annotation>'
        in (written["stem_html"])
    )
    assert written["options"][0]["html"] == "x<sup>2</sup>"
    assert desk.put(path, body).json["version"] == written


def test_a_revision_may_be_dressed_and_undressed(client, desk: Desk) -> None:
    picture = a_picture()
    name = hashlib.sha256(picture).hexdigest()
    client.put(f"/v1/question-images/{name}", data=picture, headers=desk.author)
    question_id = (
        desk.publish_all(a_workbook([HEADER, GOOD]))
        and (desk.get("/questions?text=谁负责").json["items"][0]["id"])
    )
    path = f"/questions/{question_id}"
    dressed = {
        "kind": "single_choice",
        "format": "html",
        "stem": rf'谁<sub>1</sub><img src="image:{name}" onload="x()">？<script>x</script>',
        "options": ["甲", r"乙\(x^2\)"],
        "key": ["A"],
        "explanation": "<em>看图</em>",
    }

    second = desk.put(f"{path}/newest-version", dressed).json["version"]
    plain = {"kind": "single_choice", "stem": "谁<1？", "options": ["甲", "乙"], "key": ["A"]}
    third = desk.put(f"{path}/newest-version", plain).json["version"]

    assert second["number"] == 2
    assert second["source"]["stem"] == f'谁<sub>1</sub><img src="image:{name}">？'
    assert "<math" in second["options"][1]["html"]
    assert second["explanation_html"] == "<em>看图</em>"
    assert (third["stem"], third["stem_html"], third["source"]) == ("谁<1？", None, None)
    changes = desk.get(f"{path}/comparison?before=1&after=2").json
    assert changes
    versions = desk.get(f"{path}/versions").json["versions"]
    assert [one["stem_html"] is None for one in versions] == [True, False, True]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script>1</script></svg>", "image_refused"),
        (b"\x89PNG\r\n\x1a\n" + b"\x00" * 200, "image_refused"),
        (a_picture("BMP"), "image_refused"),
        (b"", "image_refused"),
    ],
)
def test_what_is_no_image_is_not_kept(client, desk: Desk, content: bytes, code: str) -> None:
    name = hashlib.sha256(content).hexdigest()

    reply = client.put(f"/v1/question-images/{name}", data=content, headers=desk.author)

    assert reply.json["code"] == code
    assert desk.get(f"/question-images/{name}").status_code == 404


def test_an_image_stands_under_its_own_hash(client, desk: Desk) -> None:
    reply = client.put(f"/v1/question-images/{'a' * 64}", data=a_picture(), headers=desk.author)

    assert reply.json["code"] == "image_misnamed"
