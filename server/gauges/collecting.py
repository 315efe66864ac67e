"""Reading all gauges for Prometheus, at most once in a while (采集)."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterable, Sequence

import structlog
from flask import Flask, current_app
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector
from sqlalchemy.exc import SQLAlchemyError

from server import clock
from server.db import db
from server.gauges import platform
from server.gauges.readings import Gauge, Reading

log = structlog.get_logger("gauges")

#: Seconds for which readings are shown again, so that many who ask cost no more than one.
FRESH = 10.0

_KEY = "gauges"


class Gauges(Collector):
    """Every gauge of the platform and its parts.

    A gauge that cannot be read must not hide the others: it is left out, and counted in
    `platform_gauges_failed`.
    """

    def __init__(self, gauges: Sequence[Gauge]) -> None:
        self._gauges = gauges
        self._reading = threading.Lock()
        self._read: list[Reading] = []
        self._read_at = float("-inf")

    def collect(self) -> Iterable[GaugeMetricFamily]:
        """Return the readings, one family for each name; asked within a request."""
        families: dict[str, GaugeMetricFamily] = {}
        for reading in self._readings():
            family = families.get(reading.name)
            if family is None:
                family = families[reading.name] = GaugeMetricFamily(
                    reading.name, reading.meaning, labels=list(reading.labels)
                )
            family.add_metric(list(reading.labels.values()), reading.value)
        return families.values()

    def describe(self) -> Iterable[GaugeMetricFamily]:
        """Return nothing: which there are is known once they are read."""
        return ()

    def forget(self) -> None:
        """Read anew when next asked."""
        self._read_at = float("-inf")

    def _readings(self) -> list[Reading]:
        with self._reading:
            if time.monotonic() - self._read_at >= FRESH:
                self._read = self._read_all()
                self._read_at = time.monotonic()
            return self._read

    def _read_all(self) -> list[Reading]:
        found: list[Reading] = []
        failed = 0
        for gauge in self._gauges:
            try:
                found += gauge(current_app.extensions["config"], clock.now())
            except (SQLAlchemyError, OSError, ValueError) as error:
                # PostgreSQL answers nothing more in a transaction that has failed.
                db.session.rollback()
                failed += 1
                log.error("gauge not read", gauge=gauge.__name__, exception=type(error).__name__)
        db.session.rollback()
        found.append(
            Reading(
                name="platform_gauges_failed",
                meaning="Gauges that could not be read.",
                value=failed,
            )
        )
        return found


def install(app: Flask, gauges: Sequence[Gauge]) -> None:
    """Give the application its gauges: the platform's own and those of the parts."""
    app.extensions[_KEY] = Gauges((*platform.GAUGES, *gauges))
