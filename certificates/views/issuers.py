"""Registering authorities as issuers (发证机关登记)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from certificates.errors import IssuerTaken, NotAnAuthority
from certificates.models import Issuer
from certificates.schemas.issuing import IssuerIn, IssuerOut, IssuerQuery
from certificates.services import issuers
from certificates.views.parts import certificate_views as views
from server import clock
from server.access import identity, requires
from server.db import transaction
from server.paging import Page
from server.policy import Permission


@views.route("/issuers")
@requires(Permission.SEE_ORGANISATIONS)
@views.arguments(IssuerQuery, location="query")
@views.page(IssuerOut)
def list_issuers(query: dict[str, Any]) -> Page:
    """List the issuers one may see, by code."""
    return issuers.listed(identity().scope(Permission.SEE_ORGANISATIONS), **query)


@views.route("/issuers/<uuid:issuer_id>", methods=["PUT"])
@requires(Permission.MANAGE_ORGANISATIONS)
@views.arguments(IssuerIn)
@views.response(200, IssuerOut)
@views.refuses(IssuerTaken, NotAnAuthority)
def register_issuer(body: dict[str, Any], issuer_id: UUID) -> Issuer:
    """Register an authority as an issuer, or correct what it may certify."""
    by = identity()
    with transaction():
        return issuers.register(issuer_id, **body, by=by, at=clock.now())
