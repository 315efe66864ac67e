"""Regions and catalogues over HTTP: open to read, guarded to change."""

from __future__ import annotations

from uuid import uuid4

from flask import Flask
from flask.testing import FlaskClient

from server.policy import Role
from server.regions.services import id_of
from tests.conftest import SigningIn

HANGZHOU, BINJIANG = id_of("330100"), id_of("330108")


def test_anybody_walks_down_the_tree(furnished: Flask, client: FlaskClient) -> None:
    page = client.get("/v1/regions?level=1&limit=40").get_json()
    assert len(page["items"]) == 34
    assert page["next_cursor"] is None

    children = client.get(f"/v1/regions?parent_id={HANGZHOU}").get_json()["items"]
    assert str(BINJIANG) in {child["id"] for child in children}

    region = client.get(f"/v1/regions/{BINJIANG}").get_json()
    assert (region["code"], region["name"], region["level"]) == ("330108", "滨江区", 3)
    above = client.get(f"/v1/regions/{BINJIANG}/ancestors").get_json()
    assert [one["name"] for one in above] == ["浙江省", "杭州市"]

    assert client.get(f"/v1/regions/{uuid4()}").status_code == 404


def test_an_administrator_adds_a_township_once(
    furnished: Flask, client: FlaskClient, a_signed_in: SigningIn
) -> None:
    headers = a_signed_in(Role.ADMINISTRATOR, region_id=BINJIANG).headers
    township = uuid4()
    body = {"code": "330108901", "name": "某街道", "level": 4, "parent_id": str(BINJIANG)}

    for _ in range(2):
        reply = client.put(f"/v1/regions/{township}", json=body, headers=headers)
        assert (reply.status_code, reply.get_json()["name"]) == (200, "某街道")

    taken = client.put(f"/v1/regions/{uuid4()}", json=body, headers=headers)
    assert (taken.status_code, taken.get_json()["code"]) == (409, "division_code_taken")
    elsewhere = {**body, "code": "330106901", "parent_id": str(id_of("330106"))}
    hidden = client.put(f"/v1/regions/{uuid4()}", json=elsewhere, headers=headers)
    assert hidden.status_code == 404


def test_who_does_not_manage_regions_adds_none(
    furnished: Flask, client: FlaskClient, a_signed_in: SigningIn
) -> None:
    body = {"code": "330108901", "name": "某街道", "level": 4, "parent_id": str(BINJIANG)}
    url = f"/v1/regions/{uuid4()}"

    assert client.put(url, json=body).status_code == 401
    headers = a_signed_in(Role.ANALYST).headers
    assert client.put(url, json=body, headers=headers).status_code == 403


def test_the_catalogue_is_that_of_the_day(client: FlaskClient) -> None:
    today = client.get("/v1/operation-items").get_json()
    assert (today["version"], len(today["items"])) == ("2018", 54)

    then = client.get("/v1/operation-items?on=2017-12-31").get_json()
    assert (then["version"], then["from_on"], len(then["items"])) == ("2010", "2010-07-01", 51)

    before = client.get("/v1/operation-items?on=2001-01-01").get_json()
    assert (before["version"], before["items"]) == (None, [])
