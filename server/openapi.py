"""The API described by itself: OpenAPI 3.1 and a page to read (接口文档)."""

from __future__ import annotations

import re
from http import HTTPStatus
from threading import Lock
from typing import Any

from apispec.ext.marshmallow import MarshmallowPlugin
from flask import Flask, Response, current_app, render_template
from flask_smorest import Api
from markupsafe import Markup, escape
from marshmallow import Schema, fields
from marshmallow.fields import Field
from werkzeug.routing import Map

from server import changes
from server.access import open_to_all
from server.errors import DomainError, every_refusal
from server.http import Part
from server.problems import CONTENT_TYPE, Problem

VERSION = "1.0.0"

#: Where other systems are given their tokens.
TOKENS_AT = "/v1/oauth/token"

#: A place in an address, as the framework spells it: `<uuid:person_id>`.
_PLACE = re.compile(r"<(?:[^:<>]+:)?(\w+)>")

#: What a sentence marks as a word of programs.
_CODE = re.compile(r"`([^`]+)`")

DESCRIPTION = """\
安全生产培训、考试、发证与覆盖率平台接口 · Safety training, examinations, certificates and coverage.

* 所有错误均为 `application/problem+json`，程序应依据 `code` 处理。
  Every failure is a problem document; act upon its `code`.
* `PUT` 使用客户端生成的 UUID，重复发送无副作用。
  What creates is `PUT` under an id of yours; repeating it is harmless.
* 列表以 `cursor` 翻页。 Lists page by cursor.
* 时间以服务器为准。 The server's clock decides.
"""


class PlatformApi(Api):  # type: ignore[misc]  # flask-smorest ships no types
    """flask-smorest with our problem documents instead of its own."""

    ERROR_SCHEMA = Problem

    def __init__(self, *args: Any, **wanted: Any) -> None:
        """Begin with nothing left to describe."""
        self._undescribed: list[Part] = []
        self._describing = Lock()
        super().__init__(*args, **wanted)

    def serve(self, views: Part) -> None:
        """Serve these views; they are described when somebody first asks for the document.

        Describing costs half of a start, and most processes never show the document.
        """
        self._app.register_blueprint(views)
        self._undescribed.append(views)

    def describe(self) -> None:
        """Put every view that is served into the document, once."""
        with self._describing:
            for views in self._undescribed:
                views.register_views_in_doc(
                    self, self._app, self.spec, name=views.name, parameters=None
                )
                self.spec.tag({"name": views.name, "description": views.description})
            self._undescribed.clear()

    def _register_responses(self) -> None:
        problem = {CONTENT_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
        for status in HTTPStatus:
            response: dict[str, Any] = {"description": status.phrase}
            if status >= HTTPStatus.BAD_REQUEST:
                response["content"] = problem
            self.spec.components.response(status.name, response, lazy=True)
        self.spec.components.response(
            "DEFAULT_ERROR",
            {"description": "Any other failure, as a problem document", "content": problem},
            lazy=True,
        )

    def _register_error_handlers(self) -> None:
        """Leave failures to server/problems.py."""


def schema_name(schema: type[Schema] | Schema | str) -> str:
    """Return the name of a schema in the document: that of its class, told apart by its fields.

    A schema that is used in part (`only`, `partial`) is another schema to a reader.
    """
    if isinstance(schema, str):
        return schema.removesuffix("Schema")
    instance = schema() if isinstance(schema, type) else schema
    name = type(instance).__name__.removesuffix("Schema")
    if instance.partial:
        name += "Partial"
    if instance.only:
        name += "".join(sorted(str(one).title().replace("_", "") for one in instance.only))
    return name


def install(app: Flask) -> PlatformApi:
    """Describe the API of `app`; parts are registered with what this returns."""
    app.config.update(
        API_TITLE="Safety training and examination platform",
        API_VERSION=VERSION,
        OPENAPI_VERSION="3.1.0",
        # flask-smorest's own addresses would state no access: ours are below.
        OPENAPI_URL_PREFIX=None,
        API_SPEC_OPTIONS={
            "info": {"description": DESCRIPTION},
            "servers": [{"url": "/"}],
            "components": {
                "securitySchemes": {
                    "accessToken": {
                        "type": "http",
                        "scheme": "bearer",
                        "bearerFormat": "JWT",
                        "description": "`POST /v1/sign-in` gives it; it lives ten minutes.",
                    },
                    "clientCredentials": {
                        "type": "oauth2",
                        "description": "Of other systems, by their agreement (docs/exchange.md).",
                        "flows": {
                            # Its scopes are those that addresses name; see `document`.
                            "clientCredentials": {"tokenUrl": TOKENS_AT, "scopes": {}}
                        },
                    },
                }
            },
        },
    )
    plugin = MarshmallowPlugin(schema_name_resolver=schema_name)
    api = PlatformApi(app, spec_kwargs={"marshmallow_plugin": plugin})
    if plugin.converter is not None:  # made with the document, one line above
        plugin.converter.add_attribute_function(_exact_number)  # type: ignore[no-untyped-call]  # ships partial types
    api.spec.components.schema("Problem", schema=Problem)
    app.extensions["openapi"] = api
    api.serve(_views())
    app.add_template_filter(with_code)
    return api


def with_code(sentence: str) -> Markup:
    """Show what stands between backticks as code, on a page."""
    return Markup(_CODE.sub(r"<code>\1</code>", str(escape(sentence))))  # noqa: S704  # escaped


def _exact_number(_converter: object, field: Field[Any], *, ret: dict[str, Any]) -> dict[str, Any]:
    """Describe an exact number as it is read: a JSON number, or its decimal text."""
    if not isinstance(field, fields.Decimal):
        return {}
    kinds = [ret["type"]] if isinstance(ret.get("type"), str) else ret.get("type", [])
    bounds: dict[str, Any] = {
        name: float(ret[name]) for name in ("minimum", "maximum") if name in ret
    }
    return {"type": sorted({*kinds, "string"}), "pattern": r"^-?[0-9]+(\.[0-9]+)?$", **bounds}


def refusals() -> list[type[DomainError]]:
    """Return every refusal there is, by its code, for the documents."""
    return sorted({r.code: r for r in every_refusal()}.values(), key=lambda r: r.code)


def document() -> dict[str, Any]:
    """Return the OpenAPI document of the current application, made once."""
    kept = current_app.extensions.get("openapi_document")
    if kept is None:
        api = current_app.extensions["openapi"]
        api.describe()
        kept = api.spec.to_dict()
        # Of flask-smorest's own pages, which nothing here uses.
        kept["components"]["schemas"].pop("PaginationMetadata", None)
        _name_operations(kept, current_app.url_map)
        _name_scopes(kept)
        changes.mark(kept)
        problem = kept["components"]["schemas"]["Problem"]
        problem["properties"]["code"]["examples"] = ["not_found"]
        kept["x-problem-codes"] = [
            {"code": r.code, "status": r.status, "en": r.en, "zh": r.zh} for r in refusals()
        ]
        current_app.extensions["openapi_document"] = kept
    return dict(kept)


def _name_operations(described: dict[str, Any], addresses: Map) -> None:
    """Give every operation its name, that of its view, and put its responses in order."""
    for rule in addresses.iter_rules():
        operations = described["paths"].get(_PLACE.sub(r"{\1}", rule.rule), {})
        for method in (rule.methods or set()) & {verb.upper() for verb in operations}:
            operation = operations[method.lower()]
            operation["operationId"] = rule.endpoint.rsplit(".", 1)[-1]
            answers = {str(status): answer for status, answer in operation["responses"].items()}
            operation["responses"] = dict(sorted(answers.items()))


def _name_scopes(described: dict[str, Any]) -> None:
    """Name the scopes that addresses of other systems ask for."""
    flows = described["components"]["securitySchemes"]["clientCredentials"]["flows"]
    named = {
        scope
        for operations in described["paths"].values()
        for operation in operations.values()
        if isinstance(operation, dict)
        for way in operation.get("security", [])
        for scope in way.get("clientCredentials", [])
    }
    flows["clientCredentials"]["scopes"] = dict.fromkeys(sorted(named), "")


def _views() -> Part:
    views = Part("description", "接口说明 · The API described by itself.", prefix="")

    @views.route("/v1/openapi.json", methods=["GET"])
    @open_to_all
    @views.response(200, {"type": "object"})
    def show_openapi() -> Any:
        """Show the OpenAPI document."""
        return current_app.json.response(document())

    @views.route("/docs", methods=["GET"])
    @open_to_all
    @views.response(200, {"type": "string"}, content_type="text/html")
    def show_docs() -> Response:
        """Show the API as a page, with nothing loaded from elsewhere."""
        page = render_template("docs.html", api=document(), refusals=refusals())
        return Response(page, content_type="text/html; charset=utf-8")

    return views
