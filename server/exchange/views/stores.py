"""Addresses of learning record stores that are sent statements, for who keeps them (学习记录库)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import current_app

from server import clock
from server.access import identity, requires
from server.config import Mode
from server.db import transaction
from server.errors import IdTaken
from server.exchange.errors import PurposeForbids
from server.exchange.models import ExchangeAgreement, ExchangeRecordStore
from server.exchange.schemas import RecordStoreIn, RecordStoreOut, RefusedStatementOut
from server.exchange.services import agreements, stores
from server.exchange.views.keeping import views
from server.messages.errors import ChannelUnfit
from server.messages.reaching import reach_of
from server.paging import Page, PageQuery
from server.policy import Permission

_ONE = (
    "/exchange-agreements/<uuid:exchange_agreement_id>"
    "/record-stores/<uuid:exchange_record_store_id>"
)


@views.route(_ONE, methods=["PUT"])
@requires(Permission.MANAGE_EXCHANGE)
@views.arguments(RecordStoreIn)
@views.response(200, RecordStoreOut)
@views.refuses(PurposeForbids, ChannelUnfit, IdTaken)
def open_record_store(
    body: dict[str, Any], exchange_agreement_id: UUID, exchange_record_store_id: UUID
) -> ExchangeRecordStore:
    """Send xAPI statements to a learning record store from now on; again: with another key."""
    config, by = current_app.extensions["config"], identity()
    plain, reach = config.mode is not Mode.PRODUCTION, reach_of(config)
    with transaction():
        agreed = _agreement(exchange_agreement_id, Permission.MANAGE_EXCHANGE)
        how: dict[str, Any] = {"may_be_plain": plain, "reach": reach, "by": by, "at": clock.now()}
        return stores.open_(exchange_record_store_id, agreed, body["place"], **how)


@views.route(_ONE)
@requires(Permission.SEE_EXCHANGE)
@views.response(200, RecordStoreOut)
def show_record_store(
    exchange_agreement_id: UUID, exchange_record_store_id: UUID
) -> ExchangeRecordStore:
    """Show how far a store was sent what it is owed, and why the last try failed."""
    agreed = _agreement(exchange_agreement_id, Permission.SEE_EXCHANGE)
    return stores.get(exchange_record_store_id, agreed)


@views.route(f"{_ONE}/closing", methods=["PUT"])
@requires(Permission.MANAGE_EXCHANGE)
@views.response(200, RecordStoreOut)
def close_record_store(
    exchange_agreement_id: UUID, exchange_record_store_id: UUID
) -> ExchangeRecordStore:
    """Send nothing more to a store."""
    with transaction():
        agreed = _agreement(exchange_agreement_id, Permission.MANAGE_EXCHANGE)
        return stores.close(exchange_record_store_id, agreed, at=clock.now())


@views.route(f"{_ONE}/refused-statements")
@requires(Permission.SEE_EXCHANGE)
@views.arguments(PageQuery, location="query")
@views.page(RefusedStatementOut)
def list_refused_statements(
    query: dict[str, Any], exchange_agreement_id: UUID, exchange_record_store_id: UUID
) -> Page:
    """List the entries of the feed whose statements a store refused, the latest first."""
    agreed = _agreement(exchange_agreement_id, Permission.SEE_EXCHANGE)
    return stores.refused(stores.get(exchange_record_store_id, agreed), **query)


def _agreement(agreement_id: UUID, permission: Permission) -> ExchangeAgreement:
    return agreements.get(agreement_id, scope=identity().scope(permission))
