"""A city's and a county's bureau with leaders and an officer, and what they do over HTTP."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID, uuid4

from flask.testing import FlaskClient

from certificates.competence.commands import load_reference
from certificates.models import Issuer
from server import clock
from server.config import Config
from server.db import db
from server.organisations.drafts import OrganisationKind
from server.people.models import Person
from server.people.roster import PostRole
from server.policy import Role
from tests.factories.accounts import SignedIn, sign_in, sign_in_on
from tests.factories.certificates import a_certificate, a_training, an_issuer
from tests.factories.organisations import an_organisation
from tests.factories.people import a_person, a_post
from tests.factories.phones import PHONE

Writing = Callable[[], AbstractContextManager[None]]

#: Marks of an officer who does well what a junior must.
WELL = {"inspection": 3, "case_handling": 3, "integrity": 4}

HIRED = date(2025, 7, 1)


@dataclass(kw_only=True)
class Bureau:
    """Who is there, and how they ask."""

    client: FlaskClient
    writing: Writing
    config: Config
    city_id: UUID
    county_id: UUID
    issuer_id: UUID
    officer_id: UUID
    post_id: UUID
    people: dict[str, SignedIn] = field(default_factory=dict)

    def ask(self, who: str, verb: str, address: str, **body: Any) -> Any:
        """Return the response to somebody; they sign in anew, whatever the clock says."""
        with self.writing():
            known = sign_in_on(PHONE, self.people[who], config=self.config, at=clock.now())
        json = {"json": body} if verb == "put" else {"query_string": body}
        return getattr(self.client, verb)(f"/v1{address}", headers=known.headers, **json)

    def good(self, who: str, verb: str, address: str, **body: Any) -> Any:
        """Return what somebody is told, who is not refused."""
        response = self.ask(who, verb, address, **body)
        assert response.status_code == 200, response.text
        return response.json

    def refused(self, who: str, verb: str, address: str, **body: Any) -> str:
        """Return the code with which somebody is refused."""
        code: str = self.ask(who, verb, address, **body).json["code"]
        return code

    def a_cycle(self, *, from_on: str, until_on: str, who: str = "leader") -> UUID:
        """Plan a cycle of the county's officers."""
        cycle_id = uuid4()
        body = {
            "organisation_id": str(self.county_id),
            "framework": "enforcement_officer",
            "title": "执法人员岗位能力评价",
            "from_on": from_on,
            "until_on": until_on,
        }
        self.good(who, "put", f"/competence-cycles/{cycle_id}", **body)
        return cycle_id

    def draft(self, cycle_id: UUID, **words: Any) -> dict[str, Any]:
        """Return the officer's evaluation for junior, by their leader, unless told otherwise."""
        return {
            "cycle_id": str(cycle_id),
            "post_id": str(self.post_id),
            "family": "general",
            "grade": "junior",
            "supervisor_id": str(self.people["leader"].person_id),
            **words,
        }

    def opened(self, cycle_id: UUID, **words: Any) -> str:
        """Enter the officer into a cycle; return the address of the evaluation."""
        address = f"/competence-appraisals/{uuid4()}"
        self.good("leader", "put", address, **self.draft(cycle_id, **words))
        return address

    def certified(self, valid_from: date) -> None:
        """Certify the officer for three years from a day."""
        with self.writing():
            a_certificate(
                db.session.get_one(Person, self.officer_id),
                db.session.get_one(Issuer, self.issuer_id),
                qualification="enforcement_officer",
                valid_from=valid_from,
                at=clock.now(),
            )

    def trained(self, purpose: str, on: date) -> None:
        """Train the officer for 24 hours."""
        with self.writing():
            officer = db.session.get_one(Person, self.officer_id)
            a_training(officer, purpose, on=on, role=PostRole.ENFORCEMENT_OFFICER)


def a_bureau(
    client: FlaskClient, writing: Writing, config: Config, *, hired: date = HIRED
) -> Bureau:
    """Store a county's bureau beneath a city's, each with a leader, and a certified officer."""
    load_reference_in(client)
    with writing():
        city = an_organisation(kind=OrganisationKind.AUTHORITY, name="某市应急管理局")
        county = an_organisation(city, kind=OrganisationKind.AUTHORITY, name="某县应急管理局")
        other = an_organisation(city, kind=OrganisationKind.AUTHORITY, name="邻县应急管理局")
        issuer = an_issuer(organisation=city)
        officer = a_person(county, name="王建国")
        post = a_post(officer, county, role=PostRole.ENFORCEMENT_OFFICER, from_on=hired)
        made = Bureau(
            client=client,
            writing=writing,
            config=config,
            city_id=city.id,
            county_id=county.id,
            issuer_id=issuer.id,
            officer_id=officer.id,
            post_id=post.id,
        )
        stand: dict[str, Any] = {"region_id": None, "config": config, "at": clock.now()}
        made.people["officer"] = sign_in(person_id=officer.id, organisation_id=None, **stand)
        for who, place in (("leader", county), ("city", city), ("neighbour", other)):
            person = a_person(place, name=f"{place.name}领导")
            a_post(person, place, role=PostRole.REGULATOR_STAFF, from_on=HIRED)
            made.people[who] = sign_in(
                Role.LEADER, person_id=person.id, organisation_id=place.id, **stand
            )
    made.trained("qualification", date(2025, 8, 1))
    made.certified(date(2025, 9, 1))
    return made


def a_bureau_with_an_expert(client: FlaskClient, writing: Writing, config: Config) -> Bureau:
    """Store the same, with an officer who has reached the second grade in this year's cycle."""
    made = a_bureau(client, writing, config, hired=date(2023, 7, 1))
    made.trained("rotation", date(2026, 5, 8))
    cycle = made.a_cycle(from_on="2026-06-01", until_on="2026-06-30")
    one = made.opened(cycle, grade="intermediate")
    made.good("leader", "put", f"{one}/judgement", marks=WELL)
    assert made.good("leader", "put", f"{one}/conclusion")["reached"] == "intermediate"
    return made


def load_reference_in(client: FlaskClient) -> None:
    """Load the frameworks that come with the platform."""
    with client.application.app_context():
        load_reference()
