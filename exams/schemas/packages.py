"""Sealed packages, as phones learn of them."""

from __future__ import annotations

import base64

from marshmallow import Schema, fields

from exams.services.packages import Opened


class PackageOut(Schema):
    """A sealed paper that may be fetched before the exam: `GET /v1/packages/{hash}`."""

    hash = fields.String(
        required=True, metadata={"description": "SHA-256 of its bytes, in hexadecimal digits."}
    )
    size = fields.Integer(required=True, metadata={"description": "Bytes."})


class OpenedPackageOut(PackageOut):
    """A sealed paper, and the key that opens it. Leaves with the reply to a start only."""

    opens_with = fields.Function(
        serialize=lambda opened: shown_key(opened),
        metadata={
            "type": "string",
            "format": "byte",
            "description": "The AES-256-GCM key, in base64.",
        },
    )


def shown_key(opened: Opened) -> str:
    """Return a key as the phone reads it."""
    return base64.b64encode(opened.key).decode("ascii")
