"""Many people sent by a workbook: told what each is told alone, in a fixed number of statements."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from exams.eligibility import Hindrance
from exams.enrolling import EnrolmentRow
from exams.models import Candidature
from exams.services import bars, candidatures, deciding, enrolment_sheets
from exams.services.sending import Sheet
from exams.sittings import Awaited, Mode
from server.db import db
from server.people.documents import DocumentType
from server.people.models import Person
from server.people.services import merging, numbers
from server.policy import Role
from server.sheets.entering import Outcome, RowReport
from server.sheets.reading import ReadRow
from tests.factories import exams as a
from tests.factories import sitting as sat
from tests.factories import sittings as some
from tests.moments import NOON

pytestmark = pytest.mark.usefixtures("inside")

#: When workbooks are sent: what was sat at NOON is told by then.
THEN = NOON + timedelta(days=1)

#: Statements for a batch of any size: to look at it, and to write it.
MOST_LOOKING, MOST_ENTERING = 12, 13


@pytest.fixture
def hall():
    """Return an approved centre with a room of six seats."""
    return some.a_hall()


@pytest.fixture
def sitting(hall):
    """Return a sitting that people may apply for: six places, and two may wait."""
    return some.a_sitting(hall)


def a_sheet(sitting, import_id: UUID | None = None) -> Sheet:
    """Return how an employer sends people."""
    employer = a.an_organisation()
    return Sheet(
        import_id=import_id or uuid4(),
        sitting_id=sitting.id,
        sent_by_id=employer.id,
        by=a.identity_of(a.a_person(employer, birth_on=None).id, *Role),
    )


def a_row(number: int, person: Person, **changed: Any) -> ReadRow[EnrolmentRow]:
    """Return the row of a workbook that names somebody, by a passport."""
    passport = f"E{person.id.int % 10**8:08d}"
    closed = numbers.closed(person.id, DocumentType.PASSPORT, passport)
    for column, value in closed.items():
        setattr(person, column, value)
    db.session.flush()
    said: dict[str, Any] = {
        "name": person.name,
        "document_type": DocumentType.PASSPORT,
        "document_number": passport,
        "waiver": None,
    }
    return ReadRow(number=number, row=EnrolmentRow(**(said | changed)))


def rows_of(*people: Person) -> list[ReadRow[EnrolmentRow]]:
    """Return a row for each."""
    return [a_row(number, one) for number, one in enumerate(people, start=3)]


def sent(sheet: Sheet, rows: list[ReadRow[EnrolmentRow]], *, store: bool) -> list[RowReport]:
    """Look at a batch and enter it."""
    looked = enrolment_sheets.look(rows, sheet, at=THEN)
    reports = enrolment_sheets.enter(looked, sheet, store=store, at=THEN)
    return sorted(reports, key=lambda one: one.row)


def codes(reports: list[RowReport]) -> list[str]:
    """Return what became of each row, in a word."""
    return [
        one.complaints[0].code if one.complaints else ("known" if one.known else "accepted")
        for one in reports
    ]


def every(sitting) -> list[Candidature]:
    """Return the applications there ever were, in their order."""
    asked = select(Candidature).where(Candidature.sitting_id == sitting.id)
    return list(db.session.scalars(asked.order_by(Candidature.number)))


def applicants(sitting) -> list[UUID]:
    """Return who applied, in their order."""
    return [one.candidate_id for one in every(sitting)]


def decide(hall, sitting, person: Person, *, approved: bool) -> None:
    """Decide upon the application of somebody."""
    [found] = [one for one in every(sitting) if one.candidate_id == person.id]
    deciding.decide(found.id, approved=approved, reason="核查", by=hall.by, at=THEN)


def a_class() -> dict[str, Person]:
    """Store people of whom each has other things in their way, by what that is."""
    past = a.an_exam()
    who = {name: some.a_candidate() for name in ("good", "barred", "passed", "failed")}
    a.let_pass(sat.submit(a.an_attempt(past, who["passed"])))
    sat.submit(a.an_attempt(past, who["failed"]))
    bars.impose(
        uuid4(),
        person_id=who["barred"].id,
        qualification_id=None,
        from_on=date(2026, 1, 1),
        until_on=date(2027, 1, 1),
        reason="考试舞弊",
        by=None,
        at=NOON,
    )
    return who | {
        "undeclared": a.an_electrician(birth_on=date(1990, 1, 1)),
        "young": some.a_candidate(birth_on=date(2010, 1, 1)),
        "no post": a.a_person(a.an_organisation(), birth_on=date(1990, 1, 1)),
    }


def test_a_class_is_told_what_each_would_be_told_alone(sitting):
    who = a_class()
    sitting.exam.standard.training_hours = 8
    for name in ("good", "barred", "young", "passed", "failed"):
        a.trained(who[name], sitting.exam.qualification, hours=8)
    ids = {name: person.id for name, person in who.items()}
    waived = [ids["undeclared"]]

    found = candidatures.against(ids.values(), sitting, waived=waived, at=THEN)

    for one in ids.values():
        assert candidatures.against([one], sitting, waived=waived, at=THEN) == {one: found[one]}
    assert {name: set(found[one]) for name, one in ids.items()} == {
        "good": set(),
        "barred": {Hindrance.BARRED},
        "passed": {Hindrance.PASS_STILL_VALID},
        "failed": set(),
        "undeclared": {Hindrance.HEALTH_UNDECLARED},
        "young": {Hindrance.TOO_YOUNG},
        "no post": {Hindrance.NO_POST, Hindrance.HEALTH_UNDECLARED, Hindrance.HOURS_MISSING},
    }


def test_each_row_is_answered_by_itself_tried_or_stored_and_nobody_is_written_twice(hall, sitting):
    who = a_class()
    applied, elsewhere, refused = (some.a_candidate() for _ in range(3))
    some.an_application(sitting, applied)
    practice = some.a_sitting(hall, mode=Mode.PRACTICE, room_ids=())
    some.an_application(practice, elsewhere)
    sheet = a_sheet(sitting)
    assert codes(sent(sheet, rows_of(refused), store=True)) == ["accepted"]
    decide(hall, sitting, refused, approved=False)
    rows = rows_of(*who.values(), applied, elsewhere, refused)
    unknown = a_row(91, applied, document_number="G12345678")
    rows += [a_row(90, who["good"], name="某某"), unknown]

    tried = sent(sheet, rows, store=False)
    assert len(candidatures.waiting(sitting.id)) == 0
    stored = sent(sheet, rows, store=True)
    again = sent(a_sheet(sitting), rows, store=True)

    hindered, last = ["hindered"] * 3, ["name_differs", "person_unknown"]
    began = ["accepted", "hindered", "hindered", "accepted", *hindered, "known", "sittings_overlap"]
    assert codes(tried) == codes(stored) == [*began, "withdrawn", *last]
    later = ["known" if one == "accepted" else one for one in began]
    assert codes(again) == [*later, "accepted", *last], "whoever was refused applies anew"
    accepted = [one.person_id for one in tried if one.outcome is Outcome.ACCEPTED]
    assert accepted == [None, None, applied.id]
    assert applicants(sitting) == [
        applied.id,
        refused.id,
        who["good"].id,
        who["failed"].id,
        refused.id,
    ]


def test_a_trial_of_many_batches_knows_where_the_places_end(sitting):
    sheet, people = a_sheet(sitting), [some.a_candidate() for _ in range(10)]
    parts = [rows_of(*people[:5]), rows_of(*people[5:])]
    reports: list[RowReport] = []
    for part in parts:
        looked = enrolment_sheets.look(part, sheet, at=THEN)
        before = enrolment_sheets.taken(reports)
        reports += enrolment_sheets.enter(looked, sheet, store=False, before=before, at=THEN)

    stored = [report for part in parts for report in sent(sheet, part, store=True)]

    assert codes(reports) == codes(stored) == ["accepted"] * 8 + ["sitting_full"] * 2


def test_one_person_under_two_documents_applies_once_as_who_goes_on(sitting):
    kept, merged = some.a_candidate(), some.a_candidate()
    merging.merge(
        uuid4(),
        kept_id=kept.id,
        merged_id=merged.id,
        reason="同一人",
        by=a.identity_of(a.a_person(a.an_organisation(), birth_on=None).id, *Role),
        at=NOON,
    )

    reports = sent(a_sheet(sitting), rows_of(merged, kept), store=True)

    assert codes(reports) == ["accepted", "known"]
    assert applicants(sitting) == [kept.id]


def test_in_a_practice_whoever_is_sent_has_a_place_or_waits(hall):
    practice = some.a_sitting(hall, mode=Mode.PRACTICE, room_ids=(), capacity=2)
    people = [a.a_person(a.an_organisation(), birth_on=None) for _ in range(5)]

    reports = sent(a_sheet(practice), rows_of(*people), store=True)

    assert codes(reports) == ["accepted"] * 4 + ["sitting_full"]
    made = {one.candidate_id: one for one in every(practice)}
    awaits = [made[person.id].enrolment.awaits for person in people[:4]]
    assert awaits == [Awaited.SEAT, Awaited.SEAT, Awaited.STAND_BY, Awaited.STAND_BY]


def test_a_batch_takes_as_many_statements_as_a_row(hall, count_statements):
    sitting = some.a_sitting(hall, mode=Mode.ROOM, stand_by_limit=100)
    sheet = a_sheet(sitting)
    batches = [rows_of(some.a_candidate()), rows_of(*(some.a_candidate() for _ in range(40)))]
    taken = []
    for rows in batches:
        db.session.expunge_all()
        with count_statements() as looking:
            looked = enrolment_sheets.look(rows, sheet, at=THEN)
        db.session.expunge_all()
        with count_statements() as entering:
            reports = enrolment_sheets.enter(looked, sheet, store=True, at=THEN)
        assert set(codes(reports)) == {"accepted"}
        taken.append((len(looking), len(entering)))

    assert taken[0] == taken[1] <= (MOST_LOOKING, MOST_ENTERING)
