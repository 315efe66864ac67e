"""What anybody may ask without an account: does this certificate stand? (证书查验)."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import unquote

from flask import Response, request
from sqlalchemy import Connection

from certificates import allow_lists, errors, status_lists, trust, trust_lists
from certificates.list_errors import NothingPublished
from certificates.schemas.certificates import DayQuery
from certificates.schemas.verification import (
    NumberIn,
    NumberVerificationOut,
    TimelineOut,
    TokenIn,
    TokenVerificationOut,
    VerificationOut,
)
from certificates.services import (
    guarding,
    numbered,
    publishing,
    quick,
    trusting,
    verification,
)
from certificates.services.verification import Timeline, Verification
from certificates.views.parts import page_views, verification_views
from server import clock, queues
from server.access import open_to_all
from server.days import civil_day
from server.errors import TooManyRequests
from server.open_lane import Asked, OpenLane
from server.people import ciphers

#: A verdict may be kept by caches for this long, so that a result day is survived.
CACHED = "public, max-age=60"


@verification_views.route("/verification/<string:serial>")
@open_to_all
@verification_views.arguments(DayQuery, location="query")
@verification_views.response(200, VerificationOut)
def verify_certificate(query: dict[str, Any], serial: str) -> Verification:
    """Say where the certificate with this serial stands; `never_issued` for unknown serials."""
    return verification.by_serial(serial, on=query["on"] or clock.today())


@verification_views.route("/verification/<string:serial>/timeline")
@open_to_all
@verification_views.response(200, TimelineOut)
def show_timeline(serial: str) -> Timeline:
    """Show where a certificate stood, stands and will stand on every day, as it is known now."""
    return verification.timeline(serial)


@verification_views.route("/number-verification", methods=["POST"])
@open_to_all
@verification_views.arguments(NumberIn)
@verification_views.response(200, NumberVerificationOut)
@verification_views.refuses(TooManyRequests)
def verify_number(body: dict[str, Any]) -> dict[str, Any]:
    """Say where certificates with this printed number and this holder's name stand.

    An unknown number and a name that is another's get the same answer: none.
    """
    address, at = request.remote_addr or "", clock.now()
    queues.submit(guarding.TRIES, guarding.asked(body["number"], address=address, at=at))
    return {"items": numbered.find(**body, on=civil_day(at))}


def answer(connection: Connection, asked: Asked) -> bytes:
    """Answer the first address of this part in front of the framework, word for word the same."""
    return quick.by_serial(connection, unquote(asked.texts[0]), on=civil_day(asked.at))


def answer_token(connection: Connection, asked: Asked) -> bytes:
    """Answer about a scanned code in front of the framework, word for word as the view."""
    return quick.by_token(connection, asked.texts[0], on=civil_day(asked.at))


def answer_number(connection: Connection, asked: Asked) -> bytes:
    """Answer about a number and a name in front of the framework, word for word as the view."""
    cipher = ciphers.of(asked.app)
    return quick.by_number(connection, *asked.texts, cipher=cipher, on=civil_day(asked.at))


def admit_number(asked: Asked) -> None:
    """Count a question about a number, and refuse what is too many, as the view."""
    tried = guarding.asked(asked.texts[0], address=asked.address, at=asked.at)
    queues.writer(asked.app).submit(guarding.TRIES, tried)


#: For wsgi.py.
LANES = (
    OpenLane(
        prefix="/v1/verification/",
        rule="/v1/verification/<serial>",
        answer=answer,
        cache_control=CACHED,
    ),
    OpenLane(
        prefix="/v1/verification",
        rule="/v1/verification",
        answer=answer_token,
        cache_control="no-store",
        fields={"token": (1, 2_000)},
    ),
    OpenLane(
        prefix="/v1/number-verification",
        rule="/v1/number-verification",
        answer=answer_number,
        cache_control="no-store",
        fields={"number": (2, 64), "name": (1, 100)},
        admit=admit_number,
    ),
)


@verification_views.route("/verification", methods=["POST"])
@open_to_all
@verification_views.arguments(TokenIn)
@verification_views.response(200, TokenVerificationOut)
@verification_views.refuses(*errors.TOKEN_REFUSALS)
def verify_token(body: dict[str, Any]) -> Verification:
    """Check the signature of a scanned QR code, and say where its certificate stands."""
    return verification.by_token(body["token"], on=clock.today())


@verification_views.route("/trust-list")
@open_to_all
@verification_views.response(200, {"type": "object"})
def show_trust_list() -> Response:
    """Show the keys to pin for verifying without a network."""
    return _trust_list()


@verification_views.route("/signed-trust-list")
@open_to_all
@verification_views.response(
    200, {"type": "string", "format": "binary"}, content_type=trust_lists.TYP
)
@verification_views.refuses(NothingPublished)
def show_signed_trust_list() -> Response:
    """Show the keys to believe, signed by an offline root: for verifiers without a network."""
    return _list(publishing.trust_list().document, trust_lists.TYP)


@verification_views.route("/status-list")
@open_to_all
@verification_views.response(
    200, {"type": "string", "format": "binary"}, content_type=status_lists.TYP
)
@verification_views.refuses(NothingPublished)
def show_status_list() -> Response:
    """Show what no longer stands, signed, two bits a certificate (IETF Token Status List)."""
    return _list(publishing.status_list().document, status_lists.TYP)


@verification_views.route("/allow-list")
@open_to_all
@verification_views.response(
    200, {"type": "string", "format": "binary"}, content_type=allow_lists.TYP
)
@verification_views.refuses(NothingPublished)
def show_allow_list() -> Response:
    """Show what compromised keys had signed before, signed: it is believed by its content."""
    return _list(publishing.allow_list().document, allow_lists.TYP)


@page_views.route("/trust-list.json", methods=["GET"])
@open_to_all
@page_views.response(200, {"type": "object"})
def download_trust_list() -> Response:
    """Download the keys to pin for verifying without a network."""
    response = _trust_list()
    response.headers["Content-Disposition"] = 'attachment; filename="trust-list.json"'
    return response


def _list(document: bytes, media_type: str) -> Response:
    response = Response(document, content_type=media_type)
    response.headers["Cache-Control"] = CACHED
    response.add_etag()
    return response.make_conditional(request)  # type: ignore[return-value]  # the same response


def _trust_list() -> Response:
    document = trust.to_json(trusting.trust_list())
    text = json.dumps(document, ensure_ascii=False, indent=1)
    return Response(text, content_type="application/json; charset=utf-8")
