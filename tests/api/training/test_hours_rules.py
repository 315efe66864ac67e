"""Hours that a bureau asks for in its region: entered, applied by the day, ended."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from server.db import db
from server.organisations.drafts import OrganisationKind
from server.organisations.models import Organisation
from server.policy import Role
from server.regions.models import Region
from tests.api.training.conftest import Stage
from tests.conftest import SigningIn
from tests.factories.organisations import an_organisation
from tests.factories.training import TODAY

Writing = Callable[[], AbstractContextManager[None]]

TOMORROW = TODAY + timedelta(days=1)

#: What the documents of a bureau ask of occupational health; figures and document are its own.
FIRST = {
    "type": "occupational_health",
    "roles": ["principal", "occupational_health_manager"],
    "hours": "16.0",
    "from_on": f"{TOMORROW}",
    "law": "某市卫生健康委员会关于用人单位职业卫生培训的通知",
    "article": "第二条",
}


@pytest.fixture
def city(stage: Stage, writing: Writing, a_signed_in: SigningIn) -> UUID:
    """Store the authority of the city in which the provider lies, and sign its officer in."""
    with writing():
        county = db.session.get_one(
            Region, db.session.get_one(Organisation, stage.ids["provider"]).region_id
        )
        assert county.parent_id is not None
        region = db.session.get_one(Region, county.parent_id)
        made = an_organisation(kind=OrganisationKind.AUTHORITY, region=region, name="某市卫健委")
        stage.ids["city"], stage.ids["county"] = made.id, county.id
        region_id = region.id
    stage.people["city"] = a_signed_in(Role.ISSUER, region_id=region_id)
    return stage.ids["city"]


def a_programme(stage: Stage, hours: str, **more: object) -> tuple[str, dict[str, Any]]:
    """Return the address and the body of a programme of the provider."""
    body = {
        "owner_id": str(stage.ids["provider"]),
        "name": "职业卫生培训",
        "type": "occupational_health",
        "role": "principal",
        "valid_from": f"{TOMORROW}",
        "subjects": [{"subject": "occupational_health", "title": "职业病防治", "hours": hours}],
    }
    return f"/training-programmes/{uuid4()}", body | more


def test_hours_that_a_bureau_enters_are_asked_of_programmes_in_its_region_from_their_day(
    stage: Stage, city: UUID
) -> None:
    rule, entered = uuid4(), {**FIRST, "authority_id": str(city)}
    stage.put("manager", *a_programme(stage, "4.0"))
    for _ in range(2):
        stage.put("city", f"/hours-rules/{rule}", entered)
    asked = "/required-training-hours?type=occupational_health&role=principal"
    here = f"{asked}&region_id={stage.ids['county']}"

    told = stage.get("worker", f"{here}&on={TOMORROW}")
    assert told == {
        "hours": "16.0",
        "law": FIRST["law"],
        "article": "第二条",
        "from_on": f"{TOMORROW}",
        "rule_id": str(rule),
    }
    refused = stage.refused("manager", *a_programme(stage, "15.9"), tongue="zh")
    assert refused["code"] == "programme_too_short"
    assert f"16.0 学时（{FIRST['law']}第二条）" in refused["detail"]
    stage.put("manager", *a_programme(stage, "16.0"))

    # Before its day, for others, of continuing education and elsewhere nothing is asked.
    stage.put("manager", *a_programme(stage, "4.0", valid_from=f"{TODAY}"))
    stage.put("manager", *a_programme(stage, "4.0", role="employee"))
    stage.put("manager", *a_programme(stage, "8.0", type="occupational_health_re_training"))
    for nothing in (f"{here}&on={TODAY}", f"{asked}&on={TOMORROW}"):
        assert stage.get("worker", nothing)["hours"] is None
    away = stage.ids["authority"]
    with_region = f"{asked}&on={TOMORROW}&region_id={uuid4()}"
    assert stage.get("worker", with_region)["rule_id"] is None
    stage.put("bureau", *a_programme(stage, "4.0", owner_id=str(away)))


def test_rotation_of_officers_has_the_hours_that_its_bureau_asks_for(
    stage: Stage, city: UUID
) -> None:
    rotation = {
        **FIRST,
        "authority_id": str(city),
        "type": "rotation",
        "roles": ["enforcement_officer"],
        "hours": "40.0",
        "law": "某市应急管理综合行政执法人员轮训办法",
    }
    programme = {"type": "rotation", "role": "enforcement_officer"}
    stage.put("city", f"/hours-rules/{uuid4()}", rotation)

    refused = stage.refused("manager", *a_programme(stage, "39.0", **programme), tongue="en")
    assert (refused["code"], "40.0 hours" in refused["detail"]) == ("programme_too_short", True)
    stage.put("manager", *a_programme(stage, "40.0", **programme))


def test_a_rule_never_asks_less_than_the_law_and_ends_on_its_day(stage: Stage, city: UUID) -> None:
    rule = uuid4()
    lower = {**FIRST, "authority_id": str(city), "type": "initial", "roles": ["principal"]}
    higher = {**lower, "hours": "40.0"}
    initial = {"type": "initial", "role": "principal"}
    stage.put("city", f"/hours-rules/{uuid4()}", lower)

    refused = stage.refused("manager", *a_programme(stage, "31.0", **initial), tongue="zh")
    assert "生产经营单位安全培训规定" in refused["detail"]
    stage.put("city", f"/hours-rules/{rule}", higher)
    assert (
        "40.0"
        in stage.refused("manager", *a_programme(stage, "39.0", **initial), tongue="zh")["detail"]
    )

    ending = f"/hours-rules/{rule}/ending"
    early = {"until_on": f"{TODAY}", "reason": "登记错误"}
    assert stage.refused("city", ending, early, tongue="zh")["code"] == "term_unfit"
    for _ in range(2):
        ended = stage.put("city", ending, {**early, "until_on": f"{TOMORROW}"})
    assert (ended["until_on"], ended["reason"]) == (f"{TOMORROW}", "登记错误")
    stage.put("manager", *a_programme(stage, "32.0", **initial))
    listed = stage.get("worker", f"/hours-rules?on={TOMORROW}")["items"]
    assert [one["hours"] for one in listed] == ["16.0"]
    assert len(stage.get("worker", "/hours-rules?type=initial")["items"]) == 2


def test_only_a_bureau_enters_rules_and_only_for_itself(stage: Stage, city: UUID) -> None:
    mine = {**FIRST, "authority_id": str(city)}
    address = f"/hours-rules/{uuid4()}"

    stage.put("manager", address, mine, status=403)
    stage.put("city", address, {**mine, "authority_id": str(stage.ids["authority"])}, status=404)
    stage.put("city", address, {**mine, "roles": []}, status=422)
    stage.put("city", address, {**mine, "level": "team"}, status=422)
    stage.put("city", address, mine)
    assert (
        stage.refused("city", address, {**mine, "hours": "8.0"}, tongue="zh")["code"] == "id_taken"
    )
    stage.put(
        "city",
        f"/hours-rules/{uuid4()}/ending",
        {"until_on": f"{TOMORROW}", "reason": "登记错误"},
        status=404,
    )
