"""What anybody may know of a certificate: by its serial, by its signed token (证书查验)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from certificates import moves, serials, tokens
from certificates.claims import Claims
from certificates.models import Certificate
from certificates.models.certificates import phases_of, status_of
from certificates.services import finding, trusting
from certificates.validity import Phase, Status

#: What is said of what was never issued here, and where the state's own query is.
NEVER_ISSUED_ZH = "本平台从未签发"
STATE_QUERY = "https://cx.mem.gov.cn"


class Standing(StrEnum):
    """What verification answers: a status, or that nothing was ever issued under this serial."""

    NOT_YET_VALID = "not_yet_valid"
    VALID = "valid"
    EXPIRING = "expiring"
    EXPIRED = "expired"
    SUSPENDED = "suspended"
    REVOKED = "revoked"
    REPLACED = "replaced"
    CANCELLED = "cancelled"
    VOIDED = "voided"
    NEVER_ISSUED = "never_issued"


@dataclass(frozen=True, kw_only=True)
class Verification:
    """The answer to somebody outside who asks about a certificate."""

    #: As it was asked for, in its canonical form where it could be read.
    serial: str
    on: date
    standing: Standing
    certificate: Certificate | None
    #: What a signed token said, where one was shown.
    claims: Claims | None = None

    @property
    def stands(self) -> bool:
        """Whether somebody may rely on the certificate on that day."""
        return self.standing in (Standing.VALID, Standing.EXPIRING)

    @property
    def standing_zh(self) -> str:
        """The standing as Chinese readers know it."""
        if self.standing is Standing.NEVER_ISSUED:
            return NEVER_ISSUED_ZH
        return moves.STATUS_ZH[Status(self.standing.value)]

    @property
    def since(self) -> date | None:
        """The day from which the last change counts that is in force on that day, if any."""
        if self.certificate is None:
            return None
        days = [
            each.effective_on
            for each in self.certificate.events[1:]
            if each.effective_on <= self.on
        ]
        return max(days, default=None)


@dataclass(frozen=True, kw_only=True)
class Timeline:
    """The whole life of a certificate, as anybody may know it."""

    serial: str
    phases: Sequence[Phase]


def by_serial(serial: str, *, on: date) -> Verification:
    """Return where the certificate with this serial stands on the day `on`.

    Whatever was issued is found for ever; for what was not, the answer is `never_issued`.
    """
    read = serials.read(serial)
    certificate = finding.with_serial(read) if read else None
    if certificate is None:
        return Verification(
            serial=read or "", on=on, standing=Standing.NEVER_ISSUED, certificate=None
        )
    return of(certificate, on=on)


def of(certificate: Certificate, *, on: date) -> Verification:
    """Return where a certificate stands on the day `on`."""
    standing = Standing(status_of(certificate, on).value)
    return Verification(
        serial=certificate.serial, on=on, standing=standing, certificate=certificate
    )


def timeline(serial: str) -> Timeline:
    """Return where the certificate with this serial stood, stands and will stand, day by day.

    What was never issued has no phases.
    """
    read = serials.read(serial)
    certificate = finding.with_serial(read) if read else None
    return Timeline(serial=read or "", phases=() if certificate is None else phases_of(certificate))


def by_token(text: str, *, on: date) -> Verification:
    """Return where the certificate of a signed token stands on the day `on`.

    The signature, the key, its issuer and scope are checked against the trust list first. The
    days in the token are not asked, since the register knows more.

    Raises:
        TokenRefused: one of its subclasses, each for one reason.
    """
    claims = tokens.read(text, trusting.register(), on=on)
    found = by_serial(claims.serial, on=on)
    return Verification(
        serial=claims.serial,
        on=on,
        standing=found.standing,
        certificate=found.certificate,
        claims=claims,
    )
