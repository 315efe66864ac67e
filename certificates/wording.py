"""What a figure means, in words: numerator, denominator, exclusions (口径说明)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from certificates import definitions
from certificates.definitions import Grace, Question
from certificates.stretches import CERTIFIED_AS


@dataclass(frozen=True, kw_only=True)
class Definition:
    """Numerator, denominator and exclusions of a figure."""

    #: `person`: each person once; `organisation`: each once.
    counting_unit: str
    numerator_zh: str
    numerator_en: str
    denominator_zh: str
    denominator_en: str
    excluded_zh: str
    excluded_en: str


def definition(question: Question, *, on: date) -> Definition:
    """Return what is counted, who is counted, and who is left out, on the day `on`."""
    zh, en = f"{on.isoformat()} 当日：", f"On {on.isoformat()}: "
    if question.per_year:
        zh = f"{on.year}-01-01 至 {on.isoformat()}："
        en = f"From {on.year}-01-01 to {on.isoformat()}: "
    measure, excluded = question.measure, _graces(question)
    return Definition(
        counting_unit=question.subject.value,
        numerator_zh=f"{zh}分母范围内，{measure.zh}；每人（单位）只计一次",
        numerator_en=f"{en}of the denominator, each counted once, who {measure.en}",
        denominator_zh=zh + "、".join(each.zh for each in question.populations),
        denominator_en=en + " and ".join(each.en for each in question.populations),
        excluded_zh="；".join(each.source_zh for each in excluded) or "无",
        excluded_en="; ".join(each.source_en for each in excluded) or "nobody",
    )


def _graces(question: Question) -> list[Grace]:
    """Return the graces that can apply, each source once."""
    if not question.measure.grace:
        return []
    roles = {CERTIFIED_AS.get(role, role) for each in question.populations for role in each.roles}
    by_source = {each.source_zh: each for each in definitions.graces() if each.role in roles}
    return list(by_source.values())
