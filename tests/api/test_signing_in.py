"""A candidate signs in on a phone, stays signed in, and signs out again."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from flask import Flask

from server.auth import doorkeeper, limits, rotation
from server.auth.services import identities
from server.errors import NotSignedIn
from server.policy import Role
from tests.conftest import SigningIn
from tests.databases import Statements
from tests.factories.auth import PASSWORD, a_grant, an_account
from tests.moments import NOON, Clock

Writing = Callable[[], AbstractContextManager[None]]

PHONE = str(UUID(int=71))
NEW = "three herons at dusk"


@pytest.fixture(autouse=True)
def _wang(writing: Writing):
    with writing():
        a_grant(an_account(phone="13987654321"), Role.ANALYST)


def sign_in(client: Any, **changes: Any) -> Any:
    """Ask to sign in."""
    body = {"sign_in_name": "wang", "password": PASSWORD, "device_id": PHONE, **changes}
    return client.post("/v1/sign-in", json=body)


def bearer(tokens: dict[str, Any]) -> dict[str, str]:
    """The headers of somebody with these tokens."""
    return {"Authorization": f"Bearer {tokens['access_token']}"}


def refresh(client: Any, tokens: dict[str, Any], device_id: str = PHONE) -> Any:
    """Ask for new tokens."""
    body = {"refresh_token": tokens["refresh_token"], "device_id": device_id}
    return client.post("/v1/refresh", json=body)


def test_a_phone_signs_in_works_refreshes_and_signs_out(client: Any, the_clock: Clock):
    tokens = sign_in(client, device_name="红米").json
    assert tokens["now"] == NOON.isoformat()
    assert tokens["access_expires_at"] == (NOON + timedelta(minutes=10)).isoformat()

    me = client.get("/v1/me", headers=bearer(tokens)).json
    assert (me["name"], me["sign_in_name"]) == ("王建国", "wang")
    assert me["grants"] == [
        {
            "role": "analyst",
            "scope": {"everywhere": True, "organisation_paths": [], "region_paths": []},
        }
    ]
    assert me["permissions"] == [
        "use_own_file",
        "practise",
        "sit_exams",
        "see_organisations",
        "see_training",
        "see_coverage",
        "act_on_coverage",
    ]

    the_clock.move(timedelta(minutes=10))
    expired = client.get("/v1/me", headers=bearer(tokens))
    assert (expired.status_code, expired.json["code"]) == (401, "token_expired")
    tokens = refresh(client, tokens).json
    (device,) = client.get("/v1/me/devices", headers=bearer(tokens)).json["items"]
    assert (device["id"], device["name"]) == (tokens["sid"], "红米")

    assert client.put("/v1/me/sign-out", headers=bearer(tokens)).status_code == 204
    the_clock.move(identities.FRESH_FOR)
    assert client.get("/v1/me", headers=bearer(tokens)).json["code"] == "not_signed_in"
    assert refresh(client, tokens).json["code"] == "refresh_refused"


def test_a_lost_reply_costs_nothing_and_a_stolen_token_costs_the_device(
    client: Any, the_clock: Clock
):
    first = sign_in(client).json
    lost = refresh(client, first).json
    the_clock.move(timedelta(seconds=3))
    again = refresh(client, first).json
    assert again["refresh_token"] == lost["refresh_token"]

    the_clock.move(rotation.LEEWAY)
    stolen = refresh(client, first)
    assert (stolen.status_code, stolen.json["code"]) == (401, "refresh_reused")

    the_clock.move(identities.FRESH_FOR)
    assert client.get("/v1/me", headers=bearer(again)).status_code == 401
    assert refresh(client, again).json["code"] == "refresh_refused"


@pytest.mark.parametrize("change", [{"password": "wrong"}, {"sign_in_name": "nobody"}])
def test_a_refusal_does_not_say_whether_there_is_such_an_account(
    client: Any, change: dict[str, str]
):
    refused = sign_in(client, **change)

    assert refused.status_code == 401
    assert refused.json["code"] == "wrong_credentials"
    assert refused.json["detail"] == "登录名或密码错误。"
    assert "facts" not in refused.json


def test_guessing_is_told_to_wait_and_a_known_phone_is_not(client: Any):
    sign_in(client)
    for _ in range(limits.FREE_TRIES):
        sign_in(client, password="wrong", device_id=str(uuid4()))
    waiting = sign_in(client, password="wrong", device_id=str(uuid4()))

    assert waiting.status_code == 429
    assert waiting.json["code"] == "too_many_tries"
    assert waiting.headers["Retry-After"] == "2"
    assert sign_in(client).status_code == 200


def test_a_failed_try_is_counted_although_it_is_refused(client: Any):
    answers = [sign_in(client, password="wrong").status_code for _ in range(7)]

    assert answers == [401] * limits.FREE_TRIES + [429] * 2


def test_a_password_is_changed_and_other_devices_are_signed_out(client: Any, the_clock: Clock):
    other = sign_in(client, device_id=str(uuid4())).json
    here = sign_in(client).json
    bad = {"password": PASSWORD, "new_password": "password123"}
    refused = client.put("/v1/me/password", json=bad, headers=bearer(here))
    assert refused.status_code == 422
    assert list(refused.json["errors"]) == ["new_password"]

    good = {"password": PASSWORD, "new_password": NEW}
    assert client.put("/v1/me/password", json=good, headers=bearer(here)).status_code == 204

    the_clock.move(identities.FRESH_FOR)
    assert client.get("/v1/me", headers=bearer(here)).status_code == 200
    assert client.get("/v1/me", headers=bearer(other)).status_code == 401
    assert sign_in(client).status_code == 401
    assert sign_in(client, password=NEW).status_code == 200


def test_a_lost_phone_is_signed_out_from_another_one(client: Any, the_clock: Clock):
    lost = sign_in(client, device_id=str(uuid4())).json
    here = sign_in(client).json

    path = f"/v1/me/devices/{lost['sid']}/sign-out"
    assert client.put(path, headers=bearer(here)).status_code == 204
    the_clock.move(identities.FRESH_FOR)
    assert client.get("/v1/me", headers=bearer(lost)).status_code == 401
    assert client.put(path, headers=bearer(here)).status_code == 204

    assert client.put("/v1/me/devices/sign-out", headers=bearer(here)).status_code == 204
    the_clock.move(identities.FRESH_FOR)
    assert client.get("/v1/me", headers=bearer(here)).status_code == 401


def test_nobody_signs_out_a_strangers_device(client: Any, a_signed_in: SigningIn):
    mine = sign_in(client).json
    stranger = a_signed_in().headers

    refused = client.put(f"/v1/me/devices/{mine['sid']}/sign-out", headers=stranger)

    assert refused.json["code"] == "not_found"


@pytest.mark.parametrize(
    "header",
    ["", "Bearer", "Bearer ", "Basic d2FuZzp4", "Bearer rubbish", "Bearer a.b.c", "Token x"],
)
def test_what_is_no_token_of_ours_is_nobody(client: Any, header: str):
    refused = client.get("/v1/me", headers={"Authorization": header})

    assert refused.status_code == 401
    assert refused.headers["WWW-Authenticate"] == "Bearer"


@pytest.mark.parametrize(
    "change",
    [
        {"password": None},
        {"password": 7},
        {"password": "x" * 513},
        {"device_id": "phone"},
        {"sign_in_name": ["wang"]},
        {"more": 1},
    ],
)
def test_a_request_of_another_shape_is_invalid(client: Any, change: dict[str, Any]):
    refused = sign_in(client, **change)

    assert (refused.status_code, refused.json["code"]) == (422, "invalid")
    assert PASSWORD not in refused.text


def test_guarding_a_request_costs_no_statement_while_the_knowledge_is_fresh(
    client: Any, count_statements: Callable[[], AbstractContextManager[Statements]]
):
    tokens = sign_in(client).json
    path = "/v1/me/devices"
    with count_statements() as cold:
        client.get(path, headers=bearer(tokens))
    with count_statements() as warm:
        client.get(path, headers=bearer(tokens))

    assert (len(cold), len(warm)) == (2, 1)


def test_a_request_that_nobody_signed_has_no_device(app: Flask):
    with app.test_request_context("/v1/me"), pytest.raises(NotSignedIn):
        doorkeeper.sid()


def test_no_reply_about_tokens_is_kept_by_a_cache(client: Any):
    assert sign_in(client).headers["Cache-Control"] == "no-store"
