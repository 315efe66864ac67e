"""What holds at every address: problems in two languages, headers, ids, logs, figures, health."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from typing import Any
from uuid import UUID, uuid4

import pytest
import structlog
from flask import Flask
from flask.testing import FlaskClient
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy import Connection, text

from server import observing, problems
from server.app import engine_of
from server.group_commit import Store
from tests.api.conftest import Headers

#: A number with a sound check digit, made of parts so that it stands in no file.
DOCUMENT = "110101" + "19900307" + "7758"


@pytest.fixture
def lines(app: Flask) -> Iterator[list[str]]:
    """Collect the log, each line as it would be written."""
    del app
    written: list[str] = []

    def write(_logger: object, _method: str, event: structlog.typing.EventDict) -> str:
        written.append(json.dumps(event, ensure_ascii=False, default=str))
        raise structlog.DropEvent

    # In place, as loggers that were used before keep the list.
    processors = structlog.get_config()["processors"]
    before = processors.copy()
    processors[:] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.format_exc_info,
        observing.without_documents,
        write,
    ]
    yield written
    processors[:] = before


@pytest.mark.parametrize(
    ("asked", "tongue", "sentence"),
    [
        (None, "zh", "请先登录。"),
        ("zh-CN,zh;q=0.9", "zh", "请先登录。"),
        ("en", "en", "Sign in first."),
        ("en-GB,en;q=0.8", "en", "Sign in first."),
        ("en;q=0.3, zh;q=0.7", "zh", "请先登录。"),
        ("fr", "zh", "请先登录。"),
        ("*", "zh", "请先登录。"),
        (";;;q=zh,,", "zh", "请先登录。"),
    ],
)
def test_a_refusal_is_told_in_the_language_asked_for(
    client: FlaskClient, asked: str | None, tongue: str, sentence: str
) -> None:
    response = client.get("/v1/me", headers={"Accept-Language": asked} if asked else {})

    assert response.content_type == "application/problem+json"
    assert response.headers["Content-Language"] == tongue
    assert response.headers["WWW-Authenticate"] == "Bearer"
    told = json.loads(response.data)
    assert told.pop("request_id") == response.headers["X-Request-Id"]
    assert told == {
        "type": "/docs#problem-not_signed_in",
        "title": "Unauthorized",
        "status": 401,
        "code": "not_signed_in",
        "detail": sentence,
    }


def test_an_address_that_is_not_there_is_a_problem(client: FlaskClient) -> None:
    response = client.get("/v1/nothing-here")

    assert (response.status_code, json.loads(response.data)["code"]) == (404, "not_found")
    assert response.content_type == problems.CONTENT_TYPE


def test_a_method_that_is_not_known_is_told_those_that_are(client: FlaskClient) -> None:
    response = client.delete("/v1/regions")

    assert (response.status_code, json.loads(response.data)["code"]) == (405, "method_not_allowed")
    assert set(response.headers["Allow"].split(", ")) >= {"GET"}
    assert "DELETE" not in response.headers["Allow"]


@pytest.mark.parametrize(
    ("body", "content_type", "status", "code"),
    [
        (b"{", "application/json", 400, "unreadable"),
        (b"a=1", "application/x-www-form-urlencoded", 415, "wrong_media_type"),
        (b"{}", "text/plain", 415, "wrong_media_type"),
        (b"{}", "application/json", 422, "invalid"),
        (b"", "application/json", 422, "invalid"),
        (b" " * 1_000_001, "application/json", 413, "too_large"),
    ],
)
def test_a_body_is_refused_for_what_is_wrong_with_it(
    client: FlaskClient, body: bytes, content_type: str, status: int, code: str
) -> None:
    response = client.post("/v1/sign-in", data=body, content_type=content_type)

    assert (response.status_code, json.loads(response.data)["code"]) == (status, code)


def test_a_wrong_field_is_named_in_both_languages(client: FlaskClient) -> None:
    body = {"sign_in_name": "", "password": 7, "device_id": "x", "surprise": 1}

    def told(tongue: str) -> dict[str, list[str]]:
        response = client.post("/v1/sign-in", json=body, headers={"Accept-Language": tongue})
        errors: dict[str, list[str]] = json.loads(response.data)["errors"]
        return errors

    english, chinese = told("en"), told("zh")
    assert english.keys() == chinese.keys() >= {"password", "device_id", "surprise"}
    assert english["surprise"] == ["Unknown field."]
    assert chinese["surprise"] == ["未知字段。"]
    assert all(re.search("[\u4e00-\u9fff]", one[0]) for one in chinese.values())


def test_a_thousand_wrong_fields_do_not_buy_a_reply_of_megabytes(client: FlaskClient) -> None:
    body = {f"field_{number}" * 30: 1 for number in range(2_000)}

    response = client.post("/v1/sign-in", json=body)

    assert response.status_code == 422
    assert len(response.data) < 50_000


def test_a_broken_server_tells_nothing_of_itself(
    app: Flask, almighty: Headers, lines: list[str]
) -> None:
    def breaks(_token: str, _at: object) -> None:
        raise RuntimeError(f"the number is {DOCUMENT}")

    finder = app.extensions["identity_finder"]
    app.extensions["identity_finder"] = breaks
    try:
        response = app.test_client().get("/v1/me", headers=almighty)
    finally:
        app.extensions["identity_finder"] = finder

    assert (response.status_code, json.loads(response.data)["code"]) == (500, "broken")
    assert b"RuntimeError" not in response.data
    assert any("RuntimeError" in line for line in lines)
    assert not any(DOCUMENT in line for line in lines)


@pytest.mark.parametrize(
    ("asked", "believed"),
    [
        ("abc-123", True),
        ("a" * 64, True),
        ("a" * 65, False),
        ("two words", False),
        ("forged\tline", False),
        ("", False),
    ],
)
def test_every_reply_carries_a_request_id(client: FlaskClient, asked: str, believed: bool) -> None:
    response = client.get("/v1/regions", headers={"X-Request-Id": asked})

    given = response.headers["X-Request-Id"]
    assert (given == asked) is believed
    assert believed or UUID(given)


@pytest.mark.parametrize("path", ["/", "/docs", "/v1/regions", "/v1/nothing", "/web/page.css"])
def test_every_reply_is_dressed_for_browsers(client: FlaskClient, path: str) -> None:
    with client.get(path) as response:
        headers = response.headers

    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert "default-src 'none'" in headers["Content-Security-Policy"]
    assert "unsafe-inline" not in headers["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
    assert headers["Cache-Control"]
    assert "Server" not in headers or "Werkzeug" not in headers["Server"]


def test_what_is_personal_is_kept_by_no_cache(client: FlaskClient, almighty: Headers) -> None:
    response = client.get("/v1/me", headers=almighty)

    assert response.headers["Cache-Control"] == "no-store"


def test_the_log_names_the_rule_and_never_the_address_or_the_number(
    client: FlaskClient, almighty: Headers, lines: list[str]
) -> None:
    secret = uuid4()
    client.get(f"/v1/people/{secret}?x={DOCUMENT}", headers=almighty)
    client.get(f"/v1/people/{DOCUMENT}", headers=almighty)
    client.get(f"/{DOCUMENT}", headers={"User-Agent": DOCUMENT, "X-Request-Id": DOCUMENT})
    client.post("/v1/sign-in", json={"sign_in_name": DOCUMENT, "password": DOCUMENT})

    assert len(lines) == 4
    written = "\n".join(lines)
    assert "/v1/people/<uuid:person_id>" in written
    assert str(secret) not in written
    assert DOCUMENT not in written
    assert almighty["Authorization"].split()[1] not in written


def test_a_number_is_cut_out_of_whatever_is_logged(lines: list[str]) -> None:
    structlog.get_logger("any").warning("seen", text=f"证件 {DOCUMENT}，{DOCUMENT[:-1]}x 等")

    assert json.loads(lines[0])["text"] == "证件 [number]，[number] 等"


def test_figures_are_told_in_the_form_of_prometheus(client: FlaskClient) -> None:
    client.get("/v1/regions")

    response = client.get("/metrics")

    families = {one.name: one for one in text_string_to_metric_families(response.get_data(True))}
    counted = [
        sample
        for sample in families["platform_requests"].samples
        if sample.labels == {"method": "GET", "address": "/v1/regions", "status": "200"}
    ]
    assert response.headers["Content-Type"].startswith("text/plain")
    assert any(one.value >= 1 for one in counted)
    assert {"platform_request_seconds", "platform_request_statements"} <= families.keys()


def test_figures_tell_how_many_wishes_shared_a_commit_and_its_statements(
    app: Flask, client: FlaskClient
) -> None:
    def ask(connection: Connection, wishes: Sequence[int]) -> list[int]:
        for _ in range(2):
            connection.exec_driver_sql("SELECT 1")
        return [*wishes]

    app.extensions["group_commit"].submit(Store("figures", ask), 1)

    lines = client.get("/metrics").get_data(as_text=True).splitlines()
    counted = {line for line in lines if line.startswith("platform_group_")}
    assert 'platform_groups_total{store="figures"} 1.0' in lines
    assert 'platform_group_wishes_total{store="figures"} 1.0' in counted
    assert 'platform_group_statements_total{store="figures"} 2.0' in counted


def test_no_address_of_a_stranger_becomes_a_label(client: FlaskClient) -> None:
    client.open("/v1/no-such-thing-at-all", method="BREW")

    told = client.get("/metrics").get_data(as_text=True)

    assert "no-such-thing-at-all" not in told
    assert "BREW" not in told


def test_a_server_that_lives_and_can_work_says_so(client: FlaskClient) -> None:
    assert client.get("/healthz").get_json() == {"status": "ok"}
    assert client.get("/readyz").get_json() == {"status": "ok"}


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE alembic_version SET version_num = '0001_platform'",
        "DELETE FROM alembic_version",
        "ALTER TABLE alembic_version RENAME TO alembic_version_moved",
    ],
)
def test_a_server_is_not_ready_while_the_schema_is_not_its_own(
    app: Flask, client: FlaskClient, statement: str
) -> None:
    with engine_of(app).begin() as connection:
        found = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
        connection.execute(text(statement))

    try:
        unready, alive = client.get("/readyz"), client.get("/healthz")
    finally:
        with engine_of(app).begin() as connection:
            restore(connection, statement, found)

    assert (unready.status_code, json.loads(unready.data)["code"]) == (503, "unavailable")
    assert unready.headers["Retry-After"]
    assert alive.status_code == 200


def restore(connection: Any, statement: str, found: str | None) -> None:
    """Undo what a test did to the table that says which migration the database stands at."""
    if statement.startswith("ALTER"):
        connection.execute(text("ALTER TABLE alembic_version_moved RENAME TO alembic_version"))
    connection.execute(text("DELETE FROM alembic_version"))
    connection.execute(text("INSERT INTO alembic_version VALUES (:found)"), {"found": found})
