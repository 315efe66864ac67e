"""A bureau changes what is counted and what is wanted, over HTTP: previewed, versioned, dated."""

from __future__ import annotations

from datetime import date
from uuid import uuid4

import pytest

from certificates import watching
from server import clock
from server.people.roster import PostRole
from server.policy import Role
from tests.factories.certificates import TODAY, a_certificate, an_issuer
from tests.factories.rosters import a_person, a_post, a_region, an_organisation

KEY = "city-electricians"


@pytest.fixture
def scene(writing, a_signed_in):
    """Store a city of two counties, an electrician in each; one of them is certified."""
    with writing():
        city = a_region(a_region(name="某省"), name="某市")
        counties = [a_region(city, name=name) for name in ("甲县", "乙县")]
        issuer = an_issuer(counties[0])
        works = [an_organisation(county, is_high_risk=True) for county in counties]
        people = [a_person(place) for place in works]
        for person, place in zip(people, works, strict=True):
            a_post(
                person,
                place,
                role=PostRole.SPECIAL_OPERATIONS_WORKER,
                items=("1.2",),
                from_on=date(2026, 1, 10),
            )
        a_certificate(people[0], issuer)
        found = {"city": city.id, "code": city.code, "counties": [one.id for one in counties]}
    return found | {"by": a_signed_in(Role.ADMINISTRATOR).headers}


def _asked(scene, **changes):
    population = {
        "name": "electricians",
        "roles": ["special_operations_worker"],
        "zh": "在岗电工",
        "en": "electricians in post",
    } | changes.pop("population", {})
    return {
        "key": KEY,
        "plan": "city",
        "division_code": scene["code"],
        "kind": "rate",
        "populations": [population],
        "measure": {
            "all_of": [[{"basis": "certificate"}]],
            "grace": False,
            "zh": "当日持有有效证书",
            "en": "holds a standing certificate",
        },
        "target": 100,
        "unit": "percent",
        "deadline": "2026-12-31",
        "quote": "电工持证上岗率达到100%",
    } | changes


def _figure(client, scene, **query):
    query = {"region_id": scene["city"], "indicator": KEY} | query
    found = client.get("/v1/coverage", query_string=query, headers=scene["by"]).json
    return found["items"][0]


def _book():
    watching.work_off(clock.now())


@pytest.mark.parametrize(
    ("population", "counts"),
    [
        ({}, (2, 1)),
        ({"high_risk": False}, (0, 0)),
        ({"sizes": ["micro"]}, (0, 0)),
        ({"roles": ["principal"]}, (0, 0)),
    ],
)
def test_a_definition_is_tried_before_anybody_relies_on_it(client, scene, population, counts):
    tried = _asked(scene, population=population, region_id=scene["city"])

    found = client.post("/v1/indicator-preview", json=tried, headers=scene["by"]).json

    assert (found["required_count"], found["covered_count"]) == counts
    listed = client.get("/v1/indicators").json["items"]
    assert KEY not in {each["key"] for each in listed}


def test_a_population_may_be_of_one_region(client, scene):
    population = {"region_ids": [str(scene["counties"][1])]}
    tried = _asked(scene, population=population, region_id=scene["city"])

    found = client.post("/v1/indicator-preview", json=tried, headers=scene["by"]).json

    assert (found["required_count"], found["covered_count"], found["shown"]) == (1, 0, "0.0%")


def test_an_indicator_is_made_counted_and_changed_for_later_days_only(app, client, scene):
    first, second = f"/v1/indicator-versions/{uuid4()}", f"/v1/indicator-versions/{uuid4()}"
    made = client.put(first, json=_asked(scene), headers=scene["by"])
    again = client.put(first, json=_asked(scene), headers=scene["by"])
    assert (made.status_code, made.json["version"], again.json["version"]) == (200, 1, 1)
    with app.app_context():
        _book()
    assert _figure(client, scene)["required_count"] == 2

    only_mines = _asked(scene, population={"high_risk": False}, effective_from="2026-06-10")
    assert client.put(second, json=only_mines, headers=scene["by"]).json["version"] == 2
    with app.app_context():
        _book()

    assert _figure(client, scene, on="2026-06-09")["required_count"] == 2
    assert _figure(client, scene, on="2026-06-10")["required_count"] == 0
    versions = client.get(f"/v1/indicators/{KEY}/versions").json["items"]
    assert [each["version"] for each in versions] == [1, 2]
    change = client.get(
        f"/v1/coverage/{KEY}/change",
        query_string={
            "region_id": scene["city"],
            "from_on": "2026-06-09",
            "on": TODAY.isoformat(),
        },
        headers=scene["by"],
    ).json
    assert [each["cause"] for each in change["causes"]] == ["rule_changed"]
    assert change["required_change"] == -2


@pytest.mark.parametrize(
    ("population", "code"),
    [({"roles": []}, "definition_unfit"), ({"roles": ["king"]}, "invalid")],
)
def test_what_cannot_be_counted_is_refused(client, scene, population, code):
    address = f"/v1/indicator-versions/{uuid4()}"

    refused = client.put(
        address, json=_asked(scene, population=population), headers=scene["by"]
    ).json

    assert refused["code"] == code


def test_a_region_sets_its_own_target_from_a_day_on_and_reads_the_pace(client, scene):
    key = "shanxi-special-operations-certified"
    target = {
        "indicator": key,
        "region_id": str(scene["city"]),
        "from_on": "2026-06-01",
        "target": 60,
        "deadline": "2026-07-31",
    }
    address = f"/v1/coverage-targets/{uuid4()}"
    assert client.put(address, json=target, headers=scene["by"]).status_code == 200

    before = _figure(client, scene, indicator=key, on="2026-05-31")
    after = _figure(client, scene, indicator=key, on=TODAY.isoformat())

    assert (before["target"]["target"], after["target"]["target"]) == (100, 60)
    assert (after["gap"], after["pace_per_month"]) == (1, 1)
    listed = client.get("/v1/coverage-targets", headers=scene["by"]).json["items"]
    assert [each["target"] for each in listed] == [60]


def test_regions_are_ranked_with_the_places_that_chance_allows(client, scene):
    query = {"region_id": scene["city"], "by": "region"}
    address = "/v1/coverage/shanxi-special-operations-certified/ranking"

    found = client.get(address, query_string=query, headers=scene["by"]).json["items"]

    assert [(each["name"], each["place"]) for each in found] == [("甲县", 1), ("乙县", 2)]
    assert {(each["best_place"], each["worst_place"]) for each in found} == {(1, 2)}


def test_a_county_is_moved_over_http_and_its_past_stays_where_it_was(client, scene, writing):
    with writing():
        other = a_region(a_region(name="他省"), name="他市").id
    county = scene["counties"][0]
    key = "shanxi-special-operations-certified"
    moved = client.put(
        f"/v1/regions/{county}/parent",
        json={"parent_id": str(other), "on": "2026-06-01"},
        headers=scene["by"],
    )
    assert moved.json["parent_id"] == str(other)

    counts = [
        [
            _figure(client, scene, region_id=region, indicator=key, on=on)["required_count"]
            for region in (scene["city"], other)
        ]
        for on in ("2026-05-31", "2026-06-01")
    ]

    assert counts == [[2, 0], [1, 1]]
    history = client.get(f"/v1/regions/{county}/history").json
    assert [lay["until_on"] for lay in history["lays"]] == ["2026-06-01", None]


def test_an_abolished_code_and_a_new_one_break_no_series(client, scene):
    county, key = scene["counties"][0], "shanxi-special-operations-certified"
    recoded = {"code": "999901", "name": "新县", "on": "2026-05-01"}
    client.put(f"/v1/regions/{county}/code", json=recoded, headers=scene["by"])
    gone = {"successor_ids": [str(scene["counties"][1])], "on": "2026-06-01"}
    address = f"/v1/regions/{county}/abolition"
    assert client.put(address, json=gone, headers=scene["by"]).status_code == 200
    assert client.put(address, json=gone, headers=scene["by"]).status_code == 200

    found = [
        _figure(client, scene, region_id=county, indicator=key, on=on)["required_count"]
        for on in ("2026-04-30", "2026-05-01", "2026-06-01")
    ]

    assert found == [1, 1, 1]
    history = client.get(f"/v1/regions/{county}/history").json
    assert history["successor_ids"] == [str(scene["counties"][1])]
    assert history["abolished_on"] == "2026-06-01"
