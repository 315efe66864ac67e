"""The state of the platform as everybody sees it, and notices of who runs it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Connection, text
from sqlalchemy.exc import OperationalError

from server.app import engine_of
from server.errors import Unavailable
from server.group_commit import Store
from server.policy import Role
from server.regions.services import regions
from tests.conftest import SigningIn
from tests.moments import NOON, Clock

WORDS = {
    "urgency": "trouble",
    "title_zh": "登录较慢",
    "title_en": "Signing in is slow",
    "body_zh": "正在处理，考试不受影响。",
    "body_en": "It is being mended; exams go on.",
    "region_id": None,
    "from_at": NOON.isoformat(),
    "until_at": (NOON + timedelta(hours=2)).isoformat(),
}


def published(
    client: FlaskClient, headers: dict[str, str], notice_id: UUID | None = None, **changed: Any
) -> Any:
    return client.put(f"/v1/notices/{notice_id or uuid4()}", json=WORDS | changed, headers=headers)


def status(client: FlaskClient) -> Any:
    return client.get("/v1/status").get_json()


def titles(client: FlaskClient) -> list[str]:
    return [notice["title_zh"] for notice in status(client)["notices"]]


def test_everybody_sees_a_notice_while_it_stands(
    client: FlaskClient, a_signed_in: SigningIn, the_clock: Clock
) -> None:
    headers = a_signed_in(Role.ADMINISTRATOR).headers
    later = NOON + timedelta(hours=1)
    published(client, headers)
    published(client, headers, title_zh="今夜维护", from_at=later.isoformat())
    assert titles(client) == ["登录较慢"]

    the_clock.move(timedelta(minutes=61))
    assert titles(client) == ["今夜维护", "登录较慢"]

    the_clock.move(timedelta(minutes=61))
    assert titles(client) == []


def test_a_notice_that_is_withdrawn_is_gone_at_once_and_stays_in_the_books(
    client: FlaskClient, a_signed_in: SigningIn
) -> None:
    headers, notice_id = a_signed_in(Role.ADMINISTRATOR).headers, uuid4()
    for _ in range(2):  # sending it again changes nothing
        assert published(client, headers, notice_id).status_code == 200

    for _ in range(2):
        reply = client.put(f"/v1/notices/{notice_id}/withdrawal", headers=headers)
        assert reply.get_json()["withdrawn_at"] == NOON.isoformat()

    assert titles(client) == []
    (kept,) = client.get("/v1/notices", headers=headers).get_json()["items"]
    assert kept["id"] == str(notice_id)


@pytest.mark.parametrize(
    ("changed", "status_code", "code"),
    [
        ({"until_at": NOON.isoformat()}, 422, "notice_ends_first"),
        ({"urgency": "loud"}, 422, "invalid"),
        ({"title_zh": ""}, 422, "invalid"),
        ({"region_id": str(uuid4())}, 404, "not_found"),
    ],
)
def test_an_unfit_notice_is_refused(
    client: FlaskClient,
    a_signed_in: SigningIn,
    changed: dict[str, Any],
    status_code: int,
    code: str,
) -> None:
    reply = published(client, a_signed_in(Role.ADMINISTRATOR).headers, **changed)

    assert (reply.status_code, reply.get_json()["code"]) == (status_code, code)
    assert titles(client) == []


def test_other_words_under_the_same_id_are_refused(
    client: FlaskClient, a_signed_in: SigningIn
) -> None:
    headers, notice_id = a_signed_in(Role.ADMINISTRATOR).headers, uuid4()
    published(client, headers, notice_id)

    reply = published(client, headers, notice_id, title_zh="别的")

    assert (reply.status_code, reply.get_json()["code"]) == (409, "id_taken")


def test_who_runs_a_county_speaks_to_that_county_only(
    furnished: Flask, client: FlaskClient, a_signed_in: SigningIn
) -> None:
    del furnished
    county, neighbour = regions.id_of("371302"), regions.id_of("371311")
    headers = a_signed_in(Role.ADMINISTRATOR, region_id=county).headers

    answers = [
        published(client, headers, region_id=None if place is None else str(place)).status_code
        for place in (county, neighbour, None)
    ]

    assert answers == [200, 404, 404]
    (shown,) = status(client)["notices"]
    assert shown["region_name"] == "兰山区"


@pytest.mark.parametrize("role", [Role.PLANNER, Role.AUDITOR, Role.WORKER])
def test_nobody_else_publishes(client: FlaskClient, a_signed_in: SigningIn, role: Role) -> None:
    assert published(client, a_signed_in(role).headers).status_code == 403
    assert client.get("/v1/notices", headers=a_signed_in(role).headers).status_code == 403


def test_trouble_with_commits_is_told_for_a_minute(app: Flask, client: FlaskClient) -> None:
    def fail(_connection: Connection, _wishes: Sequence[int]) -> list[int]:
        raise OperationalError("COMMIT", {}, Exception("disk full"))

    writer = app.extensions["group_commit"]
    writer._troubled_at = float("-inf")
    assert status(client)["state"] == "working"

    with pytest.raises(Unavailable):
        writer.submit(Store("status", fail), 1)

    assert status(client)["state"] == "delayed"
    assert not writer.was_troubled(within=0)
    writer._troubled_at = float("-inf")


def test_without_its_table_or_database_it_says_that_it_is_down(
    app: Flask, client: FlaskClient
) -> None:
    with engine_of(app).begin() as connection:
        connection.execute(text("ALTER TABLE notice RENAME TO notice_gone"))
    try:
        reply = client.get("/v1/status")
        assert reply.status_code == 200
        assert reply.get_json()["state"] == "down"
        assert reply.headers["Cache-Control"] == "public, max-age=10"
    finally:
        with engine_of(app).begin() as connection:
            connection.execute(text("ALTER TABLE notice_gone RENAME TO notice"))
