"""Every address of the platform, with a request of the right shape for it, made from its schema."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from flask import Flask
from sqlalchemy import select
from werkzeug.routing import Rule

from server import openapi, problems
from server.db import Base, db
from server.http import OF_SYSTEMS
from server.openapi import TOKENS_AT

Path = tuple[str | int, ...]

_PLACE = re.compile(r"\{(\w+)\}")

#: One value of the right shape for each format of a text.
_TEXTS = {
    "date": "2026-06-15",
    "date-time": "2026-06-15T12:00:00+08:00",
    "decimal": "0.5",
    "binary": "",
}


@dataclass(frozen=True, kw_only=True)
class Address:
    """One verb at one address, and its page in the OpenAPI document."""

    verb: str
    path: str
    operation: Mapping[str, Any]
    schemas: Mapping[str, Any]
    #: An id that is there, for each kind of thing: `{"organisation": …}`.
    known: Mapping[str, UUID]

    @property
    def name(self) -> str:
        """What a failing test calls it."""
        return f"{self.verb} {self.path}"

    @property
    def is_of_systems(self) -> bool:
        """Whether other systems ask there, and nobody else."""
        return str(self.operation.get("x-access", "")).startswith(OF_SYSTEMS)

    @property
    def refuses_as(self) -> str:
        """The kind of content of its refusals: OAuth has its own."""
        return "application/json" if self.path == TOKENS_AT else problems.CONTENT_TYPE

    @property
    def url(self) -> str:
        """The address with ids in its places, of things that are there where there are any."""
        return _PLACE.sub(lambda place: self._in_place(place[1]), self.path)

    @property
    def body_schema(self) -> Mapping[str, Any] | None:
        """The schema of its JSON body, None where it takes none."""
        content = self.operation.get("requestBody", {}).get("content", {})
        found: Mapping[str, Any] | None = content.get("application/json", {}).get("schema")
        return found

    @property
    def reads_only_json(self) -> bool:
        """Whether its body is JSON of a known shape, and not any file."""
        content = self.operation.get("requestBody", {}).get("content", {})
        return list(content) == ["application/json"]

    def query(self) -> dict[str, Any]:
        """Return a value of the right shape for each word of its query."""
        return {
            one["name"]: self.example(one["schema"], one["name"])
            for one in self.operation.get("parameters", [])
            if one["in"] == "query"
        }

    def body(self) -> Any:
        """Return a body of the right shape, with every field."""
        return None if self.body_schema is None else self.example(self.body_schema, "")

    def example(self, schema: Mapping[str, Any], name: str, depth: int = 0) -> Any:
        """Return a value that a schema describes, the first that comes to mind."""
        for word in ("allOf", "anyOf", "oneOf"):
            if schema.get(word):
                return self.example(schema[word][0], name, depth)
        if "$ref" in schema:
            return self.example(self.schemas[schema["$ref"].rsplit("/", 1)[1]], name, depth)
        if schema.get("enum"):
            return schema["enum"][0]
        kind = schema.get("type", "object")
        kind = kind if isinstance(kind, str) else kind[0]
        if kind == "object":
            return self._object(schema, depth)
        if kind == "array":
            return [self.example(schema["items"], name, depth + 1)] if depth < 6 else []
        return self._plain(kind, schema, name)

    def _object(self, schema: Mapping[str, Any], depth: int) -> dict[str, Any]:
        properties = schema.get("properties", {})
        return {one: self.example(below, one, depth + 1) for one, below in properties.items()}

    def _plain(self, kind: str, schema: Mapping[str, Any], name: str) -> Any:
        if kind in ("integer", "number"):
            return schema.get("minimum", 1)
        if kind == "boolean":
            return True
        if schema.get("format") == "uuid":
            return str(self._id(name))
        text = _TEXTS.get(schema.get("format", ""), "安全")
        return text + "x" * (schema.get("minLength", 0) - len(text))

    def _id(self, name: str) -> UUID:
        return self.known.get(name.removesuffix("_id").removesuffix("_ids")) or uuid4()

    def _in_place(self, name: str) -> str:
        if name.endswith("id"):
            return str(self._id(name))
        return {"name": "page.css", "place": "1"}.get(name, "安全")


def addresses(app: Flask) -> list[Address]:
    """Return every verb at every address there is."""
    with app.app_context():
        document = openapi.document()
        known = things_that_are_there()
    return [
        Address(
            verb=verb.upper(),
            path=path,
            operation=operation,
            schemas=document["components"]["schemas"],
            known=known,
        )
        for path, operations in document["paths"].items()
        for verb, operation in operations.items()
        if verb != "parameters"
    ]


def things_that_are_there() -> dict[str, UUID]:
    """Return an id of each table that has a row with one."""
    found = {}
    for name, table in Base.metadata.tables.items():
        if "id" in table.columns and isinstance(
            one := db.session.execute(select(table.c.id).limit(1)).scalar(), UUID
        ):
            found[name] = one
    return found


def described(rule: Rule) -> str:
    """Return an address as the OpenAPI document spells it."""
    return re.sub(r"<(?:[^:<>]+:)?(\w+)>", r"{\1}", rule.rule)


def leaves(body: Any, path: Path = ()) -> Iterator[tuple[Path, Any]]:
    """Yield every plain value in a body, with the way to it."""
    if isinstance(body, dict):
        for key, below in body.items():
            yield from leaves(below, (*path, key))
    elif isinstance(body, list):
        for index, below in enumerate(body):
            yield from leaves(below, (*path, index))
    else:
        yield path, body


def changed(body: Any, path: Path, value: Any) -> Any:
    """Return a body with another value at the end of a path."""
    if not path:
        return value
    step, rest = path[0], path[1:]
    if isinstance(body, dict):
        return {**body, step: changed(body[step], rest, value)}
    return [changed(one, rest, value) if i == step else one for i, one in enumerate(body)]
