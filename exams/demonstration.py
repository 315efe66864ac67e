"""The demonstration's exams: one for each role, open for a month (演示考试)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from uuid import UUID, uuid5

from exams.assembly import SectionRule
from exams.drafts import Plan
from exams.models import Exam, Qualification
from exams.services import enrolments, planning, specifications, standards
from server import days
from server.demonstration import Demonstration
from server.people.services import posts
from server.policy import Identity

#: The qualifications whose exams are shown, and what their exams are called.
_EXAMS = {
    "principal": "主要负责人安全生产知识和管理能力考核（示范）",
    "safety_manager": "安全生产管理人员安全生产知识和管理能力考核（示范）",
    "low_voltage_electrician": "低压电工作业理论考试（示范）",
}

#: A hundred points out of what the demonstration bank holds for each role.
_SECTIONS = (
    SectionRule(kind="true_false", count=30, points=1),
    SectionRule(kind="single_choice", count=25, points=2),
    SectionRule(kind="multiple_choice", count=10, points=2),
)

#: How long the exams stay open.
_OPEN = timedelta(days=30)

#: The exam of two minutes that whoever looks at the platform sits first: practice, so that nothing
#: follows from it, and over sooner than the others, so that it stands above them.
_TRIAL, _TRIED = "手机考试体验（10 题，示范）", "low_voltage_electrician"
_TRIAL_SECTIONS = (
    SectionRule(kind="true_false", count=4, points=10),
    SectionRule(kind="single_choice", count=4, points=10),
    SectionRule(kind="multiple_choice", count=2, points=10),
)
_TRIAL_OPEN = timedelta(days=29)


def load(play: Demonstration) -> None:
    """Publish an exam for each role, and enrol those of the crew whom it concerns.

    Reads `play.made`: `test_centre`, `planner`, `crew`. Leaves `exams`: ids by the code of the
    qualification. Beside them stands an exam of ten questions for electricians to try the phone
    with. Runs in the caller's transaction, after questions and training records.
    """
    play.say("示范考试 Demonstration exams")
    by: Identity = play.made["planner"]
    play.made["exams"] = {}
    for code, name in _EXAMS.items():
        qualification = standards.find(code)
        if qualification is None:
            continue
        draft = _Draft(code, name, f"{qualification.name_zh}细目表（示范）", _SECTIONS, _OPEN)
        exam = _publish(qualification, draft, play.made["test_centre"], by=by, at=play.at)
        play.made["exams"][code] = exam.id
        _enrol(play, exam, by)
        if code == _TRIED:
            _let_try(play, qualification, by)


def _let_try(play: Demonstration, qualification: Qualification, by: Identity) -> None:
    draft = _Draft(
        "trial", _TRIAL, "体验细目表（示范）", _TRIAL_SECTIONS, _TRIAL_OPEN, is_practice=True
    )
    _enrol(play, _publish(qualification, draft, play.made["test_centre"], by=by, at=play.at), by)


def _enrol(play: Demonstration, exam: Exam, by: Identity) -> None:
    for person_id in play.made["crew"][exam.qualification.role.value]:
        if _concerns(exam.qualification, person_id, play.at):
            place_id = uuid5(exam.id, str(person_id))
            enrolments.enrol(place_id, exam_id=exam.id, candidate_id=person_id, by=by, at=play.at)


@dataclass(frozen=True)
class _Draft:
    """What an exam of the demonstration is made of."""

    key: str
    name: str
    specification: str
    sections: Sequence[SectionRule]
    stays_open: timedelta
    is_practice: bool = False


def _publish(
    qualification: Qualification, draft: _Draft, centre_id: UUID, *, by: Identity, at: datetime
) -> Exam:
    specification_id = uuid5(centre_id, f"specification {draft.key}")
    specifications.write(
        specification_id,
        name=draft.specification,
        qualification_id=qualification.id,
        organisation_id=centre_id,
        sections=draft.sections,
        by=by,
        at=at,
    )
    plan = Plan(
        name=draft.name,
        qualification_id=qualification.id,
        specification_id=specification_id,
        organisation_id=centre_id,
        opens_at=at,
        closes_at=at + draft.stays_open,
    )
    exam_id = uuid5(centre_id, f"exam {draft.key}")
    planning.plan(exam_id, plan, by=by, at=at).is_practice = draft.is_practice
    # Nothing depends on a demonstration paper staying secret, so its chance may be known.
    return planning.publish(exam_id, seed=sha256(exam_id.bytes).digest(), by=by, at=at)


def _concerns(qualification: Qualification, person_id: UUID, at: datetime) -> bool:
    item = qualification.operation_item
    held = posts.held(person_id, on=days.civil_day(at))
    return item is None or any(item in post.items for post in held)
