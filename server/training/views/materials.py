"""Addresses of materials and evaluations (课件、评价接口)."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote
from uuid import UUID

from flask import Response, request

from server import clock
from server.access import identity, signed_in_only
from server.db import transaction
from server.errors import IdTaken, TooLarge, WrongMediaType
from server.http import Part
from server.people.views.uploads import WORKBOOK, body_of, takes
from server.training.attending_errors import NotInClass
from server.training.errors import ClassOver
from server.training.models import ClassMaterial
from server.training.schemas.materials import (
    ClassEvaluationIn,
    ClassMaterialOut,
    ClassMaterialQuery,
    ClassOpinionsOut,
    Materials,
)
from server.training.services import classes, materials
from server.training.services.materials import Opinion, Opinions

views = Part("class_materials", "What is handed out, and what learners think 课件与评价")

_CLASS = "/training-classes/<uuid:class_id>"
_OFFICE = "application/vnd.openxmlformats-officedocument"
#: What may be handed out: it is offered for saving, and never shown by the platform.
MATERIALS = (
    "application/pdf",
    "image/jpeg",
    "image/png",
    WORKBOOK,
    f"{_OFFICE}.wordprocessingml.document",
    f"{_OFFICE}.presentationml.presentation",
)


@views.route(f"{_CLASS}/materials")
@signed_in_only
@views.response(200, Materials)
def list_materials(class_id: UUID) -> dict[str, Any]:
    """List what is handed out in a class that one sees, teaches or attends."""
    classes.seen_by(class_id, by=identity())
    return {"items": materials.of(class_id)}


@views.route(f"{_CLASS}/materials/<uuid:material_id>", methods=["PUT"])
@signed_in_only
@views.arguments(ClassMaterialQuery, location="query")
@takes(views, *MATERIALS)
@views.response(200, ClassMaterialOut)
@views.refuses(ClassOver, IdTaken, TooLarge, WrongMediaType)
def hand_out(query: dict[str, Any], class_id: UUID, material_id: UUID) -> ClassMaterial:
    """Add a material: the file is the body."""
    by, at, content = identity(), clock.now(), body_of(MATERIALS)
    media_type = request.mimetype
    with transaction():
        return materials.hand_out(
            class_id, material_id, **query, media_type=media_type, content=content, by=by, at=at
        )


@views.route(f"{_CLASS}/materials/<uuid:material_id>")
@signed_in_only
@views.response(200, {"type": "string", "format": "binary"}, content_type="*/*")
def fetch_material(class_id: UUID, material_id: UUID) -> Response:
    """Fetch a material of a class."""
    found, content = materials.content_of(class_id, material_id, by=identity())
    reply = Response(content, mimetype=found.media_type)
    # A header carries no Chinese by itself: RFC 6266 with RFC 8187.
    name = {"filename*": f"UTF-8''{quote(found.title, safe='')}"}
    reply.headers.set("Content-Disposition", "attachment", **name)
    reply.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return reply


@views.route(f"{_CLASS}/my-evaluation", methods=["PUT"])
@signed_in_only
@views.arguments(ClassEvaluationIn)
@views.response(204)
@views.refuses(NotInClass)
def evaluate_class(opinion: Opinion, class_id: UUID) -> None:
    """Say what one thinks of a class and its teachers."""
    by, at = identity(), clock.now()
    with transaction():
        materials.evaluate(class_id, opinion, by=by, at=at)


@views.route(f"{_CLASS}/evaluations")
@signed_in_only
@views.response(200, ClassOpinionsOut)
def show_evaluations(class_id: UUID) -> Opinions:
    """Show what learners think of a class that one plans, runs or teaches, without names."""
    classes.taught_by(class_id, by=identity())
    return materials.opinions(class_id)
