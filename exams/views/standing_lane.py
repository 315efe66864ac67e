"""Result day, in front of the framework: those who look at the same moment share a statement."""

from __future__ import annotations

import json
from collections.abc import Sequence

from sqlalchemy import Connection

from exams.services import standings
from exams.services.handing_in import Standing
from exams.services.standings import Look
from exams.views.submission_lane import Words, shown
from server.auth.services import presence
from server.auth.services.presence import Present
from server.errors import DomainError
from server.group_commit import Store
from server.lanes import Lane


def show(connection: Connection, waiting: Sequence[Words]) -> list[Standing | DomainError]:
    """Show where attempts stand, where devices are signed in."""
    return presence.of_the_present(connection, waiting, _look, standings.seen)


def _look(words: Words, present: Present) -> Look:
    return Look(words.attempt_id, present.person_id, words.at)


#: The address.
LANE = Lane(
    method="GET",
    prefix="/v1/attempts/",
    wish=lambda call: Words(call.claims, call.thing_id, call.at),
    store=Store("standings", show),
    reply=lambda standing, call: json.dumps(shown(standing, at=call.at)).encode(),
)
