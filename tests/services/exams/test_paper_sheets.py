"""Answers from paper: two people read a sheet apart, a third settles; then it is an attempt."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from exams.admission_errors import NotAdmitted
from exams.correction_errors import Involved
from exams.errors import NotEligible
from exams.lifecycle import State
from exams.models import Attempt, Enrolment, ResponseEntry
from exams.paper_errors import BookletUnknown
from exams.paper_sheets import AttemptMode, SheetState
from exams.separation_errors import NotSeparated
from exams.services import booklets, forms, paper_sheets
from exams.services.paper_sheets import SheetDraft
from exams.sheet_errors import (
    LettersUnfit,
    NothingToSettle,
    ReaderSettles,
    SatOnDevice,
    SheetHoursUnfit,
    SheetRead,
    SittingNotOver,
)
from exams.sittings import Awaited
from server.db import db
from server.errors import NotFound
from server.policy import Identity, Role
from tests.factories import exams as a
from tests.factories.sitting import outcome
from tests.moments import NOON

pytestmark = pytest.mark.usefixtures("inside")

HOUR = timedelta(hours=1)
LATER = NOON + 4 * HOUR
SECTIONS: a.Sections = (("true_false", 6, 10, {}), ("multiple_choice", 4, 10, {}))


class Ground:
    """A place in an exam of ten questions that was sat on paper, and three examiners."""

    def __init__(self) -> None:
        self.scene = a.an_exam(sections=SECTIONS)
        self.place = a.an_enrolment(self.scene)
        self.first, self.second, self.third = (self.reader() for _ in range(3))
        (booklet,) = booklets.of_candidates(self.scene.exam)
        self.label = booklet.label
        self.right = self.letters(booklet.label)

    def reader(self) -> Identity:
        """Return an examiner who has nothing to do with the candidate."""
        person = a.a_person(a.an_organisation(), birth_on=None)
        return a.identity_of(person.id, Role.EXAMINER)

    def letters(self, label: str) -> dict[str, str]:
        """Return what stands on a sheet on which everything is right."""
        booklet = booklets.find(label, self.place)
        sheet = forms.key_sheet(db.session.connection(), booklet.paper.id)
        keys = {one.slot: {"ABCDEFGHIJ".index(label) for label in one.key} for one in sheet}
        return {
            str(number): "".join(
                "ABCDEFGHIJ"[at]
                for at, option in enumerate(booklet.order.options[slot])
                if option in keys[slot]
            )
            for number, slot in enumerate(booklet.order.slots, start=1)
        }

    def open(self, *, by: Identity | None = None, at: Any = LATER, **changed: Any) -> Any:
        """Say that the place sat on paper."""
        values: dict[str, Any] = {
            "booklet": self.label,
            "began_at": NOON + HOUR,
            "ended_at": NOON + 2 * HOUR,
            "reason": "停电",
        }
        draft = SheetDraft(**values | changed)
        return paper_sheets.open_it(self.place.id, draft, by=by or self.first, at=at)

    def read(self, by: Identity, **changed: str) -> Any:
        """Read the sheet as somebody: everything right, but for some (`q3="A"`)."""
        letters = self.right | {name[1:]: one for name, one in changed.items()}
        return paper_sheets.read(self.place.id, letters, by=by, at=LATER)

    def settle(self, by: Identity, **letters: str) -> Any:
        """Settle what was read differently."""
        found = {name[1:]: one for name, one in letters.items()}
        return paper_sheets.settle(self.place.id, found, reason="看原卷", by=by, at=LATER)


@pytest.fixture
def ground() -> Ground:
    """Store the exam."""
    return Ground()


def attempts() -> int:
    """Return how many attempts there are."""
    return db.session.execute(select(func.count()).select_from(Attempt)).scalar_one()


def test_what_two_read_alike_is_graded_and_is_an_attempt_like_any_other(ground):
    ground.open()
    assert ground.read(ground.first, q3="").state is SheetState.BEING_READ
    # Letters in whatever order and size are the same letters.
    same = {number: one[::-1].lower() for number, one in (ground.right | {"3": ""}).items()}
    sheet = paper_sheets.read(ground.place.id, same, by=ground.second, at=LATER)

    assert (sheet.state, sheet.differences) == (SheetState.GRADED, [])
    attempt = db.session.get_one(Attempt, sheet.attempt_id)
    assert (attempt.mode, attempt.state) == (AttemptMode.PAPER, State.GRADED)
    assert (attempt.started_at, attempt.submitted_at) == (NOON + HOUR, NOON + 2 * HOUR)
    assert (outcome(attempt).score, outcome(attempt).max_score) == ("90", "100")
    held = select(func.count()).where(ResponseEntry.attempt_id == attempt.id)
    assert db.session.execute(held).scalar_one() == 9
    assert ground.read(ground.second, q3="") is sheet
    with pytest.raises(SheetRead):
        ground.read(ground.second)
    with pytest.raises(SheetRead):
        ground.open(reason="另一原因")
    assert ground.open() is sheet
    assert attempts() == 1


def test_what_two_read_differently_waits_for_a_third(ground):
    ground.open()
    ground.read(ground.first)
    sheet = ground.read(ground.second, q1="", q7="")

    assert sheet.state is SheetState.DISPUTED
    # Both read at one moment here, so either may be shown first.
    found = [(one.number, {one.first, one.second}) for one in sheet.differences]
    assert found == [(1, {ground.right["1"], ""}), (7, {ground.right["7"], ""})]
    assert attempts() == 0
    with pytest.raises(ReaderSettles):
        ground.settle(ground.second, q1="", q7="")
    for wrong in ({"q1": ""}, {"q1": "", "q7": "", "q8": ""}, {"q1": "D", "q7": ""}):
        with pytest.raises(LettersUnfit):
            ground.settle(ground.third, **wrong)
    settled = ground.settle(ground.third, q1="", q7=ground.right["7"])
    assert settled.state is SheetState.GRADED
    attempt = db.session.get_one(Attempt, settled.attempt_id)
    assert (outcome(attempt).score, settled.settled_because) == ("90", "看原卷")
    assert ground.settle(ground.third, q1="", q7=ground.right["7"]) is settled
    with pytest.raises(NothingToSettle):
        ground.settle(ground.third, q1="", q7="")


def test_one_person_reads_once_under_whatever_account(ground):
    ground.open()
    ground.read(ground.first, q2="")
    again = a.identity_of(ground.first.person_id, Role.EXAMINER)

    sheet = ground.read(again)

    assert (sheet.state, len(sheet.readings)) == (SheetState.BEING_READ, 1)
    assert sheet.readings[0].letters == ground.right


def test_a_booklet_of_the_form_is_read_in_the_order_of_the_form(ground):
    ground.open(booklet="1")
    letters = ground.letters("1")
    for by in (ground.first, ground.second):
        sheet = paper_sheets.read(ground.place.id, letters, by=by, at=LATER)

    assert outcome(db.session.get_one(Attempt, sheet.attempt_id)).score == "100"


def test_a_sheet_is_opened_for_who_sat_on_paper_only(ground):
    other = a.an_enrolment(ground.scene)
    cases: list[tuple[type[Exception], dict[str, Any]]] = [
        (SittingNotOver, {"at": NOON + 2 * HOUR}),
        (SheetHoursUnfit, {"began_at": NOON - HOUR}),
        (SheetHoursUnfit, {"ended_at": LATER + HOUR}),
        (SheetHoursUnfit, {"ended_at": NOON + HOUR}),
        (BookletUnknown, {"booklet": "2"}),
        (BookletUnknown, {"booklet": f"1-{other.id.hex[:8]}"}),
        (BookletUnknown, {"booklet": "nonsense"}),
        (Involved, {"by": a.identity_of(ground.place.candidate_id, Role.EXAMINER)}),
        (NotFound, {"by": a.identity_of(ground.first.person_id, Role.PLANNER)}),
    ]
    for refusal, changed in cases:
        with pytest.raises(refusal):
            ground.open(**changed)
    colleague = a.a_person(employer_of(ground.place), birth_on=None)
    a.a_post(colleague, employer_of(ground.place))
    with pytest.raises(NotSeparated):
        ground.open(by=a.identity_of(colleague.id, Role.EXAMINER))
    ground.place.awaits = Awaited.CHECK_IN
    with pytest.raises(NotAdmitted):
        ground.open()
    ground.place.awaits, ground.place.hindrances = None, ["too_young"]
    with pytest.raises(NotEligible):
        ground.open()


def employer_of(place: Enrolment) -> Any:
    """Return where the candidate of a place works."""
    from server.organisations.models import Organisation
    from server.people.models import Post

    where = select(Post.organisation_id).where(Post.person_id == place.candidate_id)
    return db.session.get_one(Organisation, db.session.execute(where).scalars().first())


def test_who_sat_on_a_device_has_no_paper(ground):
    sat = a.an_attempt(ground.scene)
    draft = SheetDraft(booklet="1", began_at=NOON, ended_at=NOON + HOUR, reason="误录")

    with pytest.raises(SatOnDevice):
        paper_sheets.open_it(sat.enrolment_id, draft, by=ground.first, at=LATER)


@pytest.mark.parametrize("changed", [{"11": "A"}, {"1": None}, {"1": "C"}, {"1": "AB"}, {"7": "E"}])
def test_letters_that_the_booklet_cannot_have_are_named(ground, changed):
    ground.open()
    letters = {
        number: letters
        for number, letters in (ground.right | changed).items()
        if letters is not None
    }

    with pytest.raises(LettersUnfit) as refused:
        paper_sheets.read(ground.place.id, letters, by=ground.first, at=LATER)

    assert refused.value.facts["numbers"] == next(iter(changed))
