"""Who it is about, beside an id: for who works with a thing and not with the register of people."""

from __future__ import annotations

from marshmallow import Schema, fields


class CandidateNamed(Schema):
    """The candidate by name; the number of the document is masked."""

    candidate_name = fields.String(required=True, attribute="candidate.name")
    document_masked = fields.String(required=True, attribute="candidate.document_masked")
