"""What a bureau and an enterprise read over HTTP: figures, and who is missing."""

from __future__ import annotations

import pytest

from server.organisations.services import get
from server.people.roster import PostRole
from server.policy import Role
from server.scopes import EVERYWHERE
from tests.factories.certificates import TODAY, a_certificate, an_issuer
from tests.factories.rosters import a_person, a_post, a_region, an_organisation

SPECIAL = "shanxi-special-operations-certified"


@pytest.fixture
def ground(writing):
    """Store a county with two works: one electrician with a certificate, two without."""
    with writing():
        county = a_region()
        issuer = an_issuer(county)
        works, other = an_organisation(county, name="甲厂"), an_organisation(county, name="乙厂")
        people = [a_person(works, name=name) for name in ("张一", "李二", "赵三")]
        for person, place in zip(people, (works, works, other), strict=True):
            a_post(person, place, role=PostRole.SPECIAL_OPERATIONS_WORKER, items=("1.2",))
        a_certificate(people[0], issuer)
        return {
            "county": county.id,
            "works": works.id,
            "other": other.id,
            "without": people[1].id,
        }


def _figures(client, headers, **query):
    return client.get("/v1/coverage", query_string=query, headers=headers)


def test_a_bureau_sees_its_region_and_every_indicator(client, ground, a_signed_in):
    analyst = a_signed_in(Role.ANALYST, region_id=ground["county"]).headers

    items = _figures(client, analyst, region_id=ground["county"]).json["items"]
    by_key = {item["indicator"]["key"]: item for item in items}

    assert len(items) == 20
    found = by_key[SPECIAL]
    assert (found["required_count"], found["covered_count"], found["missing_count"]) == (3, 1, 2)
    assert (found["ratio"], found["shown"], found["gap"]) == ("0.333333", "33.3%", 2)
    assert found["reached"] is False
    assert "特种作业人员" in found["definition"]["denominator_zh"]
    assert by_key["linyi-coal-engineer-share"]["shown"] == "—"
    assert by_key["linyi-coal-engineer-share"]["ratio"] is None


def test_an_enterprise_sees_itself_and_nothing_else(client, ground, a_signed_in):
    works = ground["works"]
    officer = a_signed_in(Role.ENTERPRISE_SAFETY_OFFICER, organisation_id=works).headers

    own = _figures(client, officer, organisation_id=works, indicator=SPECIAL).json["items"][0]

    assert (own["required_count"], own["covered_count"]) == (2, 1)
    for query in ({"organisation_id": ground["other"]}, {"region_id": ground["county"]}):
        assert _figures(client, officer, **query).status_code == 404


def test_who_is_missing_is_listed_with_the_reason_page_by_page(client, ground, a_signed_in):
    analyst = a_signed_in(Role.ANALYST, region_id=ground["county"]).headers
    address = f"/v1/coverage/{SPECIAL}/missing"

    def page(**query):
        query = {"region_id": ground["county"], "limit": 1} | query
        return client.get(address, query_string=query, headers=analyst).json

    first = page()
    second = page(cursor=first["next_cursor"])

    assert second["next_cursor"] is None
    names = {item["name"] for item in [*first["items"], *second["items"]]}
    assert names == {"李二", "赵三"}
    assert first["items"][0]["reason"] == "never_trained"
    assert first["items"][0]["document_masked"] == "E*******0"


def test_a_list_is_that_of_a_figure_read_before_whatever_happened_since(
    client, ground, writing, a_signed_in
):
    analyst = a_signed_in(Role.ANALYST, region_id=ground["county"]).headers
    asked = {"region_id": ground["county"], "indicator": SPECIAL}
    before = _figures(client, analyst, **asked).json
    with writing():
        works = get(ground["works"], scope=EVERYWHERE)
        a_post(a_person(works), works, role=PostRole.SPECIAL_OPERATIONS_WORKER, items=("1.2",))

    def missing(**query):
        query = {"region_id": ground["county"]} | query
        address = f"/v1/coverage/{SPECIAL}/missing"
        return len(client.get(address, query_string=query, headers=analyst).json["items"])

    known_at = before["freshness"]["known_at"]
    assert before["items"][0]["missing_count"] == 2
    assert missing() == 3
    assert missing(known_at=known_at) == 2
    again = _figures(client, analyst, known_at=known_at, **asked).json
    assert again["items"] == before["items"]


def test_any_day_can_be_asked_about(client, ground, a_signed_in):
    analyst = a_signed_in(Role.ANALYST, region_id=ground["county"]).headers

    def covered(on):
        query = {"region_id": ground["county"], "indicator": SPECIAL, "on": on}
        return _figures(client, analyst, **query).json["items"][0]["covered_count"]

    assert [covered(day) for day in ("2026-06-14", TODAY.isoformat(), "2032-06-15")] == [0, 1, 0]


@pytest.mark.parametrize(
    ("query", "status", "code"),
    [
        ({}, 422, "unit_needed"),
        ({"region_id": "county", "indicator": "no-such"}, 404, "not_found"),
        ({"region_id": "county", "on": "tomorrow"}, 422, "invalid"),
    ],
)
def test_what_cannot_be_counted_is_refused(client, ground, a_signed_in, query, status, code):
    analyst = a_signed_in(Role.ANALYST).headers
    query = {name: ground.get(value, value) for name, value in query.items()}

    refused = _figures(client, analyst, **query)

    assert (refused.status_code, refused.json["code"]) == (status, code)


def test_one_plan_can_be_read_alone(client, ground, a_signed_in):
    analyst = a_signed_in(Role.ANALYST).headers

    items = _figures(client, analyst, region_id=ground["county"], plan="zhongwei").json["items"]

    assert {item["indicator"]["plan"] for item in items} == {"zhongwei"}
    assert len(items) == 3


def test_the_catalogue_is_read_without_an_account(client, ground):
    items = client.get("/v1/indicators").json["items"]

    assert len(items) == 20
    assert all(item["quote"] for item in items)


def test_without_the_role_there_are_no_figures(client, ground, a_signed_in):
    worker = a_signed_in(Role.WORKER).headers

    assert _figures(client, worker, region_id=ground["county"]).status_code == 403
    assert _figures(client, {}, region_id=ground["county"]).status_code == 401
