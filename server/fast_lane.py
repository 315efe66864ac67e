"""The lanes as a WSGI callable in front of Flask, for servers without an event loop (快速通道)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from flask import Flask

from server.lanes import GOOD, REASONS, Found, Lane, Reception, length_of, refused, request_id

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment


class FastLane:
    """A WSGI callable in front of another: answers the lanes, and hands on everything else."""

    def __init__(self, inner: WSGIApplication, app: Flask) -> None:
        self._inner = inner
        self._reception = Reception(app)

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer a request, or hand it on."""
        found = self._reception.find(
            environ["REQUEST_METHOD"], environ["PATH_INFO"], environ.get("QUERY_STRING", "")
        )
        if found is None:
            return self._inner(environ, start_response)
        return self._answer(found, environ, start_response)

    def _answer(
        self, found: Found, environ: WSGIEnvironment, start_response: StartResponse
    ) -> Iterable[bytes]:
        _lane, figures, _thing = found
        began = figures.begin()
        this = request_id(environ.get("HTTP_X_REQUEST_ID"))
        status, headers = 200, GOOD
        try:
            reply = self._reply(found, environ)
        except Exception as error:
            status, headers, reply = refused(error, environ.get("HTTP_ACCEPT_LANGUAGE"), this)
        start_response(
            REASONS[status],
            [*headers, ("Content-Length", str(len(reply))), ("X-Request-Id", this)],
        )
        figures.end(status, began)
        # A list: a server sends it whole, where it would ask anything else piece by piece.
        return [reply]

    def _reply(self, found: Found, environ: WSGIEnvironment) -> bytes:
        lane, _, thing = found
        body = b"" if lane.reads else _body(lane, environ)
        authorization = environ.get("HTTP_AUTHORIZATION", "")
        call = self._reception.call(thing, authorization, environ.get("CONTENT_TYPE", ""), body)
        writer = self._reception.reader if lane.reads else self._reception.writer
        submit = writer.submit_in_step if lane.in_step else writer.submit
        return lane.reply(submit(lane.store, lane.wish(call)), call)


def _body(lane: Lane[Any, Any], environ: WSGIEnvironment) -> bytes:
    length = length_of(environ.get("CONTENT_LENGTH"))
    lane.check_size(length)
    # A body sent in chunks says no length; one byte more than allowed is enough to refuse it.
    body: bytes = environ["wsgi.input"].read(length or lane.body_limit + 1)
    lane.check_size(len(body))
    return body


def install(app: Flask) -> None:
    """Put the lanes in front of Flask; whatever reads proxy headers goes in front of both."""
    app.wsgi_app = FastLane(app.wsgi_app, app)  # type: ignore[method-assign]  # how WSGI is wrapped
