"""Heartbeats in front of the framework: all who wait share a commit (学习心跳快速通道)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, NoReturn, TypeVar

from server import strict_json
from server.errors import DomainError, Invalid
from server.group_commit import Store
from server.lanes import Call, Lane
from server.training.crediting import Presence
from server.training.services import heartbeats
from server.training.services.heartbeats import Beat, Standing
from server.translations import in_both

T = TypeVar("T")

_PRESENCES = {one.value: one for one in Presence}
_HIGHEST = 2**31 - 1
_MOST_SECONDS = 10**7

STORE: Store[Beat, Standing] = Store("heartbeats", heartbeats.store)


def beat(call: Call) -> Beat:
    """Return the heartbeat that a learner sends."""
    sequence, present, seconds = _read(strict_json.read(call.body) if call.body else {})
    who = call.claims
    return Beat(call.thing_id, who.sid, who.account_id, sequence, present, seconds, call.at)


def shown(standing: Standing) -> dict[str, Any]:
    """Return where a session stands as the schema `StudyStandingOut` shows it."""
    return {
        "now": standing.at.isoformat(),
        "session_id": str(standing.session_id),
        "sequence": standing.sequence,
        "reason": standing.reason.value,
        "seen_ms": standing.seen_ms,
        "credited_ms": standing.credited_ms,
        "today_ms": standing.today_ms,
        "check_due_at": standing.check_due_at.isoformat(),
        "next_beat_in": standing.beat_seconds,
    }


def refused(reply: T | DomainError) -> T:
    """Return a reply, or raise what it refuses with."""
    if isinstance(reply, DomainError):
        raise reply
    return reply


#: For wsgi.py.
LANE = Lane(
    method="PUT",
    prefix="/v1/study-sessions/",
    suffix="/heartbeat",
    wish=beat,
    store=STORE,
    reply=lambda standing, _call: json.dumps(shown(standing)).encode(),
    in_step=True,
    body_limit=4096,
)


def _read(body: object) -> tuple[int, Presence, int | None]:
    """Read a body as the schema `BeatIn` does, with the same complaints."""
    if not isinstance(body, Mapping):
        _refuse("_", "Invalid input type.")
    for name in body:
        if name not in ("sequence", "presence", "seconds"):
            _refuse(str(name)[:100], "Unknown field.")
    for name in ("sequence", "presence"):
        if name not in body:
            _refuse(name, "Missing data for required field.")
    present = body["presence"]
    if not isinstance(present, str) or present not in _PRESENCES:
        _refuse("presence", f"Must be one of: {', '.join(_PRESENCES)}.")
    seconds = body.get("seconds")
    sequence = _whole("sequence", body["sequence"], 1, _HIGHEST)
    read = None if seconds is None else _whole("seconds", seconds, 0, _MOST_SECONDS)
    return sequence, _PRESENCES[present], read


def _whole(field: str, value: object, least: int, most: int) -> int:
    if value is None:
        _refuse(field, "Field may not be null.")
    if not isinstance(value, int) or isinstance(value, bool):
        _refuse(field, "Not a valid integer.")
    if not least <= value <= most:
        bounds = f"Must be greater than or equal to {least} and less than or equal to {most}."
        _refuse(field, bounds)
    return value


def _refuse(field: str, sentence: str) -> NoReturn:
    raise Invalid({field: [in_both(sentence)]})
