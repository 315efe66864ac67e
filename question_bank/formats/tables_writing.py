"""Exports as tables: .xlsx, .csv and JSON, each read again without loss.

A cell is always a text: what begins with `=`, `+`, `-` or `@` is written as a string into a
workbook, and with an apostrophe before it into a .csv. Each row carries the fingerprint of its
content, by which an untouched row is known when it comes back.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Sequence
from typing import Any, Final

import xlsxwriter

from question_bank.content import Content
from question_bank.formats.exported import Export, difficulty_of, markup_of
from question_bank.formats.tables import OWN_FORMAT
from question_bank.importing.written import MARKUP
from question_bank.kinds import LABELS, Kind
from question_bank.markup import IMAGE
from question_bank.pictures import Picture

KIND_NAMES: Final = {
    Kind.TRUE_FALSE: "判断题",
    Kind.SINGLE_CHOICE: "单选题",
    Kind.MULTIPLE_CHOICE: "多选题",
}
HEADER: Final = (
    "题型",
    "题目",
    *(f"选项{label}" for label in LABELS),
    "答案",
    "解析",
    "章节",
    "难度",
    "依据",
    "格式",
    "内容指纹",
)
#: What a spreadsheet would compute, or take for a guard.
_GUARDED: Final = tuple("=+-@'\t\r")
_WIDTHS: Final = {0: 8, 1: 60, 12: 8, 13: 40}


def xlsx(export: Export) -> bytes:
    """Return the questions as a workbook; images stand below each other in a sheet of their own."""
    target = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(target, options) as book:
        book.set_properties({"title": "试题导出", "comments": export.watermark})
        sheet = book.add_worksheet("试题")
        sheet.set_header(f"&L{_plain(export.watermark)}&R&P / &N")
        sheet.freeze_panes(1, 0)
        bold = book.add_format({"bold": True})
        wrapped = book.add_format({"text_wrap": True, "valign": "top"})
        for place, name in enumerate(HEADER):
            sheet.write_string(0, place, name, bold)
            sheet.set_column(place, place, _WIDTHS.get(place, 16), wrapped)
        for number, content in enumerate(export.questions, 1):
            for place, text in enumerate(_row(content, export)):
                if text:
                    sheet.write_string(number, place, text, wrapped)
        _insert_images(book, export)
    return target.getvalue()


def _plain(watermark: str) -> str:
    """The watermark as a header takes it, which is short and gives `&` a meaning."""
    return watermark.replace("&", "&&")[:200]


def _insert_images(book: Any, export: Export) -> None:
    if not export.images:
        return
    sheet = book.add_worksheet("图片")
    sheet.protect()
    for number, (name, picture) in enumerate(sorted(export.images.items())):
        source = {"image_data": io.BytesIO(picture.content), "description": f"image:{name}"}
        sheet.insert_image(number * 12, 0, picture.file_name, source)


def _row(content: Content, export: Export) -> list[str]:
    dressed = markup_of(content)
    is_markup = content.markup is not None
    texts = dressed.options if is_markup else content.options
    key, explanation, difficulty = "", "", ""
    if export.with_keys:
        key = "".join(content.key)
        if content.kind is Kind.TRUE_FALSE:
            key = "正确" if content.key == ("A",) else "错误"
        explanation = (dressed.explanation if is_markup else content.explanation) or ""
        difficulty = difficulty_of(content) or ""
    options = () if content.kind is Kind.TRUE_FALSE else texts
    return [
        KIND_NAMES[content.kind],
        dressed.stem if is_markup else content.stem,
        *(options[place] if place < len(options) else "" for place in range(len(LABELS))),
        key,
        explanation,
        content.topic or "",
        difficulty,
        content.law_citation or "",
        MARKUP if is_markup else "",
        content.fingerprint if export.with_keys else "",
    ]


def guarded(text: str) -> str:
    """Return a cell of a .csv that no spreadsheet computes."""
    return f"'{text}" if text.startswith(_GUARDED) else text


def comma_separated(export: Export) -> bytes:
    """Return the questions as .csv, UTF-8 with its mark, which every spreadsheet understands."""
    target = io.StringIO(newline="")
    writer = csv.writer(target)
    writer.writerow([guarded(export.watermark)])
    writer.writerow(HEADER)
    for content in export.questions:
        writer.writerow([guarded(_with_images(cell, export)) for cell in _row(content, export)])
    return target.getvalue().encode("utf-8-sig")


def _with_images(cell: str, export: Export) -> str:
    def held(name: str) -> str:
        found: Picture | None = export.images.get(name)
        return f"image:{name}" if found is None else found.data_address

    return IMAGE.sub(lambda found: held(found[1]), cell) if "image:" in cell else cell


def as_json(export: Export) -> bytes:
    """Return the questions as JSON of our own, images in it."""
    whole = {
        "format": OWN_FORMAT,
        "watermark": export.watermark,
        "questions": [_object(content, export) for content in export.questions],
        "images": {name: one.data_address for name, one in sorted(export.images.items())},
    }
    return json.dumps(whole, ensure_ascii=False, indent=1).encode()


def _object(content: Content, export: Export) -> dict[str, Any]:
    dressed = content.markup
    options: Sequence[str] = content.options if dressed is None else dressed.options
    question: dict[str, Any] = {
        "kind": content.kind.value,
        "format": "plain" if dressed is None else "html",
        "stem": content.stem if dressed is None else dressed.stem,
        "options": list(options),
        "topic": content.topic,
        "law_citation": content.law_citation,
    }
    if export.with_keys:
        explanation = content.explanation if dressed is None else dressed.explanation
        question |= {
            "key": list(content.key),
            "explanation": explanation,
            "difficulty": difficulty_of(content),
        }
    return question
