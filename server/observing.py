"""What an operator sees: request ids, logs without personal data, figures (可观测性)."""

from __future__ import annotations

import logging
import os
import re
import sys
import time
from pathlib import Path
from uuid import uuid4

import structlog
from flask import Flask, Response, g, request
from prometheus_client import (
    CONTENT_TYPE_LATEST,
    CollectorRegistry,
    Counter,
    Histogram,
    generate_latest,
    values,
)
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import REGISTRY

#: A request id from outside is believed only in this shape, so that it cannot forge log lines.
_SOUND_ID = re.compile(r"[A-Za-z0-9_.:-]{1,64}")

#: Whatever looks like a document number is cut out of a log line, wherever it came from.
_DOCUMENT = re.compile(r"(?<![0-9A-Za-z-])\d{17}[0-9Xx](?![0-9A-Za-z-])")

REQUESTS = Counter("platform_requests_total", "Requests answered.", ("method", "address", "status"))
SECONDS = Histogram(
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


def configure_logs() -> None:
    """Write one JSON object per line to standard error."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            without_documents,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=False,
    )


def install(app: Flask) -> None:
    """Number, measure and log every request of `app`."""

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
        # The address is the rule, never the URL: a URL may hold what is not for logs.
        address = request.url_rule.rule if request.url_rule else "(none)"
        seconds = time.perf_counter() - g.began
        response.headers["X-Request-Id"] = g.request_id
        REQUESTS.labels(request.method, address, response.status_code).inc()
        SECONDS.labels(request.method, address).observe(seconds)
        CPU_SECONDS.labels(request.method, address).inc(time.thread_time() - g.cpu_began)
        STATEMENTS.labels(request.method, address).inc(g.get("statements", 0))
        if not address.startswith(("/healthz", "/readyz", "/metrics")):
            log.info(
                "answered",
                method=request.method,
                address=address,
                status=response.status_code,
                ms=round(seconds * 1000, 1),
                statements=g.get("statements", 0),
            )
        return response

    @app.teardown_request
    def forget(_error: BaseException | None) -> None:
        structlog.contextvars.unbind_contextvars("request_id")


def share_figures(folder: Path) -> None:
    """Keep figures in files of `folder`, where every server process finds those of the others.

    Called before the processes are made, once: figures counted so far are forgotten.
    """
    for metric in (REQUESTS, SECONDS, CPU_SECONDS, STATEMENTS):
        metric.clear()
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(folder)
    values.ValueClass = values.get_value_class()  # type: ignore[no-untyped-call]  # partly typed


def figures() -> Response:
    """Return the figures of all server processes in Prometheus' text form."""
    registry = REGISTRY
    if "PROMETHEUS_MULTIPROC_DIR" in os.environ:
        registry = CollectorRegistry()
        MultiProcessCollector(registry)  # type: ignore[no-untyped-call]  # ships partial types
    return Response(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)
