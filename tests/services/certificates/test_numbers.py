"""Ranges without gaps: in order, after an undone transaction, and under many at once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select, update

from certificates import numbering, scattering
from certificates.errors import RangeExhausted
from certificates.models import Certificate, Issuer, NumberRange, StatusBlock
from certificates.services import numbers
from server.db import db, transaction
from server.people.models import Person
from tests.factories.certificates import a_certificate, an_issuer, qualification
from tests.factories.rosters import a_person


def _numbers() -> list[str]:
    return list(db.session.execute(select(Certificate.number)).scalars())


def test_places_follow_one_another_by_kind_and_year(inside):
    issuer = an_issuer()

    taken = [
        str(numbers.take(issuer, year=year, letters=letters)[1])[:-1]
        for year, letters in [(2026, "SO"), (2026, "SO"), (2026, "PR"), (2027, "SO")]
    ]

    assert taken == [
        "371300-2026SO000001",
        "371300-2026SO000002",
        "371300-2026PR000001",
        "371300-2027SO000001",
    ]


def test_an_undone_issue_gives_its_number_back(app, writing):
    with writing():
        issuer_id = an_issuer().id

    def break_off() -> None:
        with app.app_context(), transaction():
            a_certificate(issuer=db.session.get_one(Issuer, issuer_id))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        break_off()
    with app.app_context(), transaction():
        made = a_certificate(issuer=db.session.get_one(Issuer, issuer_id))

    assert made.place == 1


def test_a_range_that_is_used_up_refuses(inside):
    issuer = an_issuer()
    found, _ = numbers.take(issuer, year=2026, letters="SO")
    found.last_place = numbering.LAST_PLACE
    db.session.flush()

    with pytest.raises(RangeExhausted):
        numbers.take(issuer, year=2026, letters="SO")


def test_a_certificate_that_vanished_leaves_a_gap_that_is_found(inside):
    issuer = an_issuer()
    made = [a_certificate(issuer=issuer) for _ in range(3)]
    range_id = made[0].range_id
    assert numbers.gaps(range_id) == []

    db.session.execute(update(NumberRange).where(NumberRange.id == range_id).values(last_place=5))
    db.session.expire_all()

    assert numbers.gaps(range_id) == [4, 5]


def test_many_at_once_leave_no_gap_and_no_number_twice(app, writing):
    with writing():
        issuer_id = an_issuer().id
        people = [a_person().id for _ in range(24)]
        qualification()

    with ThreadPoolExecutor(6) as crowd:
        list(crowd.map(lambda person_id: _issue(app, issuer_id, person_id), people))

    with app.app_context():
        places = sorted(_place(text) for text in _numbers())
    assert places == list(range(1, 25))


def _place(text: str) -> int:
    number = numbering.parse(text)
    assert number is not None
    return number.place


def _issue(app: Flask, issuer_id: UUID, person_id: UUID) -> None:
    with app.app_context(), transaction():
        person = db.session.get_one(Person, person_id)
        a_certificate(person, db.session.get_one(Issuer, issuer_id))


def test_two_who_open_a_range_at_once_share_it(inside):
    issuer = an_issuer()

    first = numbers._opened(issuer.id, 2026, "SO")
    second = numbers._opened(issuer.id, 2026, "SO")

    assert first is second


def test_places_of_the_status_list_are_never_given_twice_and_say_nothing_of_the_order(inside):
    given = [numbers.take_status_index() for _ in range(300)]

    assert len(set(given)) == 300
    assert given != sorted(given)
    assert max(given) < scattering.BLOCK


def test_a_full_block_of_the_status_list_is_followed_by_another(inside):
    numbers.take_status_index()
    db.session.execute(update(StatusBlock).values(given=scattering.BLOCK))

    assert numbers.take_status_index() >= scattering.BLOCK
