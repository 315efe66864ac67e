"""What a specification says beyond its sections: how hard, and which questions (组卷要求)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Any
from uuid import UUID

from exams.assembly import SectionRule


@dataclass(frozen=True, kw_only=True)
class Choice:
    """How hard papers are, and which questions they take or leave."""

    #: Points that the average candidate is expected to reach; None leaves it to the bank.
    target_points: float | None = None
    #: By how many points a paper may lie beside that.
    tolerance_points: float = 0.5
    #: On how many papers of an exam a question may come up; None for no limit.
    most_uses: int | None = None
    #: How many candidates may be given a question over all exams; None for no limit.
    most_lifetime_uses: int | None = None
    required_question_ids: tuple[UUID, ...] = ()
    excluded_question_ids: tuple[UUID, ...] = ()
    #: Whether a part of a multiple choice earns a part of its points; None as the standard says.
    partial_credit: bool | None = None

    def stored(self) -> dict[str, Any]:
        """Return it as the table keeps it."""
        kept = asdict(self)
        for name in ("required_question_ids", "excluded_question_ids"):
            kept[name] = sorted({str(one) for one in kept[name]})
        return kept


def contradictions(sections: Sequence[SectionRule], choice: Choice) -> Iterable[str]:
    """Return what no pool could ever meet."""
    points = sum(rule.count * rule.points for rule in sections)
    kinds = [rule.kind for rule in sections]
    if choice.target_points is not None and not 0 < choice.target_points <= points:
        yield "target_out_of_scale"
    if set(choice.required_question_ids) & set(choice.excluded_question_ids):
        yield "required_and_excluded"
    if len(choice.required_question_ids) > sum(rule.count for rule in sections):
        yield "required_above_count"
    needs_a_batch = choice.target_points is not None or choice.required_question_ids
    if len(set(kinds)) != len(kinds) and (needs_a_batch or choice.excluded_question_ids):
        yield "kind_twice"
