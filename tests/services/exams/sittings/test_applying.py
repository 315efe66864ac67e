"""Applying for a sitting, being decided upon, waiting, moving up, giving up."""

from datetime import date, timedelta
from uuid import uuid4

import pytest

from exams.admission_errors import (
    AbsenceTooLate,
    AlreadyDecided,
    BelongsToSitting,
    EnrolmentClosed,
    OwnApplication,
    SenderUnfit,
    SittingFull,
    SittingsOverlap,
)
from exams.candidacy_terms import DAYS_TO_DECIDE
from exams.eligibility import Hindrance
from exams.errors import AlreadyEnrolled, NotEligible, Withdrawn
from exams.models import Candidature
from exams.separation_errors import NotSeparated
from exams.services import applying, candidatures, deciding, enrolments, leaving
from exams.services.applying import Application
from exams.sitting_errors import Undecided
from exams.sittings import Attendance, Awaited, Mode, SittingMove
from server.db import db
from server.errors import IdTaken, NotFound
from server.people.roster import PostRole
from server.policy import Role
from server.scopes import EVERYWHERE
from server.working_days import working_days_after
from tests.factories import exams as a
from tests.factories import sittings as some
from tests.moments import NOON

pytestmark = pytest.mark.usefixtures("inside")

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def hall():
    """Return an approved centre with two rooms of six seats."""
    return some.a_hall(rooms=2)


@pytest.fixture
def sitting(hall):
    """Return a sitting in the first room that people may apply for."""
    return some.a_sitting(hall, room_ids=(hall.rooms[0].id,))


def decide(hall, one, *, approved=True, reason="符合条件", at=NOON, by=None):
    """Decide upon an application."""
    return deciding.decide(one.id, approved=approved, reason=reason, by=by or hall.by, at=at)


def test_who_applies_waits_for_the_decision_and_then_for_a_seat(hall, sitting):
    made = some.an_application(sitting)
    assert [made.enrolment.awaits] == [Awaited.DECISION]
    assert not made.enrolment.accepted
    assert made.decide_by == date(2026, 6, 23), "the Dragon Boat holiday counts as no working day"

    decide(hall, made)
    decide(hall, made)

    assert [made.enrolment.awaits] == [Awaited.SEAT]
    assert made.enrolment.accepted
    with pytest.raises(AlreadyDecided):
        decide(hall, made, approved=False)


def test_every_reason_is_named_with_its_article(sitting):
    candidate = a.a_person(a.an_organisation(), birth_on=date(2010, 1, 1))
    made = some.an_application(sitting, candidate)

    why = {one.hindrance: one.article for one in candidatures.reasons(made, sitting)}

    assert set(why) == {Hindrance.NO_POST, Hindrance.TOO_YOUNG, Hindrance.HEALTH_UNDECLARED}
    assert "第19号" in why[Hindrance.TOO_YOUNG]
    assert "docs/sittings.md" in why[Hindrance.NO_POST]


def test_what_is_mended_is_seen_when_it_is_decided(hall, sitting):
    candidate = a.an_electrician(birth_on=date(1991, 1, 1))
    made = some.an_application(sitting, candidate)
    with pytest.raises(NotEligible):
        decide(hall, made)

    some.declare_healthy(candidate)

    assert decide(hall, made).approved
    assert made.enrolment.hindrances == []


def test_a_certificate_of_skill_stands_for_hours_where_the_law_says_so(hall, sitting):
    sitting.exam.standard.training_hours = 80
    without = some.an_application(sitting)
    with_one = some.an_application(sitting, waiver="职业技能等级证书 1234")

    assert Hindrance.HOURS_MISSING in without.enrolment.reasons
    assert with_one.enrolment.reasons == []


def test_nobody_decides_upon_what_they_sent_or_are(hall, sitting):
    candidate, enterprise = some.a_candidate(), a.an_organisation()
    sender = a.identity_of(a.a_person(enterprise, birth_on=None).id, *Role)
    made = some.an_application(sitting, candidate, by=sender, sent_by_id=enterprise.id)

    with pytest.raises(OwnApplication):
        decide(hall, made, by=sender)
    with pytest.raises(OwnApplication):
        decide(hall, made, by=a.identity_of(candidate.id, *Role))
    boss = a.a_person(enterprise, birth_on=None)
    employer = db.session.get_one(type(enterprise), candidate.registered_under_id)
    a.a_post(boss, employer, role=PostRole.EMPLOYEE, items=[])
    with pytest.raises(NotSeparated):
        decide(hall, made, by=a.identity_of(boss.id, *Role))


def test_against_a_refusal_one_applies_anew(hall, sitting):
    candidate = some.a_candidate()
    made = some.an_application(sitting, candidate)
    decide(hall, made, approved=False, reason="材料不全")

    with pytest.raises(Withdrawn):
        applying.apply(
            made.id,
            sitting.id,
            Application(candidate_id=candidate.id),
            by=a.identity_of(candidate.id),
            at=NOON,
        )
    again = some.an_application(sitting, candidate)
    assert (again.number, again.approved) == (2, None)


def test_silence_admits_after_the_last_day_and_only_where_nothing_is_said_against(sitting):
    good = some.an_application(sitting)
    bad = some.an_application(sitting, a.an_electrician(birth_on=date(1991, 1, 1)))
    last = NOON + 8 * DAY
    assert good.decide_by == last.date()

    assert deciding.admit_silent(at=last, limit=10) == 0
    assert deciding.admit_silent(at=last + DAY, limit=10) == 1

    assert (good.approved, good.decided_by_id) == (True, None)
    assert "视为受理" in (good.decision_reason or "")
    assert bad.approved is None
    waiting = deciding.due(EVERYWHERE, cursor=None, limit=10).items
    assert [one.id for one in waiting] == [bad.id]


@pytest.mark.parametrize(
    ("applied_on", "due_on"),
    [
        # Over the National Day holiday of eight days, and after a Sunday that is worked.
        (date(2025, 9, 29), date(2025, 10, 13)),
        # The Saturday of 11 October 2025 is worked for it, and counts.
        (date(2025, 10, 9), date(2025, 10, 15)),
        # A Friday before an ordinary week-end.
        (date(2025, 11, 7), date(2025, 11, 14)),
    ],
)
def test_five_working_days_are_those_of_the_state_calendar(applied_on, due_on):
    assert working_days_after(applied_on, DAYS_TO_DECIDE) == due_on


def test_nobody_is_seated_while_applications_wait(hall, sitting):
    some.an_application(sitting)
    some.move(hall, sitting, SittingMove.CLOSE, at=NOON)

    with pytest.raises(Undecided):
        some.move(hall, sitting, SittingMove.SEAT, at=NOON)
    some.move(hall, sitting, SittingMove.SEAT, at=NOON + 9 * DAY)


def test_who_comes_after_the_last_place_waits_in_line_and_then_nobody(hall, sitting):
    made = some.admitted(hall, sitting, 8)

    awaited = [one.enrolment.awaits for one in made]
    assert awaited == [Awaited.SEAT] * 6 + [Awaited.STAND_BY] * 2
    with pytest.raises(SittingFull):
        some.an_application(sitting)

    candidate_id = made[2].candidate_id
    leaving.withdraw(made[2].id, by=a.identity_of(candidate_id), at=NOON)
    assert [one.enrolment.awaits for one in made[6:]] == [Awaited.SEAT, Awaited.STAND_BY]


def test_whoever_moves_up_in_a_seated_sitting_gets_the_seat_that_is_free(hall, sitting):
    made = some.admitted(hall, sitting, 7)
    some.move(hall, sitting, SittingMove.CLOSE, SittingMove.SEAT, at=NOON)
    left, next_one = made[0], made[6]
    seat = left.seat

    excused = leaving.excuse(
        left.id, reason="住院", by=a.identity_of(left.candidate_id), at=some.OPENS - 2 * DAY
    )

    assert excused.attendance is Attendance.EXCUSED
    assert (left.seat, next_one.seat) == (None, seat)
    assert next_one.enrolment.awaits is Awaited.CHECK_IN
    assert next_one.ticket_number == 1
    assert next_one.enrolment.paper_id is not None


def test_an_absence_is_told_in_time_or_not_at_all(hall, sitting):
    (made,) = some.seated(hall, sitting, 1)
    by = a.identity_of(made.candidate_id)

    for say in (
        lambda: leaving.excuse(made.id, reason="有事", by=by, at=some.OPENS - 23 * HOUR),
        lambda: leaving.withdraw(made.id, by=by, at=some.OPENS - 23 * HOUR),
    ):
        with pytest.raises(AbsenceTooLate):
            say()


def test_an_absence_nobody_told_of_keeps_one_away_for_a_while(hall):
    first = some.a_sitting(hall, room_ids=(hall.rooms[0].id,), absence_pause_days=30)
    (made,) = some.seated(hall, first, 1)
    some.an_invigilator(hall, first)
    some.move(hall, first, SittingMove.START, at=some.OPENS)
    some.move(hall, first, SittingMove.FINISH, at=some.OPENS + 3 * HOUR)
    assert made.attendance is Attendance.ABSENT
    candidate = db.session.get_one(Candidature, made.id).candidate_id

    def reasons(later):
        changed = {"enrolment_closes_at": some.OPENS + later - DAY}
        hours = {"opens_at": some.OPENS + later, "closes_at": some.OPENS + later + 3 * HOUR}
        other = some.a_sitting(hall, room_ids=(hall.rooms[1].id,), **changed, **hours)
        wanted = Application(candidate_id=candidate)
        by = a.identity_of(candidate)
        return applying.apply(uuid4(), other.id, wanted, by=by, at=NOON).enrolment.reasons

    assert reasons(29 * DAY) == [Hindrance.RECENTLY_ABSENT]
    assert reasons(30 * DAY) == []


def test_nobody_sits_twice_at_once(hall, sitting):
    candidate = some.a_candidate()
    some.an_application(sitting, candidate)

    with pytest.raises(AlreadyEnrolled):
        some.an_application(sitting, candidate)
    beside = some.a_sitting(
        hall,
        room_ids=(hall.rooms[1].id,),
        opens_at=some.OPENS + HOUR,
        closes_at=some.OPENS + 4 * HOUR,
    )
    with pytest.raises(SittingsOverlap):
        some.an_application(beside, candidate)


def test_applications_are_taken_in_their_hours_and_by_the_sitting(hall, sitting):
    candidate = some.a_candidate()
    for at in (NOON - 2 * HOUR, some.OPENS - 3 * DAY):
        with pytest.raises(EnrolmentClosed):
            some.an_application(sitting, candidate, at=at)
    with pytest.raises(BelongsToSitting):
        enrolments.enrol(
            uuid4(), exam_id=sitting.id, candidate_id=candidate.id, by=hall.by, at=NOON
        )
    with pytest.raises(NotFound):
        some.an_application(some.a_sitting(hall, opened=False, room_ids=(hall.rooms[1].id,)))


def test_who_sends_somebody_names_an_organisation_within_their_reach(sitting):
    provider = a.an_organisation()
    sender = a.identity_of(
        a.a_person(provider).id, Role.PROVIDER_STAFF, organisation_path=provider.path
    )
    candidate = a.an_electrician(provider)

    for sent_by_id in (None, a.an_organisation().id):
        with pytest.raises(SenderUnfit):
            some.an_application(sitting, candidate, by=sender, sent_by_id=sent_by_id)
    with pytest.raises(NotFound):
        some.an_application(sitting, by=sender, sent_by_id=provider.id)
    made = some.an_application(sitting, candidate, by=sender, sent_by_id=provider.id)
    assert made.sent_by_id == provider.id
    with pytest.raises(IdTaken):
        applying.apply(
            made.id,
            sitting.id,
            Application(candidate_id=some.a_candidate().id, sent_by_id=provider.id),
            by=a.SOMEBODY,
            at=NOON,
        )


def test_practising_asks_for_nothing(hall):
    practice = some.a_sitting(hall, mode=Mode.PRACTICE, room_ids=())
    made = some.an_application(practice, a.a_person(a.an_organisation()))

    assert (made.approved, made.enrolment.awaits) == (True, Awaited.SEAT)
    assert practice.exam.is_practice
