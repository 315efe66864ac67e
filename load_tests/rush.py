"""A rush: prepared requests over many kept connections, as fast as the server answers (冲刺客户端).

The server under test has only what its client leaves of the machine. So this client composes
nothing while it runs: it hands prepared bytes to sockets that are ready, reads the status and the
length of each reply, and nothing else. It does not follow journeys (`load_tests.light` does), and
its share of the CPU is given beside the figures.
"""

from __future__ import annotations

import gc
import selectors
import socket
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from statistics import quantiles
from urllib.parse import urlsplit

#: Seconds without any reply after which a rush is given up.
PATIENCE = 15.0


@dataclass(kw_only=True)
class Rushed:
    """How a rush went."""

    seconds: float
    #: CPU seconds of the client itself.
    client_cpu_seconds: float
    #: Milliseconds of each reply, from the moment it was due.
    ms: list[float] = field(repr=False)
    #: How many replies had which status; 0 for none.
    statuses: Counter[int]
    #: The second of the rush at which each reply was there, in the order of `ms`.
    seconds_of: list[float] = field(default_factory=list, repr=False)

    @property
    def per_second(self) -> float:
        """Good replies a second."""
        return self.statuses[200] / self.seconds if self.seconds else 0.0

    @property
    def failed(self) -> int:
        """Replies that were not good, and requests without one."""
        return self.statuses.total() - self.statuses[200]

    def percentile(self, percent: int) -> float:
        """Return the milliseconds within which so many of a hundred replies came."""
        return quantiles(self.ms, n=100)[percent - 1] if len(self.ms) > 1 else sum(self.ms)


class _Line:
    """One connection, and what it waits for."""

    __slots__ = ("address", "buffer", "busy", "due", "socket")

    def __init__(self, address: tuple[str, int]) -> None:
        self.address = address
        #: When the request that it carries was due.
        self.due = 0.0
        self.open()

    def open(self) -> None:
        """Connect, anew where it was connected before."""
        self.socket = socket.create_connection(self.address)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.socket.setblocking(False)
        self.buffer = b""
        #: Whether it waits for a reply.
        self.busy = False


class Rush:
    """A crowd on kept connections.

    Args:
        url: the server.
        connections: how many requests may be on their way at once.
    """

    def __init__(self, url: str, *, connections: int) -> None:
        parts = urlsplit(url)
        address = (parts.hostname or "127.0.0.1", parts.port or 80)
        self._lines = [_Line(address) for _ in range(connections)]
        self._ready = selectors.DefaultSelector()
        for line in self._lines:
            self._ready.register(line.socket, selectors.EVENT_READ, line)

    def close(self) -> None:
        """Hang up."""
        for line in self._lines:
            line.socket.close()
        self._ready.close()

    def hold(self, requests: Iterator[bytes], *, seconds: float) -> Rushed:
        """Keep every connection busy for so long, or until no request is left."""
        return self._run(requests, until=seconds)

    def arrive(self, requests: Sequence[bytes], *, within: float) -> Rushed:
        """Send the requests at even distances within so many seconds, whatever comes back.

        A request that finds no free connection waits, and its time counts from when it was due.
        """
        apart = within / max(1, len(requests))
        return self._run(iter(requests), dues=[number * apart for number in range(len(requests))])

    def keep_to(self, timetable: Sequence[tuple[float, bytes]]) -> Rushed:
        """Send each request at its second, whatever comes back; as `arrive` counts the time.

        Args:
            timetable: seconds from now and requests, the earliest first.
        """
        return self._run(iter([one for _, one in timetable]), dues=[due for due, _ in timetable])

    def _run(
        self,
        requests: Iterator[bytes],
        *,
        until: float = float("inf"),
        dues: Sequence[float] = (),
    ) -> Rushed:
        free, sent, ms, statuses = list(self._lines), 0, [], Counter[int]()
        seconds_of: list[float] = []
        gc.collect()
        cpu, began = time.process_time(), time.perf_counter()
        last, more = began, True
        while True:
            now = time.perf_counter()
            more = more and now - began < until
            while free and more and (not dues or began + _due(dues, sent) <= now):
                request = next(requests, None)
                more = request is not None
                if request is not None:
                    line = free.pop()
                    line.busy = True
                    line.due = began + dues[sent] if dues else time.perf_counter()
                    line.socket.sendall(request)
                    sent += 1
            if not more and len(free) == len(self._lines):
                break
            if now - last > PATIENCE:
                statuses[0] += len(self._lines) - len(free)
                break
            wait = began + _due(dues, sent) - time.perf_counter() if more and free else 1.0
            pause = min(1.0, max(0.0, wait))
            for key, _ in self._ready.select(pause):
                status = self._heard(key.data)
                if status is not None:
                    last = time.perf_counter()
                    ms.append((last - key.data.due) * 1000)
                    seconds_of.append(last - began)
                    statuses[status] += 1
                    free.append(key.data)
        return Rushed(
            seconds=last - began,
            client_cpu_seconds=time.process_time() - cpu,
            ms=ms,
            statuses=statuses,
            seconds_of=seconds_of,
        )

    def _heard(self, line: _Line) -> int | None:
        """Return the status of a reply once it is whole; 0 where the server hung up instead.

        A server hangs up lines that were idle for long: that is nobody's failure.
        """
        try:
            status = _read(line)
        except ConnectionError:
            status = 0 if line.busy else None
            self._ready.unregister(line.socket)
            line.socket.close()
            line.open()
            self._ready.register(line.socket, selectors.EVENT_READ, line)
        if status is not None:
            line.busy = False
        return status


def _due(dues: Sequence[float], number: int) -> float:
    """Return when a request is due; at once where it is one more than there are."""
    return dues[number] if number < len(dues) else 0.0


def _read(line: _Line) -> int | None:
    """Read what has come; return the status once the reply is whole.

    Raises:
        ConnectionError: the server hung up.
    """
    data = line.socket.recv(65_536)
    if not data:
        raise ConnectionError("The server hung up.")
    data = line.buffer + data if line.buffer else data
    end = data.find(b"\r\n\r\n")
    if end >= 0:
        head = data[:end].lower()
        at = head.find(b"content-length:") + 15
        length = int(head[at : head.find(b"\r", at) if head.find(b"\r", at) > 0 else end])
        if len(data) >= end + 4 + length:
            line.buffer = b""
            return int(data[9:12])
    line.buffer = data
    return None


def request(method: str, path: str, *, token: str | None = None, body: bytes) -> bytes:
    """Return the bytes of a request, of somebody signed in or of anybody."""
    signed_in = f"Authorization: Bearer {token}\r\n" if token else ""
    head = (
        f"{method} {path} HTTP/1.1\r\nHost: localhost\r\n{signed_in}"
        f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body
