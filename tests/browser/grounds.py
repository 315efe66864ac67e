"""What the moves of the console are made on: things that wait for somebody to press a button."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import select

from certificates.competence.kinds import State
from certificates.competence.models import CompetenceAppraisal, CompetenceCycle
from certificates.competence.services import concluding
from exams.models import Attempt, PaperItem
from exams.models.appeals import Ground
from exams.services import appeals, enrolments, overriding
from question_bank.models import QuestionVersion
from server.auth.models import Account
from server.db import db
from server.organisations.models import Organisation
from server.people.models import Person, Post
from server.people.roster import PostRole
from server.policy import Identity
from server.training.kinds import Mode, Way
from server.training.models import Attendance, Programme, StudyAppeal
from tests.browser.phones import SECTIONS
from tests.factories import exams as a
from tests.factories import sittings as some
from tests.factories import training as taught
from tests.factories.people import a_person
from tests.factories.sitting import answer, start, submit
from tests.factories.sitting_days import Day
from tests.moments import NOON

_MINUTE = timedelta(minutes=1)
_DAY = timedelta(days=1)


def exam_ground() -> dict[str, Any]:
    """Store sittings to come and going on, an exam that runs, and what is asked of examiners."""
    hall = some.a_hall(rooms=1)
    to_come = some.a_sitting(hall)
    some.an_application(to_come)
    sender = a.an_organisation()
    sender.name = "报送单位甲"
    somebody = a.an_electrician(sender, birth_on=date(1990, 1, 1))
    somebody.name = "报名考生"
    some.declare_healthy(somebody)
    day = Day(count=2)
    day.arrive(day.placed[0])
    some.a_room(day.hall.centre, day.hall.by, "第2考场")
    for _ in range(2):
        staff, candidate = a.a_person(a.an_organisation()), a.an_electrician()
        overriding.ask(
            uuid4(),
            staff_id=staff.id,
            candidate_id=candidate.id,
            reason="仅此一名考评员",
            until_on=NOON.date() + _DAY,
            by=day.hall.by,
            at=NOON,
        )
    draft = a.an_exam(published=False, sections=SECTIONS)
    return {
        "open": to_come.id,
        "centre": hall.centre.id,
        "running": day.sitting.id,
        "draft": draft.exam.id,
        **_running_exam(),
        "over": _late_exam(),
    }


def _running_exam() -> dict[str, Any]:
    scene = a.an_exam(sections=SECTIONS)
    for minutes in (0, 1):
        a.an_attempt(scene, at=NOON + minutes * _MINUTE)
    failed = a.an_attempt(scene, at=NOON + 2 * _MINUTE)
    answer(failed, right=11, wrong=1)
    submit(failed, at=NOON + 20 * _MINUTE)
    again = a.an_attempt(scene, at=NOON + 3 * _MINUTE)
    answer(again, right=10, wrong=2)
    submit(again, at=NOON + 20 * _MINUTE)
    version = _asked(failed, slot=1)
    other = next(one for one in version.options if one["label"] not in version.key)
    return {
        "exam": scene.exam.id,
        "stem": version.stem,
        "option": f"{other['label']}. {other['text']}",
        **{ground.value: _appeal(failed, ground) for ground in Ground},
        "again": _appeal(again, Ground.SCORING),
    }


def _asked(attempt: Attempt, *, slot: int) -> QuestionVersion:
    asked = select(QuestionVersion).join(PaperItem, PaperItem.version_id == QuestionVersion.id)
    found = asked.where(PaperItem.paper_id == attempt.paper_id, PaperItem.slot == slot)
    return db.session.execute(found).scalar_one()


def _appeal(attempt: Attempt, ground: Ground) -> Any:
    filed = appeals.file(
        uuid4(),
        attempt_id=attempt.id,
        practical_id=None,
        ground=ground,
        statement="请复核",
        candidate_id=attempt.candidate_id,
        at=NOON + 25 * _MINUTE,
    )
    return filed.id


def _late_exam() -> Any:
    """Store an exam that is over, in which two answered after their time."""
    scene = a.an_exam(sections=SECTIONS, opens_at=NOON - 240 * _MINUTE, closes_at=NOON)
    began = NOON - 180 * _MINUTE
    for _ in range(2):
        place = enrolments.enrol(
            uuid4(),
            exam_id=scene.exam.id,
            candidate_id=a.an_electrician().id,
            by=a.SOMEBODY,
            at=began,
        )
        attempt = start(place, at=began).attempt
        answer(attempt, right=5, at=NOON - 170 * _MINUTE)
        answer(attempt, right=6, at=NOON - 40 * _MINUTE, sequence=2)
    return scene.exam.id


def training_ground() -> dict[str, Any]:
    """Store a provider with classes that run, are to come and are over, and who asks for hours."""
    centre = taught.a_centre()
    today = taught.TODAY
    programme = taught.a_programme(centre)
    runs, to_come, ended = (
        taught.a_class(centre, programme, starts_on=first, ends_on=first + 2 * _DAY)
        for first in (today, today + 9 * _DAY, today - 9 * _DAY)
    )
    for of in (to_come, ended):
        taught.a_learner(of)
    lesson = taught.a_lesson(centre, runs, starts_at=NOON - 60 * _MINUTE)
    for _ in range(2):
        learner = taught.a_learner(runs)
        taught.stored(_flagged(lesson.id, learner.person_id))
    studied = _asks_for_hours(centre)
    year = {"valid_from": today, "valid_until": today + 300 * _DAY}
    taught.in_pool(a_person(centre.provider, name="新聘教师"), centre.authority, **year)
    a_person(centre.provider, name="新学员")
    a_person(name="新聘专家")
    return {
        "provider": centre.provider.id,
        "runs": runs.id,
        "to_come": to_come.id,
        "ended": ended.id,
        "lesson": lesson.id,
        "studied": studied.id,
    }


def _flagged(lesson_id: Any, person_id: Any) -> Attendance:
    return Attendance(
        lesson_id=lesson_id,
        person_id=person_id,
        way=Way.CODE,
        signed_at=NOON,
        received_at=NOON,
        device_id=uuid4(),
        flags=["shared_phone"],
    )


def _asks_for_hours(centre: taught.Centre) -> Programme:
    """Store two who ask for hours of a lesson online; return its programme."""
    programme = taught.a_programme(centre, name="网络课程")
    online = taught.a_class(centre, programme, mode=Mode.ONLINE)
    lesson = taught.an_online_lesson(programme)
    for _ in range(2):
        session = taught.a_session(taught.a_learner(online), lesson)
        asked = {"session_id": session.id, "person_id": session.person_id}
        taught.stored(StudyAppeal(**asked, words="断网后未计时", asked_at=NOON))
    return programme


def competence_ground() -> dict[str, Any]:
    """Appeal against the demonstration's result, and name whom its leader may enter."""
    every = {one.state: one for one in db.session.scalars(select(CompetenceAppraisal))}
    concluded = every[State.CONCLUDED]
    own = Identity(account_id=uuid4(), person_id=concluded.person_id)
    concluding.appeal(concluded.id, reason="隐患排查记录未计入", by=own, at=NOON)
    cycle = db.session.scalars(select(CompetenceCycle)).one()
    judged = select(CompetenceAppraisal.person_id)
    waits = (
        select(Person, Organisation.path)
        .join(Post, Post.person_id == Person.id)
        .join(Organisation, Organisation.id == Post.organisation_id)
        .where(Post.role == PostRole.SAFETY_MANAGER, Person.id.not_in(judged))
    )
    person, path = db.session.execute(waits.order_by(Person.name)).first() or (None, "")
    assert person is not None
    enterprise = db.session.get_one(Organisation, UUID(path.split("/")[1]))
    return {
        "differs": every[State.OPEN].id,
        "appealed": concluded.id,
        "framework": cycle.framework_id,
        "appraised": person.name,
        "enterprise": enterprise.name,
        "leader": _leader(),
    }


def _leader() -> str:
    account = select(Account).where(Account.sign_in_name == "leader")
    return db.session.get_one(Person, db.session.scalars(account).one().person_id).name
