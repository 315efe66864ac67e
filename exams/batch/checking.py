"""Counting what is wrong with the papers of a sitting; shares no code with what made them (核查).

Reads raw rows and the specification only. A sitting is sealed when every count is nought.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What is known of a question: the words of the bank itself."""

    kind: str
    topic: str
    #: Expected share of right answers, 0 to 1.
    facility: float
    group: object
    is_live: bool = True


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """One section of a specification, in plain words."""

    kind: str
    count: int
    points: int
    #: Topic → least and most; None for no most.
    topics: Mapping[str, tuple[int, int | None]]


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """How many papers, or questions, break each rule; all nought is right."""

    #: Papers with another number of questions than was asked for.
    wrong_size: int = 0
    #: Papers on which a question stands twice.
    repeated: int = 0
    #: Papers with a question that is not live, excluded or not known.
    not_allowed: int = 0
    #: Papers that lack a required question.
    required_missing: int = 0
    #: Papers with another number of a kind than was asked for.
    wrong_kind: int = 0
    #: Papers with too few or too many of a topic.
    wrong_topic: int = 0
    #: Papers with two questions of one group.
    enemies: int = 0
    #: Papers whose expected score lies outside the tolerance.
    off_target: int = 0
    #: Questions that come up more often than the cap.
    over_cap: int = 0

    @property
    def is_right(self) -> bool:
        """Whether nothing is wrong."""
        return not any(getattr(self, field.name) for field in fields(self))


def check(
    papers: Iterable[Sequence[int]],
    bank: Mapping[int, Asked],
    sections: Sequence[Wanted],
    *,
    target: float | None = None,
    tolerance: float = 0.5,
    cap: int | None = None,
    required: frozenset[int] = frozenset(),
    excluded: frozenset[int] = frozenset(),
) -> Verdict:
    """Count what is wrong."""
    faults: Counter[str] = Counter()
    seen: Counter[int] = Counter()
    for paper in papers:
        seen.update(paper)
        faults.update(_faults(paper, bank, sections, target, tolerance, required, excluded))
    if cap is not None:
        faults["over_cap"] = sum(
            1 for question, times in seen.items() if times > cap and question not in required
        )
    return Verdict(**{field.name: faults[field.name] for field in fields(Verdict)})


def _faults(
    paper: Sequence[int],
    bank: Mapping[int, Asked],
    sections: Sequence[Wanted],
    target: float | None,
    tolerance: float,
    required: frozenset[int],
    excluded: frozenset[int],
) -> Iterable[str]:
    asked = [bank[question] for question in paper if question in bank]
    kinds = Counter({section.kind: section.count for section in sections})
    points = {section.kind: section.points for section in sections}
    expected = sum(one.facility * points.get(one.kind, 0) for one in asked)
    broken = {
        "wrong_size": len(paper) != sum(section.count for section in sections),
        "repeated": len(set(paper)) != len(paper),
        "not_allowed": len(asked) != len(paper)
        or any(not one.is_live for one in asked)
        or bool(excluded.intersection(paper)),
        "required_missing": not required.issubset(paper),
        "wrong_kind": Counter(one.kind for one in asked) != kinds,
        "wrong_topic": _topics_are_wrong(asked, sections),
        "enemies": len({one.group for one in asked}) != len(asked),
        # A hair's breadth for sums of floats in another order.
        "off_target": target is not None and abs(expected - target) > tolerance + 1e-9,
    }
    return (fault for fault, is_there in broken.items() if is_there)


def _topics_are_wrong(asked: Sequence[Asked], sections: Sequence[Wanted]) -> bool:
    counted = Counter((one.kind, one.topic) for one in asked)
    return any(
        counted[section.kind, topic] < least
        or (most is not None and counted[section.kind, topic] > most)
        for section in sections
        for topic, (least, most) in section.topics.items()
    )
