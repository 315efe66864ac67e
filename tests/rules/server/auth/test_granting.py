"""Roles are granted within one's own subtree, to others, never to oneself."""

from __future__ import annotations

from uuid import UUID

import pytest

from server.auth import first_passwords, granting, names, password_rules
from server.auth.granting import Verdict
from server.policy import Grant, Identity, Role
from server.scopes import EVERYWHERE, Scope
from tests.rules.server.auth import ANNA

BERT = UUID(int=2)

CITY, COUNTY, OTHER_CITY = "/p/c/", "/p/c/k/", "/p/d/"


def in_region(path: str) -> Scope:
    """The subtree of a region."""
    return Scope(region_paths=(path,))


def somebody(*grants: tuple[Role, Scope]) -> Identity:
    """An identity with these grants."""
    held = tuple(Grant(role=role, scope=scope) for role, scope in grants)
    return Identity(account_id=ANNA, person_id=ANNA, grants=held)


ADMIN_OF_CITY = (Role.ADMINISTRATOR, in_region(CITY))


@pytest.mark.parametrize(
    ("held", "role", "scope", "verdict"),
    [
        ([ADMIN_OF_CITY], Role.WORKER, in_region(CITY), Verdict.ALLOWED),
        ([ADMIN_OF_CITY], Role.ADMINISTRATOR, in_region(COUNTY), Verdict.ALLOWED),
        ([ADMIN_OF_CITY], Role.ADMINISTRATOR, in_region(OTHER_CITY), Verdict.OUTSIDE),
        ([ADMIN_OF_CITY], Role.WORKER, in_region("/p/"), Verdict.OUTSIDE),
        ([ADMIN_OF_CITY], Role.WORKER, EVERYWHERE, Verdict.OUTSIDE),
        ([ADMIN_OF_CITY], Role.WORKER, Scope(organisation_paths=("/o/",)), Verdict.OUTSIDE),
        ([ADMIN_OF_CITY], Role.EXAMINER, in_region(CITY), Verdict.ALLOWED),
        ([ADMIN_OF_CITY], Role.AUDITOR, in_region(COUNTY), Verdict.ALLOWED),
        ([ADMIN_OF_CITY], Role.EXAMINER, EVERYWHERE, Verdict.OUTSIDE),
        ([(Role.EXAMINER, EVERYWHERE)], Role.EXAMINER, in_region(COUNTY), Verdict.OUTSIDE),
        ([], Role.WORKER, in_region(COUNTY), Verdict.OUTSIDE),
        ([(Role.ADMINISTRATOR, EVERYWHERE)], Role.ADMINISTRATOR, EVERYWHERE, Verdict.ALLOWED),
    ],
)
def test_whoever_manages_accounts_somewhere_staffs_it_and_no_more(
    held: list[tuple[Role, Scope]], role: Role, scope: Scope, verdict: Verdict
):
    assert granting.judge(Grant(role=role, scope=scope), to=BERT, by=somebody(*held)) is verdict


@pytest.mark.parametrize("role", Role)
def test_nobody_raises_themselves(role: Role):
    grant = Grant(role=role, scope=in_region(COUNTY))

    assert granting.judge(grant, to=ANNA, by=somebody(ADMIN_OF_CITY)) is Verdict.OWN


@pytest.mark.parametrize(
    ("roles", "shortest"),
    [
        ([], password_rules.SHORTEST),
        ([Role.WORKER], password_rules.SHORTEST),
        ([Role.WORKER, Role.EXAMINER], password_rules.SHORTEST_FOR_STAFF),
        ([Role.ENTERPRISE_SAFETY_OFFICER], password_rules.SHORTEST_FOR_STAFF),
    ],
)
def test_whoever_has_power_over_others_needs_a_longer_password(roles: list[Role], shortest: int):
    assert granting.shortest_password(roles) == shortest


def test_a_first_password_is_readable_aloud_and_differs_with_chance():
    text = first_passwords.spell(bytes(range(16)))

    assert len(text) == 14
    assert not set(text) & set("01ilo")
    assert text != first_passwords.spell(bytes(range(1, 17)))


@pytest.mark.parametrize(
    ("typed", "looked_up"),
    [
        (" Wang.Jianguo ", "wang.jianguo"),
        ("ＷＡＮＧ", "wang"),
        ("139 1234 5678", "13912345678"),
        ("+86 139-1234-5678", "13912345678"),
        ("008613912345678", "13912345678"),
        ("8613912345678", "13912345678"),
        ("1３912345678", "13912345678"),
        ("wang-86", "wang-86"),
    ],
)
def test_a_name_is_found_however_it_is_typed(typed: str, looked_up: str):
    assert names.typed(typed) == looked_up


@pytest.mark.parametrize("text", ["wang", "w.j-g_7", "A" * 40])
def test_a_sign_in_name_is_kept_in_small_letters(text: str):
    assert names.sign_in_name(text) == text.casefold()


@pytest.mark.parametrize("text", ["", "ab", "7wang", "王建国", "a b", "a" * 41, "wa\nng", "a@b.cn"])
def test_what_could_be_mistaken_for_something_else_is_no_sign_in_name(text: str):
    assert names.sign_in_name(text) is None


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("13912345678", "13912345678"),
        ("+852 6123 4567", "85261234567"),
        ("1234567", None),
        ("wang", None),
        ("1" * 16, None),
    ],
)
def test_a_telephone_number_is_kept_as_digits(text: str, number: str | None):
    assert names.phone(text) == number
