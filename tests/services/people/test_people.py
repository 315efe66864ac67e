"""People: registering, finding, seeing, and keeping their numbers closed."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from flask import Flask

from server.audit.errors import NumberNotMasked
from server.db import db
from server.errors import Invalid, NotAllowed, NotFound
from server.people import ciphers
from server.people.ciphers import DocumentCipher
from server.people.documents import DocumentType, Sex
from server.people.drafts import Education, PersonDraft
from server.people.errors import (
    CheckDigitWrong,
    DocumentDisagrees,
    DocumentTaken,
    DocumentUnreadable,
)
from server.people.models import Person
from server.people.services import numbers, people
from server.policy import Identity, Role
from server.scopes import EVERYWHERE, NOWHERE, Scope
from tests.factories.organisations import a_department, an_organisation
from tests.factories.people import TODAY, a_number, a_person, a_post, beneath, who
from tests.factories.regions import a_county
from tests.moments import NOON

ADMIN = who(Role.ADMINISTRATOR)


def draft(under_id: UUID, **said: Any) -> PersonDraft:
    usual: dict[str, Any] = {
        "name": "李娜",
        "registered_under_id": under_id,
        "document_type": DocumentType.RESIDENT_IDENTITY_CARD,
    }
    return PersonDraft(**(usual | said))


def register(drafted: PersonDraft, person_id: UUID | None = None, by: Identity = ADMIN) -> Person:
    return people.register(person_id or uuid4(), drafted, by=by, at=NOON)


def test_the_number_says_sex_and_birth_date(inside: Flask) -> None:
    number = a_number(date(1990, 3, 7), sequence=2)

    person = register(draft(an_organisation().id, document_number=number))

    assert (person.sex, person.document_masked) == (Sex.FEMALE, f"100***********{number[-4:]}")
    assert f"{person.birth_on:%Y%m%d}" == number[6:14]
    assert numbers.opened(person) == number


def test_a_passport_leaves_sex_and_birth_date_to_be_stated(inside: Flask) -> None:
    person = register(
        draft(
            an_organisation().id,
            document_type=DocumentType.PASSPORT,
            document_number="e12345678",
            sex=Sex.MALE,
            birth_on=date(1990, 1, 1),
        )
    )

    assert (person.sex, person.birth_on) == (Sex.MALE, date(1990, 1, 1))


@pytest.mark.parametrize("said", [{"sex": Sex.MALE}, {"birth_on": date(1980, 1, 1)}])
def test_what_contradicts_the_number_is_refused(inside: Flask, said: dict[str, Any]) -> None:
    number = a_number(sequence=2)

    with pytest.raises(DocumentDisagrees):
        register(draft(an_organisation().id, document_number=number, **said))


def test_a_document_is_registered_once_however_it_is_spelt(inside: Flask) -> None:
    number = a_number()
    a_person(number=number)

    with pytest.raises(DocumentTaken):
        register(draft(an_organisation().id, document_number=f" {number.lower()} "))


def test_the_same_request_again_changes_nothing(inside: Flask) -> None:
    drafted, person_id = draft(an_organisation().id, document_number=a_number()), uuid4()

    first = register(drafted, person_id)
    closed = first.document_cipher

    assert register(drafted, person_id) is first
    assert first.document_cipher == closed


def test_a_correction_without_a_number_keeps_the_number(inside: Flask) -> None:
    place, number, person_id = an_organisation(), a_number(), uuid4()
    register(draft(place.id, document_number=number), person_id)

    corrected = register(
        draft(place.id, name="李 娜娜", phone="13800000000", education=Education.COLLEGE), person_id
    )

    assert (corrected.name, corrected.phone) == ("李娜娜", "13800000000")
    assert numbers.opened(corrected) == number


def test_a_mistyped_number_is_corrected(inside: Flask) -> None:
    place, person_id, right = an_organisation(), uuid4(), a_number()
    register(draft(place.id, document_number=a_number()), person_id)

    corrected = register(draft(place.id, document_number=right), person_id)

    assert numbers.opened(corrected) == right
    assert numbers.find(DocumentType.RESIDENT_IDENTITY_CARD, right) is corrected


def test_the_kind_of_document_changes_with_its_number_only(inside: Flask) -> None:
    place, person_id = an_organisation(), uuid4()
    register(draft(place.id, document_number=a_number()), person_id)

    with pytest.raises(DocumentDisagrees):
        register(draft(place.id, document_type=DocumentType.PASSPORT), person_id)


def test_whoever_is_new_needs_a_number(inside: Flask) -> None:
    with pytest.raises(Invalid) as refused:
        register(draft(an_organisation().id))

    assert "document_number" in refused.value.errors


def test_a_wrong_number_is_refused_and_not_repeated(inside: Flask) -> None:
    number = a_number()
    wrong = number[:-1] + ("0" if number[-1] != "0" else "1")

    with pytest.raises(CheckDigitWrong) as refused:
        register(draft(an_organisation().id, document_number=wrong))

    assert wrong not in str(refused.value) + str(refused.value.facts)


@pytest.mark.parametrize("field", ["name", "phone"])
def test_a_number_hidden_in_another_field_is_refused(inside: Flask, field: str) -> None:
    with pytest.raises(NumberNotMasked):
        register(draft(an_organisation().id, document_number=a_number(), **{field: a_number()}))


def test_a_person_is_seen_where_registered_and_wherever_ever_employed(inside: Flask) -> None:
    home, work, past, elsewhere = (an_organisation() for _ in range(4))
    person = a_person(home)
    a_post(person, a_department(work))
    a_post(person, past, from_on=date(2020, 1, 1), until_on=date(2021, 1, 1))

    for place in (home, work, past):
        assert people.get(person.id, scope=beneath(place)) is person
        assert people.listed(beneath(place)).items == [person]
    assert people.get(person.id, scope=EVERYWHERE) is person
    for scope in (beneath(elsewhere), NOWHERE):
        assert people.listed(scope).items == []
        with pytest.raises(NotFound):
            people.get(person.id, scope=scope)


def test_a_person_is_seen_from_the_region_of_the_organisation(inside: Flask) -> None:
    county = a_county()
    person = a_person(an_organisation(region=county))

    assert people.get(person.id, scope=Scope(region_paths=(county.path,))) is person


def test_a_past_employer_sees_and_no_longer_changes(inside: Flask) -> None:
    home, work, past = (an_organisation() for _ in range(3))
    person = a_person(home)
    a_post(person, work)
    a_post(person, past, from_on=date(2020, 1, 1), until_on=TODAY)

    for place in (home, work):
        by = who(Role.ADMINISTRATOR, scope=beneath(place))
        register(draft(home.id, name=f"李{place.id.hex[:2]}"), person.id, by=by)
    by = who(Role.ADMINISTRATOR, scope=beneath(past))
    with pytest.raises(NotAllowed):
        register(draft(home.id), person.id, by=by)


def test_nobody_is_registered_under_an_organisation_outside_the_scope(inside: Flask) -> None:
    here, there = an_organisation(), an_organisation()
    by = who(Role.ADMINISTRATOR, scope=beneath(here))

    with pytest.raises(NotFound):
        register(draft(there.id, document_number=a_number()), by=by)
    with pytest.raises(NotFound):
        register(draft(there.id), a_person(there).id, by=by)


def test_a_list_is_narrowed_by_name_and_place(inside: Flask) -> None:
    home, work = an_organisation(), an_organisation()
    person, other = a_person(home, name="王%芳"), a_person(home, name="王芳")
    a_post(person, work)

    assert people.listed(EVERYWHERE, name="王%").items == [person]
    assert people.listed(EVERYWHERE, organisation_id=work.id).items == [person]
    assert people.under(home.id) == [person, other]
    assert people.of([person.id, uuid4()]) == {person.id: person}


def test_a_search_by_number_finds_within_the_scope_and_beyond_it_by_name(inside: Flask) -> None:
    home, number = an_organisation(), a_number()
    person = a_person(home, name="王芳", number=number)
    kind = DocumentType.RESIDENT_IDENTITY_CARD

    assert people.search(kind, number, name=None, scope=beneath(home)) == [person]
    assert people.search(kind, number, name="王 芳", scope=NOWHERE) == [person]
    assert people.search(kind, number, name="王方", scope=NOWHERE) == []
    assert people.search(kind, number, name=None, scope=NOWHERE) == []
    assert people.search(kind, a_number(), name="王芳", scope=EVERYWHERE) == []


def test_who_knows_the_number_reaches_the_person(inside: Flask) -> None:
    number = a_number()
    person = a_person(number=number)

    assert people.get_proven(person.id, number, scope=NOWHERE) is person
    for wrong in (None, a_number()):
        with pytest.raises(NotFound):
            people.get_proven(person.id, wrong, scope=NOWHERE)


def test_a_number_with_an_unknown_division_is_warned_about(inside: Flask) -> None:
    assert people.document_warnings(a_person(), on=TODAY)


def test_a_number_copied_to_another_row_does_not_open(inside: Flask) -> None:
    person, other = a_person(), a_person()
    person.document_cipher = other.document_cipher

    with pytest.raises(DocumentUnreadable):
        numbers.opened(person)


def test_exchanged_keys_close_every_number_anew(
    inside: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = a_number()
    person = a_person(number=number)
    for _ in range(2):
        a_person()
    config = inside.extensions["config"]
    exchanged = DocumentCipher(
        bytes([7]) * 32, index_key=bytes([8]) * 32, retired=[config.encryption_key]
    )
    monkeypatch.setitem(inside.extensions, "document_cipher", exchanged)
    kind = DocumentType.RESIDENT_IDENTITY_CARD

    assert numbers.find(kind, number) is None
    assert [numbers.rekey(limit=2) for _ in range(3)] == [2, 1, 0]

    monkeypatch.setitem(
        inside.extensions,
        "document_cipher",
        DocumentCipher(bytes([7]) * 32, index_key=bytes([8]) * 32),
    )
    db.session.expire_all()
    assert ciphers.current().key_id == person.document_key_id
    assert numbers.find(kind, number) is person
    assert numbers.opened(person) == number


def test_pages_of_people_join_without_gap(inside: Flask) -> None:
    home = an_organisation()
    everybody = {a_person(home, name=name).id for name in ("甲", "甲", "甲", "乙", "丙")}
    found: list[UUID] = []
    cursor = None
    while True:
        page = people.listed(beneath(home), cursor=cursor, limit=2)
        found += [one.id for one in page.items]
        cursor = page.next_cursor
        if cursor is None:
            break

    assert len(found) == 5
    assert set(found) == everybody


def test_the_list_of_people_costs_one_statement(inside: Flask, count_statements: Any) -> None:
    home = an_organisation()
    for _ in range(5):
        a_post(a_person(home), home, from_on=TODAY - timedelta(days=5))

    with count_statements() as sent:
        people.listed(beneath(home))

    assert len(sent) == 1
