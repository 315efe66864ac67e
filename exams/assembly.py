"""Drawing a paper from a pool by a specification and a seed (组卷).

Every constraint is met, or nothing is drawn and the shortage is named. Which questions can stand
together is a question of flow in a network: each section takes its count out of its topics, each
topic lies between its minimum and its maximum, and each group of duplicates gives one question at
most. Greedy choice in the order of the lots comes first; where it gets stuck, augmenting paths
exchange what was chosen. A paper is therefore found whenever there is one.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from exams import dice, flow


@dataclass(frozen=True, kw_only=True)
class Candidate:
    """A question version that may be drawn."""

    question_id: UUID
    version_id: UUID
    kind: str
    topic: str
    #: Expected share of candidates who answer it rightly, 0 to 1; None where nobody knows.
    difficulty: float | None = None
    #: First responses that stand behind it, 0 for an author's estimate.
    response_count: int = 0
    #: How often it has been asked before.
    exposure_count: int = 0
    #: Questions of one group say the same thing: never two of them on one paper.
    duplicate_group: UUID | None = None

    @property
    def group(self) -> UUID:
        """The group that gives one question at most; a question without twins is its own."""
        return self.duplicate_group or self.question_id


@dataclass(frozen=True, kw_only=True)
class TopicBounds:
    """How many questions of one topic a section takes, both ends included."""

    minimum: int = 0
    maximum: int | None = None


@dataclass(frozen=True, kw_only=True)
class SectionRule:
    """A part of the paper: so many questions of one kind, worth so much each."""

    kind: str
    count: int
    #: What each question of the section is worth.
    points: int
    topics: Mapping[str, TopicBounds] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class DrawnItem:
    """A question in its place on the paper."""

    #: Number of the place, from 1, running through all sections.
    slot: int
    #: Number of the section, from 0.
    section: int
    candidate: Candidate
    points: int


@dataclass(frozen=True, kw_only=True)
class Shortage:
    """What the pool lacks for one section; the topic is None where the kind itself is short."""

    section: int
    kind: str
    topic: str | None
    needed: int
    missing: int


@dataclass(frozen=True, kw_only=True)
class Drawing:
    """A whole paper, or the reasons why there is none; never half of both."""

    items: tuple[DrawnItem, ...]
    shortages: tuple[Shortage, ...]


def draw(sections: Sequence[SectionRule], pool: Iterable[Candidate], *, seed: bytes) -> Drawing:
    """Draw one paper.

    The same seed, specification and pool give the same paper, in whatever order the pool comes.
    Questions that rested come up more: the lot of one that was asked as often as the others on
    the average counts twice as high as that of one that never was.

    Args:
        sections: the specification, in the order of the paper.
        pool: what may be drawn; one version of each question.
        seed: the secret of the draw, at least 16 bytes.
    """
    every = list(pool)
    asked = max(1, sum(one.exposure_count for one in every))

    def turn(one: Candidate) -> tuple[int, UUID]:
        # In whole numbers, so that any machine orders them alike.
        weight = asked + one.exposure_count * len(every)
        return dice.lot(seed, one.question_id.bytes) * weight, one.question_id

    urn = sorted(every, key=turn)
    network = _network(sections, urn)
    short = tuple(_shortages(sections, network))
    items = () if short else tuple(_placed(sections, network, urn))
    return Drawing(items=items, shortages=short)


def supply(sections: Sequence[SectionRule], pool: Iterable[Candidate]) -> list[dict[str, int]]:
    """Return what the pool holds for each section: groups of duplicates by topic.

    A group counts once in each topic it could serve, for it can give one question only.
    """
    holding: list[dict[str, set[UUID]]] = [{} for _ in sections]
    for one in pool:
        for place, section in enumerate(sections):
            if section.kind == one.kind:
                holding[place].setdefault(one.topic, set()).add(one.group)
    return [{topic: len(of) for topic, of in sorted(held.items())} for held in holding]


def _cell(section: int, rule: SectionRule, topic: str) -> flow.Cell:
    """Return the place in the network that a topic fills; unbounded topics share one."""
    return (section, topic if topic in rule.topics else None)


def _network(sections: Sequence[SectionRule], urn: Sequence[Candidate]) -> flow.Network:
    """Fill the sections from the urn as far as possible: minima first, then the rest."""
    network = flow.Network(counts=[rule.count for rule in sections])
    for place, rule in enumerate(sections):
        network.add_cell((place, None), minimum=0, maximum=None)
        for topic, bounds in rule.topics.items():
            network.add_cell((place, topic), minimum=bounds.minimum, maximum=bounds.maximum)
        for one in urn:
            if one.kind == rule.kind:
                network.offer(one.group, _cell(place, rule, one.topic))
    network.fill()
    return network


def _shortages(sections: Sequence[SectionRule], network: flow.Network) -> Iterable[Shortage]:
    """Name every topic below its minimum, and every kind that is short beyond that."""
    for place, rule in enumerate(sections):
        lacking = 0
        for topic, bounds in sorted(rule.topics.items()):
            missing = bounds.minimum - network.load((place, topic))
            if missing > 0:
                lacking += missing
                yield Shortage(
                    section=place,
                    kind=rule.kind,
                    topic=topic,
                    needed=bounds.minimum,
                    missing=missing,
                )
        rest = rule.count - network.section_load(place) - lacking
        if rest > 0:
            yield Shortage(
                section=place, kind=rule.kind, topic=None, needed=rule.count, missing=rest
            )


def _placed(
    sections: Sequence[SectionRule], network: flow.Network, urn: Sequence[Candidate]
) -> Iterable[DrawnItem]:
    """Turn chosen groups into numbered items: of each group, the member with the lowest lot."""
    chosen: list[list[Candidate]] = [[] for _ in sections]
    taken: set[UUID] = set()
    for one in urn:
        cell = network.cell_of(one.group)
        if cell is None or one.group in taken:
            continue
        rule = sections[cell[0]]
        if one.kind == rule.kind and _cell(cell[0], rule, one.topic) == cell:
            taken.add(one.group)
            chosen[cell[0]].append(one)
    slot = 0
    for place, rule in enumerate(sections):
        for one in chosen[place]:
            slot += 1
            yield DrawnItem(slot=slot, section=place, candidate=one, points=rule.points)


def contradictions(sections: Sequence[SectionRule]) -> list[tuple[int, str]]:
    """Return what no pool could ever meet: number of the section and the fault, in order."""
    return [(place, fault) for place, rule in enumerate(sections) for fault in _faults_of(rule)]


def _faults_of(rule: SectionRule) -> Iterable[str]:
    bounds = rule.topics.values()
    if rule.count < 1:
        yield "count_below_one"
    if rule.points < 1:
        yield "points_below_one"
    if any(one.minimum < 0 for one in bounds):
        yield "negative"
    if any(one.maximum is not None and one.maximum < one.minimum for one in bounds):
        yield "minimum_above_maximum"
    if sum(one.minimum for one in bounds) > max(rule.count, 1):
        yield "minima_above_count"
