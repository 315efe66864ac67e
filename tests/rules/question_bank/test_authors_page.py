"""Every example on the page for authors is what the page says it is."""

from __future__ import annotations

import json
import re
from pathlib import Path

from question_bank import reading
from question_bank.formats.files import Format
from question_bank.importing.drafts import ACCEPTED
from question_bank.importing.reasons import REASONS
from question_bank.importing.sheets import read_sheets
from question_bank.schemas.imports import QuestionImportReadingIn

PAGE = (Path(__file__).parents[3] / "docs" / "questions.md").read_text("utf-8")
BLOCKS = re.findall(r"```(\w+)\n(.*?)```", PAGE, re.DOTALL)

#: Format and number of questions of each example, in the order of the page.
EXPECTED = [
    (Format.CSV, 3),
    (Format.JSON, 1),
    (Format.JSON, 1),
    (Format.TEXT, 2),
    (Format.GIFT, 2),
    (Format.MOODLE_XML, 1),
    (Format.QTI, 1),
]


def test_every_file_on_the_page_can_be_imported_as_it_stands() -> None:
    found = []
    for name, text in BLOCKS:
        if name == "reading":
            continue
        file = reading.read(text.encode())
        rows = list(read_sheets(file.sheets).rows)
        assert all(row.outcome in ACCEPTED for row in rows), text
        found.append((file.format, len(rows)))

    assert found == EXPECTED


def test_every_reply_on_the_page_is_understood() -> None:
    bodies = [json.loads(text) for name, text in BLOCKS if name == "reading"]

    choices = [QuestionImportReadingIn().load(body) for body in bodies]

    assert choices[0]["meanings"] == {"true_false_numbers": "1"}
    assert choices[1]["layouts"]["Sheet1"]["option_columns"] == [1, 2]


def test_the_page_names_every_format() -> None:
    for name in ("`.xlsx`", "`.csv`", "JSON", "纯文本", "`.docx`", "QTI", "Moodle XML", "GIFT"):
        assert f"| {name} |" in PAGE


class Anything(dict[str, str]):
    """Stands for whatever fact a sentence quotes."""

    def __missing__(self, fact: str) -> str:
        return "…"


def test_the_page_explains_every_sentence_of_a_report() -> None:
    unexplained = [
        code
        for code, (_weight, zh, _en) in REASONS.items()
        if not re.search(rf"^\| {re.escape(zh.format_map(Anything()))} \| [^|]+ \|$", PAGE, re.M)
    ]

    assert unexplained == []
