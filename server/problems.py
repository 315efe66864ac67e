"""Every failure as problem+json (RFC 9457), in one place (错误响应)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

import structlog
from flask import Flask, Response, g, has_request_context, request
from marshmallow import Schema, fields
from sqlalchemy.exc import DataError, IntegrityError, InternalError, OperationalError
from sqlalchemy.exc import TimeoutError as NoConnectionFree
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge

from server import errors
from server.errors import DomainError, Unavailable

CONTENT_TYPE = "application/problem+json"

log = structlog.get_logger("problems")

#: What PostgreSQL says where it follows another and cannot take a write (SQLSTATE).
READ_ONLY = "25006"

#: What werkzeug refuses by itself, in our words.
_BY_STATUS: dict[int, type[DomainError]] = {
    401: errors.NotSignedIn,
    403: errors.NotAllowed,
    404: errors.NotFound,
    405: errors.MethodNotAllowed,
    406: errors.NotAcceptable,
    409: errors.Conflict,
}


class Problem(Schema):
    """Why a request was refused (RFC 9457). Act upon `code`; `detail` is for people."""

    type = fields.String(required=True, metadata={"description": "Where the code is explained."})
    title = fields.String(required=True, metadata={"description": "The HTTP status in words."})
    status = fields.Integer(required=True, metadata={"description": "The HTTP status."})
    code = fields.String(required=True, metadata={"description": "A promise: never changes."})
    detail = fields.String(
        required=True, metadata={"description": "A sentence, in Chinese or English."}
    )
    errors = fields.Dict(
        keys=fields.String(),
        values=fields.List(fields.String()),
        metadata={"description": "With `invalid`: what is wrong, by field."},
    )
    facts = fields.Dict(metadata={"description": "The values named in `detail`, for programs."})
    request_id = fields.String(metadata={"description": "Quote it when asking for help."})


def language() -> str:
    """Return the language asked for: "en" where it is preferred, else "zh"."""
    if not has_request_context():
        return "zh"
    return request.accept_languages.best_match(["zh", "en"], default="zh") or "zh"


def document(refusal: DomainError, tongue: str) -> dict[str, Any]:
    """Return the problem document of a refusal."""
    body: dict[str, Any] = {
        "type": f"/docs#problem-{refusal.code}",
        "title": HTTPStatus(refusal.status).phrase,
        "status": refusal.status,
        "code": refusal.code,
        "detail": refusal.message.in_language(tongue),
    }
    if isinstance(refusal, errors.Invalid):
        body["errors"] = {
            field: [message.in_language(tongue) for message in messages]
            for field, messages in refusal.errors.items()
        }
    if refusal.facts:
        body["facts"] = {name: _plain(value) for name, value in refusal.facts.items()}
    if has_request_context() and "request_id" in g:
        body["request_id"] = g.request_id
    return body


def respond(refusal: DomainError) -> Response:
    """Return the HTTP reply of a refusal."""
    tongue = language()
    response = Response(
        json.dumps(document(refusal, tongue), ensure_ascii=False),
        status=refusal.status,
        content_type=CONTENT_TYPE,
    )
    response.headers["Content-Language"] = tongue
    response.headers["Cache-Control"] = "no-store"
    for name, value in headers_of(refusal):
        response.headers[name] = value
    return response


def headers_of(refusal: DomainError) -> list[tuple[str, str]]:
    """Return the headers by which clients know what to do about a refusal."""
    headers = []
    retry_after = getattr(refusal, "retry_after", None)
    if retry_after is not None:
        headers.append(("Retry-After", str(retry_after)))
    if refusal.status == HTTPStatus.UNAUTHORIZED:
        headers.append(("WWW-Authenticate", "Bearer"))
    return headers


def passing(error: Exception) -> Unavailable | None:
    """Return what tells to come again where the database is away or busy; None for all else."""
    away = isinstance(error, (OperationalError, NoConnectionFree)) or (
        isinstance(error, InternalError) and getattr(error.orig, "sqlstate", None) == READ_ONLY
    )
    if not away:
        return None
    # The statement's parameters may hold personal data: only the kind of failure is logged.
    log.error("database unavailable", kind=type(getattr(error, "orig", None) or error).__name__)
    return Unavailable(retry_after=1)


def install(app: Flask) -> None:
    """Answer every failure of `app` with a problem document."""
    app.register_error_handler(DomainError, respond)
    app.register_error_handler(HTTPException, _of_http)
    app.register_error_handler(IntegrityError, lambda _: respond(errors.Conflict()))
    app.register_error_handler(DataError, _of_data)
    app.register_error_handler(Exception, _of_surprise)


def _plain(value: object) -> object:
    if value is None or isinstance(value, (bool, int, str)):
        return value
    if isinstance(value, (list, tuple)):
        return [_plain(one) for one in value]
    if isinstance(value, Mapping):
        return {str(name): _plain(one) for name, one in value.items()}
    return str(value)


def _of_http(error: HTTPException) -> Response:
    if isinstance(error, RequestEntityTooLarge):
        limit = request.max_content_length or 0
        return respond(errors.TooLarge(limit_bytes=limit))
    refusal = _BY_STATUS.get(error.code or 0)
    if refusal is not None:
        response = respond(refusal())
    elif (error.code or 0) >= HTTPStatus.INTERNAL_SERVER_ERROR:
        response = respond(errors.Broken())
    elif error.code is not None and error.code < HTTPStatus.BAD_REQUEST:
        return Response(status=error.code, headers=error.get_headers())
    else:
        response = respond(
            errors.Unreadable(reason="the request is malformed", reason_zh="请求格式错误")
        )
    for name, value in error.get_headers():
        if name.lower() in {"allow", "retry-after"}:
            response.headers[name] = value
    return response


def _of_data(error: DataError) -> Response:
    log.warning("value refused by the database", kind=type(error.orig).__name__)
    return respond(errors.Unreadable(reason="a value is out of range", reason_zh="数值超出范围"))


def _of_surprise(error: Exception) -> Response:
    away = passing(error)
    if away is not None:
        return respond(away)
    log.error("unexpected failure", exc_info=error, exception=type(error).__name__)
    return respond(errors.Broken())
