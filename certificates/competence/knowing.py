"""Pure: what is known of one person, for proofs of competence (能力证明依据)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction

from certificates.papers import File


@dataclass(frozen=True, kw_only=True)
class Sat:
    """An exam or practical that counts."""

    on: date
    role: str | None
    practical: bool
    passed: bool
    #: Share of the points; None where the file says none.
    share: Fraction | None


@dataclass(frozen=True, kw_only=True)
class Taught:
    """A training that was completed."""

    on: date
    purpose: str | None
    hours: Fraction


@dataclass(frozen=True, kw_only=True)
class Registered:
    """A registration as safety engineer."""

    grade: str
    valid_from: date
    valid_until: date


@dataclass(frozen=True, kw_only=True)
class Marked:
    """What judges found of a competence."""

    competence: str
    mark: int
    on: date


@dataclass(frozen=True, kw_only=True)
class Presented:
    """An entry of the file that was presented for a competence."""

    competence: str
    kind: str
    on: date


@dataclass(frozen=True, kw_only=True)
class Known:
    """All that is known of one person, for the proofs."""

    #: What coverage knows, with the rules of coverage.
    file: File = field(default_factory=File)
    exams: Sequence[Sat] = ()
    trainings: Sequence[Taught] = ()
    #: Posts: role, first day, first day no longer held (None while no end is known).
    posts: Sequence[tuple[str, date, date | None]] = ()
    education: str | None = None
    engineer: Sequence[Registered] = ()
    violations: Sequence[date] = ()
    marks: Sequence[Marked] = ()
    presented: Sequence[Presented] = ()
