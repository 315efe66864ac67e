"""On what a bar rests, as dated data: how long, for whom, what follows (禁止申请情形)."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from importlib.resources import files

from exams.bar_errors import BarGroundUnfit


@dataclass(frozen=True, kw_only=True)
class BarGround:
    """One ground of a bar, between two days."""

    code: str
    #: Roles of posts that the person may not hold; empty for a bar from qualifications alone.
    roles: frozenset[str]
    #: How long it lasts; None for life (终身否决).
    years: int | None
    #: Whether a decision with its document is needed.
    needs_document: bool
    #: Whether certificates that the person holds are revoked at once.
    revokes: bool
    #: Whether the person may not be appointed to a post of these roles.
    bars_posts: bool
    effective_from: date
    effective_until: date | None
    zh: str
    en: str
    source_zh: str

    def until(self, from_on: date) -> date | None:
        """Return the last day of a bar that begins on a day; None for life."""
        if self.years is None:
            return None
        try:
            end = from_on.replace(year=from_on.year + self.years)
        except ValueError:
            end = date(from_on.year + self.years, 2, 28)
        return end - timedelta(days=1)


@cache
def shipped() -> tuple[BarGround, ...]:
    """Return the grounds that come with the platform."""
    text = files("exams").joinpath("bar_grounds.csv").read_text("utf-8")
    return tuple(
        BarGround(
            code=row["code"],
            roles=frozenset(filter(None, row["roles"].split("|"))),
            years=int(row["years"]) if row["years"] else None,
            needs_document=row["needs_document"] == "yes",
            revokes=row["revokes"] == "yes",
            bars_posts=row["bars_posts"] == "yes",
            effective_from=date.fromisoformat(row["effective_from"]),
            effective_until=(
                date.fromisoformat(row["effective_until"]) if row["effective_until"] else None
            ),
            zh=row["zh"],
            en=row["en"],
            source_zh=row["source_zh"],
        )
        for row in csv.DictReader(io.StringIO(text))
    )


def in_force(code: str, *, on: date) -> BarGround:
    """Return the ground with this code, if it is in force on the day.

    Raises:
        BarGroundUnfit: there is none.
    """
    for each in shipped():
        ends = each.effective_until or date.max
        if each.code == code and each.effective_from <= on <= ends:
            return each
    raise BarGroundUnfit(
        reason=f"no ground {code} is in force on {on}", reason_zh=f"{on} 没有生效的情形 {code}"
    )


def checked(code: str, *, from_on: date, until_on: date | None, document: str | None) -> BarGround:
    """Return the ground, once what is decided fits it.

    Raises:
        BarGroundUnfit: it is not in force, the decision has no document, or lasts otherwise than
            the law says.
    """
    ground = in_force(code, on=from_on)
    if ground.needs_document and not document:
        raise BarGroundUnfit(
            reason="the document of the decision is missing", reason_zh="缺少决定文号"
        )
    if until_on is not None and until_on != ground.until(from_on):
        lasts = ground.until(from_on)
        raise BarGroundUnfit(
            reason=f"by this ground it lasts until {lasts or 'the end of life'}",
            reason_zh=f"按该情形应至 {lasts or '终身'}",
        )
    return ground


def bars_post(codes: list[str | None], role: str) -> bool:
    """Say whether one of these grounds keeps somebody from a post of the role."""
    return any(each.bars_posts and role in each.roles for each in shipped() if each.code in codes)
