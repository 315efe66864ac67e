"""Spans of requests, for who follows them through several programs (链路追踪); off by itself.

With `TRACES_URL` each request becomes a span of OpenTelemetry, in the trace that whoever asks
began. Nothing of it is imported otherwise. What a span tells is what the figures tell: method,
address without ids, status; never a person, a number or a body.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from flask import Flask

from server.config import Config, UnsafeSettings

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

#: Segments of a path that name one thing of many.
_ID = re.compile(r"/(?:[0-9a-fA-F-]{32,36}|[^/]*\d[^/]*)(?=/|$)")

#: The first segment is the version of the API, and has a digit by right.
_VERSION = re.compile(r"^(/v\d+)?(.*)$", re.DOTALL)

_KEY = "traces"


def install(app: Flask, config: Config) -> None:
    """Tell of requests, if the settings name somebody to tell; in each process that answers.

    Raises:
        UnsafeSettings: spans are wanted, and the library for them is missing.
    """
    if config.traces_url is None:
        return
    try:
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
        from opentelemetry.sdk.resources import Resource
        from opentelemetry.sdk.trace import TracerProvider
        from opentelemetry.sdk.trace.export import BatchSpanProcessor
    except ImportError:
        raise UnsafeSettings(
            [
                "TRACES_URL wants spans: make tracing (in a wheel: pip install with the extra"
                " `tracing`), or leave it out."
            ]
        ) from None
    provider = TracerProvider(resource=Resource.create({"service.name": "platform"}))
    exporter = OTLPSpanExporter(endpoint=f"{config.traces_url}/v1/traces")
    provider.add_span_processor(BatchSpanProcessor(exporter))
    app.extensions[_KEY] = provider
    app.wsgi_app = Traced(app.wsgi_app, provider)  # type: ignore[method-assign]  # how WSGI is wrapped


def flush(app: Flask) -> None:
    """Send what waits to be told."""
    app.extensions[_KEY].force_flush()


class Spans:
    """Makes spans of requests.

    Args:
        provider: of the library.
    """

    def __init__(self, provider: Any) -> None:
        from opentelemetry import trace
        from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

        self._tracer = provider.get_tracer("platform")
        self._kind = trace.SpanKind.SERVER
        self._propagator = TraceContextTextMapPropagator()

    @contextmanager
    def span(self, method: str, path: str, traceparent: str) -> Iterator[Callable[[int], None]]:
        """Make a span of the time inside; what is yielded is told the status of the reply.

        It is nobody's current span: on an event loop many requests are inside at the same time.

        Args:
            method: how it is asked.
            path: the address, ids and all.
            traceparent: the header of that name; empty where there is none.
        """
        address = without_ids(path)
        began = self._propagator.extract({"traceparent": traceparent})
        span = self._tracer.start_span(f"{method} {address}", context=began, kind=self._kind)
        span.set_attribute("http.request.method", method)
        span.set_attribute("http.route", address)
        try:
            yield lambda status: span.set_attribute("http.response.status_code", status)
        finally:
            span.end()


def spans(app: Flask) -> Spans | None:
    """Return what makes spans in an application; None where nobody wants any."""
    provider = app.extensions.get(_KEY)
    return None if provider is None else Spans(provider)


class Traced:
    """An application whose requests become spans.

    Args:
        application: what answers.
        provider: makes the spans.
    """

    def __init__(self, application: Callable[..., Iterable[bytes]], provider: Any) -> None:
        self._application = application
        self._spans = Spans(provider)

    def __call__(
        self, environ: WSGIEnvironment, start_response: Callable[..., Any]
    ) -> Iterable[bytes]:
        """Answer, and tell of it."""
        path, traceparent = environ.get("PATH_INFO", "/"), environ.get("HTTP_TRACEPARENT", "")
        with self._spans.span(environ["REQUEST_METHOD"], path, traceparent) as tell:

            def told(status: str, *rest: Any) -> Any:
                tell(int(status[:3]))
                return start_response(status, *rest)

            return self._application(environ, told)


def without_ids(path: str) -> str:
    """Return an address without what names one thing of many."""
    found = _VERSION.match(path)
    version, rest = (found[1] or "", found[2]) if found else ("", path)
    return version + _ID.sub("/{}", rest)
