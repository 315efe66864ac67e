"""Addresses of moving an attempt to another phone (换机接口)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from exams.errors import AnotherDevice, AttemptOver, MovingCodeWrong
from exams.models import AttemptMove
from exams.schemas.moves import (
    CodeIn,
    ConfirmationIn,
    GivingIn,
    HeldResponsesOut,
    MoveOut,
    MovingOut,
)
from exams.separation_errors import NotSeparated
from exams.services import contents, moves
from exams.services.contents import HeldResponses
from exams.services.moves import Moving
from exams.views.guarding import candidate
from server import clock
from server.access import identity, requires
from server.db import transaction
from server.errors import IdTaken
from server.http import Part
from server.policy import Permission

views = Part("moves", "Going on with another phone 换机")


@views.route("/attempts/<uuid:attempt_id>/responses")
@requires(Permission.SIT_EXAMS)
@views.response(200, HeldResponsesOut)
@views.refuses(AttemptOver, AnotherDevice)
def show_responses(attempt_id: UUID) -> HeldResponses:
    """Show what counts in each slot of one's own attempt while it goes on."""
    return contents.held(attempt_id, **candidate(), at=clock.now())


@views.route("/attempts/<uuid:attempt_id>/moves/<uuid:move_id>", methods=["PUT"])
@requires(Permission.SIT_EXAMS)
@views.response(200, MovingOut)
@views.refuses(AttemptOver, IdTaken)
def ask_to_move(attempt_id: UUID, move_id: UUID) -> Moving:
    """Ask, on the new phone, that one's attempt moves there; show the code to the invigilator."""
    who = candidate()
    with transaction():
        return moves.ask(move_id, attempt_id=attempt_id, **who, at=clock.now())


@views.route("/attempts/<uuid:attempt_id>/moves/<uuid:move_id>")
@requires(Permission.SIT_EXAMS)
@views.response(200, MoveOut)
def show_move(attempt_id: UUID, move_id: UUID) -> AttemptMove:
    """Show whether the attempt has moved, and to which epoch."""
    return moves.shown(move_id, attempt_id=attempt_id, candidate_id=identity().person_id)


@views.route("/attempts/<uuid:attempt_id>/moves/<uuid:move_id>/confirmation", methods=["PUT"])
@requires(Permission.INVIGILATE)
@views.arguments(ConfirmationIn)
@views.response(200, MoveOut)
@views.refuses(MovingCodeWrong, AttemptOver)
@views.refuses(NotSeparated)
def confirm_move(body: dict[str, Any], attempt_id: UUID, move_id: UUID) -> AttemptMove:
    """Let an attempt move to the phone that shows the code, with the reason."""
    by = identity()
    with transaction():
        return moves.confirm(move_id, attempt_id=attempt_id, **body, by=by, at=clock.now())


@views.route("/attempts/<uuid:attempt_id>/moving-codes/<uuid:move_id>", methods=["PUT"])
@requires(Permission.INVIGILATE)
@views.arguments(GivingIn)
@views.response(200, MovingOut)
@views.refuses(AttemptOver, IdTaken)
@views.refuses(NotSeparated)
def give_moving_code(body: dict[str, Any], attempt_id: UUID, move_id: UUID) -> Moving:
    """Make a code that the candidate types on another phone, with the reason."""
    by = identity()
    with transaction():
        return moves.give(move_id, attempt_id=attempt_id, **body, by=by, at=clock.now())


@views.route("/attempts/<uuid:attempt_id>/move", methods=["PUT"])
@requires(Permission.SIT_EXAMS)
@views.arguments(CodeIn)
@views.response(200, MoveOut)
@views.refuses(MovingCodeWrong, AttemptOver)
def use_moving_code(body: dict[str, str], attempt_id: UUID) -> AttemptMove:
    """Move one's attempt to this phone by the code that the invigilator gave."""
    who = candidate()
    with transaction():
        return moves.use(attempt_id, **body, **who, at=clock.now())
