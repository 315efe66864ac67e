"""Pages on which people verify certificates, with and without a network (查验页面)."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

from flask import Response, redirect, render_template, request, send_from_directory

from certificates.services import publishing, verification
from certificates.services.verification import Verification
from certificates.views.parts import page_views
from certificates.views.verification import CACHED
from server import clock
from server.access import open_to_all
from server.web import app_files

_FILES = Path(__file__).parent.parent / "web"

#: Of a kept library, which reads codes in pictures.
_DECODER = "scanner.js"


@page_views.route("/verify", methods=["GET"])
@open_to_all
@page_views.response(200, {"type": "string"}, content_type="text/html")
def show_verification_form() -> Response:
    """Check a scanned certificate on the device itself; or ask by the serial."""
    serial = request.args.get("serial", "").strip()
    if serial:
        return redirect(f"/verify/{''.join(filter(str.isalnum, serial))[:40]}")  # type: ignore[return-value]  # werkzeug's own response is one, too
    return _kept("verify_form.html")


@page_views.route("/verify/gate", methods=["GET"])
@open_to_all
@page_views.response(200, {"type": "string"}, content_type="text/html")
def show_gate() -> Response:
    """Scan up to fifty people at a gate, and list the problems."""
    return _kept("verify_gate.html")


@page_views.route("/verify/card", methods=["GET"])
@open_to_all
@page_views.response(200, {"type": "string"}, content_type="text/html")
def show_card() -> Response:
    """Show one's Ping'an card (平安卡) on the phone, also without a network."""
    response = _page("verify_card.html")
    response.headers["Cache-Control"] = CACHED
    return response


@page_views.route("/verify/worker.js", methods=["GET"])
@open_to_all
@page_views.response(200, {"type": "string"}, content_type="text/javascript")
def show_worker() -> Response:
    """Send the worker that keeps the pages on the device."""
    response = _file("worker.js")
    response.headers["Service-Worker-Allowed"] = "/verify"
    return response


@page_views.route("/verify/files/<path:name>", methods=["GET"])
@open_to_all
@page_views.response(200, {"type": "string"}, content_type="*/*")
def show_verifier_file(name: str) -> Response:
    """Send a file that the verification pages load; the decoder of codes is built with the apps."""
    if name == _DECODER:
        return app_files.sent(name, request, folder=app_files.VERIFY)
    return _file(name)


@page_views.route("/verify/<string:serial>", methods=["GET"])
@open_to_all
@page_views.response(200, {"type": "string"}, content_type="text/html")
def show_verification(serial: str) -> Response:
    """Show people where a certificate stands, in both languages."""
    found = verification.by_serial(serial, on=clock.today())
    response = _page("verify.html", found=found, seriousness=_seriousness(found), asked=serial[:40])
    response.headers["Cache-Control"] = CACHED
    return response


def _seriousness(found: Verification) -> str:
    if found.stands:
        return "good"
    return "warn" if found.standing.value in ("not_yet_valid", "suspended") else "bad"


def _kept(name: str) -> Response:
    response = _page(name, verifier=publishing.verifier())
    response.headers["Cache-Control"] = CACHED
    return response


def _file(name: str) -> Response:
    """Send one of the files beside this part, read whole: they are a few kilobytes each."""
    sent = send_from_directory(_FILES, name)
    with closing(sent):
        sent.direct_passthrough = False
        response = Response(sent.get_data(), mimetype=sent.mimetype)
    response.add_etag()
    response.headers["Cache-Control"] = CACHED
    response.make_conditional(request)
    return response


def _page(name: str, **facts: object) -> Response:
    return Response(render_template(name, **facts), content_type="text/html; charset=utf-8")
