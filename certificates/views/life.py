"""What befalls a certificate, as issuers decide it (证书变更接口)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from marshmallow import Schema

from certificates.errors import (
    AttemptSpent,
    Barred,
    CertificateOverlaps,
    EffectiveBeforeLast,
    MoveRefused,
    NoRuleInForce,
    OutcomeMissing,
    OwnCertificate,
)
from certificates.life_errors import (
    GroundNotInForce,
    NameUnchanged,
    NotContinued,
    NotExtendable,
    SameEmployer,
    SecondPersonNeeded,
    TooEarly,
    TrainedHolder,
)
from certificates.schemas.certificates import (
    CertificateOut,
    CertificateVoidingIn,
    CertificateWithTokenOut,
    ChangeIn,
    FollowingIn,
    GroundedIn,
    ReplacementIn,
    UndecidedQuery,
)
from certificates.services import changes, continuing, following, standing
from certificates.services.changes import Decision
from certificates.services.continuing import Following
from certificates.services.standing import OnDay
from certificates.validity import Turn
from certificates.views.moves import View, move
from certificates.views.parts import certificate_views as views
from server import clock, days
from server.access import identity, requires
from server.db import transaction
from server.errors import DomainError, IdTaken
from server.paging import Page, PageQuery
from server.policy import Permission

_ONE = "/certificates/<uuid:certificate_id>"

_MOVED = (MoveRefused, EffectiveBeforeLast, OwnCertificate)
_NEAR = (OwnCertificate, TrainedHolder, SameEmployer, IdTaken)
_ISSUED = (NoRuleInForce, Barred, OutcomeMissing, AttemptSpent, CertificateOverlaps)


def _decided(
    noun: str, body: type[Schema] = ChangeIn, *more: type[DomainError]
) -> Callable[[View], View]:
    """Shape what is decided about a certificate that goes on being the same one."""
    return move(
        f"{_ONE}/{noun}",
        by=Permission.REVOKE_CERTIFICATES,
        body=body,
        reply=CertificateOut,
        refuses=(*_MOVED, *more),
    )


def _followed(noun: str, body: type[Schema], *refuses: type[DomainError]) -> Callable[[View], View]:
    """Shape what makes another certificate follow."""
    return move(
        f"{_ONE}/{noun}",
        by=Permission.ISSUE_CERTIFICATES,
        body=body,
        reply=CertificateWithTokenOut,
        refuses=(*_NEAR, *refuses),
    )


@_decided("suspension")
def suspend_certificate(body: dict[str, Any], certificate_id: UUID) -> OnDay:
    """Suspend a certificate (暂扣), with the reason."""
    return _change(certificate_id, Turn.SUSPENDED, body)


@_decided("reinstatement", ChangeIn, SecondPersonNeeded)
def reinstate_certificate(body: dict[str, Any], certificate_id: UUID) -> OnDay:
    """Lift the suspension of a certificate (恢复): another officer than the one who imposed it."""
    return _change(certificate_id, Turn.REINSTATED, body)


@_decided("review")
def review_certificate(body: dict[str, Any], certificate_id: UUID) -> OnDay:
    """Record that a certificate passed its review (复审), under Order 30."""
    return _change(certificate_id, Turn.REVIEWED, body)


@_decided("revocation", GroundedIn, GroundNotInForce)
def revoke_certificate(body: dict[str, Any], certificate_id: UUID) -> OnDay:
    """Take a certificate back for good (撤销), on a ground of the law; it may bar the holder."""
    return _change(certificate_id, Turn.REVOKED, body)


@_decided("cancellation", GroundedIn, GroundNotInForce)
def cancel_certificate(body: dict[str, Any], certificate_id: UUID) -> OnDay:
    """Strike a certificate off without blame (注销): the holder died or asked for it."""
    return _change(certificate_id, Turn.CANCELLED, body)


@_decided("voiding", CertificateVoidingIn)
def void_certificate(body: dict[str, Any], certificate_id: UUID) -> OnDay:
    """State that a certificate was issued by mistake (作废): it never stood; its number stays."""
    return _change(certificate_id, Turn.VOIDED, body)


@_followed("replacement", ReplacementIn, MoveRefused, NameUnchanged, EffectiveBeforeLast)
def replace_certificate(body: dict[str, Any], certificate_id: UUID) -> OnDay:
    """Issue a certificate again under its number (补发、更名换发); the old one is replaced."""
    by, at, cause = identity(), clock.now(), body.pop("cause")
    with transaction():
        made = continuing.replace_with(certificate_id, Following(**body), cause, by=by, at=at)
    return OnDay(certificate=made, on=days.civil_day(at))


@_followed("renewal", FollowingIn, NotContinued, TooEarly, *_ISSUED)
def renew_certificate(body: dict[str, Any], certificate_id: UUID) -> OnDay:
    """Issue the certificate that continues another from the morrow of its last day (换证)."""
    by, at = identity(), clock.now()
    with transaction():
        made = continuing.renew(certificate_id, Following(**body), by=by, at=at)
    return OnDay(certificate=made, on=days.civil_day(at))


@_followed("extension", FollowingIn, NotExtendable, NotContinued, TooEarly, *_ISSUED)
def extend_certificate(body: dict[str, Any], certificate_id: UUID) -> OnDay:
    """Continue a certificate under its number (延期), where its kind is extended."""
    by, at = identity(), clock.now()
    with transaction():
        made = continuing.extend(certificate_id, Following(**body), by=by, at=at)
    return OnDay(certificate=made, on=days.civil_day(at))


@views.route("/undecided-certificates")
@requires(Permission.REVOKE_CERTIFICATES)
@views.arguments(UndecidedQuery, location="query")
@views.page(CertificateOut)
def list_undecided(query: dict[str, Any]) -> Page:
    """List what the platform has suspended by itself: somebody must reinstate or revoke it."""
    found = following.undecided(identity().scope(Permission.REVOKE_CERTIFICATES), **query)
    return standing.page_on(found, on=clock.today())


@views.route("/regrades/<uuid:regrade_id>/certificates")
@requires(Permission.REVOKE_CERTIFICATES)
@views.arguments(PageQuery, location="query")
@views.page(CertificateOut)
def list_touched_by_regrade(query: dict[str, Any], regrade_id: UUID) -> Page:
    """List the certificates that a regrade would take the ground from, by its preview."""
    scope = identity().scope(Permission.REVOKE_CERTIFICATES)
    return standing.page_on(following.touched_by(regrade_id, scope, **query), on=clock.today())


def _change(certificate_id: UUID, turn: Turn, body: dict[str, Any]) -> OnDay:
    by, at = identity(), clock.now()
    today = days.civil_day(at)
    decision = Decision(
        turn=turn,
        reason=body["reason"],
        effective_on=body.get("effective_on") or today,
        ground=body.get("ground"),
        document=body["document"],
    )
    with transaction():
        changed = changes.change(certificate_id, decision, by=by, at=at)
    return OnDay(certificate=changed, on=today)
