"""Addresses of providers: approvals and rooms (培训机构接口)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from server import clock
from server.access import identity, requires
from server.db import transaction
from server.errors import IdTaken
from server.http import Part
from server.policy import Permission
from server.training.errors import TermUnfit
from server.training.models import ProviderApproval, TrainingRoom
from server.training.schemas.providers import (
    ProviderApprovalIn,
    ProviderApprovalList,
    ProviderApprovalOut,
    TrainingEndIn,
    TrainingRoomIn,
    TrainingRoomList,
    TrainingRoomOut,
)
from server.training.services import providers
from server.training.services.providers import ApprovalDraft, RoomDraft

views = Part("training_providers", "Who may train, for what, in which rooms 培训机构")

_PROVIDER = "/training-providers/<uuid:provider_id>"


@views.route(f"{_PROVIDER}/approvals")
@requires(Permission.SEE_TRAINING)
@views.response(200, ProviderApprovalList)
def list_provider_approvals(provider_id: UUID) -> dict[str, Any]:
    """List every approval of a provider, the latest first."""
    scope = identity().scope(Permission.SEE_TRAINING)
    return {"items": providers.approvals(provider_id, scope=scope)}


@views.route(f"{_PROVIDER}/approvals/<uuid:approval_id>", methods=["PUT"])
@requires(Permission.APPROVE_TRAINING)
@views.arguments(ProviderApprovalIn)
@views.response(200, ProviderApprovalOut)
@views.refuses(TermUnfit, IdTaken)
def approve_provider(
    draft: ApprovalDraft, provider_id: UUID, approval_id: UUID
) -> ProviderApproval:
    """Let a provider train for roles and operation items, from one day until another."""
    by, at = identity(), clock.now()
    with transaction():
        return providers.approve(provider_id, approval_id, draft, by=by, at=at)


@views.route("/provider-approvals/<uuid:approval_id>/withdrawal", methods=["PUT"])
@requires(Permission.APPROVE_TRAINING)
@views.arguments(TrainingEndIn)
@views.response(200, ProviderApprovalOut)
def withdraw_provider_approval(body: dict[str, Any], approval_id: UUID) -> ProviderApproval:
    """Take an approval back from a day on."""
    by, at = identity(), clock.now()
    with transaction():
        return providers.withdraw(approval_id, **body, by=by, at=at)


@views.route(f"{_PROVIDER}/rooms")
@requires(Permission.SEE_TRAINING)
@views.response(200, TrainingRoomList)
def list_training_rooms(provider_id: UUID) -> dict[str, Any]:
    """List the rooms of a provider."""
    scope = identity().scope(Permission.SEE_TRAINING)
    return {"items": providers.rooms(provider_id, scope=scope)}


@views.route(f"{_PROVIDER}/rooms/<uuid:room_id>", methods=["PUT"])
@requires(Permission.MANAGE_PROVIDER)
@views.arguments(TrainingRoomIn)
@views.response(200, TrainingRoomOut)
def enter_training_room(draft: RoomDraft, provider_id: UUID, room_id: UUID) -> TrainingRoom:
    """Enter a room, or correct what is said of it."""
    by, at = identity(), clock.now()
    with transaction():
        return providers.put_room(provider_id, room_id, draft, by=by, at=at)
