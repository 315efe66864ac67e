"""A page in a browser stays signed in by a cookie that none of its scripts can read."""

from __future__ import annotations

from datetime import timedelta
from http.cookies import SimpleCookie
from typing import Any
from uuid import UUID

import pytest

from server.auth import doorkeeper, rotation
from server.policy import Role
from tests.factories.auth import PASSWORD, a_grant, an_account
from tests.moments import Clock

PHONE = str(UUID(int=71))


@pytest.fixture(autouse=True)
def _wang(writing: Any) -> None:
    with writing():
        a_grant(an_account(), Role.ANALYST)


def _sign_in(client: Any, **changes: Any) -> Any:
    body = {"sign_in_name": "wang", "password": PASSWORD, "device_id": PHONE, **changes}
    return client.post("/v1/sign-in", json=body)


def _refresh(client: Any, **body: Any) -> Any:
    return client.post("/v1/refresh", json={"device_id": PHONE, **body})


def _cookie(reply: Any) -> Any:
    return SimpleCookie(reply.headers["Set-Cookie"])[doorkeeper.COOKIE]


def test_the_refresh_token_comes_in_a_cookie_for_one_address_and_no_script(client: Any):
    reply = _sign_in(client, refresh_in_cookie=True)

    assert reply.json["refresh_token"] is None
    found = _cookie(reply)
    assert found.value
    assert found.value not in reply.get_data(as_text=True)
    assert (found["path"], found["samesite"], found["httponly"]) == ("/v1/refresh", "Strict", True)
    assert int(found["max-age"]) == timedelta(days=30).total_seconds()


def test_whoever_did_not_ask_for_a_cookie_gets_none(client: Any):
    assert "Set-Cookie" not in _sign_in(client).headers


def test_over_tls_the_cookie_never_leaves_on_a_plain_network(client: Any):
    body = {"sign_in_name": "wang", "password": PASSWORD, "device_id": PHONE}

    reply = client.post(
        "/v1/sign-in", json={**body, "refresh_in_cookie": True}, base_url="https://localhost"
    )

    assert _cookie(reply)["secure"] is True


def test_a_page_refreshes_by_its_cookie_again_and_again(client: Any, the_clock: Clock):
    first = _cookie(_sign_in(client, refresh_in_cookie=True)).value

    the_clock.move(timedelta(minutes=10))
    reply = _refresh(client)
    the_clock.move(timedelta(minutes=10))
    again = _refresh(client)

    assert (reply.status_code, again.status_code) == (200, 200)
    assert (reply.json["refresh_token"], again.json["refresh_token"]) == (None, None)
    assert len({first, _cookie(reply).value, _cookie(again).value}) == 3
    headers = {"Authorization": f"Bearer {again.json['access_token']}"}
    assert client.get("/v1/me", headers=headers).status_code == 200


def test_a_lost_reply_costs_a_page_nothing(client: Any, the_clock: Clock):
    old = _cookie(_sign_in(client, refresh_in_cookie=True)).value
    lost = _cookie(_refresh(client)).value
    the_clock.move(rotation.LEEWAY / 2)
    client.set_cookie(doorkeeper.COOKIE, old, path=doorkeeper.COOKIE_PATH)

    assert _cookie(_refresh(client)).value == lost


def test_without_cookie_and_token_nobody_is_refreshed(client: Any):
    assert _refresh(client).json["code"] == "refresh_refused"


def test_a_cookie_does_not_follow_the_page_to_another_device(client: Any):
    _sign_in(client, refresh_in_cookie=True)

    stolen = client.post("/v1/refresh", json={"device_id": str(UUID(int=72))})

    assert stolen.json["code"] == "refresh_reused"


def test_signing_out_takes_the_cookie_away(client: Any):
    tokens = _sign_in(client, refresh_in_cookie=True).json
    headers = {"Authorization": f"Bearer {tokens['access_token']}"}

    reply = client.put("/v1/me/sign-out", headers=headers)

    assert (_cookie(reply).value, _cookie(reply)["path"]) == ("", "/v1/refresh")
    assert _refresh(client).json["code"] == "refresh_refused"
