"""Questions taken out of a bank: for a purpose, by who may, told to the audit."""

from __future__ import annotations

import io
import zipfile
from typing import Any
from uuid import uuid4

import openpyxl
import pytest
from sqlalchemy import select

from question_bank.services import exports
from server.audit.models import AuditEntry
from server.db import db
from tests.factories.question_bank import GOOD, MENDED, a_file
from tests.factories.question_desk import Desk, a_desk_over_http
from tests.factories.question_files import a_picture, a_qti_package


@pytest.fixture
def desk(client, writing, a_signed_in) -> Desk:
    desk = a_desk_over_http(client, writing, a_signed_in)
    for content in (a_file(GOOD, MENDED), a_qti_package(a_picture())):
        found = desk.bring(content).json["id"]
        desk.put(f"/question-imports/{found}/acceptance", {"accepted_only": True})
    return desk


def wanted(desk: Desk, **changes: Any) -> dict[str, Any]:
    """What an export is asked for with."""
    return {
        "bank_id": str(desk.bank_id),
        "format": "xlsx",
        "with_keys": True,
        "purpose": "年度复核",
    } | changes


def exported(desk: Desk, run_jobs: Any, **changes: Any) -> bytes:
    """Ask for an export as the reviewer, and fetch its file."""
    path = f"/question-exports/{uuid4()}"
    asked = desk.put(path, wanted(desk, **changes), who=desk.reviewer)
    assert asked.status_code == 200, asked.json
    run_jobs()
    job = desk.get(f"/jobs/{asked.json['id']}", who=desk.reviewer).json
    assert job["state"] == "done", job
    [file] = job["files"]
    return bytes(desk.get(f"/jobs/{job['id']}/files/{file['name']}", who=desk.reviewer).data)


@pytest.mark.parametrize("kind", ["xlsx", "csv", "json", "qti", "moodle_xml", "gift"])
def test_an_export_brought_again_creates_nothing(desk: Desk, run_jobs, kind: str) -> None:
    content = exported(desk, run_jobs, format=kind)

    again = desk.bring(content).json

    assert again["format"] == kind
    assert (again["counts"]["duplicate"], again["counts"]["refused"]) == (4, 0)


def test_an_export_is_audited_with_its_purpose_and_carries_its_watermark(
    desk: Desk, run_jobs, app
) -> None:
    book = openpyxl.load_workbook(io.BytesIO(exported(desk, run_jobs)))

    with app.app_context():
        entries = db.session.execute(
            select(AuditEntry).where(AuditEntry.subject_kind == "question_export")
        )
        told = {one.action: one.after or {} for one in entries.scalars()}
    assert told["question_export_asked"]["purpose"] == "年度复核"
    assert told["question_exported"]["count"] == 4
    assert "用途：年度复核" in (book.properties.description or "")
    header = book["试题"].oddHeader
    assert header is not None
    assert "年度复核" in (header.left.text or "")


def test_keys_are_taken_out_only_by_who_may(desk: Desk, run_jobs) -> None:
    path = f"/question-exports/{uuid4()}"

    with_keys = desk.put(path, wanted(desk))
    moodle = desk.put(path, wanted(desk, with_keys=False, format="moodle_xml"))
    without = desk.put(path, wanted(desk, with_keys=False, format="qti"))
    run_jobs()
    packed = desk.get(f"/jobs/{without.json['id']}/files/questions.zip").data

    assert (with_keys.status_code, with_keys.json["code"]) == (403, "keys_not_allowed")
    assert moodle.json["code"] == "format_needs_keys"
    with zipfile.ZipFile(io.BytesIO(packed)) as package:
        items = [package.read(name) for name in package.namelist() if name.startswith("items/")]
    assert len(items) == 4
    assert not any(b"correct-response" in item or b"modal-feedback" in item for item in items)


def test_an_export_is_limited_and_stays_within_scope(
    desk: Desk, monkeypatch, a_signed_in, writing
) -> None:
    monkeypatch.setattr(exports, "MOST", 3)
    path = f"/question-exports/{uuid4()}"
    many = desk.put(path, wanted(desk), who=desk.reviewer)
    other = a_desk_over_http(desk.client, writing, a_signed_in)
    elsewhere = desk.put(path, wanted(desk), who=other.reviewer)
    no_purpose = desk.put(path, wanted(desk, purpose=""), who=desk.reviewer)

    assert (many.json["code"], elsewhere.status_code) == ("too_many_to_export", 404)
    assert no_purpose.json["code"] == "invalid"


def test_the_same_export_asked_twice_is_one(desk: Desk) -> None:
    path = f"/question-exports/{uuid4()}"

    one = desk.put(path, wanted(desk), who=desk.reviewer)
    two = desk.put(path, wanted(desk), who=desk.reviewer)
    other = desk.put(path, wanted(desk, purpose="别的用途"), who=desk.reviewer)

    assert one.json == two.json
    assert other.json["code"] == "id_taken"


def test_cells_that_a_spreadsheet_would_compute_are_texts(desk: Desk, run_jobs) -> None:
    row = ["一", "单选题", "选？", "**A.+1**B.@2**C.-3", "B"]
    found = desk.bring(a_file(row)).json["id"]
    desk.put(f"/question-imports/{found}/acceptance", {"accepted_only": True})

    book = openpyxl.load_workbook(io.BytesIO(exported(desk, run_jobs, topic="一")))
    table = exported(desk, run_jobs, topic="一", format="csv").decode("utf-8-sig")

    cells = [cell for line in book["试题"].iter_rows() for cell in line]
    assert {"+1", "@2", "-3"} <= {cell.value for cell in cells}
    assert all(cell.data_type != "f" for cell in cells)
    assert all(f"'{text}" in table for text in ("+1", "@2", "-3"))
