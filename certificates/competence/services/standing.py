"""Where somebody stands with each framework on a day, and how they came there (能力现状与历史)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from certificates.competence import grading, results
from certificates.competence.models import CompetenceAppraisal, CompetenceFramework
from certificates.competence.services import frameworks, knowing
from server.people.services import people, posts
from server.policy import Identity, Permission


@dataclass(frozen=True, kw_only=True)
class Grade:
    """A grade of somebody by one framework."""

    framework: CompetenceFramework
    #: The latest result; None where there was none by the day.
    appraisal: CompetenceAppraisal | None
    #: What the proofs say on the day, of the highest grade of the latest result's family, or of
    #: the first family where nobody was evaluated yet.
    standing: dict[str, Any]
    #: The results up to the day, the earliest first.
    history: tuple[CompetenceAppraisal, ...]

    @property
    def held(self) -> str | None:
        """The grade that is held on the day: reached in an evaluation, and still proved.

        A proof that lapses takes the grade with it, until it is renewed; what was proved since
        lifts nobody without an evaluation.
        """
        grades = [each.key for each in self.framework.framework.grades]
        reached = self.appraisal.reached if self.appraisal else None
        both = [reached, self.standing["reached"]]
        # A grade that this version no longer knows is held by nobody.
        if any(each not in grades for each in both):
            return None
        return min((str(each) for each in both), key=grades.index)


def of(person_id: UUID, *, on: date) -> list[Grade]:
    """Return the grades of somebody on a day, by every framework that concerns them."""
    roles = {each.role.value for each in posts.held(person_id, on=on)}
    found = []
    for version in frameworks.all_in_force(on=on):
        history = knowing.concluded(person_id, version.key, on=on)
        if history or not roles.isdisjoint(version.content["roles"]):
            found.append(_grade(person_id, version, history, on=on))
    return found


def seen(person_id: UUID, *, by: Identity, on: date) -> list[Grade]:
    """Return the grades of somebody whom the asker leads.

    Raises:
        NotFound: they lie outside of the asker's scope.
    """
    return of(people.get(person_id, scope=by.scope(Permission.SEE_COMPETENCE)).id, on=on)


def held(person_id: UUID, key: str, *, on: date) -> str | None:
    """Return the grade that somebody holds by a framework on a day; None where none."""
    version = frameworks.in_force(key, on=on)
    history = knowing.concluded(person_id, key, on=on)
    return _grade(person_id, version, history, on=on).held if history else None


def _grade(
    person_id: UUID,
    version: CompetenceFramework,
    history: Iterable[CompetenceAppraisal],
    *,
    on: date,
) -> Grade:
    framework, past = version.framework, tuple(history)
    families = {each.key for each in framework.families}
    latest = past[-1] if past else None
    family = framework.families[0].key
    if latest is not None and latest.family in families:
        family = latest.family
    known = knowing.known(person_id, framework.key, on=on)
    highest = framework.grades[-1].key
    standing = grading.standing(framework, family, highest, known, on=on)
    return Grade(
        framework=version, appraisal=latest, standing=results.shown(standing), history=past
    )
