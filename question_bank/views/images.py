"""Addresses of images that questions show (试题图片接口)."""

from __future__ import annotations

from typing import Any

from flask import Response, request

from question_bank.errors import ImageMisnamed, ImageRefused
from question_bank.pictures import LARGEST
from question_bank.services import images
from server import clock
from server.access import requires, signed_in_only
from server.confined import OutOfBounds
from server.db import transaction
from server.errors import TooLarge, Unavailable
from server.http import Part
from server.policy import Permission

views = Part("question_images", "Images of questions 试题图片")

_BINARY = {"schema": {"type": "string", "format": "binary"}}
_BODY: dict[str, Any] = {
    "required": True,
    "description": "The image itself: PNG, JPEG, GIF or WebP, told apart by its content.",
    "content": {"application/octet-stream": _BINARY},
}
_PATH = "/question-images/<string(length=64):sha256>"


@views.route(_PATH, methods=["PUT"])
@requires(Permission.WRITE_QUESTIONS)
@views.doc(requestBody=_BODY)  # type: ignore[untyped-decorator]  # flask-smorest ships no types
@views.response(204)
@views.refuses(ImageRefused, ImageMisnamed, OutOfBounds, TooLarge, Unavailable)
def keep_image(sha256: str) -> None:
    """Send an image under the SHA-256 of its content; questions show it as `image:<sha256>`."""
    request.max_content_length = LARGEST
    image = images.see(request.get_data(cache=False), sha256=sha256)
    with transaction():
        images.keep([image], at=clock.now())


@views.route(_PATH)
@signed_in_only
@views.response(200, {"type": "string", "format": "binary"}, content_type="image/*")
def show_image(sha256: str) -> Response:
    """Show an image. Its address says what it is, so it can be kept for ever."""
    image = images.get(sha256)
    reply = Response(image.content, mimetype=image.media_type)
    reply.headers["Cache-Control"] = "private, max-age=31536000, immutable"
    reply.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    reply.headers["X-Content-Type-Options"] = "nosniff"
    return reply
