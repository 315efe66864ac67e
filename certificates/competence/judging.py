"""Pure: what several judges found together, and where they lie apart (评议规则)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from certificates.competence.errors import MarksUnfit
from certificates.competence.frameworks import Competence, Framework
from certificates.competence.kinds import Side


@dataclass(frozen=True, kw_only=True)
class Judged:
    """The marks that one of the judges gave."""

    side: Side
    #: Marks by competence.
    marks: Mapping[str, int]


def check(marks: Mapping[str, int], framework: Framework, family: str) -> None:
    """Check that marks are given for exactly what is judged, each on the scale.

    Raises:
        MarksUnfit: one is missing, is for something else, or lies beyond the scale.
    """
    wanted = {each.key for each in framework.judged(family)}
    on_scale = all(1 <= mark <= framework.highest_mark for mark in marks.values())
    if set(marks) != wanted or not on_scale:
        raise MarksUnfit(competences=", ".join(sorted(wanted)))


def apart(competence: str, judged: Iterable[Judged], framework: Framework) -> bool:
    """Say whether the marks for a competence lie so far apart that somebody must settle it.

    One's own mark is looked at, too: whoever sees themselves otherwise than their supervisor
    does is owed a reason.
    """
    marks = [each.marks[competence] for each in judged if competence in each.marks]
    return len(marks) > 1 and max(marks) - min(marks) >= framework.apart


def disagreements(judged: Sequence[Judged], framework: Framework, family: str) -> list[Competence]:
    """Return the competences about which the judges disagree."""
    return [each for each in framework.judged(family) if apart(each.key, judged, framework)]


def together(
    judged: Sequence[Judged], settled: Mapping[str, int], framework: Framework, family: str
) -> dict[str, int]:
    """Return the mark of each competence that counts.

    What was settled, counts. Else it is the lower median of supervisor and panel, so that one
    generous judge lifts nobody; one's own mark decides nothing.
    """
    others = [each for each in judged if each.side is not Side.SELF]
    found = {}
    for competence in framework.judged(family):
        marks = sorted(each.marks[competence.key] for each in others)
        found[competence.key] = settled.get(competence.key, marks[(len(marks) - 1) // 2])
    return found
