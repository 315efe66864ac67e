"""A provider with its people, its room and its programme, for stories and benchmarks (培训机构)."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID

from load_tests.client import Client
from load_tests.expectations import Report
from load_tests.messages import put
from load_tests.setting import Candidate, Setting, appoint, open_account, register, today

CHAPTER = "培训"


@dataclass(kw_only=True)
class School:
    """The provider of the chapter, and who works, teaches and learns there."""

    report: Report
    setting: Setting
    manager: Client
    manager_id: UUID
    teacher: Client
    teacher_person_id: UUID
    officer: Client
    learners: list[Candidate] = field(default_factory=list)
    teacher_id: UUID = field(init=False)
    room_id: UUID = field(init=False)
    programme_id: UUID = field(init=False)
    online_id: UUID = field(init=False)

    def new(self) -> UUID:
        """Return the id of the next thing."""
        return self.setting.new_id()


def found(report: Report, setting: Setting) -> School:
    """Approve the provider of a setting, with all that a class needs."""
    school = _staffed(report, setting)
    _approve(school)
    _programme(school)
    return school


def _staffed(report: Report, setting: Setting) -> School:
    people, clients = [], []
    for role in ("provider_manager", "teacher"):
        person_id = register(setting, setting.next_person(), under="provider")
        grant = {
            "role": role,
            "organisation_id": setting.organisations["provider"],
            "from_on": today(),
        }
        name = f"s{setting.new_id().hex[:16]}"
        clients.append(open_account(setting, person_id, name, grant))
        people.append(person_id)
    return School(
        report=report,
        setting=setting,
        manager=clients[0],
        manager_id=people[0],
        teacher=clients[1],
        teacher_person_id=people[1],
        officer=appoint(setting, "enterprise_safety_officer", "enterprise"),
    )


def _approve(school: School) -> None:
    setting, places = school.setting, school.setting.organisations
    since, until = today() - timedelta(days=60), today() + timedelta(days=300)
    term = {"valid_from": since, "valid_until": until}
    with school.report.step(CHAPTER, "provider approved, a teacher of the pool, a room") as step:
        bureau, provider = setting.staff["issuer"], places["provider"]
        body: dict[str, Any] = {
            "authority_id": places["authority"],
            "number": "走查备案1号",
            "roles": ["employee"],
        }
        address = "/v1/training-providers/{provider_id}/approvals/{approval_id}"
        bureau.send(
            put(address, body | term, provider_id=provider, approval_id=school.new())
        ).good()
        body = {
            "person_id": school.teacher_person_id,
            "function": "teacher",
            "authority_id": places["authority"],
            "field": "安全工程",
            "trained_on": since,
            "tested_on": since,
            "passed": True,
        }
        address = "/v1/expert-appointments/{appointment_id}"
        bureau.send(put(address, body | term, appointment_id=school.new())).good()
        school.room_id, school.teacher_id = school.new(), school.new()
        body = {"name": "第一教室", "address": "一楼", "seats": 40}
        address = "/v1/training-providers/{provider_id}/rooms/{room_id}"
        school.manager.send(put(address, body, provider_id=provider, room_id=school.room_id)).good()
        body = {
            "person_id": school.teacher_person_id,
            "qualification": "高级工程师",
            "from_on": since,
        }
        address = "/v1/training-providers/{provider_id}/teachers/{teacher_id}"
        ask = put(address, body, provider_id=provider, teacher_id=school.teacher_id)
        school.manager.send(ask).good()
        address = "/v1/teachers/{teacher_id}/subjects/{subject_id}"
        body = {"subject": "law", **term}
        ask = put(address, body, teacher_id=school.teacher_id, subject_id=school.new())
        bureau.send(ask).good()
        step.result = f"{since} – {until}"


def _programme(school: School) -> None:
    with school.report.step(CHAPTER, "programme with a lesson online") as step:
        school.programme_id, school.online_id = school.new(), school.new()
        body: dict[str, Any] = {
            "owner_id": school.setting.organisations["provider"],
            "name": "有限空间作业专题",
            "type": "topic",
            "valid_from": today() - timedelta(days=30),
            "subjects": [
                {"subject": "law", "title": "安全生产法", "hours": "1.0"},
                {"subject": "cases", "title": "事故案例", "hours": "1.0"},
            ],
        }
        address = "/v1/training-programmes/{programme_id}"
        school.manager.send(put(address, body, programme_id=school.programme_id)).good()
        body = {
            "place": 1,
            "title": "事故案例",
            "kind": "text",
            "content": {"text": "某化工厂有限空间中毒事故"},
            "hours": "1.0",
            "test": [{"stem": "首先应当？", "options": ["通风检测", "直接下井"], "key": [0]}],
        }
        address = f"{address}/online-lessons/{{lesson_id}}"
        ids = {"programme_id": school.programme_id, "lesson_id": school.online_id}
        school.manager.send(put(address, body, **ids)).good()
        step.result = "2 学时: one in class, one online"
