"""Who works with exams and not with the register of people is told names with the things."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from exams.checking_in import DoorAct, Verdict
from exams.models import CheckIn, Paper, PaperItem, ResponseEntry
from exams.models.appeals import Ground
from exams.models.corrections import RegradeEffect
from exams.regrading import Remedy
from exams.services import appeals, overriding, regrades
from exams.services.regrades import RegradeDraft
from question_bank.models import QuestionVersion
from server.db import db
from server.people.models import Person
from server.policy import Role
from tests.factories import exams as a
from tests.factories import sittings as some
from tests.factories.rosters import a_person
from tests.factories.sitting import HOUR, answer, submit
from tests.moments import NOON

LATER = NOON + 2 * HOUR


def called(name: str):
    """Store an electrician of this name."""
    who = a.an_electrician()
    who.name = name
    return who


@pytest.fixture
def exam(writing):
    """Store an exam: one failed and appeals twice, one passed, one still sits."""
    with writing():
        scene = a.an_exam()
        failed, passed, sits = (
            a.an_attempt(scene, called(one)) for one in ("赵六", "钱七", "孙八")
        )
        sits.enrolment.room = "第二考场"
        for attempt, right in ((failed, 79), (passed, 80)):
            answer(attempt, right=right)
            submit(attempt)
        late = {"epoch": 1, "sequence": 999, "chosen": 1, "received_at": LATER, "late": True}
        db.session.add(ResponseEntry(attempt_id=failed.id, slot=90, **late))
        for ground in (Ground.QUESTION, Ground.SCORING):
            appeals.file(
                uuid4(),
                attempt_id=failed.id,
                practical_id=None,
                ground=ground,
                statement="第80题答案有误",
                candidate_id=failed.candidate_id,
                at=LATER,
            )
        return {
            "exam": scene.exam.id,
            "centre": scene.centre.id,
            "regrade": _previewed(scene, failed.id, passed.id),
        }


def _previewed(scene: a.Scene, *attempt_ids: UUID) -> UUID:
    """Store a regrade with what it would change: the first would pass, the other as before.

    It is of a choice: what another centre asks, which draws true or false alone, is not this one's.
    """
    asked = select(PaperItem.version_id).join(Paper, Paper.id == PaperItem.paper_id)
    asked = asked.join(QuestionVersion, QuestionVersion.id == PaperItem.version_id)
    choices = asked.where(Paper.exam_id == scene.exam.id, QuestionVersion.kind == "single_choice")
    version_id = next(iter(db.session.scalars(choices)))
    draft = RegradeDraft(version_id=version_id, remedy=Remedy.FULL_MARKS, key=(), reason="题干有误")
    by = a.identity_of(a.a_person(scene.centre).id, Role.EXAMINER)
    made = regrades.propose(uuid4(), draft, by=by, at=LATER)
    for attempt_id, before in zip(attempt_ids, (False, True), strict=True):
        scores = {"score_before": "79", "score_after": "80", "max_before": "100"}
        verdicts = {"passed_before": before, "passed_after": True, "max_after": "100"}
        db.session.add(
            RegradeEffect(regrade_id=made.id, attempt_id=attempt_id, **scores, **verdicts)
        )
    return made.id


@pytest.fixture
def ask(client, a_signed_in):
    """Return what an account with one role somewhere is told."""

    def ask(role, address, *, at=None):
        headers = a_signed_in(role, organisation_id=at).headers
        reply = client.get(f"/v1{address}", headers=headers)
        assert reply.status_code == 200, reply.json
        return reply.json.get("items", reply.json)

    return ask


def names(items):
    """Return who a list is about; each with a masked document."""
    assert all("*" in one["document_masked"] for one in items), items
    return sorted(one["candidate_name"] for one in items)


def test_an_examiner_reads_names_in_every_list_and_finds_what_is_asked_for(ask, exam):
    here = exam["exam"]
    found = {
        "/appeals": ["赵六", "赵六"],
        "/appeals?ground=scoring": ["赵六"],
        f"/exams/{here}/late-responses": ["赵六"],
        f"/exams/{here}/late-responses?open_only=true": ["赵六"],
        f"/regrades/{exam['regrade']}/effects": ["赵六", "钱七"],
        f"/regrades/{exam['regrade']}/effects?flips=true": ["赵六"],
        f"/regrades/{exam['regrade']}/effects?flips=false": ["钱七"],
    }

    told = {one: names(ask(Role.EXAMINER, one, at=exam["centre"])) for one in found}

    assert told == found


def test_an_invigilator_and_a_planner_read_names_and_narrow_attempts_and_outcomes(ask, exam):
    here, centre = exam["exam"], exam["centre"]
    attempts = {
        "": ["孙八", "赵六", "钱七"],
        "?state=in_progress": ["孙八"],
        "?state=graded": ["赵六", "钱七"],
        "?room=第二考场": ["孙八"],
        "?room=第三考场": [],
    }
    outcomes = {"": ["赵六", "钱七"], "?passed=true": ["钱七"], "?passed=false": ["赵六"]}

    def all_of(role, list_of, queries):
        path = f"/exams/{here}/{list_of}"
        return {one: names(ask(role, f"{path}{one}", at=centre)) for one in queries}

    assert all_of(Role.INVIGILATOR, "attempts", attempts) == attempts
    assert all_of(Role.PLANNER, "outcomes", outcomes) == outcomes
    (one,) = ask(Role.INVIGILATOR, f"/exams/{here}/attempts?room=第二考场", at=centre)
    assert one["room"] == "第二考场"
    shown = ask(Role.EXAMINER, f"/exams/{here}", at=centre)
    assert shown["organisation_name"] == "某单位"
    assert ask(Role.INVIGILATOR, f"/exams/{here}/room-events?kind=pause", at=centre) == []


@pytest.fixture
def sitting(writing):
    """Store a sitting with somebody who watches, somebody who applied, and words of a door."""
    with writing():
        hall = some.a_hall()
        made = some.a_sitting(hall)
        watcher = some.an_invigilator(hall, made)
        db.session.get_one(Person, watcher.person_id).name = "冯监考"
        candidate = some.a_candidate(name="周九")
        applied = some.an_application(made, candidate)
        elsewhere = some.an_application(
            some.a_sitting(some.a_hall()), some.a_candidate(name="郑十")
        )
        for at, enrolment_id, verdict in (
            (0, applied.id, Verdict.ACCEPTED),
            (1, elsewhere.id, Verdict.NO_PLACE),
        ):
            said = {"act": DoorAct.ARRIVAL, "sequence": at + 1, "device_id": uuid4(), "late": False}
            by = {"by_account_id": uuid4(), "by_person_id": watcher.person_id}
            moment = NOON + timedelta(minutes=at)
            db.session.add(
                CheckIn(
                    id=uuid4(),
                    sitting_id=made.id,
                    room_id=hall.rooms[0].id,
                    enrolment_id=enrolment_id,
                    verdict=verdict,
                    happened_at=moment,
                    received_at=moment,
                    **said,
                    **by,
                )
            )
        staff = a_person(name="吴监考")
        until_on = NOON.date() + timedelta(days=60)
        who = {"staff_id": staff.id, "candidate_id": candidate.id}
        asked = overriding.ask(
            uuid4(), **who, reason="仅此", until_on=until_on, by=hall.by, at=NOON
        )
        return {
            "sitting": made.id,
            "centre": hall.centre.id,
            "enrolment": applied.id,
            "override": asked.id,
            "plan": made.plan_id,
        }


def test_who_sees_a_sitting_reads_names_of_candidates_staff_and_who_stood_at_the_door(ask, sitting):
    here, centre = f"/sittings/{sitting['sitting']}", sitting["centre"]

    def asked(role, address):
        return ask(role, address, at=centre)

    assert names(asked(Role.CENTRE_MANAGER, f"{here}/enrolments")) == ["周九"]
    assert names(asked(Role.PLANNER, "/candidatures")) == ["周九"]
    duties = asked(Role.CENTRE_MANAGER, f"{here}/duties?duty=invigilator")
    assert [one["person_name"] for one in duties] == ["冯监考"]
    assert asked(Role.CENTRE_MANAGER, f"{here}/duties?duty=examiner") == []
    said = asked(Role.EXAMINER, f"{here}/check-ins")
    # What a phone said of a place of another sitting gives nobody's name away.
    assert [one["candidate_name"] for one in said] == [None, "周九"]
    assert {one["room_name"] for one in said} == {"第1考场"}
    (odd,) = asked(Role.EXAMINER, f"{here}/check-ins?verdict=no_place")
    assert odd["verdict"] == "no_place"
    (exception,) = ask(Role.ISSUER, "/separation-overrides")
    assert (exception["staff_name"], exception["candidate_name"]) == ("吴监考", "周九")
    (plan,) = asked(Role.INVIGILATOR, "/exam-plans")
    assert (plan["organisation_name"], plan["specification_name"]) == ("某单位", "细目表")


def test_what_a_decision_touches_is_said_in_counts_before_it_is_taken(ask, exam, sitting):
    application = ask(
        Role.PLANNER, f"/enrolments/{sitting['enrolment']}/reach", at=sitting["centre"]
    )
    exception = ask(Role.ISSUER, f"/separation-overrides/{sitting['override']}/reach")
    first = ask(Role.EXAMINER, "/appeals", at=exam["centre"])[0]["id"]
    (one,) = ask(Role.EXAMINER, "/regrades", at=exam["centre"])
    address = f"/appeals/{first}/reach?version_id={one['version_id']}"
    appeal = ask(Role.EXAMINER, address, at=exam["centre"])

    assert application.pop("may_apply_until")
    assert application.pop("capacity") > 0
    assert application == {"waiting_count": 1, "placed_count": 0, "other_sitting_count": 0}
    assert exception == {"sitting_count": 0, "duty_count": 0, "candidature_count": 1}
    assert appeal == {"open_appeal_count": 1, "coming_viewing_count": 0, "asked_count": 3}


def test_what_a_decision_touches_is_told_to_nobody_else(client, a_signed_in, exam, sitting):
    elsewhere = a_signed_in(*Role, organisation_id=exam["centre"]).headers
    addresses = (
        f"/v1/enrolments/{sitting['enrolment']}/reach",
        f"/v1/separation-overrides/{sitting['override']}/reach",
    )

    statuses = [client.get(one, headers=elsewhere).status_code for one in addresses]

    assert statuses == [404, 404]
