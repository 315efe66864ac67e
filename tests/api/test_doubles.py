"""One person entered twice: found, merged, taken apart again, over HTTP."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from uuid import UUID, uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient

from server import clock, work
from server.db import db
from server.people.commands import WORK
from server.people.documents import DocumentType
from server.people.models import Person
from server.policy import Role
from tests.conftest import SigningIn
from tests.factories.organisations import an_organisation
from tests.factories.people import a_number, a_person, a_post

Writing = Callable[[], AbstractContextManager[None]]


@pytest.fixture
def pair(app: Flask, client: FlaskClient, writing: Writing, a_signed_in: SigningIn) -> list[UUID]:
    """Enter somebody by the new number of eighteen digits, and by the old one of fifteen."""
    with writing():
        works = an_organisation(name="某电厂").id
    officer = a_signed_in(Role.ENTERPRISE_SAFETY_OFFICER, organisation_id=works).headers
    number, ids = a_number(), [uuid4(), uuid4()]
    entries = (
        ("张伟", DocumentType.RESIDENT_IDENTITY_CARD, number),
        ("张玮", DocumentType.PASSPORT, number[:6] + number[8:17]),
    )
    for person_id, (name, kind, typed) in zip(ids, entries, strict=True):
        body = {
            "name": name,
            "registered_under_id": str(works),
            "document_type": kind.value,
            "document_number": typed,
        }
        made = client.put(f"/v1/people/{person_id}", json=body, headers=officer)
        assert made.status_code == 200, made.get_json()
    with app.app_context():
        look = next(one for one in WORK if one.name == "suspected_doubles")
        assert work.waits(look, at=clock.now())
        assert look.run(clock.now()) >= 2
    return ids


def test_one_person_under_two_numbers_is_found_merged_and_taken_apart(
    client: FlaskClient, pair: list[UUID], writing: Writing, a_signed_in: SigningIn
) -> None:
    bureau = a_signed_in(Role.ADMINISTRATOR, Role.ISSUER).headers
    (double,) = client.get("/v1/suspected-doubles", headers=bureau).get_json()["items"]
    assert (double["reasons"][0], double["weight"]) == ("same_number", 100)
    kept, gone = pair
    with writing():
        a_post(db.session.get_one(Person, gone))
    before = [client.get(f"/v1/people/{each}/file", headers=bureau).data for each in pair]
    url = f"/v1/person-merges/{uuid4()}"
    body = {"kept_id": str(kept), "merged_id": str(gone), "reason": "证件换发，同一人"}
    # The post, and that somebody looked at the file.
    for _ in range(2):
        merge = client.put(url, json=body, headers=bureau)
        assert (merge.status_code, merge.get_json()["moved_count"]) == (200, 2)

    shown = client.get(f"/v1/people/{gone}", headers=bureau).get_json()
    assert (shown["id"], shown["name"]) == (str(kept), "张伟")
    lines = client.get(f"/v1/people/{gone}/file", headers=bureau).get_json()["lines"]
    assert [line["kind"] for line in lines] == ["post"]
    assert client.get("/v1/suspected-doubles", headers=bureau).get_json()["items"] == []

    undo = client.put(f"{url}/undo", json={"reason": "核实为两人"}, headers=bureau)
    assert undo.get_json()["undone_at"] is not None
    assert client.get(f"/v1/people/{gone}", headers=bureau).get_json()["name"] == "张玮"
    after = [client.get(f"/v1/people/{each}/file", headers=bureau).data for each in pair]
    assert after == before, "both files, byte for byte"
    assert before[0] != before[1]
    again = client.put(url, json=body, headers=bureau)
    assert (again.status_code, again.get_json()["code"]) == (409, "merge_undone")


def test_two_people_are_cleared_and_not_suspected_again(
    client: FlaskClient, pair: list[UUID], a_signed_in: SigningIn
) -> None:
    bureau = a_signed_in(Role.ADMINISTRATOR).headers
    (double,) = client.get("/v1/suspected-doubles", headers=bureau).get_json()["items"]

    cleared = client.put(f"/v1/suspected-doubles/{double['id']}/clearance", headers=bureau)

    assert cleared.get_json()["ruling"] == "different"
    assert client.get("/v1/suspected-doubles", headers=bureau).get_json()["items"] == []


def test_who_does_not_see_both_neither_lists_nor_merges_them(
    client: FlaskClient, pair: list[UUID], writing: Writing, a_signed_in: SigningIn
) -> None:
    with writing():
        elsewhere = an_organisation().id
        here = a_person().id
    bureau = a_signed_in(Role.ADMINISTRATOR, organisation_id=elsewhere).headers
    body = {"kept_id": str(pair[0]), "merged_id": str(here), "reason": "同一人登记"}

    assert client.get("/v1/suspected-doubles", headers=bureau).get_json()["items"] == []
    refused = client.put(f"/v1/person-merges/{uuid4()}", json=body, headers=bureau)
    assert refused.status_code == 404
    worker = a_signed_in(Role.ENTERPRISE_SAFETY_OFFICER).headers
    assert client.get("/v1/suspected-doubles", headers=worker).status_code == 403
