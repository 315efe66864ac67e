"""Counting one indicator from plain facts: who must, who does, who is left out (指标计算)."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from certificates import definitions
from certificates.coverage import Coverage, Evidence, Need, Reason, assess, why_missing
from certificates.definitions import Basis, Measure, Part, Population, Subject
from certificates.facts import Facts, PostFact, RecordFact, RecordKind
from certificates.spans import Span
from certificates.validity import anniversary
from server.people.roster import EXAMINED_AS

#: The role whose qualification a post calls for, where it is not the role of the post itself.
CERTIFIED_AS = {post.value: role.value for post, role in EXAMINED_AS.items()}


@dataclass(frozen=True, kw_only=True)
class Question:
    """What is counted: everybody in any of the populations, by one measure."""

    populations: tuple[Population, ...]
    measure: Measure
    #: Whether the whole calendar year up to the day is looked at, and not the day alone.
    per_year: bool = False

    @property
    def subject(self) -> Subject:
        """Whether people or organisations are counted."""
        return self.populations[0].subject

    def window(self, on: date) -> Span:
        """Return the days on which who is counted must be (or have been) in post."""
        return Span(date(on.year, 1, 1) if self.per_year else on, _morrow(on))


def count(question: Question, facts: Facts, *, on: date) -> Coverage:
    """Return who must and who does on the day `on`, everybody counted once.

    Over a calendar year, who has done it for any of their posts is counted; on a day, who has
    it for every post.
    """
    needs = list(needs_of(question, facts, on=on))
    pairs = {(need.who, need.what) for need in needs}
    met = {pair for pair in pairs if _holds(question, facts, *pair, on=on)}
    if question.per_year:
        return Coverage(
            required=frozenset(who for who, _ in pairs), covered=frozenset(who for who, _ in met)
        )
    return assess(needs, met, on=on)


def why(
    question: Question, facts: Facts, missing: Collection[UUID], *, on: date
) -> Mapping[UUID, Reason]:
    """Return why each of those who are missing is missing."""
    if question.subject is Subject.ORGANISATION or _asks_for_posts(question.measure):
        return dict.fromkeys(missing, Reason.LACKING)
    wanted, unmet = frozenset(missing), dict[UUID, list[str]]()
    for need in needs_of(question, facts, on=on):
        due = need.who in wanted and need.due_on <= on
        if due and not _holds(question, facts, need.who, need.what, on=on):
            unmet.setdefault(need.who, []).append(need.what)
    return {
        who: why_missing(_evidence(question.measure, facts, who, unmet.get(who, ()), on=on))
        for who in missing
    }


def needs_of(question: Question, facts: Facts, *, on: date) -> Iterator[Need]:
    """Yield what everybody in the population must have, and from which day it is due."""
    if question.subject is Subject.ORGANISATION:
        for organisation in facts.organisations:
            if organisation.is_enterprise and organisation.is_high_risk:
                yield Need(who=organisation.organisation_id, what=question.measure.name, due_on=on)
        return
    for post in _posts(question, facts, on=on):
        role = CERTIFIED_AS.get(post.role, post.role)
        due = definitions.due_on(role, post.span.from_on) if question.measure.grace else on
        for what in _whats(question.measure, post, role):
            yield Need(who=post.person_id, what=what, due_on=due)


def _posts(question: Question, facts: Facts, *, on: date) -> Iterator[PostFact]:
    window = question.window(on)
    for population in question.populations:
        for post in facts.posts:
            held = post.role in population.roles and _meets(post.span, window)
            if held and _is_in(population.industry, post, facts):
                yield post


def _is_in(industry: str | None, post: PostFact, facts: Facts) -> bool:
    if industry is None:
        return True
    return not post.lineage.isdisjoint(facts.in_industry.get(industry, ()))


def _whats(measure: Measure, post: PostFact, role: str) -> list[str]:
    if not measure.by_post:
        return [f"{role}:"]
    return [f"{role}:{item}" for item in sorted(post.items)] or [f"{role}:"]


def _holds(question: Question, facts: Facts, who: UUID, what: str, *, on: date) -> bool:
    return all(
        any(_part_holds(part, facts, who, what, on=on) for part in group)
        for group in question.measure.all_of
    )


def _part_holds(part: Part, facts: Facts, who: UUID, what: str, *, on: date) -> bool:
    match part.basis:
        case Basis.CERTIFICATE | Basis.CERTIFICATE_OF:
            return _is_certified(part, facts, who, what, on=on)
        case Basis.PASS:
            return _has_passed(facts, who, what, on=on)
        case Basis.TRAINING:
            return any(
                _since(part, on) <= record.on <= on for record in _trainings(part, facts, who, what)
            )
        case Basis.POST:
            return _has_post(part, facts, who, on=on)
        case _:  # a department
            return any(part.name in each.name for each in facts.departments_of.get(who, ()))


def _is_certified(part: Part, facts: Facts, who: UUID, what: str, *, on: date) -> bool:
    return any(
        certificate.status(on).stands
        for certificate in facts.certificates_of.get(who, ())
        if certificate.role in part.roles
        or (part.basis is Basis.CERTIFICATE and _what(certificate.role, certificate.item) == what)
    )


def _has_passed(facts: Facts, who: UUID, what: str, *, on: date) -> bool:
    return any(
        certificate.validity.first_day <= on
        for certificate in facts.certificates_of.get(who, ())
        if _what(certificate.role, certificate.item) == what
    ) or any(
        record.kind is RecordKind.PASSED and record.on <= on
        for record in facts.records_of.get(who, ())
        if _what(record.role, record.item) == what
    )


def _has_post(part: Part, facts: Facts, who: UUID, *, on: date) -> bool:
    posts = [*facts.posts_of.get(who, ()), *facts.posts_under.get(who, ())]
    return any(post.role in part.roles and post.span.holds(on) for post in posts)


def _trainings(part: Part, facts: Facts, who: UUID, what: str) -> Iterator[RecordFact]:
    """Yield the trainings for the part's purposes; one for a qualification must be for the post."""
    role, _, item = what.partition(":")
    for record in facts.records_of.get(who, ()):
        if record.kind is not RecordKind.TRAINED or record.purpose not in part.purposes:
            continue
        for_the_post = part.purposes == {"qualification"}
        if for_the_post and record.role not in (None, role):
            continue
        if item and record.item not in (None, item):
            continue
        yield record


def _since(part: Part, on: date) -> date:
    if part.calendar_year:
        return date(on.year, 1, 1)
    if part.within_years is not None:
        return _morrow(anniversary(on, -part.within_years))
    return date.min


def _evidence(
    measure: Measure, facts: Facts, who: UUID, unmet: Sequence[str], *, on: date
) -> Evidence:
    records = [record for record in facts.records_of.get(who, ()) if record.on <= on]
    certificates = facts.certificates_of.get(who, ())
    right = [each for each in certificates if _what(each.role, each.item) in unmet]
    parts = [part for group in measure.all_of for part in group]
    return Evidence(
        statuses=[each.status(on) for each in right] if measure.by_post else (),
        holds_another=measure.by_post
        and any(each not in right and each.status(on).stands for each in certificates),
        failed=measure.by_post
        and any(
            record.kind is RecordKind.FAILED and _what(record.role, record.item) in unmet
            for record in records
        ),
        trained=measure.by_post and any(record.kind is RecordKind.TRAINED for record in records),
        lapsed=any(
            record.on <= on
            for part in parts
            if part.basis is Basis.TRAINING
            for what in unmet
            for record in _trainings(part, facts, who, what)
            if record.on < _since(part, on)
        ),
    )


def _asks_for_posts(measure: Measure) -> bool:
    return all(
        part.basis in (Basis.POST, Basis.DEPARTMENT) for group in measure.all_of for part in group
    )


def _what(role: str | None, item: str | None) -> str:
    return f"{role}:{item or ''}"


def _meets(one: Span, other: Span) -> bool:
    return max(one.from_on, other.from_on) < min(one.until_on, other.until_on)


def _morrow(day: date) -> date:
    return date.fromordinal(day.toordinal() + 1)
