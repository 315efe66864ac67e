"""The operator makes the first account from the console."""

from __future__ import annotations

import pytest
from click.testing import Result
from flask import Flask

from server.audit import services as audit
from server.auth.services import accounts, grants
from server.days import civil_day
from server.db import transaction
from server.people import documents
from server.people.documents import DocumentType
from server.policy import Role
from tests.factories.auth import a_person, a_region, an_account
from tests.moments import NOON

NUMBER, OTHER_NUMBER = (
    digits + documents.check_digit(digits) for digits in ("11010519491231002", "11010519491231003")
)


def _residence(digits: str) -> str:
    return digits + documents.check_digit(digits)


#: A digit was mistyped.
WRONG_NUMBER = NUMBER.replace("1949", "1948")

#: A number of each kind of document.
NUMBERS = {
    DocumentType.RESIDENT_IDENTITY_CARD: NUMBER,
    DocumentType.HONG_KONG_MACAO_PERMIT: "H12345678",
    DocumentType.TAIWAN_PERMIT: "12345678",
    DocumentType.HONG_KONG_MACAO_RESIDENCE_PERMIT: _residence("81000019900101001"),
    DocumentType.TAIWAN_RESIDENCE_PERMIT: _residence("83000019900101001"),
    DocumentType.FOREIGN_PERMANENT_RESIDENCE: _residence("91110019900101001"),
    DocumentType.PASSPORT: "E12345678",
}


def run(app: Flask, *args: str, typed: str | None = None) -> Result:
    """Run the command."""
    return app.test_cli_runner().invoke(args=["create-account", *args], input=typed)


@pytest.fixture
def region_code(app: Flask) -> str:
    """A region."""
    with app.app_context(), transaction():
        return a_region().code


def test_the_first_administrator_is_registered_and_can_sign_in(app: Flask, region_code: str):
    of = ["--name", "王建国", "--authority", "某市应急管理局", "--region", region_code]

    done = run(app, "wang", *of, "--role", "administrator", "--role", "auditor", typed=NUMBER)

    assert done.exit_code == 0, done.output
    name, _, password = done.output.strip().splitlines()[-1].partition(": ")
    assert name == "wang"
    assert len(password) == 14
    assert NUMBER not in done.output
    with app.app_context():
        account = accounts.find("wang")
        assert account is not None
        assert account.person.name == "王建国"
        held = grants.of(account.id, on=civil_day(NOON))
        assert {one.role for one in held} == {Role.ADMINISTRATOR, Role.AUDITOR}
        assert audit.verify().broken is None


@pytest.mark.parametrize("kind", list(DocumentType))
def test_every_kind_of_document_is_taken_by_its_stored_value(
    app: Flask, region_code: str, kind: DocumentType
):
    of = ["--name", "王建国", "--authority", "某市应急管理局", "--region", region_code]

    done = run(app, "wang", *of, "--document-type", kind.value, typed=NUMBERS[kind])

    assert done.exit_code == 0, done.output
    with app.app_context():
        account = accounts.find("wang")
        assert account is not None
        assert account.person.document_type is kind


@pytest.mark.parametrize("role", list(Role))
def test_every_role_is_taken_by_its_stored_value(app: Flask, role: Role):
    with app.app_context(), transaction():
        person_id = a_person().id

    done = run(app, "wang", "--person", str(person_id), "--role", role.value)

    assert done.exit_code == 0, done.output
    with app.app_context():
        account = accounts.find("wang")
        assert account is not None
        assert [one.role for one in grants.of(account.id, on=civil_day(NOON))] == [role]


def test_the_console_speaks_both_languages(app: Flask, region_code: str):
    of = ["--name", "李四", "--authority", "某局", "--region"]

    refused = run(app, "li.si", *of, "999999", typed=NUMBER)
    done = run(app, "li.si", *of, region_code, typed=NUMBER)

    assert "证件号码 Document number" in done.output
    assert "一次性密码" in done.output
    assert "One-time password" in done.output
    assert "not_found: 不存在，或您无权查看。 There is no such thing" in refused.output
    assert "请给出 --person" in run(app, "li.si").output


def test_a_second_person_joins_the_same_authority(app: Flask, region_code: str):
    of = ["--authority", "某市应急管理局", "--region", region_code]
    run(app, "wang", "--name", "王建国", *of, typed=NUMBER)
    done = run(app, "li.si", "--name", "李四", *of, typed=OTHER_NUMBER)

    assert done.exit_code == 0, done.output
    with app.app_context():
        first, second = accounts.find("wang"), accounts.find("li.si")
        assert first is not None
        assert second is not None
        assert first.person.registered_under_id == second.person.registered_under_id


def test_a_person_who_is_registered_gets_an_account(app: Flask):
    with app.app_context(), transaction():
        person_id = a_person().id

    assert run(app, "wang", "--person", str(person_id)).exit_code == 0
    again = run(app, "other", "--person", str(person_id))
    assert again.exit_code == 1
    assert "person_has_account" in again.output


def test_what_is_missing_or_wrong_is_said_in_one_sentence(app: Flask, region_code: str):
    with app.app_context(), transaction():
        an_account()

    assert run(app, "wang").exit_code == 2
    assert run(app, "li.si", "--name", "李四").exit_code == 2
    of = ["--name", "李四", "--authority", "某局", "--region"]
    assert "not_found" in run(app, "li.si", *of, "999999", typed=NUMBER).output
    wrong = run(app, "li.si", *of, region_code, typed=WRONG_NUMBER)
    assert wrong.exit_code == 1
    assert "check_digit_wrong" in wrong.output
