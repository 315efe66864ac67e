"""Teachers, authors and examiners come from the expert pool, for their term and no longer."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from flask.testing import FlaskClient

from server import clock
from server.db import db
from server.organisations.drafts import OrganisationKind
from server.organisations.models import Organisation
from server.policy import Role
from server.regions.models import Region
from tests.api.exams.test_sittings import open_sitting
from tests.api.test_question_bank import a_question_body
from tests.api.training.conftest import Writing
from tests.conftest import SigningIn
from tests.factories import sittings as some
from tests.factories.organisations import an_organisation
from tests.factories.question_bank import GOOD, a_file
from tests.factories.question_desk import Desk, a_desk_over_http
from tests.factories.sitting_desks import Desk as Office
from tests.factories.training import TODAY
from tests.moments import Clock

#: An appointment for two months, of somebody who was trained and tested.
BODY = {
    "function": "author",
    "field": "电气安全",
    "valid_from": f"{TODAY}",
    "valid_until": f"{TODAY + timedelta(days=60)}",
    "trained_on": f"{TODAY}",
    "tested_on": f"{TODAY}",
    "passed": True,
}


class Pool:
    """The pool of the authority beside an organisation."""

    def __init__(
        self, client: FlaskClient, headers: dict[str, str], authority_id: UUID, the_clock: Clock
    ) -> None:
        self.client, self.headers, self.authority_id = client, headers, authority_id
        self._clock = the_clock

    def appoint(self, person_id: UUID, function: str, **said: Any) -> str:
        """Appoint somebody who was trained and tested, for two months; return the address."""
        body = {
            **BODY,
            "person_id": str(person_id),
            "function": function,
            "authority_id": str(self.authority_id),
        }
        address = f"/v1/expert-appointments/{uuid4()}"
        made = self.client.put(address, json=body | said, headers=self.headers)
        assert made.status_code == 200, made.json
        return address

    def appraise(self, address: str, **said: Any) -> tuple[int, str | None]:
        """Appraise an expert today; return status and code."""
        self._clock.move(timedelta(seconds=1))
        body = {"appraised_on": f"{clock.today()}", "passed": True, "words": "年度考核"} | said
        reply = self.client.put(f"{address}/appraisals/{uuid4()}", json=body, headers=self.headers)
        return reply.status_code, reply.get_json().get("code")

    def dismiss(self, address: str) -> None:
        """Dismiss an expert from today on."""
        body = {"on": f"{TODAY}", "reason": "不再从事命题工作"}
        assert self.client.put(f"{address}/dismissal", json=body, headers=self.headers).json


@pytest.fixture
def a_pool(client: FlaskClient, writing: Writing, a_signed_in: SigningIn, the_clock: Clock) -> Any:
    def made(beside: UUID) -> Pool:
        with writing():
            region = db.session.get_one(Region, db.session.get_one(Organisation, beside).region_id)
            authority_id = an_organisation(kind=OrganisationKind.AUTHORITY, region=region).id
        return Pool(client, a_signed_in(Role.ISSUER).headers, authority_id, the_clock)

    return made


def test_where_a_region_keeps_a_pool_of_authors_nobody_else_writes(
    client: FlaskClient, writing: Writing, a_signed_in: SigningIn, a_pool: Any
) -> None:
    desk: Desk = a_desk_over_http(client, writing, a_signed_in)
    pool = a_pool(desk.owner_id)
    expert, other = (a_signed_in(Role.AUTHOR, organisation_id=desk.owner_id) for _ in range(2))

    def writes(who: Any, stem: str) -> str:
        body = a_question_body(desk, stem=stem)
        reply = desk.put(f"/questions/{uuid4()}", body, who=who.headers)
        if reply.status_code == 200:
            return "written"
        told = reply.get_json()
        return f"{told['code']}: {told['facts']['gap']}"

    assert writes(other, "尚无专家库（）。") == "written"
    appointment = pool.appoint(expert.person_id, "author")
    assert writes(expert, "专家命题（）。") == "written"
    assert writes(other, "库外命题（）。") == "not_in_pool: not_appointed"
    assert desk.bring(a_file(GOOD)).json["code"] == "not_in_pool"
    pool.dismiss(appointment)
    assert writes(expert, "解聘后命题（）。") == "not_in_pool: dismissed"

    # Trained and appraised within the term; the last appraisal counts.
    late = pool.appoint(other.person_id, "author", trained_on=None, tested_on=None, passed=None)
    assert writes(other, "未经培训命题（）。") == "not_in_pool: not_trained"
    day = f"{TODAY}"
    assert pool.appraise(late, trained_on=day, passed=False) == (200, None)
    assert writes(other, "考核不合格命题（）。") == "not_in_pool: not_passed"
    assert pool.appraise(late) == (200, None)
    assert writes(other, "考核合格命题（）。") == "written"
    listed = client.get(f"{late}/appraisals", headers=pool.headers).get_json()["items"]
    assert [one["passed"] for one in listed] == [True, False]
    assert pool.appraise(late, passed=False) == (200, None)
    assert writes(other, "又不合格命题（）。") == "not_in_pool: not_passed"
    tomorrow = f"{TODAY + timedelta(days=1)}"
    assert pool.appraise(late, appraised_on=tomorrow) == (422, "term_unfit")
    assert pool.appraise(late, trained_on=tomorrow) == (422, "term_unfit")


def test_nobody_appoints_or_appraises_themselves(
    client: FlaskClient, a_signed_in: SigningIn, a_pool: Any, writing: Writing
) -> None:
    with writing():
        beside = an_organisation(kind=OrganisationKind.AUTHORITY).id
    pool = a_pool(beside)
    own = a_signed_in(Role.ISSUER)
    appointed = pool.appoint(own.person_id, "teacher")
    pool.headers = own.headers

    body = {**BODY, "person_id": str(own.person_id), "authority_id": str(pool.authority_id)}
    reply = client.put(f"/v1/expert-appointments/{uuid4()}", json=body, headers=own.headers)
    assert (reply.status_code, reply.get_json()["code"]) == (403, "own_appointment")
    assert pool.appraise(appointed) == (403, "own_appointment")


def test_where_a_region_keeps_a_pool_of_examiners_nobody_else_examines(
    client: FlaskClient, writing: Writing, a_signed_in: SigningIn, a_pool: Any
) -> None:
    office = Office(client, a_signed_in)
    with writing():
        hall = some.a_hall()
        centre_id = hall.centre.id
    sitting_id = open_sitting(office, hall)
    pool = a_pool(centre_id)
    experts = [a_signed_in().person_id for _ in range(3)]

    def named(person_id: UUID) -> str:
        body = {"person_id": str(person_id), "duty": "examiner"}
        reply = office.put(f"/sittings/{sitting_id}/duties/{uuid4()}", body)
        return "named" if reply.status_code == 200 else str(reply.json["code"])

    assert named(experts[0]) == "named"
    pool.appoint(experts[1], "examiner")
    # The term must hold on the day of the sitting, not on the day of naming.
    pool.appoint(experts[2], "examiner", valid_until=f"{TODAY}")
    assert [named(one) for one in experts[1:]] == ["named", "not_in_pool"]
    assert named(a_signed_in().person_id) == "not_in_pool"
