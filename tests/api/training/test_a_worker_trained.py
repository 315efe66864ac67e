"""A principal is trained: a class planned, attended in a room and online, closed; then eligible."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from uuid import UUID, uuid4

import pypdfium2
from flask.testing import FlaskClient

from server.db import db
from server.people.views.uploads import WORKBOOK
from server.records.models import Record
from server.records.services import ledger
from server.sheets import workbook
from server.training.services import ties
from tests.api.training.conftest import Stage, a_planned_class
from tests.factories.people import a_number
from tests.factories.workbooks import a_workbook

Writing = Callable[[], AbstractContextManager[None]]


def test_a_class_from_its_plan_to_the_ledger(
    stage: Stage, writing: Writing, client: FlaskClient
) -> None:
    here = stage.ids
    a_planned_class(stage, lessons=4)
    learner = f"/training-classes/{here['class']}/learners/{here['worker']}"
    assert stage.put("manager", learner, {})["completed"] is None

    for day in range(4):
        code = stage.get("teacher", f"/class-lessons/{here[f'lesson {day}']}/sign-in-code")
        signed = stage.put(
            "worker",
            f"/class-lessons/{here[f'lesson {day}']}/sign-ins/{uuid4()}",
            {"code": code["code"]},
        )
        assert (signed["flags"], signed["way"]) == ([], "code")
        stage.move(timedelta(days=1))
    stage.put("teacher", f"{learner}/scores", {"pre_score": 40, "post_score": 90})
    stage.put(
        "worker",
        f"/training-classes/{here['class']}/my-evaluation",
        {"rating": 5, "teacher_ratings": {str(here["teacher"]): 4}, "comment": "讲得清楚"},
        status=204,
    )
    closing = f"/training-classes/{here['class']}/closing"
    closed = stage.put("manager", closing, {"report": "全班完成学时。"})
    assert stage.put("manager", closing, {"report": "再来一次"}) == closed

    [found] = stage.get("manager", f"/training-classes/{here['class']}/learners")["items"]
    assert (found["learner"]["completed"], found["learner"]["hours_done"]) == (True, "32.0")
    with writing():
        [trained] = ledger.trained(here["worker"], role="principal")
        assert trained.hours == 32
        bound = ties.between(None, [here["worker"]])
        assert {tie.kind.value for tie in bound} == {"taught", "ran_the_class"}
        assert ties.trained(here["teacher_person"], [here["worker"]]) == {here["worker"]}
        record = db.session.get_one(Record, UUID(found["learner"]["record_id"]))
        assert (record.content["hours_due"], record.content["trainers"]) == ("32.0", ["赵教师"])

    pdf = client.get(f"/v1/training-classes/{here['class']}/file", headers=stage.headers("manager"))
    text = "".join(page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(pdf.data))
    assert all(word in text for word in ("王工", "赵教师", "讲得清楚", "全班完成学时", "合格"))
    # The part of the class that was studied online stands beside what was taught in the room.
    assert all(word in text for word in ("网络课程", "图文", "课后测验"))


def test_hours_online_are_what_the_server_saw(stage: Stage) -> None:
    here = stage.ids
    a_planned_class(stage, lessons=0)
    stage.put("manager", f"/training-classes/{here['class']}/learners/{here['worker']}", {})
    [shown] = stage.get("worker", f"/me/training-classes/{here['class']}/online-lessons")["items"]
    assert "key" not in shown["test"][0]
    session = f"/study-sessions/{uuid4()}"
    stage.put("worker", session, {"class_id": str(here["class"]), "lesson_id": str(here["online"])})

    for number in range(1, 19):
        stage.move(timedelta(seconds=30))
        beat = {"sequence": number, "presence": "active" if number <= 12 else "hidden"}
        told = stage.put("worker", f"{session}/heartbeat", beat)
    claimed = stage.put(
        "worker",
        f"{session}/heartbeat",
        {"sequence": 19, "presence": "active", "seconds": 3600},
        status=409,
    )

    assert (told["credited_ms"], told["seen_ms"]) == (360_000, 540_000)
    assert (told["reason"], claimed["code"]) == ("page_hidden", "hours_not_seen")
    mine = f"/me/training-classes/{here['class']}/online-hours"
    [studied] = stage.get("worker", mine)["lessons"]
    assert {one["reason"]: one["ms"] for one in studied["reasons"]} == {
        "credited": 0,
        "page_hidden": 180_000,
        "lesson_test_not_passed": 360_000,
    }
    theirs = f"/training-classes/{here['class']}/learners/{stage.ids['worker']}/online-hours"
    assert stage.get("manager", theirs)["lessons"] == [studied]
    stage.put(
        "worker",
        f"/lesson-tests/{uuid4()}",
        {"class_id": str(here["class"]), "lesson_id": str(here["online"]), "chosen": [[0]]},
    )
    assert stage.get("worker", mine)["hours"] == "0.1"

    appeal = uuid4()
    stage.put("worker", f"{session}/appeals/{appeal}", {"words": "当时在查阅法规原文"})
    decision = {"granted": True, "minutes": 60, "words": "情况属实"}
    stage.put("manager", f"/study-appeals/{appeal}/decision", decision)
    assert stage.get("worker", mine)["hours"] == "0.2"


def test_learners_come_by_workbook_and_nobody_twice(stage: Stage, client: FlaskClient) -> None:
    a_planned_class(stage, lessons=0)
    header = ("姓名", "证件号码", "统一社会信用代码")
    good, unborn = a_number(), "100000199002300012"
    content = a_workbook(["李新", good, ""], ["错号", unborn, ""], header=header)
    url = f"/v1/training-classes/{stage.ids['class']}/learner-imports/{uuid4()}"
    headers = {**stage.headers("manager"), "Content-Type": WORKBOOK}

    trial = client.put(url, data=content, headers=headers).get_json()
    assert (trial["stored"], trial["accepted_count"], trial["refused_count"]) == (False, 1, 1)
    listed = f"/training-classes/{stage.ids['class']}/learners"
    assert stage.get("manager", listed)["items"] == []

    back = client.put(f"{url}?store=true&as_workbook=true", data=content, headers=headers)
    assert [row[3] for row in workbook.first_sheet(back.data)][1:3] == ["导入结果", "可导入"]
    client.put(f"{url}?store=true", data=content, headers=headers)
    assert [one["name"] for one in stage.get("manager", listed)["items"]] == ["李新"]
