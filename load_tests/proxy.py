"""A proxy that loses replies on demand, after the server has done its work (丢包代理)."""

from __future__ import annotations

import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection, HTTPException
from http.server import BaseHTTPRequestHandler
from urllib.parse import urlsplit

#: Headers of one hop only (RFC 9110, 7.6.1), and those that are written anew.
_HOP = {"connection", "keep-alive", "transfer-encoding", "te", "trailer", "upgrade"}
_ANEW = _HOP | {"content-length", "host"}


class LossyProxy(socketserver.ThreadingTCPServer):
    """Hands requests on; while replies are to be lost, hands none back.

    What is lost is the reply of a request that the server has handled to the end: just what a
    phone meets that leaves the reach of its network at the wrong moment.
    """

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self, server_url: str) -> None:
        super().__init__(("127.0.0.1", 0), _Hop)
        parts = urlsplit(server_url)
        self.upstream = (parts.hostname or "127.0.0.1", parts.port or 80)
        self._to_lose = 0
        self._lock = threading.Lock()
        #: Replies lost so far: status and path of each.
        self.lost: list[tuple[int, str]] = []

    @property
    def url(self) -> str:
        """Where the proxy listens."""
        return f"http://127.0.0.1:{self.server_address[1]}"

    def lose(self, count: int = 1) -> None:
        """Lose the next replies."""
        with self._lock:
            self._to_lose += count

    def loses(self, status: int, path: str) -> bool:
        """Say whether this reply is to be lost, and count it."""
        with self._lock:
            if not self._to_lose:
                return False
            self._to_lose -= 1
            self.lost.append((status, path))
            return True


class _Hop(BaseHTTPRequestHandler):
    """One connection through the proxy."""

    protocol_version = "HTTP/1.1"
    server: LossyProxy

    def handle_one_request(self) -> None:
        """Hand one request on and its reply back, unless that is to be lost."""
        self.raw_requestline = self.rfile.readline(65537)
        if not self.raw_requestline or not self.parse_request():
            self.close_connection = True
            return
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        upstream = HTTPConnection(*self.server.upstream, timeout=60)
        try:
            self._hand_on(upstream, body)
        except (OSError, HTTPException):
            self.close_connection = True
        finally:
            upstream.close()

    def _hand_on(self, upstream: HTTPConnection, body: bytes) -> None:
        headers = {k: v for k, v in self.headers.items() if k.lower() not in _ANEW}
        upstream.request(self.command, self.path, body=body or None, headers=headers)
        answer = upstream.getresponse()
        content = answer.read()
        if self.server.loses(answer.status, self.path.partition("?")[0]):
            self.close_connection = True
            return
        self.send_response_only(answer.status)
        for name, value in answer.getheaders():
            if name.lower() not in _ANEW:
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)


@contextmanager
def lossy(server_url: str) -> Iterator[LossyProxy]:
    """Run a proxy in front of a server for as long as the block lasts."""
    with LossyProxy(server_url) as proxy:
        thread = threading.Thread(target=proxy.serve_forever, daemon=True)
        thread.start()
        try:
            yield proxy
        finally:
            proxy.shutdown()
            thread.join()
