"""Addresses of the quality of training (培训质量接口)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Response

from exams.schemas.training_quality import (
    TrainingQualityQuery,
    TrainingQualityRanking,
    TrainingTopics,
)
from exams.services import training_quality
from server import clock
from server.access import identity, requires
from server.http import Part
from server.people.views.uploads import WORKBOOK
from server.policy import Permission
from server.replica import may_lag

views = Part("training_quality", "How well providers, classes and teachers train 培训质量")


@views.route("/training-quality")
@requires(Permission.SEE_TRAINING)
@may_lag
@views.arguments(TrainingQualityQuery, location="query")
@views.response(200, TrainingQualityRanking)
def rank_training(query: dict[str, Any]) -> dict[str, Any]:
    """Rank providers, classes or teachers by what became of their learners in exams."""
    scope = identity().scope(Permission.SEE_TRAINING)
    return {"items": training_quality.ranking(**query, scope=scope, at=clock.now())}


@views.route("/training-quality/<uuid:subject_id>/topics")
@requires(Permission.SEE_TRAINING)
@may_lag
@views.arguments(TrainingQualityQuery, location="query")
@views.response(200, TrainingTopics)
def show_training_topics(query: dict[str, Any], subject_id: UUID) -> dict[str, Any]:
    """Show how the learners of one did on each topic in their first exam, the weakest first."""
    from exams.services import training_topics  # loads numpy, which no exam should wait for

    scope = identity().scope(Permission.SEE_TRAINING)
    found = training_topics.of(**query, subject_id=subject_id, scope=scope, at=clock.now())
    return {"items": found}


@views.route("/training-quality/workbook")
@requires(Permission.SEE_TRAINING)
@may_lag
@views.arguments(TrainingQualityQuery, location="query")
@views.response(200, {"type": "string", "format": "binary"}, content_type=WORKBOOK)
def export_training_quality(query: dict[str, Any]) -> Response:
    """Export the ranking as a workbook."""
    scope = identity().scope(Permission.SEE_TRAINING)
    rows = training_quality.ranking(**query, scope=scope, at=clock.now())
    reply = Response(training_quality.workbook(rows), mimetype=WORKBOOK)
    reply.headers.set("Content-Disposition", "attachment", filename="training-quality.xlsx")
    return reply
