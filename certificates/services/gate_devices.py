"""Devices at gates: registered to a site, known by a key of their own (门岗设备服务)."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from certificates.models import GateDevice, GateScan
from server.audit import services as audit
from server.db import db
from server.errors import IdTaken, NotFound, NotSignedIn
from server.organisations import services as organisations
from server.policy import Identity, Permission

#: Bytes of a device's key.
_KEY_BYTES = 32


def register(
    device_id: UUID, organisation_id: UUID, name: str, *, by: Identity, at: datetime
) -> tuple[GateDevice, str | None]:
    """Register a device at a site; its key is told this once.

    Raises:
        NotFound: the site lies outside the asker's scope.
        IdTaken: another device stands under this id.
    """
    site = organisations.get(organisation_id, scope=by.scope(Permission.MANAGE_POSTS))
    known = db.session.get(GateDevice, device_id)
    if known is not None:
        if (known.organisation_id, known.name) != (organisation_id, name):
            raise IdTaken
        return known, None
    secret = secrets.token_urlsafe(_KEY_BYTES)
    made = GateDevice(
        id=device_id,
        organisation_id=organisation_id,
        name=name,
        key_hash=_hashed(secret),
        registered_by_id=by.account_id,
        registered_at=at,
    )
    db.session.add(made)
    db.session.flush()
    _tell("gate_device_registered", made, site.path, by=by, at=at)
    return made, f"{device_id}.{secret}"


def retire(device_id: UUID, *, by: Identity, at: datetime) -> GateDevice:
    """Let a device ask nothing any more.

    Raises:
        NotFound: there is none at a site within the asker's scope.
    """
    found = db.session.get(GateDevice, device_id)
    if found is None:
        raise NotFound
    site = organisations.get(found.organisation_id, scope=by.scope(Permission.MANAGE_POSTS))
    if found.retired_at is None:
        found.retired_at = at
        db.session.flush()
        _tell("gate_device_retired", found, site.path, by=by, at=at)
    return found


def device_of(key: str) -> GateDevice:
    """Return the device that shows a key.

    Raises:
        NotSignedIn: none has this key, or it was retired.
    """
    name, _, secret = key.partition(".")
    try:
        found = db.session.get(GateDevice, UUID(name))
    except ValueError:
        found = None
    # The same work for a device that there is not.
    good = hmac.compare_digest(found.key_hash if found else _hashed(""), _hashed(secret))
    if found is None or not good or found.retired_at is not None:
        raise NotSignedIn
    return found


def scanned(device_id: UUID, *, by: Identity) -> Sequence[GateScan]:
    """Return the newest scans of a device at a site within the asker's scope.

    Raises:
        NotFound: there is no such device there.
    """
    found = db.session.get(GateDevice, device_id)
    if found is None:
        raise NotFound
    organisations.get(found.organisation_id, scope=by.scope(Permission.SEE_PEOPLE))
    newest = select(GateScan).where(GateScan.device_id == device_id)
    ordered = newest.order_by(GateScan.received_at.desc(), GateScan.id).limit(500)
    return db.session.execute(ordered).scalars().all()


def _hashed(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def _tell(action: str, device: GateDevice, path: str, *, by: Identity, at: datetime) -> None:
    audit.append(
        action,
        by=by,
        at=at,
        subject_kind="gate_device",
        subject_id=device.id,
        after={"name": device.name},
        organisation_path=path,
    )
