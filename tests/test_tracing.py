"""Requests become spans for whoever asks for them, and cost nobody else anything."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

import wsgi
from server import tracing
from server.app import engine_of
from server.config import UnsafeSettings
from tests.served import served

HAS_LIBRARY = importlib.util.find_spec("opentelemetry") is not None

ATTEMPT = "0b6e2f5e-8a55-4d0e-9c57-9d3e4f5a6b7c"


class Collector(BaseHTTPRequestHandler):
    """Takes what is told by OTLP over HTTP."""

    def do_POST(self) -> None:  # the name that http.server calls
        """Keep a message."""
        self.server.taken.append(self.rfile.read(int(self.headers["Content-Length"])))  # type: ignore[attr-defined]  # ours
        self.send_response(200)
        self.end_headers()

    def log_message(self, *_words: object) -> None:
        """Say nothing."""


@pytest.mark.skipif(not HAS_LIBRARY, reason="UNPROVED: spans; make test-tracing")
def test_a_save_is_told_to_whoever_collects_spans(config):
    collector = HTTPServer(("127.0.0.1", 0), Collector)
    collector.taken = []  # type: ignore[attr-defined]  # ours
    with served(collector):
        url = f"http://127.0.0.1:{collector.server_address[1]}"
        app = wsgi.create_app(config.replaced(traces_url=url))
        tracing.install(app, app.extensions["config"])

        app.test_client().put(f"/v1/attempts/{ATTEMPT}/responses", json={})
        tracing.flush(app)
        engine_of(app).dispose()
    (told,) = collector.taken  # type: ignore[attr-defined]  # ours
    assert b"PUT /v1/attempts/{}/responses" in told
    assert b"http.response.status_code" in told
    assert ATTEMPT.encode() not in told


@pytest.mark.skipif(HAS_LIBRARY, reason="OpenTelemetry is installed here")
def test_who_wants_spans_without_the_library_is_told_what_to_install(app, config):
    with pytest.raises(UnsafeSettings, match="make tracing"):
        tracing.install(app, config.replaced(traces_url="http://127.0.0.1:4318"))


@pytest.mark.once
def test_nothing_of_it_is_loaded_unless_asked_for():
    words = "import sys, server.tracing; print([m for m in sys.modules if 'opentele' in m])"
    said = subprocess.run([sys.executable, "-c", words], capture_output=True, text=True, check=True)

    assert said.stdout.strip() == "[]"


@pytest.mark.once
@pytest.mark.parametrize(
    ("path", "told"),
    [
        (f"/v1/attempts/{ATTEMPT}/responses", "/v1/attempts/{}/responses"),
        ("/v1/verification/T-371300-2026-0001", "/v1/verification/{}"),
        ("/healthz", "/healthz"),
        ("/v1/me/certificates", "/v1/me/certificates"),
        ("/verify/110101199003070000", "/verify/{}"),
    ],
)
def test_a_span_names_nobody(path, told):
    assert tracing.without_ids(path) == told
