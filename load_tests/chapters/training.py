"""Chapter: a class with its days, who was there, what counts, and when one may work (培训)."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from load_tests.chapters.school import CHAPTER, School, found
from load_tests.expectations import Report, expect, expect_that
from load_tests.messages import get, put
from load_tests.setting import SHANGHAI, Setting, a_candidate, pages, today

_CLASS = "/v1/training-classes/{class_id}"
_LESSON = "/v1/class-lessons/{lesson_id}"


def tell(report: Report, setting: Setting) -> School:
    """Teach a class of today and one of yesterday; return who was there."""
    school = found(report, setting)
    running = _planned(school, today(), "走查今日班")
    _enlist(school, running)
    _sign_in(school, running)
    _study(school, running)
    _close(school, _planned(school, today() - timedelta(days=1), "走查昨日班"))
    return school


@dataclass(frozen=True, kw_only=True)
class _Planned:
    """A class of one day with one lesson."""

    class_id: UUID
    lesson_id: UUID
    begins_at: datetime


def _planned(school: School, day: Any, name: str) -> _Planned:
    """Plan a class of one day, with a lesson that goes on now, or went on yesterday."""
    midnight = datetime.combine(day, datetime.min.time(), tzinfo=SHANGHAI)
    now = datetime.now(SHANGHAI) - (today() - day)
    # A lesson lies within one day: late in the evening it began earlier.
    begins_at = max(midnight, min(now, midnight + timedelta(hours=22, minutes=45)))
    made = _Planned(class_id=school.new(), lesson_id=school.new(), begins_at=begins_at)
    with school.report.step(CHAPTER, f"class and timetable ({name})") as step:
        body: dict[str, Any] = {
            "provider_id": school.setting.organisations["provider"],
            "programme_id": school.programme_id,
            "name": name,
            "mode": "blended",
            "starts_on": day,
            "ends_on": day,
            "capacity": 30,
            "run_by_id": school.manager_id,
        }
        school.manager.send(put(_CLASS, body, class_id=made.class_id)).good()
        lesson = {
            "subject": "law",
            "title": "安全生产法",
            "starts_at": begins_at.isoformat(),
            "ends_at": (begins_at + timedelta(minutes=60)).isoformat(),
            "teacher_id": school.teacher_id,
            "room_id": school.room_id,
            "hours": "1.0",
        }
        address = f"{_CLASS}/lessons/{{lesson_id}}"
        ids = {"class_id": made.class_id, "lesson_id": made.lesson_id}
        wrong = school.manager.send(put(address, lesson | {"subject": "enforcement"}, **ids))
        expect("teaching what one is not approved for", wrong.code, "subject_not_approved")
        school.manager.send(put(address, lesson, **ids)).good()
        step.result = f"{begins_at:%H:%M}, 1.0 学时"
    return made


def _enlist(school: School, running: _Planned) -> None:
    with school.report.step(CHAPTER, "a gang from the due list into the class") as step:
        crew = [a_candidate(school.setting, "employee") for _ in range(3)]
        school.learners = crew
        body = {"kind": "annual_hours", "person_ids": [one.person_id for one in crew]}
        address = f"{_CLASS}/due-gangs"
        placed = school.officer.send(put(address, body, class_id=running.class_id)).good()
        expect("refused", [one["refusal"] for one in placed["items"]], [None] * 3)
        listed = pages(school.officer, "/v1/dues", kind="annual_hours", booked="true")
        booked = {one["person_id"] for one in listed}
        expect_that("they are booked", {str(one.person_id) for one in crew} <= booked)
        step.result = "、".join(one.papers.name for one in crew)


def _sign_in(school: School, running: _Planned) -> None:
    with school.report.step(CHAPTER, "signed in by the code on the wall") as step:
        ask = get(f"{_LESSON}/sign-in-code", lesson_id=running.lesson_id)
        shown = school.teacher.send(ask).good()
        expect_that("it is a QR", shown["svg"].startswith("<svg"))
        address = f"{_LESSON}/sign-ins/{{attendance_id}}"
        flags = []
        for code, learner in ((shown["code"], one) for one in school.learners[:2]):
            ids = {"lesson_id": running.lesson_id, "attendance_id": school.new()}
            made_up = learner.phone.send(put(address, {"code": f"{code[:-4]}AAAA"}, **ids))
            expect("a code made up", made_up.code, "sign_in_code_refused")
            flags.append(learner.phone.send(put(address, {"code": code}, **ids)).good()["flags"])
        expect("flags", flags, [[], []])
        step.result = f"2 of 2; the code is good until {shown['valid_until'][11:19]}"


def _study(school: School, running: _Planned) -> None:
    sits, _, learner = school.learners
    with school.report.step(CHAPTER, "hours online with what does not count, and why") as step:
        session = "/v1/study-sessions/{session_id}"
        ids = {"session_id": school.new()}
        body: dict[str, Any] = {"class_id": running.class_id, "lesson_id": school.online_id}
        refused = sits.phone.send(put(session, body, session_id=school.new()))
        expect("online while in the room", refused.code, "elsewhere_at_that_time")
        learner.phone.send(put(session, body, **ids)).good()
        for number, presence in enumerate(("active", "hidden"), start=1):
            time.sleep(1)
            beat = {"sequence": number, "presence": presence}
            learner.phone.send(put(f"{session}/heartbeat", beat, **ids)).good()
        claim = {"sequence": 3, "presence": "active", "seconds": 3600}
        refused = learner.phone.send(put(f"{session}/heartbeat", claim, **ids))
        expect("an hour claimed after two seconds", refused.code, "hours_not_seen")
        mine = get("/v1/me/training-classes/{class_id}/online-hours", class_id=running.class_id)
        [lesson] = learner.phone.send(mine).good()["lessons"]
        told = {one["reason"]: one["ms"] for one in lesson["reasons"]}
        expect_that("hidden time counts nothing", told["page_hidden"] > 0)
        expect_that("the test stands before the rest", told["lesson_test_not_passed"] > 0)
        body |= {"chosen": [[0]]}
        learner.phone.send(put("/v1/lesson-tests/{test_id}", body, test_id=school.new())).good()
        [lesson] = learner.phone.send(mine).good()["lessons"]
        after = {one["reason"]: one["ms"] for one in lesson["reasons"]}
        expect_that("it counts once the test is passed", after["credited"] > 0)
        step.result = f"{after['credited']} ms count, {told['page_hidden']} ms hidden"


def _close(school: School, over: _Planned) -> None:
    with school.report.step(
        CHAPTER, "yesterday's class: list, confirmed, closed, its file"
    ) as step:
        learner = school.learners[1]
        ids = {"class_id": over.class_id, "person_id": learner.person_id}
        school.officer.send(put(f"{_CLASS}/learners/{{person_id}}", {}, **ids)).good()
        there = {
            "id": school.new(),
            "person_id": learner.person_id,
            "signed_at": over.begins_at.isoformat(),
        }
        ask = put(
            f"{_LESSON}/attendances", {"way": "list", "people": [there]}, lesson_id=over.lesson_id
        )
        [entered] = school.teacher.send(ask).good()["items"]
        expect("refused", entered["refusal"], None)
        confirm = put(
            "/v1/attendances/{attendance_id}/confirmation",
            {"good": True},
            attendance_id=there["id"],
        )
        school.manager.send(confirm).good()
        report = {"report": "面授部分全部完成。"}
        ask = put(f"{_CLASS}/closing", report, class_id=over.class_id)
        school.manager.send(ask).good()
        lines = learner.phone.send(get("/v1/me/file")).good()["lines"]
        [done] = [one for one in lines if one["kind"] == "training"]
        content = done["content"]
        expect("hours done, due", (content["hours"], content["hours_due"]), ("1.0", "2.0"))
        expect("completed", content["passed"], False)
        file = school.manager.send(get(f"{_CLASS}/file", class_id=over.class_id))
        expect("file of the class", file.raw[:5], b"%PDF-")
        step.result = f"1.0 of 2.0 学时 on file; {len(file.raw) // 1024} kB of PDF"
