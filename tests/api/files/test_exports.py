"""A file that leaves: exported for a purpose, sealed, and checked by anybody."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

import pypdfium2
from flask.testing import FlaskClient
from sqlalchemy import update

from server.db import db
from server.records.models import FileSeal
from tests.api.conftest import Headers
from tests.api.files.conftest import NUMBER, Writing


def exported(
    client: FlaskClient, run_jobs: Callable[[], None], headers: Headers, form: str
) -> tuple[dict[str, Any], bytes]:
    job = uuid4()
    body = {"format": form, "purpose": "个人留存备查"}
    for _ in range(2):
        asked = client.put(f"/v1/me/file-exports/{job}", json=body, headers=headers)
        assert asked.status_code == 200, asked.get_json()
    run_jobs()
    done = client.get(f"/v1/jobs/{job}", headers=headers).get_json()
    assert done["state"] == "done", done
    file = client.get(f"/v1/jobs/{job}/files/{done['result']['file']}", headers=headers)
    return done["result"]["seal"], file.data


def test_an_exported_file_can_be_checked_by_anybody_and_a_changed_byte_shows(
    client: FlaskClient,
    life: dict[str, UUID],
    own: Headers,
    run_jobs: Callable[[], None],
    writing: Writing,
) -> None:
    seal, content = exported(client, run_jobs, own, "json")

    assert NUMBER.encode() not in content
    assert json.loads(content)["person"]["name"] == "王建国"
    for hash_ in (seal["hash"], hashlib.sha256(content).hexdigest()):
        checked = client.get(f"/v1/file-seals/{hash_}")
        assert checked.get_json()["line_count"] == 6
        assert set(checked.get_json()) == {
            "hash",
            "file_hash",
            "sequence",
            "line_count",
            "previous_hash",
            "sealed_at",
        }
    at = content.index("未戴安全帽".encode())
    for forged in (
        content.replace("王建国".encode(), "王建军".encode()),
        content[:at] + bytes([content[at] ^ 1]) + content[at + 1 :],
        content + b" ",
    ):
        digest = hashlib.sha256(forged).hexdigest()
        assert client.get(f"/v1/file-seals/{digest}").status_code == 404
    # A seal that was altered behind everybody's back is no seal any more.
    with writing():
        counted = update(FileSeal).values(line_count=FileSeal.line_count - 1)
        db.session.execute(counted)
    for hash_ in (seal["hash"], hashlib.sha256(content).hexdigest()):
        assert client.get(f"/v1/file-seals/{hash_}").status_code == 404


def test_a_file_leaves_as_pdf_and_as_statements_without_the_number(
    client: FlaskClient, life: dict[str, UUID], own: Headers, run_jobs: Callable[[], None]
) -> None:
    _, pdf = exported(client, run_jobs, own, "pdf")
    with pypdfium2.PdfDocument(pdf) as document:
        text = "".join(page.get_textpage().get_text_range() for page in document)
    for said in ("王建国", "历次安全培训", "年度再培训", "未戴安全帽", "校验值"):
        assert said in text
    assert NUMBER not in text

    _, content = exported(client, run_jobs, own, "xapi")
    statements = json.loads(content)
    assert {one["verb"]["display"]["en"] for one in statements} == {"completed", "earned"}
    for one in statements:
        assert one["actor"]["account"]["name"] == str(life["worker"])
        assert one["version"] == "2.0.0"
