"""Gates: registering devices, what they hold offline, scanning in batches (门岗接口)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import request

from certificates.models import GateDevice
from certificates.schemas.gates import (
    GateAnswersOut,
    GateDeviceIn,
    GateDeviceOut,
    GateRosterOut,
    GateScanListOut,
    GateScansIn,
)
from certificates.services import gate_devices, gates
from certificates.services.gates import Roster
from certificates.views.cards import marks_secret
from certificates.views.parts import verification_views as views
from server import clock
from server.access import identity, open_to_all, requires
from server.db import transaction
from server.errors import IdTaken, NotSignedIn
from server.policy import Permission

_ONE = "/gate-devices/<uuid:device_id>"


@views.route(_ONE, methods=["PUT"])
@requires(Permission.MANAGE_POSTS)
@views.arguments(GateDeviceIn)
@views.response(200, GateDeviceOut)
@views.refuses(IdTaken)
def register_gate(body: dict[str, Any], device_id: UUID) -> dict[str, Any]:
    """Register a device at the gate of a site; its key is told this once."""
    by, at = identity(), clock.now()
    with transaction():
        made, key = gate_devices.register(device_id, **body, by=by, at=at)
    return {**vars(made), "key": key}


@views.route(f"{_ONE}/retirement", methods=["PUT"])
@requires(Permission.MANAGE_POSTS)
@views.response(200, GateDeviceOut)
def retire_gate(device_id: UUID) -> GateDevice:
    """Let a device ask nothing any more: it was lost, or the site is closed."""
    by, at = identity(), clock.now()
    with transaction():
        return gate_devices.retire(device_id, by=by, at=at)


@views.route(f"{_ONE}/scans")
@requires(Permission.SEE_PEOPLE)
@views.response(200, GateScanListOut)
def list_gate_scans(device_id: UUID) -> dict[str, Any]:
    """List the newest scans of a device."""
    return {"items": gate_devices.scanned(device_id, by=identity())}


@views.route("/gate/roster")
@open_to_all
@views.response(200, GateRosterOut)
@views.refuses(NotSignedIn)
def show_gate_roster() -> Roster:
    """Show a device who has a post at its site, and who may work there today: to hold offline.

    The device shows its key in the header `X-Gate-Key`.
    """
    return gates.roster(_device(), secret=marks_secret(), at=clock.now())


@views.route("/gate/scans", methods=["PUT"])
@open_to_all
@views.arguments(GateScansIn)
@views.response(200, GateAnswersOut)
@views.refuses(NotSignedIn)
def scan_at_gate(body: dict[str, Any]) -> dict[str, Any]:
    """Say of up to fifty codes who may enter; the same ids again are answered and kept once.

    The device shows its key in the header `X-Gate-Key`.
    """
    at = clock.now()
    with transaction():
        found = gates.scan(_device(), body["scans"], at=at)
    return {"items": found, "problem_count": sum(not each.may_enter for each in found)}


def _device() -> GateDevice:
    return gate_devices.device_of(request.headers.get("X-Gate-Key", ""))
