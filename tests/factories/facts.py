"""Facts of a few people as plain values, and what the engine counts from them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from uuid import UUID

import numpy as np

from certificates import sums
from certificates.columns import (
    KIND_NUMBERS,
    LEVEL_NUMBERS,
    Files,
    Lessons,
    Lines,
    Papers,
    Posts,
    Spots,
    Standings,
    Tree,
)
from certificates.definitions import Question
from certificates.editions import Edition, Rule, Rules
from certificates.facts import RecordKind
from certificates.many_stretches import Counting
from certificates.on_post_facts import Person, Spell, Taught
from certificates.papers import BEGIN, END, FIRST_MISSING, REASONS, File, Line, paper
from certificates.spans import FOREVER, Span
from certificates.stretches import (
    ROLE_NUMBERS,
    Place,
    PostLine,
    Stretch,
    item_number,
    of_person,
)
from certificates.sweeping import Numbers
from certificates.validity import Happening, Validity
from server.regions.tree import root_of

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
    #: Of lessons at work: their level, hours, and whose people they were for.
    level: str | None = None
    hours: int = 8
    taught_for: UUID | None = None


@dataclass(frozen=True, kw_only=True)
class Facts:
    """Everything known of a few people."""

    posts: Sequence[PostFact] = ()
    certificates: Sequence[CertificateFact] = ()
    records: Sequence[RecordFact] = ()
    #: Where organisations stood, by their ids; `COMMON` where nothing is said.
    places: Mapping[UUID, Sequence[Place]] = field(default_factory=dict)
    #: The paths of organisations that lie beneath another.
    paths: Mapping[UUID, str] = field(default_factory=dict)

    def path(self, organisation_id: UUID) -> str:
        """Return where an organisation stands in its tree."""
        return self.paths.get(organisation_id, f"/{organisation_id}/")

    def at(self) -> set[UUID]:
        """Return where posts are held."""
        return {each.organisation_id for each in self.posts}

    def lessons(self) -> list[RecordFact]:
        """Return what was taught at the post, or for it."""
        return [
            each
            for each in self.records
            if each.kind is RecordKind.TRAINED
            and (each.purpose == "induction" or (each.purpose == "post_change" and each.level))
        ]


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
    return {who: stretches_of_one(who, facts, rules) for who in people}


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


def stretches_of_one(who: UUID, facts: Facts, rules: Rules) -> list[Stretch]:
    """Return the stretches that the engine makes of one person."""
    numbers = {each.organisation_id: each.organisation_id.int for each in facts.posts}
    stood = {one.int: each for one, each in facts.places.items()}
    posts = [
        PostLine(
            numbers[each.organisation_id],
            each.role,
            tuple(sorted(each.items)),
            each.span.from_on.toordinal(),
            each.span.until_on.toordinal(),
            _spell(each, facts),
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
    inducted = Person(
        taught=[_taught(each, facts) for each in facts.lessons() if each.person_id == who],
        spells=[post.spell for post in posts if post.spell],
    )
    file = File(papers=papers, lines=lines, posts=held, inducted=inducted)
    return of_person(posts, file, rules, lambda place: stood.get(place, [COMMON]))


def _spell(post: PostFact, facts: Facts) -> Spell:
    path = facts.path(post.organisation_id)
    until = None if post.span.until_on == FOREVER else post.span.until_on
    place = (root_of(path), post.organisation_id, post.role, post.items)
    return Spell(*place, post.span.from_on, until, path)


def _taught(line: RecordFact, facts: Facts) -> Taught:
    path = facts.path(line.taught_for) if line.taught_for else ""
    what = (Decimal(line.hours), line.purpose or "", line.level)
    return Taught(line.on, *what, root_of(path), path)


def stretches_of_all(rules: Rules, facts: Facts) -> dict[UUID, set[Stretch]]:
    """Return the stretches that the engine makes of everybody at once, in columns."""
    names = sorted({each.person_id for each in facts.posts})
    purposes = {each.purpose for each in facts.records if each.purpose}
    codes = {name: number for number, name in enumerate(sorted(purposes), start=1)}
    stood = {
        each.organisation_id.int: facts.places.get(each.organisation_id, [COMMON])
        for each in facts.posts
    }
    number = {who: place for place, who in enumerate(names, start=1)}
    papers = [
        (number[each.person_id], ROLE_NUMBERS[each.role], item_number(each.item or ""), made)
        for each in facts.certificates
        if each.person_id in number
        and (made := paper(each.role, each.item, each.validity, each.happenings)).segments
    ]
    files = Files(
        people=np.array(list(number.values()), np.int64),
        posts=Posts(*_columns(_post_rows(facts, number), 7)),
        papers=Papers(*_columns([(*who, one.first_day) for *who, one in papers], 4)),
        standings=Standings(
            *_columns([(*who, *each) for *who, one in papers for each in one.segments], 6)
        ),
        lines=Lines(*_columns([_line_row(each, number, codes) for each in facts.records], 7)),
        purposes=codes,
        lessons=Lessons(*_columns([_lesson_row(each, number) for each in facts.lessons()], 6)),
        tree=Tree({one.int: facts.path(one) for one in (*facts.paths, *facts.at())}),
    )
    found: dict[UUID, set[Stretch]] = {who: set() for who in names}
    for columns in Counting(rules, Spots(stood)).stretches(files):
        for row in np.stack(columns).T.tolist():
            found[names[row[0] - 1]].add(Stretch(*row[1:]))
    return found


def _post_rows(facts: Facts, number: Mapping[UUID, int]) -> list[tuple[int, ...]]:
    return [
        (
            number[each.person_id],
            each.organisation_id.int,
            ROLE_NUMBERS[each.role],
            item_number(item),
            int(place == 0),
            each.span.from_on.toordinal(),
            each.span.until_on.toordinal(),
        )
        for each in facts.posts
        if not each.span.is_empty
        for place, item in enumerate(sorted(each.items) or [""])
    ]


def _line_row(
    each: RecordFact, number: Mapping[UUID, int], purposes: Mapping[str, int]
) -> tuple[int, ...]:
    return (
        number.get(each.person_id, 0),
        KIND_NUMBERS[each.kind],
        each.on.toordinal(),
        purposes.get(each.purpose or "", 0),
        ROLE_NUMBERS.get(each.role or "", 0),
        item_number(each.item or ""),
        0,
    )


def _lesson_row(each: RecordFact, number: Mapping[UUID, int]) -> tuple[int, ...]:
    return (
        number.get(each.person_id, 0),
        each.taught_for.int if each.taught_for else 0,
        each.on.toordinal(),
        LEVEL_NUMBERS.get(each.level or "", 0),
        int(each.purpose == "post_change"),
        each.hours * 10,
    )


def _columns(rows: Sequence[tuple[int, ...]], width: int) -> Numbers:
    return np.array(sorted(rows), np.int64).reshape(-1, width).T
