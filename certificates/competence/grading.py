"""Pure: which grade somebody reaches on a day, what is missing, and what lapses next (定级)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from certificates.competence import proving
from certificates.competence.frameworks import Competence, Framework
from certificates.competence.knowing import Known
from certificates.competence.proving import Finding


@dataclass(frozen=True, kw_only=True)
class Met:
    """Whether somebody has a competence as a grade asks for it."""

    competence: Competence
    #: Every group of proofs, with what became of each proof of it.
    groups: tuple[tuple[Finding, ...], ...]

    @property
    def is_met(self) -> bool:
        """Whether of every group a proof holds."""
        return all(any(each.holds for each in group) for group in self.groups)

    @property
    def until(self) -> date | None:
        """The last day on which it is met, nothing else happening; None while no end is known."""
        days = [_longest(group) for group in self.groups]
        return min((day for day in days if day is not None), default=None)

    @property
    def missing(self) -> tuple[tuple[Finding, ...], ...]:
        """The groups of which no proof holds."""
        return tuple(group for group in self.groups if not any(each.holds for each in group))


@dataclass(frozen=True, kw_only=True)
class Standing:
    """Where somebody stands with a family and grade on a day."""

    on: date
    family: str
    #: The grade that was asked about.
    grade: str
    #: The highest grade up to it that is reached; None where not even the lowest is.
    reached: str | None
    #: Each competence as the grade asked about asks for it.
    competences: tuple[Met, ...]
    #: The last day on which the grade reached stands, nothing else happening.
    until: date | None

    @property
    def gaps(self) -> list[Met]:
        """The competences that are missing for the grade asked about."""
        return [each for each in self.competences if not each.is_met]


def standing(framework: Framework, family: str, grade: str, known: Known, *, on: date) -> Standing:
    """Return where somebody stands with a family and grade on a day.

    A grade is reached where everything it asks for is met; what a higher grade asks for in place
    of a lower one's proof counts there alone.
    """
    reached: tuple[str, Sequence[Met]] | None = None
    found: list[Met] = []
    for each in framework.grades_up_to(grade):
        found = _met(framework, family, each.key, known, on)
        if all(one.is_met for one in found):
            reached = each.key, found
    days = [one.until for one in reached[1]] if reached else []
    return Standing(
        on=on,
        family=family,
        grade=grade,
        reached=reached[0] if reached else None,
        competences=tuple(found),
        until=min((day for day in days if day is not None), default=None),
    )


def _met(framework: Framework, family: str, grade: str, known: Known, on: date) -> list[Met]:
    return [
        Met(
            competence=competence,
            groups=tuple(
                tuple(
                    proving.finding(proof, competence.key, known, framework, on=on)
                    for proof in group
                )
                for group in framework.asked(competence, grade)
            ),
        )
        for competence in framework.needed(family)
        if framework.asked(competence, grade)
    ]


def _longest(group: Sequence[Finding]) -> date | None:
    """Return the last day on which a proof of a group holds; None while one has no end."""
    holding = [each.until for each in group if each.holds]
    days = [day for day in holding if day is not None]
    return None if len(days) < len(holding) or not days else max(days)
