"""What a package holds: figures of a region and all beneath it, and who is missing (交换内容)."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any
from uuid import UUID

from certificates.exchange_packages import Sheet
from certificates.models import IndicatorKind
from certificates.services import behind, figures, indicators, targets, units
from certificates.services.counts import known, reading
from certificates.services.counts.asking import Asked
from certificates.services.figures import Figure
from certificates.services.units import Unit
from certificates.sums import SUMS
from server.regions import services as regions
from server.regions.tree import lineage
from server.scopes import EVERYWHERE

#: People of a list that are read at once.
_PAGE = 1_000

_FIGURES: Mapping[str, str] = {
    "indicator": "string",
    "version": "integer",
    "region_id": "string",
    "region_code": "string",
    "region": "string",
    "level": "integer",
    "on": "date",
    "required": "integer",
    "covered": "integer",
    "missing": "integer",
    "excluded": "integer",
    "ratio": "number",
    "target": "integer",
    "unit": "string",
    "deadline": "date",
}

_PEOPLE: Mapping[str, str] = {
    "indicator": "string",
    "subject_id": "string",
    "name": "string",
    "document_masked": "string",
    "organisation_id": "string",
    "organisation": "string",
    "role": "string",
    "item": "string",
    "reason": "string",
    "since": "date",
}


def sheets(region_id: UUID, *, on: date, known_seq: int, with_people: bool) -> list[Sheet]:
    """Return the tables of a package, as known when a batch was the last.

    Raises:
        NotFound: there is no such region.
    """
    unit = units.unit(region_id=region_id, organisation_id=None, scope=EVERYWHERE)
    asked = Asked(unit=unit, on=on, known_seq=known_seq)
    found = [Sheet(name="figures", columns=_FIGURES, content=_table(_FIGURES, _figures(asked)))]
    if with_people:
        content = _table(_PEOPLE, _missing(asked))
        found.append(Sheet(name="missing", columns=_PEOPLE, content=content))
    return found


def _figures(asked: Asked) -> Iterator[dict[str, Any]]:
    every = indicators.listed()
    for figure in figures.figures_of(every, asked, today=None):
        yield _row(figure)
    beneath = list(_beneath(asked.unit, asked.on))
    numbers = known.numbered([unit.id for unit in beneath])
    of_key = {each.key: 0 for each in every} | known.indicator_numbers()
    kept = reading.kept_sums(
        list(numbers.values()),
        [of_key[each.key] for each in every],
        asked.day,
        known_seq=asked.known_seq,
    )
    for unit in beneath:
        wanted = targets.of(every, lineage(unit.path), on=asked.on)
        for each in every:
            six = kept.get((numbers.get(unit.id, 0), of_key[each.key]), [0] * len(SUMS))
            yield _row(figures.made(each, asked.of(unit), six, wanted[each.key], today=None))


def _beneath(unit: Unit, on: date) -> Iterator[Unit]:
    """Yield the regions beneath one on a day, level by level, as far as sums are kept."""
    if unit.level + 1 not in known.SUMMED_LEVELS:
        return
    for one in reading.children_of(unit.id, on=on):
        child = units.unit(region_id=one, organisation_id=None, scope=EVERYWHERE)
        yield child
        yield from _beneath(child, on)


def _row(figure: Figure) -> dict[str, Any]:
    target = figure.target
    return {
        "indicator": figure.indicator.key,
        "version": figure.indicator.version,
        "region_id": figure.unit.id,
        "region_code": regions.get(figure.unit.id).code,
        "region": figure.unit.name,
        "level": figure.unit.level,
        "on": figure.on,
        "required": figure.required_count,
        "covered": figure.covered_count,
        "missing": figure.missing_count,
        "excluded": figure.excluded_count,
        "ratio": figure.ratio_decimal,
        "target": target.target,
        "unit": figure.indicator.unit,
        "deadline": target.deadline,
    }


def _missing(asked: Asked) -> Iterator[dict[str, Any]]:
    for each in indicators.listed():
        if each.kind is not IndicatorKind.HEAD_COUNT_PER_YEAR:
            yield from _of_indicator(each.key, asked)


def _of_indicator(key: str, asked: Asked) -> Iterator[dict[str, Any]]:
    cursor = None
    while True:
        page = behind.page_of(key, asked, cursor=cursor, limit=_PAGE)
        for one in page.items:
            yield {
                "indicator": key,
                "subject_id": one.subject_id,
                "name": one.name,
                "document_masked": one.document_masked,
                "organisation_id": one.organisation_id,
                "organisation": one.organisation_name,
                "role": one.role,
                "item": one.item,
                "reason": one.reason.value if one.reason else None,
                "since": one.since,
            }
        cursor = page.next_cursor
        if cursor is None:
            return


def _table(columns: Mapping[str, str], rows: Iterable[Mapping[str, Any]]) -> bytes:
    out = io.StringIO()
    writer = csv.DictWriter(out, list(columns), lineterminator="\r\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode()
