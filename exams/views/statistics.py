"""Addresses of statistics of exams and their papers (试卷统计接口)."""

from __future__ import annotations

from uuid import UUID

from exams.schemas.statistics import ExamStatisticsOut
from exams.services import figured
from exams.services.figured import FormFigures
from server.access import identity, requires
from server.http import Part
from server.policy import Permission
from server.replica import may_lag

views = Part("exam-statistics", "Statistics of exams and their papers 试卷统计")


@views.route("/exams/<uuid:exam_id>/statistics")
@requires(Permission.SEE_STATISTICS)
@may_lag
@views.response(200, ExamStatisticsOut)
def show_exam_statistics(exam_id: UUID) -> dict[str, list[FormFigures]]:
    """Show how reliable the forms of an exam are, and how their scores lie."""
    return {"forms": figured.of_exam(exam_id, scope=identity().scope(Permission.SEE_STATISTICS))}
