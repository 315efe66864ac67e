"""Figures beside a framework: asked of coverage, counted nowhere else (指标数据)."""

from __future__ import annotations

from datetime import date

from certificates.competence.services import frameworks
from certificates.services import figures
from certificates.services.figures import Figure
from certificates.services.units import Unit


def figures_of(key: str, unit: Unit, *, on: date, today: date) -> list[Figure]:
    """Return the indicators that read the facts by which a framework's proofs hold.

    Args:
        key: the framework.
        unit: a region or organisation, as somebody sees it.
        on: the day.
        today: the day it is; days after it are a forecast.

    Raises:
        NotFound: there is no such framework on the day, or an indicator of it is gone.
    """
    wanted = frameworks.in_force(key, on=on).framework.indicators
    return [figures.figure(each, unit, on=on, today=today) for each in wanted]
