"""The ledger: added to, corrected, never changed; and the file made of it."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any
from uuid import UUID, uuid4

import pytest
from flask import Flask
from sqlalchemy import delete, update

from server.audit.errors import NumberNotMasked
from server.db import db
from server.errors import IdTaken, NotFound
from server.organisations.drafts import OrganisationKind
from server.organisations.models import Organisation
from server.people.models import Person
from server.policy import Identity, Role
from server.records import services as records
from server.records.entries import RecordKind, Training, TrainingPurpose
from server.records.errors import AlreadyCorrected, LedgerIsAppendOnly, TrainingNotFinished
from server.records.models import Record
from server.records.services import files, training
from server.scopes import EVERYWHERE, Scope
from tests.factories.organisations import an_organisation
from tests.factories.people import TODAY, a_number, a_person, a_post, beneath, who
from tests.moments import NOON

K = RecordKind
ELECTRICIAN = "special_operations_worker"


def a_provider() -> Organisation:
    return an_organisation(kind=OrganisationKind.PROVIDER, name="某培训中心")


def staff_of(provider: Organisation, *people: Person) -> Identity:
    places = [db.session.get_one(Organisation, one.registered_under_id).path for one in people]
    return who(Role.PROVIDER_STAFF, scope=Scope(organisation_paths=(provider.path, *places)))


def done(provider: Organisation, **said: Any) -> Training:
    usual: dict[str, Any] = {
        "programme": "低压电工初训",
        "purpose": TrainingPurpose.QUALIFICATION,
        "hours": Decimal("80.0"),
        "provider_id": provider.id,
        "started_on": date(2026, 5, 1),
        "finished_on": date(2026, 5, 20),
        "role": ELECTRICIAN,
        "item": "1.2",
    }
    return Training(**(usual | said))


def note(person: Person, text: str = "", *, at: datetime = NOON) -> Record:
    return records.add(
        person.id,
        K.NOTE,
        subject_id=uuid4(),
        happened_at=at,
        content={"text": text},
        source="某企业",
        at=NOON,
    )


def record(person: Person, finished: Training, by: Identity, **options: Any) -> Record:
    record_id = options.pop("record_id", None) or uuid4()
    return training.record(person.id, record_id, finished, by=by, at=NOON, on=TODAY, **options)


def correct(wrong: Record, by: Identity, right: Training | None, **options: Any) -> Record:
    said: dict[str, Any] = {"reason": "学时登记有误", "corrects_id": wrong.id}
    correction_id: UUID = options.pop("correction_id", None) or uuid4()
    return training.correct(
        wrong.person_id,
        correction_id,
        training=right,
        by=by,
        at=NOON,
        on=TODAY,
        **(said | options),
    )


def test_entries_are_read_as_they_happened(inside: Flask) -> None:
    person = a_person()
    later, earlier = note(person), note(person, at=NOON - timedelta(days=1))
    note(a_person())

    assert records.of(person.id) == [earlier, later]
    assert records.of(person.id, K.EXAM) == []
    assert records.get(later.id, person_id=person.id) is later
    with pytest.raises(NotFound):
        records.get(later.id, person_id=uuid4())


def test_an_entry_is_counted_on_the_day_of_shanghai(inside: Flask) -> None:
    late = datetime(2026, 6, 14, 17, 0, tzinfo=UTC)

    assert note(a_person(), at=late).happened_on == date(2026, 6, 15)


def test_an_entry_is_neither_changed_nor_removed(inside: Flask) -> None:
    entry = note(a_person())

    with pytest.raises(LedgerIsAppendOnly):
        db.session.execute(update(Record).values(source=""))
    with pytest.raises(LedgerIsAppendOnly):
        db.session.execute(delete(Record))
    entry.source = "另一企业"
    with pytest.raises(LedgerIsAppendOnly):
        db.session.flush()
    db.session.rollback()


def test_an_entry_is_not_deleted_through_the_session(inside: Flask) -> None:
    db.session.delete(note(a_person()))

    with pytest.raises(LedgerIsAppendOnly):
        db.session.flush()
    db.session.rollback()


def test_no_entry_holds_a_number_in_clear(inside: Flask) -> None:
    person = a_person()

    with pytest.raises(NumberNotMasked):
        note(person, f"证件 {a_number()}")
    assert records.of(person.id) == []


def test_training_counts_for_its_role_and_item(inside: Flask) -> None:
    provider, person = a_provider(), a_person()
    by = staff_of(provider, person)
    record(person, done(provider), by)
    record(person, done(provider, role=None, item=None, hours=Decimal("0.5")), by)
    record(person, done(provider, item="2.1"), by)
    record(person, done(provider, purpose=TrainingPurpose.ANNUAL), by)
    record(person, done(provider, passed=False), by)

    counted = records.trained(person.id, role=ELECTRICIAN, item="1.2")

    assert sorted(one.hours for one in counted) == [Fraction(1, 2), Fraction(80)]
    assert {one.on for one in counted} == {date(2026, 5, 20)}
    assert len(records.trained(person.id, role="principal")) == 1


def test_the_same_training_again_changes_nothing(inside: Flask) -> None:
    provider, person, record_id = a_provider(), a_person(), uuid4()
    by = staff_of(provider, person)

    first = record(person, done(provider), by, record_id=record_id)

    assert record(person, done(provider), by, record_id=record_id) is first
    with pytest.raises(IdTaken):
        record(person, done(provider, hours=Decimal("81.0")), by, record_id=record_id)
    with pytest.raises(IdTaken):
        record(a_person(), done(provider), by, record_id=record_id)


@pytest.mark.parametrize(
    "days", [(date(2026, 5, 2), date(2026, 5, 1)), (TODAY, TODAY + timedelta(days=1))]
)
def test_a_training_is_recorded_when_it_is_finished(inside: Flask, days: tuple[date, date]) -> None:
    provider, person = a_provider(), a_person()
    finished = done(provider, started_on=days[0], finished_on=days[1])

    with pytest.raises(TrainingNotFinished):
        record(person, finished, staff_of(provider, person))


def test_staff_record_for_their_own_provider_only(inside: Flask) -> None:
    provider, other, person = a_provider(), a_provider(), a_person()

    with pytest.raises(NotFound):
        record(person, done(other), staff_of(provider, person))


def test_a_learner_from_elsewhere_is_reached_by_their_number(inside: Flask) -> None:
    provider, number = a_provider(), a_number()
    person = a_person(number=number)
    by = staff_of(provider)

    with pytest.raises(NotFound):
        record(person, done(provider), by)
    assert record(person, done(provider), by, document_number=number).person_id == person.id


def test_a_correction_takes_the_place_of_what_it_corrects(inside: Flask) -> None:
    provider, person, correction_id = a_provider(), a_person(), uuid4()
    by = staff_of(provider, person)
    wrong = record(person, done(provider), by)
    right = done(provider, hours=Decimal("8.0"))

    made = correct(wrong, by, right, correction_id=correction_id)

    assert correct(wrong, by, right, correction_id=correction_id) is made
    assert records.of(person.id) == sorted([wrong, made], key=lambda one: (one.happened_at, one.id))
    assert records.standing(person.id) == [made]
    [counted] = records.trained(person.id, role=ELECTRICIAN, item="1.2")
    assert counted.hours == 8
    with pytest.raises(AlreadyCorrected):
        correct(wrong, by, right)
    with pytest.raises(IdTaken):
        correct(wrong, by, right, correction_id=correction_id, reason="另有原因")


def test_a_record_is_withdrawn_and_stays_to_be_read(inside: Flask) -> None:
    provider, person, correction_id = a_provider(), a_person(), uuid4()
    by = staff_of(provider, person)
    wrong = record(person, done(provider), by)

    made = correct(wrong, by, None, correction_id=correction_id)

    assert (made.kind, made.reason) == (K.CORRECTION, "学时登记有误")
    assert correct(wrong, by, None, correction_id=correction_id) is made
    assert records.trained(person.id, role=ELECTRICIAN, item="1.2") == []
    assert len(records.of(person.id)) == 2


def test_a_correction_is_corrected_in_turn(inside: Flask) -> None:
    provider, person = a_provider(), a_person()
    by = staff_of(provider, person)
    first = record(person, done(provider), by)

    second = correct(first, by, done(provider, hours=Decimal("8.0")))
    third = correct(second, by, done(provider, hours=Decimal("16.0")))

    assert records.standing(person.id) == [third]


def test_only_training_of_ones_own_provider_is_corrected(inside: Flask) -> None:
    provider, other, person = a_provider(), a_provider(), a_person()
    wrong = record(person, done(provider), staff_of(provider, person))

    with pytest.raises(NotFound):
        correct(wrong, staff_of(other, person), None)
    with pytest.raises(NotFound):
        correct(note(person), staff_of(provider, person), None)


def test_the_file_shows_training_and_posts_on_one_line(inside: Flask) -> None:
    provider, person = a_provider(), a_person()
    by = staff_of(provider, person)
    place = an_organisation(name="某电厂")
    a_post(person, place, from_on=date(2026, 4, 1), until_on=date(2026, 6, 1))
    a_post(person, place, from_on=date(2026, 6, 2), until_on=date(2026, 6, 2))
    a_post(person, place, from_on=TODAY + timedelta(days=1))
    wrong = record(person, done(provider), by)
    right = correct(wrong, by, done(provider, finished_on=date(2026, 5, 21)))

    file = files.read(person.id, at=NOON, on=TODAY)

    assert file.person is person
    assert [(line.kind, line.happened_on) for line in file.lines] == [
        (K.POST, "2026-04-01"),
        (K.TRAINING, "2026-05-20"),
        (K.TRAINING, "2026-05-21"),
        (K.POST, "2026-06-01"),
    ]
    began, corrected, correction, ended = file.lines
    assert (began.content["what"], ended.content["what"]) == ("began", "ended")
    assert (began.source, corrected.source) == ("某电厂", "某培训中心")
    assert (corrected.counts, corrected.corrected_by_id) == (False, str(right.id))
    assert (correction.counts, correction.corrects_id) == (True, str(wrong.id))


def test_a_file_outside_the_scope_is_not_there(inside: Flask) -> None:
    person = a_person()

    with pytest.raises(NotFound):
        files.read(person.id, scope=beneath(an_organisation()), at=NOON, on=TODAY)
    assert files.read(person.id, scope=EVERYWHERE, at=NOON, on=TODAY).lines == []
