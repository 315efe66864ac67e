"""What binds somebody to a candidate, made one by one: for tables of places and bonds."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from uuid import uuid4

from server.db import db
from server.organisations.drafts import OrganisationKind
from server.organisations.models import Organisation
from server.people.models import Person
from server.people.roster import PostRole
from server.people.services import posts
from server.records import services as records
from server.records.entries import RecordKind, Training, TrainingPurpose
from tests.factories import exams as a
from tests.factories import training
from tests.moments import NOON

TODAY = NOON.date()


def somebody() -> Person:
    """Store somebody whom nothing binds to anybody."""
    person = a.a_person(a.an_organisation(), birth_on=None)
    person.name = f"某{person.id.hex[:8]}"
    db.session.flush()
    return person


def trained_by(provider: Organisation, learner: Person, *trainers: str) -> None:
    """Store that a provider trained somebody, and by whom."""
    content = Training(
        programme="低压电工",
        purpose=TrainingPurpose.QUALIFICATION,
        hours=Decimal(80),
        provider_id=provider.id,
        started_on=TODAY,
        finished_on=TODAY,
        trainers=trainers,
    ).as_content()
    records.add(
        learner.id,
        RecordKind.TRAINING,
        subject_id=uuid4(),
        happened_at=NOON - timedelta(days=1),
        content=content,
        source="某培训机构",
        at=NOON,
    )


def same_person(who: Person, candidate: Person) -> None:
    """Let the two be registrations of one human being."""
    who.name, who.birth_on = candidate.name, date(1990, 1, 1)
    candidate.birth_on = who.birth_on


def trained(who: Person, candidate: Person) -> None:
    """Let one have trained the other."""
    trained_by(a.an_organisation(OrganisationKind.PROVIDER), candidate, who.name)


def trained_under_another_registration(who: Person, candidate: Person) -> None:
    """Let one work, registered a second time with a passport, for who trained the other."""
    who.birth_on = date(1980, 5, 5)
    twin = a.a_person(a.an_organisation(), birth_on=who.birth_on)
    twin.name = who.name
    provider(twin, candidate)


def ran_class(who: Person, candidate: Person) -> None:
    """Let one have run the class of the other."""
    held = training.a_class(training.a_centre())
    held.run_by_id = who.id
    training.a_learner(held, candidate)


def provider(who: Person, candidate: Person) -> None:
    """Let one work for the provider that trained the other."""
    school = a.an_organisation(OrganisationKind.PROVIDER)
    a.a_post(who, school, role=PostRole.EMPLOYEE, items=[])
    trained_by(school, candidate)


def employer(who: Person, candidate: Person) -> None:
    """Let the two be colleagues."""
    (post,) = posts.held(candidate.id, on=TODAY)
    a.a_post(
        who,
        db.session.get_one(Organisation, post.organisation_id),
        role=PostRole.EMPLOYEE,
        items=[],
    )


#: Everything that binds somebody to a candidate.
BONDS = (
    same_person,
    trained,
    trained_under_another_registration,
    ran_class,
    provider,
    employer,
)
