"""An administrator gives people accounts and roles, within what they hold themselves."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from server.auth.services import identities
from server.policy import Role
from tests.conftest import SigningIn
from tests.factories.auth import a_grant, a_person, an_account, an_organisation
from tests.moments import Clock

Writing = Callable[[], AbstractContextManager[None]]

DEVICE = str(uuid4())
NEW = "three herons at dusk"


@pytest.fixture
def place(writing: Writing) -> dict[str, UUID]:
    """An organisation, a person in it without an account, and somebody mightier in it."""
    with writing():
        organisation = an_organisation()
        mighty = an_account(organisation, sign_in_name="mighty")
        a_grant(mighty, Role.AUDITOR)
        found = {
            "organisation": organisation.id,
            "person": a_person(organisation, "李四").id,
            "outsider": a_person().id,
            "mighty": mighty.id,
        }
    return found


@pytest.fixture
def admin(a_signed_in: SigningIn, place: dict[str, UUID]) -> dict[str, str]:
    """Somebody who administers the organisation."""
    organisation_id = place["organisation"]
    return a_signed_in(Role.ADMINISTRATOR, organisation_id=organisation_id).headers


def create(client: Any, headers: dict[str, str], person_id: UUID, path: str, **changes: Any) -> Any:
    """Ask for an account."""
    body = {"person_id": str(person_id), "sign_in_name": "li.si", **changes}
    return client.put(path, json=body, headers=headers)


def a_path() -> str:
    """Where a new account shall stand."""
    return f"/v1/accounts/{uuid4()}"


def grant_body(place: dict[str, UUID], role: Role, **changes: Any) -> dict[str, Any]:
    """A role beneath the organisation from last month on."""
    return {
        "role": role.value,
        "organisation_id": str(place["organisation"]),
        "from_on": "2026-05-15",
        **changes,
    }


def test_a_person_gets_an_account_a_role_and_works_with_it(
    client: Any, admin: dict[str, str], place: dict[str, UUID], the_clock: Clock
):
    path = a_path()
    made = create(client, admin, place["person"], path)
    assert made.status_code == 200
    assert made.json["account"]["has_first_password"] is True
    first = made.json["first_password"]

    grant_path = f"{path}/grants/{uuid4()}"
    granted = client.put(grant_path, json=grant_body(place, Role.EXAMINER), headers=admin)
    assert granted.status_code == 200

    body = {"sign_in_name": "li.si", "password": first, "device_id": DEVICE}
    assert client.post("/v1/sign-in", json=body).json["code"] == "password_must_be_changed"
    tokens = client.post("/v1/sign-in", json={**body, "new_password": NEW}).json
    theirs = {"Authorization": f"Bearer {tokens['access_token']}"}
    assert "examine" in client.get("/v1/me", headers=theirs).json["permissions"]

    reason = {"reason": "moved to another office"}
    taken = client.put(f"{grant_path}/revocation", json=reason, headers=admin)
    assert taken.json["revoked_because"] == reason["reason"]
    the_clock.move(identities.FRESH_FOR)
    assert "examine" not in client.get("/v1/me", headers=theirs).json["permissions"]
    assert len(client.get(f"{path}/grants", headers=admin).json["items"]) == 1

    closed = client.put(f"{path}/closure", json={"reason": "left"}, headers=admin)
    assert closed.json["closed_at"] is not None
    the_clock.move(identities.FRESH_FOR)
    assert client.get("/v1/me", headers=theirs).status_code == 401


def test_a_first_password_is_shown_once_and_a_forgotten_one_replaced(
    client: Any, admin: dict[str, str], place: dict[str, UUID]
):
    path = a_path()
    first = create(client, admin, place["person"], path).json["first_password"]
    again = create(client, admin, place["person"], path).json["first_password"]
    replaced = client.put(f"{path}/first-password", headers=admin).json["first_password"]

    assert first
    assert again is None
    assert replaced not in (first, None)
    body = {"sign_in_name": "li.si", "device_id": DEVICE, "new_password": NEW}
    old = client.post("/v1/sign-in", json={**body, "password": first})
    assert old.json["code"] == "wrong_credentials"
    new = client.post("/v1/sign-in", json={**body, "password": replaced})
    assert new.status_code == 200


def test_nobody_gains_power_by_managing_accounts(
    client: Any, admin: dict[str, str], place: dict[str, UUID]
):
    mighty = f"/v1/accounts/{place['mighty']}"
    assert client.get(mighty, headers=admin).json["sign_in_name"] == "mighty"

    refused = [
        client.put(f"{mighty}/first-password", headers=admin),
        client.put(f"{mighty}/closure", json={"reason": "x"}, headers=admin),
    ]
    assert {(one.status_code, one.json["code"]) for one in refused} == {(403, "grant_beyond_own")}

    everywhere = grant_body(place, Role.WORKER, organisation_id=None)
    hidden = client.put(f"{mighty}/grants/{uuid4()}", json=everywhere, headers=admin)
    assert hidden.json["code"] == "not_found"


def test_accounts_and_people_beyond_the_scope_are_not_found(
    client: Any, admin: dict[str, str], place: dict[str, UUID], writing: Writing
):
    with writing():
        other = an_account(sign_in_name="other").id
    listed = client.get("/v1/accounts", headers=admin).json["items"]

    assert "other" not in {account["sign_in_name"] for account in listed}
    assert client.get(f"/v1/accounts/{other}", headers=admin).status_code == 404
    assert create(client, admin, place["outsider"], a_path()).status_code == 404
    found = client.get("/v1/accounts?name=mighty", headers=admin).json["items"]
    assert [account["id"] for account in found] == [str(place["mighty"])]


@pytest.mark.parametrize("role", [None, *(role for role in Role if role != Role.ADMINISTRATOR)])
def test_only_administrators_manage_accounts(
    client: Any, a_signed_in: SigningIn, role: Role | None
):
    headers = a_signed_in(*([role] if role else [])).headers

    assert client.get("/v1/accounts", headers=headers).json["code"] == "not_allowed"
    assert client.get("/v1/accounts").json["code"] == "not_signed_in"


def test_a_role_that_ends_stops_counting_on_its_day(
    client: Any, admin: dict[str, str], place: dict[str, UUID], the_clock: Clock
):
    path = a_path()
    first = create(client, admin, place["person"], path).json["first_password"]
    body = grant_body(place, Role.EXAMINER, until_on="2026-06-16")
    assert client.put(f"{path}/grants/{uuid4()}", json=body, headers=admin).status_code == 200
    bad = grant_body(place, Role.EXAMINER, until_on="2026-05-15")
    refused = client.put(f"{path}/grants/{uuid4()}", json=bad, headers=admin)
    assert refused.json["code"] == "grant_span_empty"

    def permissions() -> list[str]:
        wanted = {
            "sign_in_name": "li.si",
            "device_id": DEVICE,
            "password": NEW,
        }
        tokens = client.post("/v1/sign-in", json=wanted).json
        headers = {"Authorization": f"Bearer {tokens['access_token']}"}
        found: list[str] = client.get("/v1/me", headers=headers).json["permissions"]
        return found

    opening = {"sign_in_name": "li.si", "device_id": DEVICE, "password": first}
    client.post("/v1/sign-in", json={**opening, "new_password": NEW})
    assert "examine" in permissions()
    # Noon in Shanghai; the day ends there at 16:00 UTC.
    the_clock.move(timedelta(hours=11, minutes=59))
    assert "examine" in permissions()
    the_clock.move(timedelta(minutes=1))
    assert "examine" not in permissions()


def test_the_roles_of_an_account_are_found_by_what_they_are_and_whether_they_hold(
    client: Any, admin: dict[str, str], place: dict[str, UUID]
) -> None:
    path = a_path()
    create(client, admin, place["person"], path)
    for role, changes in (
        (Role.AUTHOR, {}),
        (Role.REVIEWER, {"until_on": "2026-06-01"}),
        (Role.REVIEWER, {"from_on": "2026-12-01"}),
    ):
        body = grant_body(place, role, **changes)
        reply = client.put(f"{path}/grants/{uuid4()}", json=body, headers=admin)
        assert reply.status_code == 200, reply.json

    def roles(**query: str) -> list[str]:
        items = client.get(f"{path}/grants", query_string=query, headers=admin).json["items"]
        return sorted(one["role"] for one in items)

    assert roles() == ["author", "reviewer", "reviewer"]
    assert roles(in_force="true") == ["author"]
    assert roles(in_force="false") == ["reviewer", "reviewer"]
    assert roles(role="reviewer") == ["reviewer", "reviewer"]
    assert roles(role="reviewer", in_force="true") == []
