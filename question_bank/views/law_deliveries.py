"""The address at which another system hands in laws as signed webhooks (法规报送接口)."""

from __future__ import annotations

from typing import Any

from flask import request

from question_bank.errors import EndBeforeBeginning
from question_bank.models import Law
from question_bank.schemas.law_deliveries import LawDeliveryIn
from question_bank.schemas.laws import LawOut
from question_bank.services import law_deliveries
from server import clock
from server.db import db, transaction
from server.errors import IdTaken
from server.exchange import gatekeeper
from server.exchange.errors import (
    AgreementOver,
    OutsideAgreement,
    QuotaSpent,
    WebhookReplayed,
    WebhookTooOld,
    WebhookUnsigned,
)
from server.exchange.gatekeeper import for_systems
from server.exchange.models import ExchangeAgreement
from server.exchange.services import hooks, usage
from server.exchange.terms import Ability
from server.http import Part

views = Part("law-deliveries", "Laws handed in by other systems 法规报送")


@views.route("/exchange/law-deliveries", methods=["POST"])
@for_systems(Ability.HAND_IN_LAWS)
@views.arguments(LawDeliveryIn)
@views.response(200, LawOut)
@views.refuses(AgreementOver, OutsideAgreement, QuotaSpent, IdTaken, EndBeforeBeginning)
@views.refuses(WebhookUnsigned, WebhookTooOld, WebhookReplayed)
def hand_in_law(body: dict[str, Any]) -> Law:
    """Take in a law with its articles, signed by Standard Webhooks; once under its `webhook-id`."""
    at, agreement = clock.now(), gatekeeper.agreement()
    message_id = gatekeeper.check_signature(request.get_data())
    usage.note(agreement, Ability.HAND_IN_LAWS, at=at)
    known = agreement.id
    with transaction():
        own = db.session.get_one(ExchangeAgreement, known)
        if not hooks.arrived(own, message_id, at=at):
            raise WebhookReplayed
        return law_deliveries.take_in(own, **body, at=at)
