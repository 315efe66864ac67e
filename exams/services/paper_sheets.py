"""Answers taken over from paper: read by two people apart, a third where they differ (纸质录入).

Nothing is graded that one person alone has typed. What two read alike becomes an attempt like any
other, with its entries, its outcome and its way to regrade and appeal; it is marked as paper.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select

from exams import paper_sheets as rules
from exams.correction_errors import Involved
from exams.errors import ExamNotPublished
from exams.lifecycle import ExamState
from exams.models import Attempt, Enrolment, Exam, PaperSheet, SheetReading
from exams.paper_sheets import Letters, SheetState
from exams.services import booklets, entrance, forms, paper_attempts, planning, separation
from exams.services.booklets import Booklet
from exams.services.reach import held_within
from exams.sheet_errors import (
    LettersUnfit,
    NothingToSettle,
    ReaderSettles,
    SatOnDevice,
    SheetHoursUnfit,
    SheetRead,
    SittingNotOver,
)
from server import days
from server.audit import services as audit
from server.db import db
from server.errors import NotFound
from server.paging import Page, page
from server.policy import Identity, Permission
from server.scopes import Scope

#: People who read a sheet apart.
PAIR = 2


@dataclass(frozen=True, kw_only=True)
class SheetDraft:
    """What is said of a paper before anybody reads it."""

    booklet: str
    began_at: datetime
    ended_at: datetime
    reason: str


def open_it(enrolment_id: UUID, draft: SheetDraft, *, by: Identity, at: datetime) -> PaperSheet:
    """Say that a place sat on paper, by which booklet and when. Saying it again changes nothing.

    Raises:
        NotFound: there is no such place in an exam within the asker's scope.
        ExamNotPublished, SittingNotOver: the exam has no papers, or has not closed.
        Withdrawn, NotEligible, NotAdmitted: the candidate has no place, or was not let in.
        SatOnDevice: the candidate has an attempt.
        SheetHoursUnfit: the paper cannot have been sat then.
        BookletUnknown: the place cannot have sat by it.
        SheetRead: somebody has read the sheet, and it would change.
        Involved, NotSeparated: the asker is the candidate, or bound to them.
    """
    place = _place(enrolment_id, by)
    _check_apart(place, draft.began_at, by)
    known = db.session.get(PaperSheet, enrolment_id)
    if known is not None and all(getattr(known, name) == v for name, v in vars(draft).items()):
        return known
    if known is not None and known.readings:
        raise SheetRead
    _check(place, draft, at=at)
    if known is None:
        known = PaperSheet(
            enrolment_id=enrolment_id,
            exam_id=place.exam_id,
            state=SheetState.BEING_READ,
            opened_at=at,
            opened_by_id=by.account_id,
            **vars(draft),
        )
        db.session.add(known)
    else:
        for name, value in vars(draft).items():
            setattr(known, name, value)
    db.session.flush()
    _tell("paper_sheet_opened", known, {"booklet": draft.booklet}, by=by, at=at, why=draft.reason)
    return known


def read(enrolment_id: UUID, letters: Letters, *, by: Identity, at: datetime) -> PaperSheet:
    """Keep what one person reads from a sheet. With the second the same is graded at once.

    Until two have read it, one's own reading may be written anew.

    Raises:
        NotFound: there is no such sheet within the asker's scope.
        SheetRead: two have read it, and it would change.
        LettersUnfit: the booklet cannot be answered so.
        Involved, NotSeparated: the asker is the candidate, or bound to them.
    """
    sheet = get(enrolment_id, by=by, lock=True)
    _check_apart(sheet.enrolment, sheet.began_at, by)
    found = rules.normalised(letters)
    _check_letters(sheet, found)
    own = next((one for one in sheet.readings if one.person_id == by.person_id), None)
    if own is not None and own.letters == found:
        return sheet
    if sheet.state is not SheetState.BEING_READ:
        raise SheetRead
    if own is None:
        own = SheetReading(enrolment_id=enrolment_id, person_id=by.person_id)
        db.session.add(own)
    own.account_id, own.letters, own.read_at = by.account_id, found, at
    db.session.flush()
    db.session.expire(sheet, ["readings"])
    _tell("paper_sheet_read", sheet, {"readings": len(sheet.readings)}, by=by, at=at)
    if len(sheet.readings) == PAIR:
        _compared(sheet, by=by, at=at)
    return sheet


def settle(
    enrolment_id: UUID, letters: Letters, *, reason: str, by: Identity, at: datetime
) -> PaperSheet:
    """Say, as the third who looked at the paper, what stands where two read differently.

    Raises:
        NotFound: there is no such sheet within the asker's scope.
        NothingToSettle: nothing is disputed, or it was settled otherwise.
        ReaderSettles: the asker read it.
        LettersUnfit: other numbers than the disputed ones, or letters that cannot be.
        Involved, NotSeparated: the asker is the candidate, or bound to them.
    """
    sheet = get(enrolment_id, by=by, lock=True)
    _check_apart(sheet.enrolment, sheet.began_at, by)
    found = rules.normalised(letters)
    if (sheet.settled, sheet.settled_by_id) == (found, by.person_id):
        return sheet
    if sheet.state is not SheetState.DISPUTED:
        raise NothingToSettle
    if any(one.person_id == by.person_id for one in sheet.readings):
        raise ReaderSettles
    disputed = {str(one.number) for one in sheet.differences}
    if other := found.keys() ^ disputed:
        raise LettersUnfit(sorted(int(one) for one in other))
    whole = dict(sheet.readings[0].letters) | found
    _check_letters(sheet, whole)
    sheet.settled, sheet.settled_because = found, reason
    sheet.settled_at, sheet.settled_by_id = at, by.person_id
    _tell("paper_sheet_settled", sheet, {"numbers": sorted(found)}, by=by, at=at, why=reason)
    _grade(sheet, whole, by=by, at=at)
    return sheet


def get(enrolment_id: UUID, *, by: Identity, lock: bool = False) -> PaperSheet:
    """Return the sheet of a place, within the asker's scope.

    Raises:
        NotFound: there is none.
    """
    statement = (
        select(PaperSheet)
        .join(Exam, Exam.id == PaperSheet.exam_id)
        .where(
            PaperSheet.enrolment_id == enrolment_id,
            held_within(Exam.organisation_id, by.scope(Permission.EXAMINE)),
        )
    )
    if lock:
        statement = statement.with_for_update(of=PaperSheet).execution_options(
            populate_existing=True
        )
    found = db.session.execute(statement).scalar_one_or_none()
    if found is None:
        raise NotFound
    return found


def listed(exam_id: UUID, *, scope: Scope, cursor: str | None, limit: int) -> Page:
    """Return a page of the sheets of an exam, in the order in which they were opened.

    Raises:
        NotFound: there is no such exam within the scope.
    """
    planning.get(exam_id, scope=scope)
    statement = select(PaperSheet).where(PaperSheet.exam_id == exam_id)
    keys = [PaperSheet.opened_at, PaperSheet.enrolment_id]
    return page(statement, keys, cursor=cursor, limit=limit)


def _place(enrolment_id: UUID, by: Identity) -> Enrolment:
    """Return a place in an exam within the asker's scope, locked."""
    statement = (
        select(Enrolment)
        .join(Exam, Exam.id == Enrolment.exam_id)
        .where(
            Enrolment.id == enrolment_id,
            held_within(Exam.organisation_id, by.scope(Permission.EXAMINE)),
        )
        .with_for_update(of=Enrolment)
        .execution_options(populate_existing=True)
    )
    found = db.session.execute(statement).scalar_one_or_none()
    if found is None:
        raise NotFound
    return found


def _check(place: Enrolment, draft: SheetDraft, *, at: datetime) -> None:
    exam = place.exam
    if exam.state is not ExamState.PUBLISHED:
        raise ExamNotPublished
    if at < exam.closes_at:
        raise SittingNotOver(closes_at=exam.closes_at.isoformat())
    entrance.check_accepted(place.withdrawn_at, place.hindrances, place.awaits)
    if not exam.opens_at <= draft.began_at < draft.ended_at <= at:
        raise SheetHoursUnfit
    booklets.find(draft.booklet, place)
    _check_no_attempt(place.id)


def _check_no_attempt(enrolment_id: UUID) -> None:
    taken = select(Attempt.id).where(Attempt.enrolment_id == enrolment_id)
    if db.session.execute(taken).first() is not None:
        raise SatOnDevice


def _check_apart(place: Enrolment, began_at: datetime, by: Identity) -> None:
    if place.candidate_id == by.person_id:
        raise Involved(why="candidate")
    separation.check({by.person_id}, {place.candidate_id}, on=days.civil_day(began_at))


def _check_letters(sheet: PaperSheet, letters: Letters) -> None:
    booklet = _booklet(sheet)
    form = forms.form(db.session.connection(), booklet.paper.id)
    if wrong := rules.faults(letters, booklet.order, form.slots):
        raise LettersUnfit(wrong)


def _compared(sheet: PaperSheet, *, by: Identity, at: datetime) -> None:
    if sheet.differences:
        sheet.state = SheetState.DISPUTED
        db.session.flush()
        return
    _grade(sheet, sheet.readings[0].letters, by=by, at=at)


def _grade(sheet: PaperSheet, letters: Letters, *, by: Identity, at: datetime) -> None:
    _check_no_attempt(sheet.enrolment_id)
    made = paper_attempts.make(sheet, _booklet(sheet), letters, at=at)
    sheet.state, sheet.attempt_id = SheetState.GRADED, made.id
    db.session.flush()
    _tell("paper_sheet_graded", sheet, {"attempt_id": str(made.id)}, by=by, at=at)


def _booklet(sheet: PaperSheet) -> Booklet:
    return booklets.find(sheet.booklet, sheet.enrolment)


def _tell(
    action: str,
    sheet: PaperSheet,
    after: dict[str, Any],
    *,
    by: Identity,
    at: datetime,
    why: str | None = None,
) -> None:
    audit.append(
        action,
        by=by,
        at=at,
        subject_kind="enrolment",
        subject_id=sheet.enrolment_id,
        after={"state": sheet.state, **after},
        reason=why,
        organisation_path=sheet.enrolment.exam.organisation.path,
    )
