"""Addresses of results: looking up, explaining, and what is overdue (成绩接口)."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any
from uuid import UUID

from flask import Flask, Response, current_app, jsonify, request
from sqlalchemy import Connection

from exams.correction_errors import NothingToLookUp, NotReleased, TooManyLookups
from exams.schemas import results as shapes
from exams.services import attempts, explaining, letters, lookups, releases
from exams.services.explaining import Explanation
from server import clock, queues
from server.access import identity, open_to_all, requires, signed_in_only
from server.auth import doorkeeper
from server.db import db
from server.errors import DomainError
from server.http import Part
from server.open_lane import Asked, OpenLane
from server.people import ciphers
from server.people.documents import DocumentType
from server.policy import Permission

views = Part("results", "Results: looked up, explained, overdue 成绩查询")


@views.route("/outcome-lookups", methods=["POST"])
@open_to_all
@views.arguments(shapes.LookupIn)
@views.response(200, shapes.LookupOut)
@views.refuses(NothingToLookUp, TooManyLookups)
def look_up_outcomes(body: dict[str, Any]) -> dict[str, Any]:
    """Look the outcomes of a person up by number and name, without an account.

    An unknown number, a wrong name and nothing to show are answered alike.
    """
    said = (body["document_type"], body["document_number"], body["name"])
    wanted = _wanted(current_app, *said, address=doorkeeper.address(), at=clock.now())
    try:
        return {"items": lookups.look_up(db.session.connection(), wanted)}
    except NothingToLookUp:
        lookups.count_miss(wanted, queues.writer(current_app))
        raise


def reply_to_lookup(connection: Connection, asked: Asked) -> bytes:
    """Answer a lookup in front of the framework, word for word as the view."""
    found = lookups.look_up(connection, _of(asked))
    return json.dumps(_FOUND.dump({"items": found}), ensure_ascii=False).encode()


def count_lookup(asked: Asked, refusal: DomainError) -> None:
    """Count a lookup that found nothing, as the view."""
    if isinstance(refusal, NothingToLookUp):
        lookups.count_miss(_of(asked), queues.writer(asked.app))


def _of(asked: Asked) -> lookups.Asked:
    return _wanted(asked.app, *asked.texts, address=asked.address, at=asked.at)


def _wanted(
    app: Flask, kind: str, number: str, name: str, *, address: str, at: datetime
) -> lookups.Asked:
    cipher = ciphers.of(app)
    return lookups.asked(DocumentType(kind), number, name, address=address, cipher=cipher, at=at)


_FOUND = shapes.LookupOut()

#: For wsgi.py.
OPEN_LANES = (
    OpenLane(
        prefix="/v1/outcome-lookups",
        rule="/v1/outcome-lookups",
        answer=reply_to_lookup,
        cache_control="no-store",
        fields={"document_type": (1, 64), "document_number": (1, 40), "name": (1, 100)},
        defaults={"document_type": DocumentType.RESIDENT_IDENTITY_CARD.value},
        among={"document_type": frozenset(kind.value for kind in DocumentType)},
        refused=count_lookup,
    ),
)


@views.route("/attempts/<uuid:attempt_id>/explanation")
@signed_in_only
@views.response(200, shapes.ExplanationOut)
@views.refuses(NotReleased)
def explain_outcome(attempt_id: UUID) -> Response:
    """Show what one's own outcome is made of, by section and topic: no question, no key.

    It carries an ETag: who asks again in a rush is answered 304.
    """
    attempt = attempts.get(attempt_id, candidate_id=identity().person_id)
    found: Explanation = explaining.of(attempt, at=clock.now())
    response = jsonify(shapes.ExplanationOut().dump(found))
    response.headers["Cache-Control"] = "private, max-age=30"
    response.add_etag()
    return response.make_conditional(request)  # type: ignore[return-value]  # the same response


@views.route("/overdue-outcomes")
@requires(Permission.PLAN_EXAMS)
@views.response(200, shapes.OverduesOut)
def list_overdue_outcomes() -> dict[str, Any]:
    """List what should have been shown by now, within one's reach, the oldest first."""
    found = releases.overdue(identity().scope(Permission.PLAN_EXAMS), on=clock.today())
    return {"items": found}


@views.route("/me/outcome-corrections/<uuid:correction_id>/letter.pdf")
@signed_in_only
@views.response(200, {"type": "string", "format": "binary"}, content_type="application/pdf")
def show_correction_letter(correction_id: UUID) -> Response:
    """Fetch the letter about a correction of one's own outcome."""
    return _pdf(letters.of_correction(correction_id, candidate_id=identity().person_id))


@views.route("/me/appeals/<uuid:appeal_id>/letter.pdf")
@signed_in_only
@views.response(200, {"type": "string", "format": "binary"}, content_type="application/pdf")
def show_ruling_letter(appeal_id: UUID) -> Response:
    """Fetch the letter about the ruling on one's own appeal."""
    return _pdf(letters.of_ruling(appeal_id, candidate_id=identity().person_id))


def _pdf(content: bytes) -> Response:
    response = Response(content, content_type="application/pdf")
    response.headers["Cache-Control"] = "private, no-store"
    return response
