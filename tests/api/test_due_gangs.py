"""From the due list into a class in one action; what is booked, and booked no more."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient

from certificates import reminding
from certificates.validity import Turn
from server import clock
from server.db import db
from server.organisations.drafts import OrganisationKind
from server.people.models import Person
from server.people.roster import PostRole
from server.policy import Role
from server.training.kinds import TrainingType
from server.training.models import TrainingClass
from tests.api.conftest import Headers
from tests.conftest import SigningIn
from tests.factories.certificates import a_certificate, an_issuer, befallen
from tests.factories.lives import an_induction
from tests.factories.organisations import an_organisation
from tests.factories.people import a_person, a_post
from tests.factories.regions import a_county
from tests.factories.training import a_centre, a_class, a_learner, a_programme
from tests.moments import Clock

Writing = Callable[[], AbstractContextManager[None]]
#: Days until the certificates of four welders end, Order 19 being in force.
ENDS = {"甲": -3, "乙": 5, "丙": 40, "丁": 80}


@pytest.fixture
def gang(writing: Writing) -> dict[str, UUID]:
    """Store four electricians whose certificates end one after the other, and three classes."""
    with writing():
        county = a_county()
        works = an_organisation(name="某电厂", region=county)
        an_organisation(name="某县应急局", region=county, kind=OrganisationKind.AUTHORITY)
        issuer, made = an_issuer(county), {"works": works.id}
        for name, left in ENDS.items():
            worker = a_person(works, name=name)
            a_post(worker, works, role=PostRole.SPECIAL_OPERATIONS_WORKER, items=("1.2",))
            an_induction(worker, works)
            ends_on = clock.today() + timedelta(days=left)
            begins = ends_on.replace(year=ends_on.year - 6) + timedelta(days=1)
            befallen(
                a_certificate(worker, issuer, valid_from=begins), Turn.REVIEWED, date(2023, 6, 1)
            )
            made[name] = worker.id
        centre = a_centre()
        renewal = a_programme(
            centre,
            name="低压电工换证",
            type=TrainingType.RENEWAL,
            role=PostRole.SPECIAL_OPERATIONS_WORKER,
            item="1.2",
        )
        for name, programme, capacity in (
            ("class", renewal, 2),
            ("roomy", renewal, 30),
            ("principals", a_programme(centre), 30),
        ):
            made[name] = a_class(centre, programme, capacity=capacity, ends_on=date(2026, 6, 30)).id
        return made


@pytest.fixture
def officer(gang: dict[str, UUID], a_signed_in: SigningIn) -> Headers:
    role = Role.ENTERPRISE_SAFETY_OFFICER
    return a_signed_in(role, organisation_id=gang["works"]).headers


@pytest.fixture
def enlist(client: FlaskClient, gang: dict[str, UUID], officer: Headers) -> Callable[..., Any]:
    def ask(which: str, **said: Any) -> list[tuple[str, str | None]]:
        names = {str(one): name for name, one in gang.items()}
        url = f"/v1/training-classes/{gang[which]}/due-gangs"
        reply = client.put(url, json=said, headers=officer)
        assert reply.status_code == 200, reply.get_json()
        return [(names[one["person_id"]], one["refusal"]) for one in reply.get_json()["items"]]

    return ask


def booked(client: FlaskClient, gang: dict[str, UUID], officer: Headers) -> dict[str, bool]:
    items = client.get("/v1/dues?kind=certificate", headers=officer).get_json()["items"]
    return {one["name"]: one["booked"] for one in items}


def test_the_most_urgent_of_the_due_list_get_the_places_and_again_nobody_gets_two(
    client: FlaskClient,
    gang: dict[str, UUID],
    officer: Headers,
    enlist: Callable[..., Any],
) -> None:
    assert booked(client, gang, officer) == dict.fromkeys(ENDS, False)

    for _ in range(2):
        assert enlist("class", kind="certificate", within=60) == [
            ("甲", None),
            ("乙", None),
            ("丙", "class_full"),
        ]
    assert booked(client, gang, officer) == {"甲": True, "乙": True, "丙": False, "丁": False}
    # Those who booked elsewhere are left in peace, unless they are chosen.
    assert enlist("roomy", within=60) == [("丙", None)]
    assert enlist("roomy", person_ids=[str(gang["甲"]), str(gang["丁"])]) == [
        ("甲", None),
        ("丁", None),
    ]


def test_a_class_for_something_else_takes_nobody_from_the_list_and_ends_no_reminder(
    client: FlaskClient,
    gang: dict[str, UUID],
    officer: Headers,
    enlist: Callable[..., Any],
    writing: Writing,
) -> None:
    assert enlist("principals") == []
    assert enlist("principals", person_ids=[str(gang["甲"])]) == [("甲", "nothing_due")]

    with writing():
        of = db.session.get_one(TrainingClass, gang["principals"])
        a_learner(of, db.session.get_one(Person, gang["甲"]))
    assert booked(client, gang, officer)["甲"] is False


def test_reminders_stop_once_a_class_is_booked_and_begin_again_when_it_is_not(
    app: Flask,
    client: FlaskClient,
    gang: dict[str, UUID],
    enlist: Callable[..., Any],
    a_signed_in: SigningIn,
    the_clock: Clock,
) -> None:
    def run() -> int:
        with app.app_context():
            return reminding.remind(clock.now())

    # Worker, employer and bureau, of each of the three who are not booked.
    enlist("roomy", person_ids=[str(gang["乙"])])
    assert run() == 9
    officer = a_signed_in(Role.ENTERPRISE_SAFETY_OFFICER, organisation_id=gang["works"]).headers
    place = f"/v1/training-classes/{gang['roomy']}/learners/{gang['乙']}"
    left = client.put(f"{place}/withdrawal", json={"reason": "临时出差"}, headers=officer)
    assert left.status_code == 200, left.get_json()
    the_clock.move(timedelta(days=1))
    assert run() == 3
    own = a_signed_in(person_id=gang["乙"]).headers
    told = client.get("/v1/me/messages", headers=own).get_json()["items"]
    assert sorted(each["kind"] for each in told) == [
        "certificate_due",
        "certificate_issued",
        "certificate_reviewed",
    ]


def test_who_does_not_see_the_class_or_the_people_enlists_nobody(
    client: FlaskClient, gang: dict[str, UUID], a_signed_in: SigningIn, writing: Writing
) -> None:
    with writing():
        elsewhere = an_organisation(name="他厂").id
    other = a_signed_in(Role.ENTERPRISE_SAFETY_OFFICER, organisation_id=elsewhere).headers
    url = f"/v1/training-classes/{gang['roomy']}/due-gangs"

    assert client.put(url, json={}, headers=other).get_json()["items"] == []
    chosen = {"person_ids": [str(gang["甲"])]}
    (one,) = client.put(url, json=chosen, headers=other).get_json()["items"]
    assert one["refusal"] == "nothing_due"
    there = {"organisation_id": str(gang["works"])}
    assert client.put(url, json=there, headers=other).status_code == 404
    worker = a_signed_in(person_id=gang["甲"]).headers
    assert client.put(url, json={}, headers=worker).status_code == 403
