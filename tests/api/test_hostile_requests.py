"""Whatever is sent to whatever address, the answer is a 4xx that says why, and never a 5xx.

Every address meets some of each list in its turn, so that every item meets many addresses;
`pytest --hypothesis-profile=explore` sends everything everywhere.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from itertools import count

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from server import problems
from tests.api.addresses import Address, addresses, changed, leaves
from tests.api.conftest import Headers
from tests.api.hostile import (
    OF_ANOTHER_TYPE,
    PATHS,
    UNREADABLE,
    dealt,
    path_with,
    values_instead_of,
)

#: Addresses to which others send browsers, with words of their own beside those that are read.
OF_OTHERS = {"/v1/identity-providers/{identity_provider_id}/return"}

#: Who asks at an address.
Whose = Callable[[Address], Headers]


@pytest.fixture
def all_addresses(app: Flask, almighty: Headers) -> list[Address]:
    """Return every address; somebody and something of each kind stands in the database."""
    del almighty
    return addresses(app)


@pytest.fixture
def whose(almighty: Headers, a_system: Headers) -> Whose:
    """Return who asks at an address: somebody who may do everything, or a system that may."""
    return lambda address: a_system if address.is_of_systems else almighty


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
        and response.content_type in (problems.CONTENT_TYPE, address.refuses_as)
        and {"code", "detail", "status"} <= json.loads(response.data).keys()
    )
    return None if sound else f"{address.name} {what!r:.200}: {response.status} {response.data!r}"


def complaints(answers: Iterator[tuple[Address, TestResponse, object]]) -> str:
    """Return all complaints about some answers, one a line."""
    found = [complaint(*answer) for answer in answers]
    return "\n".join(one for one in found if one)


def test_a_body_that_cannot_be_read_is_refused_everywhere(
    client: FlaskClient, whose: Whose, with_body: list[Address]
) -> None:
    accepted = []

    def answers() -> Iterator[tuple[Address, TestResponse, object]]:
        for turn, address in enumerate(with_body):
            for what, body in dealt(UNREADABLE.items(), turn, 3):
                response = client.open(
                    address.url,
                    method=address.verb,
                    data=body,
                    content_type="application/json",
                    headers=whose(address),
                )
                if response.status_code not in (400, 413):
                    accepted.append(f"{address.name} {what}: {response.status}")
                yield address, response, what

    assert complaints(answers()) == ""
    assert [one for one in accepted if "5,000 digits" not in one] == []


def test_a_body_of_another_type_breaks_nothing(
    client: FlaskClient, whose: Whose, with_body: list[Address]
) -> None:
    def answers() -> Iterator[tuple[Address, TestResponse, object]]:
        for turn, address in enumerate(with_body):
            for body in dealt(OF_ANOTHER_TYPE, turn, 3):
                response = client.open(
                    address.url, method=address.verb, json=body, headers=whose(address)
                )
                assert response.status_code >= 400 or not isinstance(body, dict), address.name
                yield address, response, body

    assert complaints(answers()) == ""


def test_no_value_of_any_field_breaks_an_address(
    client: FlaskClient, whose: Whose, with_body: list[Address]
) -> None:
    def answers() -> Iterator[tuple[Address, TestResponse, object]]:
        turns = count()
        for address in with_body:
            body = address.body()
            for path, value in [((), None), *leaves(body)]:
                hostile_ones = values_instead_of(value) if path else [body]
                for hostile in dealt(hostile_ones, next(turns), 3):
                    sent = changed(body, path, hostile)
                    response = client.open(
                        address.url, method=address.verb, json=sent, headers=whose(address)
                    )
                    yield address, response, (path, hostile)

    assert complaints(answers()) == ""


def test_no_word_of_any_query_breaks_an_address(
    client: FlaskClient, whose: Whose, all_addresses: list[Address]
) -> None:
    def answers() -> Iterator[tuple[Address, TestResponse, object]]:
        turns = count()
        for address in all_addresses:
            for word, value in address.query().items():
                hostile_ones = [*values_instead_of(value), "1e9999", "\x00", "\ud800"]
                for hostile in dealt(hostile_ones, next(turns), 3):
                    sent = {word: hostile}
                    response = client.open(
                        path_with(address.url, sent), method=address.verb, headers=whose(address)
                    )
                    yield address, response, sent

    assert complaints(answers()) == ""


def test_an_unknown_word_of_a_query_is_refused(
    client: FlaskClient, whose: Whose, all_addresses: list[Address]
) -> None:
    asked = [one for one in all_addresses if one.query() and one.path not in OF_OTHERS]

    for address in asked:
        response = client.open(
            f"{address.url}?no_such_word=1", method=address.verb, headers=whose(address)
        )
        assert response.status_code == 422, address.name
        assert "no_such_word" in response.get_json()["errors"], address.name
    assert asked


def test_no_bytes_of_a_path_break_an_address(
    client: FlaskClient, whose: Whose, all_addresses: list[Address]
) -> None:
    def answers() -> Iterator[tuple[Address, TestResponse, object]]:
        for turn, address in enumerate(all_addresses):
            paths = [
                f"{address.url}{mark}{one}{end}"
                for mark, end in (("", ""), ("?", "=1"))
                for one in PATHS
            ]
            for path in dealt(paths, turn, 3):
                response = client.open(
                    path, method=address.verb, headers=whose(address), buffered=True
                )
                yield address, response, path

    assert complaints(answers()) == ""


def test_no_cursor_breaks_a_list(
    client: FlaskClient, whose: Whose, all_addresses: list[Address]
) -> None:
    lists = [one for one in all_addresses if "cursor" in one.query()]
    assert len(lists) > 3

    for turn, address in enumerate(lists):
        for cursor in dealt(("x", "W10", "bnVsbA", "e30", "%5B%5D", "A" * 900), turn, 3):
            response = client.get(f"{address.url}?cursor={cursor}", headers=whose(address))
            assert response.status_code in (404, 422), f"{address.name} {cursor} {response.status}"


def test_a_body_of_another_media_type_is_refused_everywhere(
    client: FlaskClient, whose: Whose, with_body: list[Address]
) -> None:
    for address in with_body:
        response = client.open(
            address.url,
            method=address.verb,
            data="a=1",
            content_type="text/plain",
            headers=whose(address),
        )
        told = (response.status_code, response.get_json()["code"])
        assert told == (415, "wrong_media_type"), address.name


def test_a_body_that_is_too_long_is_refused_everywhere(
    client: FlaskClient, app: Flask, whose: Whose, with_body: list[Address]
) -> None:
    too_long = b'{"name": "' + b"x" * app.config["MAX_CONTENT_LENGTH"] + b'"}'

    for address in with_body:
        response = client.open(
            address.url,
            method=address.verb,
            data=too_long,
            content_type="application/json",
            headers=whose(address),
        )
        told = (response.status_code, response.get_json()["code"])
        assert told == (413, "too_large"), address.name
