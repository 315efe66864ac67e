"""Addresses of new versions of exam standards (考试标准维护接口)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from exams.correction_errors import AuthorCannotApprove
from exams.models import StandardProposal
from exams.schemas import standard_proposals as shapes
from exams.services import standard_previews, standard_proposals
from exams.services.standard_previews import Preview
from exams.standard_errors import (
    ProposalDecided,
    StandardContradictory,
    StandardOverlaps,
    StandardRetroactive,
    StandardUnchanged,
)
from server import clock
from server.access import identity, requires
from server.db import transaction
from server.errors import IdTaken
from server.http import Part
from server.paging import Page
from server.policy import Permission

views = Part("standards", "New versions of exam standards: proposed, previewed, approved 考试标准")


@views.route("/standard-proposals")
@requires(Permission.KEEP_STANDARDS)
@views.arguments(shapes.StandardProposalQuery, location="query")
@views.page(shapes.StandardProposalOut)
def list_standard_proposals(query: dict[str, Any]) -> Page:
    """List the versions that were proposed, the newest first."""
    return standard_proposals.listed(**query)


@views.route("/standard-proposals/<uuid:proposal_id>", methods=["PUT"])
@requires(Permission.KEEP_STANDARDS)
@views.arguments(shapes.StandardProposalIn)
@views.response(200, shapes.StandardProposalOut)
@views.refuses(StandardContradictory, StandardRetroactive, StandardOverlaps)
@views.refuses(StandardUnchanged, IdTaken)
def propose_standard(body: dict[str, Any], proposal_id: UUID) -> StandardProposal:
    """Propose a new version of the exam standards of some qualifications, with day and source."""
    by = identity()
    with transaction():
        return standard_proposals.propose(proposal_id, **body, by=by, at=clock.now())


@views.route("/standard-proposals/<uuid:proposal_id>/preview")
@requires(Permission.KEEP_STANDARDS)
@views.response(200, shapes.StandardPreviewOut)
def preview_standard(proposal_id: UUID) -> Preview:
    """Show what a proposal changes, which exams keep their version, and how many candidates."""
    return standard_previews.of(proposal_id)


@views.route("/standard-proposals/<uuid:proposal_id>/decision", methods=["PUT"])
@requires(Permission.KEEP_STANDARDS)
@views.arguments(shapes.StandardDecisionIn)
@views.response(200, shapes.StandardProposalOut)
@views.refuses(AuthorCannotApprove, ProposalDecided, StandardRetroactive)
@views.refuses(StandardOverlaps, StandardUnchanged)
def decide_standard(body: dict[str, Any], proposal_id: UUID) -> StandardProposal:
    """Approve or refuse a proposal of somebody else."""
    by = identity()
    with transaction():
        return standard_proposals.decide(proposal_id, **body, by=by, at=clock.now())
