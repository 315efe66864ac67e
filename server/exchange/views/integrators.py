"""The page for integrators, what it hands out, and keys for trying out (集成商页面)."""

from __future__ import annotations

from pathlib import Path
from typing import Final
from uuid import UUID

from flask import Response, current_app, render_template

from server import changes, clock
from server.access import open_to_all
from server.config import Mode
from server.db import transaction
from server.errors import IdTaken, NotFound
from server.exchange import terms
from server.exchange.errors import TooManyTryOuts
from server.exchange.schemas import SecretMadeOut
from server.exchange.services import trying
from server.exchange.services.secrets import Made
from server.exchange.views.systems import views
from server.http import Part

pages = Part("integrators", "给集成商的页面 · Pages for integrators.", prefix="")

_HERE: Final = Path(__file__).parents[1]
_EXAMPLES: Final = _HERE.parent / "web/integrators"

#: What is handed out, by its name: programs that run as they stand.
FILES: Final = {
    "follow.py": _EXAMPLES / "follow.py.txt",
    "follow.mjs": _EXAMPLES / "follow.mjs.txt",
    "follow.sh": _EXAMPLES / "follow.sh.txt",
    "conformance.py": _HERE / "conformance.py",
}

#: Those that are shown on the page, and in what language they are.
_SHOWN: Final = {"follow.py": "Python", "follow.mjs": "JavaScript", "follow.sh": "curl"}


@pages.route("/integrators", methods=["GET"])
@open_to_all
@pages.response(200, {"type": "string"}, content_type="text/html")
def show_integrators() -> Response:
    """Show whoever builds another system how to begin."""
    page = render_template(
        "integrators.html",
        examples=[(name, told, FILES[name].read_text("utf-8")) for name, told in _SHOWN.items()],
        bounds=terms.BOUNDS,
        names=terms.ABILITY_NAMES,
        changes=changes.coming().values(),
        may_try=_may_try(),
    )
    return Response(page, content_type="text/html; charset=utf-8")


@pages.route("/integrators/files/<string:name>", methods=["GET"])
@open_to_all
@pages.response(200, {"type": "string"}, content_type="text/plain")
def show_integrators_file(name: str) -> Response:
    """Send a program: an example, or the conformance script."""
    if name not in FILES:
        raise NotFound
    reply = Response(FILES[name].read_bytes(), content_type="text/plain; charset=utf-8")
    reply.headers.set("Content-Disposition", "attachment", filename=name)
    return reply


@views.route("/try-out-systems/<uuid:try_out_system_id>", methods=["PUT"])
@open_to_all
@views.response(200, SecretMadeOut)
@views.refuses(TooManyTryOuts, IdTaken)
def give_try_out_system(try_out_system_id: UUID) -> Made:
    """Give a system an id and a secret over demonstration data, for a week; not found elsewhere."""
    if not _may_try():
        raise NotFound
    with transaction():
        return trying.give(try_out_system_id, at=clock.now())


def _may_try() -> bool:
    config = current_app.extensions["config"]
    return config.mode is Mode.TRY_OUT and bool(config.demonstration)
