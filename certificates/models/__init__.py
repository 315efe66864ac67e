"""Tables of certificates: rules and issuers, certificates and what befell them, indicators."""

from certificates.models.applications import Application, ApplicationStep
from certificates.models.batches import IssueBatch, IssueBatchLine, Verdict
from certificates.models.certificates import Certificate, CertificateEvent, EventKind
from certificates.models.counts import (
    STILL,
    CoverageBatch,
    CoverageChange,
    CoverageCheck,
    CoverageCheckpoint,
    CoverageDay,
    CoverageGround,
    CoverageIndicator,
    CoverageLack,
    CoverageNumber,
    CoverageRules,
    CoverageStretch,
    CoverageWaiting,
)
from certificates.models.evaluations import (
    CoverageEdition,
    CoverageRequest,
    CreditListing,
    PlanReport,
    ReportKind,
)
from certificates.models.exchanges import CoveragePackage, CoverageSubscription, Rhythm
from certificates.models.gates import GateDevice, GateScan
from certificates.models.indicators import CoverageTarget, Indicator, IndicatorKind
from certificates.models.issuing import (
    CertificateRule,
    Issuer,
    NumberRange,
    SigningKey,
    StatusBlock,
)
from certificates.models.lists import (
    AllowedPayload,
    AllowListEdition,
    StatusListEdition,
    TrustListEdition,
)
from certificates.models.reminders import ReminderRound

__all__ = [
    "STILL",
    "AllowListEdition",
    "AllowedPayload",
    "Application",
    "ApplicationStep",
    "Certificate",
    "CertificateEvent",
    "CertificateRule",
    "CoverageBatch",
    "CoverageChange",
    "CoverageCheck",
    "CoverageCheckpoint",
    "CoverageDay",
    "CoverageEdition",
    "CoverageGround",
    "CoverageIndicator",
    "CoverageLack",
    "CoverageNumber",
    "CoveragePackage",
    "CoverageRequest",
    "CoverageRules",
    "CoverageStretch",
    "CoverageSubscription",
    "CoverageTarget",
    "CoverageWaiting",
    "CreditListing",
    "EventKind",
    "GateDevice",
    "GateScan",
    "Indicator",
    "IndicatorKind",
    "IssueBatch",
    "IssueBatchLine",
    "Issuer",
    "NumberRange",
    "PlanReport",
    "ReminderRound",
    "ReportKind",
    "Rhythm",
    "SigningKey",
    "StatusBlock",
    "StatusListEdition",
    "TrustListEdition",
    "Verdict",
]
