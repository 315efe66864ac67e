"""What everybody may see of the plans: a page, JSON and CSV, once a month, small numbers hidden."""

from __future__ import annotations

import csv
import io
from datetime import timedelta

import pytest

from certificates import watching
from certificates.commands import load_rules_and_indicators, publish_progress
from certificates.services import indicators
from server import clock
from server.people.roster import PostRole
from server.regions import services as regions
from server.regions.models import Region
from tests.factories.rosters import a_person, a_post, a_region, an_organisation, stored


@pytest.fixture
def published(app, writing):
    """Publish the month for a city with twelve electricians in one county and two in another."""
    with writing():
        load_rules_and_indicators()
        province = a_region(name="山西省")
        found = type(province)(
            id=regions.id_of("140000"),
            code="140000",
            name="山西省",
            level=1,
            path=f"/{regions.id_of('140000')}/",
        )
        stored(found)
        for name, count in (("甲市", 12), ("乙市", 2)):
            city = a_region(found, name=name)
            works = an_organisation(city)
            for _ in range(count):
                a_post(
                    a_person(works), works, role=PostRole.SPECIAL_OPERATIONS_WORKER, items=("1.2",)
                )
    with app.app_context():
        publish_progress(clock.now())


def test_nothing_is_published_while_somebody_waits_to_be_counted(app, client, writing):
    with writing():
        load_rules_and_indicators()
        one = regions.id_of("140000")
        stored(Region(id=one, code="140000", name="山西省", level=1, path=f"/{one}/"))
        works = an_organisation(a_region(regions.get(one)))
        for _ in range(60):  # more than are counted at once
            a_post(a_person(works), works, role=PostRole.SPECIAL_OPERATIONS_WORKER, items=("1.2",))

    with app.app_context():
        early = publish_progress(clock.now())
        watching.work_off(clock.now())
        later = publish_progress(clock.now())

    assert (early, later) == (0, 1)
    (edition,) = client.get("/v1/open-data/coverage?plan=shanxi").json["items"]
    assert _special(edition["content"])["whole"]["required"] == 60


def _special(content):
    wanted = "shanxi-special-operations-certified"
    return next(one for one in content["indicators"] if one["key"] == wanted)


def test_a_county_of_two_is_hidden_and_so_is_what_would_give_it_away(client, published):
    (edition,) = client.get("/v1/open-data/coverage?plan=shanxi").json["items"]

    one = _special(edition["content"])
    assert one["whole"]["required"] == 15
    assert {part["region"]: part["showing"] for part in one["parts"]} == {
        "甲市": "hidden",
        "乙市": "hidden",
    }


def test_an_edition_stays_as_it_was_published_whatever_happens_since(
    app, client, writing, published, the_clock
):
    before = client.get("/v1/open-data/coverage?plan=shanxi").json["items"]
    with writing():
        works = an_organisation(regions.get(regions.id_of("140000")))
        for _ in range(10):
            a_post(a_person(works), works, role=PostRole.SPECIAL_OPERATIONS_WORKER, items=("1.2",))
    the_clock.move(timedelta(days=3))
    with app.app_context():
        assert publish_progress(clock.now()) == 0
    assert client.get("/v1/open-data/coverage?plan=shanxi").json["items"] == before

    the_clock.move(timedelta(days=30))
    with app.app_context():
        assert publish_progress(clock.now()) == 1
    assert len(client.get("/v1/open-data/coverage?plan=shanxi").json["items"]) == 2


def test_the_table_has_a_line_for_each_cell(client, published):
    sent = client.get("/v1/open-data/coverage.csv")

    lines = list(csv.DictReader(io.StringIO(sent.get_data(as_text=True).removeprefix("\ufeff"))))

    plans = [each for each in indicators.shipped() if each["plan"] == "shanxi"]
    assert sum(line["level"] == "whole" for line in lines) == len(plans)
    assert "max-age" in sent.headers["Cache-Control"]


def test_the_page_is_for_everybody_and_may_be_kept(client, published):
    sent = client.get("/progress")

    page = sent.get_data(as_text=True)
    assert sent.status_code == 200
    assert "严格执行特种作业人员持证上岗" in page
    assert "甲市" in page
    again = client.get("/progress", headers={"If-None-Match": sent.headers["ETag"]})
    assert again.status_code == 304


def test_the_page_says_so_before_anything_is_published(client):
    assert "尚未公布" in client.get("/progress").get_data(as_text=True)


def test_an_unknown_plan_has_no_open_data(client, published):
    assert client.get("/v1/open-data/coverage?plan=no-such").status_code == 404
