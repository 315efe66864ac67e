"""Addresses of signing in from outside (外部登录接口)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Response, after_this_request, redirect, render_template, request

from server import clock
from server.access import identity, open_to_all, requires, signed_in_only
from server.auth import doorkeeper
from server.auth.errors import TooManyTries
from server.config import Mode
from server.db import db, transaction
from server.errors import DomainError, IdTaken, NotFound
from server.federation import tickets
from server.federation.errors import (
    ClaimUnfit,
    LinkedOtherwise,
    NoAccountForNumber,
    NumberNotVerified,
    OutsideSignInRefused,
    ProviderUnreachable,
)
from server.federation.models import IdentityProvider
from server.federation.schemas import (
    OutsideIdentityListOut,
    OutsideSignInIn,
    OutsideSignInOut,
    ProviderCloseIn,
    ProviderIn,
    ProviderNameOut,
    ProviderOut,
    ReturnQuery,
)
from server.federation.services import arriving, providers
from server.http import Part
from server.messages.errors import ChannelUnfit
from server.messages.reaching import reach_of
from server.paging import Page, PageQuery
from server.policy import Permission

views = Part("identity-providers", "Signing in by an account kept elsewhere 外部登录")

#: The ticket of whoever is away: no script reads it, and it comes along on the way back.
COOKIE, COOKIE_PATH = "outside_sign_in", "/v1/identity-providers"

#: In what a refusal is told, the first where it is all the same.
_FORMS = ("application/problem+json", "text/html")

_ONE = "/identity-providers/<uuid:identity_provider_id>"


@views.route("/identity-providers")
@open_to_all
@views.arguments(PageQuery, location="query")
@views.page(ProviderNameOut)
def list_identity_providers(query: dict[str, Any]) -> Page:
    """List by whose accounts one may sign in, beside one's own password."""
    return providers.listed(**query)


@views.route(_ONE)
@requires(Permission.SEE_EXCHANGE)
@views.response(200, ProviderOut)
def show_identity_provider(identity_provider_id: UUID) -> IdentityProvider:
    """Show what of a provider is believed."""
    return providers.shown(identity_provider_id)


@views.route(_ONE, methods=["PUT"])
@requires(Permission.MANAGE_EXCHANGE)
@views.arguments(ProviderIn)
@views.response(200, ProviderOut)
@views.refuses(ClaimUnfit, ChannelUnfit, IdTaken)
def believe_identity_provider(body: dict[str, Any], identity_provider_id: UUID) -> IdentityProvider:
    """Believe a provider, or change what of it; for who keeps the whole platform."""
    config = doorkeeper.settings()
    plain, reach = config.mode is not Mode.PRODUCTION, reach_of(config)
    by, at = identity(), clock.now()
    with transaction():
        return providers.open_(
            identity_provider_id, **body, may_be_plain=plain, reach=reach, by=by, at=at
        )


@views.route(f"{_ONE}/closing", methods=["PUT"])
@requires(Permission.MANAGE_EXCHANGE)
@views.arguments(ProviderCloseIn)
@views.response(200, ProviderOut)
def close_identity_provider(body: dict[str, str], identity_provider_id: UUID) -> IdentityProvider:
    """Believe a provider no longer; passwords go on as they are."""
    by = identity()
    with transaction():
        return providers.close(identity_provider_id, **body, by=by, at=clock.now())


@views.route("/outside-sign-ins/<uuid:outside_sign_in_id>", methods=["PUT"])
@open_to_all
@views.arguments(OutsideSignInIn)
@views.response(200, OutsideSignInOut)
@views.refuses(ProviderUnreachable)
def begin_outside_sign_in(body: dict[str, Any], outside_sign_in_id: UUID) -> dict[str, Any]:
    """Begin to sign in elsewhere: send the browser to `authorization_url`.

    It comes back to `/console/` or `/app/` with the refresh token in its cookie, as after signing
    in with `refresh_in_cookie`. Nothing is stored for whoever never comes back.
    """
    del outside_sign_in_id
    # Loaded with the first who signs in from outside: exams never need it.
    from server.federation import flow

    at = clock.now()
    ticket = tickets.new(**body)
    way = flow.way_here(request.host_url)
    url = flow.leads_to(providers.get(ticket.provider_id), ticket, way, at=at)
    _carry(tickets.written(ticket, keyring=doorkeeper.keyring(), at=at))
    return {"authorization_url": url, "expires_at": at + tickets.LIFETIME}


@views.route(f"{_ONE}/return")
@open_to_all
@views.arguments(ReturnQuery, location="query", unknown="exclude")
@views.response(302)
@views.refuses(OutsideSignInRefused, ProviderUnreachable, TooManyTries)
@views.refuses(NumberNotVerified, NoAccountForNumber, LinkedOtherwise)
def return_from_outside(query: dict[str, Any], identity_provider_id: UUID) -> Response:
    """Take whoever comes back with a code, sign them in, and lead them to their app."""
    try:
        page = _arrived(query, identity_provider_id)
    except DomainError as refusal:
        db.session.rollback()
        if request.accept_mimetypes.best_match(_FORMS) != "text/html":
            raise
        return _refused(refusal)
    return redirect(f"/{page}/?signed-in=outside")  # type: ignore[return-value]  # werkzeug's own response is one, too


@views.route("/me/outside-identities")
@signed_in_only
@views.response(200, OutsideIdentityListOut)
def list_own_outside_identities() -> dict[str, Any]:
    """List the identities outside that open one's account."""
    return {"items": arriving.of_account(identity().account_id)}


@views.route("/me/outside-identities/<uuid:identity_provider_id>/ending", methods=["PUT"])
@signed_in_only
@views.response(204)
@views.refuses(NotFound)
def unlink_outside_identity(identity_provider_id: UUID) -> None:
    """Take the link of one's account with a provider away."""
    by = identity()
    with transaction():
        arriving.unlink(identity_provider_id, by=by, at=clock.now())


def _arrived(query: dict[str, Any], provider_id: UUID) -> str:
    """Admit whoever comes back; return which app they go to."""
    from server.federation import flow

    at = clock.now()
    ticket = tickets.read(request.cookies.get(COOKIE, ""), keyring=doorkeeper.keyring(), at=at)
    lifetime = doorkeeper.settings().refresh_token_lifetime
    way = flow.way_here(request.host_url)
    admission = flow.came_back(provider_id, ticket, query, way, at=at, lifetime=lifetime)
    doorkeeper.in_cookie(doorkeeper.tokens_of(admission, at))
    return ticket.page


def _refused(refusal: DomainError) -> Response:
    page = render_template("outside.html", message=refusal.message)
    return Response(page, refusal.status, content_type="text/html; charset=utf-8")


def _carry(ticket: str) -> None:
    @after_this_request
    def put(reply: Response) -> Response:
        reply.set_cookie(
            COOKIE,
            ticket,
            path=COOKIE_PATH,
            max_age=int(tickets.LIFETIME.total_seconds()),
            httponly=True,
            # It must come along when another site sends the browser back.
            samesite="Lax",
            secure=request.is_secure or doorkeeper.settings().mode is Mode.PRODUCTION,
        )
        return reply
