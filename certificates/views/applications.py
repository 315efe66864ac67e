"""Applying for certificates, and what issuers do about it (证书申请接口)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any
from uuid import UUID

from marshmallow import Schema

from certificates.applying import Step
from certificates.errors import OwnCertificate
from certificates.life_errors import (
    CertificateIdNeeded,
    SameEmployer,
    StepRefused,
    TrainedHolder,
)
from certificates.schemas.applications import (
    ApplicationGrantIn,
    ApplicationIn,
    ApplicationOut,
    ApplicationQuery,
    ApplicationStepIn,
    CertificateApplicationReachOut,
)
from certificates.services import application_reaches, applications, waiting
from certificates.services.application_reaches import CertificateApplicationReach
from certificates.services.applications import Standing, Told, Wanted
from certificates.views.moves import View, move
from certificates.views.parts import certificate_views as views
from server import clock, days
from server.access import identity, requires, signed_in_only
from server.db import transaction
from server.errors import DomainError, IdTaken
from server.paging import Page, PageQuery
from server.policy import Permission

_ONE = "/certificate-applications/<uuid:application_id>"


def _step_of(
    noun: str, body: type[Schema] = ApplicationStepIn, *more: type[DomainError]
) -> Callable[[View], View]:
    """Shape what an officer does about an application."""
    return move(
        f"{_ONE}/{noun}",
        by=Permission.ISSUE_CERTIFICATES,
        body=body,
        reply=ApplicationOut,
        refuses=(StepRefused, OwnCertificate, TrainedHolder, SameEmployer, *more),
    )


@views.route("/me/certificate-applications")
@signed_in_only
@views.arguments(PageQuery, location="query")
@views.page(ApplicationOut)
def list_my_applications(query: dict[str, Any]) -> Page:
    """List one's own applications, the newest first, with what is due."""
    return _standing(waiting.of(identity().person_id, **query))


@views.route("/me/certificate-applications/<uuid:application_id>", methods=["PUT"])
@signed_in_only
@views.arguments(ApplicationIn)
@views.response(200, ApplicationOut)
@views.refuses(IdTaken)
def submit_application(body: dict[str, Any], application_id: UUID) -> Standing:
    """Apply for a certificate, or for something to be done about one's own."""
    by, at = identity(), clock.now()
    with transaction():
        made = applications.submit(application_id, Wanted(**body), by=by, at=at)
    return Standing(application=made, on=days.civil_day(at))


@views.route("/me/certificate-applications/<uuid:application_id>/withdrawal", methods=["PUT"])
@signed_in_only
@views.arguments(ApplicationStepIn)
@views.response(200, ApplicationOut)
@views.refuses(StepRefused)
def withdraw_application(body: dict[str, Any], application_id: UUID) -> Standing:
    """Take back an application of one's own."""
    by, at = identity(), clock.now()
    with transaction():
        found = applications.withdraw(application_id, Told(**body), by=by, at=at)
    return Standing(application=found, on=days.civil_day(at))


@views.route("/certificate-applications")
@requires(Permission.ISSUE_CERTIFICATES)
@views.arguments(ApplicationQuery, location="query")
@views.page(ApplicationOut)
def list_applications(query: dict[str, Any]) -> Page:
    """List the applications at one's issuers, the oldest first, with what is due."""
    scope = identity().scope(Permission.ISSUE_CERTIFICATES)
    return _standing(waiting.listed(scope, on=clock.today(), **query))


@views.route(f"{_ONE}/reach")
@requires(Permission.ISSUE_CERTIFICATES)
@views.response(200, CertificateApplicationReachOut)
def show_certificate_application_reach(application_id: UUID) -> CertificateApplicationReach:
    """Say, in counts, what the applicant has besides what is applied for."""
    scope = identity().scope(Permission.ISSUE_CERTIFICATES)
    return application_reaches.of(application_id, scope=scope, on=clock.today())


@_step_of("acceptance")
def accept_application(body: dict[str, Any], application_id: UUID) -> Standing:
    """Accept an application (受理)."""
    return _step(application_id, Step.ACCEPT, body)


@_step_of("non-acceptance")
def refuse_application(body: dict[str, Any], application_id: UUID) -> Standing:
    """Refuse to accept an application (不予受理), within five working days."""
    return _step(application_id, Step.REFUSE, body)


@_step_of("grant", ApplicationGrantIn, CertificateIdNeeded)
def grant_application(body: dict[str, Any], application_id: UUID) -> Standing:
    """Grant an application (准予): what was applied for is done; its own refusals hold."""
    return _step(application_id, Step.GRANT, body)


@_step_of("denial")
def deny_application(body: dict[str, Any], application_id: UUID) -> Standing:
    """Deny an application (不予许可), with the reason."""
    return _step(application_id, Step.DENY, body)


def _step(application_id: UUID, step: Step, body: dict[str, Any]) -> Standing:
    by, at = identity(), clock.now()
    with transaction():
        found = applications.take_step(application_id, step, Told(**body), by=by, at=at)
    return Standing(application=found, on=days.civil_day(at))


def _standing(found: Page) -> Page:
    today = clock.today()
    return replace(found, items=[Standing(application=each, on=today) for each in found.items])
