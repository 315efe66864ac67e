"""Whoever builds another system finds a key, programs that run, and what will go of the API."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient

from server import changes
from server.config import Config, Mode
from server.db import db
from server.exchange.models import ExchangeAgreement
from server.exchange.services import trying
from server.exchange.views.integrators import FILES
from tests.factories.exchange import a_followed_province
from tests.moments import Clock

Writing = Callable[[], AbstractContextManager[None]]


def test_the_page_hands_out_programs_and_says_what_will_go(client: FlaskClient) -> None:
    page = client.get("/integrators")

    assert page.status_code == 200
    for name, path in FILES.items():
        assert f"/integrators/files/{name}" in page.text
        got = client.get(f"/integrators/files/{name}")
        assert (got.data, got.mimetype) == (path.read_bytes(), "text/plain")
    assert client.get("/integrators/files/secrets.py").status_code == 404
    for change in changes.coming().values():
        assert change.path in page.text
    assert 'href="/integrators"' in client.get("/docs").text
    # Nothing is handed out where no demonstration is loaded.
    assert 'id="try"' not in page.text
    assert client.put(f"/v1/try-out-systems/{uuid4()}").status_code == 404


def test_a_key_for_trying_out_opens_demonstration_data_for_a_week(
    app: Flask,
    client: FlaskClient,
    config: Config,
    writing: Writing,
    the_clock: Clock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(app.extensions, "config", config.replaced(demonstration=True))
    url = f"/v1/try-out-systems/{uuid4()}"
    assert client.put(url).status_code == 404
    with writing():
        place = a_followed_province()
        shown = db.session.get_one(ExchangeAgreement, place["ours"].id)
        shown.name = trying.NAME

    assert 'id="try"' in client.get("/integrators").text
    made = client.put(url).get_json()
    form = {"grant_type": "client_credentials"}
    pair = (made["client_id"], made["client_secret"])

    def asked() -> Any:
        return client.post("/v1/oauth/token", data=form, auth=pair)

    token = asked().get_json()
    assert token["scope"] == "certificates coverage lookup outcomes"
    own = {"Authorization": f"Bearer {token['access_token']}"}
    assert client.get("/v1/exchange/feed", headers=own).status_code == 200
    assert client.put(url).get_json() == made | {"client_secret": None}
    other = f"/v1/try-out-systems/{place['other'].id}"
    assert client.put(other).get_json()["code"] == "id_taken"
    monkeypatch.setattr(trying, "MOST", 1)
    spent = client.put(f"/v1/try-out-systems/{uuid4()}")
    assert (spent.status_code, spent.get_json()["code"]) == (429, "too_many_try_outs")
    the_clock.move(trying.LIFETIME + timedelta(days=1))
    assert asked().get_json()["error"] == "invalid_client"
    monkeypatch.setitem(
        app.extensions, "config", config.replaced(demonstration=True, mode=Mode.PRODUCTION)
    )
    assert client.put(url).status_code == 404


def test_what_will_go_says_so_a_year_before_and_names_what_takes_its_place(
    app: Flask, client: FlaskClient
) -> None:
    document = client.get("/v1/openapi.json").get_json()
    assert changes.coming()

    for change in changes.coming().values():
        assert change.sunset_on - change.deprecated_on >= changes.LEAST
        operation = document["paths"][change.path][change.method.lower()]
        assert (operation["deprecated"], operation["x-sunset"]) == (
            True,
            change.sunset_on.isoformat(),
        )
        assert change.instead in document["paths"]

    former, now = client.get("/v1/coverage-exchange-keys"), client.get("/v1/exchange-keys")
    assert former.get_json() == now.get_json()
    assert former.headers["Deprecation"] == "@1795305600"
    assert former.headers["Sunset"] == "Sat, 01 Jan 2028 00:00:00 GMT"
    assert '</v1/exchange-keys>; rel="successor-version"' in former.headers["Link"]
    assert "Deprecation" not in now.headers
