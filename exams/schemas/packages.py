"""Sealed packages, as phones learn of them, and the papers in them."""

from __future__ import annotations

import base64

from marshmallow import Schema, fields

from exams.services.packages import Opened
from question_bank.kinds import Kind


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


class QuestionOnPaper(Schema):
    """A question without its key. The only form that leaves for a candidate."""

    slot = fields.Integer(required=True)
    section = fields.Integer(required=True, metadata={"description": "From 0."})
    kind = fields.Enum(Kind, by_value=True, required=True)
    points = fields.Integer(required=True)
    stem = fields.String(required=True)
    options = fields.List(
        fields.String(), required=True, metadata={"description": "In the order of the form."}
    )
    stem_html = fields.String(
        required=True,
        allow_none=True,
        metadata={
            "description": "The stem with emphasis, formulas (MathML) and images; null where plain."
        },
    )
    options_html = fields.List(
        fields.String(),
        required=True,
        allow_none=True,
        metadata={"description": "The options likewise, all of them or none."},
    )


class PaperForCandidate(Schema):
    """A paper, the same for every candidate of its form."""

    paper_id = fields.UUID(required=True)
    images = fields.List(
        fields.String(),
        required=True,
        metadata={
            "description": "SHA-256 of each image it shows: fetch `/v1/question-images/{sha256}` "
            "right after the start, and keep them."
        },
    )
    questions = fields.List(fields.Nested(QuestionOnPaper), required=True)
