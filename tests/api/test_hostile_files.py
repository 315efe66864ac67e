"""Files made to harm: refused quickly, in little memory, nothing stored, others unaffected."""

from __future__ import annotations

import io
import os
import threading
import time
import zipfile
from collections.abc import Callable
from uuid import uuid4

import pytest
from sqlalchemy import func, select

from load_tests import proc
from question_bank.models import QuestionImage, QuestionImport, QuestionImportFile
from question_bank.services import import_files
from server.db import db
from tests.factories.question_bank import HEADER, a_workbook
from tests.factories.question_desk import Desk, a_desk_over_http
from tests.factories.question_files import (
    a_manifest,
    a_moodle_quiz,
    a_qti2_item,
    a_qti_package,
    packed,
)

#: Seconds and bytes within which a hostile file is refused.
SECONDS, MEMORY = 10, 200_000_000


def in_sheet(old: bytes, new: bytes, **extra: bytes) -> bytes:
    """Return a workbook with a piece of its sheet replaced, and members added."""
    target = io.BytesIO()
    with (
        zipfile.ZipFile(
            io.BytesIO(a_workbook([HEADER, ["", "单选题", "选？", "", "A"]]))
        ) as source,
        zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as package,
    ):
        for name in source.namelist():
            content = source.read(name)
            package.writestr(name, content.replace(old, new, 1) if "sheet1" in name else content)
        for name, content in extra.items():
            package.writestr(name.replace("__", "/"), content)
    return target.getvalue()


def empty_rows(count: int) -> bytes:
    return b"<sheetData>" + b"<row/>" * count


BILLION = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))

HOSTILE: dict[str, tuple[Callable[[], bytes], str]] = {
    "a zip bomb": (
        lambda: packed({"imsmanifest.xml": a_manifest("a.xml"), "a.xml": b" " * 90_000_000}),
        "file_too_large",
    ),
    "a billion laughs": (
        lambda: f'<!DOCTYPE quiz [<!ENTITY l0 "ha">{BILLION}]><quiz>&l9;</quiz>'.encode(),
        "file_unsafe",
    ),
    "laughs in a package": (
        lambda: packed(
            {
                "imsmanifest.xml": a_manifest("a.xml"),
                "a.xml": f'<!DOCTYPE a [<!ENTITY l0 "ha">{BILLION}]><a>&l9;</a>',
            }
        ),
        "file_unsafe",
    ),
    "an entity from outside": (
        lambda: b'<!DOCTYPE quiz [<!ENTITY x SYSTEM "file:///etc/passwd">]><quiz>&x;</quiz>',
        "file_unsafe",
    ),
    "an entity in UTF-16": (
        lambda: packed(
            {
                "imsmanifest.xml": '<?xml version="1.0" encoding="UTF-16"?>'
                '<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>'.encode("utf-16")
            }
        ),
        "file_unsafe",
    ),
    "a macro": (lambda: in_sheet(b"", b"", **{"xl__vbaProject.bin": b"x"}), "file_unsafe"),
    "a link to another workbook": (
        lambda: in_sheet(b"", b"", **{"xl__externalLinks__externalLink1.xml": b"<x/>"}),
        "file_unsafe",
    ),
    "a million empty rows": (
        lambda: in_sheet(b"<sheetData>", empty_rows(1_000_000)),
        "too_many_rows",
    ),
    "a path that leads outside": (
        lambda: packed(
            {"imsmanifest.xml": a_manifest("a.xml"), "../../etc/cron.d/x": "* * * * * root x"}
        ),
        "file_unsafe",
    ),
    "nested elements": (lambda: b"<quiz>" + b"<a>" * 200_000, "file_damaged"),
    "nested lists": (lambda: b"[" * 100_000, "file_damaged"),
}


@pytest.fixture
def desk(client, writing, a_signed_in) -> Desk:
    return a_desk_over_http(client, writing, a_signed_in)


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_is_refused_and_leaves_nothing(desk: Desk, app, name: str) -> None:
    make, code = HOSTILE[name]
    content = make()
    began = time.perf_counter()

    reply = desk.bring(content)

    assert reply.json["code"] == code
    assert time.perf_counter() - began < SECONDS
    # More than that the process that reads it cannot get (`tests/rules/server/test_confined.py`).
    assert import_files.AT_ONCE.memory < MEMORY
    with app.app_context():
        for table in (QuestionImport, QuestionImportFile, QuestionImage):
            assert db.session.execute(select(func.count()).select_from(table)).scalar_one() == 0


def test_who_asks_beside_a_long_reading_is_answered(desk: Desk, app) -> None:
    """Others look and save while a file is being read."""
    rows = [["", "单选题", f"第{n}题选什么？", "A.甲 B.乙 C.丙 D.丁", "A"] for n in range(4_000)]
    content = a_workbook([HEADER, *rows])
    before = set(proc.family(os.getpid()))
    another = {"name": "又一题库", "owner_id": str(desk.owner_id)}
    replies: list[int] = []
    sender = Desk(app.test_client(), desk.owner_id, desk.bank_id, desk.author, desk.reviewer)
    sending = threading.Thread(target=lambda: replies.append(sender.bring(content).status_code))
    sending.start()
    while set(proc.family(os.getpid())) <= before:
        sending.join(0.01)
        assert sending.is_alive(), "the file was read before anybody could ask beside it"

    beside = [
        desk.client.get("/healthz").status_code,
        desk.client.get("/readyz").status_code,
        desk.get(f"/question-banks/{desk.bank_id}").status_code,
        desk.put(f"/question-banks/{uuid4()}", another).status_code,
    ]

    assert sending.is_alive()
    assert beside == [200] * 4
    sending.join()
    assert replies == [200]


def test_a_path_of_an_image_cannot_leave_its_package(desk: Desk) -> None:
    outside = a_qti2_item(image='<img src="../../../../etc/passwd" alt=""/>')
    package = packed({"imsmanifest.xml": a_manifest("items/a.xml"), "items/a.xml": outside})

    preview = desk.bring(package).json
    [row] = desk.get(f"/question-imports/{preview['id']}/rows").json["items"]

    assert row["reasons"][-1]["code"] == "image_refused"


@pytest.mark.parametrize(
    "content", [b"<svg onload='x()'/>", b"MZ\x90\x00", b"\x89PNG\r\n\x1a\n" + b"\x00" * 50]
)
def test_an_image_that_is_none_refuses_its_question(desk: Desk, app, content: bytes) -> None:
    for file in (a_qti_package(content), a_moodle_quiz(content).encode()):
        preview = desk.bring(file).json
        rows = desk.get(f"/question-imports/{preview['id']}/rows?outcome=refused").json["items"]
        assert "image_refused" in [row["reasons"][-1]["code"] for row in rows]
    with app.app_context():
        assert db.session.execute(select(QuestionImage.sha256)).all() == []


def test_a_formula_is_never_computed_and_refuses_its_row(desk: Desk) -> None:
    cell = b'<c r="E2" t="s"><v>'
    formula = b'<c r="E2" t="str"><f>WEBSERVICE("http://x")</f><v>A</v></c><c r="F2" t="s"><v>'
    preview = desk.bring(in_sheet(cell, formula)).json

    [row] = desk.get(f"/question-imports/{preview['id']}/rows").json["items"]

    assert row["outcome"] == "refused"
    assert row["draft"] is None
