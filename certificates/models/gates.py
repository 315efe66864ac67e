"""Gates of sites, and who was scanned there (门岗设备、查验记录)."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from server.audit.naming import called
from server.db import Base, IdColumn


@called("gate_device")
class GateDevice(Base):
    """A device at the gate of a site (门岗设备): asks without an account, about its site."""

    __tablename__ = "gate_device"

    id: Mapped[IdColumn]
    #: The site.
    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"), index=True)
    name: Mapped[str]
    #: SHA-256 of its key; the key itself is told once.
    key_hash: Mapped[str]
    registered_by_id: Mapped[UUID]
    registered_at: Mapped[datetime]
    #: Since when its key opens nothing any more; None while it does.
    retired_at: Mapped[datetime | None]


class GateScan(Base):
    """That a code was scanned at a gate, and what was said of it: only ever added (查验记录)."""

    __tablename__ = "gate_scan"

    #: Made by the device, so that sending twice stores once.
    id: Mapped[IdColumn]
    device_id: Mapped[UUID] = mapped_column(ForeignKey("gate_device.id"), index=True)
    #: None where the code was not genuine.
    certificate_id: Mapped[UUID | None] = mapped_column(ForeignKey("certificate.id"))
    person_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"), index=True)
    may_enter: Mapped[bool]
    #: The code of what stood in the way; None where nothing did.
    reason: Mapped[str | None]
    #: By the device's clock, which may be wrong, and by the server's.
    scanned_at: Mapped[datetime]
    received_at: Mapped[datetime]
