"""What goes in and out about subscriptions and packages (数据交换的数据格式)."""

from __future__ import annotations

from marshmallow import Schema, fields

from certificates.models import Rhythm


class CoverageSubscriptionIn(Schema):
    """Who is handed the figures of which region, and how often."""

    organisation_id = fields.UUID(
        required=True, metadata={"description": "An authority at or above the region."}
    )
    region_id = fields.UUID(required=True)
    every = fields.Enum(Rhythm, by_value=True, load_default=Rhythm.DAY)
    with_people = fields.Boolean(
        load_default=False,
        metadata={"description": "Whether who is missing goes with the figures, numbers masked."},
    )


class CoverageSubscriptionOut(CoverageSubscriptionIn):
    """A subscription."""

    id = fields.UUID(required=True)
    every = fields.Enum(Rhythm, by_value=True, required=True)
    with_people = fields.Boolean(required=True)
    opened_at = fields.AwareDateTime(required=True)
    closed_at = fields.AwareDateTime(required=True, allow_none=True)


class CoveragePackageOut(Schema):
    """A package that can be fetched."""

    id = fields.UUID(required=True)
    seq = fields.Integer(required=True, metadata={"description": "Numbered from 1, without gaps."})
    on = fields.Date(required=True)
    known_seq = fields.Integer(
        required=True, metadata={"description": "The last batch of the ledger known to it."}
    )
    previous = fields.String(
        required=True, metadata={"description": "SHA-256 of the manifest before it."}
    )
    digest = fields.String(required=True, metadata={"description": "SHA-256 of its manifest."})
    made_at = fields.AwareDateTime(required=True)


class ExchangeKeysOut(Schema):
    """The keys that sign packages, as a JWK Set (RFC 7517)."""

    keys = fields.List(fields.Dict(), required=True)
