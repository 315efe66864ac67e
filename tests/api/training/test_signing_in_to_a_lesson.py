"""Signing in to a lesson by the code on the wall: it turns, and a phone speaks for one person."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import uuid4

import pytest

from server import clock
from server.config import Config
from server.db import db
from server.organisations.models import Organisation
from tests.api.training.conftest import Stage, Writing, a_planned_class
from tests.conftest import SigningIn
from tests.factories.accounts import sign_in_on
from tests.factories.people import a_person
from tests.factories.phones import OTHER_PHONE


@pytest.fixture
def lesson(stage: Stage, writing: Writing, a_signed_in: SigningIn, config: Config) -> Stage:
    """Let a worker learn with three colleagues, of whom one has a phone of their own."""
    a_planned_class(stage, lessons=1)
    for who in ("worker", "apart", "beside", "by_phone"):
        if who != "worker":
            with writing():
                provider = db.session.get_one(Organisation, stage.ids["provider"])
                stage.ids[who] = a_person(provider, name=f"工友{who}").id
            stage.people[who] = a_signed_in(person_id=stage.ids[who])
        learner = f"/training-classes/{stage.ids['class']}/learners/{stage.ids[who]}"
        stage.put("manager", learner, {})
    with writing():
        apart = stage.people["apart"]
        stage.people["apart"] = sign_in_on(OTHER_PHONE, apart, config=config, at=clock.now())
    return stage


def test_the_code_turns_and_old_or_shared_ones_wait_for_somebody_who_was_there(
    lesson: Stage,
) -> None:
    address = f"/class-lessons/{lesson.ids['lesson 0']}"

    def shown() -> str:
        told = lesson.get("teacher", f"{address}/sign-in-code")
        left = datetime.fromisoformat(told["valid_until"]) - clock.now()
        assert timedelta() < left <= timedelta(seconds=20)
        return str(told["code"])

    def signed(who: str, code: str) -> dict[str, object]:
        body = {"code": code}
        return dict(lesson.put(who, f"{address}/sign-ins/{uuid4()}", body))

    first = shown()
    lesson.move(timedelta(seconds=20))
    second = shown()
    assert first != second

    one = signed("worker", first)
    assert one["flags"] == []
    assert signed("worker", second)["id"] == one["id"]
    assert signed("beside", second)["flags"] == ["shared_phone"]
    lesson.move(timedelta(seconds=61))
    late = signed("apart", second)
    assert (late["flags"], late["confirmed"]) == (["late"], None)
    confirmed = f"/attendances/{late['id']}/confirmation"
    assert lesson.put("manager", confirmed, {"good": True})["confirmed"] is True

    # The teacher's phone at the door enters who has none, but never its own holder.
    there = {"id": str(uuid4()), "signed_at": clock.now().isoformat()}
    wanted = [
        there | {"person_id": str(lesson.ids["by_phone"])},
        there | {"id": str(uuid4()), "person_id": str(lesson.ids["teacher_person"])},
    ]
    body = {"way": "check_in_phone", "device_id": str(OTHER_PHONE), "people": wanted}
    entered, own = lesson.put("teacher", f"{address}/attendances", body)["items"]
    assert (entered["refusal"], entered["attendance"]["flags"]) == (None, [])
    assert own["refusal"] == "own_attendance"

    study = {"class_id": str(lesson.ids["class"]), "lesson_id": str(lesson.ids["online"])}
    refused = lesson.refused("worker", f"/study-sessions/{uuid4()}", study, tongue="zh")
    assert refused["code"] == "elsewhere_at_that_time"
