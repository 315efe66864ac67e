"""The shape that all moves of certificates and applications share (变更接口的共同形式).

`PUT` of a noun beneath the thing, by whoever may decide about it, with a reason in the body; saying
the same again changes nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from marshmallow import Schema

from certificates.views.parts import certificate_views as views
from server.access import requires
from server.errors import DomainError
from server.policy import Permission

View = TypeVar("View", bound=Callable[..., Any])


def move(
    address: str,
    *,
    by: Permission,
    body: type[Schema],
    reply: type[Schema],
    refuses: tuple[type[DomainError], ...],
) -> Callable[[View], View]:
    """Give a view the address of a move, who may make it, what it reads, replies and refuses."""

    def decorate(view: View) -> View:
        shaped = views.refuses(*refuses)(view)
        shaped = views.response(200, reply)(shaped)
        shaped = views.arguments(body)(shaped)
        shaped = requires(by)(shaped)
        return views.route(address, methods=["PUT"])(shaped)

    return decorate
