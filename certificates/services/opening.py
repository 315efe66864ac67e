"""Progress against the plans for everybody: monthly editions, small numbers hidden (公开进展)."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping
from dataclasses import asdict, replace
from datetime import date, datetime, timedelta
from typing import Any
from uuid import uuid4

from sqlalchemy import select

from certificates import plans, public_cells
from certificates.models import CoverageEdition
from certificates.services import drilling, figures, indicators, units
from certificates.services.counts.asking import Asked
from certificates.services.drilling import By
from certificates.services.figures import Figure
from server.days import civil_day
from server.db import db
from server.errors import NotFound
from server.regions import services as regions
from server.scopes import EVERYWHERE

_COLUMNS = (
    "plan",
    "month",
    "on",
    "indicator",
    "region",
    "level",
    "showing",
    "required",
    "covered",
    "share",
    "target",
    "deadline",
)


def publish(*, at: datetime) -> int:
    """Publish the editions of this month that are not public yet; return how many.

    None while facts wait to be counted: an edition stays as it was published, and an early one
    would show too little for ever.

    One a month, of the last day of the month before, and never again: whoever compares two of
    them sees a month's changes of many people, not a day's of one.
    """
    if figures.freshness().waiting_count:
        return 0
    month = civil_day(at).replace(day=1)
    known = select(CoverageEdition.plan).where(CoverageEdition.month == month)
    published = set(db.session.execute(known).scalars())
    missing = [each for each in plans.every().values() if each.key not in published]
    made = 0
    for plan in missing:
        region = regions.find(plan.division_code)
        if region is None:
            continue
        unit = units.unit(region_id=region.id, organisation_id=None, scope=EVERYWHERE)
        asked = Asked(unit=unit, on=month - timedelta(days=1))
        every = figures.figures_of(indicators.listed(plan=plan.key), asked, today=None)
        content = {
            "region": region.name,
            "on": asked.on.isoformat(),
            "indicators": [_of(each, asked) for each in every],
        }
        db.session.add(
            CoverageEdition(
                id=uuid4(), plan=plan.key, month=month, content=content, published_at=at
            )
        )
        made += 1
    db.session.flush()
    return made


def due(at: datetime) -> bool:
    """Say whether editions of this month are missing; a read."""
    month = civil_day(at).replace(day=1)
    known = select(CoverageEdition.plan).where(CoverageEdition.month == month)
    found = set(db.session.execute(known).scalars())
    db.session.rollback()
    return not plans.every().keys() <= found


def editions() -> list[CoverageEdition]:
    """Return the newest edition of each plan, by plan."""
    statement = select(CoverageEdition).order_by(CoverageEdition.month)
    newest = {each.plan: each for each in db.session.execute(statement).scalars()}
    return [newest[key] for key in sorted(newest)]


def of(plan: str, month: date | None = None) -> list[CoverageEdition]:
    """Return the editions of a plan, the newest first; of one month where it is named.

    Raises:
        NotFound: there is no such plan, or none of that month.
    """
    statement = select(CoverageEdition).where(CoverageEdition.plan == plan)
    if month is not None:
        statement = statement.where(CoverageEdition.month == month)
    found = list(db.session.execute(statement.order_by(CoverageEdition.month.desc())).scalars())
    if not found:
        raise NotFound
    return found


def as_csv(every: Iterable[CoverageEdition]) -> str:
    """Return editions as a table for spreadsheets: a line for each cell."""
    out = io.StringIO()
    writer = csv.DictWriter(out, _COLUMNS, lineterminator="\r\n")
    writer.writeheader()
    for edition in every:
        for one in edition.content["indicators"]:
            head = {
                "plan": edition.plan,
                "month": edition.month.isoformat(),
                "on": edition.content["on"],
                "indicator": one["key"],
                "target": one["target"],
                "deadline": one["deadline"],
            }
            whole = {"region": edition.content["region"], "level": "whole", **one["whole"]}
            writer.writerow({**head, **whole})
            for part in one["parts"]:
                writer.writerow({**head, "level": "part", **part})
    # A mark that lets spreadsheets read Chinese.
    return "\ufeff" + out.getvalue()


def _of(figure: Figure, asked: Asked) -> Mapping[str, Any]:
    heads = figure.required_count is None
    parts = drilling.parts(figure.indicator.key, asked, By.REGION)
    cells = {
        part.name: (part.figure.covered_count, part.figure.required_count or 0) for part in parts
    }
    shown = {} if heads else public_cells.beside(cells)
    return {
        "key": figure.indicator.key,
        "quote": figure.indicator.quote,
        "population_zh": "、".join(each.zh for each in figure.question.populations),
        "unit": figure.indicator.unit,
        "target": figure.target.target,
        "deadline": figure.target.deadline.isoformat() if figure.target.deadline else None,
        "whole": _cell(_heads(figure) if heads else _whole(figure)),
        "parts": [{"region": name, **_cell(cell)} for name, cell in shown.items()],
    }


def _whole(figure: Figure) -> public_cells.PublicCell:
    return public_cells.alone(figure.covered_count, figure.required_count or 0)


def _heads(figure: Figure) -> public_cells.PublicCell:
    """Return a count of heads: rounded, without a share."""
    cell = public_cells.alone(figure.covered_count, figure.covered_count)
    share = "—" if cell.covered is None else f"{cell.covered} / {figure.target.target}"
    return replace(cell, share=share)


def _cell(cell: public_cells.PublicCell) -> dict[str, Any]:
    return {**asdict(cell), "showing": cell.showing.value}
