"""What nobody may do with an examination: each refused with a code and a sentence, twice."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import select

from exams.models import ScoreSheet
from exams.models.appeals import Ground
from exams.regrading import Remedy
from exams.services import (
    appeals,
    centres,
    corrections,
    leaving,
    planning,
    regrades,
    score_sheets,
    seats,
    staff,
)
from exams.services.centres import RoomDraft
from exams.services.regrades import RegradeDraft
from exams.services.score_sheets import SheetDraft
from exams.sittings import SittingMove
from exams.staffing import Duty
from server.db import db
from server.errors import DomainError
from server.organisations.drafts import OrganisationKind
from server.people.models import Person
from server.people.roster import PostRole
from server.policy import Role
from tests.factories import exams as a
from tests.factories import sittings as some
from tests.factories.bonds import somebody, trained_by
from tests.factories.sitting import HOUR, answer, submit
from tests.factories.sittings import OPENS
from tests.moments import NOON
from tests.services.exams.test_regrades import version_in

pytestmark = pytest.mark.usefixtures("inside")

Act = Callable[[], object]

LATER = NOON + 2 * HOUR


def a_sheet(**changed: Any) -> SheetDraft:
    """Return the shipped score sheet as somebody would write it, its first subject changed."""
    a.with_practical()
    known = db.session.scalars(select(ScoreSheet)).first()
    assert known is not None
    subjects = [{**known.subjects[0], **changed}, *known.subjects[1:]]
    names = ("qualification_id", "minutes", "pass_percent", "tolerance", "source")
    values = {name: getattr(known, name) for name in names}
    return SheetDraft(**values, effective_from=date(2030, 1, 1), subjects=subjects)


def of_papers_and_hours() -> dict[str, Act]:
    """Return what is refused of papers, hours and rooms."""
    hall = some.a_hall()
    scene = a.an_exam(published=False, sections=some.SECTIONS)
    plan = a.a_plan(scene.centre, sections=(("true_false", 50, 2, {}),))
    poor = planning.plan(uuid4(), plan, by=a.SOMEBODY, at=NOON)
    too_many = RoomDraft(name="大", address="楼", row_count=2, column_count=2, capacity=5)
    return {
        "pool_too_small": lambda: planning.publish(poor.id, seed=a.SEED, by=a.SOMEBODY, at=NOON),
        "sitting_contradictory": lambda: some.a_sitting(hall, closes_at=OPENS),
        "room_over_capacity": lambda: centres.write_room(
            uuid4(), hall.centre.id, too_many, by=hall.by, at=NOON
        ),
        "score_sheet_contradictory": lambda: score_sheets.write(
            uuid4(), a_sheet(weight="30"), by=a.SOMEBODY, at=NOON
        ),
    }


def of_people() -> dict[str, Act]:
    """Return what is refused of candidates and of those who watch them."""
    hall = some.a_hall(rooms=2)
    sitting = some.a_sitting(hall, room_ids=(hall.rooms[0].id,))
    beside = some.a_sitting(
        hall, room_ids=(hall.rooms[1].id,), opens_at=OPENS + HOUR, closes_at=OPENS + 4 * HOUR
    )
    first, second = some.admitted(hall, sitting, 2)
    some.move(hall, sitting, SittingMove.CLOSE, SittingMove.SEAT, at=NOON)
    candidate = db.session.get_one(Person, first.candidate_id)
    school = a.an_organisation(OrganisationKind.PROVIDER)
    teacher = somebody()
    teacher.birth_on = date(1980, 5, 5)
    twin = a.a_person(a.an_organisation(), birth_on=teacher.birth_on)
    twin.name = teacher.name
    a.a_post(teacher, school, role=PostRole.EMPLOYEE, items=[])
    trained_by(school, candidate)
    assert second.seat is not None
    taken = second.seat

    def watch(who: Person) -> Act:
        how: dict[str, Any] = {"duty": Duty.INVIGILATOR, "room": "", "by": hall.by, "at": NOON}
        return lambda: staff.assign(uuid4(), sitting, person_id=who.id, **how)

    by = a.identity_of(first.candidate_id)
    return {
        "sittings_overlap": lambda: some.an_application(beside, candidate),
        "seat_taken": lambda: seats.move(
            first.id, sitting, taken, reason="调整", by=hall.by, at=NOON
        ),
        "room_taken": lambda: some.a_sitting(hall, room_ids=(hall.rooms[0].id,)),
        "not_separated": watch(teacher),
        "not_separated (registered twice)": watch(twin),
        "absence_too_late": lambda: leaving.excuse(
            first.id, reason="有事", by=by, at=OPENS - 23 * HOUR
        ),
    }


def of_outcomes() -> dict[str, Act]:
    """Return what is refused of scores, keys and appeals."""
    attempt = a.an_attempt(a.an_exam(sections=some.SECTIONS))
    answer(attempt, right=1, wrong=1)
    submit(attempt)
    author = a.identity_of(somebody().id, Role.EXAMINER)
    same_with_another_account = replace(author, account_id=uuid4())
    version = version_in(attempt, slot=1)
    draft = RegradeDraft(version_id=version.id, remedy=Remedy.FULL_MARKS, key=(), reason="有误")
    regrade_id = uuid4()
    regrades.propose(regrade_id, draft, by=author, at=LATER)
    return {
        "score_outside_scale": lambda: corrections.propose(
            uuid4(),
            attempt_id=attempt.id,
            score=Fraction(101),
            reason="漏计分",
            by=author,
            at=LATER,
        ),
        "author_cannot_approve": lambda: regrades.approve(
            regrade_id,
            uuid4(),
            approved=True,
            reason="同意",
            by=same_with_another_account,
            at=LATER,
        ),
        "appeal_too_late": lambda: appeals.file(
            uuid4(),
            attempt_id=attempt.id,
            practical_id=None,
            ground=Ground.QUESTION,
            statement="答案有误",
            candidate_id=attempt.candidate_id,
            at=NOON + timedelta(days=30),
        ),
    }


@pytest.mark.parametrize("cases", [of_papers_and_hours, of_people, of_outcomes])
def test_misuse_is_refused_with_a_code_and_a_sentence_in_both_languages(cases):
    for code, act in cases().items():
        with pytest.raises(DomainError) as refused:
            act()
        said = refused.value.message
        assert refused.value.code == code.partition(" ")[0], code
        assert refused.value.status in (403, 409, 422)
        assert re.search(r"[一-鿿]{4}", said.zh), said.zh
        assert len(re.findall(r"[A-Za-z]+", said.en)) > 3, said.en
        assert not re.search(r"[{}]", said.zh + said.en)
