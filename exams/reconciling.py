"""Two examiners for each subject: what they agree on by itself, and all of it together (科目评分).

In a circuit each subject has a pair of its own. The tolerance of the sheet is shared by weight, so
that all subjects together may differ by no more than the whole may. Once all subjects are in, the
pass mark must not lie between what the lower marks of each pair make and what the higher ones do:
no verdict rests on whom one believes.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from functools import partial

from exams import scoring
from exams.scoring import Scores, Sheet, Verdict


def only(sheet: Sheet, subject: str) -> Sheet:
    """Return a sheet with nothing but one subject, its weight as it is."""
    kept = tuple(one for one in sheet.subjects if one.code == subject)
    return Sheet(subjects=kept, pass_percent=sheet.pass_percent, tolerance=sheet.tolerance)


def disputed(
    sheet: Sheet, codes: Sequence[str], subject: str, one: Scores, other: Scores
) -> frozenset[str]:
    """Return what a third examiner must decide of a subject; nothing where its pair agrees.

    Vetoes that only one saw; and all steps that differ where the points do by more than the share
    of the tolerance.
    """
    part = only(sheet, subject)
    vetoes = one.failed_vetoes ^ other.failed_vetoes
    share = sum(each.weight for each in part.subjects) * sheet.tolerance / scoring.WHOLE
    totals = [scoring.total(part, codes, each.marks) for each in (one, other)]
    apart = abs(totals[0] - totals[1]) > share
    return vetoes | (differing(part, codes, one, other) if vetoes or apart else frozenset())


def differing(sheet: Sheet, codes: Sequence[str], one: Scores, other: Scores) -> frozenset[str]:
    """Return the steps for which two examiners gave different points."""
    return frozenset(
        code
        for code, most in scoring.scale(sheet, codes).items()
        if most is not None and one.marks.get(code, 0) != other.marks.get(code, 0)
    )


def together(
    sheet: Sheet, codes: Sequence[str], decided: Iterable[Scores], missed: frozenset[str]
) -> Verdict:
    """Return what all subjects are worth together."""
    marks: dict[str, Fraction] = {}
    vetoes: set[str] = set()
    for one in decided:
        marks.update(one.marks)
        vetoes |= one.failed_vetoes
    scores = Scores(marks=marks, failed_vetoes=frozenset(vetoes))
    return scoring.verdict(sheet, codes, scores, missed)


def undecided(
    sheet: Sheet,
    codes: Sequence[str],
    decided: Iterable[Scores],
    pairs: Mapping[str, tuple[Scores, Scores]],
) -> dict[str, frozenset[str]]:
    """Return by subject what a third must decide, since passing hangs on whom one believes.

    Args:
        sheet: the whole of it.
        codes: the items that were drawn.
        decided: subjects in which a third has ruled.
        pairs: by subject what its two examiners gave, where the mean would stand.
    """
    fixed = list(decided)
    parts = {subject: only(sheet, subject) for subject in pairs}
    ranked = [
        sorted(pair, key=partial(_points, parts[subject], codes)) for subject, pair in pairs.items()
    ]
    extremes = ([lower for lower, _ in ranked], [higher for _, higher in ranked])
    verdicts = [together(sheet, codes, [*fixed, *some], frozenset()) for some in extremes]
    if verdicts[0].passed == verdicts[1].passed:
        return {}
    found = {subject: differing(parts[subject], codes, *pair) for subject, pair in pairs.items()}
    return {subject: steps for subject, steps in found.items() if steps}


def _points(part: Sheet, codes: Sequence[str], scores: Scores) -> Fraction:
    return scoring.total(part, codes, scores.marks)
