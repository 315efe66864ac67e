"""What a certificate says, taken together on the day of issue (证书内容)."""

from __future__ import annotations

from datetime import date
from typing import Any

from certificates.models import CertificateRule, Issuer
from certificates.numbering import DOCUMENT_PREFIX, Numbering
from certificates.validity import Validity
from exams.models.standards import Qualification
from server.people.models import Person


def content_of(
    *,
    serial: str,
    number: str,
    person: Person,
    qualification: Qualification,
    issuer: Issuer,
    rule: CertificateRule,
    validity: Validity,
    issued_on: date,
    remark: str | None = None,
    first_issued_on: date | None = None,
) -> dict[str, Any]:
    """Return everything that stands on the certificate, as it is on the day of issue.

    The document number is masked: the whole number stands only, encrypted, with the person.

    `number` is the number of its range; where that of the document is printed, its masked form
    stands as `number`, and the other as `register_number`. `remark` says why it was issued again
    under its number, `first_issued_on` is the first day of the first one (初领日期).
    """
    by_document = rule.numbering is Numbering.DOCUMENT
    return {
        "serial": serial,
        "number": f"{DOCUMENT_PREFIX}{person.document_masked}" if by_document else number,
        "register_number": number,
        "remark": remark,
        "kind": rule.kind,
        "title_zh": rule.kind_zh,
        "title_en": rule.kind_en,
        "holder": {
            "name": person.name,
            "sex": person.sex.value if person.sex else None,
            "document_type": person.document_type.value,
            "document_masked": person.document_masked,
        },
        "qualification": {
            "code": qualification.code,
            "name_zh": qualification.name_zh,
            "name_en": qualification.name_en,
            "role": qualification.role.value,
            "operation_item": qualification.operation_item,
        },
        "issuer": {"code": issuer.code, "name": issuer.organisation.name},
        "rule": {"code": rule.code, "order_zh": rule.order_zh, "order_en": rule.order_en},
        "valid_from": validity.first_day.isoformat(),
        "valid_until": validity.last_day.isoformat(),
        "review_days": [day.isoformat() for day in validity.review_days],
        "issued_on": issued_on.isoformat(),
        "first_issued_on": (first_issued_on or validity.first_day).isoformat(),
    }
