"""Lessons of every kind: written, refused where they hold nothing, worked through by a learner."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import count
from typing import Any
from uuid import uuid4

from server import clock
from server.auth.models import Account
from server.db import db
from tests.api.training.conftest import Stage, Writing, a_planned_class
from tests.factories.auth import PASSWORD, digest

TEST = [{"stem": "进入受限空间前应当？", "options": ["通风检测", "直接进入"], "key": [0]}]
#: What each kind of lesson holds, and its test.
LESSONS: dict[str, tuple[dict[str, Any], list[dict[str, Any]]]] = {
    "slides": ({"slides": ["事故经过", "原因分析"]}, []),
    "video": ({"video_url": "https://video.example/gas.mp4"}, []),
    "test": ({}, TEST),
}


def a_lesson(kind: str, place: int, **said: Any) -> dict[str, Any]:
    """Return a lesson as a manager writes it."""
    content, test = LESSONS[kind]
    body = {"place": place, "title": f"课件 {place}", "kind": kind, "hours": "0.1"}
    return body | {"content": content, "test": test} | said


def test_slides_a_video_and_a_test_alone_are_worked_through_and_counted(stage: Stage) -> None:
    here = stage.ids
    a_planned_class(stage, lessons=0)
    stage.put("manager", f"/training-classes/{here['class']}/learners/{here['worker']}", {})
    lessons = f"/training-programmes/{here['programme']}/online-lessons"
    for wrong in (
        a_lesson("slides", 9, content={"text": "不是幻灯片"}),
        a_lesson("video", 9, content={}),
        a_lesson("test", 9, test=[]),
        a_lesson("test", 9, test=[{**TEST[0], "key": [2]}]),
    ):
        refused = stage.refused("manager", f"{lessons}/{uuid4()}", wrong, tongue="en")
        assert refused["code"] == "online_lesson_unfit"
    # The programme gives one hour of cases online: the text of the class has it already.
    stage.put("manager", f"/online-lessons/{here['online']}/withdrawal")
    for place, kind in enumerate(LESSONS, start=2):
        here[kind] = uuid4()
        stage.put("manager", f"{lessons}/{here[kind]}", a_lesson(kind, place))

    shown = stage.get("worker", f"/me/training-classes/{here['class']}/online-lessons")["items"]
    assert [one["kind"] for one in shown] == list(LESSONS)
    assert shown[1]["content"]["video_url"] == "https://video.example/gas.mp4"
    assert "key" not in shown[2]["test"][0]
    for kind in LESSONS:
        study(stage, kind)

    mine = f"/me/training-classes/{here['class']}/online-hours"
    before = stage.get("worker", mine)
    assert [one["hours"] for one in before["lessons"]] == ["0.1", "0.1", "0.0"]
    for chosen, passed in (([[1]], False), ([[0]], True)):
        body = {"class_id": str(here["class"]), "lesson_id": str(here["test"]), "chosen": chosen}
        assert stage.put("worker", f"/lesson-tests/{uuid4()}", body)["passed"] is passed
    assert stage.get("worker", mine)["hours"] == "0.3"


def test_who_does_not_show_who_they_are_in_time_has_no_hours_until_they_do(
    stage: Stage, writing: Writing
) -> None:
    here = stage.ids
    a_planned_class(stage, lessons=0)
    stage.put("manager", f"/training-classes/{here['class']}/learners/{here['worker']}", {})
    with writing():
        account = db.session.get_one(Account, stage.people["worker"].account_id)
        account.password_digest, account.password_checked_for = digest(), 10
    session, sequence = f"/study-sessions/{uuid4()}", count(1)
    study = {"class_id": str(here["class"]), "lesson_id": str(here["online"])}
    due = datetime.fromisoformat(stage.put("worker", session, study)["check_due_at"])
    assert timedelta(minutes=15) <= due - clock.now() <= timedelta(minutes=30)

    def beats(until: datetime) -> str:
        """Study until a moment; return why the last minute counts or not."""
        told: dict[str, Any] = {}
        while clock.now() < until:
            stage.move(timedelta(seconds=90))
            beat = {"sequence": next(sequence), "presence": "active"}
            told = stage.put("worker", f"{session}/heartbeat", beat)
        return str(told["reason"])

    assert beats(due) == "credited"
    assert beats(due + timedelta(minutes=5)) == "identity_check_failed"
    check = f"{session}/identity-checks"
    wrong = stage.refused("worker", f"{check}/{uuid4()}", {"password": "somebody"}, tongue="zh")
    assert wrong["code"] == "wrong_credentials"
    assert beats(clock.now() + timedelta(seconds=60)) == "identity_check_failed"
    shown = stage.put("worker", f"{check}/{uuid4()}", {"password": PASSWORD})
    assert datetime.fromisoformat(shown["check_due_at"]) > clock.now()
    assert beats(clock.now() + timedelta(seconds=60)) == "credited"
    mine = f"/me/training-classes/{here['class']}/online-hours"
    [lesson] = stage.get("worker", mine)["lessons"]
    assert {one["reason"] for one in lesson["reasons"]} > {"identity_check_failed"}


def study(stage: Stage, kind: str) -> None:
    """Study a lesson for five minutes, and end it."""
    session = f"/study-sessions/{uuid4()}"
    here = stage.ids
    stage.put("worker", session, {"class_id": str(here["class"]), "lesson_id": str(here[kind])})
    for sequence in range(1, 6):
        stage.move(timedelta(seconds=60))
        stage.put("worker", f"{session}/heartbeat", {"sequence": sequence, "presence": "active"})
    assert stage.put("worker", f"{session}/end")["credited_ms"] == 300_000
