"""An auditor reads what was done, and can prove that it stands."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask
from sqlalchemy import text

from server.audit.chain import GENESIS
from server.db import db
from server.people.models import Person
from server.policy import Identity, Role
from tests.conftest import SigningIn
from tests.factories.audit import append
from tests.factories.auth import an_account, an_organisation

Writing = Callable[[], AbstractContextManager[None]]


@pytest.fixture
def auditor(a_signed_in: SigningIn) -> dict[str, str]:
    """Somebody who audits everywhere."""
    return a_signed_in(Role.AUDITOR).headers


def test_an_auditor_reads_everything_page_by_page_the_newest_first(
    client: Any, auditor: dict[str, str], writing: Writing
):
    with writing():
        for number in range(1, 6):
            append(number)

    sequences, path = [], "/v1/audit?limit=2"
    while path:
        page = client.get(path, headers=auditor).json
        sequences += [entry["sequence"] for entry in page["items"]]
        cursor = page["next_cursor"]
        path = cursor and f"/v1/audit?limit=2&cursor={cursor}"

    assert sequences == [5, 4, 3, 2, 1]


def test_anybody_can_compute_the_chain_from_what_is_shown(
    client: Any, auditor: dict[str, str], writing: Writing
):
    with writing():
        for number in range(1, 4):
            append(number, reason="因为")
    head = client.get("/v1/audit/head", headers=auditor).json
    entries = client.get("/v1/audit", headers=auditor).json["items"]

    previous = GENESIS
    for entry in reversed(entries):
        content = {name: value for name, value in entry.items() if name != "hash"}
        content["at"] = content["at"].replace("+00:00", ".000000+00:00")
        canonical = json.dumps(
            content, sort_keys=True, separators=(",", ":"), ensure_ascii=False
        ).encode()
        assert content["previous_hash"] == previous
        previous = hashlib.sha256(canonical).hexdigest()
        assert entry["hash"] == previous
    assert head == {"sequence": 3, "hash": previous}


def test_names_stand_beside_an_entry_where_they_are_asked_for_and_leave_its_proof_alone(
    client: Any, auditor: dict[str, str], writing: Writing
):
    with writing():
        organisation = an_organisation()
        account = an_account(organisation, sign_in_name="li.si")
        who = Identity(account_id=account.id, person_id=account.person_id, grants=())
        name = db.session.get_one(Person, account.person_id).name
        told = {"organisation": organisation.id, "account": account.id, "person": who.person_id}
        for number, (kind, subject_id) in enumerate(told.items(), start=1):
            append(number, by=who, subject_kind=kind, subject_id=subject_id)
        append(4, subject_kind="retention", subject_id=uuid4())
        append(5, subject_kind="organisation", subject_id=uuid4())
        called = organisation.name

    plain = client.get("/v1/audit", headers=auditor).json["items"]
    named = client.get("/v1/audit?with_names=true", headers=auditor).json["items"]

    names = [(one.pop("person_name"), one.pop("subject_name")) for one in named]
    assert names == [(None, None), (None, None), (name, name), (name, "li.si"), (name, called)]
    assert named == plain


def test_the_names_of_a_page_cost_one_statement_for_each_kind_of_thing(
    client: Any, auditor: dict[str, str], writing: Writing, count_statements: Any
):
    def sent(kinds: int) -> int:
        with writing():
            for number in range(12):
                kind = ("organisation", "region", "person")[number % kinds]
                append(number, subject_kind=kind, subject_id=uuid4())
        with count_statements() as statements:
            client.get("/v1/audit?with_names=true&limit=12", headers=auditor)
        return len(statements)

    sent(1)  # whoever asks for the first time is looked up, too

    assert sent(3) - sent(1) == 2


def test_an_auditor_of_a_subtree_sees_what_belongs_there(
    client: Any, a_signed_in: SigningIn, writing: Writing
):
    with writing():
        organisation = an_organisation()
        append(1, organisation_path=organisation.path)
        append(2, organisation_path=f"{organisation.path}{uuid4()}/")
        append(3, organisation_path=f"/{uuid4()}/")
        append(4)
        organisation_id = organisation.id
    headers = a_signed_in(Role.AUDITOR, organisation_id=organisation_id).headers

    seen = client.get("/v1/audit", headers=headers).json["items"]

    assert [entry["sequence"] for entry in seen] == [2, 1]


@pytest.mark.parametrize("path", ["/v1/audit", "/v1/audit/head"])
def test_only_auditors_read_the_audit(client: Any, a_signed_in: SigningIn, path: str):
    assert client.get(path).status_code == 401
    headers = a_signed_in(Role.ADMINISTRATOR).headers
    assert client.get(path, headers=headers).json["code"] == "not_allowed"


@pytest.mark.parametrize("query", ["cursor=x", "limit=0", "subject_id=7", "more=1"])
def test_a_query_of_another_shape_is_invalid(client: Any, auditor: dict[str, str], query: str):
    assert client.get(f"/v1/audit?{query}", headers=auditor).status_code == 422


def test_the_command_says_that_the_audit_is_whole_or_names_the_first_broken_entry(
    app: Flask, writing: Writing
):
    with writing():
        for number in range(1, 4):
            append(number)
    run = app.test_cli_runner().invoke

    kept = run(args=["audit", "head"]).output.strip()
    whole = run(args=["audit", "verify", "--anchor", kept])
    assert (whole.exit_code, whole.output) == (0, "The audit is whole: 3 entries.\n")

    with app.app_context(), db.engine.begin() as connection:
        connection.execute(text("UPDATE audit_entry SET action = 'x' WHERE sequence = 2"))
    broken = run(args=["audit", "verify"])
    assert broken.exit_code == 1
    assert broken.output == "The audit is broken at entry 2: changed.\n"


@pytest.mark.parametrize("anchor", ["7", "x:y", "3:" + "g" * 64])
def test_an_anchor_that_cannot_be_read_is_a_mistake_of_the_caller(app: Flask, anchor: str):
    found = app.test_cli_runner().invoke(args=["audit", "verify", "--anchor", anchor])

    assert found.exit_code == 2


def test_an_anchor_beyond_the_end_shows_that_entries_are_gone(app: Flask, writing: Writing):
    with writing():
        append(1)

    anchor = "2:" + "a" * 64
    found = app.test_cli_runner().invoke(args=["audit", "verify", "--anchor", anchor])

    assert (found.exit_code, found.output) == (1, "The audit is broken at entry 2: missing.\n")
