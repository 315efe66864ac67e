"""A school and an examining board over HTTP: what any day of a long life may ask of them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

from exams.commands import announce_released
from server import clock
from tests.api.exams.conftest import keys_of
from tests.api.training.conftest import Stage

#: Lessons of eight hours, one a day.
HOURS_A_DAY = 8


class School:
    """A provider with a teacher of the pool and a room; classes are taught day by day."""

    def __init__(self, stage: Stage) -> None:
        self.stage, self.teacher_id, self.room_id = stage, uuid4(), uuid4()

    def open(self, *, until: date, item: str) -> None:
        """Be approved, appoint and engage the teacher, furnish the room."""
        here, since = self.stage.ids, f"{clock.today()}"
        term = {"valid_from": since, "valid_until": f"{until}"}
        provider = f"/training-providers/{here['provider']}"
        approval = {
            "authority_id": str(here["bureau"]),
            "number": "备案 7 号",
            "roles": ["special_operations_worker"],
            "items": [item],
        }
        self.stage.put("bureau", f"{provider}/approvals/{uuid4()}", approval | term)
        expert = {
            "person_id": str(here["teacher"]),
            "function": "teacher",
            "authority_id": str(here["bureau"]),
            "field": "焊接安全",
            "trained_on": since,
            "tested_on": since,
            "passed": True,
        }
        self.stage.put("bureau", f"/expert-appointments/{uuid4()}", expert | term)
        room = {"name": "第一教室", "address": "一楼", "seats": 40}
        self.stage.put("manager", f"{provider}/rooms/{self.room_id}", room)
        teacher = {
            "person_id": str(here["teacher"]),
            "qualification": "焊接高级技师",
            "from_on": since,
        }
        self.stage.put("manager", f"{provider}/teachers/{self.teacher_id}", teacher)
        subject = {"subject": "law", "valid_from": since, "valid_until": f"{until}"}
        self.stage.put("bureau", f"/teachers/{self.teacher_id}/subjects/{uuid4()}", subject)

    def teach(self, kind: str, *, item: str, days: int, sent_by: str, learner: str) -> None:
        """Teach a class from today on: sent by the employer, signed in by code, closed after."""
        address = self._plan(kind, item=item, days=days)
        self.stage.put(sent_by, f"{address}/learners/{self.stage.ids[learner]}", {})
        for _ in range(days):
            self._a_day(address, learner)
            self.stage.move(timedelta(days=1))
        self.stage.put("manager", f"{address}/closing", {"report": "学时完成，考核合格。"})

    def _plan(self, kind: str, *, item: str, days: int) -> str:
        here, programme = self.stage.ids, uuid4()
        taught = {"subject": "law", "title": "焊接安全", "hours": f"{days * HOURS_A_DAY}.0"}
        body: dict[str, Any] = {
            "owner_id": str(here["provider"]),
            "name": "熔化焊接与热切割作业",
            "type": kind,
            "role": "special_operations_worker",
            "item": item,
            "valid_from": f"{clock.today()}",
            "subjects": [taught],
        }
        self.stage.put("manager", f"/training-programmes/{programme}", body)
        address = f"/training-classes/{uuid4()}"
        body = {
            "provider_id": str(here["provider"]),
            "programme_id": str(programme),
            "name": f"{clock.today():%Y} 年焊工班",
            "mode": "classroom",
            "starts_on": f"{clock.today()}",
            "ends_on": f"{clock.today() + timedelta(days=days - 1)}",
            "capacity": 30,
            "run_by_id": str(here["manager"]),
        }
        self.stage.put("manager", address, body)
        return address

    def _a_day(self, address: str, learner: str) -> None:
        lesson, begins = uuid4(), clock.now()
        body = {
            "subject": "law",
            "title": "焊接安全",
            "starts_at": begins.isoformat(),
            "ends_at": (begins + timedelta(hours=6)).isoformat(),
            "teacher_id": str(self.teacher_id),
            "room_id": str(self.room_id),
            "hours": f"{HOURS_A_DAY}.0",
        }
        self.stage.put("manager", f"{address}/lessons/{lesson}", body)
        shown = self.stage.get("teacher", f"/class-lessons/{lesson}/sign-in-code")
        signing = f"/class-lessons/{lesson}/sign-ins/{uuid4()}"
        self.stage.put(learner, signing, {"code": shown["code"]})


class Board:
    """A test centre that holds a theory and a practical for one candidate, as the law asks."""

    def __init__(self, stage: Stage, writing: Callable[[], Any], qualification_id: UUID) -> None:
        self.stage, self._writing, self._qualification_id = stage, writing, str(qualification_id)
        self.specification_id = uuid4()

    def specify(self) -> None:
        """Say of what a paper is made: two questions of fifty points."""
        body = {
            "name": "焊工细目表",
            "qualification_id": self._qualification_id,
            "organisation_id": str(self.stage.ids["centre"]),
            "sections": [{"kind": "true_false", "count": 2, "points": 50, "topics": {}}],
        }
        self.stage.put("planner", f"/paper-specifications/{self.specification_id}", body)

    def announce(self) -> UUID:
        """Plan an exam that is open today, and publish it."""
        exam_id, opens = uuid4(), clock.now()
        body = {
            "name": f"{opens:%Y} 年焊工理论考试",
            "qualification_id": self._qualification_id,
            "specification_id": str(self.specification_id),
            "organisation_id": str(self.stage.ids["centre"]),
            "opens_at": opens.isoformat(),
            "closes_at": (opens + timedelta(hours=3)).isoformat(),
        }
        self.stage.put("planner", f"/exams/{exam_id}", body)
        self.stage.put("planner", f"/exams/{exam_id}/publication")
        return exam_id

    def applied(self, exam_id: UUID, enrolment_id: UUID, candidate: str) -> list[str]:
        """Apply for a place, or again; return what stands in the way."""
        body = {"exam_id": str(exam_id)}
        reply = self.stage.put(candidate, f"/enrolments/{enrolment_id}", body)
        reasons: list[str] = reply["reasons"]
        assert reply["accepted"] is (reasons == [])
        return reasons

    def examine(self, exam_id: UUID, enrolment_id: UUID, candidate: str) -> None:
        """Let a candidate sit the theory, then the practical before two examiners; pass both."""
        attempt = f"/attempts/{uuid4()}"
        self.stage.put(candidate, attempt, {"enrolment_id": str(enrolment_id)})
        with self._writing():
            keys = keys_of(exam_id)
        entries = [{"slot": slot, "chosen": key, "sequence": slot} for slot, key in keys.items()]
        self.stage.put(candidate, f"{attempt}/responses", {"entries": entries})
        self.stage.put(candidate, f"{attempt}/submission")
        self._tell()
        practical = f"/practicals/{uuid4()}"
        body = {
            "theory_attempt_id": attempt.rpartition("/")[2],
            "organisation_id": str(self.stage.ids["centre"]),
            "planned_at": clock.now().isoformat(),
        }
        self.stage.put("planner", practical, body)
        examiners = ("first examiner", "second examiner")
        for who in examiners:
            scorer = self.stage.people[who].person_id
            self.stage.put("planner", f"{practical}/scorers/{scorer}")
        for who in examiners:
            sheet = self.stage.get(who, f"{practical}/score-sheet")
            words = [
                {"code": code, "sequence": 1, "value": value}
                for code, value in _full_marks(sheet).items()
            ]
            self.stage.put(who, f"{practical}/scores", {"entries": words})
            self.stage.put(who, f"{practical}/score-submission")
        self._tell()

    def _tell(self) -> None:
        """Tell others of outcomes, as the background does each second."""
        with self.stage.client.application.app_context():
            announce_released(clock.now())


def _full_marks(sheet: dict[str, Any]) -> dict[str, str]:
    """Return the points of each step that was drawn, and that no veto failed."""
    items = [
        item
        for subject in sheet["score_sheet"]["subjects"]
        for item in subject["items"]
        if item["code"] in sheet["drawn"]
    ]
    points = {step["code"]: step["points"] for item in items for step in item["steps"]}
    return points | {veto["code"]: "0" for item in items for veto in item["vetoes"]}
