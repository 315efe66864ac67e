"""Addresses of syllabuses and what the bank holds for them (考试大纲接口)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from question_bank.models import Syllabus, SyllabusTopic
from question_bank.review_errors import SyllabusPublished, TopicTreeBroken
from question_bank.schemas.syllabuses import (
    DayQuery,
    SuppliesOut,
    SyllabusIn,
    SyllabusOut,
    SyllabusQuery,
    SyllabusTopicsIn,
    SyllabusTopicsOut,
)
from question_bank.services import supply, syllabuses
from question_bank.services.supply import Supply
from server import clock, days
from server.access import identity, requires, signed_in_only
from server.catalogue.errors import OperationItemUnknown
from server.db import transaction
from server.errors import IdTaken
from server.http import Part
from server.paging import Page
from server.policy import Permission

views = Part("syllabuses", "Syllabuses and what the bank holds for them 考试大纲与知识点")


@views.route("/syllabuses")
@signed_in_only
@views.arguments(SyllabusQuery, location="query")
@views.page(SyllabusOut)
def list_syllabuses(query: dict[str, Any]) -> Page:
    """List syllabuses, by the day from which they count."""
    return syllabuses.listed(**query)


@views.route("/syllabuses/<uuid:syllabus_id>")
@signed_in_only
@views.response(200, SyllabusOut)
def show_syllabus(syllabus_id: UUID) -> Syllabus:
    """Show a syllabus."""
    return syllabuses.get(syllabus_id)


@views.route("/syllabuses/<uuid:syllabus_id>", methods=["PUT"])
@requires(Permission.WRITE_QUESTIONS)
@views.arguments(SyllabusIn)
@views.response(200, SyllabusOut)
@views.refuses(IdTaken, OperationItemUnknown, SyllabusPublished)
def write_syllabus(body: dict[str, Any], syllabus_id: UUID) -> Syllabus:
    """Write a version of a syllabus as a draft."""
    by = identity()
    with transaction():
        return syllabuses.write(syllabus_id, **body, by=by, at=clock.now())


@views.route("/syllabuses/<uuid:syllabus_id>/topics")
@signed_in_only
@views.response(200, SyllabusTopicsOut)
def list_topics(syllabus_id: UUID) -> dict[str, list[SyllabusTopic]]:
    """List the topics of a syllabus in reading order."""
    return {"topics": syllabuses.topics_of(syllabus_id)}


@views.route("/syllabuses/<uuid:syllabus_id>/topics", methods=["PUT"])
@requires(Permission.WRITE_QUESTIONS)
@views.arguments(SyllabusTopicsIn)
@views.response(200, SyllabusTopicsOut)
@views.refuses(IdTaken, SyllabusPublished, TopicTreeBroken)
def write_topics(body: dict[str, Any], syllabus_id: UUID) -> dict[str, list[SyllabusTopic]]:
    """Write the whole tree of topics of a draft."""
    by = identity()
    with transaction():
        return {
            "topics": syllabuses.write_topics(syllabus_id, body["topics"], by=by, at=clock.now())
        }


@views.route("/syllabuses/<uuid:syllabus_id>/publication", methods=["PUT"])
@requires(Permission.REVIEW_QUESTIONS)
@views.response(200, SyllabusOut)
def publish_syllabus(syllabus_id: UUID) -> Syllabus:
    """Put a syllabus in force from its first day; from then on it does not change."""
    by = identity()
    with transaction():
        return syllabuses.publish(syllabus_id, by=by, at=clock.now())


@views.route("/syllabuses/<uuid:syllabus_id>/supply")
@requires(Permission.SEE_SUPPLY)
@views.arguments(DayQuery, location="query")
@views.response(200, SuppliesOut)
def show_supply(query: dict[str, Any], syllabus_id: UUID) -> dict[str, list[Supply]]:
    """Show how many questions papers may draw, by topic with all beneath it, and kind."""
    on = query["on"] or days.civil_day(clock.now())
    return {"items": supply.of(syllabus_id, on=on)}
