"""Place by place and bond by bond: nobody acts for a candidate to whom something binds them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import nullcontext
from datetime import date
from fractions import Fraction
from typing import Any
from uuid import UUID, uuid4

import pytest

from certificates.services import issuing
from exams.drafts import RoomOrder
from exams.models import Attempt
from exams.models.appeals import Effect, Ground
from exams.regrading import Remedy
from exams.rooms import RoomAct
from exams.services import (
    appeals,
    corrections,
    deciding,
    invigilation,
    late,
    moves,
    practical_scores,
    practical_verdicts,
    practicals,
    regrades,
    regrading_work,
    rooms,
    staff,
    viewings,
)
from exams.services.appeals import Ruling
from exams.services.regrades import RegradeDraft
from exams.services.viewings import Hours
from exams.sittings import SittingMove
from exams.staffing import Duty
from server.db import db
from server.errors import DomainError
from server.people.models import Person
from server.policy import Identity, Role
from tests.factories import certificates as certified
from tests.factories import exams as a
from tests.factories import practicals as the
from tests.factories import sittings as some
from tests.factories.bonds import BONDS, somebody
from tests.factories.sitting import HOUR, answer, submit
from tests.moments import NOON
from tests.services.exams.test_regrades import version_in

pytestmark = pytest.mark.usefixtures("inside")

Act = Callable[[Identity], object]

LATER = NOON + 2 * HOUR
WHY: dict[str, Any] = {"reason": "核查", "at": LATER}
REFUSED = {"not_separated", "trained_holder", "same_employer"}


def said(act: Act, by: Identity) -> str:
    """Return the code by which an act is refused, `done` where it is not; nothing stays."""
    attempt = db.session.begin_nested()
    try:
        act(by)
    except DomainError as refusal:
        return refusal.code
    finally:
        attempt.rollback()
    return "done"


def check(places: Mapping[str, Act], who: Person, candidate: Person) -> None:
    """Make sure that each place refuses each bond, and only because of it."""
    by = a.identity_of(who.id, *Role)
    unbound = {place: said(act, by) for place, act in places.items()}
    assert not set(unbound.values()) & REFUSED, unbound

    found: dict[tuple[str, str], str] = {}
    for bond in BONDS:
        bound = db.session.begin_nested()
        bond(who, candidate)
        db.session.flush()
        found |= {(place, bond.__name__): said(act, by) for place, act in places.items()}
        bound.rollback()

    assert {key: code for key, code in found.items() if code not in REFUSED} == {}
    assert len(found) == len(places) * len(BONDS)


def test_whoever_is_bound_watches_and_moves_no_attempt():
    attempt = a.an_attempt(a.an_exam(sections=some.SECTIONS))
    of_it: dict[str, Any] = {"attempt_id": attempt.id, "reason": "设备故障", "at": NOON}

    def on_room(by: Identity) -> object:
        order = RoomOrder(kind=RoomAct.PAUSE, reason="停电")
        return rooms.act(uuid4(), order, exam_id=attempt.exam_id, by=by, at=NOON)

    places: dict[str, Act] = {
        "time granted": lambda by: invigilation.extend(**of_it, extra_seconds=60, by=by),
        "attempt voided": lambda by: invigilation.void(**of_it, counts=False, by=by),
        "moving code": lambda by: moves.give(uuid4(), **of_it, by=by),
        "whole room": on_room,
    }
    check(places, somebody(), db.session.get_one(Person, attempt.candidate_id))


def a_graded_attempt() -> Attempt:
    """Store an attempt that failed."""
    attempt = a.an_attempt(a.an_exam(sections=some.SECTIONS))
    answer(attempt, right=1, wrong=1)
    return submit(attempt)


def a_regrade(attempt: Attempt, by: Identity, regrade_id: UUID) -> object:
    """Propose that everybody gets the points of the first question."""
    version = version_in(attempt, slot=1)
    draft = RegradeDraft(version_id=version.id, remedy=Remedy.FULL_MARKS, key=(), reason="有误")
    return regrades.propose(regrade_id, draft, by=by, at=LATER)


def test_whoever_is_bound_grades_rules_and_supervises_nothing():
    attempt, who = a_graded_attempt(), somebody()
    other = a.identity_of(somebody().id, *Role)
    correction_id, regrade_id, viewing_id = uuid4(), uuid4(), uuid4()
    score: dict[str, Any] = {"attempt_id": attempt.id, "score": Fraction(90)}
    corrections.propose(correction_id, **score, by=other, **WHY)
    a_regrade(attempt, other, regrade_id)
    regrading_work.preview(regrade_id, piece=nullcontext, told=lambda _done, _total: None, at=LATER)
    appeal = appeals.file(
        uuid4(),
        attempt_id=attempt.id,
        practical_id=None,
        ground=Ground.QUESTION,
        statement="答案有误",
        candidate_id=attempt.candidate_id,
        at=LATER,
    )

    def hours(supervisor_id: UUID) -> Hours:
        return Hours(supervisor_id=supervisor_id, place="室", from_at=LATER, until_at=LATER + HOUR)

    viewings.grant(viewing_id, appeal.id, hours(who.id), by=other, at=LATER)
    nothing = Ruling(upheld=False, reason="无误", effect=Effect.NOTHING)
    places: dict[str, Act] = {
        "late words": lambda by: late.decide(
            uuid4(), attempt_id=attempt.id, admitted=True, by=by, **WHY
        ),
        "score proposed": lambda by: corrections.propose(uuid4(), **score, by=by, **WHY),
        "score agreed": lambda by: corrections.decide(correction_id, approved=True, by=by, **WHY),
        "regrade proposed": lambda by: a_regrade(attempt, by, uuid4()),
        "regrade approved": lambda by: regrades.approve(
            regrade_id, uuid4(), approved=True, by=by, **WHY
        ),
        "viewing granted": lambda by: viewings.grant(
            uuid4(), appeal.id, hours(other.person_id), by=by, at=LATER
        ),
        "viewing supervised": lambda by: viewings.grant(
            uuid4(), appeal.id, hours(by.person_id), by=other, at=LATER
        ),
        "viewing opened": lambda by: viewings.open_it(viewing_id, by=by, at=LATER),
    }
    candidate = db.session.get_one(Person, attempt.candidate_id)
    check(places, who, candidate)
    check(
        {"appeal ruled": lambda by: appeals.rule(appeal.id, nothing, by=by, at=LATER)},
        somebody(),
        candidate,
    )


def test_whoever_is_bound_examines_no_practical():
    theory = the.a_passed_theory()
    practical, (first, second) = the.a_practical(theory)
    candidate = db.session.get_one(Person, practical.candidate_id)
    later: dict[str, Any] = {"at": NOON + the.DAY}
    words = the.words(the.full_marks(practical))
    practical_scores.store(practical.id, words, by=first, **later)
    void: dict[str, Any] = {"reason": "设备故障", "counts": False}

    check(
        {"sheet handed in": lambda _: practical_scores.hand_in(practical.id, by=first, **later)},
        db.session.get_one(Person, first.person_id),
        candidate,
    )
    the.score(practical, first)
    veto = the.vetoes(practical)[0]
    the.score(practical, second, {veto: "1"})
    third = the.assigned(practical)
    values = {veto: Fraction(0)}
    check(
        {
            "dispute ruled": lambda _: practical_verdicts.rule(
                practical.id, values=values, by=third, reason="照片", **later
            )
        },
        db.session.get_one(Person, third.person_id),
        candidate,
    )
    check(
        {"practical voided": lambda by: practicals.void(practical.id, **void, by=by, **later)},
        somebody(),
        candidate,
    )
    practicals.void(practical.id, **void, by=a.SOMEBODY, **later)
    another, _ = the.a_practical(theory, scorers=0)
    check(
        {
            "examiner assigned": lambda by: practicals.assign(
                another.id, by.person_id, by=a.SOMEBODY, at=NOON
            )
        },
        somebody(),
        candidate,
    )


def test_whoever_is_bound_works_at_no_sitting_and_decides_upon_no_application():
    hall = some.a_hall()
    sitting = some.a_sitting(hall)
    (admitted,) = some.admitted(hall, sitting, 1)
    waiting = some.an_application(sitting)
    watching: dict[str, Any] = {"duty": Duty.INVIGILATOR, "room": "", "at": NOON}

    def assign(who: UUID) -> object:
        return staff.assign(uuid4(), sitting, person_id=who, by=hall.by, **watching)

    check(
        {
            "application decided": lambda by: deciding.decide(
                waiting.id, approved=True, by=by, **WHY
            ),
            "duty assigned": lambda by: assign(by.person_id),
        },
        somebody(),
        db.session.get_one(Person, waiting.candidate_id),
    )

    deciding.decide(waiting.id, approved=False, reason="材料不全", by=hall.by, at=NOON)
    some.move(hall, sitting, SittingMove.CLOSE, at=NOON)
    who, candidate = somebody(), db.session.get_one(Person, admitted.candidate_id)
    assign(who.id)
    check({"seated": lambda _: some.move(hall, sitting, SittingMove.SEAT, at=NOON)}, who, candidate)
    some.move(hall, sitting, SittingMove.SEAT, at=NOON)
    starting = some.OPENS - HOUR
    check(
        {"doors opened": lambda _: some.move(hall, sitting, SittingMove.START, at=starting)},
        who,
        candidate,
    )


def test_whoever_is_bound_certifies_nobody():
    issuer = certified.an_issuer()
    candidate = a.an_electrician(birth_on=date(1991, 2, 3))
    candidate.name = "待发证"
    db.session.flush()
    draft = certified.a_draft(candidate, issuer)

    check(
        {"certificate issued": lambda by: issuing.issue(uuid4(), draft, by=by, at=NOON)},
        somebody(),
        candidate,
    )
