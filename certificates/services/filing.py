"""What certificates add to the holder's training file (证书入档)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

from certificates.models import Certificate, CertificateEvent, Issuer
from exams.models.standards import Qualification
from server.days import beginning_of
from server.records import services as records
from server.records.entries import RecordKind
from server.records.models import Record


@dataclass(frozen=True, kw_only=True)
class Issued:
    """A certificate that was just made, as files, notices and the audit tell of it."""

    id: UUID
    person_id: UUID
    number: str
    remark: str | None
    content: dict[str, Any]
    content_hash: str
    issued_at: datetime
    #: Who issued it, and for which role and item.
    source: str
    role: str
    item: str | None

    @classmethod
    def of(cls, row: Mapping[str, Any], order: Ordered) -> Issued:
        """Return what was made, by its row and the order."""
        told = ("id", "person_id", "number", "remark", "content", "content_hash", "issued_at")
        return cls(
            **{name: row[name] for name in told},
            source=order.issuer.organisation.name,
            role=order.qualification.role.value,
            item=order.qualification.operation_item,
        )


class Ordered(Protocol):
    """What an order says of who issues what."""

    @property
    def issuer(self) -> Issuer:
        """Who issues."""

    @property
    def qualification(self) -> Qualification:
        """What is certified."""


def file_issues(made: Iterable[Issued], *, at: datetime) -> None:
    """Add the issue of certificates to the files of their holders."""
    records.add_all([_issue(each, at=at) for each in made])


def _issue(made: Issued, *, at: datetime) -> Record:
    content = made.content
    said = {
        "what": "issued",
        "number": made.number,
        "remark": made.remark,
        "serial": content["serial"],
        "qualification": content["qualification"]["name_zh"],
        "valid_from": content["valid_from"],
        "valid_until": content["valid_until"],
        "content_hash": made.content_hash,
    }
    return records.entry(
        made.person_id,
        RecordKind.CERTIFICATE,
        subject_id=made.id,
        happened_at=made.issued_at,
        content=said,
        source=made.source,
        role=made.role,
        item=made.item,
        at=at,
    )


def file_change(certificate: Certificate, event: CertificateEvent, *, at: datetime) -> None:
    """Add what befell a certificate to the holder's file, on the day from which it counts."""
    said = {
        "what": event.kind.value,
        "number": certificate.number,
        "qualification": certificate.content["qualification"]["name_zh"],
        "effective_on": event.effective_on.isoformat(),
        "reason": event.reason,
        "ground": event.ground,
        "document": event.document,
    }
    entry = records.entry(
        certificate.person_id,
        RecordKind.CERTIFICATE,
        subject_id=certificate.id,
        happened_at=beginning_of(event.effective_on),
        content=said,
        source=certificate.issuer.organisation.name,
        role=certificate.qualification.role.value,
        item=certificate.qualification.operation_item,
        at=at,
    )
    records.add_all([entry])
