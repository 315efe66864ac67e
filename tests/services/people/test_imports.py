"""Rosters: each row by itself, tried or entered."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID, uuid4

import pytest
from flask import Flask
from sqlalchemy import func, select

from server.audit import services as audit
from server.audit.models import AuditEntry
from server.db import db
from server.errors import NotFound
from server.organisations.models import Organisation
from server.people.documents import DocumentType
from server.people.models import Person, Post
from server.people.roster import PostRole
from server.people.services import imports, numbers, posts
from server.policy import Identity, Role
from server.sheets import entering
from server.sheets.entering import Outcome, Report
from tests.factories.organisations import a_department, an_organisation
from tests.factories.people import TODAY, a_number, a_person, a_post, beneath, who
from tests.factories.workbooks import a_row, a_workbook
from tests.moments import NOON

ADMIN = who(Role.ADMINISTRATOR)
CARD = DocumentType.RESIDENT_IDENTITY_CARD


def enter(
    place: Organisation,
    *rows: Any,
    store: bool = True,
    import_id: UUID | None = None,
    by: Identity = ADMIN,
) -> Report:
    import_id = import_id or uuid4()
    reports = [
        report
        for batch in imports.read(a_workbook(*rows), on=TODAY)
        for report in imports.enter(import_id, place.id, batch, store=store, by=by, at=NOON)
    ]
    return entering.summed_up(reports, stored=store)


def codes(report: Report) -> list[list[str]]:
    return [[complaint.code for complaint in row.complaints] for row in report.rows]


def count(table: type[Any]) -> int:
    return db.session.execute(select(func.count()).select_from(table)).scalar_one()


def test_good_rows_are_entered_and_bad_ones_answered(inside: Flask) -> None:
    place, good = an_organisation(), a_number()
    wrong = good[:-1] + ("0" if good[-1] != "0" else "1")

    report = enter(place, a_row(good), a_row(wrong), a_row(1.2e17))

    assert (report.stored, report.accepted_count, report.refused_count) == (True, 1, 2)
    assert codes(report) == [[], ["check_digit_wrong"], ["cell_wrong"]]
    person = numbers.find(CARD, good)
    assert person is not None
    assert report.rows[0].person_id == person.id
    assert [post.role for post in posts.held(person.id, on=TODAY)] == [PostRole.EMPLOYEE]


def test_a_trial_reports_the_same_and_leaves_nothing_behind(inside: Flask) -> None:
    place, number = an_organisation(), a_number()
    rows = [a_row(number), a_row("123")]

    report = enter(place, *rows, store=False)

    assert (report.stored, report.accepted_count, report.refused_count) == (False, 1, 1)
    assert report.rows[0].person_id is None
    assert (count(Person), count(Post)) == (0, 0)
    audit.settle()
    assert count(AuditEntry) == 0
    assert codes(enter(place, *rows)) == codes(report)


def test_the_same_roster_again_enters_nobody_twice(inside: Flask) -> None:
    place, import_id, number = an_organisation(), uuid4(), a_number()
    row = a_row(number, 上岗日期=date(2026, 1, 1))

    first = enter(place, row, import_id=import_id)
    again = enter(place, row, import_id=import_id)
    sent_anew = enter(place, row)

    assert (count(Person), count(Post)) == (1, 1)
    for report in (again, sent_anew):
        assert report.rows[0].outcome is Outcome.ACCEPTED
        assert report.rows[0].known
        assert report.rows[0].person_id == first.rows[0].person_id


def test_somebody_registered_elsewhere_is_recognised_by_number_and_name(inside: Flask) -> None:
    place, number = an_organisation(), a_number()
    known = a_person(name="王芳", number=number)
    by = who(Role.ENTERPRISE_SAFETY_OFFICER, scope=beneath(place))

    other_name = enter(place, a_row(number, 姓名="王方"), by=by)
    report = enter(place, a_row(number, 姓名="王 芳"), by=by)

    assert codes(other_name) == [["name_differs"]]
    assert (report.rows[0].person_id, report.rows[0].known) == (known.id, True)
    assert [post.organisation_id for post in posts.of(known.id)] == [place.id]


def test_a_row_names_its_department(inside: Flask) -> None:
    place = an_organisation()
    workshop = a_department(place, name="电修车间")
    for parent in (place, workshop):
        a_department(parent, name="班组")
    a_department(an_organisation(), name="别家车间")
    number = a_number()

    report = enter(
        place,
        a_row(number, 部门="电修车间"),
        a_row(a_number(), 部门="班组"),
        a_row(a_number(), 部门="别家车间"),
    )

    assert codes(report) == [[], ["department_unknown"], ["department_unknown"]]
    person = numbers.find(CARD, number)
    assert person is not None
    assert [post.organisation_id for post in posts.of(person.id)] == [workshop.id]
    assert person.registered_under_id == place.id


def test_a_document_that_stands_twice_is_refused_twice(inside: Flask) -> None:
    place, number = an_organisation(), a_number()

    report = enter(place, a_row(number), a_row(f" {number} "), a_row(number, 岗位="主要负责人"))

    assert codes(report) == [["document_twice"], ["document_twice"], []]


def test_a_row_without_a_role_enters_the_person_only(inside: Flask) -> None:
    place = an_organisation()

    assert enter(place, a_row(a_number(), 岗位="")).accepted_count == 1
    assert (count(Person), count(Post)) == (1, 0)


def test_a_row_whose_post_is_refused_leaves_no_person_behind(inside: Flask) -> None:
    place = an_organisation()

    report = enter(place, a_row(a_number(), 岗位="特种作业人员"), a_row(a_number()))

    assert codes(report) == [["items_unfit"], []]
    assert count(Person) == 1


def test_a_post_that_overlaps_is_answered_by_the_rule(inside: Flask) -> None:
    place, number = an_organisation(), a_number()
    a_post(a_person(place, name="李娜", number=number), place)

    assert codes(enter(place, a_row(number))) == [["post_overlaps"]]


def test_staff_who_may_not_enter_posts_may_enter_people(inside: Flask) -> None:
    place = an_organisation()
    by = who(Role.PROVIDER_STAFF, scope=beneath(place))

    report = enter(place, a_row(a_number(), 岗位=""), a_row(a_number()), by=by)

    assert codes(report) == [[], ["not_found"]]


def test_a_roster_for_an_organisation_outside_the_scope_is_refused(inside: Flask) -> None:
    by = who(Role.ADMINISTRATOR, scope=beneath(an_organisation()))

    with pytest.raises(NotFound):
        enter(an_organisation(), a_row(a_number()), by=by)


def test_no_complaint_repeats_a_number(inside: Flask) -> None:
    place, number = an_organisation(), a_number()
    wrong = number[:-1] + ("0" if number[-1] != "0" else "1")

    report = enter(place, a_row(wrong), a_row(number), a_row(number), a_row(float(number[:17])))

    assert number[:14] not in repr(report)


def test_newcomers_come_together_beside_those_who_are_answered_one_by_one(
    inside: Flask,
) -> None:
    place, import_id = an_organisation(), uuid4()
    known, twice, good = a_number(), a_number(), a_number()
    wrong = good[:-1] + ("0" if good[-1] != "0" else "1")
    a_person(place, name="李娜", number=known)
    rows = [
        a_row(known),
        a_row(twice),
        a_row(twice, 岗位="主要负责人"),
        a_row(wrong),
        a_row(a_number(), 岗位="特种作业人员"),
        a_row(a_number(), 手机号=a_number()),
        a_row(good),
    ]

    report = enter(place, *rows, import_id=import_id)
    again = enter(place, *rows, import_id=import_id)

    refused = [[], [], [], ["check_digit_wrong"], ["items_unfit"], ["number_not_masked"], []]
    assert codes(report) == codes(again) == refused
    assert [row.known for row in report.rows] == [True, False, True, False, False, False, False]
    assert [row.person_id for row in again.rows] == [row.person_id for row in report.rows]
    assert (count(Person), count(Post)) == (3, 4)
    audit.settle()
    told = db.session.scalars(select(AuditEntry.action).order_by(AuditEntry.sequence)).all()
    assert sorted(told) == ["person_registered"] * 2 + ["post_assigned"] * 4


def test_entering_newcomers_costs_two_statements_each_at_most(
    inside: Flask, count_statements: Any
) -> None:
    place = an_organisation()
    enter(place, a_row(a_number()))
    few, many = ([a_row(a_number()) for _ in range(count)] for count in (10, 40))

    with count_statements() as of_few:
        enter(place, *few)
    with count_statements() as of_many:
        enter(place, *many)

    assert (len(of_many) - len(of_few)) / 30 <= 2
