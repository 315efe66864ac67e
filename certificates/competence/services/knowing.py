"""Gathering what is known of a person: from files, posts, registers, evaluations (取数)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from fractions import Fraction
from uuid import UUID

from sqlalchemy import select

from certificates.competence.kinds import WITH_RESULT
from certificates.competence.knowing import Known, Marked, Presented, Registered, Sat, Taught
from certificates.competence.models import (
    CompetenceAppraisal,
    CompetenceCycle,
    CompetenceEvidence,
    CompetenceFramework,
)
from certificates.services.counts import gathering
from server.db import db
from server.people.models import Person
from server.people.services import posts
from server.records import entries
from server.records.entries import RecordKind
from server.records.models import Record
from server.records.services import ledger
from server.training.models import SafetyEngineer


def known(person_id: UUID, key: str, *, on: date, but: UUID | None = None) -> Known:
    """Return everything that proofs of a framework may ask of a person.

    What coverage counts comes from where coverage reads it; exams, hours and violations from
    the ledger, as far as it stands; marks from evaluations that were concluded by the day.

    Args:
        person_id: whose.
        key: of which framework the marks count.
        on: the day; later results of evaluations are left out.
        but: an evaluation that is left out, because its result is being found.
    """
    standing = [each for each in ledger.standing(person_id) if each.happened_on <= on]
    gathered = gathering.gather(select(Person.id).where(Person.id == person_id)).get(person_id)
    appraisals = [each for each in concluded(person_id, key, on=on) if each.id != but]
    education = db.session.get_one(Person, person_id).education
    return Known(
        file=(gathered or gathering.Gathered()).file({}),
        exams=_exams(standing),
        trainings=_trainings(standing),
        posts=[(each.role.value, each.from_on, each.until_on) for each in posts.of(person_id)],
        education=education.value if education else None,
        engineer=_registrations(person_id),
        violations=[each.happened_on for each in standing if each.kind is RecordKind.VIOLATION],
        marks=_marks(appraisals),
        presented=presented([each.id for each in appraisals]),
    )


def presented(appraisal_ids: Sequence[UUID]) -> list[Presented]:
    """Return the entries that were presented in some evaluations and still stand."""
    statement = select(CompetenceEvidence).where(CompetenceEvidence.appraisal_id.in_(appraisal_ids))
    found = list(db.session.execute(statement).scalars())
    asked = select(Record.corrects_id).where(
        Record.corrects_id.in_([each.record_id for each in found])
    )
    corrected = set(db.session.execute(asked).scalars())
    return [
        Presented(competence=each.competence, kind=each.kind.value, on=each.happened_on)
        for each in found
        if each.record_id not in corrected
    ]


def concluded(person_id: UUID, key: str, *, on: date) -> list[CompetenceAppraisal]:
    """Return the evaluations by any version of a framework whose result counts on a day."""
    statement = (
        select(CompetenceAppraisal)
        .join(CompetenceCycle, CompetenceCycle.id == CompetenceAppraisal.cycle_id)
        .join(CompetenceFramework, CompetenceFramework.id == CompetenceCycle.framework_id)
        .where(
            CompetenceAppraisal.person_id == person_id,
            CompetenceAppraisal.state.in_(WITH_RESULT),
            CompetenceAppraisal.concluded_on <= on,
            CompetenceFramework.key == key,
        )
        .order_by(CompetenceAppraisal.concluded_at, CompetenceAppraisal.id)
    )
    return list(db.session.execute(statement).scalars())


def _marks(appraisals: Iterable[CompetenceAppraisal]) -> list[Marked]:
    return [
        Marked(competence=competence, mark=mark, on=each.concluded_on)
        for each in appraisals
        if each.concluded_on is not None
        for competence, mark in (each.result or {}).get("marks", {}).items()
    ]


def _exams(standing: Iterable[Record]) -> list[Sat]:
    sat = [each for each in standing if each.kind is RecordKind.EXAM]
    voided = {each.subject_id for each in sat if each.content.get("voided")}
    return [
        Sat(
            on=each.happened_on,
            role=each.role,
            practical=each.content.get("part") == "practical",
            passed=each.content.get("passed") is True,
            share=_share(each),
        )
        for each in sat
        if each.subject_id not in voided
    ]


def _share(record: Record) -> Fraction | None:
    score, most = record.content.get("score"), record.content.get("max_score")
    return Fraction(str(score)) / Fraction(str(most)) if score is not None and most else None


def _trainings(standing: Iterable[Record]) -> list[Taught]:
    return [
        Taught(on=each.happened_on, purpose=each.purpose, hours=entries.hours_of(each.content))
        for each in standing
        if each.kind is RecordKind.TRAINING and each.content.get("passed") is not False
    ]


def _registrations(person_id: UUID) -> list[Registered]:
    statement = select(SafetyEngineer).where(SafetyEngineer.person_id == person_id)
    return [
        Registered(grade=each.grade.value, valid_from=each.valid_from, valid_until=each.valid_until)
        for each in db.session.execute(statement).scalars()
    ]
