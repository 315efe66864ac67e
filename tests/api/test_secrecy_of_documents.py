"""No document number stands in clear in the database, in a log, in an address or in a reply."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import MetaData, select

from server.app import engine_of
from server.organisations.drafts import OrganisationKind
from server.people.views.uploads import WORKBOOK
from server.policy import Role
from tests.api.conftest import Headers
from tests.conftest import SigningIn
from tests.factories.organisations import an_organisation
from tests.factories.people import a_number
from tests.factories.workbooks import a_row, a_workbook

#: Every number that somebody sends in the course of the story.
REGISTERED, IMPORTED, REFUSED, HIDDEN = (a_number() for _ in range(4))
MISTYPED = REFUSED[:-1] + ("0" if REFUSED[-1] != "0" else "1")
NUMBERS = (REGISTERED, IMPORTED, REFUSED, MISTYPED, HIDDEN)


class Story:
    """A client that remembers all replies."""

    def __init__(self, client: FlaskClient, headers: Headers) -> None:
        self.client = client
        self.headers = headers
        self.replies: list[str] = []

    def send(self, method: str, url: str, **options: Any) -> int:
        """Send a request below `/v1` and return the status of its reply."""
        more = options.pop("headers", {})
        reply = self.client.open(
            f"/v1{url}", method=method, headers={**self.headers, **more}, **options
        )
        self.replies.append(reply.get_data(as_text=True) + str(reply.headers))
        return reply.status_code


@pytest.fixture
def place(writing: Callable[[], AbstractContextManager[None]]) -> UUID:
    with writing():
        return an_organisation(kind=OrganisationKind.PROVIDER).id


@pytest.fixture
def told(
    capfd: pytest.CaptureFixture[str], client: FlaskClient, place: UUID, a_signed_in: SigningIn
) -> Story:
    """Let numbers in by every door there is."""
    del capfd  # What is logged from here on can be read by the test.
    story = Story(client, a_signed_in(*Role).headers)
    person, other = uuid4(), uuid4()
    card = {"document_type": "resident_identity_card"}
    body = {"name": "李娜", "registered_under_id": str(place), **card}
    post = {
        "person_id": str(person),
        "organisation_id": str(place),
        "role": "employee",
        "from_on": "2026-01-01",
    }
    training = {
        "programme": "初训",
        "purpose": "qualification",
        "hours": "8.0",
        "provider_id": str(place),
        "started_on": "2026-05-01",
        "finished_on": "2026-05-02",
    }
    proof = {"document_number": REGISTERED}
    roster = a_workbook(a_row(IMPORTED), a_row(MISTYPED), a_row(float(REFUSED[:17])))
    sheet = {"data": roster, "headers": {"Content-Type": WORKBOOK}}

    assert story.send("PUT", f"/people/{person}", json={**body, **proof}) == 200
    assert story.send("PUT", f"/people/{uuid4()}", json={**body, **proof}) == 409
    assert (
        story.send("PUT", f"/people/{uuid4()}", json={**body, "document_number": MISTYPED}) == 422
    )
    hidden = {**body, "document_number": REFUSED, "name": HIDDEN}
    assert story.send("PUT", f"/people/{uuid4()}", json=hidden) == 422
    assert story.send("PUT", f"/people/{uuid4()}", json={**body, "number": HIDDEN}) == 422
    assert story.send("POST", "/people/document-searches", json={**card, **proof}) == 200
    assert story.send("PUT", f"/posts/{uuid4()}", json={**post, **proof}) == 200
    url = f"/people/{person}/training-records"
    assert story.send("PUT", f"{url}/{uuid4()}", json={**training, **proof}) == 200
    assert story.send("PUT", f"{url}/{uuid4()}", json={**training, "programme": HIDDEN}) == 422
    imports = f"/organisations/{place}/roster-imports/{other}"
    assert story.send("PUT", imports, **sheet) == 200
    assert story.send("PUT", f"{imports}?store=true", **sheet) == 200
    disclosures = f"/people/{person}/document-disclosures"
    assert story.send("PUT", f"{disclosures}/{uuid4()}", json={"reason": f"核对 {HIDDEN}"}) == 422
    for address in ("/people", "/posts", f"/people/{person}/file", "/audit"):
        assert story.send("GET", address) == 200
    return story


def everything_in(app: Flask) -> str:
    engine = engine_of(app)
    tables = MetaData()
    tables.reflect(engine)
    with engine.connect() as connection:
        rows = [
            repr(bytes(value) if isinstance(value, memoryview) else value)
            for table in tables.sorted_tables
            for row in connection.execute(select(table))
            for value in row
        ]
    return "\n".join(rows)


def test_no_number_stands_in_any_row(told: Story, app: Flask) -> None:
    rows = everything_in(app)

    assert "李娜" in rows
    assert [number for number in NUMBERS if number[:17] in rows] == []


def test_no_number_stands_in_the_database_file(told: Story, app: Flask) -> None:
    if engine_of(app).dialect.name != "sqlite":
        pytest.skip("PostgreSQL keeps its files to itself; its rows are read by another test")
    path = Path(str(engine_of(app).url.database))
    files = [path, *(path.with_name(path.name + end) for end in ("-wal", "-shm", "-journal"))]
    content = b"".join(one.read_bytes() for one in files if one.exists())

    assert "李娜".encode() in content
    assert [number for number in NUMBERS if number[:17].encode() in content] == []


def test_no_number_stands_in_a_log(told: Story, capfd: pytest.CaptureFixture[str]) -> None:
    out, err = capfd.readouterr()

    assert "document-searches" in out + err
    assert [number for number in NUMBERS if number[:17] in out + err] == []


def test_no_number_stands_in_a_reply(told: Story) -> None:
    replies = "\n".join(told.replies)

    assert "100***********" in replies
    assert [number for number in NUMBERS if number[:17] in replies] == []


def test_a_number_in_an_address_finds_nothing_and_is_not_logged(
    told: Story, capfd: pytest.CaptureFixture[str]
) -> None:
    told.send("GET", f"/people?document_number={REGISTERED}")
    told.send("GET", f"/people/{REGISTERED}")
    out, err = capfd.readouterr()

    assert REGISTERED[:17] not in out + err
    assert REGISTERED[:17] not in "".join(told.replies)
