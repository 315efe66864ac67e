"""Two entries become one file and two again, and nothing is lost."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random
from typing import Any
from uuid import UUID, uuid4

import pytest
from flask import Flask
from sqlalchemy import select

from certificates.services import finding
from exams.errors import SittingNow
from exams.models import Attempt, Enrolment
from exams.services import bars
from question_bank.models.learning import PracticeDay
from server.auth.models import Account
from server.db import Base, db
from server.errors import NotFound
from server.people.errors import MergeCovered, MergedAlready, MergeUndone, OwnEntry
from server.people.models import Person, PersonMerge
from server.people.services import doubles, merging, people, references
from server.policy import Permission, Role
from server.records import services as records
from server.records.entries import RecordKind
from tests.factories.accounts import an_account
from tests.factories.certificates import a_certificate, an_issuer
from tests.factories.exams import an_attempt, an_enrolment, an_exam
from tests.factories.lives import a_line
from tests.factories.people import a_person, a_post, who
from tests.factories.tables import everything
from tests.moments import NOON

BUREAU = who(Role.ISSUER, Role.ADMINISTRATOR)


def merged(kept: UUID, gone: UUID, **said: Any) -> PersonMerge:
    usual: dict[str, Any] = {
        "merge_id": uuid4(),
        "reason": "同一人重复登记",
        "by": BUREAU,
        "at": NOON,
    }
    return merging.merge(kept_id=kept, merged_id=gone, **(usual | said))


def undone(merge: PersonMerge) -> PersonMerge:
    return merging.undo(merge.id, reason="核实为两人", by=BUREAU, at=NOON)


def live(person: Person, dice: Random) -> None:
    """Let somebody have a life: posts, lines, a bar, days of practice, an account."""
    for number in range(dice.randint(1, 4)):
        a_post(person, from_on=date(2015 + number, 1, 1), until_on=date(2015 + number, 9, 1))
        a_line(person, dice.choice(list(RecordKind)), on=date(2015 + number, 2, 1))
        day = date(2026, 1, 1) + timedelta(days=dice.randint(0, 3))
        if db.session.get(PracticeDay, (person.id, day)) is None:
            db.session.add(PracticeDay(learner_id=person.id, day=day))
    if dice.random() < 0.7:
        db.session.add(an_account(person.id, NOON))
    db.session.flush()


@pytest.mark.parametrize("seed", range(6))
def test_merging_and_undoing_loses_nothing(inside: Flask, seed: int) -> None:
    dice = Random(seed)
    kept, gone = a_person(), a_person(name="张 伟")
    for each in (kept, gone):
        live(each, dice)
    a_certificate(dice.choice([kept, gone]), an_issuer())
    scene = an_exam()
    for each in (kept, gone):
        if dice.random() < 0.7:
            an_enrolment(scene, each)
    before = everything()
    kept_id, gone_id = kept.id, gone.id

    merge = merged(kept_id, gone_id)
    assert everything() != before
    undone(merge)

    assert everything() == before
    assert merge.moved_count > 0


def test_while_merged_all_history_stands_under_one_and_both_ids_answer(inside: Flask) -> None:
    kept, gone = a_person(), a_person(name="张玮")
    a_post(gone)
    a_line(gone, RecordKind.NOTE)
    certificate = a_certificate(gone, an_issuer())
    ids = kept.id, gone.id

    merged(*ids)

    assert [people.get(each).id for each in ids] == [kept.id] * 2
    assert {line.person_id for line in records.of(kept.id)} == {kept.id}
    assert [one.id for one in finding.of(kept.id)] == [certificate.id]
    assert records.of(gone.id) == []
    every = people.listed(BUREAU.scope(Permission.SEE_PEOPLE)).items
    assert gone.id not in [person.id for person in every]


def test_what_only_one_may_have_stays_and_is_counted(inside: Flask) -> None:
    scene = an_exam()
    kept, gone = a_person(), a_person()
    for each in (kept, gone):
        an_enrolment(scene, each)

    merge = merged(kept.id, gone.id)

    assert merge.stayed_count == 1
    of_gone = select(Enrolment.id).where(Enrolment.candidate_id == merge.merged_id)
    assert len(db.session.execute(of_gone).all()) == 1


def test_what_is_written_under_the_old_id_follows_and_goes_back(inside: Flask) -> None:
    kept, gone = a_person(), a_person()
    ids = kept.id, gone.id
    merge = merged(*ids)
    db.session.refresh(gone)
    a_line(gone, RecordKind.NOTE)

    assert merging.gather() == 1
    assert len(records.of(ids[0])) == 1
    undone(merge)
    assert len(records.of(ids[1])) == 1


def test_a_merge_is_refused_where_it_cannot_be(inside: Flask) -> None:
    one, other, third = (a_person() for _ in range(3))
    own = who(Role.ADMINISTRATOR)
    own = own.__class__(account_id=own.account_id, person_id=one.id, grants=own.grants)

    with pytest.raises(MergedAlready):
        merged(one.id, one.id)
    with pytest.raises(OwnEntry):
        merged(one.id, other.id, by=own)
    with pytest.raises(NotFound):
        merged(one.id, uuid4())
    first = merged(one.id, other.id)
    assert merged(one.id, other.id, merge_id=first.id) is first
    with pytest.raises(MergedAlready):
        merged(third.id, other.id)
    merged(third.id, one.id)
    with pytest.raises(MergeCovered):
        undone(first)
    assert people.get(other.id).id == third.id


def test_an_undone_merge_is_not_repeated_under_its_id(inside: Flask) -> None:
    one, other = a_person(), a_person()
    first = merged(one.id, other.id)
    undone(first)

    assert undone(first) is first
    with pytest.raises(MergeUndone):
        merged(one.id, other.id, merge_id=first.id)
    assert merged(one.id, other.id).undone_at is None


def test_nobody_is_merged_in_the_midst_of_an_exam(inside: Flask) -> None:
    attempt: Attempt = an_attempt(an_exam())

    with pytest.raises(SittingNow):
        merged(a_person().id, attempt.candidate_id)


def test_a_bar_of_either_holds_for_both(inside: Flask) -> None:
    scene = an_exam()
    kept, gone = a_person(), a_person()
    bars.impose(
        uuid4(),
        person_id=gone.id,
        qualification_id=None,
        from_on=NOON.date(),
        until_on=None,
        reason="终身否决",
        by=BUREAU,
        at=NOON,
    )

    merged(kept.id, gone.id)

    assert bars.stands(kept.id, scene.exam.qualification_id, on=NOON.date())


def test_every_column_that_names_a_person_is_moved_or_stays_for_a_reason() -> None:
    moved = {reference.place for reference in references.references()}
    naming = {
        f"{table.name}.{column.name}"
        for table in Base.metadata.sorted_tables
        for column in table.columns
        if column.name in ("person_id", "candidate_id", "learner_id", "holder_id", "author_id")
        and all(key.target_fullname == "person.id" for key in column.foreign_keys)
    }

    assert naming <= moved | references.STAYS
    assert references.STAYS.isdisjoint(moved)
    assert {"record.person_id", "post.person_id", "certificate.person_id"} <= moved


def test_doubles_are_found_with_reasons_and_ruled_upon(inside: Flask) -> None:
    one = a_person(name="王芳")
    other = a_person(name="王芳")
    stranger = a_person(name="王芳")
    for each, born in ((one, 7), (other, 7), (stranger, 9)):
        each.birth_on = date(1985, 3, born)
    db.session.flush()

    assert doubles.look(limit=50, at=NOON) >= 3
    (pair,) = doubles.listed(BUREAU.scope(Permission.MERGE_PEOPLE)).items
    assert {pair.first_id, pair.second_id} == {one.id, other.id}
    assert pair.reasons == ["same_name_and_birth"]

    doubles.clear(pair.id, by=BUREAU, at=NOON)
    one.compared_at = None
    doubles.look(limit=50, at=NOON)
    assert doubles.listed(BUREAU.scope(Permission.MERGE_PEOPLE)).items == []


def testan_account_of_a_merged_entry_stays_where_the_kept_one_has_its_own(inside: Flask) -> None:
    kept, gone = a_person(), a_person()
    for each in (kept, gone):
        db.session.add(an_account(each.id, NOON))
    db.session.flush()
    gone_id = gone.id

    merge = merged(kept.id, gone.id)

    assert merge.stayed_count == 1
    owned = select(Account.id).where(Account.person_id == gone_id)
    assert len(db.session.execute(owned).all()) == 1
