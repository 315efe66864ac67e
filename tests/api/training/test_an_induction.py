"""A worker comes, is inducted on three levels and changes the workshop: all over HTTP."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from certificates.commands import load_rules_and_indicators
from server import clock
from server.people.documents import DocumentType
from server.policy import Role
from tests.api.training.conftest import Stage, Writing
from tests.conftest import SigningIn
from tests.factories.organisations import a_department, an_organisation
from tests.factories.people import a_number
from tests.factories.training import TODAY

BEFORE_POST = "linyi-employees-trained-before-post"


@pytest.fixture
def plant(stage: Stage, writing: Writing, a_signed_in: SigningIn) -> Stage:
    """Add a plant with two workshops, and its safety officer."""
    with writing():
        load_rules_and_indicators()
        works = an_organisation(name="某机械厂")
        shops = [a_department(works, name=name) for name in ("铸造车间", "锻造车间")]
        stage.ids |= {"works": works.id, "casting": shops[0].id, "forging": shops[1].id}
    stage.people["officer"] = a_signed_in(
        Role.ENTERPRISE_SAFETY_OFFICER, organisation_id=stage.ids["works"]
    )
    return stage


def register(stage: Stage) -> UUID:
    """Enter somebody new, by their document."""
    person_id = uuid4()
    body = {
        "name": "周新工",
        "registered_under_id": str(stage.ids["works"]),
        "document_type": DocumentType.RESIDENT_IDENTITY_CARD.value,
        "document_number": a_number(),
    }
    stage.put("officer", f"/people/{person_id}", body)
    return person_id


def appoint(stage: Stage, person_id: UUID, shop: str, days: int = 0) -> UUID:
    """Give somebody a post in a workshop from a day on."""
    post_id = uuid4()
    body = {
        "person_id": str(person_id),
        "organisation_id": str(stage.ids[shop]),
        "role": "employee",
        "from_on": f"{TODAY + timedelta(days=days)}",
    }
    stage.put("officer", f"/posts/{post_id}", body)
    return post_id


def teach(
    stage: Stage, person_id: UUID, level: str, purpose: str = "induction", by: str = "works"
) -> None:
    """Let the plant, or a part of it, enter what was taught today; officer and worker confirm."""
    record = uuid4()
    day = f"{clock.today()}"
    body = {
        "programme": "三级安全教育",
        "purpose": purpose,
        "level": level,
        "hours": "8.0",
        "hours_due": "8.0",
        "provider_id": str(stage.ids[by]),
        "started_on": day,
        "finished_on": day,
        "trainers": ["车间主任"],
        "sign_in": "签到表",
        "passed": True,
    }
    stage.put("officer", f"/people/{person_id}/inductions/{record}", body)
    stage.put("officer", f"/people/{person_id}/file-confirmations/{record}")
    stage.put("new", f"/me/file-confirmations/{record}")


def hindered(stage: Stage, person_id: UUID) -> list[str]:
    """Return what keeps somebody from the post today, as officer and worker read it alike."""
    seen = stage.get("officer", f"/people/{person_id}/on-post")["items"]
    assert stage.get("new", "/me/on-post")["items"] == seen
    return [one["code"] for verdict in seen for one in verdict["reasons"] if one["blocks"]]


def covered(stage: Stage) -> tuple[int, int]:
    """Return of how many people of the plant how many count as trained before the post."""
    address = f"/coverage?organisation_id={stage.ids['works']}&indicator={BEFORE_POST}"
    [found] = stage.get("officer", address)["items"]
    return found["covered_count"], found["required_count"]


def test_three_levels_let_to_the_post_and_a_change_of_workshop_asks_for_two_again(
    plant: Stage, a_signed_in: SigningIn
) -> None:
    new = register(plant)
    plant.people["new"] = a_signed_in(person_id=new)
    post = appoint(plant, new, "casting")
    levels = ["plant", "workshop", "team"]
    assert covered(plant) == (0, 1)
    while levels:
        assert hindered(plant, new) == [f"induction_{level}" for level in levels]
        teach(plant, new, levels.pop(0))
    assert (hindered(plant, new), covered(plant)) == ([], (1, 1))

    plant.move(timedelta(days=60))
    ended: dict[str, Any] = {"until_on": f"{clock.today()}"}
    plant.put("officer", f"/posts/{post}/end", ended)
    appoint(plant, new, "forging", days=60)
    assert hindered(plant, new) == ["post_change_workshop", "post_change_team"]
    teach(plant, new, "workshop", "post_change", by="forging")
    # What the workshop that was left teaches is not for the new one.
    teach(plant, new, "team", "post_change", by="casting")
    assert (hindered(plant, new), covered(plant)) == (["post_change_team"], (0, 1))
    teach(plant, new, "team", "post_change", by="forging")
    assert (hindered(plant, new), covered(plant)) == ([], (1, 1))

    lines = plant.get("new", "/me/file")["lines"]
    trained = [one for one in lines if one["kind"] == "training"]
    assert [one["content"]["purpose"] for one in trained] == ["induction"] * 3 + ["post_change"] * 3
    assert {tuple(one["confirmed_by"]) for one in trained} == {("assessor", "worker")}
    assert [one["content"]["what"] for one in lines if one["kind"] == "post"] == [
        "began",
        "ended",
        "began",
    ]
