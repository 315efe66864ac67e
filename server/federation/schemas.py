"""What goes in and out about signing in from outside (外部登录的数据格式)."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, fields, post_load, validate

from server.federation.services.providers import Trust
from server.people.documents import DocumentType

_NAME = validate.Length(1, 200)
_CLAIM = validate.Regexp(r"[A-Za-z0-9_:/-]{1,80}(\.[A-Za-z0-9_:/-]{1,80}){0,4}\Z")

#: The apps that somebody goes back to.
PAGES = ("console", "app")


class ProviderIn(Schema):
    """Whose word about who somebody is counts here, and what of it."""

    issuer = fields.String(
        required=True,
        validate=validate.Length(1, 300),
        metadata={"description": "As it calls itself; its addresses are found there."},
    )
    name_zh = fields.String(required=True, validate=_NAME)
    name_en = fields.String(required=True, validate=_NAME)
    client_id = fields.String(required=True, validate=_NAME)
    client_secret = fields.String(
        load_default=None,
        load_only=True,
        validate=validate.Length(1, 500),
        metadata={"description": "Left out: the one that is there, or none (PKCE alone)."},
    )
    scope = fields.String(load_default="openid", validate=_NAME)
    number_claim = fields.String(
        required=True,
        validate=_CLAIM,
        metadata={"description": "The claim that holds the document number; dots lead inward."},
    )
    verified_claim = fields.String(
        load_default=None,
        validate=_CLAIM,
        metadata={
            "description": "The claim that is `true` where the number was verified; may be left "
            "out for numbers beneath `verified_claims.claims`."
        },
    )
    document_type = fields.Enum(
        DocumentType, by_value=True, load_default=DocumentType.RESIDENT_IDENTITY_CARD
    )
    document = fields.String(
        required=True, validate=_NAME, metadata={"description": "What the trust rests on (文号)."}
    )

    @post_load
    def _trust(self, values: dict[str, Any], **_: Any) -> dict[str, Trust]:
        return {"trust": Trust(**values)}


class ProviderOut(Schema):
    """A provider as its keeper sees it; its secret is told to nobody."""

    id = fields.UUID(required=True)
    issuer = fields.String(required=True)
    name_zh = fields.String(required=True)
    name_en = fields.String(required=True)
    client_id = fields.String(required=True)
    scope = fields.String(required=True)
    number_claim = fields.String(required=True)
    verified_claim = fields.String(required=True, allow_none=True)
    document_type = fields.Enum(DocumentType, by_value=True, required=True)
    document = fields.String(required=True)
    opened_at = fields.AwareDateTime(required=True)
    closed_at = fields.AwareDateTime(required=True, allow_none=True)


class ProviderNameOut(Schema):
    """A provider as whoever wants to sign in sees it."""

    id = fields.UUID(required=True)
    name_zh = fields.String(required=True)
    name_en = fields.String(required=True)


class ProviderCloseIn(Schema):
    """Why a provider is believed no longer."""

    reason = fields.String(required=True, validate=validate.Length(1, 500))


class OutsideSignInIn(Schema):
    """Where somebody wants to sign in, on which device, and which app they come back to."""

    provider_id = fields.UUID(required=True)
    device_id = fields.UUID(required=True, metadata={"description": "As for signing in here."})
    device_name = fields.String(load_default="", validate=validate.Length(0, 40))
    page = fields.String(load_default="console", validate=validate.OneOf(PAGES))


class OutsideSignInOut(Schema):
    """Where the browser goes."""

    authorization_url = fields.String(required=True)
    expires_at = fields.AwareDateTime(required=True)


class ReturnQuery(Schema):
    """What the other side sends the browser back with; anything else it says is not read."""

    code = fields.String(load_default=None, validate=validate.Length(1, 4000))
    state = fields.String(load_default="", validate=validate.Length(0, 200))
    iss = fields.String(load_default=None, validate=validate.Length(1, 300))
    error = fields.String(load_default=None, validate=validate.Length(1, 200))


class OutsideIdentityOut(Schema):
    """An identity outside that is linked with one's account."""

    provider_id = fields.UUID(required=True)
    linked_at = fields.AwareDateTime(required=True)
    used_at = fields.AwareDateTime(required=True)


class OutsideIdentityListOut(Schema):
    """All of them."""

    items = fields.List(fields.Nested(OutsideIdentityOut), required=True)
