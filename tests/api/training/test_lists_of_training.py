"""Lists of training: narrowed by the server, with names for who has no register of people."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from flask import Flask
from sqlalchemy import select

from server.audit.models import AuditEntry
from server.db import db
from server.organisations.models import Organisation
from server.policy import Role
from server.training.models import Attendance, ClassLearner
from tests.api.training.conftest import Stage, Writing, a_planned_class
from tests.conftest import SigningIn
from tests.factories.people import a_person


@pytest.fixture
def course(stage: Stage, writing: Writing, a_signed_in: SigningIn) -> Stage:
    """Let three learn: one came, one came by a phone that others used, one did not come."""
    a_planned_class(stage, lessons=1)
    here = stage.ids
    with writing():
        provider = db.session.get_one(Organisation, here["provider"])
        for who in ("shared", "missing"):
            here[who] = a_person(provider, name=f"工友{who}").id
    stage.people["missing"] = a_signed_in(person_id=here["missing"])
    for who in ("worker", "shared", "missing"):
        stage.put("manager", f"/training-classes/{here['class']}/learners/{here[who]}", {})
    signed_at = stage.get("manager", f"/training-classes/{here['class']}/lessons")["items"][0]
    body = {
        "way": "list",
        "people": [
            {
                "id": str(uuid4()),
                "person_id": str(here[who]),
                "signed_at": signed_at["lesson"]["starts_at"],
            }
            for who in ("worker", "shared")
        ],
    }
    stage.put("teacher", f"/class-lessons/{here['lesson 0']}/attendances", body)
    with writing():
        there = select(Attendance).where(Attendance.person_id == here["shared"])
        db.session.scalars(there).one().flags = ["shared_phone"]
        place = select(ClassLearner).where(ClassLearner.person_id == here["missing"])
        learner = db.session.scalars(place).one()
        learner.completed, learner.employer_id = False, here["provider"]
    return stage


def names(stage: Stage, query: str) -> list[str]:
    """Return the learners whom a teacher finds by a query."""
    items = stage.get("teacher", f"/training-classes/{stage.ids['class']}/learners{query}")["items"]
    return sorted(one["name"] for one in items)


def test_learners_are_found_by_result_employer_and_how_they_were_in_a_lesson(
    course: Stage,
) -> None:
    lesson = f"?lesson_id={course.ids['lesson 0']}&presence="
    found = {
        "": ["工友missing", "工友shared", "王工"],
        "?completed=false": ["工友missing"],
        "?completed=true": [],
        f"?employer_id={course.ids['provider']}": ["工友missing"],
        f"{lesson}signed_in": ["王工"],
        f"{lesson}to_look_at": ["工友shared"],
        f"{lesson}missing": ["工友missing"],
    }

    assert {query: names(course, query) for query in found} == found
    learners = f"/training-classes/{course.ids['class']}/learners"
    without = course.get("teacher", f"{learners}?presence=missing", status=422)
    assert list(without["errors"]) == ["lesson_id"]
    elsewhere = f"{learners}?lesson_id={uuid4()}&presence=missing"
    course.get("teacher", elsewhere, status=404)


def test_a_lesson_online_is_withdrawn_with_the_reason_after_its_learners_are_counted(
    app: Flask, course: Stage, a_signed_in: SigningIn
) -> None:
    here = course.ids
    lessons = f"/training-programmes/{here['programme']}/online-lessons"
    session = {"class_id": str(here["class"]), "lesson_id": str(here["online"])}
    course.put("missing", f"/study-sessions/{uuid4()}", session)
    course.people["stranger"] = a_signed_in(
        Role.PROVIDER_MANAGER, organisation_id=here["authority"]
    )

    (one,) = course.get("manager", lessons)["items"]
    course.get("stranger", lessons, status=404)
    course.get("teacher", lessons, status=403)
    body = {"reason": "事故结论已更正"}
    course.put("manager", f"/online-lessons/{here['online']}/withdrawal", body)

    assert (one["title"], one["learner_count"], one["studied_count"]) == ("事故案例", 3, 1)
    assert (one["question_count"], "content" in one, "test" in one) == (1, False, False)
    counts = {
        query: len(course.get("manager", f"{lessons}{query}")["items"])
        for query in ("?withdrawn=true", "?withdrawn=false", "?kind=text", "?kind=video")
    }
    assert list(counts.values()) == [1, 0, 1, 0]
    with app.app_context():
        told = select(AuditEntry.reason).where(AuditEntry.action == "online_lesson_withdrawn")
        assert db.session.scalars(told).one() == "事故结论已更正"


def test_a_teacher_reads_who_runs_a_class_and_a_manager_who_asks_for_hours(course: Stage) -> None:
    here = course.ids
    session, appeal = f"/study-sessions/{uuid4()}", uuid4()
    study = {"class_id": str(here["class"]), "lesson_id": str(here["online"])}
    course.put("missing", session, study)
    course.put("missing", f"{session}/appeals/{appeal}", {"words": "当时在查阅法规原文"})

    (one,) = course.get("teacher", "/training-classes")["items"]
    (asked,) = course.get("manager", "/study-appeals")["items"]

    told: dict[str, Any] = {name: one[name] for name in one if name.endswith("_name")}
    assert told["programme_name"] == "主要负责人初次培训"
    assert all(told[name] for name in ("provider_name", "run_by_name"))
    assert (asked["person_name"], asked["seen_ms"], asked["credited_ms"]) == ("工友missing", 0, 0)


def test_the_expert_pool_is_read_by_name(course: Stage) -> None:
    names = {one["person_name"] for one in course.get("bureau", "/expert-appointments")["items"]}

    assert "赵教师" in names
