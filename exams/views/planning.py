"""Addresses of qualifications, standards, paper specifications and exams (考试计划接口)."""

from __future__ import annotations

import secrets
from typing import Any
from uuid import UUID

from flask import Response

from exams.correction_errors import ReleaseTooLate
from exams.drafts import Plan
from exams.errors import (
    ExamNotPublished,
    ExamPublished,
    NoStandard,
    PointsDoNotAddUp,
    PoolTooSmall,
    QualificationDiffers,
    SpecificationContradictory,
    SpecificationInUse,
    WindowContradictory,
)
from exams.models import Exam, ExamStandard, PaperSpecification
from exams.paper_errors import PapersBeingMade, PlanChanged, RequiredNotInPool, TargetOutOfReach
from exams.schemas.papers import AttendanceOut, PaperReportOut
from exams.schemas.planning import (
    ExamForCandidate,
    ExamIn,
    ExamOut,
    ExamQuery,
    OpenExamQuery,
    PreviewOut,
    SpecificationIn,
    SpecificationOut,
    SpecificationQuery,
)
from exams.schemas.standards import QualificationOut, QualificationQuery, StandardsOut
from exams.services import (
    attendance,
    paper_reports,
    planning,
    publication_jobs,
    specifications,
    standards,
)
from exams.services.attendance import Attendance
from exams.services.paper_reports import PaperReport
from exams.services.specifications import Preview
from server import clock
from server.access import identity, requires, signed_in_only
from server.db import transaction
from server.http import Part
from server.jobs.errors import TooManyJobs
from server.jobs.schemas import JobOut
from server.jobs.views import ACCEPTED, accepted
from server.paging import Page
from server.policy import Permission

views = Part("exams", "Qualifications, standards, paper specifications, exams 考试")


@views.route("/qualifications")
@signed_in_only
@views.arguments(QualificationQuery, location="query")
@views.page(QualificationOut)
def list_qualifications(query: dict[str, Any]) -> Page:
    """List what can be attained, by code."""
    return standards.listed(**query)


@views.route("/qualifications/<uuid:qualification_id>/standards")
@signed_in_only
@views.response(200, StandardsOut)
def show_standards(qualification_id: UUID) -> dict[str, list[ExamStandard]]:
    """Show every exam standard there ever was for a qualification."""
    return {"items": standards.history(qualification_id)}


@views.route("/paper-specifications")
@requires(Permission.PLAN_EXAMS)
@views.arguments(SpecificationQuery, location="query")
@views.page(SpecificationOut)
def list_specifications(query: dict[str, Any]) -> Page:
    """List the paper specifications one may use, by name."""
    return specifications.listed(identity().scope(Permission.PLAN_EXAMS), **query)


@views.route("/paper-specifications/<uuid:specification_id>")
@requires(Permission.PLAN_EXAMS)
@views.response(200, SpecificationOut)
def show_specification(specification_id: UUID) -> PaperSpecification:
    """Show a paper specification."""
    return specifications.get(specification_id, scope=identity().scope(Permission.PLAN_EXAMS))


@views.route("/paper-specifications/<uuid:specification_id>", methods=["PUT"])
@requires(Permission.PLAN_EXAMS)
@views.arguments(SpecificationIn)
@views.response(200, SpecificationOut)
@views.refuses(SpecificationContradictory, SpecificationInUse)
def write_specification(body: dict[str, Any], specification_id: UUID) -> PaperSpecification:
    """Write a paper specification under the id given, or write it anew."""
    by = identity()
    with transaction():
        return specifications.write(specification_id, **body, by=by, at=clock.now())


@views.route("/paper-specifications/<uuid:specification_id>/preview")
@requires(Permission.PLAN_EXAMS)
@views.response(200, PreviewOut)
def preview_specification(specification_id: UUID) -> Preview:
    """Show what the question bank can carry of a specification now. Nothing is drawn."""
    scope = identity().scope(Permission.PLAN_EXAMS)
    specification = specifications.get(specification_id, scope=scope)
    return specifications.preview(specification, at=clock.now())


@views.route("/exams")
@requires(Permission.SEE_EXAMS)
@views.arguments(ExamQuery, location="query")
@views.page(ExamOut)
def list_exams(query: dict[str, Any]) -> Page:
    """List the exams held within one's reach, the latest opening first."""
    return planning.listed(identity().scope(Permission.SEE_EXAMS), **query)


@views.route("/exams/<uuid:exam_id>")
@requires(Permission.SEE_EXAMS)
@views.response(200, ExamOut)
def show_exam(exam_id: UUID) -> Exam:
    """Show an exam."""
    return planning.get(exam_id, scope=identity().scope(Permission.SEE_EXAMS))


@views.route("/exams/<uuid:exam_id>/attendance")
@requires(Permission.SEE_EXAMS)
@views.response(200, AttendanceOut)
def show_attendance(exam_id: UUID) -> Attendance:
    """Show how many have a place in an exam, and how far they are."""
    return attendance.of(exam_id, scope=identity().scope(Permission.SEE_EXAMS))


@views.route("/exams/<uuid:exam_id>", methods=["PUT"])
@requires(Permission.PLAN_EXAMS)
@views.arguments(ExamIn)
@views.response(200, ExamOut)
@views.refuses(QualificationDiffers, ExamPublished)
def plan_exam(body: dict[str, Plan], exam_id: UUID) -> Exam:
    """Plan an exam under the id given, or plan it anew while it is a draft."""
    by = identity()
    with transaction():
        return planning.plan(exam_id, body["plan"], by=by, at=clock.now())


@views.route("/exams/<uuid:exam_id>/publication", methods=["PUT"])
@requires(Permission.PLAN_EXAMS)
@views.response(200, ExamOut)
@views.also(202, JobOut, description=ACCEPTED)
@views.refuses(NoStandard, WindowContradictory, PointsDoNotAddUp, PoolTooSmall)
@views.refuses(TargetOutOfReach, RequiredNotInPool, ReleaseTooLate)
@views.refuses(PapersBeingMade, PlanChanged, TooManyJobs)
def publish_exam(exam_id: UUID) -> Exam | Response:
    """Check the hours, draw the papers, and open the exam to candidates.

    The papers of an exam with more than 300 forms are made by a job, which opens it when they
    are; asking again shows the same job.
    """
    by, at, seed = identity(), clock.now(), secrets.token_bytes(32)
    if publication_jobs.is_large(exam_id, by=by):
        with transaction():
            job = publication_jobs.ask(exam_id, seed=seed, by=by, at=at)
        return accepted(job)
    ready = planning.make_ready(exam_id, seed=seed, by=by, at=at)
    with transaction():
        return planning.publish(exam_id, seed=seed, by=by, at=at, ready=ready)


@views.route("/exams/<uuid:exam_id>/paper-report")
@requires(Permission.PLAN_EXAMS)
@views.response(200, PaperReportOut)
@views.refuses(ExamNotPublished)
def show_paper_report(exam_id: UUID) -> PaperReport:
    """Show how equal the papers of an exam are, and how sure that is."""
    exam = planning.get(exam_id, scope=identity().scope(Permission.PLAN_EXAMS))
    return paper_reports.report(exam, at=clock.now())


@views.route("/me/exams")
@signed_in_only
@views.arguments(OpenExamQuery, location="query")
@views.page(ExamForCandidate)
def list_open_exams(query: dict[str, Any]) -> Page:
    """List the published exams that have not closed, the next one first."""
    return planning.open_to_enrolment(at=clock.now(), **query)
