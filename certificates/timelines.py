"""Where somebody stands with what a post calls for, day by day (逐日状态)."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from certificates import inducting
from certificates.coverage import Reason
from certificates.definitions import Basis, Measure, Part
from certificates.facts import RecordKind
from certificates.on_post_facts import Spell
from certificates.papers import BEGIN, CODES, COVERED, END, File, Segment


class Need(NamedTuple):
    """What is called for."""

    #: Role and item, as certificates name them: `special_operations_worker:1.2`.
    what: str
    #: The post, and whether it is in a high-risk industry, for measures of the very post.
    post: Spell | None = None
    high_risk: bool = False


def timeline(measure: Measure, need: Need, file: File) -> list[Segment]:
    """Return where somebody stands with a measure from the first day to the last, without gaps.

    Covered where every group of the measure has a part that holds; elsewhere the most telling
    reason of that day.
    """
    least = CODES[Reason.LACKING if asks_for_posts(measure) else Reason.NEVER_TRAINED]
    found = [Segment(BEGIN, END, least)]
    for group in measure.all_of:
        for part in group:
            if part.basis is Basis.TRAINING:
                found += _lapses(part, need.what, file)
    if measure.by_post:
        found += _evidence(need.what, file)
    found += [Segment(start, end, COVERED) for start, end in _held(measure, need, file)]
    return _lowest(found)


def _held(measure: Measure, need: Need, file: File) -> list[tuple[int, int]]:
    every: list[tuple[int, int]] | None = None
    for group in measure.all_of:
        spans = merged(span for part in group for span in _BASES[part.basis](part, need, file))
        every = spans if every is None else both(every, spans)
    return every or []


def _certified(part: Part, need: Need, file: File) -> list[tuple[int, int]]:
    return [
        (each.start, each.end)
        for held in file.papers
        if (
            held.role in part.roles
            if part.basis is Basis.CERTIFICATE_OF
            else held.what == need.what
        )
        for each in held.segments
        if each.state == COVERED
    ]


def _passed(_part: Part, need: Need, file: File) -> list[tuple[int, int]]:
    what = need.what
    days = [held.first_day for held in file.papers if held.what == what]
    days += [
        line.day
        for line in file.lines
        if line.kind is RecordKind.PASSED and f"{line.role}:{line.item or ''}" == what
    ]
    return [(min(days), END)] if days else []


def _trained(part: Part, need: Need, file: File) -> list[tuple[int, int]]:
    return [(day, _last(part, day)) for day in _training_days(part, need.what, file)]


def _inducted(_part: Part, need: Need, file: File) -> list[tuple[int, int]]:
    if need.post is None:
        return []
    days = inducting.stands(file.inducted, need.post, high_risk=need.high_risk)
    return [(start.toordinal(), end.toordinal()) for start, end in days]


def _in_post(part: Part, _need: Need, file: File) -> list[tuple[int, int]]:
    return [(start, end) for role, start, end in file.posts if role in part.roles and start < end]


def _departments(part: Part, _need: Need, file: File) -> list[tuple[int, int]]:
    return [(BEGIN, END)] if any(part.name in name for name in file.departments) else []


_BASES: dict[Basis, Callable[[Part, Need, File], list[tuple[int, int]]]] = {
    Basis.CERTIFICATE: _certified,
    Basis.CERTIFICATE_OF: _certified,
    Basis.PASS: _passed,
    Basis.TRAINING: _trained,
    Basis.INDUCTION: _inducted,
    Basis.POST: _in_post,
    Basis.DEPARTMENT: _departments,
}


def _training_days(part: Part, what: str, file: File) -> list[int]:
    """Return the days of trainings for the part's purposes; one for a qualification must fit."""
    role, _, item = what.partition(":")
    for_the_post = part.purposes == {"qualification"}
    return [
        line.day
        for line in file.lines
        if line.kind is RecordKind.TRAINED
        and line.purpose in part.purposes
        and not (for_the_post and line.role not in (None, role))
        and not (item and line.item not in (None, item))
    ]


def _last(part: Part, day: int) -> int:
    """Return the first day on which a training of `day` no longer counts."""
    if part.calendar_year:
        return date(date.fromordinal(day).year + 1, 1, 1).toordinal()
    if part.within_years is not None:
        return years_later(day, part.within_years)
    return END


@lru_cache(65_536)
def years_later(day: int, years: int) -> int:
    """Return the same day so many years later; 1 March where 29 February has none."""
    then = date.fromordinal(day)
    try:
        return then.replace(year=then.year + years).toordinal()
    except ValueError:
        return date(then.year + years, 3, 1).toordinal()


def _lapses(part: Part, what: str, file: File) -> list[Segment]:
    ends = [_last(part, day) for day in _training_days(part, what, file)]
    return [Segment(min(ends), END, CODES[Reason.EXPIRED])] if ends and min(ends) < END else []


def _evidence(what: str, file: File) -> list[Segment]:
    """Return what is known beside: certificates that do not stand, others, failures, trainings."""
    found: list[Segment] = []
    for held in file.papers:
        if held.what == what:
            found += [each for each in held.segments if each.state != COVERED]
        else:
            another = CODES[Reason.WRONG_ITEM]
            found += [
                Segment(each.start, each.end, another)
                for each in held.segments
                if each.state == COVERED
            ]
    for line in file.lines:
        if line.kind is RecordKind.TRAINED:
            found.append(Segment(line.day, END, CODES[Reason.NOT_EXAMINED]))
        elif line.kind is RecordKind.FAILED and f"{line.role}:{line.item or ''}" == what:
            found.append(Segment(line.day, END, CODES[Reason.FAILED]))
    return found


def asks_for_posts(measure: Measure) -> bool:
    """Say whether a measure asks for posts or departments only: then nothing else explains it."""
    return all(
        part.basis in (Basis.POST, Basis.DEPARTMENT) for group in measure.all_of for part in group
    )


def _lowest(segments: list[Segment]) -> list[Segment]:
    """Return the least state of every day, as few segments as possible."""
    if len(segments) == 1:
        return segments
    cuts = sorted({each.start for each in segments} | {each.end for each in segments})
    found: list[Segment] = []
    for start, end in pairwise(cuts):
        state = min(each.state for each in segments if each.start <= start < each.end)
        if found and found[-1].state == state:
            found[-1] = Segment(found[-1].start, end, state)
        else:
            found.append(Segment(start, end, state))
    return found


def merged(spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return the same days as few spans as possible, in order."""
    found: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if start >= end:
            continue
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], end))
        else:
            found.append((start, end))
    return found


def both(left: list[tuple[int, int]], right: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return the days that lie in both lists of spans, each merged already."""
    return [(max(a, c), min(b, d)) for a, b in left for c, d in right if max(a, c) < min(b, d)]
