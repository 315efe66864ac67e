"""Addresses at which other systems ask who may work (上岗核验接口)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import after_this_request, request
from flask.wrappers import Response

from certificates.schemas.lookups import WorkLookupIn, WorkLookupOut, WorkQuery
from certificates.services import permitting
from certificates.services.looking_up import Question
from certificates.services.permitting import Permission
from certificates.views.parts import system_views as views
from server import clock
from server.exchange import gatekeeper
from server.exchange.errors import AgreementOver, OutsideAgreement, QuotaSpent
from server.exchange.gatekeeper import for_systems
from server.exchange.terms import Ability


@views.route("/exchange/work-lookups", methods=["POST"])
@for_systems(Ability.LOOKUP)
@views.arguments(WorkLookupIn)
@views.response(200, WorkLookupOut)
@views.refuses(AgreementOver, OutsideAgreement, QuotaSpent)
def look_up_work(body: dict[str, Any]) -> Permission:
    """Say of up to a thousand people whether they may do a work at a place today, signed."""
    return permitting.answered(body["items"], gatekeeper.agreement(), at=clock.now())


@views.route("/exchange/people/<uuid:person_id>/work-permission")
@for_systems(Ability.LOOKUP)
@views.arguments(WorkQuery, location="query")
@views.response(200, WorkLookupOut)
@views.refuses(AgreementOver, OutsideAgreement, QuotaSpent)
def show_work_permission(query: dict[str, Any], person_id: UUID) -> Permission:
    """Say of one person whether they may do a work at a place today; a cache may keep it."""
    now = clock.now()
    question = Question(person_id=person_id, **query)
    found = permitting.answered([question], gatekeeper.agreement(), at=now)
    _may_be_kept(found.mark, int((found.valid_until - now).total_seconds()))
    return found


def _may_be_kept(mark: str, seconds: int) -> None:
    """Say how long an answer may be kept; who holds the same already is told only that."""

    @after_this_request
    def say(reply: Response) -> Response:
        reply.headers["Cache-Control"] = f"private, max-age={max(0, seconds)}"
        reply.headers["Vary"] = "Authorization"
        # Signed anew each time, it says the same: a weak mark.
        reply.set_etag(mark, weak=True)
        return reply.make_conditional(request)  # type: ignore[return-value]  # the same reply
