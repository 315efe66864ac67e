"""What certificates add to the holder's training file (证书入档)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from certificates.models import Certificate, CertificateEvent
from server.days import beginning_of
from server.records import services as records
from server.records.entries import RecordKind
from server.records.models import Record


def file_issues(made: Iterable[Certificate], *, at: datetime) -> None:
    """Add the issue of certificates to the files of their holders."""
    records.add_all([_issue(each, at=at) for each in made])


def _issue(certificate: Certificate, *, at: datetime) -> Record:
    content = certificate.content
    said = {
        "what": "issued",
        "number": certificate.number,
        "remark": certificate.remark,
        "serial": content["serial"],
        "qualification": content["qualification"]["name_zh"],
        "valid_from": content["valid_from"],
        "valid_until": content["valid_until"],
        "content_hash": certificate.content_hash,
    }
    return _entry(certificate, said, happened_at=certificate.issued_at, at=at)


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
    happened_at = beginning_of(event.effective_on)
    records.add_all([_entry(certificate, said, happened_at=happened_at, at=at)])


def _entry(
    certificate: Certificate, content: dict[str, object], *, happened_at: datetime, at: datetime
) -> Record:
    return records.entry(
        certificate.person_id,
        RecordKind.CERTIFICATE,
        subject_id=certificate.id,
        happened_at=happened_at,
        content=content,
        source=certificate.issuer.organisation.name,
        role=certificate.qualification.role.value,
        item=certificate.qualification.operation_item,
        at=at,
    )
