"""Addresses of results: looking up, explaining, and what is overdue (成绩接口)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Response, jsonify, request

from exams.correction_errors import NothingToLookUp, NotReleased, TooManyLookups
from exams.schemas import results as shapes
from exams.services import attempts, explaining, letters, lookups, releases
from exams.services.explaining import Explanation
from server import clock
from server.access import identity, open_to_all, requires, signed_in_only
from server.auth import doorkeeper
from server.db import transaction
from server.http import Part
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
    at, number = clock.now(), (body["document_type"], body["document_number"])
    asked = lookups.keys(*number, doorkeeper.address())
    lookups.check(asked, at=at)
    try:
        return {"items": lookups.look_up(*number, body["name"], at=at)}
    except NothingToLookUp:
        with transaction():
            lookups.count_miss(asked, at=at)
        raise


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
