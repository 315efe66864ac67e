"""Figures: of those who must, how many do, against the target, with what they mean (覆盖率)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from fractions import Fraction

from certificates import coverage, wording
from certificates.coverage_ranking import pace
from certificates.definitions import Question
from certificates.models import Indicator, IndicatorKind
from certificates.services import indicators, targets
from certificates.services.counts import known, latest, reading
from certificates.services.counts.asking import Asked, Filter, seq_at
from certificates.services.targets import Target
from certificates.services.units import Unit
from certificates.sums import Six
from certificates.wording import Definition
from server.regions.tree import lineage

#: What a day ahead supposes.
NOBODY_RENEWS = "nobody_renews"


@dataclass(frozen=True, kw_only=True)
class Figure:
    """One indicator of one unit on one day."""

    indicator: Indicator
    question: Question
    unit: Unit
    on: date
    target: Target
    #: How many must; None for counts of heads, where nobody in particular must.
    required_count: int | None
    covered_count: int
    #: How many must and do not; None for counts of heads.
    missing_count: int | None
    #: Left out because it is not due yet (grace after appointment).
    excluded_count: int
    #: The same by post and required item: who holds two posts counts twice.
    items_required_count: int
    items_covered_count: int
    items_excluded_count: int
    #: None where nobody is required, and for counts of heads.
    ratio: Fraction | None
    #: The ratio floored, so that 100 % means everybody; `—` where nobody is required.
    shown: str
    #: How many more must be covered to reach the target.
    gap: int
    #: How many more per month close the gap by the deadline; None where the target has none.
    pace_per_month: int | None
    #: Whether the target is reached; None where nobody is required.
    reached: bool | None
    #: What a day ahead supposes; None for today and days past.
    scenario: str | None

    @property
    def ratio_decimal(self) -> str | None:
        """The ratio as a decimal text for programs."""
        return coverage.decimal(self.ratio)

    @property
    def items_ratio_decimal(self) -> str | None:
        """The ratio by post and item as a decimal text for programs."""
        return coverage.decimal(coverage.ratio(self.items_covered_count, self.items_required_count))

    @property
    def definition(self) -> Definition:
        """What the figure means, in words."""
        return wording.definition(self.question, on=self.on)


@dataclass(frozen=True, kw_only=True)
class Freshness:
    """How far behind the facts the sums are (入账滞后)."""

    #: People and organisations that wait to be booked.
    waiting_count: int
    #: Since when the first of them waits; None where nobody does.
    waiting_since: datetime | None
    #: When the last thing was booked that the figures know of: asked for again as known at this
    #: moment, figures, lists and parts are the same, whatever happens meanwhile. None for never.
    known_at: datetime | None
    #: When everybody was last counted in full; None where that was never done.
    checked_at: datetime | None
    #: Cells in which that count found another number; None where there was none.
    difference_count: int | None


def figure(
    key: str,
    unit: Unit,
    *,
    on: date,
    today: date | None = None,
    known_at: datetime | None = None,
    borders_on: date | None = None,
    wanted: Filter | None = None,
) -> Figure:
    """Return one indicator of a unit on the day `on`, past or ahead.

    Args:
        key: which indicator.
        unit: a region or an organisation, as somebody sees it.
        on: the day.
        today: the day it is; days after it are a forecast. Left out: no day is.
        known_at: what was known at this moment counts, and nothing that was learned since.
        borders_on: the day whose borders hold; left out: those of the day `on`.
        wanted: which posts are looked at.

    Raises:
        NotFound: there is no such indicator.
        NotKnownThen: the sums were opened after `known_at`.
    """
    asked = _asked(unit, on, known_at, borders_on, wanted)
    return figures_of([indicators.get(key)], asked, today=today)[0]


def figures(
    unit: Unit,
    *,
    on: date,
    plan: str | None = None,
    today: date | None = None,
    known_at: datetime | None = None,
    borders_on: date | None = None,
    wanted: Filter | None = None,
) -> list[Figure]:
    """Return every indicator (of one plan, where it is named) of a unit; as `figure` does one."""
    asked = _asked(unit, on, known_at, borders_on, wanted)
    return figures_of(indicators.listed(plan=plan), asked, today=today)


def figures_of(every: Sequence[Indicator], asked: Asked, *, today: date | None) -> list[Figure]:
    """Return these indicators of the unit that is asked about."""
    # What has no number has been counted for nobody yet.
    known_numbers, rules = known.numbers_and_rules()
    numbers = {each.key: 0 for each in every} | known_numbers
    sums = reading.sums_of(asked, [numbers[each.key] for each in every], rules)
    wanted = targets.of(every, lineage(asked.unit.path), on=asked.on)
    return [
        made(each, asked, sums[numbers[each.key]], wanted[each.key], today=today) for each in every
    ]


def freshness() -> Freshness:
    """Return how many wait to be booked, since when, and what the last full count found."""
    now = latest.state()
    return Freshness(
        waiting_count=now.waiting_count,
        waiting_since=now.waiting_since,
        known_at=now.booked_at,
        checked_at=now.checked_at,
        difference_count=None if now.differences is None else len(now.differences),
    )


def made(
    indicator: Indicator, asked: Asked, six: Six, target: Target, *, today: date | None
) -> Figure:
    """Return the figure that the six sums make."""
    required, missing, excluded, items_required, items_missing, items_excluded = six
    heads = indicator.kind is IndicatorKind.HEAD_COUNT_PER_YEAR
    covered = required - missing
    gap = _gap(heads, covered, required, target.target)
    ratio = None if heads else coverage.ratio(covered, required)
    return Figure(
        indicator=indicator,
        question=indicators.question_of(indicators.version_on(indicator, asked.on)),
        unit=asked.unit,
        on=asked.on,
        target=target,
        required_count=None if heads else required,
        covered_count=covered,
        missing_count=None if heads else missing,
        excluded_count=excluded,
        items_required_count=items_required,
        items_covered_count=items_required - items_missing,
        items_excluded_count=items_excluded,
        ratio=ratio,
        shown=f"{covered} / {target.target}" if heads else coverage.shown(ratio),
        gap=gap,
        pace_per_month=pace(gap, on=asked.on, deadline=target.deadline),
        reached=gap == 0 if heads or required else None,
        scenario=NOBODY_RENEWS if today is not None and asked.on > today else None,
    )


def with_target(figure: Figure, target: Target) -> Figure:
    """Return a figure against another target."""
    heads = figure.required_count is None
    covered, required = figure.covered_count, figure.required_count or 0
    gap = _gap(heads, covered, required, target.target)
    return replace(
        figure,
        target=target,
        gap=gap,
        pace_per_month=pace(gap, on=figure.on, deadline=target.deadline),
        reached=gap == 0 if heads or required else None,
        shown=f"{covered} / {target.target}" if heads else figure.shown,
    )


def _gap(heads: bool, covered: int, required: int, target: int) -> int:
    if heads:
        return max(0, target - covered)
    return coverage.gap(covered=covered, required=required, target=Fraction(target, 100))


def _asked(
    unit: Unit,
    on: date,
    known_at: datetime | None,
    borders_on: date | None,
    wanted: Filter | None,
) -> Asked:
    return Asked(
        unit=unit,
        on=on,
        known_seq=seq_at(known_at),
        borders_on=borders_on,
        filter=wanted or Filter(),
    )
