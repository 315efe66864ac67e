"""Addresses for seeing whole document numbers (证件明文接口)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from server import clock
from server.access import identity, requires
from server.audit.errors import NumberNotMasked
from server.db import transaction
from server.errors import IdTaken
from server.http import Part
from server.people.schemas.people import DisclosureIn, DisclosureOut
from server.people.services import disclosures
from server.people.services.disclosures import Disclosed
from server.policy import Permission

views = Part("document_disclosures", "Seeing whole document numbers 证件明文查看")


@views.route("/people/<uuid:person_id>/document-disclosures/<uuid:disclosure_id>", methods=["PUT"])
@requires(Permission.DISCLOSE_DOCUMENTS)
@views.arguments(DisclosureIn)
@views.response(200, DisclosureOut)
@views.refuses(IdTaken, NumberNotMasked)
def disclose_document(body: dict[str, Any], person_id: UUID, disclosure_id: UUID) -> Disclosed:
    """Show a whole document number, for a reason that is written down."""
    by, at = identity(), clock.now()
    with transaction():
        return disclosures.disclose(person_id, disclosure_id, reason=body["reason"], by=by, at=at)
