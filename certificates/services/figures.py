"""Figures: of those who must, how many do, against the target, with what they mean (覆盖率)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from uuid import UUID

from sqlalchemy import select

from certificates import counting, coverage, wording
from certificates.counting import Question
from certificates.coverage import Coverage, Reason
from certificates.definitions import Subject
from certificates.facts import Facts
from certificates.models import Indicator, IndicatorKind
from certificates.services import indicators
from certificates.services.gathering import gather
from certificates.services.units import Unit
from certificates.wording import Definition
from server.db import db
from server.organisations.models import Organisation
from server.paging import BadCursor, Page
from server.people.models import Person


@dataclass(frozen=True, kw_only=True)
class Figure:
    """One indicator of one unit on one day."""

    indicator: Indicator
    question: Question
    unit: Unit
    on: date
    #: How many must; None for counts of heads, where nobody in particular must.
    required_count: int | None
    covered_count: int
    #: How many must and do not; None for counts of heads.
    missing_count: int | None
    #: Left out because it is not due yet (grace after appointment).
    excluded_count: int
    #: None where nobody is required, and for counts of heads.
    ratio: Fraction | None
    #: The ratio floored, so that 100 % means everybody; `—` where nobody is required.
    shown: str
    #: How many more must be covered to reach the target.
    gap: int
    #: Whether the target is reached; None where nobody is required.
    reached: bool | None

    @property
    def ratio_decimal(self) -> str | None:
        """The ratio as a decimal text for programs."""
        return coverage.decimal(self.ratio)

    @property
    def definition(self) -> Definition:
        """What the figure means, in words."""
        return wording.definition(self.question, on=self.on)


@dataclass(frozen=True, kw_only=True)
class Missing:
    """Somebody (or an organisation) who must and does not, and why."""

    subject_id: UUID
    name: str
    #: None for organisations.
    document_masked: str | None
    reason: Reason


def figure(key: str, unit: Unit, *, on: date) -> Figure:
    """Return one indicator of a unit on the day `on`.

    Raises:
        NotFound: there is no such indicator.
    """
    return _figure(indicators.get(key), unit, gather(unit, on=on), on=on)


def figures(unit: Unit, *, on: date, plan: str | None = None) -> list[Figure]:
    """Return every indicator (of one plan, where it is named) of a unit on the day `on`."""
    facts = gather(unit, on=on)
    return [_figure(each, unit, facts, on=on) for each in indicators.listed(plan=plan)]


def missing(key: str, unit: Unit, *, on: date, cursor: str | None, limit: int) -> Page:
    """Return a page of those who are missing in a figure, with the reason, in a fixed order.

    The list is made by the same count as the figure: all its pages together hold as many as the
    figure says.

    Raises:
        NotFound: there is no such indicator.
        BadCursor: the cursor was not made by this list.
    """
    after = None if cursor is None else _read(cursor)
    question = indicators.question_of(indicators.get(key))
    if question.per_year:
        return Page(items=[], next_cursor=None)
    facts = gather(unit, on=on)
    everybody = sorted(counting.count(question, facts, on=on).missing)
    rest = [who for who in everybody if after is None or who > after]
    listed = rest[:limit]
    why = counting.why(question, facts, listed, on=on)
    return Page(
        items=_named(question, listed, why),
        next_cursor=str(listed[-1]) if len(rest) > limit else None,
    )


def _figure(indicator: Indicator, unit: Unit, facts: Facts, *, on: date) -> Figure:
    question = indicators.question_of(indicator)
    found = counting.count(question, facts, on=on)
    heads = indicator.kind is IndicatorKind.HEAD_COUNT_PER_YEAR
    gap = _gap(indicator, found)
    counted = f"{len(found.covered)} / {indicator.target}"
    return Figure(
        indicator=indicator,
        question=question,
        unit=unit,
        on=on,
        required_count=None if heads else len(found.required),
        covered_count=len(found.covered),
        missing_count=None if heads else len(found.missing),
        excluded_count=len(found.excluded),
        ratio=None if heads else found.ratio,
        shown=counted if heads else coverage.shown(found.ratio),
        gap=gap,
        reached=gap == 0 if heads or found.required else None,
    )


def _gap(indicator: Indicator, found: Coverage) -> int:
    if indicator.kind is IndicatorKind.HEAD_COUNT_PER_YEAR:
        return max(0, indicator.target - len(found.covered))
    return coverage.gap(
        covered=len(found.covered),
        required=len(found.required),
        target=Fraction(indicator.target, 100),
    )


def _named(question: Question, listed: Sequence[UUID], why: Mapping[UUID, Reason]) -> list[Missing]:
    if question.subject is Subject.ORGANISATION:
        named = select(Organisation.id, Organisation.name).where(Organisation.id.in_(listed))
        names = {row.id: (row.name, None) for row in db.session.execute(named)}
    else:
        people = select(Person.id, Person.name, Person.document_masked)
        rows = db.session.execute(people.where(Person.id.in_(listed)))
        names = {row.id: (row.name, row.document_masked) for row in rows}
    return [
        Missing(subject_id=who, name=names[who][0], document_masked=names[who][1], reason=why[who])
        for who in listed
    ]


def _read(cursor: str) -> UUID:
    try:
        return UUID(cursor)
    except ValueError:
        raise BadCursor from None
