"""Who a figure leaves out, how many: not due yet, gone, to come, without training (排除人数)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from sqlalchemy import case, func, select

from certificates.models import CoverageStretch, Indicator
from certificates.services import figures, indicators, waived
from certificates.services.counts import asking, known
from certificates.services.counts.asking import Asked
from server.db import db

#: How far back somebody who has left is told of where no day is named.
A_YEAR = timedelta(days=365)


class Exclusion(StrEnum):
    """Why somebody is left out of a figure."""

    #: In such a post, and within the time that the rules give after appointment.
    GRACE = "grace"
    #: In such a post on an earlier day, and on the day asked about in none.
    LEFT = "left"
    #: In such a post from a later day on, as far as is known.
    TO_COME = "to_come"
    #: In such a post, and examined without training, which a certificate of skill stands for.
    WAIVED = "waived"


@dataclass(frozen=True, kw_only=True)
class Excluded:
    """How many are left out of a figure for one reason."""

    why: Exclusion
    people_count: int
    zh: str
    en: str


def exclusions(key: str, asked: Asked, *, since: date | None) -> list[Excluded]:
    """Return how many a figure leaves out, by reason; each person once.

    Whoever counts in the figure by another post is not left out.

    Args:
        key: which indicator.
        asked: the unit, the day, what is looked at.
        since: the first day on which somebody who has left may have been there; None for a year
            before the day asked about.

    Raises:
        NotFound: there is no such indicator.
    """
    indicator = indicators.get(key)
    number = known.indicator_numbers().get(key, 0)
    (figure,) = figures.figures_of([indicator], asked, today=None)
    first = since or asked.on - A_YEAR
    left_count, to_come_count = _elsewhere(asked, number, first.toordinal())
    return [
        Excluded(
            why=Exclusion.GRACE,
            people_count=figure.excluded_count,
            zh=f"宽限期内，尚未到期：{figure.definition.excluded_zh}",
            en=f"Not due yet: {figure.definition.excluded_en}",
        ),
        Excluded(
            why=Exclusion.LEFT,
            people_count=left_count,
            zh=f"{first.isoformat()} 以来在岗，{asked.on.isoformat()} 已离岗或调出",
            en=f"In post since {first.isoformat()}, and no longer on {asked.on.isoformat()}",
        ),
        Excluded(
            why=Exclusion.TO_COME,
            people_count=to_come_count,
            zh=f"{asked.on.isoformat()} 之后才到岗",
            en=f"In post only after {asked.on.isoformat()}",
        ),
        *_free_of_training(indicator, asked, number),
    ]


def _free_of_training(indicator: Indicator, asked: Asked, number: int) -> list[Excluded]:
    """Return how many needed no training, where a figure asks for it or for what it leads to."""
    if not waived.concerns(indicators.question_of(indicators.version_on(indicator, asked.on))):
        return []
    return [
        Excluded(
            why=Exclusion.WAIVED,
            people_count=waived.count(asked, number),
            zh="免培训：持职业技能等级证书，未经培训直接应考",
            en="Free of training: examined upon a certificate of vocational skill",
        )
    ]


def _elsewhere(asked: Asked, indicator: int, first: int) -> tuple[int, int]:
    """Count who was there since `first`, and who comes later, and is not there on the day.

    Everybody is gone through once: with a province that is a second or more.
    """
    stretch, day = CoverageStretch, asked.day
    each = (
        select(
            func.max(case((stretch.start_day < day, 1), else_=0)).label("before"),
            func.max(case((stretch.end_day > day + 1, 1), else_=0)).label("after"),
        )
        .where(*asking.stretches(asked, indicator), stretch.end_day > first)
        .group_by(stretch.subject)
        .having(func.max(case((asking.on_day(day), 1), else_=0)) == 0)
        .subquery()
    )
    sums = select(func.sum(each.c.before), func.sum(each.c.after))
    before, after = db.session.execute(sums).one()
    return before or 0, after or 0
