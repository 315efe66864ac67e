"""Issuing in bulk: proposed, looked at in samples, approved by another, printed (批量发证接口)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from certificates.batch_errors import (
    BatchDecided,
    BatchEmpty,
    BatchPeopleUnknown,
    BatchProposerDecides,
    NothingToPrint,
    NotSampled,
    SampleOpen,
    SampleUnsound,
    SealMissing,
)
from certificates.errors import NoIssuer, NoRuleInForce
from certificates.models import IssueBatch, IssueBatchLine
from certificates.schemas.batches import (
    BatchDecisionIn,
    BatchIn,
    BatchLineOut,
    BatchLineQuery,
    BatchOut,
    BatchPrintIn,
    BatchQuery,
    BatchWithCountsOut,
    InspectionIn,
)
from certificates.services import approving, batches, prints
from certificates.services.batches import Proposal
from certificates.views.parts import certificate_views as views
from server import clock
from server.access import identity, requires
from server.db import transaction
from server.errors import IdTaken
from server.jobs import services as jobs
from server.jobs.errors import TooManyJobs
from server.jobs.models import Job
from server.jobs.schemas import JobOut
from server.paging import Page
from server.policy import Permission
from server.scopes import Scope

_ONE = "/certificate-batches/<uuid:batch_id>"


@views.route("/certificate-batches")
@requires(Permission.ISSUE_CERTIFICATES)
@views.arguments(BatchQuery, location="query")
@views.page(BatchOut)
def list_batches(query: dict[str, Any]) -> Page:
    """List the batches at one's issuers, the newest first."""
    return batches.listed(_scope(), **query)


@views.route(_ONE, methods=["PUT"])
@requires(Permission.ISSUE_CERTIFICATES)
@views.arguments(BatchIn)
@views.response(200, BatchOut)
@views.refuses(IdTaken, NoIssuer, NoRuleInForce, BatchEmpty, BatchPeopleUnknown)
def propose_batch(body: dict[str, Any], batch_id: UUID) -> IssueBatch:
    """Propose certificates for many; lines are drawn to be looked at (GB/T 2828.1, level II)."""
    by, at = identity(), clock.now()
    with transaction():
        return batches.propose(batch_id, Proposal(**body), by=by, at=at)


@views.route(_ONE)
@requires(Permission.ISSUE_CERTIFICATES)
@views.response(200, BatchWithCountsOut)
def show_batch(batch_id: UUID) -> dict[str, Any]:
    """Show a batch, and how many of its lines were looked at, refused and issued."""
    found = batches.get(batch_id, scope=_scope())
    return {"batch": found, **batches.counts(found)}


@views.route(f"{_ONE}/lines")
@requires(Permission.ISSUE_CERTIFICATES)
@views.arguments(BatchLineQuery, location="query")
@views.page(BatchLineOut)
def list_batch_lines(query: dict[str, Any], batch_id: UUID) -> Page:
    """List the people of a batch: all, those drawn, those refused."""
    return batches.lines(batches.get(batch_id, scope=_scope()), **query)


@views.route(f"{_ONE}/lines/<int:place>/inspection", methods=["PUT"])
@requires(Permission.ISSUE_CERTIFICATES)
@views.arguments(InspectionIn)
@views.response(200, BatchLineOut)
@views.refuses(BatchProposerDecides, BatchDecided, NotSampled)
def inspect_line(body: dict[str, Any], batch_id: UUID, place: int) -> IssueBatchLine:
    """Say what was found at a line that was drawn (抽样审核)."""
    by, at = identity(), clock.now()
    with transaction():
        return approving.inspect(batch_id, place, **body, by=by, at=at)


@views.route(f"{_ONE}/approval", methods=["PUT"])
@requires(Permission.ISSUE_CERTIFICATES)
@views.arguments(BatchDecisionIn)
@views.response(200, BatchOut)
@views.refuses(BatchProposerDecides, BatchDecided, SampleOpen, SampleUnsound)
def approve_batch(body: dict[str, Any], batch_id: UUID) -> IssueBatch:
    """Approve a batch; a job issues every certificate that nothing stands in the way of."""
    by, at = identity(), clock.now()
    with transaction():
        return approving.approve(batch_id, **body, by=by, at=at)


@views.route(f"{_ONE}/rejection", methods=["PUT"])
@requires(Permission.ISSUE_CERTIFICATES)
@views.arguments(BatchDecisionIn)
@views.response(200, BatchOut)
@views.refuses(BatchProposerDecides, BatchDecided)
def reject_batch(body: dict[str, Any], batch_id: UUID) -> IssueBatch:
    """Reject a batch: nothing of it is issued."""
    by, at = identity(), clock.now()
    with transaction():
        return approving.reject(batch_id, **body, by=by, at=at)


@views.route(f"{_ONE}/prints/<uuid:job_id>", methods=["PUT"])
@requires(Permission.ISSUE_CERTIFICATES)
@views.arguments(BatchPrintIn)
@views.response(200, JobOut)
@views.refuses(IdTaken, NothingToPrint, SealMissing, TooManyJobs)
def print_batch(body: dict[str, Any], batch_id: UUID, job_id: UUID) -> Job:
    """Print a part of a batch: signed pages, cards or sheets of cards, made by a job."""
    by, at = identity(), clock.now()
    batch = batches.get(batch_id, scope=_scope())
    prints.of_batch(batch, **body)
    wanted = {"batch_id": str(batch_id), **body, "form": body["form"].value}
    with transaction():
        return jobs.ask(job_id, prints.JOB, wanted, by=by, at=at)


def _scope() -> Scope:
    return identity().scope(Permission.ISSUE_CERTIFICATES)
