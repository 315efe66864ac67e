"""What will go of the API, and when: told by each reply long before (接口变更公告).

The rows stand in `changes.json`; what may change within a version says docs/exchange.md. An address
that will go answers as ever until its last day, with the headers `Deprecation` (RFC 9745) and
`Sunset` (RFC 8594), and names the address that takes its place.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from email.utils import format_datetime
from functools import cache
from importlib.resources import files
from typing import Any, Final

from flask import Flask, Response, request

#: An address answers for so long at least after it was said that it will go.
LEAST: Final = timedelta(days=365)

#: The page that says what may change.
PAGE: Final = "/integrators"


@dataclass(frozen=True, kw_only=True)
class Change:
    """An address that will go."""

    method: str
    #: As the document of the API writes it.
    path: str
    #: Since which day it is better not used, and on which it is no longer there.
    deprecated_on: date
    sunset_on: date
    #: What takes its place.
    instead: str

    def headers(self) -> dict[str, str]:
        """Return what its replies say."""
        since, end = _midnight(self.deprecated_on), _midnight(self.sunset_on)
        links = [
            f'<{self.instead}>; rel="successor-version"',
            f'<{PAGE}>; rel="deprecation"; type="text/html"',
        ]
        return {
            "Deprecation": f"@{int(since.timestamp())}",
            "Sunset": format_datetime(end, usegmt=True),
            "Link": ", ".join(links),
        }


@cache
def coming() -> dict[tuple[str, str], Change]:
    """Return what will go, by method and path."""
    rows = json.loads(files("server").joinpath("changes.json").read_text("utf-8"))
    return {(each["method"], each["path"]): _change(each) for each in rows}


def install(app: Flask) -> None:
    """Have every reply of an address that will go say so."""

    @app.after_request
    def announce(response: Response) -> Response:
        if request.url_rule is not None:
            path = request.url_rule.rule.replace("<uuid:", "{").replace("<string:", "{")
            found = coming().get((request.method, path.replace(">", "}")))
            if found is not None:
                response.headers.update(found.headers())
        return response


def mark(described: dict[str, Any]) -> None:
    """Mark in the document of the API what will go."""
    for change in coming().values():
        operation = described["paths"][change.path][change.method.lower()]
        operation["deprecated"] = True
        operation["x-sunset"] = change.sunset_on.isoformat()
        operation["description"] = (
            f"{operation.get('description', '')}\n\nGone from {change.sunset_on} on: use "
            f"`{change.instead}`."
        ).strip()


def _change(row: dict[str, str]) -> Change:
    days = {name: date.fromisoformat(row[name]) for name in ("deprecated_on", "sunset_on")}
    rest = {name: row[name] for name in ("method", "path", "instead")}
    return Change(**days, **rest)  # type: ignore[arg-type]  # each of its own type


def _midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=UTC)
