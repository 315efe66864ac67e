"""Addresses of the organisations (单位接口)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from server import clock
from server.access import identity, requires
from server.audit.errors import NumberNotMasked
from server.db import transaction
from server.errors import IdTaken
from server.http import Part
from server.organisations import services
from server.organisations.drafts import Draft
from server.organisations.errors import (
    CreditCodeNeeded,
    CreditCodeTaken,
    CreditCodeWrong,
    DepartmentNeedsParent,
    IndustryUnknown,
    MovedBeneathItself,
    ParentUnfit,
    RegionUnknown,
)
from server.organisations.models import Organisation
from server.organisations.schemas import (
    MoveIn,
    OrganisationIn,
    OrganisationOut,
    OrganisationQuery,
)
from server.paging import Page
from server.policy import Permission

views = Part("organisations", "Enterprises, providers, test centres, authorities 单位")


@views.route("/organisations")
@requires(Permission.SEE_ORGANISATIONS)
@views.arguments(OrganisationQuery, location="query")
@views.page(OrganisationOut)
def list_organisations(query: dict[str, Any]) -> Page:
    """List the organisations one may see, by name."""
    return services.listed(identity().scope(Permission.SEE_ORGANISATIONS), **query)


@views.route("/organisations/<uuid:organisation_id>")
@requires(Permission.SEE_ORGANISATIONS)
@views.response(200, OrganisationOut)
def show_organisation(organisation_id: UUID) -> Organisation:
    """Show an organisation."""
    scope = identity().scope(Permission.SEE_ORGANISATIONS)
    return services.get(organisation_id, scope=scope)


@views.route("/organisations/<uuid:organisation_id>", methods=["PUT"])
@requires(Permission.MANAGE_ORGANISATIONS)
@views.arguments(OrganisationIn)
@views.response(200, OrganisationOut)
@views.refuses(CreditCodeWrong, CreditCodeNeeded, CreditCodeTaken, IndustryUnknown)
@views.refuses(DepartmentNeedsParent, ParentUnfit, RegionUnknown, IdTaken)
def register_organisation(body: dict[str, Draft], organisation_id: UUID) -> Organisation:
    """Register an organisation under the id given, or correct it."""
    by = identity()
    with transaction():
        return services.register(organisation_id, body["draft"], by=by, at=clock.now())


@views.route("/organisations/<uuid:organisation_id>/parent", methods=["PUT"])
@requires(Permission.MANAGE_ORGANISATIONS)
@views.arguments(MoveIn)
@views.response(200, OrganisationOut)
@views.refuses(MovedBeneathItself, DepartmentNeedsParent, ParentUnfit, NumberNotMasked)
def move_organisation(body: dict[str, Any], organisation_id: UUID) -> Organisation:
    """Hang an organisation, with all beneath it, on another parent or on none."""
    by, parent_id, reason = identity(), body["parent_id"], body["reason"]
    with transaction():
        return services.move(organisation_id, parent_id, reason=reason, by=by, at=clock.now())
