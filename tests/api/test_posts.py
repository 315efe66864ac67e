"""Posts over HTTP: entered, ended, listed; and whole rosters at once."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any
from uuid import UUID, uuid4

import pytest
from flask.testing import FlaskClient

from server.people.views.uploads import WORKBOOK
from server.policy import Role
from server.sheets import workbook
from tests.api.conftest import Headers
from tests.conftest import SigningIn
from tests.factories.organisations import an_organisation
from tests.factories.people import a_number, a_person
from tests.factories.workbooks import HEADER, a_row, a_workbook


@pytest.fixture
def place(writing: Callable[[], AbstractContextManager[None]]) -> UUID:
    with writing():
        return an_organisation().id


@pytest.fixture
def officer(place: UUID, a_signed_in: SigningIn) -> Headers:
    return a_signed_in(Role.ENTERPRISE_SAFETY_OFFICER, organisation_id=place).headers


def test_a_stranger_is_taken_on_and_leaves_again(
    client: FlaskClient,
    place: UUID,
    officer: Headers,
    writing: Callable[[], AbstractContextManager[None]],
) -> None:
    number, post = a_number(), uuid4()
    with writing():
        person = a_person(number=number).id
    body: dict[str, Any] = {
        "person_id": str(person),
        "organisation_id": str(place),
        "role": "special_operations_worker",
        "items": ["1.2"],
        "from_on": "2026-01-01",
    }
    url = f"/v1/posts/{post}"

    assert client.put(url, json=body, headers=officer).status_code == 404
    made = client.put(url, json={**body, "document_number": number}, headers=officer)
    assert (made.status_code, made.get_json()["until_on"]) == (200, None)
    assert client.get(f"/v1/people/{person}", headers=officer).status_code == 200
    assert client.put(url, json=body, headers=officer).status_code == 200

    ended = client.put(f"{url}/end", json={"until_on": "2026-06-01"}, headers=officer)
    assert ended.get_json()["until_on"] == "2026-06-01"
    again = client.put(f"{url}/end", json={"until_on": "2026-06-02"}, headers=officer)
    assert (again.status_code, again.get_json()["code"]) == (409, "post_ended")

    def held(on: str) -> list[str]:
        reply = client.get(f"/v1/posts?organisation_id={place}&on={on}", headers=officer)
        return [one["id"] for one in reply.get_json()["items"]]

    assert held("2026-05-31") == [str(post)]
    assert held("2026-06-01") == []
    assert client.get(url, headers=officer).get_json()["items"] == ["1.2"]


def send(client: FlaskClient, headers: Headers, url: str, content: bytes) -> Any:
    return client.put(url, data=content, headers={**headers, "Content-Type": WORKBOOK})


def test_a_roster_is_tried_and_then_entered(
    client: FlaskClient, place: UUID, officer: Headers
) -> None:
    good, url = a_number(), f"/v1/organisations/{place}/roster-imports/{uuid4()}"
    content = a_workbook(a_row(good), a_row(1.101011990030746e17))

    trial = send(client, officer, url, content).get_json()
    assert (trial["stored"], trial["accepted_count"], trial["refused_count"]) == (False, 1, 1)
    assert "文本格式" in trial["rows"][1]["complaints"][0]["detail"]
    assert client.get("/v1/people", headers=officer).get_json()["items"] == []

    entered = send(client, officer, f"{url}?store=true", content).get_json()
    assert [row["outcome"] for row in entered["rows"]] == ["accepted", "refused"]
    people = client.get("/v1/people", headers=officer).get_json()["items"]
    assert [one["id"] for one in people] == [entered["rows"][0]["person_id"]]

    again = send(client, officer, f"{url}?store=true", content).get_json()
    assert again["rows"][0]["known"]
    assert len(client.get("/v1/people", headers=officer).get_json()["items"]) == 1


def test_the_same_workbook_comes_back_with_what_became_of_each_row(
    client: FlaskClient, place: UUID, officer: Headers
) -> None:
    url = f"/v1/organisations/{place}/roster-imports/{uuid4()}?as_workbook=true"
    content = a_workbook(a_row(a_number()), a_row(1.101011990030746e17))

    reply = send(client, officer, url, content)

    rows = workbook.first_sheet(reply.data)
    assert [row[: len(HEADER)] for row in rows] == list(workbook.first_sheet(content))
    assert [row[len(HEADER)] for row in rows[1:3]] == ["导入结果", "可导入"]
    assert "文本格式" in str(rows[3][len(HEADER)])
    assert client.get("/v1/people", headers=officer).get_json()["items"] == []


def test_what_is_no_roster_is_refused(client: FlaskClient, place: UUID, officer: Headers) -> None:
    url = f"/v1/organisations/{place}/roster-imports/{uuid4()}"

    broken = send(client, officer, url, b"PK\x03\x04 nothing")
    assert (broken.status_code, broken.get_json()["code"]) == (422, "sheet_unreadable")
    text = client.put(url, data=b"name", headers={**officer, "Content-Type": "text/csv"})
    assert text.status_code == 415
