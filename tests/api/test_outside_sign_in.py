"""Somebody signs in by an account that another keeps: found by a verified number, or not at all."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qsl, urlsplit
from uuid import UUID, uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from joserfc.jwk import ECKey
from werkzeug.test import TestResponse

from server import clock
from server.auth.models import Account
from server.config import Config
from server.db import db
from server.federation import commands, talking
from server.people.documents import DocumentType
from server.people.services import numbers
from server.policy import Role
from tests.api.conftest import Headers
from tests.conftest import SigningIn
from tests.factories.auth import PASSWORD, an_account
from tests.factories.people import a_number
from tests.identity_provider import CLIENT_ID, CLIENT_SECRET, MISDEEDS, Provider, changed
from tests.moments import Clock

Writing = Callable[[], AbstractContextManager[None]]

PHONE = str(UUID(int=81))

#: What a browser says that it takes.
CHROMIUM = (
    "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8,"
    "application/signed-exchange;v=b3;q=0.7"
)


@pytest.fixture
def provider(app: Flask, config: Config, monkeypatch: pytest.MonkeyPatch) -> Iterator[Provider]:
    """Serve a provider that the platform may reach."""
    talking.KEPT.forget()
    reaching = config.replaced(webhook_networks=("127.0.0.0/8",), public_url="https://p.example")
    monkeypatch.setitem(app.extensions, "config", reaching)
    with Provider(now=clock.now) as serving:
        yield serving


@pytest.fixture
def number(writing: Writing) -> str:
    """Store somebody with an account; return their number."""
    with writing():
        return somebody("wang")


def somebody(name: str) -> str:
    """Store somebody with an account and a resident identity card; return their number."""
    found = a_number()
    account = an_account(sign_in_name=name)
    kind = account.person.document_type = DocumentType.RESIDENT_IDENTITY_CARD
    for column, value in numbers.closed(account.person_id, kind, found).items():
        setattr(account.person, column, value)
    db.session.flush()
    return found


@pytest.fixture
def door(client: FlaskClient, provider: Provider, almighty: Headers) -> Door:
    """Have the provider believed; return the way to it."""
    url = f"/v1/identity-providers/{uuid4()}"
    made = client.put(url, json=trust(provider), headers=almighty)
    assert made.status_code == 200, made.get_json()
    return Door(client, provider, url)


def trust(provider: Provider, **changes: Any) -> dict[str, Any]:
    """Return what is agreed with the provider."""
    return {
        "issuer": provider.issuer,
        "name_zh": "某省统一身份认证平台",
        "name_en": "Identity platform of a province",
        "client_id": CLIENT_ID,
        "client_secret": CLIENT_SECRET,
        "scope": "profile identity",
        "number_claim": "document_number",
        "verified_claim": "document_number_verified",
        "document": "某协〔2026〕3号",
        **changes,
    }


class Door:
    """The way out to a provider and back, as a browser goes it."""

    def __init__(self, client: FlaskClient, provider: Provider, url: str) -> None:
        self.client, self.provider, self.url = client, provider, url

    def begun(self) -> str:
        """Begin; return where the browser is sent."""
        body = {"provider_id": self.url.rpartition("/")[2], "device_id": PHONE}
        reply = self.client.put(f"/v1/outside-sign-ins/{uuid4()}", json=body)
        return str(reply.get_json()["authorization_url"])

    def back(self, query: dict[str, str]) -> TestResponse:
        """Come back."""
        return self.client.get(f"{self.url}/return", query_string=query)

    def walked(self, number: str | None, **claims: Any) -> TestResponse:
        """Go out, sign in there, and come back."""
        if number is not None:
            claims = {"document_number": number, "document_number_verified": True} | claims
        return self.back(self.provider.signed_in(self.begun(), **claims))

    def refused(self, number: str | None, **claims: Any) -> tuple[str, object]:
        """Do the same; return why it was refused."""
        said = self.walked(number, **claims).get_json()
        return said["code"], said.get("facts", {}).get("reason")


def test_whoever_has_a_verified_number_is_signed_in_and_linked(
    client: FlaskClient, door: Door, number: str, the_clock: Clock
) -> None:
    asked = dict(parse_qsl(urlsplit(door.begun()).query))
    assert asked["redirect_uri"] == f"https://p.example{door.url}/return"
    assert asked["scope"] == "openid profile identity"
    assert number not in str(asked)

    reply = door.walked(number.lower())
    assert (reply.status_code, reply.location) == (302, "/console/?signed-in=outside")
    cookies = reply.headers.getlist("Set-Cookie")
    assert any("refresh_token=" in one and "HttpOnly" in one for one in cookies)
    tokens = client.post("/v1/refresh", json={"device_id": PHONE}).get_json()
    mine = {"Authorization": f"Bearer {tokens['access_token']}"}
    assert client.get("/v1/me", headers=mine).get_json()["sign_in_name"] == "wang"
    (link,) = client.get("/v1/me/outside-identities", headers=mine).get_json()["items"]
    assert link["provider_id"] == door.url.rpartition("/")[2]
    (listed,) = client.get("/v1/identity-providers").get_json()["items"]
    assert listed.keys() == {"id", "name_zh", "name_en"}

    # On another day the same again; on exam day the password does without anybody else.
    the_clock.move(timedelta(hours=2))
    assert door.walked(number).status_code == 302
    door.provider.__exit__()
    talking.KEPT.forget()
    body = {"provider_id": link["provider_id"], "device_id": PHONE}
    silent = client.put(f"/v1/outside-sign-ins/{uuid4()}", json=body)
    assert (silent.status_code, silent.get_json()["code"]) == (502, "provider_unreachable")
    by_password = {"sign_in_name": "wang", "password": PASSWORD, "device_id": PHONE}
    assert client.post("/v1/sign-in", json=by_password).status_code == 200
    door.provider.__enter__()


def test_nobody_is_linked_by_anything_but_a_verified_number(
    client: FlaskClient, door: Door, number: str, writing: Writing
) -> None:
    same_name = {"name": "张伟", "email": "wang@example.org", "preferred_username": "wang"}
    assert door.refused(None, **same_name)[0] == "number_not_verified"
    for unverified in (False, "true", 1, None):
        assert door.refused(number, document_number_verified=unverified) == (
            "number_not_verified",
            None,
        )
    assert door.refused(a_number()) == ("no_account_for_number", None)
    assert "refresh_token" not in str(door.walked(a_number()).headers)

    assert door.walked(number).status_code == 302
    # Another identity with the same number, and the same identity with another's number.
    assert door.refused(number, sub="of-li")[0] == "linked_otherwise"
    with writing():
        another = somebody("li")
    assert door.refused(another)[0] == "linked_otherwise"
    tokens = client.post("/v1/refresh", json={"device_id": PHONE}).get_json()
    mine = {"Authorization": f"Bearer {tokens['access_token']}"}
    unlink = f"/v1/me/outside-identities/{door.url.rpartition('/')[2]}/ending"
    assert client.put(unlink, headers=mine).status_code == 204
    assert client.put(unlink, headers=mine).status_code == 404
    assert door.walked(number, sub="of-li").status_code == 302

    with writing():
        found = db.session.query(Account).filter_by(sign_in_name="wang").one()
        found.closed_at = clock.now()
    assert door.refused(number, sub="of-li") == ("no_account_for_number", None)


def test_a_return_counts_once_in_the_browser_that_went_out(
    app: Flask, client: FlaskClient, door: Door, number: str, the_clock: Clock
) -> None:
    verified = {"document_number": number, "document_number_verified": True}
    query = door.provider.signed_in(door.begun(), **verified)

    def reason(query: dict[str, str], client: FlaskClient = client) -> object:
        reply = client.get(f"{door.url}/return", query_string=query)
        return reply.get_json()["facts"]["reason"]

    # A stranger's browser has no ticket; neither it nor a ticket for another state is enough.
    assert reason(query, app.test_client()) == "ticket"
    assert reason(query | {"state": "x" * 43}) == "state"
    assert reason(query | {"iss": "https://other.example"}) == "issuer"
    assert reason({"state": query["state"], "error": "access_denied"}) == "declined"
    assert door.back(query).status_code == 302
    assert reason(query) == "used"
    # The code of one sign-in does not end another: its verifier is another's.
    spent = door.provider.signed_in(door.begun(), **verified)
    fresh = door.provider.signed_in(door.begun(), **verified)
    assert reason(fresh | {"code": spent["code"]}) == "code"
    late = door.provider.signed_in(door.begun(), **verified)
    the_clock.move(timedelta(minutes=10))
    assert reason(late) == "ticket"
    page = client.get(f"{door.url}/return", query_string=late, headers={"Accept": CHROMIUM})
    assert (page.status_code, "外部登录未通过核验" in page.text) == (403, True)
    with app.app_context():
        the_clock.move(timedelta(hours=2))
        assert commands.SWEEP.run(clock.now()) == 2


def test_no_token_is_believed_that_is_not_of_this_sign_in(door: Door, number: str) -> None:
    believed = []
    for what, misdeed in MISDEEDS.items():
        door.provider.misdeed = misdeed
        if door.refused(number) != ("outside_sign_in_refused", "id_token"):
            believed.append(what)
    assert believed == []

    door.provider.misdeed = changed(aud=[CLIENT_ID, "x"], azp=CLIENT_ID)
    assert door.walked(number).status_code == 302


def test_a_provider_may_change_its_key_and_answer_beside_its_token(
    door: Door, number: str, the_clock: Clock
) -> None:
    assert door.walked(number).status_code == 302
    door.provider.key = ECKey.generate_key("P-256", {"kid": "two"})
    the_clock.move(timedelta(minutes=2))
    assert door.walked(number).status_code == 302

    # Claims may stand where userinfo says them, of the same person only.
    talking.KEPT.forget()
    said = {"document_number": number, "document_number_verified": True}
    door.provider.userinfo = {"sub": "of-zhang", **said}
    assert door.walked(None).status_code == 302
    door.provider.userinfo = {"sub": "of-li", **said}
    assert door.refused(None) == ("outside_sign_in_refused", "userinfo")


def test_who_is_believed_is_decided_by_who_keeps_the_platform(
    client: FlaskClient, provider: Provider, door: Door, almighty: Headers, a_signed_in: SigningIn
) -> None:
    def code(headers: Headers = almighty, url: str | None = None, **changes: Any) -> Any:
        url = url or f"/v1/identity-providers/{uuid4()}"
        said = client.put(url, json=trust(provider, **changes), headers=headers).get_json()
        return said.get("code")

    inward: dict[str, Any] = {"issuer": "http://169.254.169.254/"}
    assert code(**inward) == "channel_unfit"
    assert code(issuer="ftp://somewhere.example") == "channel_unfit"
    assert code() == "id_taken"
    assert code(url=door.url, issuer=f"{provider.issuer}/other") == "id_taken"
    assert code(url=door.url, verified_claim=None) == "claim_unfit"
    assured: dict[str, Any] = {
        "number_claim": "verified_claims.claims.document_number",
        "verified_claim": None,
    }
    assert code(url=door.url, **assured) is None
    planner = a_signed_in(Role.PLANNER).headers
    assert code(planner) == "not_allowed"
    shown = client.get(door.url, headers=almighty).get_json()
    assert CLIENT_SECRET not in str(shown)

    closed = client.put(f"{door.url}/closing", json={"reason": "协议终止"}, headers=almighty)
    assert closed.get_json()["closed_at"] is not None
    assert client.get("/v1/identity-providers").get_json()["items"] == []
    body = {"provider_id": shown["id"], "device_id": PHONE}
    assert client.put(f"/v1/outside-sign-ins/{uuid4()}", json=body).status_code == 404
