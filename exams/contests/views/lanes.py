"""The addresses of a final's worst ten seconds, answered in front of the framework (竞赛快速通道).

Responses share a commit; boards and the questions of a final are read by everybody at once and
kept by caches for a second.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from exams.contests.schemas.boards import ContestBoardOut
from exams.contests.services import boards, finals, responding
from exams.contests.services.responding import Heard, Word
from server import strict_json
from server.errors import Invalid, NotFound
from server.group_commit import Store
from server.lanes import Call, Lane
from server.open_lane import OpenLane
from server.translations import in_both

STORE: Store[Word, Heard] = Store("contest_responses", responding.store, last=True)

#: A board changes every second while a round goes on.
CACHED = "public, max-age=1"
#: A question that is open stays what it is.
QUESTION_CACHED = "public, max-age=3600"

_BOARD = ContestBoardOut()


def word(call: Call) -> Word:
    """Return the response that a participant gives."""
    slot, chosen = _read(strict_json.read(call.body) if call.body else {})
    return Word(call.thing_id, call.claims.account_id, slot, chosen, call.at)


def told(heard: Heard) -> dict[str, Any]:
    """Return what became of a response in the words of the schema `HeardOut`."""
    question = None
    if heard.open_slot is not None:
        question = heard.round.question(heard.entry_id, heard.open_slot)
    return {
        "now": heard.at.isoformat(),
        "slot": heard.slot,
        "verdict": heard.verdict,
        "question": question,
    }


def show_board(connection: Connection, round_id: str, at: datetime) -> bytes:
    """Return the board of a round."""
    found = boards.board(connection, _id(round_id), at=at)
    return json.dumps(_BOARD.dump(found), ensure_ascii=False).encode()


def show_question(connection: Connection, name: str, at: datetime) -> bytes:
    """Return a question of a final, from the moment it opens on."""
    round_id, _, slot = name.partition(".")
    if not slot.isascii() or not slot.isdecimal() or len(slot) > 2:
        raise NotFound
    found = finals.question(connection, _id(round_id), int(slot), at=at)
    return json.dumps(found, ensure_ascii=False).encode()


def _id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise NotFound from None


def _read(body: object) -> tuple[int, object]:
    """Read a body as the schema `ContestResponseIn` does, with its complaints."""
    if not isinstance(body, Mapping):
        raise Invalid({"_": [in_both("Invalid input type.")]})
    wrong = {name[:100]: "Unknown field." for name in body if name not in ("slot", "chosen")} | {
        name: "Missing data for required field." for name in ("slot", "chosen") if name not in body
    }
    slot = body.get("slot")
    if "slot" in body and (not isinstance(slot, int) or isinstance(slot, bool)):
        wrong["slot"] = "Not a valid integer."
    if wrong or not isinstance(slot, int):
        raise Invalid({name: [in_both(sentence)] for name, sentence in wrong.items()})
    return slot, body["chosen"]


LANES = (
    Lane(
        method="PUT",
        prefix="/v1/contest-entries/",
        suffix="/responses",
        wish=word,
        store=STORE,
        reply=lambda heard, _call: json.dumps(told(heard), ensure_ascii=False).encode(),
        body_limit=1024,
    ),
)

OPEN_LANES = (
    OpenLane(
        prefix="/v1/contest-boards/",
        rule="/v1/contest-boards/<uuid>",
        answer=lambda connection, asked: show_board(connection, asked.texts[0], asked.at),
        cache_control=CACHED,
    ),
    OpenLane(
        prefix="/v1/contest-questions/",
        rule="/v1/contest-questions/<round.slot>",
        answer=lambda connection, asked: show_question(connection, asked.texts[0], asked.at),
        cache_control=QUESTION_CACHED,
    ),
)
