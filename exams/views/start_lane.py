"""Nine o'clock, answered in front of the framework: starts that share a commit (开考快速通道)."""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Connection

from exams import dice, permutation, timing
from exams.schemas.packages import shown_key
from exams.services import starting
from exams.services.starting import Start, Wish
from exams.views.guarding import of_the_present
from server import strict_json
from server.auth.services.presence import Present
from server.errors import DomainError, Invalid
from server.group_commit import Store
from server.lanes import Call, Lane
from server.tokens import Claims
from server.translations import in_both


class Words(NamedTuple):
    """A start that came in, and the token that was shown."""

    claims: Claims
    attempt_id: UUID
    enrolment_id: UUID
    seed: bytes
    at: datetime


def store(connection: Connection, waiting: Sequence[Words]) -> list[Start | DomainError]:
    """Start what may start, where devices are signed in."""
    return of_the_present(connection, waiting, _wish, starting.store)


STORE: Store[Words, Start] = Store("starts", store)


def words(call: Call) -> Words:
    """Return the start that a phone asks for, with the chance that its order is drawn by."""
    enrolment_id = _read(strict_json.read(call.body) if call.body else {})
    return Words(call.claims, call.thing_id, enrolment_id, secrets.token_bytes(16), call.at)


def written(begun: Start, *, at: datetime) -> str:
    """Return a start in the words of the schema `StartedOut`.

    The order is put together from texts: there are a few for each question, and all candidates of
    nine o'clock share them.
    """
    order = permutation.order(begun.form.places, seed=bytes.fromhex(begun.attempt.seed))
    places = ", ".join([_place(slot, order.options[slot]) for slot in order.slots])
    return f'{json.dumps(_shown(begun, at))[:-1]}, "order": [{places}]}}'


@lru_cache(16_384)
def _place(slot: int, options: tuple[int, ...]) -> str:
    return json.dumps({"slot": slot, "options": options})


def _shown(begun: Start, at: datetime) -> dict[str, Any]:
    attempt = begun.attempt
    pulse = timing.pulse(attempt.deadline_at, at=at, share=dice.share(attempt.id, at))
    opened = begun.package
    return {
        "now": pulse.now.isoformat(),
        "deadline_at": pulse.deadline_at.isoformat(),
        "next_call_in": pulse.next_call_in,
        "id": str(attempt.id),
        "enrolment_id": str(attempt.enrolment_id),
        "exam_id": str(attempt.exam_id),
        "paper_id": str(attempt.paper_id),
        "epoch": attempt.epoch,
        "state": attempt.state,
        "started_at": attempt.started_at.isoformat(),
        "paused_at": None if attempt.paused_at is None else attempt.paused_at.isoformat(),
        "package": None
        if opened is None
        else {"hash": opened.hash, "size": opened.size, "opens_with": shown_key(opened)},
    }


def _wish(asked: Words, present: Present) -> Wish:
    person_id, device_id = present
    return Wish(asked.attempt_id, asked.enrolment_id, person_id, device_id, asked.seed, asked.at)


def _read(body: object) -> UUID:
    """Read a body as the schema `StartIn` does, with the same complaints."""
    if not isinstance(body, Mapping):
        raise Invalid({"_": [in_both("Invalid input type.")]})
    wrong = {name[:100]: "Unknown field." for name in body if name != "enrolment_id"}
    given = body.get("enrolment_id")
    if "enrolment_id" not in body:
        wrong["enrolment_id"] = "Missing data for required field."
    elif given is None:
        wrong["enrolment_id"] = "Field may not be null."
    else:
        try:
            found = UUID(given) if isinstance(given, str) else None
        except ValueError:
            found = None
        if found is not None and not wrong:
            return found
        if found is None:
            wrong["enrolment_id"] = "Not a valid UUID."
    raise Invalid({name: [in_both(sentence)] for name, sentence in wrong.items()})


#: The shortest address of its kind: whatever has a further part is another's.
LANE = Lane(
    method="PUT",
    prefix="/v1/attempts/",
    suffix="",
    wish=words,
    store=STORE,
    reply=lambda begun, call: written(begun, at=call.at).encode("ascii"),
    body_limit=1024,
)
