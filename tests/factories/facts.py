"""Facts of a few people as plain values, and what the engine counts from them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from certificates import sums
from certificates.definitions import Question
from certificates.editions import Edition, Rule, Rules
from certificates.facts import RecordKind
from certificates.papers import BEGIN, END, FIRST_MISSING, REASONS, File, Line, paper
from certificates.spans import Span
from certificates.stretches import Place, PostLine, Stretch, of_person
from certificates.validity import Happening, Validity

#: Where and what every organisation is, unless a test says otherwise.
COMMON = Place(BEGIN, END, 1, "", 0, False, frozenset())


@dataclass(frozen=True, kw_only=True)
class PostFact:
    """That somebody holds a post over a span of days."""

    person_id: UUID
    organisation_id: UUID
    role: str
    items: frozenset[str]
    span: Span


@dataclass(frozen=True, kw_only=True)
class CertificateFact:
    """That somebody was certified, and what befell the certificate since."""

    person_id: UUID
    role: str
    item: str | None
    validity: Validity
    happenings: Sequence[Happening] = ()


@dataclass(frozen=True, kw_only=True)
class RecordFact:
    """One line of a training file."""

    person_id: UUID
    kind: RecordKind
    on: date
    purpose: str | None = None
    role: str | None = None
    item: str | None = None


@dataclass(frozen=True, kw_only=True)
class Facts:
    """Everything known of a few people."""

    posts: Sequence[PostFact] = ()
    certificates: Sequence[CertificateFact] = ()
    records: Sequence[RecordFact] = ()
    #: Where organisations stood, by their ids; `COMMON` where nothing is said.
    places: Mapping[UUID, Sequence[Place]] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Counted:
    """Who must, who does, and who is left out, on one day."""

    required: frozenset[UUID]
    covered: frozenset[UUID]
    excluded: frozenset[UUID]
    reasons: Mapping[UUID, str]

    @property
    def missing(self) -> frozenset[UUID]:
        """Who must and does not."""
        return self.required - self.covered


def stretches_of(question: Question, facts: Facts) -> dict[UUID, list[Stretch]]:
    """Return the stretches that the engine makes of the facts, for one question."""
    edition = Edition(start=BEGIN, end=END, question=question)
    rules = Rules(every=(Rule(number=1, editions=(edition,)),))
    people = {each.person_id for each in facts.posts}
    return {who: _stretches(who, facts, rules) for who in people}


def count(question: Question, facts: Facts, *, on: date) -> Counted:
    """Return what the sums of the engine say of everybody on a day, one person at a time."""
    day = on.toordinal()
    found: dict[str, set[UUID]] = {"required": set(), "covered": set(), "excluded": set()}
    reasons = {}
    per_year = {1} if question.per_year else set()
    for who, stretches in stretches_of(question, facts).items():
        changes = sums.changes(stretches, lambda _: (1,), per_year)
        required, missing, excluded = (
            sum(six[place] for (_, _, when), six in changes.items() if when <= day)
            for place in range(3)
        )
        if required:
            found["required"].add(who)
        if required - missing:
            found["covered"].add(who)
        if excluded:
            found["excluded"].add(who)
        if missing:
            here = [each.state for each in stretches if each.start <= day < each.end]
            reasons[who] = REASONS[min(state for state in here if state >= FIRST_MISSING)]
    return Counted(**{name: frozenset(who) for name, who in found.items()}, reasons=reasons)


def _stretches(who: UUID, facts: Facts, rules: Rules) -> list[Stretch]:
    numbers = {each.organisation_id: each.organisation_id.int for each in facts.posts}
    stood = {one.int: each for one, each in facts.places.items()}
    posts = [
        PostLine(
            numbers[each.organisation_id],
            each.role,
            tuple(sorted(each.items)),
            each.span.from_on.toordinal(),
            each.span.until_on.toordinal(),
        )
        for each in facts.posts
        if each.person_id == who and not each.span.is_empty
    ]
    papers = [
        paper(each.role, each.item, each.validity, each.happenings)
        for each in facts.certificates
        if each.person_id == who
    ]
    lines = [
        Line(each.kind, each.on.toordinal(), each.purpose, each.role, each.item)
        for each in facts.records
        if each.person_id == who
    ]
    held = [(post.role, post.start, post.end) for post in posts]
    file = File(papers=papers, lines=lines, posts=held)
    return of_person(posts, file, rules, lambda place: stood.get(place, [COMMON]))
