"""What the rooms of the records hold beside the demonstration, for every list and move."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from uuid import UUID, uuid4

from sqlalchemy import select

from certificates import watching
from certificates.applying import Purpose
from certificates.models import Issuer
from certificates.services import applications, changes
from certificates.services.applications import Wanted
from certificates.services.changes import Decision
from certificates.validity import Turn
from question_bank.demonstration import BANK_NAME
from question_bank.flagging import Flag
from question_bank.lifecycle import State
from question_bank.likeness import Relation
from question_bank.models import (
    Question,
    QuestionBank,
    QuestionFlag,
    QuestionPair,
    QuestionVersion,
)
from question_bank.models.likeness import Standing
from server.auth.models import Account
from server.db import db
from server.organisations.models import Organisation
from server.people.models import Person, SuspectedDouble
from server.policy import Identity, Role
from server.regions.models import Region
from tests.browser.phones import known_password, lets_sign_in
from tests.factories.certificates import a_certificate, qualification
from tests.factories.rosters import a_person
from tests.moments import NOON

TODAY = NOON.date()

#: Two people who may do everything everywhere: what one proposes the other decides.
ONE, OTHER = "one-officer", "other-officer"

#: Certificates by what is done with them: the qualification, and days from today to the first one.
CERTIFICATES = {
    "suspended": ("low_voltage_electrician", 0),
    "lost": ("low_voltage_electrician", 0),
    "revoked": ("low_voltage_electrician", 0),
    "cancelled": ("low_voltage_electrician", 0),
    "voided": ("low_voltage_electrician", 0),
    "undecided": ("low_voltage_electrician", 0),
    # Under Order 30 its review was due on 2026-05-19; it was passed in time and is entered late.
    "reviewed": ("low_voltage_electrician", (date(2023, 5, 20) - TODAY).days),
    "renewed": ("principal", -3 * 365 + 20),
    "extended": ("construction_principal", -3 * 365 + 20),
}


def place(name: str) -> Organisation:
    """Return an organisation of the demonstration."""
    return db.session.scalars(select(Organisation).where(Organisation.name == name)).one()


def furnish() -> dict[str, str]:
    """Store it all, count coverage, and return ids by what they are for; within `writing()`."""
    authority = place("示范区应急管理局")
    issuer = db.session.scalars(select(Issuer)).one()
    every = tuple(role for role in Role if role is not Role.WORKER)
    for name, sign_in_name in (("全权甲", ONE), ("全权乙", OTHER)):
        lets_sign_in(a_person(authority, name=name).id, sign_in_name, *every)
    known_password("enterprise-safety-officer")
    found: dict[str, UUID] = dict(_certificates(issuer))
    found |= dict(_applications(issuer))
    found |= dict(_doubles(authority))
    teacher = db.session.scalars(select(Account).where(Account.sign_in_name == "teacher")).one()
    found |= {"account": teacher.id, "staff": teacher.person_id}
    found |= {"works": place("青石示范化工有限公司").id, "department": place("装配车间").id}
    district = db.session.get_one(Region, authority.region_id)
    found |= {"region": district.id, "province": UUID(district.path.split("/")[1])}
    found["electrician"] = qualification().id
    found["bank"] = db.session.scalars(
        select(QuestionBank.id).where(QuestionBank.name == BANK_NAME)
    ).one()
    published = select(Question.id).where(Question.state == State.PUBLISHED)
    last = published.order_by(Question.created_at.desc(), Question.id.desc())
    found["question"], *pair = db.session.scalars(last.limit(3))
    _flag(found["question"])
    found["pair"] = _pair(pair)
    db.session.flush()
    return {name: str(one) for name, one in found.items()}


def count_coverage() -> None:
    """Count coverage as far as it is known; inside the application, outside of a transaction."""
    watching.work_off(NOON)


def _certificates(issuer: Issuer) -> Iterator[tuple[str, UUID]]:
    under = place("云台示范建筑工程有限公司")
    for name, (code, days) in CERTIFICATES.items():
        holder = a_person(under, name=f"持证{name}")
        begins = TODAY + timedelta(days=days)
        made = a_certificate(holder, issuer, qualification=code, valid_from=begins)
        if name == "undecided":
            decision = Decision(turn=Turn.SUSPENDED, reason="成绩更正", effective_on=TODAY)
            changes.record(made, decision, by=None, at=NOON)
        yield name, made.id


def _applications(issuer: Issuer) -> Iterator[tuple[str, UUID]]:
    for name in ("granted", "denied", "refused"):
        who = a_person(place("云台示范建筑工程有限公司"), name=f"申请{name}")
        oneself = Identity(account_id=uuid4(), person_id=who.id, grants=())
        wanted = Wanted(
            issuer_id=issuer.id,
            qualification_id=qualification().id,
            purpose=Purpose.FIRST,
            documents=("健康证明",),
        )
        application_id = uuid4()
        applications.submit(application_id, wanted, by=oneself, at=NOON)
        yield name, application_id


def _doubles(under: Organisation) -> Iterator[tuple[str, UUID]]:
    for name, reason in (("merged", "same_phone"), ("cleared", "same_name_and_birth")):
        pair = sorted((_born(under, name).id, _born(under, name).id))
        double = SuspectedDouble(
            id=uuid4(),
            first_id=pair[0],
            second_id=pair[1],
            reasons=[reason],
            weight=60,
            found_at=NOON,
        )
        db.session.add(double)
        yield name, double.id


def _born(under: Organisation, name: str) -> Person:
    person = a_person(under, name=f"两份{name}")
    person.birth_on = date(1990, 3, 1)
    return person


def _pair(questions: list[UUID]) -> UUID:
    first, second = sorted(questions)
    newest = {
        one: db.session.scalars(
            select(QuestionVersion.id).where(QuestionVersion.question_id == one).limit(1)
        ).one()
        for one in (first, second)
    }
    pair = QuestionPair(
        id=uuid4(),
        first_id=first,
        second_id=second,
        first_version_id=newest[first],
        second_version_id=newest[second],
        relation=Relation.NEAR,
        similarity=900,
        standing=Standing.OPEN,
        found_at=NOON,
    )
    db.session.add(pair)
    return pair.id


def _flag(question_id: UUID) -> None:
    version = select(QuestionVersion).where(QuestionVersion.question_id == question_id)
    db.session.add(
        QuestionFlag(
            id=uuid4(),
            version_id=db.session.scalars(version.limit(1)).one().id,
            qualification="low_voltage_electrician",
            flag=Flag.TOO_HARD,
            raised_at=NOON,
        )
    )
