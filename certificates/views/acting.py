"""Addresses of lists that act: below target, requests, the credit list (督办与失信名单接口)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from certificates.acting_errors import (
    AppealDecided,
    AppealMissing,
    ListedByOneself,
    ListingUnfit,
    NothingMissing,
    RequestClosed,
)
from certificates.errors import NotKnownThen, UnitNeeded
from certificates.models import CoverageRequest, CreditListing
from certificates.schemas.acting import (
    BelowTargetOut,
    BelowTargetQuery,
    CoverageRequestIn,
    CoverageRequestOut,
    CoverageRequestQuery,
    CreditAppealIn,
    CreditDecisionIn,
    CreditListingIn,
    CreditListingOut,
    FollowedRequestOut,
    PublicListingOut,
    RequestAnswerIn,
)
from certificates.services import demanding, listing
from certificates.views.coverage import asked_by, views
from server import clock
from server.access import identity, open_to_all, requires, signed_in_only
from server.db import transaction
from server.errors import IdTaken
from server.paging import Page, PageQuery
from server.policy import Permission


@views.route("/coverage/<string:indicator>/below-target")
@requires(Permission.SEE_COVERAGE)
@views.arguments(BelowTargetQuery, location="query")
@views.response(200, BelowTargetOut)
@views.refuses(UnitNeeded, NotKnownThen)
def list_below_target(query: dict[str, Any], indicator: str) -> dict[str, Any]:
    """List the enterprises that are below the target, the widest gap first."""
    limit, asked = query.pop("limit"), asked_by(query)
    return {"items": demanding.below_target(indicator, asked, today=clock.today(), limit=limit)}


@views.route("/coverage-requests")
@requires(Permission.SEE_COVERAGE)
@views.arguments(CoverageRequestQuery, location="query")
@views.page(FollowedRequestOut)
def list_coverage_requests(query: dict[str, Any]) -> Page:
    """List what enterprises were asked for, and how far each is."""
    scope = identity().scope(Permission.SEE_COVERAGE)
    return demanding.listed(scope, on=clock.today(), **query)


@views.route("/coverage-requests/<uuid:request_id>", methods=["PUT"])
@requires(Permission.ACT_ON_COVERAGE)
@views.arguments(CoverageRequestIn)
@views.response(200, CoverageRequestOut)
@views.refuses(NothingMissing, IdTaken)
def send_coverage_request(body: dict[str, Any], request_id: UUID) -> CoverageRequest:
    """Ask an enterprise to close its gap by a day."""
    by = identity()
    with transaction():
        return demanding.demand(request_id, **body, by=by, at=clock.now(), on=clock.today())


@views.route("/coverage-requests/<uuid:request_id>/answer", methods=["PUT"])
@requires(Permission.SEE_COVERAGE)
@views.arguments(RequestAnswerIn)
@views.response(200, CoverageRequestOut)
@views.refuses(RequestClosed)
def answer_coverage_request(body: dict[str, Any], request_id: UUID) -> CoverageRequest:
    """Say what the enterprise does about it."""
    by = identity()
    with transaction():
        return demanding.answer(request_id, words=body["answer"], by=by, at=clock.now())


@views.route("/coverage-requests/<uuid:request_id>/closure", methods=["PUT"])
@requires(Permission.ACT_ON_COVERAGE)
@views.response(200, CoverageRequestOut)
def close_coverage_request(request_id: UUID) -> CoverageRequest:
    """Close a request."""
    by = identity()
    with transaction():
        return demanding.close(request_id, by=by, at=clock.now())


@views.route("/credit-listings")
@open_to_all
@views.arguments(PageQuery, location="query")
@views.page(PublicListingOut)
def list_credit_listings(query: dict[str, Any]) -> Page:
    """List who stands on the public list of broken trust; of people only the surname."""
    return listing.public(on=clock.today(), **query)


@views.route("/credit-listings/<uuid:listing_id>", methods=["PUT"])
@requires(Permission.ACT_ON_COVERAGE)
@views.arguments(CreditListingIn)
@views.response(200, CreditListingOut)
@views.refuses(ListingUnfit, IdTaken)
def enter_credit_listing(body: dict[str, Any], listing_id: UUID) -> CreditListing:
    """Announce an entry of the list: it is public from a day ahead, and can be appealed."""
    by = identity()
    with transaction():
        return listing.enter(listing_id, **body, by=by, at=clock.now(), on=clock.today())


@views.route("/credit-listings/<uuid:listing_id>/appeal", methods=["PUT"])
@signed_in_only
@views.arguments(CreditAppealIn)
@views.response(200, CreditListingOut)
@views.refuses(AppealDecided)
def appeal_credit_listing(body: dict[str, Any], listing_id: UUID) -> CreditListing:
    """Appeal against an entry about oneself, or about the enterprise one answers for."""
    by = identity()
    with transaction():
        return listing.appeal(listing_id, words=body["appeal"], by=by, at=clock.now())


@views.route("/credit-listings/<uuid:listing_id>/decision", methods=["PUT"])
@requires(Permission.ACT_ON_COVERAGE)
@views.arguments(CreditDecisionIn)
@views.response(200, CreditListingOut)
@views.refuses(AppealMissing, AppealDecided, ListedByOneself)
def decide_credit_listing(body: dict[str, Any], listing_id: UUID) -> CreditListing:
    """Decide an appeal: somebody else than who entered it."""
    by = identity()
    removed, words = body["removed"], body["decision"]
    with transaction():
        return listing.decide(listing_id, removed=removed, words=words, by=by, at=clock.now())
