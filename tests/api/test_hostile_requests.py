"""Whatever is sent to whatever address, the answer is a 4xx that says why, and never a 5xx."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from server import problems
from tests.api.addresses import Address, addresses, changed, leaves
from tests.api.conftest import Headers

#: Bodies that are no JSON, or JSON that lies about itself.
UNREADABLE = {
    "broken off": b'{"name": ',
    "empty array broken": b"[",
    "a bare word": b"nothing",
    "not UTF-8": b'{"name": "\xff\xfe"}',
    "UTF-16": '{"name": "安全"}'.encode("utf-16"),
    "NUL escaped": b'{"name": "a\\u0000b"}',
    "NUL in a key": b'{"na\\u0000me": 1}',
    "NUL raw": b'{"name": "a\x00b"}',
    "lone high surrogate": b'{"name": "\\ud800"}',
    "lone low surrogate in a key": b'{"\\udfff": 1}',
    "1e400": b'{"name": 1e400}',
    "-1e400": b'{"name": -1e400}',
    "NaN": b'{"name": NaN}',
    "Infinity": b'{"name": -Infinity}',
    "a key twice": b'{"name": 1, "name": 1}',
    "a key twice further down": b'{"name": [{"a": 1, "a": 1}]}',
    "100,000 arrays deep": b"[" * 100_000 + b"]" * 100_000,
    "100,000 objects deep": b'{"a":' * 100_000 + b"1" + b"}" * 100_000,
    "a number of 5,000 digits": b'{"name": ' + b"9" * 5_000 + b"}",
}

#: Bodies that are JSON and never what an address asks for.
OF_ANOTHER_TYPE: list[Any] = [
    None,
    True,
    1,
    10**30,
    1.5,
    "text",
    "",
    [],
    [[]],
    [None] * 100,
    {"no_such_field": 1},
    {"": ""},
    {"__proto__": {}},
    {"id": {"$ne": None}},
]

#: Whole numbers at the edges of what databases keep, and beyond.
NUMBERS: list[Any] = [-1, 0, 2**31 - 1, 2**31, 2**63 - 1, 2**63, -(2**63) - 1, 10**30, 1.5, True]

#: Texts that databases, clocks and patterns stumble over, by the form of what stands there else.
TEXTS: dict[str, list[Any]] = {
    r"[0-9a-f-]{36}": ["x", "0" * 36, None, 7],
    r"\d{4}-\d\d-\d\d": ["0001-01-01", "9999-12-31", "2026-02-30", "10000-01-01", "２", None, 7],
    r"\d{4}-\d\d-\d\dT.*": [
        "0001-01-01T00:00:00+14:00",
        "9999-12-31T23:59:59-12:00",
        "2026-06-15T12:00:00",
        "2026-06-15T25:00:00Z",
        None,
        7,
    ],
    r"\d\.\d": ["-1", "1e9999", "1e-9999", "NaN", "Infinity", "９", "1/0", None, []],
    r".*": [
        "",
        " ",
        "x" * 10_000,
        "%_\\'; --",
        "\U0001f9ef\u202e\u0301\ufeff" * 10,
        "9999-12-31",
        None,
        7,
        [],
        {},
    ],
}


@pytest.fixture
def all_addresses(app: Flask, almighty: Headers) -> list[Address]:
    """Return every address; somebody and something of each kind stands in the database."""
    del almighty
    return addresses(app)


@pytest.fixture
def with_body(all_addresses: list[Address]) -> list[Address]:
    """Return the addresses that read a JSON body."""
    found = [one for one in all_addresses if one.reads_only_json]
    assert len(found) > 10
    return found


def complaint(address: Address, response: TestResponse, what: object) -> str | None:
    """Return what is wrong with an answer, None if it is a success or a sound refusal."""
    if response.status_code < 400:
        return None
    sound = (
        response.status_code < 500
        and response.content_type == problems.CONTENT_TYPE
        and {"code", "detail", "status"} <= json.loads(response.data).keys()
    )
    return None if sound else f"{address.name} {what!r:.200}: {response.status} {response.data!r}"


def complaints(answers: Iterator[tuple[Address, TestResponse, object]]) -> str:
    """Return all complaints about some answers, one a line."""
    found = [complaint(*answer) for answer in answers]
    return "\n".join(one for one in found if one)


def test_a_body_that_cannot_be_read_is_refused_everywhere(
    client: FlaskClient, almighty: Headers, with_body: list[Address]
) -> None:
    accepted = []

    def answers() -> Iterator[tuple[Address, TestResponse, object]]:
        for address in with_body:
            for what, body in UNREADABLE.items():
                response = client.open(
                    address.url,
                    method=address.verb,
                    data=body,
                    content_type="application/json",
                    headers=almighty,
                )
                if response.status_code not in (400, 413):
                    accepted.append(f"{address.name} {what}: {response.status}")
                yield address, response, what

    assert complaints(answers()) == ""
    assert [one for one in accepted if "5,000 digits" not in one] == []


def test_a_body_of_another_type_breaks_nothing(
    client: FlaskClient, almighty: Headers, with_body: list[Address]
) -> None:
    def answers() -> Iterator[tuple[Address, TestResponse, object]]:
        for address in with_body:
            for body in OF_ANOTHER_TYPE:
                response = client.open(
                    address.url, method=address.verb, json=body, headers=almighty
                )
                assert response.status_code >= 400 or not isinstance(body, dict), address.name
                yield address, response, body

    assert complaints(answers()) == ""


def test_no_value_of_any_field_breaks_an_address(
    client: FlaskClient, almighty: Headers, with_body: list[Address]
) -> None:
    def answers() -> Iterator[tuple[Address, TestResponse, object]]:
        for address in with_body:
            body = address.body()
            for path, value in [((), None), *leaves(body)]:
                for hostile in values_instead_of(value) if path else [body]:
                    sent = changed(body, path, hostile)
                    response = client.open(
                        address.url, method=address.verb, json=sent, headers=almighty
                    )
                    yield address, response, (path, hostile)

    assert complaints(answers()) == ""


def test_no_word_of_any_query_breaks_an_address(
    client: FlaskClient, almighty: Headers, all_addresses: list[Address]
) -> None:
    def answers() -> Iterator[tuple[Address, TestResponse, object]]:
        for address in all_addresses:
            for word, value in address.query().items():
                for hostile in [*values_instead_of(value), "1e9999", "\x00", "\ud800"]:
                    sent = {word: hostile}
                    response = client.open(
                        path_with(address.url, sent), method=address.verb, headers=almighty
                    )
                    yield address, response, sent

    assert complaints(answers()) == ""


def test_an_unknown_word_of_a_query_is_refused(
    client: FlaskClient, almighty: Headers, all_addresses: list[Address]
) -> None:
    asked = [one for one in all_addresses if one.query()]

    for address in asked:
        response = client.open(
            f"{address.url}?no_such_word=1", method=address.verb, headers=almighty
        )
        assert response.status_code == 422, address.name
        assert "no_such_word" in response.get_json()["errors"], address.name
    assert asked


@pytest.mark.parametrize("bytes_of_path", ["%00", "%ff%fe", "%ed%a0%80", "..%2f..%2f", "%0d%0a"])
def test_no_bytes_of_a_path_break_an_address(
    client: FlaskClient, almighty: Headers, all_addresses: list[Address], bytes_of_path: str
) -> None:
    def answers() -> Iterator[tuple[Address, TestResponse, object]]:
        for address in all_addresses:
            for path in (f"{address.url}{bytes_of_path}", f"{address.url}?{bytes_of_path}=1"):
                response = client.open(path, method=address.verb, headers=almighty, buffered=True)
                yield address, response, path

    assert complaints(answers()) == ""


def test_no_cursor_breaks_a_list(
    client: FlaskClient, almighty: Headers, all_addresses: list[Address]
) -> None:
    lists = [one for one in all_addresses if "cursor" in one.query()]
    assert len(lists) > 3

    for address in lists:
        for cursor in ("x", "W10", "bnVsbA", "e30", "%5B%5D", "A" * 900):
            response = client.get(f"{address.url}?cursor={cursor}", headers=almighty)
            assert response.status_code in (404, 422), f"{address.name} {cursor} {response.status}"


def test_a_body_of_another_media_type_is_refused_everywhere(
    client: FlaskClient, almighty: Headers, with_body: list[Address]
) -> None:
    for address in with_body:
        response = client.open(
            address.url,
            method=address.verb,
            data="a=1",
            content_type="text/plain",
            headers=almighty,
        )
        told = (response.status_code, response.get_json()["code"])
        assert told == (415, "wrong_media_type"), address.name


def test_a_body_that_is_too_long_is_refused_everywhere(
    client: FlaskClient, app: Flask, almighty: Headers, with_body: list[Address]
) -> None:
    too_long = b'{"name": "' + b"x" * app.config["MAX_CONTENT_LENGTH"] + b'"}'

    for address in with_body:
        response = client.open(
            address.url,
            method=address.verb,
            data=too_long,
            content_type="application/json",
            headers=almighty,
        )
        told = (response.status_code, response.get_json()["code"])
        assert told == (413, "too_large"), address.name


def values_instead_of(value: object) -> list[Any]:
    """Return hostile values in the place of a sound one."""
    if isinstance(value, bool):
        return [None, 2, "yes", []]
    if isinstance(value, (int, float)):
        return NUMBERS
    return next(texts for form, texts in TEXTS.items() if re.fullmatch(form, str(value), re.DOTALL))


def path_with(path: str, query: dict[str, Any]) -> str:
    """Return an address with a query, percent-encoded whatever is in it."""
    words = (
        f"{name}={''.join(f'%{byte:02x}' for byte in str(value).encode('utf-8', 'surrogatepass'))}"
        for name, value in query.items()
    )
    return f"{path}?{'&'.join(words)}"
