"""People over HTTP: registered, found, shown masked, and shown whole for a reason only."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

import pytest
from flask.testing import FlaskClient

from server.policy import Role
from tests.api.conftest import Headers
from tests.conftest import SigningIn
from tests.factories.organisations import an_organisation
from tests.factories.people import a_number, a_person
from tests.factories.photos import a_jpeg, a_png


@dataclass(frozen=True)
class Office:
    """An enterprise, and its safety officer's headers."""

    id: UUID
    headers: Headers


@pytest.fixture
def office(writing: Callable[[], AbstractContextManager[None]], a_signed_in: SigningIn) -> Office:
    with writing():
        place = an_organisation().id
    headers = a_signed_in(Role.ENTERPRISE_SAFETY_OFFICER, organisation_id=place).headers
    return Office(place, headers)


def register(client: FlaskClient, office: Office, person: UUID, number: str, **said: Any) -> Any:
    body = {
        "name": "李娜",
        "registered_under_id": str(office.id),
        "document_type": "resident_identity_card",
        "document_number": number,
        **said,
    }
    return client.put(f"/v1/people/{person}", json=body, headers=office.headers)


def test_a_person_is_registered_once_and_shown_masked(client: FlaskClient, office: Office) -> None:
    person, number = uuid4(), a_number(sequence=2)

    for _ in range(2):
        reply = register(client, office, person, number)
        assert reply.status_code == 200
    shown = client.get(f"/v1/people/{person}", headers=office.headers)

    assert shown.get_json()["document_masked"] == f"100***********{number[-4:]}"
    assert shown.get_json()["sex"] == "female"
    assert "document_number" not in shown.get_json()
    assert number[6:14] not in shown.get_data(as_text=True)
    listed = client.get("/v1/people?name=李", headers=office.headers).get_json()
    assert [one["id"] for one in listed["items"]] == [str(person)]


def test_a_wrong_number_is_refused_by_a_stable_code(client: FlaskClient, office: Office) -> None:
    number = a_number()
    wrong = number[:-1] + ("0" if number[-1] != "0" else "1")

    for sent, code in ((wrong, "check_digit_wrong"), ("123", "document_number_wrong")):
        reply = register(client, office, uuid4(), sent)
        assert (reply.status_code, reply.get_json()["code"]) == (422, code)
        assert sent not in reply.get_data(as_text=True)

    register(client, office, uuid4(), number)
    again = register(client, office, uuid4(), number)
    assert (again.status_code, again.get_json()["code"]) == (409, "document_taken")


def test_a_search_by_number_goes_in_the_body(
    client: FlaskClient, office: Office, a_signed_in: SigningIn
) -> None:
    person, number = uuid4(), a_number()
    register(client, office, person, number)
    stranger = a_signed_in(Role.ENTERPRISE_SAFETY_OFFICER, organisation_id=office.id).headers
    body = {"document_type": "resident_identity_card", "document_number": number}

    found = client.post("/v1/people/document-searches", json=body, headers=stranger)

    assert [one["id"] for one in found.get_json()["items"]] == [str(person)]
    refused = client.get(f"/v1/people?document_number={number}", headers=office.headers)
    assert refused.status_code == 422


def test_a_stranger_finds_somebody_by_number_and_name_only(
    client: FlaskClient,
    office: Office,
    a_signed_in: SigningIn,
    writing: Callable[[], AbstractContextManager[None]],
) -> None:
    number = a_number()
    with writing():
        person = a_person(name="王芳", number=number).id
    body = {"document_type": "resident_identity_card", "document_number": number}

    def search(**more: str) -> list[Any]:
        reply = client.post(
            "/v1/people/document-searches", json={**body, **more}, headers=office.headers
        )
        found: list[Any] = reply.get_json()["items"]
        return found

    assert search() == []
    assert search(name="王方") == []
    assert [one["id"] for one in search(name="王芳")] == [str(person)]
    assert client.get(f"/v1/people/{person}", headers=office.headers).status_code == 404


def test_a_whole_number_needs_a_permission_and_a_reason(
    client: FlaskClient, office: Office, a_signed_in: SigningIn
) -> None:
    person, number = uuid4(), a_number()
    register(client, office, person, number)
    issuer = a_signed_in(Role.ISSUER, organisation_id=office.id).headers
    url = f"/v1/people/{person}/document-disclosures/{uuid4()}"
    body = {"reason": "核对制证信息"}

    assert client.put(url, json=body, headers=office.headers).status_code == 403
    assert client.put(url, json={"reason": ""}, headers=issuer).status_code == 422
    shown = client.put(url, json=body, headers=issuer).get_json()
    assert shown["document_number"] == number

    auditor = a_signed_in(Role.AUDITOR).headers
    entries = client.get("/v1/audit?action=document_disclosed", headers=auditor)
    assert [one["reason"] for one in entries.get_json()["items"]] == ["核对制证信息"]
    assert number not in entries.get_data(as_text=True)


def test_a_photo_is_kept_and_served_by_its_content(client: FlaskClient, office: Office) -> None:
    person = uuid4()
    register(client, office, person, a_number())
    url = f"/v1/people/{person}/photo"
    headers = {**office.headers, "Content-Type": "image/png"}

    assert client.get(url, headers=office.headers).status_code == 404
    kept = client.put(url, data=a_jpeg(), headers=headers).get_json()
    assert kept["media_type"] == "image/jpeg"

    shown = client.get(url, headers=office.headers)
    assert (shown.data, shown.content_type) == (a_jpeg(), "image/jpeg")
    assert shown.headers["ETag"] == f'"{kept["hash"]}"'
    assert shown.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize(
    ("content", "media_type", "status", "code"),
    [
        (a_png(), "text/plain", 415, "wrong_media_type"),
        (b"GIF89a" + bytes(1000), "image/png", 422, "photo_refused"),
        (a_png() + bytes(1_000_000), "image/png", 413, "too_large"),
    ],
)
def test_what_is_no_photo_is_refused(
    client: FlaskClient, office: Office, content: bytes, media_type: str, status: int, code: str
) -> None:
    person = uuid4()
    register(client, office, person, a_number())

    reply = client.put(
        f"/v1/people/{person}/photo",
        data=content,
        headers={**office.headers, "Content-Type": media_type},
    )

    assert (reply.status_code, reply.get_json()["code"]) == (status, code)
