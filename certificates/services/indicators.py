"""The catalogue of indicators: the shipped plans, and the version that counts (指标)."""

from __future__ import annotations

import csv
import io
from datetime import date
from importlib.resources import files
from typing import Any

from sqlalchemy import Select, func, select

from certificates import definitions
from certificates.definitions import Question
from certificates.models import Indicator, IndicatorKind
from server.db import db
from server.errors import NotFound
from server.paging import narrowed

#: What each column of the shipped catalogue must hold; a changed row is a new version.
_CONTENT = (
    "plan",
    "division_code",
    "kind",
    "populations",
    "measure",
    "target",
    "unit",
    "deadline",
    "quote",
)


def get(key: str) -> Indicator:
    """Return the version of an indicator that counts.

    Raises:
        NotFound: there is no such indicator.
    """
    found = db.session.execute(_newest().where(Indicator.key == key)).scalar_one_or_none()
    if found is None:
        raise NotFound
    return found


def listed(*, plan: str | None = None, kind: IndicatorKind | None = None) -> list[Indicator]:
    """Return the version that counts of every indicator, by key; of one plan, of one kind."""
    wanted = {Indicator.plan: plan, Indicator.kind: kind}
    statement = narrowed(_newest().order_by(Indicator.key), wanted)
    return list(db.session.execute(statement).scalars())


def versions(key: str) -> list[Indicator]:
    """Return every version of an indicator, the oldest first."""
    statement = select(Indicator).where(Indicator.key == key).order_by(Indicator.version)
    return list(db.session.execute(statement).scalars())


def version_on(indicator: Indicator, on: date) -> Indicator:
    """Return the version that says what is counted on a day, where it is not the newest."""
    if indicator.effective_from is None or indicator.effective_from <= on:
        return indicator
    earlier = [
        each
        for each in versions(indicator.key)
        if each.effective_from is None or each.effective_from <= on
    ]
    return earlier[-1] if earlier else indicator


def question_of(indicator: Indicator) -> Question:
    """Return what an indicator counts, as the rules see it."""
    per_year = indicator.kind is IndicatorKind.HEAD_COUNT_PER_YEAR
    if indicator.definition is not None:
        name = f"{indicator.key}:{indicator.version}"
        return definitions.question_from(indicator.definition, name=name, per_year=per_year)
    known = definitions.populations()
    return Question(
        populations=tuple(known[name] for name in indicator.populations),
        measure=definitions.measures()[indicator.measure],
        per_year=per_year,
    )


def load_reference() -> int:
    """Bring the catalogue to the one that comes with the platform; return how many rows came.

    A row that changed is added as a further version; the earlier one stays, so that figures
    already given out keep their definition.
    """
    known = {indicator.key: indicator for indicator in listed()}
    added = 0
    for values in shipped():
        before = known.get(values["key"])
        if before is not None and all(getattr(before, name) == values[name] for name in _CONTENT):
            continue
        version = before.version + 1 if before is not None else 1
        db.session.add(Indicator(**values, version=version))
        added += 1
    db.session.flush()
    return added


def shipped() -> list[dict[str, Any]]:
    """Return the indicators of the five plans, as values of columns."""
    text = files("certificates.data").joinpath("indicators.csv").read_text("utf-8")
    return [_values(row) for row in csv.DictReader(io.StringIO(text))]


def _values(row: dict[str, str]) -> dict[str, Any]:
    return {
        "key": row["key"],
        "plan": row["plan"],
        "division_code": row["division_code"],
        "kind": IndicatorKind(row["kind"]),
        "populations": row["population"].split("|"),
        "measure": row["measure"],
        "target": int(row["target"]),
        "unit": row["unit"],
        "deadline": date.fromisoformat(row["deadline"]) if row["deadline"] else None,
        "quote": row["quote"],
    }


def _newest() -> Select[Indicator]:
    newest = (
        select(Indicator.key, func.max(Indicator.version).label("version"))
        .group_by(Indicator.key)
        .subquery()
    )
    return select(Indicator).join(
        newest,
        (Indicator.key == newest.c.key) & (Indicator.version == newest.c.version),
    )
