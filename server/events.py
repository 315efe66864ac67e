"""Facts told from one part to another, in the same transaction (事件)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import current_app


@dataclass(frozen=True, kw_only=True)
class Event:
    """A fact in the past that concerns another part."""


#: Who reacts to which fact. A reaction gets the event and works in the publisher's transaction.
Reactions = Mapping[type[Event], Sequence[Callable[[Any], object]]]

_KEY = "reactions"


def install(extensions: dict[str, Any], reactions: Reactions) -> None:
    """Keep the table of reactions, read once from wsgi.py, with the application."""
    extensions[_KEY] = reactions


def publish(event: Event) -> None:
    """Tell everybody who reacts to this kind of fact, in the order of the table.

    A reaction that refuses undoes the whole transaction, so that no fact stands
    without what must follow from it.
    """
    for reaction in current_app.extensions[_KEY].get(type(event), ()):
        reaction(event)
