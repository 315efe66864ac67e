"""The policy table, and the scopes in which it holds."""

from __future__ import annotations

from uuid import UUID

import pytest

from server.policy import OWN, ROLES, Grant, Identity, Permission, Role
from server.scopes import EVERYWHERE, NOWHERE, Scope

ME = UUID(int=1)
CITY = Scope(region_paths=("/p/c/",))
PLANT = Scope(organisation_paths=("/e/",))


def an_identity(*grants: Grant) -> Identity:
    return Identity(account_id=ME, person_id=ME, grants=grants)


def test_every_role_stands_in_the_table():
    assert set(ROLES) == set(Role)


def test_every_permission_is_given_to_somebody():
    assert set().union(*ROLES.values(), OWN) == set(Permission)


@pytest.mark.parametrize(
    ("role", "never"),
    [
        (
            Role.PROVIDER_STAFF,
            {
                Permission.SEE_QUESTIONS,
                Permission.PLAN_EXAMS,
                Permission.INVIGILATE,
                Permission.EXAMINE,
                Permission.ISSUE_CERTIFICATES,
                Permission.REVOKE_CERTIFICATES,
            },
        ),
        (Role.PLANNER, {Permission.RECORD_TRAINING, Permission.ISSUE_CERTIFICATES}),
        (Role.INVIGILATOR, {Permission.RECORD_TRAINING, Permission.ISSUE_CERTIFICATES}),
        (Role.ISSUER, {Permission.RECORD_TRAINING, Permission.PLAN_EXAMS, Permission.INVIGILATE}),
        (Role.AUTHOR, {Permission.REVIEW_QUESTIONS}),
        (Role.REVIEWER, {Permission.WRITE_QUESTIONS}),
        (Role.AUDITOR, {Permission.MANAGE_PEOPLE, Permission.MANAGE_ACCOUNTS}),
    ],
)
def test_who_trains_does_not_examine_and_who_examines_does_not_train(role, never):
    assert not ROLES[role] & never


def test_everybody_may_use_what_is_their_own():
    assert all(an_identity().may(permission) for permission in OWN)
    assert not an_identity().may(Permission.SEE_PEOPLE)


def test_a_permission_holds_where_the_roles_that_give_it_were_granted():
    identity = an_identity(
        Grant(role=Role.ANALYST, scope=CITY),
        Grant(role=Role.ENTERPRISE_SAFETY_OFFICER, scope=PLANT),
        Grant(role=Role.AUTHOR, scope=EVERYWHERE),
    )

    coverage = identity.scope(Permission.SEE_COVERAGE)

    assert coverage == Scope(region_paths=("/p/c/",), organisation_paths=("/e/",))
    assert identity.scope(Permission.SEE_AUDIT).nowhere


@pytest.mark.parametrize(
    ("scope", "organisation", "region", "holds"),
    [
        (EVERYWHERE, None, None, True),
        (NOWHERE, "/e/", "/p/", False),
        (CITY, "/e/", "/p/c/d/", True),
        (CITY, "/e/", "/p/c/", True),
        (CITY, "/e/", "/p/", False),
        (CITY, "/e/", "/p/cc/", False),
        (PLANT, "/e/workshop/", None, True),
        (PLANT, "/f/", "/p/c/", False),
    ],
)
def test_a_scope_holds_its_subtree_and_nothing_beside_it(scope, organisation, region, holds):
    assert scope.holds(organisation_path=organisation, region_path=region) is holds


@pytest.mark.parametrize(
    ("outer", "inner", "contained"),
    [
        (EVERYWHERE, EVERYWHERE, True),
        (EVERYWHERE, CITY, True),
        (CITY, EVERYWHERE, False),
        (CITY, Scope(region_paths=("/p/c/d/",)), True),
        (CITY, Scope(region_paths=("/p/",)), False),
        (CITY, PLANT, False),
        (NOWHERE, NOWHERE, True),
    ],
)
def test_a_scope_contains_only_what_lies_within_it(outer, inner, contained):
    assert outer.contains(inner) is contained
