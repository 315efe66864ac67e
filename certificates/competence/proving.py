"""Pure: whether a proof holds of a person on a day, since when, and until when (能力证明)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

from certificates import definitions, timelines
from certificates.competence.frameworks import Framework, Proof
from certificates.competence.kinds import ProofKind
from certificates.competence.knowing import Known, Sat
from certificates.papers import COVERED, END, REASONS
from server.people.drafts import Education
from server.people.roster import EXAMINED_AS, PostRole
from server.training.kinds import Grade as EngineerGrade

#: A year in post, in days.
YEAR = 365

_EDUCATION = {each.value: place for place, each in enumerate(Education)}
_ENGINEER = {each.value: place for place, each in enumerate(EngineerGrade)}


@dataclass(frozen=True, kw_only=True)
class Finding:
    """What became of one proof on a day."""

    proof: Proof
    holds: bool
    #: Since when it holds; None where it does not, or nobody can say.
    since: date | None = None
    #: The last day on which it holds, nothing else happening; None while no end is known.
    until: date | None = None
    #: Why it does not hold: `never`, `expired`, `too_little`, or a reason of coverage.
    why: str | None = None
    #: What there is of what is counted: hours, days in post, a mark, percent; as text.
    have: str | None = None


def last_day(of: date, months: int | None) -> date | None:
    """Return the last day on which a proof of a day lasts; None where it lasts for ever."""
    return None if months is None else definitions.months_later(of, months) - timedelta(days=1)


def first_day(on: date, months: int) -> date:
    """Return the first day of which a proof still lasts on a day."""
    found = definitions.months_later(on, -months)
    while (last := last_day(found, months)) is not None and last < on:
        found += timedelta(days=1)
    return found


def finding(
    proof: Proof, competence: str, known: Known, framework: Framework, *, on: date
) -> Finding:
    """Return whether a proof holds on a day.

    Args:
        proof: what is asked for.
        competence: of which competence: marks and entries are for one.
        known: what is known of the person; what lies after the day is left out.
        framework: says which posts are meant where the proof does not.
        on: the day.
    """
    roles = frozenset(proof.roles or framework.roles)
    return _RULES[proof.kind](proof, competence, known, roles, on)


def _measure(
    proof: Proof, _competence: str, known: Known, roles: frozenset[str], on: date
) -> Finding:
    measure = definitions.measures()[proof.measure or ""]
    found = [
        segment
        for role in sorted(roles)
        for segment in timelines.timeline(measure, _need(role), known.file)
        if segment.start <= on.toordinal() < segment.end
    ]
    best = min(found, key=lambda one: (one.state != COVERED, -one.end, one.state))
    if best.state != COVERED:
        return Finding(proof=proof, holds=False, why=REASONS[best.state].value)
    until = None if best.end >= END else date.fromordinal(best.end - 1)
    return Finding(proof=proof, holds=True, since=date.fromordinal(best.start), until=until)


def _need(role: str) -> timelines.Need:
    return timelines.Need(f"{_examined_as(role)}:")


def _examined_as(role: str) -> str:
    post = PostRole(role)
    return EXAMINED_AS.get(post, post).value


def _sat(proof: Proof, _competence: str, known: Known, roles: frozenset[str], on: date) -> Finding:
    practical = proof.kind is ProofKind.PRACTICAL
    asked = {_examined_as(role) for role in roles}
    sat = [
        each
        for each in known.exams
        if each.practical is practical and each.role in asked and each.on <= on
    ]
    good = [each.on for each in sat if each.passed and _reaches(each, proof.percent or 0)]
    if sat and not good:
        return Finding(proof=proof, holds=False, why="too_little", have=_best(sat))
    return _latest(proof, good, on)


def _reaches(sat: Sat, percent: int) -> bool:
    return sat.share is not None and sat.share * 100 >= percent


def _best(sat: Iterable[Sat]) -> str | None:
    shares = [each.share for each in sat if each.share is not None]
    return f"{int(max(shares) * 100)} %" if shares else None


def _hours(
    proof: Proof, _competence: str, known: Known, _roles: frozenset[str], on: date
) -> Finding:
    months = proof.months or 0
    first = first_day(on, months)
    counting = sorted(
        (each for each in known.trainings if each.purpose in proof.purposes),
        key=lambda each: each.on,
        reverse=True,
    )
    total = Fraction(0)
    for each in counting:
        if first <= each.on <= on:
            total += each.hours
            if total >= (proof.hours or 0):
                until = last_day(each.on, months)
                have = f"{float(total):.1f}"
                newest = max(one.on for one in counting if one.on <= on)
                return Finding(proof=proof, holds=True, since=newest, until=until, have=have)
    return Finding(proof=proof, holds=False, why="too_little", have=f"{float(total):.1f}")


def _years(
    proof: Proof, _competence: str, known: Known, roles: frozenset[str], on: date
) -> Finding:
    spans = timelines.merged(
        (
            start.toordinal(),
            min(end, on + timedelta(days=1)).toordinal() if end else on.toordinal() + 1,
        )
        for role, start, end in known.posts
        if role in roles and start <= on
    )
    needed = (proof.years or 0) * YEAR
    held = 0
    for start, end in spans:
        if held + end - start >= needed:
            reached = date.fromordinal(start + needed - held)
            total = sum(last - first for first, last in spans)
            return Finding(proof=proof, holds=True, since=min(reached, on), have=f"{total}")
        held += end - start
    return Finding(proof=proof, holds=False, why="too_little", have=f"{held}")


def _mark(proof: Proof, competence: str, known: Known, _roles: frozenset[str], on: date) -> Finding:
    given = [each for each in known.marks if each.competence == competence and each.on <= on]
    if not given:
        return Finding(proof=proof, holds=False, why="never")
    latest = max(given, key=lambda each: each.on)
    if latest.mark < (proof.mark or 0):
        return Finding(proof=proof, holds=False, why="too_little", have=str(latest.mark))
    return _latest(proof, [latest.on], on, have=str(latest.mark))


def _education(
    proof: Proof, _competence: str, known: Known, _roles: frozenset[str], _on: date
) -> Finding:
    holds = known.education is not None and (
        _EDUCATION[known.education] >= _EDUCATION[proof.education or ""]
    )
    why = None if holds else ("too_little" if known.education else "never")
    return Finding(proof=proof, holds=holds, why=why, have=known.education)


def _engineer(
    proof: Proof, _competence: str, known: Known, _roles: frozenset[str], on: date
) -> Finding:
    least = _ENGINEER[proof.engineer] if proof.engineer else 0
    fitting = [each for each in known.engineer if _ENGINEER[each.grade] >= least]
    standing = [each for each in fitting if each.valid_from <= on <= each.valid_until]
    if standing:
        best = max(standing, key=lambda each: each.valid_until)
        return Finding(proof=proof, holds=True, since=best.valid_from, until=best.valid_until)
    past = any(each.valid_until < on for each in fitting)
    return Finding(proof=proof, holds=False, why="expired" if past else "never")


def _clean(
    proof: Proof, _competence: str, known: Known, _roles: frozenset[str], on: date
) -> Finding:
    heavy = [each for each in known.violations if each <= on]
    if not heavy:
        return Finding(proof=proof, holds=True)
    until = last_day(max(heavy), proof.months)
    if until is not None and until < on:
        return Finding(proof=proof, holds=True, since=until + timedelta(days=1))
    return Finding(proof=proof, holds=False, why="violation")


def _entry(
    proof: Proof, competence: str, known: Known, _roles: frozenset[str], on: date
) -> Finding:
    days = [
        each.on
        for each in known.presented
        if each.competence == competence and each.kind in proof.record_kinds and each.on <= on
    ]
    return _latest(proof, days, on)


def _latest(proof: Proof, days: Sequence[date], on: date, *, have: str | None = None) -> Finding:
    """Return what the latest of some days proves."""
    if not days:
        return Finding(proof=proof, holds=False, why="never", have=have)
    until = last_day(max(days), proof.months)
    if until is not None and until < on:
        return Finding(proof=proof, holds=False, why="expired", have=have)
    return Finding(proof=proof, holds=True, since=max(days), until=until, have=have)


_RULES: Mapping[ProofKind, Callable[[Proof, str, Known, frozenset[str], date], Finding]] = {
    ProofKind.MEASURE: _measure,
    ProofKind.EXAM: _sat,
    ProofKind.PRACTICAL: _sat,
    ProofKind.HOURS: _hours,
    ProofKind.YEARS: _years,
    ProofKind.MARK: _mark,
    ProofKind.EDUCATION: _education,
    ProofKind.ENGINEER: _engineer,
    ProofKind.CLEAN: _clean,
    ProofKind.ENTRY: _entry,
}
