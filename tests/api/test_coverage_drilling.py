"""A bureau drills into a figure over HTTP: parts, trend, change, what expires, who is behind it."""

from __future__ import annotations

from datetime import date

import pytest

from server.people.roster import PostRole
from server.policy import Role
from tests.factories.certificates import TODAY, a_certificate, an_issuer
from tests.factories.rosters import a_person, a_post, a_region, an_organisation

SPECIAL = "shanxi-special-operations-certified"


@pytest.fixture
def ask(client, writing, a_signed_in):
    """Store a city of two counties and ask about it: one electrician certified, two not."""
    with writing():
        city = a_region(a_region(name="某省"))
        counties = [a_region(city, name=name) for name in ("甲县", "乙县")]
        issuer = an_issuer(counties[0])
        works = [an_organisation(county) for county in counties]
        people = [a_person(works[0]) for _ in range(3)]
        for person, place in zip(people, (works[0], works[0], works[1]), strict=True):
            a_post(
                person,
                place,
                role=PostRole.SPECIAL_OPERATIONS_WORKER,
                items=("1.2",),
                from_on=date(2026, 1, 10),
            )
        a_certificate(people[0], issuer)
    headers = a_signed_in(Role.ANALYST, region_id=city.id).headers

    def asked(address, **query):
        query = {"region_id": city.id} | query
        path = f"/v1/coverage/{SPECIAL}/{address}"
        return client.get(path, query_string=query, headers=headers).json

    return asked


def test_the_parts_of_a_figure_are_the_regions_beneath(ask):
    found = {
        part["name"]: (part["figure"]["required_count"], part["figure"]["covered_count"])
        for part in ask("parts", by="region")["items"]
    }

    assert found == {"甲县": (2, 1), "乙县": (1, 0)}


@pytest.mark.parametrize(
    ("by", "key"),
    [("role", "special_operations_worker"), ("item", "1.2"), ("high_risk", "other")],
)
def test_a_figure_is_taken_apart_by_what_posts_are(ask, by, key):
    (part,) = ask("parts", by=by)["items"]

    assert (part["key"], part["figure"]["required_count"]) == (key, 3)


def test_a_trend_goes_through_every_day(ask):
    items = ask("trend", from_on="2026-01-09", every="day", on=TODAY.isoformat())["items"]

    assert [(each["on"], each["required_count"]) for each in items[:2]] == [
        ("2026-01-09", 0),
        ("2026-01-10", 3),
    ]
    assert items[-1] == {
        "on": TODAY.isoformat(),
        "required_count": 3,
        "covered_count": 1,
        "excluded_count": 0,
    }


def test_a_change_is_explained_with_nothing_left_over(ask):
    found = ask("change", from_on="2026-01-09", on=TODAY.isoformat())

    assert (found["required_change"], found["covered_change"]) == (3, 1)
    assert sum(each["required_change"] for each in found["causes"]) == 3
    assert sum(each["covered_change"] for each in found["causes"]) == 1
    assert {each["cause"] for each in found["causes"]} == {"hired"}


def test_what_expires_ahead_is_told_by_month_and_region(ask):
    (found,) = ask("expiring", until="2040-01-01")["items"]

    assert (found["item"], found["count"]) == ("1.2", 1)
    assert found["month"].startswith("2032-06")


def test_the_people_behind_a_figure_are_as_many_as_it_says(ask):
    standings = ("covered", "missing", "not_due")

    found = [len(ask("people", standing=standing)["items"]) for standing in standings]

    assert found == [1, 2, 0]


def test_a_day_ahead_is_a_forecast(client, ask):
    (part, _) = ask("parts", by="region", on="2033-01-01")["items"]

    assert part["figure"]["scenario"] == "nobody_renews"
    assert part["figure"]["covered_count"] == 0
