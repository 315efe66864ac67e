"""Addresses of webhooks, kept by the system itself, and of those given up (对接通知接口)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import current_app

from server import clock
from server.config import Mode
from server.db import db, transaction
from server.errors import IdTaken
from server.exchange import delivering, gatekeeper
from server.exchange.errors import AgreementOver, HookUnreachable, OutsideAgreement
from server.exchange.gatekeeper import for_systems
from server.exchange.models import ExchangeAgreement, ExchangeDeadLetter, ExchangeHook
from server.exchange.schemas import DeadLetterOut, HookIn, HookOpenedOut, HookOut
from server.exchange.services import hooks
from server.exchange.services.hooks import Opened
from server.exchange.terms import Ability
from server.exchange.views.systems import views
from server.messages.errors import ChannelUnfit
from server.messages.reaching import reach_of
from server.paging import Page, PageQuery

_FOLLOWING = (Ability.CERTIFICATES, Ability.OUTCOMES, Ability.COVERAGE)
_HOOK = "/exchange/hooks/<uuid:exchange_hook_id>"


@views.route(_HOOK, methods=["PUT"])
@for_systems(*_FOLLOWING)
@views.arguments(HookIn)
@views.response(200, HookOpenedOut)
@views.refuses(AgreementOver, OutsideAgreement, ChannelUnfit, IdTaken)
def open_hook(body: dict[str, Any], exchange_hook_id: UUID) -> Opened:
    """Have an address told when the feed moves; the secret that signs is told once."""
    config = current_app.extensions["config"]
    plain, reach = config.mode is not Mode.PRODUCTION, reach_of(config)
    with transaction():
        return hooks.open_(
            exchange_hook_id, _own(), **body, may_be_plain=plain, reach=reach, at=clock.now()
        )


@views.route(_HOOK)
@for_systems(*_FOLLOWING)
@views.response(200, HookOut)
@views.refuses(AgreementOver, OutsideAgreement)
def show_hook(exchange_hook_id: UUID) -> ExchangeHook:
    """Show how far an address was told, and why it was not."""
    return hooks.get(exchange_hook_id, gatekeeper.agreement())


@views.route(f"{_HOOK}/secret", methods=["PUT"])
@for_systems(*_FOLLOWING)
@views.response(200, HookOpenedOut)
@views.refuses(AgreementOver, OutsideAgreement)
def change_hook_secret(exchange_hook_id: UUID) -> Opened:
    """Change the secret of a hook; the former one signs beside it for seven days."""
    with transaction():
        return hooks.change_secret(exchange_hook_id, _own(), at=clock.now())


@views.route(f"{_HOOK}/closing", methods=["PUT"])
@for_systems(*_FOLLOWING)
@views.response(200, HookOut)
@views.refuses(AgreementOver, OutsideAgreement)
def close_hook(exchange_hook_id: UUID) -> ExchangeHook:
    """Send nothing more to an address."""
    with transaction():
        return hooks.close(exchange_hook_id, _own(), at=clock.now())


@views.route("/exchange/dead-letters")
@for_systems(*_FOLLOWING)
@views.arguments(PageQuery, location="query")
@views.page(DeadLetterOut)
@views.refuses(AgreementOver, OutsideAgreement)
def list_dead_letters(query: dict[str, Any]) -> Page:
    """List the webhooks that were tried for hours and not taken, the latest first."""
    return hooks.given_up(gatekeeper.agreement(), **query)


@views.route("/exchange/dead-letters/<uuid:exchange_dead_letter_id>/delivery", methods=["PUT"])
@for_systems(*_FOLLOWING)
@views.response(200, DeadLetterOut)
@views.refuses(AgreementOver, OutsideAgreement, HookUnreachable)
def send_dead_letter(exchange_dead_letter_id: UUID) -> ExchangeDeadLetter:
    """Send a webhook again that was given up."""
    known = gatekeeper.agreement()
    telling = hooks.letter(exchange_dead_letter_id, known, at=clock.now())
    db.session.rollback()
    if delivering.send(telling) is not None:
        raise HookUnreachable
    with transaction():
        return hooks.letter_sent(exchange_dead_letter_id, at=clock.now())


def _own() -> ExchangeAgreement:
    """Return the agreement of who asks, in the transaction that is open."""
    return db.session.get_one(ExchangeAgreement, gatekeeper.agreement().id)
