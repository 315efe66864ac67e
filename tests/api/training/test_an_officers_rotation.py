"""An officer's rotation: who is due in the running three years, trained, and due again."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from flask import Flask

from certificates import reminding
from certificates.commands import load_rules_and_indicators
from server import clock
from server.db import db
from server.organisations.models import Organisation
from server.people.roster import PostRole
from server.policy import Role
from server.records.entries import RecordKind
from tests.api.training.conftest import Stage
from tests.conftest import SigningIn
from tests.factories.lives import a_line
from tests.factories.people import a_person, a_post
from tests.factories.training import TODAY
from tests.moments import NOON

Writing = Callable[[], AbstractContextManager[None]]
ROTATION, TOPIC = "pingliang-officer-rotation", "zhongwei-officer-topic-training"
#: Officers: when they were appointed, and when they were trained in rotation last.
OFFICERS = {
    "never": (date(2021, 1, 1), None),
    "soon": (date(2015, 1, 1), date(2023, 8, 1)),
    "new": (date(2025, 1, 1), None),
}


@pytest.fixture
def bureau(stage: Stage, writing: Writing, a_signed_in: SigningIn) -> Stage:
    """Add three officers of the authority, and who keeps their files."""
    with writing():
        load_rules_and_indicators()
        authority = db.session.get_one(Organisation, stage.ids["authority"])
        for name, (appointed, trained) in OFFICERS.items():
            person = a_person(authority, name=name)
            a_post(person, authority, role=PostRole.ENFORCEMENT_OFFICER, from_on=appointed)
            if trained is not None:
                a_line(person, RecordKind.TRAINING, on=trained, purpose="rotation", content=HOURS)
            stage.ids[name] = person.id
    stage.people["keeper"] = a_signed_in(
        Role.ENTERPRISE_SAFETY_OFFICER, organisation_id=stage.ids["authority"]
    )
    return stage


HOURS = {"programme": "执法人员轮训", "hours": "16.0", "passed": True}


def a_class_of(stage: Stage, kind: str) -> str:
    """Plan a class of two days for officers; return its address."""
    here, programme, name = stage.ids, uuid4(), f"{kind} class"
    here[name] = uuid4()
    stage.put(
        "manager",
        f"/training-programmes/{programme}",
        {
            "owner_id": str(here["provider"]),
            "name": "执法人员轮训",
            "type": kind,
            "valid_from": f"{TODAY}",
            "subjects": [{"subject": "law", "title": "安全生产法", "hours": "16.0"}],
        },
    )
    first = clock.today()
    stage.put(
        "manager",
        f"/training-classes/{here[name]}",
        {
            "provider_id": str(here["provider"]),
            "programme_id": str(programme),
            "name": "执法人员轮训第一期",
            "mode": "classroom",
            "starts_on": f"{first}",
            "ends_on": f"{first + timedelta(days=1)}",
            "capacity": 30,
            "run_by_id": str(here["manager"]),
        },
    )
    return f"/training-classes/{here[name]}"


def taught(stage: Stage, address: str, people: list[UUID]) -> None:
    """Teach the class to these people, and close it."""
    here = stage.ids
    for _ in range(2):
        lesson = uuid4()
        begins = clock.now()
        stage.put(
            "manager",
            f"{address}/lessons/{lesson}",
            {
                "subject": "law",
                "title": "行政执法",
                "starts_at": begins.isoformat(),
                "ends_at": (begins + timedelta(hours=6)).isoformat(),
                "teacher_id": str(here["teacher"]),
                "room_id": str(here["room"]),
                "hours": "8.0",
            },
        )
        there = [
            {"id": str(uuid4()), "person_id": str(one), "signed_at": begins.isoformat()}
            for one in people
        ]
        listed = {"way": "list", "people": there}
        entered = stage.put("teacher", f"/class-lessons/{lesson}/attendances", listed)
        assert [one["refusal"] for one in entered["items"]] == [None] * len(people)
        stage.move(timedelta(days=1))
    stage.put("manager", f"{address}/closing", {"report": "全班完成学时。"})


def covered(stage: Stage, indicator: str, on: date | None = None) -> tuple[int, int]:
    """Return of how many officers how many are covered."""
    place = f"organisation_id={stage.ids['authority']}"
    day = f"&on={on}" if on else ""
    [found] = stage.get("keeper", f"/coverage?{place}&indicator={indicator}{day}")["items"]
    return found["covered_count"], found["required_count"]


def due(stage: Stage) -> list[tuple[str, str, Any, bool]]:
    """Return who is due for rotation: name, day, stage, whether booked."""
    items = stage.get("keeper", "/dues?kind=rotation")["items"]
    return [(one["name"], one["due_on"], one["stage"], one["booked"]) for one in items]


def reminded(app: Flask, stage: Stage) -> int:
    """Run the reminders of the day; return of how many rotations the authority has been told."""
    with app.app_context():
        reminding.remind(clock.now())
    told = stage.get("keeper", f"/organisations/{stage.ids['authority']}/messages")["items"]
    return [one["kind"] for one in told].count("rotation_due")


def warned(stage: Stage, name: str) -> bool:
    """Say whether the verdict on an officer speaks of the rotation; it keeps nobody from work."""
    verdict = stage.get("keeper", f"/people/{stage.ids[name]}/on-post")["items"][0]
    found = [one for one in verdict["reasons"] if one["code"] == "rotation"]
    assert not any(one["blocks"] for one in found)
    return bool(found)


def test_rotation_runs_over_three_years_from_one_class_to_the_next(
    app: Flask, bureau: Stage
) -> None:
    assert sorted(due(bureau)) == [
        ("never", "2024-01-01", 0, False),
        ("soon", "2026-08-01", 60, False),
    ]
    assert [warned(bureau, name) for name in OFFICERS] == [True, False, False]
    assert covered(bureau, ROTATION) == (1, 3)

    address = a_class_of(bureau, "rotation")
    gang = bureau.put("keeper", f"{address}/due-gangs", {"kind": "rotation"})["items"]
    assert [(one["person_id"], one["refusal"]) for one in gang] == [
        (str(bureau.ids[name]), None) for name in ("never", "soon")
    ]
    assert {one[3] for one in due(bureau)} == {True}
    assert reminded(app, bureau) == 0
    taught(bureau, address, [bureau.ids["never"], bureau.ids["soon"]])

    # The hours stand in the ledger, so that figure, list and verdict have moved with the closing.
    ended = TODAY + timedelta(days=1)
    assert (due(bureau), warned(bureau, "never")) == ([], False)
    assert covered(bureau, ROTATION) == (2, 3)
    assert covered(bureau, ROTATION, on=TODAY) == (1, 3)

    again = ended.replace(year=ended.year + 3)
    bureau.move(again - timedelta(days=50) - clock.today())
    assert sorted(due(bureau)) == [
        ("never", f"{again}", 60, False),
        ("new", "2028-01-01", 0, False),
        ("soon", f"{again}", 60, False),
    ]
    assert covered(bureau, ROTATION) == (2, 3)
    assert reminded(app, bureau) == 3
    bureau.move(timedelta(days=50))
    assert covered(bureau, ROTATION) == (0, 3)
    assert [warned(bureau, name) for name in OFFICERS] == [True, True, True]


def test_a_topic_taught_counts_for_the_plan_once_its_class_is_closed_and_passed(
    bureau: Stage,
) -> None:
    address = a_class_of(bureau, "topic")
    for name in ("never", "soon", "new"):
        bureau.put("keeper", f"{address}/learners/{bureau.ids[name]}", {})
    failed = {"pre_score": 30, "post_score": 40}
    bureau.put("manager", f"{address}/learners/{bureau.ids['soon']}/scores", failed)
    taught(bureau, address, [bureau.ids["never"], bureau.ids["soon"]])

    # Who failed the test at the end, and who was never there, are not covered.
    assert covered(bureau, TOPIC) == (1, 3)
    assert covered(bureau, TOPIC, on=NOON.date()) == (0, 3)
