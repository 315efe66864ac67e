"""The address of sealed packages (密封试卷包接口)."""

from __future__ import annotations

from flask import Response, request

from exams.services import packages
from server.access import open_to_all
from server.http import Part

views = Part("packages", "Sealed papers, to be fetched before the exam 密封试卷包")

#: Seconds for which any cache may keep a package: a year, the most that caches promise.
_FOR_EVER = 31_536_000


@views.route("/packages/<string:name>")
@open_to_all
@views.response(
    200,
    {"type": "string", "format": "binary"},
    content_type="application/octet-stream",
    description="Nonce, ciphertext and tag",
)
def show_package(name: str) -> Response:
    """Return a sealed paper by its hash: the same bytes for everybody, for ever.

    No account is asked for, so that any cache may hold it; without the key, which leaves with
    the reply to a start, it tells nothing but its size.
    """
    package = packages.get(name)
    response = Response(package.content, content_type="application/octet-stream")
    response.set_etag(package.hash)
    response.cache_control.public = True
    response.cache_control.max_age = _FOR_EVER
    response.cache_control.immutable = True
    response.make_conditional(request)
    return response
