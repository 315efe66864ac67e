"""A welder's twelve years across two employers and two orders, lived over HTTP day by day.

Every certificate is earned: a class, its hours, an application, a theory and a practical.
"""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from flask.testing import FlaskClient

from exams.services import standards
from server import clock
from server.config import Config
from server.db import db
from server.organisations.drafts import OrganisationKind
from server.policy import Role
from server.regions.models import Region
from tests.api.training.conftest import Stage, Writing
from tests.conftest import SigningIn
from tests.factories import exams as a
from tests.factories.bureaus import Bureau
from tests.factories.certificates import an_issuer
from tests.factories.organisations import an_organisation
from tests.factories.people import a_number, a_person
from tests.factories.schooling import Board, School
from tests.moments import Clock

BORN = date(1990, 3, 7)
BEGAN = datetime(2014, 6, 1, 4, tzinfo=UTC)
LEVELS = ("plant", "workshop", "team")
WELDING, ITEM = "fusion_welding_and_cutting", "2.1"

#: Hours that the outline of the trade asks before the first exam (培训大纲).
HOURS = 24

WORKS = {"yard": "某船厂", "mill": "某钢厂"}


class Life:
    """A welder, two works, a school, a test centre and a bureau: the world, and nothing done."""

    def __init__(self, stage: Stage, bureau: Bureau, school: School, board: Board) -> None:
        self.stage, self.bureau, self.school, self.board = stage, bureau, school, board
        self.number = a_number(BORN)
        self.id = stage.ids["welder"] = uuid4()

    def on(self, day: str) -> None:
        """Let time pass until a day."""
        noon = datetime.fromisoformat(f"{day}T12:00:00+08:00").astimezone(UTC)
        self.stage.move(noon - clock.now())

    def register(self) -> None:
        """Come to the first employer, with the identity card."""
        body = {
            "name": "韩焊工",
            "registered_under_id": str(self.stage.ids["yard"]),
            "document_type": "resident_identity_card",
            "document_number": self.number,
        }
        self.stage.put("yard", f"/people/{self.id}", body)

    def post(self, at: str) -> UUID:
        """Be given a welder's post today; who does not see the person shows the number."""
        post_id = uuid4()
        body = {
            "person_id": str(self.id),
            "organisation_id": str(self.stage.ids[at]),
            "role": "special_operations_worker",
            "items": [ITEM],
            "from_on": f"{clock.today()}",
            "document_number": self.number,
        }
        self.stage.put(at, f"/posts/{post_id}", body)
        return post_id

    def taught(self, by: str, purpose: str, hours: str, level: str | None = None) -> None:
        """Be taught by an employer today."""
        day = f"{clock.today()}"
        body = {
            "programme": "企业安全教育",
            "purpose": purpose,
            "level": level,
            "hours": hours,
            "provider_id": str(self.stage.ids[by]),
            "started_on": day,
            "finished_on": day,
            "passed": True,
        }
        self.stage.put(by, f"/people/{self.id}/inductions/{uuid4()}", body)

    def declared_fit(self, by: str) -> None:
        """Have the health declaration of today put on file."""
        body = {
            "kind": "health",
            "happened_on": f"{clock.today()}",
            "organisation_id": str(self.stage.ids[by]),
            "summary": "体检合格，无妨碍从事焊接作业的疾病",
            "fit": True,
        }
        self.stage.put(by, f"/people/{self.id}/file-entries/{uuid4()}", body)

    def hindered(self) -> list[str]:
        """Return what keeps the welder from the post today."""
        items = self.stage.get("welder", "/me/on-post")["items"]
        return [one["code"] for verdict in items for one in verdict["reasons"] if one["blocks"]]

    def earned(self) -> Any:
        """Sit and pass the exam of today; return the certificate that comes of it by itself."""
        before = {one["id"] for one in self.certificates()}
        exam_id, enrolment_id = self.board.announce(), uuid4()
        assert self.board.applied(exam_id, enrolment_id, "welder") == []
        self.board.examine(exam_id, enrolment_id, "welder")
        [found] = [one for one in self.certificates() if one["id"] not in before]
        return found

    def certificates(self) -> list[Any]:
        """Return the certificates as the welder sees them."""
        items: list[Any] = self.stage.get("welder", "/me/certificates")["items"]
        return items

    def reviewed(self, certificate: Any, by: str, document: str) -> None:
        """Be trained for the review, and have it decided."""
        self.school.teach("re_review", item=ITEM, days=1, sent_by=by, learner="welder")
        made = self.bureau.put(certificate, "review", reason="复审合格", document=document)
        assert made.status_code == 200, made.json

    def years(self, by: str, first: int, last: int) -> None:
        """Be taught again every year, and be let to the post."""
        for year in range(first, last + 1):
            self.on(f"{year}-02-01")
            self.taught(by, "annual", "20.0")
            assert self.hindered() == []


@pytest.fixture
def life(
    client: FlaskClient,
    writing: Writing,
    a_signed_in: SigningIn,
    the_clock: Clock,
    config: Config,
) -> Life:
    """Begin in the summer of 2014: the world, and everybody in it signed in."""
    the_clock.set(BEGAN)
    stage = Stage(client, the_clock, config, writing)
    with writing():
        welding = a.with_practical(WELDING)
        asked = standards.counting(welding, on=BEGAN.date())
        asked.training_hours = asked.training_hours_high_risk = HOURS
        centre = a.a_test_centre()
        for version in a.questions({"true_false": 12}, owner=centre):
            version.written_at = version.published_at = BEGAN - timedelta(days=9)
        issuer = an_issuer(db.session.get_one(Region, centre.region_id))
        provider = an_organisation(kind=OrganisationKind.PROVIDER, name="某培训中心")
        stage.ids = {one: an_organisation(name=name).id for one, name in WORKS.items()}
        stage.ids |= {"centre": centre.id, "provider": provider.id}
        stage.ids |= {"bureau": issuer.organisation_id}
        stage.ids |= {one: a_person(provider).id for one in ("manager", "teacher")}
        board = Board(stage, writing, welding.id)
    ids, welder = stage.ids, Life(stage, _bureau(client, a_signed_in, issuer), School(stage), board)
    for works in WORKS:
        role = Role.ENTERPRISE_SAFETY_OFFICER
        stage.people[works] = a_signed_in(role, organisation_id=ids[works])
    stage.people |= {
        "manager": a_signed_in(
            Role.PROVIDER_MANAGER, person_id=ids["manager"], organisation_id=ids["provider"]
        ),
        "teacher": a_signed_in(
            Role.TEACHER, person_id=ids["teacher"], organisation_id=ids["provider"]
        ),
        "bureau": a_signed_in(Role.ISSUER),
        "planner": a_signed_in(Role.PLANNER, organisation_id=ids["centre"]),
        "first examiner": a_signed_in(Role.EXAMINER, organisation_id=ids["centre"]),
        "second examiner": a_signed_in(Role.EXAMINER, organisation_id=ids["centre"]),
    }
    welder.register()
    stage.people["welder"] = a_signed_in(Role.WORKER, person_id=welder.id)
    welder.bureau.person_id = welder.id
    welder.school.open(until=date(2026, 12, 31), item=ITEM)
    board.specify()
    return welder


def _bureau(client: FlaskClient, a_signed_in: SigningIn, issuer: Any) -> Bureau:
    return Bureau(client, a_signed_in, issuer.id, issuer.organisation_id, None)


def test_twelve_years_of_a_welder_across_two_employers_and_two_orders(life: Life) -> None:
    life.on("2014-06-20")
    left = life.post("yard")
    assert life.hindered() == ["certificate_missing", *(f"induction_{level}" for level in LEVELS)]
    for level in LEVELS:
        life.taught("yard", "induction", "8.0", level)
    assert life.board.applied(life.board.announce(), uuid4(), "welder") == ["hours_missing"]
    life.declared_fit("yard")
    life.school.teach("initial", item=ITEM, days=3, sent_by="yard", learner="welder")
    assert life.hindered() == ["certificate_missing"]
    first = life.earned()
    assert life.hindered() == []
    life.years("yard", 2015, 2017)
    life.on("2017-06-01")
    life.reviewed(first, "yard", "复审〔2017〕3号")
    life.years("yard", 2018, 2020)
    life.on("2020-05-20")
    life.declared_fit("yard")
    life.school.teach("initial", item=ITEM, days=3, sent_by="yard", learner="welder")
    second = life.earned()
    life.on("2020-06-30")
    life.stage.put("yard", f"/posts/{left}/end", {"until_on": f"{clock.today()}"})

    life.on("2020-07-20")
    life.post("mill")
    assert life.hindered() == [f"induction_{level}" for level in LEVELS]
    for level in LEVELS:
        life.taught("mill", "induction", "8.0", level)
    life.years("mill", 2021, 2023)
    life.on("2023-06-01")
    life.reviewed(second, "mill", "复审〔2023〕9号")
    life.years("mill", 2024, 2026)
    life.on("2026-06-02")
    life.declared_fit("mill")
    # Order 19: no hours are asked, and no review any more.
    third = life.earned()
    life.on("2026-07-02")
    assert life.hindered() == []

    _certified([first, second, third], life)
    lines = life.stage.get("welder", "/me/file")["lines"]
    employers = {
        one["source"] for one in lines if one["content"].get("programme") == "企业安全教育"
    }
    assert employers == set(WORKS.values())
    assert Counter(one["kind"] for one in lines) == {
        "training": 22,
        "exam": 6,
        "certificate": 5,
        "post": 3,
        "health": 3,
    }


def _certified(held: list[Any], life: Life) -> None:
    shown = [life.stage.get("bureau", f"/certificates/{one['id']}") for one in held]
    orders = [one["content"]["rule"]["code"] for one in shown]
    assert orders == ["special_operations_order_30"] * 2 + ["special_operations_order_19"]
    first, second, third = shown
    assert second["valid_from"] > first["valid_until"]
    assert third["valid_from"] > second["valid_until"]
    assert (third["review_due_on"], third["valid_until"][:4]) == (None, "2032")
    assert all(one["attempt_id"] for one in shown)
