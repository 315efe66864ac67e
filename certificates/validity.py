"""The days of a certificate: from when to when, reviews, where it stands on a day (有效期)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from itertools import chain, repeat

from certificates.spans import FOREVER, Span, intersection, normalise, subtract

_DAY = timedelta(days=1)


class Status(StrEnum):
    """Where a certificate stands on a day; computed, never stored."""

    NOT_YET_VALID = "not_yet_valid"
    VALID = "valid"
    #: Valid, and close enough to its end that renewal should be on its way.
    EXPIRING = "expiring"
    #: Past its last day, or past a review that was due and not passed.
    EXPIRED = "expired"
    SUSPENDED = "suspended"
    REVOKED = "revoked"
    #: Another certificate stands in its place.
    REPLACED = "replaced"
    #: Struck off without blame: the holder died or asked for it (注销).
    CANCELLED = "cancelled"
    #: Issued by mistake; it never stood, on no day (作废).
    VOIDED = "voided"

    @property
    def stands(self) -> bool:
        """Whether the holder may rely on the certificate: only then does it count in coverage."""
        return self in (Status.VALID, Status.EXPIRING)


class Turn(StrEnum):
    """What can befall a certificate after its issue."""

    SUSPENDED = "suspended"
    REINSTATED = "reinstated"
    REVIEWED = "reviewed"
    REVOKED = "revoked"
    REPLACED = "replaced"
    CANCELLED = "cancelled"
    VOIDED = "voided"


#: Turns after which a certificate never stands again, the gravest first.
FINAL = (Turn.REVOKED, Turn.CANCELLED, Turn.REPLACED)


@dataclass(frozen=True, kw_only=True)
class Happening:
    """One turn in the life of a certificate, and the day from which it counts."""

    turn: Turn
    effective_on: date


@dataclass(frozen=True, kw_only=True)
class Validity:
    """The days a certificate stands, both included, and the days by which it must be reviewed."""

    first_day: date
    last_day: date
    #: Each the last day on which the review may still be passed; empty where none is asked.
    review_days: tuple[date, ...] = ()

    @property
    def span(self) -> Span:
        """The same days, half-open: a certificate printed “valid until D” covers D, not D + 1."""
        return Span(self.first_day, self.last_day + _DAY)


@dataclass(frozen=True, kw_only=True)
class Phase:
    """Days on end on which a certificate stands alike, both included; an open end is None."""

    status: Status
    since: date | None
    until: date | None


def anniversary(start: date, years: int) -> date:
    """Return the day `years` after `start`; 29 February becomes 28 in a year without one."""
    try:
        return start.replace(year=start.year + years)
    except ValueError:
        return date(start.year + years, 2, 28)


def validity(
    start: date,
    *,
    years: int,
    review_every_years: int | None = None,
    reviews_end_on: date | None = None,
) -> Validity:
    """Return the days of a certificate that begins on `start`.

    The last day is the eve of the anniversary: start + N years − 1 day. Order 30 (安全监管总局令
    第30号) art. 21 asks for a review every three years of the six; Order 19 (应急管理部令第19号),
    in force from 2026-06-01, asks for none, and none that falls due on or after that day.

    Args:
        start: the first day, included.
        years: how long the certificate stands, by the rule in force at issue.
        review_every_years: years between reviews; None where the rule asks for none.
        reviews_end_on: the first day on which reviews are no longer due, whatever was printed.
    """
    last_day = anniversary(start, years) - _DAY
    days: list[date] = []
    if review_every_years is not None:
        for passed in range(review_every_years, years, review_every_years):
            days.append(anniversary(start, passed) - _DAY)
    due = tuple(day for day in days if reviews_end_on is None or day < reviews_end_on)
    return Validity(first_day=start, last_day=last_day, review_days=due)


def review_due_on(span: Validity, reviewed_on: Iterable[date] = ()) -> date | None:
    """Return the day by which the next review must be passed; None where none is open.

    The n-th review passed answers the n-th day due.
    """
    open_days = span.review_days[len(list(reviewed_on)) :]
    return open_days[0] if open_days else None


def status(
    span: Validity,
    on: date,
    *,
    happenings: Sequence[Happening] = (),
    warn: timedelta = timedelta(0),
) -> Status:
    """Return where the certificate stands on the day `on`.

    What was issued by mistake never stood: voiding counts for every day. What was revoked,
    cancelled or replaced stays so, even past its last day and before its first; what is suspended
    past its last day has expired.

    Args:
        span: the days of the certificate.
        on: the day asked about, past or future.
        happenings: everything that befell it, in the order in which it was recorded.
        warn: how long before its end a valid certificate is called expiring.
    """
    known = _effective(happenings, on)
    final = _final(happenings, known)
    if final is not None:
        return final
    end = _end(span, known)
    if on > end:
        return Status.EXPIRED
    if _is_suspended(known):
        return Status.SUSPENDED
    if on < span.first_day:
        return Status.NOT_YET_VALID
    return Status.EXPIRING if on > end - warn else Status.VALID


def phases(
    span: Validity, *, happenings: Sequence[Happening] = (), warn: timedelta = timedelta(0)
) -> list[Phase]:
    """Return the whole life of a certificate, each day in exactly one phase.

    The status of any day is that of its phase, as `status` returns it. The first phase begins
    before all time, the last one never ends.
    """
    ends = (span.last_day, *span.review_days)
    turns = {span.first_day, *(happening.effective_on for happening in happenings)}
    turns |= {end + _DAY for end in ends} | {end - warn + _DAY for end in ends}
    found: list[Phase] = []
    for day in (None, *sorted(turns)):
        then = status(span, day or date.min, happenings=happenings, warn=warn)
        if found and found[-1].status is then:
            continue
        if found and day is not None:
            found[-1] = replace(found[-1], until=day - _DAY)
        found.append(Phase(status=then, since=day, until=None))
    return found


def standing_spans(span: Validity, happenings: Sequence[Happening] = ()) -> tuple[Span, ...]:
    """Return the half-open spans of days on which the certificate stands (counts in coverage).

    A day lies in one of them exactly when `status` of that day is valid or expiring.
    """
    held = (Span(span.first_day, _end(span, happenings) + _DAY),)
    return intersection(subtract(held, _paused(happenings)), (Span(date.min, _cut(happenings)),))


def _effective(happenings: Sequence[Happening], on: date) -> list[Happening]:
    return sorted(
        (happening for happening in happenings if happening.effective_on <= on),
        key=lambda happening: happening.effective_on,
    )


def _final(happenings: Sequence[Happening], known: Iterable[Happening]) -> Status | None:
    if any(happening.turn is Turn.VOIDED for happening in happenings):
        return Status.VOIDED
    befallen = {happening.turn for happening in known}
    return next((Status(turn.value) for turn in FINAL if turn in befallen), None)


def _is_suspended(known: Iterable[Happening]) -> bool:
    suspended = False
    for happening in known:
        if happening.turn is Turn.SUSPENDED:
            suspended = True
        elif happening.turn is Turn.REINSTATED:
            suspended = False
    return suspended


def _end(span: Validity, happenings: Sequence[Happening]) -> date:
    """Return the last day, or the day of the first review that was missed (Order 30 art. 26)."""
    passed = sorted(h.effective_on for h in happenings if h.turn is Turn.REVIEWED)
    for due, done in zip(span.review_days, chain(passed, repeat(FOREVER)), strict=False):
        if done > due:
            return due
    return span.last_day


def _cut(happenings: Sequence[Happening]) -> date:
    if any(h.turn is Turn.VOIDED for h in happenings):
        return date.min
    return min((h.effective_on for h in happenings if h.turn in FINAL), default=FOREVER)


def _paused(happenings: Sequence[Happening]) -> tuple[Span, ...]:
    spans: list[Span] = []
    since: date | None = None
    for happening in _effective(happenings, FOREVER):
        if happening.turn is Turn.SUSPENDED and since is None:
            since = happening.effective_on
        elif happening.turn is Turn.REINSTATED and since is not None:
            spans.append(Span(since, happening.effective_on))
            since = None
    if since is not None:
        spans.append(Span(since, FOREVER))
    return normalise(spans)
