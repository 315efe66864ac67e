"""Every type of training, from its programme through a class to a line of the learner's file."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID, uuid4

from server.training.kinds import PURPOSES, TrainingType
from tests.api.training.conftest import Stage
from tests.factories.training import TODAY
from tests.moments import NOON


def a_class_of(stage: Stage, kind: TrainingType, day: int) -> str:
    """Plan a class of one day and eight hours for a type; return its address."""
    here, programme = stage.ids, uuid4()
    on, begins = TODAY + timedelta(days=day), NOON + timedelta(days=day)
    body = {
        "owner_id": str(here["provider"]),
        "name": f"培训 {kind.value}",
        "type": kind.value,
        "valid_from": f"{TODAY}",
        "subjects": [{"subject": "law", "title": "安全生产法", "hours": "8.0"}],
    }
    stage.put("manager", f"/training-programmes/{programme}", body)
    address = f"/training-classes/{uuid4()}"
    planned = {
        "provider_id": str(here["provider"]),
        "programme_id": str(programme),
        "name": f"第一期 {kind.value}",
        "mode": "classroom",
        "starts_on": f"{on}",
        "ends_on": f"{on}",
        "capacity": 30,
        "run_by_id": str(here["manager"]),
    }
    stage.put("manager", address, planned)
    stage.put("manager", f"{address}/learners/{here['worker']}", {})
    lesson = UUID(int=day + 1)
    timetable = {
        "subject": "law",
        "title": "安全生产法",
        "starts_at": begins.isoformat(),
        "ends_at": (begins + timedelta(hours=6)).isoformat(),
        "teacher_id": str(here["teacher"]),
        "room_id": str(here["room"]),
        "hours": "8.0",
    }
    stage.put("manager", f"{address}/lessons/{lesson}", timetable)
    there = {
        "id": str(uuid4()),
        "person_id": str(here["worker"]),
        "signed_at": begins.isoformat(),
    }
    listed = {"way": "list", "people": [there]}
    entered = stage.put("teacher", f"/class-lessons/{lesson}/attendances", listed)
    assert entered["items"][0]["refusal"] is None
    return address


def test_every_type_of_training_ends_in_a_line_of_the_file_with_its_purpose(stage: Stage) -> None:
    addresses = [a_class_of(stage, kind, day) for day, kind in enumerate(TrainingType)]
    stage.move(timedelta(days=len(addresses)))
    for address in addresses:
        stage.put("manager", f"{address}/closing", {"report": "全班完成学时。"})

    lines = [one for one in stage.get("worker", "/me/file")["lines"] if one["kind"] == "training"]
    assert [(one["content"]["programme"], one["content"]["purpose"]) for one in lines] == [
        (f"培训 {kind.value}", PURPOSES[kind].value) for kind in TrainingType
    ]
    for line, address in zip(lines, addresses, strict=True):
        said = line["content"]
        assert (said["hours"], said["hours_due"], said["passed"]) == ("8.0", "8.0", True)
        assert (said["trainers"], said["topics"]) == (["赵教师"], ["安全生产法"])
        assert said["class_id"] == address.rsplit("/", 1)[-1]
        assert line["source"] == "某培训中心"
