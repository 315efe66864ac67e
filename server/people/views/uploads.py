"""Reading a file that is the whole body of a request (上传)."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any, TypeVar

from flask import Response, current_app, request

from server.config import Config
from server.errors import WrongMediaType
from server.http import Part
from server.sheets import entering, reporting
from server.sheets.entering import Report, RowReport

View = TypeVar("View", bound=Callable[..., Any])

#: A workbook of Excel.
WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

#: Photos that can be sent; what it really is decides its content.
PHOTOS = ("image/jpeg", "image/png")


def body_of(media_types: Collection[str], *, limit: int | None = None) -> bytes:
    """Return the body of the request.

    Args:
        media_types: kinds of content that this address reads.
        limit: bytes that it accepts; None accepts what the settings allow an uploaded file.

    Raises:
        WrongMediaType: the body is said to be of another kind.
        TooLarge: the body is too long; it is not read to the end.
    """
    if request.mimetype not in media_types:
        raise WrongMediaType(expected=" / ".join(media_types))
    config: Config = current_app.extensions["config"]
    request.max_content_length = limit or config.upload_limit
    return request.get_data(cache=False)


def replied(
    content: bytes, reports: Sequence[RowReport], query: Mapping[str, Any]
) -> Report | Response:
    """Reply what became of a sheet: the report, or the workbook with the report in it.

    Args:
        content: the workbook that came.
        reports: on its rows, in any order.
        query: what `SheetQuery` read.

    Raises:
        OutOfBounds: the workbook is too much to write into.
    """
    report = entering.summed_up(reports, stored=query["store"])
    if not query["as_workbook"]:
        return report
    reply = Response(reporting.workbook(content, report), mimetype=WORKBOOK)
    reply.headers.set("Content-Disposition", "attachment", filename="report.xlsx")
    reply.headers["Cache-Control"] = "private, no-store"
    return reply


def takes(part: Part, *media_types: str) -> Callable[[View], View]:
    """Describe in the docs that the body of a view is a file."""
    binary = {"schema": {"type": "string", "format": "binary"}}
    content = dict.fromkeys(media_types, binary)
    decorate: Callable[[View], View] = part.doc(requestBody={"required": True, "content": content})
    return decorate
