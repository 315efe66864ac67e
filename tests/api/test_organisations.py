"""Organisations over HTTP: registering, listing, moving, within one's scope."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

from flask import Flask
from flask.testing import FlaskClient

from server.policy import Role
from server.regions.services import id_of
from tests.api.conftest import Headers
from tests.conftest import SigningIn
from tests.factories.organisations import a_credit_code

BINJIANG = id_of("330108")


def put(client: FlaskClient, headers: Headers, at: UUID, **said: Any) -> Any:
    body = {"kind": "enterprise", "name": "某化工厂", "region_id": str(BINJIANG), **said}
    return client.put(f"/v1/organisations/{at}", json=body, headers=headers)


def test_a_group_is_built_and_rearranged(
    furnished: Flask, client: FlaskClient, almighty: Headers
) -> None:
    group, company, workshop = uuid4(), uuid4(), uuid4()
    code = a_credit_code()

    made = put(client, almighty, group, credit_code=code, industry="26").get_json()
    assert (made["credit_code"], made["section"], made["is_high_risk"]) == (code, "C", True)
    assert put(client, almighty, company, credit_code=a_credit_code()).status_code == 200
    department = {"kind": "department", "name": "车间", "parent_id": str(company)}
    assert put(client, almighty, workshop, **department).status_code == 200

    url = f"/v1/organisations/{company}/parent"
    moved = client.put(url, json={"parent_id": str(group)}, headers=almighty)
    assert moved.get_json()["path"] == f"/{group}/{company}/"
    circle = client.put(
        f"/v1/organisations/{group}/parent", json={"parent_id": str(workshop)}, headers=almighty
    )
    assert circle.get_json()["code"] in {"moved_beneath_itself", "parent_unfit"}

    beneath = client.get(f"/v1/organisations?under_id={group}", headers=almighty).get_json()
    assert {one["id"] for one in beneath["items"]} == {str(group), str(company), str(workshop)}


def test_refusals_speak_the_language_asked_for(
    furnished: Flask, client: FlaskClient, almighty: Headers
) -> None:
    wrong = a_credit_code()[:-1]

    chinese = put(client, almighty, uuid4(), credit_code=wrong)
    english = put(client, {**almighty, "Accept-Language": "en"}, uuid4(), credit_code=wrong)

    assert (chinese.status_code, chinese.get_json()["code"]) == (422, "credit_code_wrong")
    assert "统一社会信用代码" in chinese.get_json()["detail"]
    assert "18 characters" in english.get_json()["detail"]


def test_one_sees_and_changes_only_what_lies_beneath(
    furnished: Flask, client: FlaskClient, almighty: Headers, a_signed_in: SigningIn
) -> None:
    here, there = uuid4(), uuid4()
    for one in (here, there):
        put(client, almighty, one, credit_code=a_credit_code())
    officer = a_signed_in(Role.ENTERPRISE_SAFETY_OFFICER, organisation_id=here).headers
    ruler = a_signed_in(Role.ADMINISTRATOR, organisation_id=here).headers

    listed = client.get("/v1/organisations", headers=officer).get_json()["items"]
    assert [one["id"] for one in listed] == [str(here)]
    assert client.get(f"/v1/organisations/{here}", headers=officer).status_code == 200
    assert client.get(f"/v1/organisations/{there}", headers=officer).status_code == 404
    assert put(client, officer, here, credit_code=a_credit_code()).status_code == 403
    assert put(client, ruler, there, credit_code=a_credit_code()).status_code == 404


def test_an_industry_is_called_by_its_name_and_narrows_a_list(
    furnished: Flask, client: FlaskClient, almighty: Headers
) -> None:
    """A class that is not kept here is called as its division; who has none is called nothing."""
    for name, said in (
        ("甲化工厂", {"industry": "26", "size": "large"}),
        ("乙化工厂", {"industry": "2611", "size": "small"}),
        ("丙软件公司", {"industry": "65", "size": "small"}),
    ):
        code = a_credit_code()
        assert (
            put(client, almighty, uuid4(), name=name, credit_code=code, **said).status_code == 200
        )

    def found(**query: str) -> dict[str, str]:
        reply = client.get("/v1/organisations", query_string=query, headers=almighty).get_json()
        return {one["name"]: one["industry_name_zh"] for one in reply["items"]}

    chemistry = "化学原料和化学制品制造业"
    assert found(industry="26") == {"甲化工厂": chemistry, "乙化工厂": chemistry}
    assert found(industry="2611") == {"乙化工厂": chemistry}
    assert found(is_high_risk="false", size="small") == {"丙软件公司": "软件和信息技术服务业"}
    (named,) = client.get("/v1/organisations?industry=65", headers=almighty).get_json()["items"]
    assert named["industry_name_en"].startswith("Software")
