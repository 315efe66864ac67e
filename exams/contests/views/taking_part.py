"""Taking part: joining, entering, responding, learning from it (参赛接口).

Whoever has joined shows the token they were given, as `Authorization: Bearer …`; it is no
account's, and speaks for nothing else.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Response

from exams.contests.errors import (
    AgeImpossible,
    AlreadyJoined,
    ConsentMissing,
    ContestClosed,
    Disqualified,
    GuardianMissing,
    InvitationNeeded,
    InvitationUsed,
    NotAdvanced,
    PhoneCodesOff,
    PhoneCodesUsed,
    PhoneCodeWrong,
    PhoneCrowded,
    QuestionNotShown,
    RoundNotOpen,
    RoundNotOver,
)
from exams.contests.schemas.taking_part import (
    ContestLinkOut,
    ContestResponseIn,
    EnteringIn,
    HeardOut,
    JoinedOut,
    JoiningIn,
    ParticipationOut,
    PhoneCodeIn,
    PhoneCodeOut,
    PhoneJoiningIn,
    ReviewedListOut,
    ShownEntryOut,
)
from exams.contests.services import codes, contests, entering, joining, links, sharing
from exams.contests.services.entering import Shown
from exams.contests.services.responding import Word
from exams.contests.views import phones
from exams.contests.views.lanes import STORE, told
from exams.contests.views.participants import participant, token_of
from server import clock, queues
from server.access import identity, open_to_all, signed_in_only
from server.auth import doorkeeper
from server.db import transaction
from server.errors import IdTaken, NotSignedIn, Unavailable
from server.http import Part
from server.people.services import people

views = Part("taking_part_in_contests", "参加竞赛 · Taking part in knowledge contests.")

_JOIN = "/contests/<uuid:contest_id>/participants/<uuid:participant_id>"
_ENTRY = "/contest-entries/<uuid:entry_id>"
_JOINING = (
    *(ContestClosed, ConsentMissing, GuardianMissing, AgeImpossible, InvitationNeeded),
    *(InvitationUsed, AlreadyJoined, PhoneCrowded, IdTaken),
)


@views.route("/contests/<uuid:contest_id>/phone-codes", methods=["POST"])
@open_to_all
@views.arguments(PhoneCodeIn)
@views.response(200, PhoneCodeOut)
@views.refuses(PhoneCodesUsed, PhoneCodesOff)
def send_phone_code(body: dict[str, str], contest_id: UUID) -> dict[str, Any]:
    """Send a code to a phone number, by which somebody without an account proves it."""
    at, gateway = clock.now(), phones.gateway()
    with transaction():
        contests.public(contest_id)
        code = codes.make(contest_id, body["phone"], address=doorkeeper.address(), at=at)
    return phones.sent(code, body["phone"], gateway, at=at)


@views.route(_JOIN, methods=["PUT"])
@open_to_all
@views.arguments(PhoneJoiningIn)
@views.response(200, JoinedOut)
@views.refuses(*_JOINING, PhoneCodeWrong)
def join_by_phone(body: dict[str, Any], contest_id: UUID, participant_id: UUID) -> dict[str, Any]:
    """Take part by a phone number alone: no account, no employer.

    The same id with the same code again gives the same place, as long as the code is good: a
    reply may be lost. Another id finds that the number takes part already.
    """
    at, phone, code = clock.now(), body["phone"], body.pop("code")
    with transaction():
        proven = codes.proves(contest_id, phone, code, at=at)
    if not proven:
        raise PhoneCodeWrong
    with transaction():
        made = joining.join(
            contest_id, participant_id, **body, person=None, address=doorkeeper.address(), at=at
        )
    return token_of(made, at)


@views.route(f"/me{_JOIN}", methods=["PUT"])
@signed_in_only
@views.arguments(JoiningIn)
@views.response(200, JoinedOut)
@views.refuses(*_JOINING)
def join_contest(body: dict[str, Any], contest_id: UUID, participant_id: UUID) -> dict[str, Any]:
    """Take part with one's account; name and age are those on file."""
    at, person = clock.now(), people.get(identity().person_id)
    with transaction():
        made = joining.join(
            contest_id,
            participant_id,
            **body,
            person=person,
            phone=person.phone_digits,
            address=doorkeeper.address(),
            at=at,
        )
    return token_of(made, at)


@views.route("/contest-participation")
@open_to_all
@views.response(200, ParticipationOut)
@views.refuses(NotSignedIn)
def show_participation() -> dict[str, Any]:
    """Show one's own place in a contest, and one's entries."""
    found = participant(clock.now())
    return {**vars(found), "entries": entering.mine(found)}


@views.route("/contest-participation/withdrawal", methods=["PUT"])
@open_to_all
@views.response(204)
@views.refuses(NotSignedIn)
def leave_contest() -> None:
    """Leave a contest: name and number are forgotten, the token speaks no more."""
    at = clock.now()
    with transaction():
        joining.leave(participant(at), at=at)


@views.route(_ENTRY, methods=["PUT"])
@open_to_all
@views.arguments(EnteringIn)
@views.response(200, ShownEntryOut)
@views.refuses(NotSignedIn, RoundNotOpen, NotAdvanced, IdTaken)
def enter_round(body: dict[str, UUID], entry_id: UUID) -> Shown:
    """Enter a round; its first question counts from now on. Again: see where one stands."""
    at = clock.now()
    with transaction():
        return entering.enter(entry_id, **body, participant=participant(at), at=at)


@views.route(_ENTRY)
@open_to_all
@views.response(200, ShownEntryOut)
@views.refuses(NotSignedIn)
def show_contest_entry(entry_id: UUID) -> Shown:
    """Show one's own entry, with the question that is open."""
    at = clock.now()
    return entering.show(entry_id, participant=participant(at), at=at)


@views.route(f"{_ENTRY}/responses", methods=["PUT"])
@open_to_all
@views.arguments(ContestResponseIn)
@views.response(200, HeardOut)
@views.refuses(NotSignedIn, RoundNotOpen, QuestionNotShown, Disqualified, Unavailable)
def respond_in_contest(body: dict[str, Any], entry_id: UUID) -> Response | dict[str, Any]:
    """Keep a response: the first to a question counts, and its time is what the server measured."""
    at = clock.now()
    word = Word(entry_id, participant(at).id, body["slot"], body["chosen"], at)
    return told(queues.submit(STORE, word))


@views.route(f"{_ENTRY}/wrong-questions")
@open_to_all
@views.response(200, ReviewedListOut)
@views.refuses(NotSignedIn, RoundNotOver)
def list_contest_mistakes(entry_id: UUID) -> dict[str, Any]:
    """List what one responded to wrongly, with keys: once nobody can respond any more."""
    at = clock.now()
    return {"items": entering.wrong(entry_id, participant=participant(at), at=at)}


@views.route(f"{_ENTRY}/card.png")
@open_to_all
@views.response(200, {"type": "string", "format": "binary"}, content_type="image/png")
@views.refuses(NotSignedIn)
def draw_contest_card(entry_id: UUID) -> Response:
    """Draw a picture of one's result to share: no name, no number, no photo."""
    at = clock.now()
    content = sharing.card(entry_id, participant=participant(at), at=at)
    return Response(content, content_type="image/png")


@views.route(f"{_ENTRY}/link")
@open_to_all
@views.response(200, ContestLinkOut)
@views.refuses(NotSignedIn)
def show_contest_link(entry_id: UUID) -> dict[str, str]:
    """Show the address of a page with one's result to share: no name, number or employer."""
    code = links.code_of(entry_id, participant=participant(clock.now()))
    return {"path": f"/contest-results/{code}"}
