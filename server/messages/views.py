"""Addresses of messages and of the channels that carry them (消息接口)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import current_app

from server import clock
from server.access import identity, requires, signed_in_only
from server.config import Mode
from server.db import transaction
from server.errors import IdTaken
from server.http import Part
from server.messages.errors import ChannelUnfit
from server.messages.models import Message, MessageChannel
from server.messages.reaching import reach_of
from server.messages.schemas import ChannelIn, ChannelOpenedOut, ChannelOut, MessageOut
from server.messages.services import channels, outbox
from server.messages.services.channels import Opened
from server.organisations import services as organisations
from server.paging import Page, PageQuery
from server.policy import Permission

views = Part("messages", "Messages to people and organisations 消息")


@views.route("/me/messages")
@signed_in_only
@views.arguments(PageQuery, location="query")
@views.page(MessageOut)
def list_own_messages(query: dict[str, Any]) -> Page:
    """List what one was told, the newest first."""
    return outbox.of_person(identity().person_id, **query)


@views.route("/me/messages/<uuid:message_id>/reading", methods=["PUT"])
@signed_in_only
@views.response(200, MessageOut)
def read_message(message_id: UUID) -> Message:
    """Note that one has read a message."""
    by = identity()
    with transaction():
        return outbox.read(message_id, person_id=by.person_id, at=clock.now())


@views.route("/organisations/<uuid:organisation_id>/messages")
@requires(Permission.SEE_FILES)
@views.arguments(PageQuery, location="query")
@views.page(MessageOut)
def list_messages(query: dict[str, Any], organisation_id: UUID) -> Page:
    """List what an organisation was told, the newest first."""
    place = organisations.get(organisation_id, scope=identity().scope(Permission.SEE_FILES))
    return outbox.of_organisation(place.id, **query)


@views.route("/message-channels/<uuid:channel_id>", methods=["PUT"])
@requires(Permission.MANAGE_PEOPLE)
@views.arguments(ChannelIn)
@views.response(200, ChannelOpenedOut)
@views.refuses(ChannelUnfit, IdTaken)
def open_channel(body: dict[str, Any], channel_id: UUID) -> Opened:
    """Send an organisation's messages to a mail address or webhook, too."""
    by, config = identity(), current_app.extensions["config"]
    plain, reach = config.mode is not Mode.PRODUCTION, reach_of(config)
    with transaction():
        return channels.open_(
            channel_id, **body, may_be_plain=plain, reach=reach, by=by, at=clock.now()
        )


@views.route("/message-channels/<uuid:channel_id>/closing", methods=["PUT"])
@requires(Permission.MANAGE_PEOPLE)
@views.response(200, ChannelOut)
def close_channel(channel_id: UUID) -> MessageChannel:
    """Send nothing more to an address."""
    by = identity()
    with transaction():
        return channels.close(channel_id, by=by, at=clock.now())
