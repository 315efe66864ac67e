"""The facts that coverage is counted from, as plain values (覆盖率依据)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from functools import cached_property
from typing import TypeVar
from uuid import UUID

from certificates.spans import Span
from certificates.validity import Happening, Status, Validity, status

K = TypeVar("K")
V = TypeVar("V")


class RecordKind(StrEnum):
    """What a line of the training file says, as far as it is counted."""

    TRAINED = "trained"
    PASSED = "passed"
    FAILED = "failed"


@dataclass(frozen=True, kw_only=True)
class PostFact:
    """That somebody holds a post over a span of days."""

    person_id: UUID
    organisation_id: UUID
    #: The organisation and everything above it.
    lineage: frozenset[UUID]
    role: str
    items: frozenset[str]
    span: Span


@dataclass(frozen=True, kw_only=True)
class CertificateFact:
    """That somebody was certified, and what befell the certificate since."""

    person_id: UUID
    role: str
    item: str | None
    validity: Validity
    happenings: Sequence[Happening] = ()

    def status(self, on: date) -> Status:
        """Where it stands on the day."""
        return status(self.validity, on, happenings=self.happenings)


@dataclass(frozen=True, kw_only=True)
class RecordFact:
    """One line of a training file."""

    person_id: UUID
    kind: RecordKind
    on: date
    #: What a training was for; None for assessments.
    purpose: str | None = None
    #: The role and item it was for; None where it was for nothing in particular.
    role: str | None = None
    item: str | None = None


@dataclass(frozen=True, kw_only=True)
class OrganisationFact:
    """An organisation that may be counted, or that counts for one above it."""

    organisation_id: UUID
    lineage: frozenset[UUID]
    name: str
    is_enterprise: bool
    is_department: bool
    is_high_risk: bool
    #: Branches of high-risk industry it belongs to, such as `coal_mining`.
    industries: frozenset[str] = frozenset()


@dataclass(frozen=True, kw_only=True)
class Facts:
    """Everything known of one unit that is needed to count it on one day."""

    posts: Sequence[PostFact] = ()
    certificates: Sequence[CertificateFact] = ()
    records: Sequence[RecordFact] = ()
    organisations: Sequence[OrganisationFact] = field(default_factory=tuple)

    @cached_property
    def certificates_of(self) -> Mapping[UUID, Sequence[CertificateFact]]:
        """The certificates of each person."""
        return _grouped((each.person_id, each) for each in self.certificates)

    @cached_property
    def records_of(self) -> Mapping[UUID, Sequence[RecordFact]]:
        """The lines of each person's file."""
        return _grouped((each.person_id, each) for each in self.records)

    @cached_property
    def posts_of(self) -> Mapping[UUID, Sequence[PostFact]]:
        """The posts of each person."""
        return _grouped((each.person_id, each) for each in self.posts)

    @cached_property
    def posts_under(self) -> Mapping[UUID, Sequence[PostFact]]:
        """The posts at each organisation and beneath it."""
        return _grouped((above, each) for each in self.posts for above in each.lineage)

    @cached_property
    def departments_of(self) -> Mapping[UUID, Sequence[OrganisationFact]]:
        """The departments of each organisation."""
        return _grouped(
            (above, each)
            for each in self.organisations
            if each.is_department
            for above in each.lineage
        )

    @cached_property
    def in_industry(self) -> Mapping[str, frozenset[UUID]]:
        """The organisations of each branch of high-risk industry."""
        pairs = _grouped(
            (industry, each.organisation_id)
            for each in self.organisations
            for industry in each.industries
        )
        return {industry: frozenset(ids) for industry, ids in pairs.items()}


def _grouped(pairs: Iterable[tuple[K, V]]) -> dict[K, list[V]]:
    groups: dict[K, list[V]] = {}
    for key, value in pairs:
        groups.setdefault(key, []).append(value)
    return groups
