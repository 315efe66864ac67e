"""What an operator sees: request ids, logs without personal data, figures (可观测性)."""

from __future__ import annotations

import logging
import os
import re
import sys
import time
from bisect import bisect_left
from collections import Counter as Tally
from collections.abc import Sequence
from pathlib import Path
from uuid import uuid4

import structlog
from flask import Flask, Response, g, request
from prometheus_client import (
    CONTENT_TYPE_LATEST,
    CollectorRegistry,
    Counter,
    Histogram,
    disable_created_metrics,
    generate_latest,
    values,
)
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import REGISTRY, Collector

#: A request id from outside is believed only in this shape, so that it cannot forge log lines.
_SOUND_ID = re.compile(r"[A-Za-z0-9_.:-]{1,64}")

#: Whatever looks like a document number is cut out of a log line, wherever it came from.
_DOCUMENT = re.compile(r"(?<![0-9A-Za-z-])\d{17}[0-9Xx](?![0-9A-Za-z-])")

#: Methods that are counted and logged by their names.
METHODS = {"GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE"}

#: Addresses that are asked every few seconds, and say nothing to whoever reads the log.
UNLOGGED = {"/healthz", "/readyz", "/metrics"}

# When a series began, for each of them, would be half of all figures.
disable_created_metrics()  # type: ignore[no-untyped-call]  # ships partial types


class Distribution(Histogram):
    """A histogram that counts many values at once: each alone costs two turns at a lock."""

    def observe_all(self, amounts: Sequence[float]) -> None:
        """Count some values, as `observe` would one after the other."""
        self._sum.inc(sum(amounts))
        for place, count in Tally(
            [bisect_left(self._upper_bounds, one) for one in amounts]
        ).items():
            self._buckets[place].inc(count)


REQUESTS = Counter("platform_requests_total", "Requests answered.", ("method", "address", "status"))
SECONDS = Distribution(
    "platform_request_seconds",
    "Seconds from a request to its reply.",
    ("method", "address"),
    buckets=(0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10),
)
CPU_SECONDS = Counter(
    "platform_request_cpu_seconds_total",
    "CPU seconds of the answering thread.",
    ("method", "address"),
)
STATEMENTS = Counter(
    "platform_request_statements_total", "SQL statements of requests.", ("method", "address")
)

GROUPS = Counter("platform_groups_total", "Groups that shared a transaction.", ("store",))
GROUP_WISHES = Counter(
    "platform_group_wishes_total", "Wishes stored, or looked for, in groups.", ("store",)
)
GROUP_STATEMENTS = Counter(
    "platform_group_statements_total", "SQL statements of groups.", ("store",)
)
# A figure without a label cannot be kept in files of several processes, so each has one.
GROUP_SIZES = Histogram(
    "platform_group_size",
    "Wishes that shared a transaction: to be stored, or only to be looked at.",
    ("queue",),
    buckets=(1, 2, 4, 8, 16, 32, 64, 128, 256, 512),
)
GROUP_SECONDS = Histogram(
    "platform_group_seconds",
    "Seconds to store a group and to have it on the disk, or to look for it.",
    ("queue",),
    buckets=(0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5),
)
QUEUE = Histogram(
    "platform_group_waiting",
    "Wishes that went on waiting while a group was answered: the depth of the queue.",
    ("queue",),
    buckets=(0, 1, 8, 32, 128, 512, 1024, 2048, 4096),
)
GROUP_FAILURES = Counter(
    "platform_group_failures_total", "Groups that could not be stored or looked for.", ("queue",)
)
GROUP_REFUSALS = Counter(
    "platform_group_refusals_total",
    "Wishes refused with 503, to be sent again.",
    ("queue", "reason"),
)

#: All that is counted while requests are answered.
_COUNTED = (
    REQUESTS,
    SECONDS,
    CPU_SECONDS,
    STATEMENTS,
    GROUPS,
    GROUP_WISHES,
    GROUP_STATEMENTS,
    GROUP_SIZES,
    GROUP_SECONDS,
    QUEUE,
    GROUP_FAILURES,
    GROUP_REFUSALS,
)

log = structlog.get_logger("requests")


def sound_id(asked: str) -> str | None:
    """Return a request id from outside if it may stand in a log."""
    return asked if _SOUND_ID.fullmatch(asked) else None


def without_documents(
    _logger: object, _method: str, event: structlog.typing.EventDict
) -> structlog.typing.EventDict:
    """Cut document numbers out of every value of a log line."""
    for key, value in event.items():
        if isinstance(value, str):
            event[key] = _DOCUMENT.sub("[number]", value)
    return event


#: What is done to a log line, one after the other. One list, which cached loggers share.
_PROCESSORS: list[structlog.typing.Processor] = [
    structlog.contextvars.merge_contextvars,
    structlog.processors.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    structlog.processors.format_exc_info,
    without_documents,
    structlog.processors.JSONRenderer(ensure_ascii=False),
]


def configure_logs() -> None:
    """Write one JSON object per line to standard error."""
    structlog.configure(
        processors=_PROCESSORS,
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )


class _Figures:
    """The figures of one kind of request, their labels looked up once: that is what costs."""

    def __init__(self, method: str, address: str) -> None:
        self._labels = (method, address)
        self._seconds = SECONDS.labels(method, address)
        self._cpu_seconds = CPU_SECONDS.labels(method, address)
        self._statements = STATEMENTS.labels(method, address)
        self._by_status: dict[int, Counter] = {}

    def count(self, status: int, seconds: float, cpu_seconds: float, statements: int) -> None:
        """Count one reply."""
        counter = self._by_status.get(status)
        if counter is None:
            counter = self._by_status[status] = REQUESTS.labels(*self._labels, status)
        counter.inc()
        self._seconds.observe(seconds)
        self._cpu_seconds.inc(cpu_seconds)
        self._statements.inc(statements)


def install(app: Flask) -> None:
    """Number, measure and log every request of `app`."""
    kinds: dict[tuple[str, str], _Figures] = {}

    @app.before_request
    def begin() -> None:
        g.request_id = sound_id(request.headers.get("X-Request-Id", "")) or uuid4().hex
        g.began = time.perf_counter()
        g.cpu_began = time.thread_time()
        structlog.contextvars.bind_contextvars(request_id=g.request_id)

    @app.after_request
    def end(response: Response) -> Response:
        if "began" not in g:
            return response
        seconds = time.perf_counter() - g.began
        method, address = _kind()
        figures_of_kind = kinds.get((method, address))
        if figures_of_kind is None:
            figures_of_kind = kinds[method, address] = _Figures(method, address)
        statements = g.get("statements", 0)
        status = response.status_code
        figures_of_kind.count(status, seconds, time.thread_time() - g.cpu_began, statements)
        response.headers["X-Request-Id"] = g.request_id
        if address not in UNLOGGED:
            log.info(
                "answered",
                method=method,
                address=address,
                status=status,
                ms=round(seconds * 1000, 1),
                statements=statements,
            )
        return response

    @app.teardown_request
    def forget(_error: BaseException | None) -> None:
        structlog.contextvars.unbind_contextvars("request_id")


def _kind() -> tuple[str, str]:
    """Return the method and the address of the current request, as figures and logs name them.

    The address is the rule, never the URL, which may hold what is not for logs. What strangers
    make up becomes no name of ours: there would be no end to them.
    """
    method = request.method if request.method in METHODS else "(other)"
    return method, request.url_rule.rule if request.url_rule else "(none)"


def share_figures(folder: Path) -> None:
    """Keep figures in files of `folder`, where every server process finds those of the others.

    Called before the processes are made, once: figures counted so far are forgotten.
    """
    for metric in _COUNTED:
        metric.clear()
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(folder)
    values.ValueClass = values.get_value_class()  # type: ignore[no-untyped-call]  # partly typed


def figures(gauges: Collector) -> Response:
    """Return the figures of all server processes in Prometheus' text form.

    Args:
        gauges: what is read at this moment, once for all processes.
    """
    registry = CollectorRegistry()
    registry.register(gauges)
    text = generate_latest(registry)
    if "PROMETHEUS_MULTIPROC_DIR" in os.environ:
        counted = CollectorRegistry()
        MultiProcessCollector(counted)  # type: ignore[no-untyped-call]  # ships partial types
    else:
        counted = REGISTRY
    return Response(generate_latest(counted) + text, content_type=CONTENT_TYPE_LATEST)
