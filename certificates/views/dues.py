"""Addresses of what is due: who must train or renew by when (到期事项接口)."""

from __future__ import annotations

from typing import Any

from certificates.schemas.dues import DueOut, DueQuery
from certificates.services import dues
from certificates.views.on_post import views
from server import clock
from server.access import identity, requires
from server.paging import Page
from server.policy import Permission


@views.route("/dues")
@requires(Permission.SEE_FILES)
@views.arguments(DueQuery, location="query")
@views.page(DueOut)
def list_dues(query: dict[str, Any]) -> Page:
    """List who must train, renew or be inducted by when, and whether it is booked."""
    on = query.pop("on") or clock.today()
    scope = identity().scope(Permission.SEE_FILES)
    return dues.listed(scope, on=on, at=clock.now(), **query)
