"""Taking a place in an exam, giving it up, and what stands in the way."""

from datetime import date, timedelta
from uuid import uuid4

import pytest

from exams.eligibility import Hindrance
from exams.errors import AlreadyEnrolled, AttemptBegun, ExamOver, Withdrawn
from exams.models import Enrolment
from exams.services import attempts, bars, candidacy, enrolments, planning
from server.db import db
from server.errors import IdTaken, NotFound
from server.people.models import Person
from server.people.roster import PostRole
from server.policy import Permission, Role
from server.scopes import EVERYWHERE
from tests.factories import exams as a
from tests.moments import NOON

pytestmark = pytest.mark.usefixtures("inside")


def enrol(scene, candidate, *, by=a.SOMEBODY, enrolment_id=None, at=NOON):
    """Ask for a place."""
    return enrolments.enrol(
        enrolment_id or uuid4(), exam_id=scene.exam.id, candidate_id=candidate.id, by=by, at=at
    )


def test_a_candidate_enrols_alone():
    scene, candidate = a.an_exam(), a.an_electrician()

    enrolment = enrol(scene, candidate, by=a.identity_of(candidate.id))

    assert enrolment.accepted
    assert enrolment.reasons == []


def test_asking_twice_is_one_place():
    scene, candidate, enrolment_id = a.an_exam(), a.an_electrician(), uuid4()

    first = enrol(scene, candidate, enrolment_id=enrolment_id)
    second = enrol(scene, candidate, enrolment_id=enrolment_id, at=NOON + timedelta(hours=2))

    assert first is second


def test_everything_in_the_way_is_stored_and_looked_at_again():
    scene, enrolment_id = a.an_exam(), uuid4()
    organisation = a.an_organisation()
    candidate = a.a_person(organisation, birth_on=date(2010, 1, 1))

    refused = enrol(scene, candidate, enrolment_id=enrolment_id)
    assert refused.reasons == [Hindrance.NO_POST, Hindrance.TOO_YOUNG]
    assert not refused.accepted

    a.a_post(candidate, organisation)
    candidate.birth_on = date(2000, 1, 1)
    again = enrol(scene, candidate, enrolment_id=enrolment_id)
    assert again.accepted


def test_a_post_for_another_item_is_no_post():
    scene, organisation = a.an_exam(), a.an_organisation()
    candidate = a.a_person(organisation)
    a.a_post(candidate, organisation, items=["1.1"])

    assert enrol(scene, candidate).reasons == [Hindrance.NO_POST]


def test_a_full_time_safety_manager_sits_the_exam_of_safety_managers():
    organisation, safety_manager = a.an_organisation(), a.a_qualification("safety_manager")
    candidate = a.a_person(organisation)
    a.a_post(candidate, organisation, role=PostRole.FULL_TIME_SAFETY_MANAGER, items=[])
    a.trained(candidate, safety_manager, hours=48)
    standard = a.a_standard("safety_manager")

    def reasons(qualification):
        return candidacy.hindrances(candidate.id, qualification, standard, on=NOON.date(), at=NOON)

    assert reasons(safety_manager) == ()
    assert Hindrance.NO_POST in reasons(a.a_qualification("principal"))


def test_a_post_that_begins_later_is_no_post():
    scene, organisation = a.an_exam(), a.an_organisation()
    candidate = a.a_person(organisation)
    a.a_post(candidate, organisation).from_on = date(2026, 6, 16)

    assert enrol(scene, candidate).reasons == [Hindrance.NO_POST]


@pytest.mark.parametrize(
    ("from_on", "until_on", "barred"),
    [
        (date(2026, 6, 15), None, True),
        (date(2020, 1, 1), date(2026, 6, 15), True),
        (date(2020, 1, 1), date(2026, 6, 14), False),
        (date(2026, 6, 16), None, False),
    ],
)
def test_a_bar_counts_on_its_days(from_on, until_on, barred):
    scene, candidate = a.an_exam(), a.an_electrician()
    bars.impose(
        uuid4(),
        person_id=candidate.id,
        qualification_id=None,
        from_on=from_on,
        until_on=until_on,
        reason="弄虚作假",
        by=a.SOMEBODY,
        at=NOON,
    )

    assert enrol(scene, candidate).reasons == ([Hindrance.BARRED] if barred else [])


def test_a_bar_takes_back_places_and_not_the_exam_that_is_being_sat():
    sat = a.an_attempt(a.an_exam())
    to_come = enrol(a.an_exam(), db.session.get(Person, sat.candidate_id))
    bars.impose(
        uuid4(),
        person_id=sat.candidate_id,
        qualification_id=None,
        from_on=NOON.date(),
        until_on=None,
        reason="弄虚作假",
        by=a.SOMEBODY,
        at=NOON,
    )

    for place, withdrawn_at in ((to_come.id, NOON), (sat.enrolment_id, None)):
        found = db.session.get_one(Enrolment, place)
        db.session.refresh(found)
        assert found.withdrawn_at == withdrawn_at


def test_a_bar_from_another_qualification_is_none():
    scene, candidate = a.an_exam(), a.an_electrician()
    bar_id = uuid4()

    def impose(reason):
        bars.impose(
            bar_id,
            person_id=candidate.id,
            qualification_id=a.a_qualification("principal").id,
            from_on=date(2020, 1, 1),
            until_on=None,
            reason=reason,
            by=None,
            at=NOON,
        )

    impose("撤销")
    impose("撤销")

    assert enrol(scene, candidate).accepted
    found = bars.listed(candidate.id, scope=EVERYWHERE, cursor=None, limit=50)
    assert [bar.id for bar in found.items] == [bar_id]
    with pytest.raises(IdTaken):
        impose("其他")


def test_hours_are_asked_for_by_the_industry_of_the_post():
    scene = a.an_exam(qualification="principal", published=False)
    principal = a.a_qualification("principal")
    organisation = a.an_organisation(is_high_risk=True)
    candidate = a.a_person(organisation)
    a.a_post(candidate, organisation, role=PostRole.PRINCIPAL, items=[])
    a.questions({"true_false": 60, "single_choice": 30, "multiple_choice": 10}, role=principal.role)
    planning.publish(scene.exam.id, seed=a.SEED, by=a.SOMEBODY, at=NOON)

    enrolment_id = uuid4()
    short = enrol(scene, candidate, enrolment_id=enrolment_id)
    assert short.reasons == [Hindrance.HOURS_MISSING]

    a.trained(candidate, principal, hours=47)
    assert enrol(scene, candidate, enrolment_id=enrolment_id).reasons == [Hindrance.HOURS_MISSING]
    a.trained(candidate, principal, hours=1)
    assert enrol(scene, candidate, enrolment_id=enrolment_id).accepted


def test_a_passed_exam_stands_for_its_months():
    scene, candidate = a.an_exam(), a.an_electrician()
    attempt = a.an_attempt(scene, candidate)
    attempts.submit(attempt.id, candidate_id=candidate.id, device_id=a.PHONE, at=NOON)
    a.let_pass(attempt)

    assert enrol(a.an_exam(), candidate).reasons == [Hindrance.PASS_STILL_VALID]


def test_an_outcome_that_is_held_back_gives_nothing_away():
    scene = a.an_exam(release_at=NOON + timedelta(days=5))
    candidate = a.an_electrician()
    attempt = a.an_attempt(scene, candidate)
    attempts.submit(attempt.id, candidate_id=candidate.id, device_id=a.PHONE, at=NOON)
    a.let_pass(attempt)

    assert enrol(a.an_exam(), candidate).accepted


def test_one_candidate_has_one_place():
    scene, candidate = a.an_exam(), a.an_electrician()
    enrol(scene, candidate)

    with pytest.raises(AlreadyEnrolled):
        enrol(scene, candidate)


def test_an_id_belongs_to_one_place():
    scene, enrolment_id = a.an_exam(), uuid4()
    enrol(scene, a.an_electrician(), enrolment_id=enrolment_id)

    with pytest.raises(IdTaken):
        enrol(scene, a.an_electrician(), enrolment_id=enrolment_id)


def test_a_place_can_be_given_up_and_taken_again_under_another_id():
    scene, candidate = a.an_exam(), a.an_electrician()
    enrolment = enrol(scene, candidate)

    enrolments.withdraw(enrolment.id, by=a.identity_of(candidate.id), at=NOON)
    enrolments.withdraw(enrolment.id, by=a.SOMEBODY, at=NOON + timedelta(hours=1))

    assert enrolment.withdrawn_at == NOON
    assert not enrolment.accepted
    with pytest.raises(Withdrawn):
        enrol(scene, candidate, enrolment_id=enrolment.id)
    assert enrol(scene, candidate).accepted


def test_who_has_started_cannot_give_up_the_place():
    attempt = a.an_attempt(a.an_exam())

    with pytest.raises(AttemptBegun):
        enrolments.withdraw(attempt.enrolment_id, by=a.SOMEBODY, at=NOON)


def test_nobody_enrols_after_the_last_start():
    scene, candidate = a.an_exam(), a.an_electrician()

    enrol(scene, a.an_electrician(), at=NOON + timedelta(hours=1))
    with pytest.raises(ExamOver):
        enrol(scene, candidate, at=NOON + timedelta(hours=1, seconds=1))


def test_a_draft_is_not_there_to_enrol_in():
    with pytest.raises(NotFound):
        enrol(a.an_exam(published=False), a.an_electrician())


def test_an_employer_enrols_its_own_people_and_nobody_elses():
    scene, mine, theirs = a.an_exam(), a.an_organisation(), a.an_organisation()
    officer = a.identity_of(uuid4(), Role.ENTERPRISE_SAFETY_OFFICER, organisation_path=mine.path)
    own = enrol(scene, a.an_electrician(mine), by=officer)
    other = enrol(scene, a.an_electrician(theirs))

    with pytest.raises(NotFound):
        enrol(scene, a.an_electrician(theirs), by=officer)
    with pytest.raises(NotFound):
        enrolments.withdraw(other.id, by=officer, at=NOON)
    scope = officer.scope(Permission.ENROL_CANDIDATES)
    found = enrolments.listed(scope, exam_id=scene.exam.id, cursor=None, limit=9)
    assert own.accepted
    assert [one.id for one in found.items] == [own.id]
    assert enrolments.listed(scope, cursor=None, limit=9).items == found.items


def test_a_planner_enrols_anybody_in_the_exams_of_the_own_centre():
    scene = a.an_exam()
    planner = a.identity_of(uuid4(), Role.PLANNER, organisation_path=scene.centre.path)

    enrolment = enrol(scene, a.an_electrician(), by=planner)

    assert enrolment.accepted
    assert (
        enrolments.get(enrolment.id, by=planner, permission=Permission.ENROL_CANDIDATES)
        is enrolment
    )


def test_a_worker_enrols_nobody_else_and_sees_only_the_own_place():
    scene, worker, other = a.an_exam(), a.an_electrician(), a.an_electrician()
    by = a.identity_of(worker.id, Role.WORKER)
    own = enrol(scene, worker, by=by)
    theirs = enrol(scene, other)

    with pytest.raises(NotFound):
        enrol(scene, a.an_electrician(), by=by)
    with pytest.raises(NotFound):
        enrolments.get(theirs.id, by=by, permission=Permission.ENROL_CANDIDATES)
    with pytest.raises(NotFound):
        enrolments.get(uuid4(), by=by, permission=Permission.ENROL_CANDIDATES)
    page = enrolments.of_candidate(worker.id, cursor=None, limit=9)
    assert [one.id for one in page.items] == [own.id]
