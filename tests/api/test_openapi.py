"""The API describes itself: completely, correctly, and with nothing from elsewhere."""

from __future__ import annotations

import re
from collections import Counter
from html.parser import HTMLParser
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from openapi_spec_validator import OpenAPIV31SpecValidator

from server import access
from server.errors import every_refusal
from server.http import OF_SYSTEMS
from tests.api.addresses import Address, addresses, described


@pytest.fixture
def document(client: FlaskClient) -> dict[str, Any]:
    """Return the document as everybody gets it."""
    found: dict[str, Any] = client.get("/v1/openapi.json").get_json()
    return found


@pytest.fixture
def page(client: FlaskClient) -> str:
    """Return the page as a browser gets it."""
    return client.get("/docs").get_data(as_text=True)


def views_of(app: Flask) -> dict[tuple[str, str], Any]:
    """Return the view behind every verb at every address."""
    return {
        (verb, described(rule)): app.view_functions[rule.endpoint]
        for rule in app.url_map.iter_rules()
        for verb in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }


@pytest.mark.once
def test_the_document_is_openapi_3_1(document: dict[str, Any]) -> None:
    faults = [str(fault)[:500] for fault in OpenAPIV31SpecValidator(document).iter_errors()]

    assert document["openapi"].startswith("3.1")
    assert faults == []


def test_every_address_stands_in_the_document_and_no_other(app: Flask) -> None:
    told = {(one.verb, one.path) for one in addresses(app)}

    assert told == views_of(app).keys()


def test_every_operation_has_a_name_of_its_own_and_a_sentence(app: Flask) -> None:
    operations = [one.operation for one in addresses(app)]
    names = Counter(operation["operationId"] for operation in operations)

    assert [name for name, count in names.items() if count > 1] == []
    assert [one["operationId"] for one in operations if not one.get("summary")] == []


def test_every_guarded_address_says_who_may_use_it(app: Flask) -> None:
    views = views_of(app)
    for one in addresses(app):
        guard = access.stated(views[one.verb, one.path])
        security = one.operation["security"]
        if guard == "open":
            assert security == [], one.name
        else:
            scheme = "clientCredentials" if (guard or "").startswith(OF_SYSTEMS) else "accessToken"
            assert [list(each) for each in security] == [[scheme]], one.name
            assert one.operation["x-access"] == guard
            assert "401" in one.operation["responses"]
        assert ("403" in one.operation["responses"]) or guard in {"open", "signed_in"}, one.name


def test_every_schema_that_is_named_is_there_and_the_other_way_round(
    document: dict[str, Any],
) -> None:
    named = set(re.findall(r"#/components/schemas/(\w+)", str(document)))
    there = document["components"]["schemas"].keys()

    assert named - there == set()
    assert there - named == set()


def test_every_problem_code_stands_in_the_document(app: Flask, document: dict[str, Any]) -> None:
    told = {one["code"]: one for one in document["x-problem-codes"]}
    with_us = {one.code: one for one in every_refusal() if one.__module__.split(".")[0] in PARTS}
    named = {
        code
        for one in addresses(app)
        for answer in one.operation["responses"].values()
        for code in re.findall(r"'enum': \[(.*?)\]", str(answer))
        for code in re.findall(r"'(\w+)'", code)
    }

    assert with_us.keys() <= told.keys()
    assert all(told[code]["zh"] and told[code]["en"] for code in told)
    assert named >= {"not_signed_in", "not_allowed", "invalid", "id_taken", "time_is_up"} & set(
        told
    )


PARTS = {"server", "question_bank", "exams", "certificates"}


def test_every_body_and_every_word_of_a_query_is_described(app: Flask) -> None:
    for one in addresses(app):
        for parameter in one.operation.get("parameters", []):
            assert parameter["schema"], one.name
        if one.verb in {"GET", "DELETE"}:
            assert "requestBody" not in one.operation, one.name


class Assets(HTMLParser):
    """Collects what a page loads, where its links lead, and what is wrong with it."""

    def __init__(self) -> None:
        super().__init__()
        self.loads: list[str] = []
        self.leads_to: list[str] = []
        self.ids: Counter[str] = Counter()
        self.inline: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Look at one tag."""
        given = {name: value or "" for name, value in attrs}
        self.ids.update([given["id"]] if "id" in given else [])
        if tag == "a":
            self.leads_to.append(given.get("href", ""))
        elif "src" in given or "href" in given:
            self.loads.append(given.get("src") or given.get("href", ""))
        if tag in {"style", "script"} and "src" not in given:
            self.inline.append(tag)
        self.inline += [name for name in given if name.startswith("on") or name == "style"]


@pytest.mark.parametrize("path", ["/", "/docs"])
def test_a_page_loads_nothing_from_elsewhere_and_its_links_hold(
    client: FlaskClient, path: str
) -> None:
    assets = Assets()
    assets.feed(client.get(path).get_data(as_text=True))

    assert assets.loads
    assert [one for one in assets.loads if not re.match(r"/web/[\w.-]+$", one)] == []
    assert assets.inline == []
    assert [one for one, count in assets.ids.items() if count > 1] == []
    within = {one[1:] for one in assets.leads_to if one.startswith("#")}
    assert within - assets.ids.keys() == set()
    for one in {*assets.loads, *(link for link in assets.leads_to if link.startswith("/"))}:
        with client.get(one) as response:
            assert response.status_code == 200, one


def test_the_page_shows_every_operation_schema_and_code(
    app: Flask, page: str, document: dict[str, Any]
) -> None:
    ids = Assets()
    ids.feed(page)

    operations: list[Address] = addresses(app)
    assert page.count('<code class="method') == len(operations)
    assert all(f"<code>{one.path}</code>" in page for one in operations)
    assert {f"schema-{name}" for name in document["components"]["schemas"]} <= ids.ids.keys()
    assert {f"problem-{one['code']}" for one in document["x-problem-codes"]} <= ids.ids.keys()
    assert page.count("<code>string uuid</code>") > len(operations) / 4
