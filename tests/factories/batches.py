"""Banks and specifications of the size of a sitting, made by seeded chance (批量组卷)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from exams.assembly import SectionRule, TopicBounds
from exams.batch.checking import Asked, Verdict, Wanted, check
from exams.batch.stock import Places, Specification, Stock

KINDS = ("true_false", "single_choice")


def a_bank(
    questions: int = 3_000, *, topics: int = 12, seed: int = 1, twins: int = 200, mean: float = 0.72
) -> Stock:
    """Return a bank of two kinds in uneven topics, with groups of questions that say the same."""
    chance = np.random.default_rng(seed)
    share = chance.dirichlet(np.full(topics, 4.0))
    group = np.arange(questions)
    for number in range(twins):
        members = chance.choice(questions, int(chance.integers(2, 5)), replace=False)
        group[members] = questions + number
    return Stock(
        section=chance.choice([0, 1, -1], questions, p=[0.55, 0.4, 0.05]),
        topic=chance.choice(topics, questions, p=share),
        facility=np.clip(chance.beta(6 * mean, 6 * (1 - mean), questions), 0.3, 0.98),
        error=np.full(questions, 0.06),
        group=group,
        used=chance.poisson(20, questions),
        topics=[f"topic {number}" for number in range(topics)],
    )


def a_specification(
    stock: Stock,
    *,
    counts: Sequence[int] = (35, 15),
    points: Sequence[int] = (2, 2),
    target: float | None = 76.0,
    cap: int | None = None,
) -> Specification:
    """Return a specification whose topics follow the bank, give or take one question."""
    sections = []
    for place, (kind, count, worth) in enumerate(zip(KINDS, counts, points, strict=True)):
        held = np.bincount(stock.topic[stock.section == place], minlength=len(stock.topics))
        shares = held / held.sum() * count
        topics = {
            name: TopicBounds(minimum=max(0, int(share) - 1), maximum=int(share) + 2)
            for name, share in zip(stock.topics, shares, strict=True)
        }
        sections.append(SectionRule(kind=kind, count=count, points=worth, topics=topics))
    return Specification(sections=sections, target=target, cap=cap)


def checked(stock: Stock, specification: Specification, papers: Places) -> Verdict:
    """Count what is wrong with papers, by the checker that shares no code."""
    return check(
        papers.tolist(),
        asked(stock),
        wanted(specification),
        target=specification.target,
        tolerance=specification.tolerance,
        cap=specification.cap,
        required=specification.required,
        excluded=specification.excluded,
    )


def asked(stock: Stock) -> Mapping[int, Asked]:
    """Return the questions in plain words."""
    return {
        place: Asked(
            kind=(*KINDS, "other")[stock.section[place]],
            topic=stock.topics[stock.topic[place]],
            facility=float(stock.facility[place]),
            group=int(stock.group[place]),
            is_live=bool(stock.section[place] >= 0),
        )
        for place in range(len(stock))
    }


def wanted(specification: Specification) -> list[Wanted]:
    """Return the sections in plain words."""
    return [
        Wanted(
            kind=rule.kind,
            count=rule.count,
            points=rule.points,
            topics={name: (one.minimum, one.maximum) for name, one in rule.topics.items()},
        )
        for rule in specification.sections
    ]
