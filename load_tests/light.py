"""A light asyncio client: as many people at once as wanted, at little CPU of its own (轻量客户端).

Locust costs about as much CPU as the server it asks; this one speaks just enough HTTP/1.1 over
asyncio streams to walk the same journeys, and its share of the CPU is printed beside the figures.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import TypeVar
from urllib.parse import urlsplit

from load_tests.figures import Timings
from load_tests.messages import Ask, Journey, Reply, decoded, encoded, name_of

Answer = TypeVar("Answer")


class Lost(ConnectionError):
    """The connection broke before the reply was there."""


@dataclass(kw_only=True)
class Walker:
    """One person with one connection, who walks journeys and notes how long each reply took."""

    url: str
    timings: Timings
    access_token: str | None = None
    _streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = field(
        default=None, init=False
    )

    async def run(self, journey: Journey[Answer]) -> Answer:
        """Walk a journey to its end and return what came of it."""
        reply: Reply | None = None
        while True:
            try:
                ask = next(journey) if reply is None else journey.send(reply)
            except StopIteration as end:
                answer: Answer = end.value
                return answer
            reply = await self.send(ask)

    async def send(self, ask: Ask) -> Reply:
        """Ask, and return the reply, whatever it says.

        Raises:
            Lost: the connection broke before the reply was there.
        """
        began = time.perf_counter()
        try:
            status, headers, raw = await self._exchange(ask)
        except (OSError, EOFError, ValueError) as error:
            self.close()
            raise Lost(f"{ask.method} {ask.address}: {error!r}") from error
        ms = (time.perf_counter() - began) * 1000
        body = decoded(raw, headers.get("content-type", ""))
        reply = Reply(ask=ask, status=status, body=body, raw=raw, headers=headers, ms=ms)
        self.timings.add(name_of(ask.method, ask.address), ms, fine=reply.fine)
        return reply

    def close(self) -> None:
        """Hang up."""
        if self._streams is not None:
            self._streams[1].close()
            self._streams = None

    async def _exchange(self, ask: Ask) -> tuple[int, dict[str, str], bytes]:
        parts = urlsplit(self.url)
        if self._streams is None:
            self._streams = await asyncio.open_connection(parts.hostname, parts.port)
        reader, writer = self._streams
        writer.write(self._request(ask, parts.netloc))
        await writer.drain()
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        status = int(head[0].split(" ", 2)[1])
        pairs = (line.partition(":") for line in head[1:] if line)
        headers = {name.strip().lower(): value.strip() for name, _, value in pairs}
        raw = await _content(reader, status, headers)
        if headers.get("connection", "").lower() == "close":
            self.close()
        return status, headers, raw

    def _request(self, ask: Ask, host: str) -> bytes:
        body, content_type = encoded(ask)
        lines = [f"{ask.method} {ask.path} HTTP/1.1", f"Host: {host}"]
        if ask.signed and self.access_token:
            lines.append(f"Authorization: Bearer {self.access_token}")
        if body is not None:
            lines += [f"Content-Type: {content_type}", f"Content-Length: {len(body)}"]
        return "\r\n".join((*lines, "", "")).encode() + (body or b"")


async def _content(reader: asyncio.StreamReader, status: int, headers: dict[str, str]) -> bytes:
    if status in (204, 304):
        return b""
    if headers.get("transfer-encoding", "").lower() != "chunked":
        return await reader.readexactly(int(headers.get("content-length", "0")))
    whole = bytearray()
    while True:
        size = int((await reader.readline()).partition(b";")[0], 16)
        whole += (await reader.readexactly(size + 2))[:-2]
        if not size:
            return bytes(whole)


@dataclass(frozen=True, kw_only=True)
class Run:
    """How a crowd of walkers fared."""

    seconds: float
    #: Share of one CPU core that the client itself took.
    client_cpu_share: float
    #: What broke the walks that did not end well.
    failures: Sequence[str]


def walk_all(
    people: Sequence[Walker], walk: Callable[[int, Walker], Awaitable[None]], *, at_once: int
) -> Run:
    """Let everybody walk, so many at the same time, and say how it went.

    Args:
        people: who walks.
        walk: what one of them does; is given their number.
        at_once: how many are on their way at the same moment.
    """
    failures: list[str] = []

    async def one(number: int, places: asyncio.Semaphore) -> None:
        async with places:
            try:
                await walk(number, people[number])
            except Exception as error:  # One broken walk is counted and stops no other.
                failures.append(f"{type(error).__name__}: {error}")
            finally:
                people[number].close()

    async def everybody() -> None:
        places = asyncio.Semaphore(at_once)
        await asyncio.gather(*(one(number, places) for number in range(len(people))))

    began, cpu = time.perf_counter(), time.process_time()
    asyncio.run(everybody())
    seconds = time.perf_counter() - began
    share = (time.process_time() - cpu) / seconds
    return Run(seconds=seconds, client_cpu_share=share, failures=failures)
