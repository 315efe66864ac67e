"""Whom the law lets sit without training, among those a figure counts (免培训).

Who holds a certificate of vocational skill (职业技能等级证书) may be examined without training
first, where the standard of the day says so. The waiver is shown when applying for a place in a
sitting, and counts from the decision on the place.
"""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy import select

from certificates.definitions import Basis, Question
from certificates.models import CoverageStretch
from certificates.services.counts import asking, known
from certificates.services.counts.asking import Asked
from certificates.stretches import ROLE_NUMBERS, item_number
from exams.models import Candidature, Enrolment, Exam, Qualification
from server.days import civil_day
from server.db import db
from server.lots import lots

#: What training leads to a qualification.
_QUALIFICATION = "qualification"

#: People looked for in one statement.
_MANY = 5_000


def concerns(question: Question) -> bool:
    """Say whether a measure asks for what the waiver stands for, or for what it leads to."""
    parts = [part for group in question.measure.all_of for part in group]
    return any(
        part.basis is Basis.PASS
        or (part.basis is Basis.TRAINING and _QUALIFICATION in part.purposes)
        for part in parts
    )


def count(asked: Asked, indicator: int) -> int:
    """Count who is in the population on the day and needed no training for what their post asks.

    Looked for are those few with a waiver, and not everybody in the population.
    """
    waivers = _waivers(asked.on)
    people = {number: waivers[one] for one, number in known.numbered(waivers).items()}
    stretch = CoverageStretch
    found: set[int] = set()
    for some in lots(sorted(people), _MANY):
        statement = select(stretch.subject, stretch.role, stretch.item).where(
            stretch.subject.in_(some),
            *asking.stretches(asked, indicator),
            asking.on_day(asked.day),
        )
        for subject, role, item in db.session.execute(statement):
            if any(role == of and item in (0, of_item) for of, of_item in people[subject]):
                found.add(subject)
    return len(found)


def _waivers(on: date) -> dict[UUID, list[tuple[int | None, int]]]:
    """Return by person the roles and items, as numbers, that a waiver was taken for by a day."""
    statement = (
        select(
            Candidature.candidate_id,
            Qualification.role,
            Qualification.operation_item,
            Candidature.decided_at,
        )
        .join(Enrolment, Enrolment.id == Candidature.id)
        .join(Exam, Exam.id == Enrolment.exam_id)
        .join(Qualification, Qualification.id == Exam.qualification_id)
        .where(
            Candidature.waiver.is_not(None),
            Candidature.approved.is_(True),
            Enrolment.withdrawn_at.is_(None),
        )
    )
    found: dict[UUID, list[tuple[int | None, int]]] = {}
    for person_id, role, item, decided_at in db.session.execute(statement):
        if decided_at is not None and civil_day(decided_at) <= on:
            what = (ROLE_NUMBERS.get(role.value), item_number(item or ""))
            found.setdefault(person_id, []).append(what)
    return found
