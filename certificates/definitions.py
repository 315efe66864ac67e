"""What plans count, as data: populations, measures, and grace after appointment (指标口径)."""

from __future__ import annotations

import csv
import io
import json
from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import Any, Protocol

from certificates import inductions

#: Enterprise sizes by the numbers they have in the sums (统计上大中小微型企业划分办法（2017）).
SIZES: dict[int, str] = {1: "large", 2: "medium", 3: "small", 4: "micro"}
SIZE_NUMBERS: dict[str, int] = {name: number for number, name in SIZES.items()}


class Basis(StrEnum):
    """What a fact must be for somebody to count as covered."""

    #: A standing certificate of what the post calls for.
    CERTIFICATE = "certificate"
    #: A standing certificate of one of `roles`, whatever the post calls for.
    CERTIFICATE_OF = "certificate_of"
    #: A passed assessment of what the post calls for.
    PASS = "pass"  # noqa: S105  # no password
    #: Completed training for one of `purposes`.
    TRAINING = "training"
    #: The induction that the post asks for: levels and hours, by its employer and places.
    INDUCTION = "induction"
    #: A post in one of `roles`.
    POST = "post"
    #: A department whose name contains `name`.
    DEPARTMENT = "department"


class Subject(StrEnum):
    """Who is counted."""

    PERSON = "person"
    ORGANISATION = "organisation"


@dataclass(frozen=True, kw_only=True)
class Part:
    """One fact that may be asked for."""

    basis: Basis
    purposes: frozenset[str] = frozenset()
    roles: frozenset[str] = frozenset()
    name: str = ""
    #: Counts only within so many years that end on the day asked about.
    within_years: int | None = None
    #: Counts only from 1 January of the year of the day asked about.
    calendar_year: bool = False


@dataclass(frozen=True, kw_only=True)
class Measure:
    """What counts as covered: of every group, at least one part must hold."""

    name: str
    all_of: tuple[tuple[Part, ...], ...]
    #: Whether the grace after appointment applies.
    grace: bool
    zh: str
    en: str

    @property
    def by_post(self) -> bool:
        """Whether it depends on what the post calls for: its role and operation items."""
        return any(
            part.basis in (Basis.CERTIFICATE, Basis.PASS) for group in self.all_of for part in group
        )

    @property
    def of_post(self) -> bool:
        """Whether it depends on the very post: where it is held, and what was held before it."""
        return any(part.basis is Basis.INDUCTION for group in self.all_of for part in group)


class Surroundings(Protocol):
    """What a population asks about the organisation where a post is held."""

    @property
    def industry(self) -> str:
        """Code of GB/T 4754-2017; empty where none is known."""

    @property
    def high_risk(self) -> bool:
        """Whether the stricter rules of high-risk industries apply."""

    @property
    def branches(self) -> frozenset[str]:
        """Branches of high-risk industry, such as `coal_mining`."""

    @property
    def size(self) -> int:
        """The size of the enterprise as a number of `SIZES`; 0 where none is known."""

    @property
    def regions(self) -> frozenset[str]:
        """Ids of the regions in which it stood, from the province down."""


@dataclass(frozen=True, kw_only=True)
class Population:
    """Who is counted: everybody in such a post, or every such organisation, on the day."""

    name: str
    subject: Subject
    roles: frozenset[str]
    #: The branch of high-risk industry, such as `coal_mining`; None for all.
    industry: str | None = None
    #: Beginnings of codes of GB/T 4754-2017, such as `06` or `2672`; empty for all.
    industries: tuple[str, ...] = ()
    #: Only where the stricter rules of high-risk industries apply, or only elsewhere.
    high_risk: bool | None = None
    #: Enterprise sizes, see `SIZES`; empty for all.
    sizes: frozenset[str] = frozenset()
    #: Ids of regions, each with all beneath it; empty for all.
    region_ids: frozenset[str] = frozenset()
    zh: str
    en: str

    def holds(self, place: Surroundings) -> bool:
        """Say whether an organisation is one of those that it speaks of."""
        return (
            (self.industry is None or self.industry in place.branches)
            and (not self.industries or place.industry.startswith(self.industries))
            and (self.high_risk is None or self.high_risk == place.high_risk)
            and (not self.sizes or SIZES.get(place.size) in self.sizes)
            and (not self.region_ids or not self.region_ids.isdisjoint(place.regions))
        )


@dataclass(frozen=True, kw_only=True)
class Question:
    """What is counted: everybody in any of the populations, by one measure."""

    populations: tuple[Population, ...]
    measure: Measure
    #: Whether the whole calendar year up to the day is looked at, and not the day alone.
    per_year: bool = False

    @property
    def subject(self) -> Subject:
        """Whether people or organisations are counted."""
        return self.populations[0].subject


@dataclass(frozen=True, kw_only=True)
class Grace:
    """Months after appointment within which a requirement is not due yet."""

    role: str
    months: int
    effective_from: date
    #: The last day of appointments for which it counts, included; None while it does.
    effective_until: date | None
    source_zh: str
    source_en: str

    def counts(self, role: str, appointed_on: date) -> bool:
        """Say whether it is the grace of somebody appointed to the role on that day."""
        return (
            self.role == role
            and self.effective_from <= appointed_on
            and (self.effective_until is None or appointed_on <= self.effective_until)
        )


@cache
def measures() -> dict[str, Measure]:
    """Return the measures that come with the platform, by name."""
    return {
        row["name"]: Measure(
            name=row["name"],
            all_of=tuple(tuple(_part(part) for part in group) for group in row["all_of"]),
            grace=row["grace"],
            zh=row["zh"],
            en=row["en"],
        )
        for row in json.loads(_text("measures.json"))
    }


@cache
def populations() -> dict[str, Population]:
    """Return the populations that come with the platform, by name."""
    return {
        row["name"]: Population(
            name=row["name"],
            subject=Subject(row["subject"]),
            roles=frozenset(filter(None, row["roles"].split("|"))),
            industry=row["industry"] or None,
            high_risk=True if row["high_risk"] == "yes" else None,
            zh=row["zh"],
            en=row["en"],
        )
        for row in csv.DictReader(io.StringIO(_text("populations.csv")))
    }


@cache
def graces() -> tuple[Grace, ...]:
    """Return the graces after appointment that come with the platform."""
    return tuple(
        Grace(
            role=row["role"],
            months=int(row["months"]),
            effective_from=date.fromisoformat(row["effective_from"]),
            effective_until=(
                date.fromisoformat(row["effective_until"]) if row["effective_until"] else None
            ),
            source_zh=row["source_zh"],
            source_en=row["source_en"],
        )
        for row in csv.DictReader(io.StringIO(_text("graces.csv")))
    )


def question_from(definition: Mapping[str, Any], *, name: str, per_year: bool) -> Question:
    """Return the question that an indicator of an installation's own asks.

    Args:
        definition: populations and measure, as the shipped files write them.
        name: what its measure is called, unlike any other.
        per_year: whether heads in the calendar year are counted.
    """
    measure = definition["measure"]
    return Question(
        populations=tuple(_population(each) for each in definition["populations"]),
        measure=Measure(
            name=name,
            all_of=tuple(tuple(_part(part) for part in group) for group in measure["all_of"]),
            grace=measure["grace"],
            zh=measure["zh"],
            en=measure["en"],
        ),
        per_year=per_year,
    )


def _population(row: Mapping[str, Any]) -> Population:
    return Population(
        name=row["name"],
        subject=Subject(row["subject"]),
        roles=frozenset(row["roles"]),
        industry=row.get("industry"),
        industries=tuple(row.get("industries") or ()),
        high_risk=row.get("high_risk"),
        sizes=frozenset(row.get("sizes") or ()),
        region_ids=frozenset(row.get("region_ids") or ()),
        zh=row["zh"],
        en=row["en"],
    )


def due_on(role: str, appointed_on: date) -> date:
    """Return the first day on which a requirement of the post is due.

    The grace of six months after an appointment on 10 January holds through 9 July.
    """
    months = max(
        (grace.months for grace in graces() if grace.counts(role, appointed_on)), default=0
    )
    return months_later(appointed_on, months)


def months_later(day: date, months: int) -> date:
    """Return the same day so many months later, or the last of that month if it has none."""
    years, month = divmod(day.month - 1 + months, 12)
    last = monthrange(day.year + years, month + 1)[1]
    return date(day.year + years, month + 1, min(day.day, last))


def _part(row: dict[str, object]) -> Part:
    values = dict(row)
    for name in ("purposes", "roles"):
        if name in values:
            values[name] = frozenset(values[name])  # type: ignore[call-overload]  # lists of texts
    if "purposes" in values:
        values["purposes"] = inductions.counting_for(values["purposes"])  # type: ignore[arg-type]  # as above
    return Part(**{**values, "basis": Basis(str(row["basis"]))})  # type: ignore[arg-type]  # as written


def _text(name: str) -> str:
    return files("certificates.data").joinpath(name).read_text("utf-8")
