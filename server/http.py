"""The two ends of a view: reading what came, replying what is; and its page in the docs (接口)."""

from __future__ import annotations

import re
from collections.abc import Callable
from copy import deepcopy
from functools import cache
from http import HTTPStatus
from typing import Any, TypeVar

from flask import Request
from flask_smorest import Blueprint
from marshmallow import Schema, ValidationError, fields
from webargs import core
from webargs.flaskparser import FlaskParser, is_json_request
from webargs.multidictproxy import MultiDictProxy
from werkzeug.datastructures import MultiDict

from server import strict_json
from server.errors import (
    DomainError,
    Invalid,
    NotAllowed,
    NotFound,
    NotSignedIn,
    TooLarge,
    Unreadable,
    WrongMediaType,
)
from server.translations import flattened

View = TypeVar("View", bound=Callable[..., Any])

#: Where every address of the API begins.
PREFIX = "/v1"

#: A whole number as a query may write it; longer ones fit no column.
_WHOLE = re.compile(r"-?[0-9]{1,18}")


class Reader(FlaskParser):
    """Reads bodies and queries strictly; unknown fields are refused everywhere."""

    DEFAULT_UNKNOWN_BY_LOCATION: dict[str, str | None] = {  # noqa: RUF012  # typed so by webargs
        "json": "raise",
        "query": "raise",
        "form": "raise",
        "files": "raise",
        "headers": "exclude",
        "cookies": "exclude",
    }

    def _raw_load_json(self, req: Request) -> Any:
        body = req.get_data(cache=True)
        if not body:
            return core.missing
        if not is_json_request(req):
            raise WrongMediaType
        return strict_json.read(body)

    def load_querystring(self, req: Request, schema: Schema) -> MultiDictProxy:
        """Return the words of the query; those of whole numbers as numbers.

        A query has only text, and a strict field takes only numbers: without this, `limit=20`
        would be refused, and a lax field would take `limit=2.5` from a body.
        """
        numbers = {
            field.data_key or name
            for name, field in schema.load_fields.items()
            if isinstance(field, fields.Integer)
        }
        words = [
            (name, int(text) if name in numbers and _WHOLE.fullmatch(text) else text)
            for name, text in req.args.items(multi=True)
        ]
        return MultiDictProxy(MultiDict(words), schema)

    def handle_error(
        self, error: ValidationError, req: Request, schema: Schema, **_options: Any
    ) -> Any:
        """Turn marshmallow's complaints into the refusal `invalid`."""
        del req, schema
        messages = error.messages
        # webargs files the complaints under the location; the fields are what people look for.
        only = next(iter(messages.values())) if isinstance(messages, dict) else messages
        raise Invalid(flattened(only)) from error


class Part(Blueprint):  # type: ignore[misc]  # flask-smorest ships no types
    """The addresses of one part of the platform, read, answered and documented alike."""

    ARGUMENTS_PARSER = Reader()

    def __init__(self, name: str, description: str, *, prefix: str = PREFIX) -> None:
        super().__init__(name, name, url_prefix=prefix, description=description)
        self._prepare_doc_cbks.append(self._prepare_access_doc)
        self._prepare_doc_cbks.append(self._prepare_refusal_doc)

    def route(self, rule: str, **options: Any) -> Callable[[View], View]:
        """Give a view its address, relative to the prefix of the part."""
        decorate: Callable[[View], View] = super().route(rule, **options)
        return decorate

    def arguments(
        self, schema: type[Schema] | Schema, *, location: str = "json", **options: Any
    ) -> Callable[[View], View]:
        """Read the body (or the query) by `schema`; the view gets it as its first argument."""
        decorate: Callable[[View], View] = super().arguments(schema, location=location, **options)
        return decorate

    def response(
        self, status_code: int, schema: Any = None, **options: Any
    ) -> Callable[[View], View]:
        """Reply what the view returns by `schema`, after its transaction is closed."""
        decorate: Callable[[View], View] = super().response(status_code, schema, **options)
        return decorate

    def also(
        self, status_code: int, schema: type[Schema], *, description: str
    ) -> Callable[[View], View]:
        """Document another reply of the view, which it builds itself."""
        decorate: Callable[[View], View] = super().alt_response(
            status_code, schema=schema, description=description
        )
        return decorate

    def page(self, schema: type[Schema], *, description: str = "") -> Callable[[View], View]:
        """Reply a `Page` of things, each by `schema`, with the cursor of the next page."""
        whole = _page_of(schema)
        return self.response(200, whole, description=description or "One page")

    def refuses(self, *refusals: type[DomainError]) -> Callable[[View], View]:
        """Document the refusals a caller may meet here, beyond those every address knows."""

        def decorate(view: View) -> View:
            apidoc = deepcopy(getattr(view, "_apidoc", {}))
            apidoc.setdefault("refusals", []).extend(refusals)
            view._apidoc = apidoc  # type: ignore[attr-defined]  # read by flask-smorest
            return view

        return decorate

    def _prepare_access_doc(
        self, doc: dict[str, Any], doc_info: dict[str, Any], **_: Any
    ) -> dict[str, Any]:
        access = doc_info.get("access")
        if access is not None and access != "open":
            doc["security"] = [_security(access)]
            doc["x-access"] = access
        else:
            doc["security"] = []
        return doc

    def _prepare_refusal_doc(
        self, doc: dict[str, Any], doc_info: dict[str, Any], **_: Any
    ) -> dict[str, Any]:
        by_status: dict[int, set[str]] = {}
        for refusal in self._refusals_of(doc, doc_info):
            by_status.setdefault(refusal.status, set()).add(refusal.code)
        responses = doc.setdefault("responses", {})
        for status, codes in sorted(by_status.items()):
            responses[status] = {
                "description": f"{HTTPStatus(status).phrase}: " + ", ".join(sorted(codes)),
                "content": {
                    "application/problem+json": {
                        "schema": {
                            "allOf": [
                                {"$ref": "#/components/schemas/Problem"},
                                {"properties": {"code": {"enum": sorted(codes)}}},
                            ]
                        }
                    }
                },
            }
        responses["default"] = "DEFAULT_ERROR"
        return doc

    @staticmethod
    def _refusals_of(doc: dict[str, Any], doc_info: dict[str, Any]) -> list[type[DomainError]]:
        known: list[type[DomainError]] = list(doc_info.get("refusals", []))
        known.append(Unreadable)
        if doc_info.get("access") not in (None, "open"):
            known.append(NotSignedIn)
            if doc_info["access"] != "signed_in":
                known.append(NotAllowed)
        if "requestBody" in doc:
            known += [Invalid, TooLarge, WrongMediaType]
        if doc.get("parameters"):
            known.append(Invalid)
        known.append(NotFound)
        return known


#: What begins the access of addresses that other systems ask; the rest is their OAuth scope.
OF_SYSTEMS = "exchange:"


def _security(access: str) -> dict[str, list[str]]:
    """Return which token opens an address, and by which of its scopes."""
    if access.startswith(OF_SYSTEMS):
        return {"clientCredentials": access.removeprefix(OF_SYSTEMS).split()}
    return {"accessToken": []}


@cache
def _page_of(schema: type[Schema]) -> type[Schema]:
    """Return the schema of a page of things; one for each kind, wherever it is listed."""
    name = schema.__name__.removesuffix("Schema")
    fields_of_page: dict[str, fields.Field[Any]] = {
        "items": fields.List(
            fields.Nested(schema), required=True, metadata={"description": "This page."}
        ),
        "next_cursor": fields.String(
            allow_none=True,
            required=True,
            metadata={"description": "Send it as `cursor` for the next page; null at the end."},
        ),
    }
    return Schema.from_dict(fields_of_page, name=f"{name}Page")
