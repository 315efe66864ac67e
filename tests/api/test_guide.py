"""The guides (docs/api.md, docs/attempt.md) speak of addresses that exist, in their messages."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any

import pytest
from flask import Flask
from openapi_schema_validator import OAS31Validator

from server import openapi
from tests.house import ROOT

GUIDE = "\n".join((ROOT / "docs" / name).read_text("utf-8") for name in ("api.md", "attempt.md"))

_PLACE = re.compile(r"\{\w+\}")


@dataclass(frozen=True)
class Example:
    """A request in the guide, and the reply to it."""

    verb: str
    path: str
    body: Any
    status: str
    reply: Any


def examples() -> list[Example]:
    """Return the examples of the guide."""
    found = []
    for block in re.findall(r"```http\n(.*?)```", GUIDE, re.DOTALL):
        request, answer = block.split("\n\n", 1)
        line, _, body = request.partition("\n")
        status, _, reply = answer.partition("\n")
        verb, path = line.split()
        found.append(Example(verb, path, json.loads(body), status, json.loads(reply)))
    return found


@pytest.fixture
def document(app: Flask) -> dict[str, Any]:
    """Return the OpenAPI document."""
    with app.app_context():
        found: dict[str, Any] = json.loads(json.dumps(openapi.document()))
        return found


def faults(document: dict[str, Any], schema: dict[str, Any], message: object) -> list[str]:
    """Return what a message has that its schema has not."""
    whole = {**schema, "components": document["components"]}
    return [fault.message for fault in OAS31Validator(whole).iter_errors(message)]


@pytest.mark.parametrize("example", examples(), ids=lambda one: f"{one.verb} {one.path}")
def test_an_example_has_the_shape_that_the_document_gives(
    document: dict[str, Any], example: Example
) -> None:
    operation = document["paths"][example.path][example.verb.lower()]
    asked = operation.get("requestBody", {}).get("content", {}).get("application/json", {})
    answered = operation["responses"][example.status]["content"]["application/json"]["schema"]

    assert faults(document, asked.get("schema", {}), example.body) == []
    assert faults(document, answered, example.reply) == []


def test_the_guide_names_no_address_that_is_not_there(document: dict[str, Any]) -> None:
    there = {_PLACE.sub("{}", path): set(verbs) for path, verbs in document["paths"].items()}
    named = re.findall(r"\b(GET|PUT|POST|DELETE) (/v1/[\w/{}-]+)", GUIDE)

    missing = [
        f"{verb} {path}"
        for verb, path in named
        if path != "/v1/things/{id}"
        and verb.lower() not in there.get(_PLACE.sub("{}", path), set())
    ]
    assert len(named) > 10
    assert missing == []


def test_the_examples_include_the_way_of_a_candidate() -> None:
    ends = [example.path.rsplit("/", 1)[-1] for example in examples()]

    assert {"sign-in", "refresh", "{attempt_id}", "responses", "submission"} <= set(ends)


def test_no_message_of_a_phone_has_room_for_its_own_clock(document: dict[str, Any]) -> None:
    phones = {
        path: operation["requestBody"]
        for path, verbs in document["paths"].items()
        if path.startswith("/v1/attempts/{attempt_id}")
        for operation in verbs.values()
        if isinstance(operation, dict) and "requestBody" in operation
    }

    assert len(phones) > 4
    for path, body in phones.items():
        assert formats(document, body).isdisjoint({"date", "time", "date-time"}), path


def formats(document: dict[str, Any], part: Any) -> set[str]:
    """Return the formats of all values in a part of the document, wherever it refers to."""
    if isinstance(part, list):
        return set().union(*(formats(document, one) for one in part))
    if not isinstance(part, dict):
        return set()
    found = {part["format"]} if isinstance(part.get("format"), str) else set()
    if "$ref" in part:
        name = part["$ref"].rsplit("/", 1)[-1]
        found |= formats(document, document["components"]["schemas"][name])
    return found.union(*(formats(document, one) for one in part.values()))
