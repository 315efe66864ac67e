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
from exams.rooms import StartMode
from exams.services import (
    applying,
    centres,
    enrolments,
    exam_plans,
    planning,
    sitting_moves,
    sittings,
    specifications,
    standards,
)
from exams.services.applying import Application
from exams.services.centres import Approving, RoomDraft
from exams.services.sitting_moves import Wanted
from exams.sittings import Mode, SittingDraft, SittingMove
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
    with, and a sitting in a room that some have applied for. Runs in the caller's transaction,
    after questions and training records.
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
            _hold_a_sitting(play, exam, by)


def _let_try(play: Demonstration, qualification: Qualification, by: Identity) -> None:
    draft = _Draft(
        "trial", _TRIAL, "体验细目表（示范）", _TRIAL_SECTIONS, _TRIAL_OPEN, is_practice=True
    )
    _enrol(play, _publish(qualification, draft, play.made["test_centre"], by=by, at=play.at), by)


def _hold_a_sitting(play: Demonstration, like: Exam, by: Identity) -> None:
    """Plan a sitting in a room, three weeks ahead, which the last three of the crew apply for."""
    centre_id, today = like.organisation_id, days.civil_day(play.at)
    until = today + timedelta(days=700)
    term = Approving(from_on=today, until_on=until, document="示范应急〔2026〕1号")
    centres.approve(uuid5(centre_id, "approval"), centre_id, term, by=by, at=play.at)
    room = RoomDraft(
        name="示范第一考场", address="考试楼 301", row_count=4, column_count=6, gaps=_GAPS
    )
    room_id = uuid5(centre_id, "room")
    centres.write_room(room_id, centre_id, room, by=by, at=play.at)
    plan_id = uuid5(centre_id, "plan")
    exam_plans.write(
        plan_id,
        name="低压电工作业理论考试计划（示范）",
        organisation_id=centre_id,
        qualification_id=like.qualification_id,
        specification_id=like.specification_id,
        from_on=today,
        until_on=today + timedelta(days=60),
        by=by,
        at=play.at,
    )
    sitting_id = uuid5(centre_id, "sitting")
    sittings.plan(sitting_id, _sitting(plan_id, centre_id, room_id, play.at), by=by, at=play.at)
    opening = Wanted(move=SittingMove.OPEN, seed=sha256(sitting_id.bytes).digest())
    sitting_moves.make(sitting_id, opening, by=by, at=play.at)
    crew = play.made["crew"][like.qualification.role.value]
    for person_id in [one for one in crew if _concerns(like.qualification, one, play.at)][-3:]:
        own = Identity(account_id=uuid5(person_id, "account"), person_id=person_id)
        wanted = Application(candidate_id=person_id)
        applying.apply(uuid5(sitting_id, str(person_id)), sitting_id, wanted, by=own, at=play.at)


#: Where the pillars of the demonstration's room stand.
_GAPS = ((1, 6), (4, 1))


def _sitting(plan_id: UUID, centre_id: UUID, room_id: UUID, at: datetime) -> SittingDraft:
    morning = days.beginning_of(days.civil_day(at) + timedelta(days=21)) + timedelta(hours=9)
    return SittingDraft(
        plan_id=plan_id,
        name="低压电工理论考试第一场（示范）",
        centre_id=centre_id,
        mode=Mode.ROOM,
        room_ids=(room_id,),
        capacity=None,
        stand_by_limit=2,
        enrolment_opens_at=at,
        enrolment_closes_at=morning - timedelta(days=7),
        opens_at=morning,
        closes_at=morning + timedelta(hours=3),
        late_minutes=30,
        late_starts_lose_time=True,
        absence_notice_hours=24,
        absence_pause_days=0,
        release_at=None,
        start_mode=StartMode.BY_SIGNAL,
        form_count=2,
    )


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
