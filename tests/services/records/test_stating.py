"""Violations, health declarations and notes: stated, corrected, withdrawn, never one's own."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import uuid4

import pytest

from server.audit import services as audit
from server.audit.errors import NumberNotMasked
from server.errors import IdTaken, NotFound
from server.people.models import Person
from server.policy import Identity, Role
from server.records import services as records
from server.records.entries import RecordKind, Statement
from server.records.errors import AlreadyCorrected, OwnFile, StatementAhead
from server.records.models import Record
from server.records.services import stating
from server.scopes import Scope
from tests.factories.organisations import an_organisation
from tests.factories.people import TODAY, a_number, a_person, who
from tests.moments import NOON

pytestmark = pytest.mark.usefixtures("inside")

K = RecordKind


class _Works:
    """An enterprise, somebody who works there, and its safety officer."""

    def __init__(self) -> None:
        self.place = an_organisation(name="某电厂")
        self.worker: Person = a_person(self.place)
        self.officer: Identity = who(
            Role.ENTERPRISE_SAFETY_OFFICER, scope=Scope(organisation_paths=(self.place.path,))
        )

    def said(self, summary: str = "高处作业未系安全带", **changed: object) -> Statement:
        usual = {
            "kind": K.VIOLATION,
            "happened_on": date(2026, 6, 1),
            "organisation_id": self.place.id,
            "summary": summary,
            "consequence": "警告，重新培训",
        }
        return Statement(**(usual | changed))  # type: ignore[arg-type]  # a table of fields

    def state(self, statement: Statement, entry_id=None, *, by=None) -> Record:
        return stating.state(
            self.worker.id, entry_id or uuid4(), statement, by=by or self.officer, at=NOON, on=TODAY
        )

    def correct(self, wrong: Record, statement: Statement | None, *, correction_id=None) -> Record:
        return stating.correct(
            self.worker.id,
            correction_id or uuid4(),
            corrects_id=wrong.id,
            reason="登记有误",
            statement=statement,
            by=self.officer,
            at=NOON,
            on=TODAY,
        )


@pytest.fixture
def works() -> _Works:
    return _Works()


@pytest.mark.parametrize("kind", [K.VIOLATION, K.HEALTH, K.NOTE])
def test_what_is_stated_stands_in_the_file_with_who_says_so(works, kind):
    entry_id = uuid4()

    made = works.state(works.said(kind=kind), entry_id)
    again = works.state(works.said(kind=kind), entry_id)

    assert again is made
    assert (made.kind, made.source, made.happened_on) == (kind, "某电厂", date(2026, 6, 1))
    assert made.content["summary"] == "高处作业未系安全带"
    assert records.standing(works.worker.id, kind) == [made]
    assert audit.verify().broken is None


@pytest.mark.parametrize(
    "changed",
    [{"summary": "其他"}, {"kind": K.NOTE}, {"happened_on": date(2026, 6, 2)}],
)
def test_another_statement_under_the_same_id_is_refused(works, changed):
    entry_id = uuid4()
    works.state(works.said(), entry_id)

    with pytest.raises(IdTaken):
        works.state(works.said(**changed), entry_id)


def test_a_correction_takes_the_place_of_what_it_corrects(works):
    wrong, correction_id = works.state(works.said()), uuid4()

    right = works.correct(wrong, works.said("未戴安全帽"), correction_id=correction_id)
    again = works.correct(wrong, works.said("未戴安全帽"), correction_id=correction_id)

    assert again is right
    assert records.standing(works.worker.id, K.VIOLATION) == [right]
    assert len(records.of(works.worker.id)) == 2
    with pytest.raises(AlreadyCorrected):
        works.correct(wrong, None)
    with pytest.raises(IdTaken):
        works.correct(right, None, correction_id=correction_id)


def test_what_is_withdrawn_no_longer_stands_and_can_be_read(works):
    wrong = works.state(works.said())

    works.correct(wrong, None)

    assert records.standing(works.worker.id) == []
    assert [one.kind for one in records.of(works.worker.id)] == [K.VIOLATION, K.CORRECTION]


def test_nobody_writes_into_their_own_file(works):
    own = Identity(account_id=uuid4(), person_id=works.worker.id, grants=works.officer.grants)

    with pytest.raises(OwnFile):
        works.state(works.said(), by=own)


def test_a_day_that_has_not_come_is_refused(works):
    with pytest.raises(StatementAhead):
        works.state(works.said(happened_on=TODAY + timedelta(days=1)))


def test_an_identity_number_in_clear_is_refused(works):
    with pytest.raises(NumberNotMasked):
        works.state(works.said(f"证件 {a_number()}"))


def test_who_reaches_neither_person_nor_organisation_finds_nothing(works):
    elsewhere = an_organisation(name="别厂")
    stranger = who(
        Role.ENTERPRISE_SAFETY_OFFICER, scope=Scope(organisation_paths=(elsewhere.path,))
    )

    with pytest.raises(NotFound):
        works.state(works.said(organisation_id=elsewhere.id), by=stranger)
    with pytest.raises(NotFound):
        works.state(works.said(organisation_id=elsewhere.id))


def test_only_what_was_stated_by_hand_is_corrected_here(works):
    exam = records.add(
        works.worker.id,
        K.EXAM,
        subject_id=uuid4(),
        happened_at=NOON,
        content={},
        source="考试点",
        at=NOON,
    )

    with pytest.raises(NotFound):
        works.correct(exam, None)
