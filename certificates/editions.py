"""The indicators as they are counted: each in all its versions, found by role (指标版本)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from certificates.definitions import Population, Question, Subject


@dataclass(frozen=True, kw_only=True)
class Edition:
    """One version of an indicator, and the days for which it says what is counted."""

    start: int
    end: int
    question: Question


@dataclass(frozen=True, kw_only=True)
class Rule:
    """An indicator as it is counted: by its number, in all its editions."""

    number: int
    editions: tuple[Edition, ...]

    @property
    def per_year(self) -> bool:
        """Whether it counts heads in the calendar year: having done it for any post is enough."""
        return self.editions[-1].question.per_year

    @property
    def subject(self) -> Subject:
        """Whether people or organisations are counted."""
        return self.editions[-1].question.subject


@dataclass(frozen=True, kw_only=True)
class Rules:
    """Every indicator that is counted."""

    every: tuple[Rule, ...]
    by_role: Mapping[str, list[tuple[int, Edition, Population]]] = field(init=False)
    #: Those that count organisations.
    of_organisations: tuple[Rule, ...] = field(init=False)

    def __post_init__(self) -> None:
        """Find the editions that concern a role, once for a million people."""
        found: dict[str, list[tuple[int, Edition, Population]]] = {}
        for rule in self.every:
            for edition in rule.editions:
                for population in edition.question.populations:
                    for role in sorted(population.roles):
                        found.setdefault(role, []).append((rule.number, edition, population))
        object.__setattr__(self, "by_role", found)
        of_organisations = tuple(
            each for each in self.every if each.subject is Subject.ORGANISATION
        )
        object.__setattr__(self, "of_organisations", of_organisations)

    @property
    def per_year(self) -> frozenset[int]:
        """The numbers of the indicators that count heads in the calendar year."""
        return frozenset(rule.number for rule in self.every if rule.per_year)
