"""Another system gets a token, asks who may work, changes its secret, spends its quota."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import jwt
import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from server.config import Config
from server.db import db
from server.exchange.terms import Ability, PersonField, Purpose
from server.people.roster import PostRole
from server.people.services import numbers
from server.policy import Role
from server.regions.models import Region
from tests.api.conftest import Headers
from tests.conftest import SigningIn
from tests.factories.certificates import a_certificate, an_issuer
from tests.factories.exchange import SECRET, an_agreement, token_headers
from tests.factories.lives import an_induction
from tests.factories.organisations import an_organisation
from tests.factories.people import a_person, a_post
from tests.factories.regions import a_county
from tests.moments import Clock

WELDER = PostRole.SPECIAL_OPERATIONS_WORKER
Writing = Callable[[], AbstractContextManager[None]]


@pytest.fixture
def plant(writing: Writing) -> dict[str, Any]:
    """Store a plant with one who may work and one who may not, and a system that asks of it."""
    with writing():
        works = an_organisation(name="某电厂")
        ready, idle = a_person(works), a_person(works)
        for each in (ready, idle):
            a_post(each, works, role=WELDER, items=("1.2",))
            an_induction(each, works)
        a_certificate(ready, an_issuer())
        region = db.session.get_one(Region, works.region_id)
        made = an_agreement(region, fields=[PersonField.NAME])
        return {
            "works": works.id,
            "region": region.id,
            "ready": ready.id,
            "idle": idle.id,
            "number": numbers.opened(ready),
            "agreement": made,
        }


@pytest.fixture
def headers(plant: dict[str, Any], config: Config) -> Headers:
    return token_headers(plant["agreement"], config)


def basic(agreement_id: UUID | str, secret: str) -> Headers:
    """Return the header by which a system shows its secret."""
    words = b64encode(f"{agreement_id}:{secret}".encode()).decode()
    return {"Authorization": f"Basic {words}"}


def asked_token(client: FlaskClient, headers: Headers, **form: str) -> TestResponse:
    """Ask for a token."""
    form = {"grant_type": "client_credentials", **form}
    return client.post("/v1/oauth/token", data=form, headers=headers)


def test_a_system_is_agreed_with_gets_a_token_and_changes_its_secret_without_a_gap(
    client: FlaskClient, plant: dict[str, Any], a_signed_in: SigningIn, the_clock: Clock
) -> None:
    keeper = a_signed_in(Role.ADMINISTRATOR, region_id=plant["region"]).headers
    url = f"/v1/exchange-agreements/{uuid4()}"
    agreed = {
        "organisation_id": str(plant["works"]),
        "region_id": str(plant["region"]),
        "name": "某工地实名制系统",
        "purpose": "site_admission",
        "abilities": ["lookup"],
        "fields": ["name"],
        "daily_quota": 1000,
        "valid_from": "2026-06-15",
        "valid_until": "2026-12-31",
        "document": "某协〔2026〕2号",
        "contact": "信息科",
    }
    over = client.put(url, json=agreed | {"fields": ["document"]}, headers=keeper).get_json()
    assert (over["code"], over["facts"]) == ("purpose_forbids", {"what": "document"})
    backwards = client.put(url, json=agreed | {"valid_until": "2026-06-15"}, headers=keeper)
    assert backwards.get_json()["code"] == "agreement_days_wrong"
    made = client.put(url, json=agreed, headers=keeper)
    assert client.put(url, json=agreed, headers=keeper).get_json() == made.get_json()
    assert client.put(url, json=agreed | {"name": "x"}, headers=keeper).status_code == 409
    client_id = made.get_json()["id"]

    first = client.put(f"{url}/secrets/{uuid4()}", headers=keeper).get_json()
    old = basic(client_id, first["client_secret"])
    token = asked_token(client, old, scope="lookup").get_json()
    assert (token["token_type"], token["scope"], token["expires_in"]) == ("Bearer", "lookup", 600)

    own = {"Authorization": f"Bearer {token['access_token']}"}
    second = client.put(f"/v1/exchange/secrets/{uuid4()}", headers=own).get_json()
    new = basic(client_id, second["client_secret"])
    assert [asked_token(client, each).status_code for each in (old, new)] == [200, 200]
    ended = f"/v1/exchange/secrets/{first['id']}/ending"
    assert client.put(ended, headers=own).status_code == 200
    assert [asked_token(client, each).status_code for each in (old, new)] == [401, 200]
    last = client.put(f"/v1/exchange/secrets/{second['id']}/ending", headers=own)
    assert last.get_json()["code"] == "last_secret"
    shown = client.get(f"{url}/secrets", headers=keeper).get_json()["items"]
    standing = {one["id"] for one in shown if one["ends_at"] is None}
    assert (len(shown), standing) == (2, {second["id"]})
    assert not any("secret" in name for one in shown for name in one)

    assert client.get("/v1/exchange/agreement", headers=own).get_json()["id"] == client_id
    client.put(f"{url}/ending", json={"reason": "项目竣工"}, headers=keeper)
    assert client.get("/v1/exchange/agreement", headers=own).get_json()["code"] == "agreement_over"
    assert asked_token(client, new).get_json()["error"] == "invalid_client"


def test_whoever_keeps_another_region_sees_no_agreement(
    client: FlaskClient, plant: dict[str, Any], a_signed_in: SigningIn, writing: Writing
) -> None:
    with writing():
        elsewhere = a_county().id
    other = a_signed_in(Role.ADMINISTRATOR, region_id=elsewhere).headers
    here = a_signed_in(Role.AUDITOR, region_id=plant["region"]).headers
    url = f"/v1/exchange-agreements/{plant['agreement'].id}"

    assert client.get(url, headers=other).status_code == 404
    assert client.get("/v1/exchange-agreements", headers=other).get_json()["items"] == []
    assert client.get(url, headers=here).status_code == 200
    assert client.put(f"{url}/ending", json={"reason": "x"}, headers=here).status_code == 403


@pytest.mark.parametrize(
    ("secret", "form", "error"),
    [
        ("wrong", {}, "invalid_client"),
        (SECRET, {"scope": "lookup everything"}, "invalid_scope"),
        (SECRET, {"grant_type": "password"}, "unsupported_grant_type"),
    ],
)
def test_a_token_is_refused_as_oauth_says(
    client: FlaskClient, plant: dict[str, Any], secret: str, form: dict[str, str], error: str
) -> None:
    refused = asked_token(client, basic(plant["agreement"].id, secret), **form)

    assert refused.status_code in (400, 401)
    assert refused.content_type == "application/json"
    assert (refused.get_json()["error"], refused.get_json()["code"]) == (error, error)


def test_nobody_passes_for_a_system_nor_a_system_for_somebody(
    client: FlaskClient, headers: Headers, a_signed_in: SigningIn, the_clock: Clock
) -> None:
    person = a_signed_in(*Role).headers

    assert client.get("/v1/exchange/usage", headers=person).status_code == 401
    assert client.get("/v1/me/disclosures", headers=headers).status_code == 401
    assert client.get("/v1/exchange/usage").get_json()["code"] == "not_signed_in"
    the_clock.move(timedelta(minutes=10))
    late = client.get("/v1/exchange/usage", headers=headers).get_json()
    assert late["code"] == "system_token_refused"


def test_a_system_asks_who_may_work_and_the_people_see_that_it_asked(
    client: FlaskClient, plant: dict[str, Any], headers: Headers, a_signed_in: SigningIn
) -> None:
    here = {"organisation_id": str(plant["works"])}
    items = [
        {"document_number": plant["number"], "item": "1.2", **here},
        {"person_id": str(plant["idle"]), **here},
        {"document_number": plant["number"], "role": "principal", **here},
        {"document_number": "11010519491231002X", **here},
    ]

    reply = client.post("/v1/exchange/work-lookups", json={"items": items}, headers=headers)
    found = reply.get_json()

    assert [one["may_work"] for one in found["items"]] == [True, False, False, False]
    assert [one["person_id"] for one in found["items"]] == [
        str(plant["ready"]),
        str(plant["idle"]),
        None,
        None,
    ]
    assert found["items"][1]["reasons"][0]["code"] == "certificate_missing"
    # Nobody at all, and somebody without such a post here, are answered alike.
    assert found["items"][2] == found["items"][3]
    assert plant["number"] not in reply.text

    (key,) = client.get("/v1/coverage-exchange-keys").get_json()["keys"]
    said = jwt.decode(
        found["statement"],
        jwt.PyJWK(key).key,
        algorithms=["ES256"],
        audience=str(plant["agreement"].id),
        options={"verify_exp": False, "verify_iat": False},
    )
    assert [one["may_work"] for one in said["answers"]] == [True, False, False, False]
    assert said["exp"] - said["iat"] == 300

    own = a_signed_in(person_id=plant["ready"]).headers
    (told,) = client.get("/v1/me/disclosures", headers=own).get_json()["items"]
    assert (told["name"], told["ability"], told["times"]) == ("某省监管系统", "lookup", 1)
    usage = client.get("/v1/exchange/usage", headers=headers).get_json()
    assert [(one["ability"], one["units"]) for one in usage["items"]] == [("lookup", 4)]
    keeper = a_signed_in(Role.AUDITOR, region_id=plant["region"]).headers
    seen = client.get(f"/v1/exchange-agreements/{plant['agreement'].id}/usage", headers=keeper)
    assert seen.get_json() == usage


def test_one_answer_may_be_kept_for_a_while_and_asked_for_by_its_mark(
    client: FlaskClient, plant: dict[str, Any], headers: Headers, the_clock: Clock
) -> None:
    url = f"/v1/exchange/people/{plant['ready']}/work-permission?organisation_id={plant['works']}"

    reply = client.get(url, headers=headers)

    assert reply.get_json()["items"][0]["may_work"] is True
    assert reply.headers["Cache-Control"] == "private, max-age=300"
    the_clock.move(timedelta(seconds=40))
    held = {**headers, "If-None-Match": reply.headers["ETag"]}
    again = client.get(url, headers=held)
    assert (again.status_code, again.data) == (304, b"")
    assert again.headers["Cache-Control"] == "private, max-age=260"
    the_clock.move(timedelta(seconds=20))
    assert client.get(url, headers=held).status_code == 200


def test_a_system_sees_nothing_beyond_its_region_and_its_scope(
    client: FlaskClient,
    plant: dict[str, Any],
    writing: Writing,
    config: Config,
    headers: Headers,
) -> None:
    with writing():
        elsewhere = an_organisation().id
        region = db.session.get_one(Region, plant["region"])
        gates = an_agreement(region, Ability.LOOKUP, purpose=Purpose.SITE_ADMISSION, daily_quota=3)
    items = [{"person_id": str(plant["ready"]), "organisation_id": str(elsewhere)}]
    url = "/v1/exchange/work-lookups"
    assert client.post(url, json={"items": items}, headers=headers).status_code == 404

    few = token_headers(gates, config)
    assert client.get("/v1/exchange/feed", headers=few).get_json()["code"] == "outside_agreement"
    items = [{"person_id": str(plant["ready"]), "organisation_id": str(plant["works"])}] * 2
    assert client.post(url, json={"items": items}, headers=few).status_code == 200
    spent = client.post(url, json={"items": items}, headers=few)
    assert (spent.status_code, spent.get_json()["code"]) == (429, "quota_spent")
    assert spent.headers["Retry-After"] == str(12 * 3600 + 1)
    usage = client.get("/v1/exchange/usage", headers=few).get_json()["items"]
    assert [(one["units"], one["refused_count"]) for one in usage] == [(2, 1)]
