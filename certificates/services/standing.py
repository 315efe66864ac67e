"""Certificates as they stand on a day (证书状态)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from certificates import moves
from certificates.models import Certificate
from certificates.models.certificates import status_of
from certificates.services import finding
from certificates.validity import Status
from server.paging import Page


@dataclass(frozen=True, kw_only=True)
class OnDay:
    """A certificate, and where it stands on one day."""

    certificate: Certificate
    on: date

    @property
    def status(self) -> Status:
        """Where it stands."""
        return status_of(self.certificate, self.on)

    @property
    def status_zh(self) -> str:
        """The same, as Chinese readers know it."""
        return moves.STATUS_ZH[self.status]


@dataclass(frozen=True, kw_only=True)
class Held:
    """The certificates of one person on one day."""

    items: Sequence[OnDay]


def status(certificate_id: UUID, *, on: date) -> Status:
    """Return where the certificate stood, stands or will stand on the day `on`.

    Raises:
        NotFound: there is no such certificate.
    """
    return status_of(finding.get(certificate_id), on)


def held(person_id: UUID, *, on: date) -> Held:
    """Return every certificate of a person, as it stands on the day `on`."""
    return Held(items=[OnDay(certificate=each, on=on) for each in finding.of(person_id)])


def page_on(found: Page, *, on: date) -> Page:
    """Return a page of certificates as they stand on the day `on`."""
    return replace(found, items=[OnDay(certificate=each, on=on) for each in found.items])
