"""What a save costs when a collector is told of it, and when nobody is: `make test-tracing`.

Two servers of their own, each with a hundred candidates who answer, are asked in turns. The cost
of a save is the CPU of the server for a turn, divided by the saves; told is the median of the
turns. The collector takes what a real one takes, OTLP over HTTP, and counts the spans of saves.
"""

from __future__ import annotations

import random
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from statistics import median

from rich.console import Console

from load_tests import proc
from load_tests.drilled import Candidate, drill
from load_tests.rush import Rush
from load_tests.server_process import ServerProcess

#: Turns of each server, saves of a turn, and connections that stay busy.
TURNS, SAVES, CROWD = 9, 600, 32

#: Seconds in which the library tells what it has gathered, twice over.
PATIENCE = 10.0

#: How the span of a save is called.
SPAN = b"PUT /v1/attempts/{}/responses"


class Collector(HTTPServer):
    """Takes spans, and counts those of saves."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Taking)
        self.spans = 0

    @property
    def url(self) -> str:
        """Where spans are told."""
        return f"http://127.0.0.1:{self.server_port}"

    def wait_for(self, spans: int) -> None:
        """Return once so many were told, or the library has had its time to tell of them."""
        end = time.monotonic() + PATIENCE
        while self.spans < spans and time.monotonic() < end:
            time.sleep(0.1)


class _Taking(BaseHTTPRequestHandler):
    def do_POST(self) -> None:  # the name that http.server calls
        told = self.rfile.read(int(self.headers["Content-Length"]))
        if isinstance(self.server, Collector):
            self.server.spans += told.count(SPAN)
        self.send_response(200)
        self.end_headers()

    def log_message(self, *_words: object) -> None:
        """Say nothing."""


@dataclass(kw_only=True)
class Asked:
    """A server that is asked in turns."""

    server: ServerProcess
    candidates: list[Candidate]
    meter: proc.Meter
    cpu_us: list[float] = field(default_factory=list)
    good: int = 0

    def turn(self, first: int) -> None:
        """Ask it for some saves, and note what each has cost."""
        wanted = [random.choice(self.candidates).save(first + 2 * n) for n in range(SAVES)]
        with closing(Rush(self.server.url, connections=CROWD)) as rush:
            self.meter.spent()
            rushed = rush.hold(iter(wanted), seconds=60)
            spent = self.meter.spent()
        self.good += rushed.statuses[200]
        self.cpu_us.append(spent / SAVES * 1_000_000)


@contextmanager
def _collecting() -> Iterator[Collector]:
    collector = Collector()
    thread = threading.Thread(target=collector.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield collector
    finally:
        collector.shutdown()
        collector.server_close()
        thread.join()


def _started(folder: Path, stack: ExitStack, **settings: str) -> Asked:
    server = ServerProcess(folder, settings=settings)
    stack.callback(server.stop)
    server.start()
    return Asked(
        server=server,
        candidates=drill(server, folder, 100, started=True),
        meter=proc.Meter(lambda: proc.family(server.pid)),
    )


def main() -> int:
    """Measure, and print the figures; 1 where a save failed or was not told."""
    console = Console(highlight=False, soft_wrap=True)
    with ExitStack() as stack:
        collector = stack.enter_context(_collecting())
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="tracing-")))
        servers = {
            "off": _started(folder / "off", stack),
            "on": _started(folder / "on", stack, TRACES_URL=collector.url),
        }
        for number in range(TURNS):
            for one in servers.values():
                one.turn(2000 * (number + 1))
        collector.wait_for(servers["on"].good)
    costs = {name: median(one.cpu_us) for name, one in servers.items()}
    dearer = costs["on"] / costs["off"] - 1
    console.print(
        f"保存 a save: {costs['off']:.0f} µs CPU, {costs['on']:.0f} µs with spans ({dearer:+.0%});"
        f" {collector.spans} spans of {servers['on'].good} saves"
    )
    whole = all(one.good == TURNS * SAVES for one in servers.values())
    return int(not whole or collector.spans < 0.95 * TURNS * SAVES)


if __name__ == "__main__":
    sys.exit(main())
