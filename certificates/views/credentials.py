"""Certificates as verifiable credentials, for programs of others (可验证凭证接口)."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID

from flask import Response, request

from certificates import errors
from certificates.batch_errors import CredentialsUnavailable
from certificates.list_errors import NothingPublished
from certificates.models import Certificate
from certificates.schemas.verification import CredentialIn, VerificationOut
from certificates.services import exporting, finding
from certificates.services.verification import Verification
from certificates.views.parts import certificate_views, verification_views
from certificates.views.verification import CACHED
from server import clock
from server.access import identity, open_to_all, requires, signed_in_only
from server.policy import Permission

_JWT, _JSON = "application/vc+jwt", "application/vc+json"
_MINE = "/me/certificates/<uuid:certificate_id>/credential"
_ISSUED = "/certificates/<uuid:certificate_id>/credential"


@certificate_views.route(f"{_MINE}.jwt")
@signed_in_only
@certificate_views.response(200, {"type": "string"}, content_type=_JWT)
@certificate_views.refuses(CredentialsUnavailable)
def export_my_jwt(certificate_id: UUID) -> Response:
    """Export one's own certificate as an Open Badges 3.0 credential, VC-JWT with ES256."""
    return Response(exporting.as_jwt(_mine(certificate_id)), content_type=_JWT)


@certificate_views.route(f"{_MINE}.json")
@signed_in_only
@certificate_views.response(200, {"type": "object"}, content_type=_JSON)
@certificate_views.refuses(CredentialsUnavailable)
def export_my_json(certificate_id: UUID) -> Response:
    """Export one's own certificate as JSON with a Data Integrity proof (eddsa-jcs-2022)."""
    return _json(exporting.as_json(_mine(certificate_id)), _JSON)


@certificate_views.route(f"{_ISSUED}.jwt")
@requires(Permission.SEE_CERTIFICATES)
@certificate_views.response(200, {"type": "string"}, content_type=_JWT)
@certificate_views.refuses(CredentialsUnavailable)
def export_jwt(certificate_id: UUID) -> Response:
    """Export a certificate as an Open Badges 3.0 credential, VC-JWT with ES256."""
    return Response(exporting.as_jwt(_seen(certificate_id)), content_type=_JWT)


@certificate_views.route(f"{_ISSUED}.json")
@requires(Permission.SEE_CERTIFICATES)
@certificate_views.response(200, {"type": "object"}, content_type=_JSON)
@certificate_views.refuses(CredentialsUnavailable)
def export_json(certificate_id: UUID) -> Response:
    """Export a certificate as JSON with a Data Integrity proof (eddsa-jcs-2022)."""
    return _json(exporting.as_json(_seen(certificate_id)), _JSON)


@verification_views.route("/issuers/<string:code>/credential-status/<string:purpose>")
@open_to_all
@verification_views.response(200, {"type": "string"}, content_type=_JWT)
@verification_views.refuses(NothingPublished, CredentialsUnavailable)
def show_credential_status(code: str, purpose: str) -> Response:
    """Show which credentials are revoked or suspended (Bitstring Status List).

    As VC-JWT; as JSON with a proof where that is asked for by `Accept: application/vc+json`.
    """
    wants_json = request.accept_mimetypes.best_match([_JWT, _JSON, "application/json"]) != _JWT
    if wants_json:
        response = _json(exporting.status_list_json(code, purpose), _JSON)
    else:
        response = Response(exporting.status_list_jwt(code, purpose), content_type=_JWT)
    response.headers["Cache-Control"] = CACHED
    response.headers["Vary"] = "Accept"
    return response


@verification_views.route("/issuers/<string:code>/did.json")
@open_to_all
@verification_views.response(200, {"type": "object"}, content_type="application/did+json")
@verification_views.refuses(CredentialsUnavailable)
def show_did_document(code: str) -> Response:
    """Show the keys of an issuer to programs that resolve its `did:web`."""
    response = _json(exporting.did_document(code), "application/did+json")
    response.headers["Cache-Control"] = CACHED
    return response


@verification_views.route("/credential-verification", methods=["POST"])
@open_to_all
@verification_views.arguments(CredentialIn)
@verification_views.response(200, VerificationOut)
@verification_views.refuses(*errors.TOKEN_REFUSALS, CredentialsUnavailable)
def verify_credential(body: dict[str, Any]) -> Verification:
    """Check a credential that was exported here, and say where its certificate stands."""
    return exporting.verify(body["credential"], on=clock.today())


def _mine(certificate_id: UUID) -> Certificate:
    return finding.of_person(certificate_id, identity().person_id)


def _seen(certificate_id: UUID) -> Certificate:
    return finding.get(certificate_id, scope=identity().scope(Permission.SEE_CERTIFICATES))


def _json(document: dict[str, Any], media_type: str) -> Response:
    return Response(json.dumps(document, ensure_ascii=False), content_type=media_type)
