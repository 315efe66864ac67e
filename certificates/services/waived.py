"""Whom the law lets sit without training, among those a figure counts (免培训).

Who holds a certificate of vocational skill (职业技能等级证书) may be examined without training
first, where the standard of the day says so. The waiver is shown when applying for a place in a
sitting, and counts from the decision on the place.
"""

from __future__ import annotations

from sqlalchemy import select

from certificates.definitions import Basis, Question
from certificates.models import CoverageNumber, CoverageStretch
from certificates.services.counts import asking
from certificates.services.counts.asking import Asked
from certificates.stretches import ROLE_NUMBERS, item_number
from exams.models import Candidature, Enrolment, Exam, Qualification
from server.days import civil_day
from server.db import db

#: What training leads to a qualification.
_QUALIFICATION = "qualification"


def concerns(question: Question) -> bool:
    """Say whether a measure asks for what the waiver stands for, or for what it leads to."""
    parts = [part for group in question.measure.all_of for part in group]
    return any(
        part.basis is Basis.PASS
        or (part.basis is Basis.TRAINING and _QUALIFICATION in part.purposes)
        for part in parts
    )


def count(asked: Asked, indicator: int) -> int:
    """Count who is in the population on the day and needed no training for what their post asks."""
    stretch = CoverageStretch
    statement = (
        select(
            stretch.subject,
            stretch.role,
            stretch.item,
            Qualification.role,
            Qualification.operation_item,
            Candidature.decided_at,
        )
        .join(CoverageNumber, CoverageNumber.number == stretch.subject)
        .join(Candidature, Candidature.candidate_id == CoverageNumber.thing_id)
        .join(Enrolment, Enrolment.id == Candidature.id)
        .join(Exam, Exam.id == Enrolment.exam_id)
        .join(Qualification, Qualification.id == Exam.qualification_id)
        .where(
            *asking.stretches(asked, indicator),
            asking.on_day(asked.day),
            Candidature.waiver.is_not(None),
            Candidature.approved.is_(True),
            Enrolment.withdrawn_at.is_(None),
        )
    )
    return len(
        {
            subject
            for subject, role, item, of_role, of_item, decided_at in db.session.execute(statement)
            if role == ROLE_NUMBERS.get(of_role.value)
            and (not item or item == item_number(of_item or ""))
            and decided_at is not None
            and civil_day(decided_at) <= asked.on
        }
    )
