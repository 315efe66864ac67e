"""Who may have nothing to do with whose examination, by person; and the exceptions."""

from datetime import date, timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from sqlalchemy import select

from exams.separation import Bond
from exams.separation_errors import NotSeparated, OverrideDecided, OverrideNeedsAnother
from exams.services import overriding, separation
from server.audit.models import AuditEntry
from server.db import db
from server.errors import IdTaken, NotFound
from server.organisations.drafts import OrganisationKind
from server.people.roster import PostRole
from server.policy import Role
from server.records import services as records
from server.records.entries import RecordKind, Training, TrainingPurpose
from tests.factories import exams as a
from tests.factories.exam_grounds import an_organisation
from tests.moments import NOON

pytestmark = pytest.mark.usefixtures("inside")

TODAY = NOON.date()


def a_teacher(provider, **person):
    """Store somebody who works for a provider."""
    teacher = a.a_person(provider, **person)
    a.a_post(teacher, provider, role=PostRole.EMPLOYEE, items=[])
    return teacher


def train(learner, provider, *, on=TODAY, trainers=()):
    """Enter that a provider trained somebody."""
    content = Training(
        programme="低压电工",
        purpose=TrainingPurpose.QUALIFICATION,
        hours=Decimal(80),
        provider_id=provider.id,
        started_on=on,
        finished_on=on,
        trainers=trainers,
    ).as_content()
    records.add(
        learner.id,
        RecordKind.TRAINING,
        subject_id=uuid4(),
        happened_at=NOON - (TODAY - on),
        content=content,
        source="某培训机构",
        at=NOON,
    )


def bonds(staff, candidate):
    """Return what binds two people."""
    return separation.bonds({staff.id}, {candidate.id}, on=TODAY).get((staff.id, candidate.id))


def test_who_works_for_the_provider_that_trained_somebody_is_bound():
    provider = an_organisation(OrganisationKind.PROVIDER)
    teacher, learner = a_teacher(provider), a.an_electrician(birth_on=date(1991, 1, 1))
    assert bonds(teacher, learner) is None

    train(learner, provider)

    assert bonds(teacher, learner) == {Bond.PROVIDER}
    with pytest.raises(NotSeparated) as refused:
        separation.check({teacher.id}, {learner.id}, on=TODAY)
    assert refused.value.facts["count"] == 1


def test_a_training_long_ago_binds_no_more():
    provider = an_organisation(OrganisationKind.PROVIDER)
    teacher, learner = a_teacher(provider), a.an_electrician(birth_on=date(1991, 1, 1))
    train(learner, provider, on=date(2019, 6, 14))

    assert bonds(teacher, learner) is None


def test_a_trainer_who_is_named_is_bound_whoever_employs_them_now():
    provider, elsewhere = an_organisation(OrganisationKind.PROVIDER), a.an_organisation()
    teacher = a_teacher(elsewhere)
    teacher.name = "赵老师"
    learner = a.an_electrician(birth_on=date(1991, 1, 1))
    train(learner, provider, trainers=("赵老师",))

    assert bonds(teacher, learner) == {Bond.TRAINED}


def test_a_second_registration_of_the_same_person_is_the_same_person():
    provider = an_organisation(OrganisationKind.PROVIDER)
    learner = a.an_electrician(birth_on=date(1991, 1, 1))
    train(learner, provider)
    teacher = a_teacher(provider, birth_on=date(1980, 5, 5))
    teacher.name = "钱某"
    under_a_passport = a.a_person(a.an_organisation(), birth_on=date(1980, 5, 5))
    under_a_passport.name = "钱某"
    somebody_else = a.a_person(a.an_organisation(), birth_on=date(1980, 5, 6))
    somebody_else.name = "钱某"
    db.session.flush()

    assert bonds(under_a_passport, learner) == {Bond.PROVIDER}
    assert bonds(teacher, under_a_passport) == {Bond.SAME_PERSON, Bond.EMPLOYER}
    assert bonds(somebody_else, learner) is None


def test_departments_of_one_enterprise_are_one_employer():
    enterprise, department = a.an_organisation(), an_organisation(OrganisationKind.DEPARTMENT)
    department.path = f"{enterprise.path}{department.id}/"
    boss = a.a_person(enterprise, birth_on=None)
    a.a_post(boss, enterprise, role=PostRole.EMPLOYEE, items=[])
    colleague = a.an_electrician(department, birth_on=None)
    db.session.flush()

    assert bonds(boss, colleague) == {Bond.EMPLOYER}


def test_an_authority_examines_its_own_officers():
    authority = an_organisation(OrganisationKind.AUTHORITY)
    officer, colleague = (a.a_person(authority, birth_on=None) for _ in range(2))
    for one in (officer, colleague):
        a.a_post(one, authority, role=PostRole.ENFORCEMENT_OFFICER, items=[])

    assert bonds(officer, colleague) is None


def test_many_are_asked_about_in_as_many_statements_as_one(count_statements):
    provider = an_organisation(OrganisationKind.PROVIDER)
    teacher = a_teacher(provider, birth_on=None)
    learners = [a.an_electrician(birth_on=None) for _ in range(12)]
    for learner in learners:
        train(learner, provider)
    separation.bonds({teacher.id}, {learners[0].id}, on=TODAY)

    with count_statements() as one:
        separation.bonds({teacher.id}, {learners[0].id}, on=TODAY)
    with count_statements() as many:
        found = separation.bonds({teacher.id}, {one.id for one in learners}, on=TODAY)

    assert len(found) == 12
    assert len(many) == len(one) <= 11


@pytest.fixture
def pair():
    """Two colleagues."""
    enterprise = a.an_organisation()
    return a_teacher(enterprise, birth_on=None), a.an_electrician(enterprise, birth_on=None)


def ask(pair, **changed):
    """Ask for an exception."""
    staff, candidate = pair
    wanted = {
        "override_id": uuid4(),
        "staff_id": staff.id,
        "candidate_id": candidate.id,
        "reason": "县内仅此一名监考员",
        "until_on": TODAY,
        "by": a.identity_of(uuid4(), Role.PLANNER),
    } | changed
    wanted["by"] = a.identity_of(a.a_person(a.an_organisation()).id, Role.PLANNER)
    return overriding.ask(wanted.pop("override_id"), **wanted, at=NOON)


def decide(override, person_id, *, granted=True, reason="同意"):
    """Decide about one."""
    by = a.identity_of(person_id, Role.ISSUER)
    return overriding.decide(override.id, granted=granted, reason=reason, by=by, at=NOON)


def test_what_another_authority_grants_holds_until_its_last_day(pair):
    override = ask(pair)
    assert bonds(*pair) == {Bond.EMPLOYER}

    issuer = a.a_person(a.an_organisation())
    decide(override, issuer.id)
    decide(override, issuer.id)

    assert bonds(*pair) is None
    tomorrow = TODAY + timedelta(days=1)
    assert separation.bonds({pair[0].id}, {pair[1].id}, on=tomorrow)
    db.session.commit()
    told = db.session.scalars(select(AuditEntry.action)).all()
    assert {"separation_override_asked", "separation_override_granted"} <= set(told)


def test_nobody_grants_what_they_asked_for_or_what_is_about_them(pair):
    override = ask(pair)

    for person_id in (override.asked_by_person_id, pair[0].id, pair[1].id):
        with pytest.raises(OverrideNeedsAnother):
            decide(override, person_id)


def test_a_decision_stands(pair):
    override, issuer = ask(pair), a.a_person(a.an_organisation())
    decide(override, issuer.id, granted=False, reason="不同意")

    with pytest.raises(OverrideDecided):
        decide(override, issuer.id)
    assert bonds(*pair) == {Bond.EMPLOYER}


def test_an_exception_is_not_rewritten_and_not_for_outsiders(pair):
    override = ask(pair)
    with pytest.raises(IdTaken):
        ask(pair, override_id=override.id, reason="另一理由")
    outsider = a.identity_of(uuid4(), Role.ISSUER, organisation_path=f"/{uuid4()}/")
    with pytest.raises(NotFound):
        overriding.decide(override.id, granted=True, reason="同意", by=outsider, at=NOON)
