"""Which exams and people lie within what somebody may do (管辖范围)."""

from __future__ import annotations

from sqlalchemy import ColumnElement, select, true
from sqlalchemy.orm import InstrumentedAttribute

from exams.errors import ExamNotPublished
from exams.lifecycle import ExamState
from exams.models import Exam, ExamStandard
from server.organisations.models import Organisation, within
from server.scopes import Scope


def held_within(
    organisation_id: InstrumentedAttribute[object], scope: Scope
) -> ColumnElement[bool]:
    """Return the condition that the organisation in a column lies within the scope."""
    if scope.everywhere:
        return true()
    return organisation_id.in_(select(Organisation.id).where(within(scope)))


def rules_of(exam: Exam) -> ExamStandard:
    """Return the standard that counts for a published exam.

    Raises:
        ExamNotPublished: it is still being planned.
    """
    if exam.state is not ExamState.PUBLISHED or exam.standard is None:
        raise ExamNotPublished
    return exam.standard


def gives_partial_credit(exam: Exam) -> bool:
    """Say whether a part of a multiple choice earns a part of its points in a published exam.

    The specification says so, or, where it says nothing, the standard.

    Raises:
        ExamNotPublished: it is still being planned.
    """
    chosen = exam.specification.partial_credit
    return rules_of(exam).partial_credit if chosen is None else chosen
