"""What is asked of the server and what it replies, apart from how it travels (请求与应答).

A journey is a generator: it yields what it asks and is sent what was replied. So one and the same
journey is walked by the walkthrough over plain connections, by Locust, and by the light client of
the benchmarks.
"""

from __future__ import annotations

import json
from collections.abc import Generator, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar
from urllib.parse import quote, urlencode

Answer = TypeVar("Answer")


@dataclass(frozen=True, kw_only=True)
class Ask:
    """One request."""

    method: str
    #: The address with its places in braces; figures are counted under it.
    address: str
    #: What stands in the places.
    ids: Mapping[str, object] = field(default_factory=dict)
    query: Mapping[str, object] = field(default_factory=dict)
    #: The JSON body; None for none.
    body: Any = None
    #: A file sent as the body instead, as it is.
    file: bytes | None = None
    #: What kind of file it is.
    file_type: str = "application/octet-stream"
    #: Whether the access token of who asks goes with it.
    signed: bool = True
    #: Headers beside those of every request.
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def path(self) -> str:
        """The address with the places filled in, and the query."""
        filled = self.address.format_map(
            {name: quote(str(value), safe="") for name, value in self.ids.items()}
        )
        given = {name: value for name, value in self.query.items() if value is not None}
        return f"{filled}?{urlencode(given, doseq=True)}" if given else filled

    @property
    def repeatable(self) -> bool:
        """Whether asking twice is the same as asking once, by the rules of HTTP."""
        return self.method in {"GET", "PUT", "DELETE"}


@dataclass(frozen=True, kw_only=True)
class Reply:
    """What came back."""

    ask: Ask
    status: int
    #: The body, read where it is JSON.
    body: Any
    raw: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    #: Milliseconds from asking to having read the reply.
    ms: float = 0.0

    @property
    def fine(self) -> bool:
        """Whether the server did what it was asked."""
        return 200 <= self.status < 300

    @property
    def code(self) -> str | None:
        """The stable code of a refusal."""
        return self.body.get("code") if isinstance(self.body, dict) and not self.fine else None

    def good(self) -> Any:
        """Return the body.

        Raises:
            Refused: the server did not do what it was asked.
        """
        if not self.fine:
            raise Refused(self)
        return self.body


class Refused(Exception):
    """The server refused what a journey could not do without."""

    def __init__(self, reply: Reply) -> None:
        self.reply = reply
        said = reply.body if isinstance(reply.body, dict) else {}
        why = said.get("detail") or reply.raw[:200].decode("utf-8", "replace")
        fields = f" {said['errors']}" if said.get("errors") else ""
        super().__init__(
            f"{reply.ask.method} {reply.ask.address}: {reply.status} "
            f"{said.get('code', 'without a code')}: {why}{fields}"
        )


#: A way through the platform: asks, is told the replies, and returns what came of it.
Journey = Generator[Ask, Reply, Answer]


def get(address: str, *, query: Mapping[str, object] | None = None, **ids: object) -> Ask:
    """Ask to see something."""
    return Ask(method="GET", address=address, ids=ids, query=query or {})


def put(address: str, body: Any = None, **ids: object) -> Ask:
    """Ask for something to be made or moved, under an id of our own."""
    return Ask(method="PUT", address=address, ids=ids, body=body)


def post(address: str, body: Any = None, *, signed: bool = True, **ids: object) -> Ask:
    """Ask for something that is not the same when asked twice."""
    return Ask(method="POST", address=address, ids=ids, body=body, signed=signed)


def delete(address: str, **ids: object) -> Ask:
    """Ask for something to be taken away."""
    return Ask(method="DELETE", address=address, ids=ids)


def name_of(method: str, address: str) -> str:
    """Return the name of an operation: `PUT /v1/attempts/{}`, whatever the places are called."""
    parts = ("{}" if part[:1] in "{<" and part else part for part in address.split("/"))
    return f"{method} {'/'.join(parts)}"


def encoded(ask: Ask) -> tuple[bytes | None, str]:
    """Return the body of a request, None where it has none, and the type of its content."""
    if ask.file is not None:
        return ask.file, ask.file_type
    if ask.body is None:
        return None, ""
    text = json.dumps(ask.body, ensure_ascii=False, separators=(",", ":"), default=str)
    return text.encode(), "application/json"


def decoded(raw: bytes, content_type: str) -> Any:
    """Return what a reply says: read where it is JSON, else the bytes themselves."""
    kind = content_type.partition(";")[0].strip()
    if kind == "application/json" or kind.endswith("+json"):
        return json.loads(raw) if raw else None
    return raw
