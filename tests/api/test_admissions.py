"""Which enterprises in high-risk industries may operate, and what the others are asked for."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest

from certificates.commands import follow_up_requests
from server import clock
from server.organisations.drafts import OrganisationKind
from server.people.roster import PostRole
from server.policy import Role
from tests.factories.certificates import TODAY, a_certificate, an_issuer
from tests.factories.rosters import a_person, a_post, a_region, an_organisation

STAFF = {
    PostRole.PRINCIPAL: "principal",
    PostRole.FULL_TIME_SAFETY_MANAGER: "safety_manager",
    PostRole.SPECIAL_OPERATIONS_WORKER: "low_voltage_electrician",
}


@pytest.fixture
def scene(furnished, writing, a_signed_in):
    """Store a mine with everybody it must have, one without a principal, and a bakery."""
    with writing():
        county = a_region(a_region(a_region(name="某省")), name="甲县")
        issuer = an_issuer(county)
        mine, other = (
            an_organisation(
                county,
                name=name,
                kind=OrganisationKind.ENTERPRISE,
                industry=industry,
                is_high_risk=True,
            )
            for name, industry in (("甲矿", "06"), ("=乙烟花厂", "2672"))
        )
        an_organisation(county, name="面包房", kind=OrganisationKind.ENTERPRISE, industry="14")
        for place in (mine, other):
            for role, qualification in STAFF.items():
                if (place, role) == (other, PostRole.PRINCIPAL):
                    continue
                special = role is PostRole.SPECIAL_OPERATIONS_WORKER
                person = a_person(place)
                begun = TODAY - timedelta(days=400)
                a_post(person, place, role=role, items=("1.2",) if special else (), from_on=begun)
                if (place, role) != (other, PostRole.SPECIAL_OPERATIONS_WORKER):
                    a_certificate(person, issuer, qualification=qualification, valid_from=begun)
        ids = {"county": county.id, "mine": mine.id, "other": other.id}
    return ids | {
        "bureau": a_signed_in(Role.ANALYST, region_id=ids["county"]).headers,
        "officer": a_signed_in(Role.ENTERPRISE_SAFETY_OFFICER, organisation_id=ids["mine"]).headers,
    }


@pytest.fixture
def ask(client, scene):
    """Ask for the list as the bureau of the county."""

    def asked(address="/v1/admissions", **query):
        query = {"region_id": scene["county"]} | query
        return client.get(address, query_string=query, headers=scene["bureau"])

    return asked


def _lacks(item):
    return {
        each["condition"]["code"]: (each["short_count"], len(each["uncertified"]))
        for each in item["lacks"]
    }


def test_who_has_everybody_certified_is_admitted_and_the_others_are_told_what_lacks(ask):
    found = {each["name"]: each for each in ask().json["items"]}

    assert {name: each["admitted"] for name, each in found.items()} == {
        "甲矿": True,
        "=乙烟花厂": False,
    }
    assert _lacks(found["=乙烟花厂"]) == {"principal": (1, 0), "special_operations": (0, 1)}
    assert "第三十条" in found["=乙烟花厂"]["lacks"][-1]["condition"]["source_zh"]


def test_the_list_is_narrowed_by_branch_standing_and_day(ask):
    before = (TODAY - timedelta(days=401)).isoformat()
    for query, names in (
        ({"branch": "coal_mining"}, ["甲矿"]),
        ({"branch": "hazardous_chemicals"}, []),
        ({"branch": "fireworks", "admitted": "false"}, ["=乙烟花厂"]),
        ({"admitted": "true"}, ["甲矿"]),
        ({"on": before, "admitted": "true"}, []),
    ):
        assert [each["name"] for each in ask(**query).json["items"]] == names


def test_pages_together_are_the_list(ask):
    first = ask(limit=1).json
    second = ask(limit=1, cursor=first["next_cursor"]).json

    assert len({each["name"] for each in first["items"] + second["items"]}) == 2
    assert second["next_cursor"] is None


def test_the_table_for_spreadsheets_says_the_same_and_holds_no_formula(ask):
    lines = ask("/v1/admissions.csv").get_data(as_text=True).splitlines()

    assert len(lines) == 3
    assert not any(",=" in line for line in lines)
    (lacking,) = [line for line in lines if "乙烟花厂" in line]
    assert "有主要负责人在岗且考核合格：缺 1 人" in lacking


def test_an_enterprise_sees_itself_and_not_the_county(client, scene):
    def names(**query):
        reply = client.get("/v1/admissions", query_string=query, headers=scene["officer"])
        return reply.status_code, [each["name"] for each in reply.json.get("items", [])]

    assert names(organisation_id=scene["mine"]) == (200, ["甲矿"])
    assert names(region_id=scene["county"]) == (404, [])


def test_who_is_not_admitted_is_asked_for_what_lacks_and_followed_up(app, client, scene, the_clock):
    def sent(place):
        asked = {
            "indicator": "admission",
            "organisation_id": str(scene[place]),
            "due_on": (TODAY + timedelta(days=30)).isoformat(),
        }
        address = f"/v1/coverage-requests/{uuid4()}"
        return client.put(address, json=asked, headers=scene["bureau"]).json

    assert sent("other")["missing_count"] == 2
    assert sent("mine")["code"] == "nothing_missing"
    (followed,) = client.get("/v1/coverage-requests", headers=scene["bureau"]).json["items"]
    assert (followed["missing_now"], followed["overdue"]) == (2, False)

    the_clock.move(timedelta(days=31))
    with app.app_context():
        assert follow_up_requests(clock.now()) > 0
