"""What goes out of the Ping'an card (平安卡的数据格式)."""

from __future__ import annotations

import base64

from marshmallow import Schema, fields

from certificates import qr
from certificates.services.cards import Card
from certificates.services.standing import OnDay
from certificates.validity import Status


class CardQuery(Schema):
    """For which site."""

    organisation_id = fields.UUID(
        load_default=None,
        metadata={"description": "Only this site; left out: all where a post is held today."},
    )


class MarkOut(Schema):
    """What every card shows at the site on the day: told by gates to be compared."""

    word = fields.String(required=True, metadata={"description": "Two characters."})
    hue = fields.Integer(required=True, metadata={"description": "The colour, 0 to 359."})


class CardSentenceOut(Schema):
    """A sentence in both languages."""

    zh = fields.String(required=True)
    en = fields.String(required=True)


class CardReasonOut(Schema):
    """What stands in the way of work, or soon will, and what to do."""

    code = fields.String(required=True)
    blocks = fields.Boolean(required=True)
    message = fields.Nested(CardSentenceOut, required=True)
    remedy = fields.Nested(CardSentenceOut, required=True)


class CardVerdictOut(Schema):
    """Whether the holder may work at one post today."""

    role = fields.String(required=True)
    items = fields.List(fields.String(), required=True)
    may_work = fields.Boolean(required=True)
    reasons = fields.List(fields.Nested(CardReasonOut), required=True)


class CardSiteOut(Schema):
    """Today's verdict on one site."""

    organisation_id = fields.UUID(required=True)
    name = fields.String(required=True)
    mark = fields.Nested(MarkOut, required=True)
    may_work = fields.Boolean(required=True)
    verdicts = fields.List(fields.Nested(CardVerdictOut), required=True)


class CardCertificateOut(Schema):
    """A certificate, what it allows, and its signed code as a picture."""

    serial = fields.String(required=True, attribute="certificate.serial")
    title_zh = fields.Function(
        lambda held: held.certificate.content.get("title_zh") or "证书",
        required=True,
        metadata={"type": "string"},
    )
    allows_zh = fields.String(required=True, attribute="certificate.qualification.name_zh")
    allows_en = fields.String(required=True, attribute="certificate.qualification.name_en")
    status = fields.Enum(Status, by_value=True, required=True)
    status_zh = fields.String(required=True)
    valid_until = fields.Date(required=True, attribute="certificate.valid_until")
    code_svg = fields.Method("_code", required=True, metadata={"type": "string"})

    def _code(self, held: OnDay) -> str:
        return qr.svg(held.certificate.token).decode("utf-8")


class CardOut(Schema):
    """What a worker shows at a gate; kept by the phone, with the moment at which it was true."""

    name_masked = fields.String(required=True)
    document_masked = fields.String(required=True)
    photo = fields.Method(
        "_photo",
        required=True,
        metadata={"type": ["string", "null"], "description": "A JPEG, base64; null: none."},
    )
    on = fields.Date(required=True, metadata={"description": "The day of the verdicts."})
    made_at = fields.AwareDateTime(required=True)
    sites = fields.List(fields.Nested(CardSiteOut), required=True)
    certificates = fields.List(fields.Nested(CardCertificateOut), required=True)

    def _photo(self, card: Card) -> str | None:
        return None if card.photo is None else base64.b64encode(card.photo).decode("ascii")
