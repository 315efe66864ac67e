"""Tables of certificates: rules and issuers, certificates and what befell them, indicators."""

from certificates.models.certificates import Certificate, CertificateEvent, EventKind
from certificates.models.indicators import Indicator, IndicatorKind
from certificates.models.issuing import (
    CertificateRule,
    Issuer,
    NumberRange,
    SigningKey,
    StatusBlock,
)

__all__ = [
    "Certificate",
    "CertificateEvent",
    "CertificateRule",
    "EventKind",
    "Indicator",
    "IndicatorKind",
    "Issuer",
    "NumberRange",
    "SigningKey",
    "StatusBlock",
]
