"""Organisations: registering, seeing, and moving them."""

from __future__ import annotations

from uuid import UUID, uuid4

import pytest
from flask import Flask

from server.errors import IdTaken, NotFound
from server.organisations import services
from server.organisations.drafts import Draft, OrganisationKind
from server.organisations.errors import (
    CreditCodeNeeded,
    CreditCodeTaken,
    CreditCodeWrong,
    DepartmentNeedsParent,
    IndustryUnknown,
    MovedBeneathItself,
    ParentUnfit,
    RegionUnknown,
)
from server.organisations.models import Organisation
from server.policy import Identity, Role
from server.scopes import EVERYWHERE, NOWHERE, Scope
from tests.factories.organisations import a_credit_code, a_department, an_organisation
from tests.factories.people import beneath, who
from tests.factories.regions import a_county, a_region
from tests.moments import NOON

K = OrganisationKind
ADMIN = who(Role.ADMINISTRATOR)


def draft(**said: object) -> Draft:
    usual: dict[str, object] = {"kind": K.ENTERPRISE, "name": "某化工厂"}
    if said.get("kind", K.ENTERPRISE) in services.CODED:
        usual["credit_code"] = a_credit_code()
    return Draft(**(usual | said))  # type: ignore[arg-type]  # told by name, checked by the tests


def register(
    drafted: Draft, organisation_id: UUID | None = None, by: Identity = ADMIN
) -> Organisation:
    return services.register(organisation_id or uuid4(), drafted, by=by, at=NOON)


def test_an_enterprise_is_registered_with_its_industry(inside: Flask) -> None:
    region = a_county()

    made = register(draft(industry="2611", region_id=region.id))

    assert (made.section, made.division, made.is_high_risk) == ("C", "26", True)
    assert made.path == f"/{made.id}/"
    assert services.find(made.credit_code or "") is made


def test_what_is_stated_outweighs_the_mark_of_the_industry(inside: Flask) -> None:
    region = a_county()

    assert register(draft(industry="52", is_high_risk=True, region_id=region.id)).is_high_risk
    assert not register(draft(industry="26", is_high_risk=False, region_id=region.id)).is_high_risk


def test_the_same_request_again_changes_nothing(inside: Flask) -> None:
    drafted, organisation_id = draft(region_id=a_county().id), uuid4()

    assert register(drafted, organisation_id) is register(drafted, organisation_id)


def test_a_correction_is_kept(inside: Flask) -> None:
    region, code, organisation_id = a_county(), a_credit_code(), uuid4()
    register(draft(credit_code=code, region_id=region.id), organisation_id)

    corrected = register(
        draft(credit_code=code, region_id=region.id, name="新名", industry="26"), organisation_id
    )

    assert (corrected.name, corrected.is_high_risk) == ("新名", True)


@pytest.mark.parametrize(
    ("said", "refusal"),
    [
        ({"credit_code": None}, CreditCodeNeeded),
        ({"credit_code": "91350100M000100Y44"}, CreditCodeWrong),
        ({"industry": "98"}, IndustryUnknown),
        ({"kind": K.DEPARTMENT}, DepartmentNeedsParent),
    ],
)
def test_what_breaks_a_rule_is_refused(
    inside: Flask, said: dict[str, object], refusal: type[Exception]
) -> None:
    with pytest.raises(refusal):
        register(draft(**said, region_id=a_county().id))


def test_an_authority_needs_no_credit_code(inside: Flask) -> None:
    made = register(draft(kind=K.AUTHORITY, region_id=a_county().id))

    assert made.credit_code is None


def test_a_credit_code_is_registered_once(inside: Flask) -> None:
    region, code = a_county(), a_credit_code()
    register(draft(credit_code=code, region_id=region.id))

    with pytest.raises(CreditCodeTaken):
        register(draft(credit_code=code.lower(), region_id=region.id))


def test_a_department_takes_the_region_of_its_parent(inside: Flask) -> None:
    parent = an_organisation()

    made = register(draft(kind=K.DEPARTMENT, name="车间", parent_id=parent.id))

    assert made.region_id == parent.region_id
    assert [one.id for one in services.under(parent.id)] == [parent.id, made.id]


def test_only_departments_hang_beneath_departments(inside: Flask) -> None:
    department = a_department(an_organisation())

    with pytest.raises(ParentUnfit):
        register(draft(parent_id=department.id))


def test_an_organisation_without_a_region_is_refused(inside: Flask) -> None:
    with pytest.raises(RegionUnknown):
        register(draft())


def test_a_correction_neither_moves_nor_turns_into_a_department(inside: Flask) -> None:
    parent = an_organisation()
    known = an_organisation(credit_code=a_credit_code())

    for said in ({"parent_id": parent.id}, {"kind": K.DEPARTMENT, "parent_id": parent.id}):
        with pytest.raises(IdTaken):
            register(draft(**said), known.id)


def test_moving_takes_departments_along(inside: Flask) -> None:
    here, there = an_organisation(), an_organisation()
    workshop = a_department(here)
    team = a_department(workshop)

    services.move(workshop.id, there.id, by=ADMIN, at=NOON)

    assert [one.id for one in services.under(there.id)] == [there.id, workshop.id, team.id]
    assert services.under(here.id) == [here]
    assert services.move(workshop.id, there.id, by=ADMIN, at=NOON) is workshop


def test_moving_makes_no_circle(inside: Flask) -> None:
    group = an_organisation()
    company = an_organisation(group)

    for target in (group, company):
        with pytest.raises(MovedBeneathItself):
            services.move(group.id, target.id, by=ADMIN, at=NOON)


def test_a_company_leaves_its_group_and_a_department_does_not(inside: Flask) -> None:
    group = an_organisation()
    company, department = an_organisation(group), a_department(group)

    assert services.move(company.id, None, by=ADMIN, at=NOON).path == f"/{company.id}/"
    with pytest.raises(DepartmentNeedsParent):
        services.move(department.id, None, by=ADMIN, at=NOON)


def test_who_rules_a_group_only_does_not_let_its_companies_go(inside: Flask) -> None:
    group = an_organisation()
    company = an_organisation(group)
    somebody = who(Role.ADMINISTRATOR, scope=beneath(group))

    with pytest.raises(NotFound):
        services.move(company.id, None, by=somebody, at=NOON)


def test_an_organisation_is_seen_by_its_own_path_or_its_regions(inside: Flask) -> None:
    county = a_county()
    here, elsewhere = an_organisation(region=a_region(county)), an_organisation()
    department = a_department(here)
    scopes = {
        "region": Scope(region_paths=(county.path,)),
        "organisation": beneath(here),
        "everywhere": EVERYWHERE,
    }

    for scope in scopes.values():
        assert services.get(department.id, scope=scope) is department
    for scope in (scopes["region"], scopes["organisation"], NOWHERE):
        with pytest.raises(NotFound):
            services.get(elsewhere.id, scope=scope)


def test_only_what_lies_in_the_scope_is_listed(inside: Flask) -> None:
    here, _ = an_organisation(name="甲厂"), an_organisation(name="乙厂")
    a_department(here, name="甲车间")

    assert [one.name for one in services.listed(beneath(here)).items] == ["甲厂", "甲车间"]
    assert services.listed(NOWHERE).items == []


def test_a_list_is_narrowed(inside: Flask) -> None:
    code = a_credit_code()
    here = an_organisation(name="甲%厂", credit_code=code)
    an_organisation(name="甲乙厂", kind=K.PROVIDER)
    workshop = a_department(here, name="车间")
    team = a_department(workshop, name="班组")

    def ids(**filters: object) -> set[UUID]:
        found = services.listed(EVERYWHERE, **filters)  # type: ignore[arg-type]  # by name
        return {one.id for one in found.items}

    assert ids(name="甲%") == {here.id}
    assert ids(credit_code=code.lower()) == {here.id}
    assert ids(kind=K.DEPARTMENT) == {workshop.id, team.id}
    assert ids(region_id=here.region_id) == {here.id, workshop.id, team.id}
    assert ids(parent_id=here.id) == {workshop.id}
    assert ids(under_id=workshop.id) == {workshop.id, team.id}


def test_what_lies_outside_the_scope_cannot_be_corrected_or_founded(inside: Flask) -> None:
    here, there = an_organisation(credit_code=a_credit_code()), an_organisation()
    somebody = who(Role.ADMINISTRATOR, scope=beneath(there))

    with pytest.raises(NotFound):
        register(draft(region_id=here.region_id), here.id, by=somebody)
    with pytest.raises(NotFound):
        register(draft(region_id=there.region_id), by=somebody)
    with pytest.raises(NotFound):
        register(draft(parent_id=here.id), by=somebody)
    assert register(draft(parent_id=there.id), by=somebody).parent_id == there.id


def test_who_rules_a_company_corrects_it_without_seeing_its_group(inside: Flask) -> None:
    company = an_organisation(an_organisation(), credit_code=a_credit_code())
    somebody = who(Role.ADMINISTRATOR, scope=beneath(company))

    corrected = register(draft(name="新名", parent_id=company.parent_id), company.id, by=somebody)

    assert corrected.name == "新名"
