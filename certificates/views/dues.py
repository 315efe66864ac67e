"""Addresses of what is due: who must train or renew by when (到期事项接口)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from certificates.schemas.dues import DueGangIn, DueOut, DueQuery
from certificates.services import dues, enlisting
from certificates.views.on_post import views
from server import clock
from server.access import identity, requires
from server.db import transaction
from server.paging import Page
from server.policy import Permission
from server.training.errors import ClassOver
from server.training.schemas.learners import Placings


@views.route("/dues")
@requires(Permission.SEE_FILES)
@views.arguments(DueQuery, location="query")
@views.page(DueOut)
def list_dues(query: dict[str, Any]) -> Page:
    """List who must train, renew or be inducted by when, and whether it is booked."""
    on = query.pop("on") or clock.today()
    scope = identity().scope(Permission.SEE_FILES)
    return dues.listed(scope, on=on, at=clock.now(), **query)


@views.route("/training-classes/<uuid:class_id>/due-gangs", methods=["PUT"])
@requires(Permission.ENROL_CANDIDATES)
@views.arguments(DueGangIn)
@views.response(200, Placings)
@views.refuses(ClassOver)
def enlist_due(body: dict[str, Any], class_id: UUID) -> dict[str, Any]:
    """Give those of the due list whom a class is for places in it, the most urgent first."""
    by, at = identity(), clock.now()
    with transaction():
        placed = enlisting.enlist(class_id, **body, by=by, on=clock.today(), at=at)
    return {"items": placed}
