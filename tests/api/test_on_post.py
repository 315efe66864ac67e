"""Who may work today, asked by an enterprise, a worker and a stranger."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date
from uuid import UUID, uuid4

import pytest
from flask.testing import FlaskClient

from certificates.validity import Turn
from server.db import db
from server.organisations.drafts import OrganisationKind
from server.organisations.models import Organisation
from server.people.roster import PostRole
from server.policy import Role
from server.records.entries import InductionLevel, RecordKind
from server.regions.models import Region
from tests.api.conftest import Headers
from tests.conftest import SigningIn
from tests.databases import Statements
from tests.factories.certificates import a_certificate, an_issuer, befallen
from tests.factories.lives import a_line, an_induction
from tests.factories.organisations import a_department, an_organisation
from tests.factories.people import a_person, a_post
from tests.factories.regions import a_county

Counting = Callable[[], AbstractContextManager[Statements]]
WELDER = PostRole.SPECIAL_OPERATIONS_WORKER
ITEMS = ("1.2",)


@pytest.fixture
def plant(writing: Callable[[], AbstractContextManager[None]]) -> dict[str, UUID]:
    """Store a plant where one electrician may work, one may not, and one cleaner is untaught."""
    with writing():
        works = an_organisation(name="某电厂")
        shop = a_department(works, name="电气车间")
        issuer = an_issuer()
        ready, idle, cleaner = (
            a_person(works, name=name) for name in ("王建国", "李建军", "赵建平")
        )
        for each in (ready, idle):
            a_post(each, shop, role=WELDER, items=ITEMS)
            an_induction(each, works)
        a_post(cleaner, works)
        a_certificate(ready, issuer)
        befallen(a_certificate(idle, issuer), Turn.SUSPENDED)
        an_induction(cleaner, works, InductionLevel.PLANT)
        return {
            "works": works.id,
            "shop": shop.id,
            "ready": ready.id,
            "idle": idle.id,
            "cleaner": cleaner.id,
        }


@pytest.fixture
def officer(plant: dict[str, UUID], a_signed_in: SigningIn) -> Headers:
    return a_signed_in(Role.ENTERPRISE_SAFETY_OFFICER, organisation_id=plant["works"]).headers


def test_an_enterprise_sees_who_may_work_who_may_not_and_why(
    client: FlaskClient, plant: dict[str, UUID], officer: Headers
) -> None:
    every = client.get("/v1/on-post", headers=officer).get_json()["items"]
    kept = {one["person_id"]: [(r["code"], r["item"]) for r in one["reasons"]] for one in every}
    assert kept == {
        str(plant["ready"]): [],
        str(plant["idle"]): [("certificate_suspended", "1.2")],
        str(plant["cleaner"]): [("induction_workshop", None), ("induction_team", None)],
    }

    may_not = client.get("/v1/on-post?may_work=false&limit=1", headers=officer).get_json()
    rest = client.get(
        f"/v1/on-post?may_work=false&limit=5&cursor={may_not['next_cursor']}", headers=officer
    ).get_json()
    assert {one["person_id"] for one in [*may_not["items"], *rest["items"]]} == {
        str(plant["idle"]),
        str(plant["cleaner"]),
    }
    there = client.get(f"/v1/on-post?organisation_id={plant['shop']}", headers=officer)
    assert len(there.get_json()["items"]) == 2

    summary = client.get(
        f"/v1/organisations/{plant['works']}/on-post-summary", headers=officer
    ).get_json()
    assert (summary["post_count"], summary["may_work_count"]) == (3, 1)
    assert summary["reasons"] == {
        "certificate_suspended": 1,
        "induction_team": 1,
        "induction_workshop": 1,
    }


def test_a_workshop_of_a_high_risk_plant_is_asked_the_hours_of_the_plant(
    client: FlaskClient,
    plant: dict[str, UUID],
    officer: Headers,
    writing: Callable[[], AbstractContextManager[None]],
) -> None:
    with writing():
        works = db.session.get_one(Organisation, plant["works"])
        caster = a_person(works, name="孙铸工")
        a_post(caster, db.session.get_one(Organisation, plant["shop"]))
        an_induction(caster, works, hours="8.0")
        url = f"/v1/people/{caster.id}/on-post"
    assert client.get(url, headers=officer).get_json()["items"][0]["reasons"] == []

    with writing():
        db.session.get_one(Organisation, plant["works"]).is_high_risk = True

    [reason] = client.get(url, headers=officer).get_json()["items"][0]["reasons"]
    assert reason["code"] == "induction_hours"
    assert reason["message"]["zh"].endswith("已修 24，应修 72")


def test_who_was_taught_fewer_hours_than_the_region_asks_for_is_told_and_works_on(
    client: FlaskClient,
    plant: dict[str, UUID],
    officer: Headers,
    count_statements: Counting,
    writing: Callable[[], AbstractContextManager[None]],
    a_signed_in: SigningIn,
) -> None:
    with writing():
        county = db.session.get_one(Organisation, plant["works"]).region_id
        region = db.session.get_one(Region, county)
        bureaus = [
            an_organisation(kind=OrganisationKind.AUTHORITY, region=each, name=name)
            for each, name in ((region, "某县应急管理局"), (a_county(), "邻县应急管理局"))
        ]
        here, elsewhere = [(one.id, one.region_id) for one in bureaus]
    url = f"/v1/people/{plant['ready']}/on-post"
    client.get(url, headers=officer)

    def told(on: str = "2026-06-15") -> tuple[bool, list[tuple[str, bool, str, str]], int]:
        with count_statements() as sent:
            (item,) = client.get(f"{url}?on={on}", headers=officer).get_json()["items"]
        reasons = [
            (each["code"], each["blocks"], each["message"]["zh"], each["source_zh"])
            for each in item["reasons"]
        ]
        return item["may_work"], reasons, len(sent)

    plain, _, statements = told()
    bodies = [(elsewhere, "99.0", None), (here, "90.0", "plant"), (here, "80.5", None)]
    for (authority, of_region), hours, level in bodies:
        bureau = a_signed_in(Role.ISSUER, region_id=of_region).headers
        body = {
            "authority_id": str(authority),
            "type": "induction",
            "level": level,
            "roles": [WELDER.value],
            "hours": hours,
            "from_on": "2026-01-01",
            "law": "某县安全培训规定",
            "article": "第三条",
        }
        rule = uuid4()
        assert client.put(f"/v1/hours-rules/{rule}", json=body, headers=bureau).status_code == 200

    words = "三级安全教育学时未达到本地区规定：已修 72，应修 80.5"
    lacks = [("local_induction_hours", False, words, "某县安全培训规定第三条")]
    assert plain is True
    assert told() == (True, lacks, statements)
    ended = {"until_on": "2026-06-15", "reason": "文件已废止"}
    ending = f"/v1/hours-rules/{rule}/ending"
    assert client.put(ending, json=ended, headers=bureau).status_code == 200
    assert told() == (True, [], statements)
    assert lacks[0] in told("2026-06-14")[1]


def test_many_are_judged_at_once_and_a_stranger_may_not_work_here(
    client: FlaskClient, plant: dict[str, UUID], officer: Headers
) -> None:
    stranger = str(uuid4())
    body = {
        "person_ids": [str(plant["ready"]), stranger],
        "organisation_id": str(plant["works"]),
    }

    judged = client.post("/v1/on-post-batches", json=body, headers=officer).get_json()["items"]

    assert [(one["person_id"], one["may_work"]) for one in judged] == [
        (str(plant["ready"]), True),
        (stranger, False),
    ]
    assert judged[1]["reasons"][0]["code"] == "no_post"


def test_a_worker_sees_what_to_do_and_another_sees_nothing(
    client: FlaskClient,
    plant: dict[str, UUID],
    a_signed_in: SigningIn,
    writing: Callable[[], AbstractContextManager[None]],
) -> None:
    own = a_signed_in(person_id=plant["cleaner"]).headers
    (verdict,) = client.get("/v1/me/on-post", headers=own).get_json()["items"]
    assert verdict["may_work"] is False
    assert verdict["reasons"][0]["remedy"]["zh"] == "安排车间级安全教育"

    with writing():
        elsewhere = an_organisation().id
    headers = a_signed_in(Role.ENTERPRISE_SAFETY_OFFICER, organisation_id=elsewhere).headers
    url = f"/v1/people/{plant['ready']}/on-post"
    assert client.get(url, headers=headers).status_code == 404
    assert client.get("/v1/on-post", headers=headers).get_json()["items"] == []
    assert client.get(url, headers=own).status_code == 403


def test_health_and_days_off_work_keep_from_the_post_until_they_are_over(
    client: FlaskClient,
    plant: dict[str, UUID],
    officer: Headers,
    writing: Callable[[], AbstractContextManager[None]],
) -> None:
    url = f"/v1/people/{plant['ready']}/file-entries/{uuid4()}"
    stated = {
        "kind": "violation",
        "happened_on": "2026-06-14",
        "organisation_id": str(plant["works"]),
        "summary": "未办理作业票",
        "off_work_until": "2026-06-20",
        "document": "安字〔2026〕3号",
    }
    assert client.put(url, json=stated, headers=officer).status_code == 200

    url = f"/v1/people/{plant['ready']}/on-post"
    for on, expected in (("2026-06-20", ["off_work"]), ("2026-06-21", [])):
        (verdict,) = client.get(f"{url}?on={on}", headers=officer).get_json()["items"]
        assert [reason["code"] for reason in verdict["reasons"]] == expected


def test_the_statements_of_a_list_do_not_grow_with_the_people(
    client: FlaskClient,
    plant: dict[str, UUID],
    officer: Headers,
    count_statements: Counting,
    writing: Callable[[], AbstractContextManager[None]],
) -> None:
    client.get("/v1/on-post", headers=officer)
    with count_statements() as few:
        client.get("/v1/on-post", headers=officer)

    with writing():
        works = db.session.get_one(Organisation, plant["works"])
        for _ in range(12):
            person = a_person(works)
            a_post(person, works)
            a_line(person, RecordKind.HEALTH, on=date(2026, 1, 2), content={"fit": True})
    with count_statements() as many:
        client.get("/v1/on-post", headers=officer)
    assert len(many) == len(few) == 2
