"""A WSGI application that says what it was asked: `python -m tests.echo WAY PORT`.

By `wsgi` the server program asks it itself; by `rsgi` our bridge does.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any, ClassVar

from granian import Granian
from granian.constants import Interfaces
from granian.log import LogLevels
from granian.rsgi import Scope

from server.bridge import Bridge

#: What the process tells of itself, and other servers do not.
_PLAIN: tuple[str, ...] = (
    "REQUEST_METHOD",
    "SCRIPT_NAME",
    "PATH_INFO",
    "QUERY_STRING",
    "SERVER_NAME",
)
_PLAIN += ("REMOTE_ADDR", "CONTENT_TYPE", "CONTENT_LENGTH", "wsgi.url_scheme", "wsgi.version")
_PLAIN += ("wsgi.input_terminated", "wsgi.multithread", "wsgi.run_once")

#: A piece of a large reply.
_PIECE = b"x" * 65_536


class Pieces:
    """A reply in pieces, which notes in its process that it was let go of, by what was asked."""

    let_go: ClassVar[Counter[str]] = Counter()

    def __init__(self, asked: str, pieces: Iterable[bytes]) -> None:
        self._asked = asked
        self._pieces = iter(pieces)

    def __iter__(self) -> Iterator[bytes]:
        """Give one piece after the other."""
        return self._pieces

    def close(self) -> None:
        """Be let go of."""
        Pieces.let_go[self._asked] += 1


def wsgi(environ: dict[str, Any], start: Any) -> Iterable[bytes]:
    """Answer what the address asks for."""
    return _WAYS.get(environ["PATH_INFO"], _told)(environ, start)


def _told(environ: dict[str, Any], start: Any) -> Iterable[bytes]:
    told = {name: environ.get(name) for name in _PLAIN}
    told |= {name: environ[name] for name in environ if name.startswith("HTTP_")}
    told["body"] = environ["wsgi.input"].read().decode("latin-1")
    reply = json.dumps(told, sort_keys=True).encode()
    start(
        "200 OK",
        [("Content-Length", str(len(reply))), ("Set-Cookie", "a=1"), ("Set-Cookie", "b=2")],
    )
    return [reply]


def _length(environ: dict[str, Any], start: Any) -> Iterable[bytes]:
    """Read the body in small bites, by lines and whole, and say how long it was."""
    body = environ["wsgi.input"]
    count = len(body.read(10)) + len(body.readline())
    while bite := body.read(100_000):
        count += len(bite)
    start("200 OK", [])
    return Pieces("/length", [str(count).encode()])


def _unread(_environ: dict[str, Any], start: Any) -> Iterable[bytes]:
    start("413 Content Too Large", [("Content-Length", "0"), ("Connection", "close")])
    return []


def _large(_environ: dict[str, Any], start: Any) -> Iterable[bytes]:
    start("200 OK", [("Content-Length", str(40 * len(_PIECE)))])
    return Pieces("/large", (_PIECE for _ in range(40)))


def _nothing(_environ: dict[str, Any], start: Any) -> Iterable[bytes]:
    start("204 No Content", [("X-Of", "nothing")])
    return []


def _unchanged(_environ: dict[str, Any], start: Any) -> Iterable[bytes]:
    start("304 Not Modified", [("ETag", '"one"')])
    return []


def _fails(_environ: dict[str, Any], _start: Any) -> Iterable[bytes]:
    raise LookupError


def _breaks_off(_environ: dict[str, Any], start: Any) -> Iterable[bytes]:
    def pieces() -> Iterator[bytes]:
        yield _PIECE
        raise LookupError

    start("200 OK", [])
    return Pieces("/breaks-off", pieces())


def _let_go(environ: dict[str, Any], start: Any) -> Iterable[bytes]:
    """Say how often the reply was let go of whose address is asked about."""
    start("200 OK", [])
    return [str(Pieces.let_go[environ["QUERY_STRING"]]).encode()]


_WAYS = {
    "/length": _length,
    "/unread": _unread,
    "/large": _large,
    "/nothing": _nothing,
    "/unchanged": _unchanged,
    "/fails": _fails,
    "/breaks-off": _breaks_off,
    "/let-go": _let_go,
}


def bridged() -> Any:
    """Return the application behind our bridge."""
    bridge = Bridge(wsgi, 4)

    async def rsgi(scope: Scope, protocol: Any) -> None:
        await bridge.answer(scope, protocol)

    return rsgi


def main() -> None:
    """Serve until told to stop."""
    way, port = sys.argv[1:]
    target = "tests.echo:bridged" if way == "rsgi" else "tests.echo:plain"
    Granian(
        target, port=int(port), interface=Interfaces(way), factory=True, log_level=LogLevels.error
    ).serve()


def plain() -> Any:
    """Return the application itself."""
    return wsgi


if __name__ == "__main__":
    main()
