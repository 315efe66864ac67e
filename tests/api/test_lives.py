"""A welder's twelve years across two employers and two orders, lived over HTTP day by day."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID, uuid4

import pytest
from flask.testing import FlaskClient

from server import clock
from server.config import Config
from server.policy import Role
from tests.api.training.conftest import Stage, Writing
from tests.conftest import SigningIn
from tests.factories.bureaus import Bureau
from tests.factories.certificates import an_issuer
from tests.factories.organisations import an_organisation
from tests.factories.people import a_number
from tests.moments import Clock

BORN = date(1990, 3, 7)
LEVELS = ("plant", "workshop", "team")


class Life:
    """A welder, the safety officers of two works, and a bureau; only the world was there before."""

    def __init__(self, stage: Stage, bureau: Bureau) -> None:
        self.stage, self.bureau = stage, bureau
        self.id, self.number = uuid4(), a_number(BORN)

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
            "items": ["2.1"],
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

    def hindered(self) -> list[str]:
        """Return what keeps the welder from the post today."""
        items = self.stage.get("welder", "/me/on-post")["items"]
        return [one["code"] for verdict in items for one in verdict["reasons"] if one["blocks"]]

    def decided(self, certificate: Any, noun: str, **said: Any) -> Any:
        """Let the bureau decide something about a certificate."""
        made = self.bureau.put(certificate, noun, **said)
        assert made.status_code == 200, made.json
        return made.json

    def years(self, by: str, first: int, last: int) -> None:
        """Be taught again every year, and reviewed when the order asks for it."""
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
    """Begin in the summer of 2014."""
    the_clock.set(datetime(2014, 6, 1, 4, tzinfo=UTC))
    stage = Stage(client, the_clock, config, writing)
    with writing():
        issuer = an_issuer()
        stage.ids = {one: an_organisation(name=name).id for one, name in WORKS.items()}
        bureau = Bureau(client, a_signed_in, issuer.id, issuer.organisation_id, None)
    for works, organisation_id in stage.ids.items():
        officer = a_signed_in(Role.ENTERPRISE_SAFETY_OFFICER, organisation_id=organisation_id)
        stage.people[works] = officer
    lived = Life(stage, bureau)
    lived.register()
    stage.people["welder"] = a_signed_in(person_id=lived.id)
    bureau.person_id = lived.id
    return lived


WORKS = {"yard": "某船厂", "mill": "某钢厂"}


def test_twelve_years_of_a_welder_across_two_employers_and_two_orders(life: Life) -> None:
    life.on("2014-07-01")
    first = life.bureau.issue("fusion_welding_and_cutting", valid_from="2014-07-01").json
    left = life.post("yard")
    assert life.hindered() == [f"induction_{level}" for level in LEVELS]
    for level in LEVELS:
        life.taught("yard", "induction", "8.0", level)
    life.years("yard", 2015, 2017)
    life.on("2017-06-01")
    life.decided(first, "review", reason="复审合格", document="复审〔2017〕3号")
    life.years("yard", 2018, 2020)
    life.on("2020-06-01")
    second = life.decided(first, "renewal", certificate_id=str(uuid4()))
    life.on("2020-06-30")
    life.stage.put("yard", f"/posts/{left}/end", {"until_on": f"{clock.today()}"})

    life.on("2020-07-20")
    life.post("mill")
    assert life.hindered() == [f"induction_{level}" for level in LEVELS]
    for level in LEVELS:
        life.taught("mill", "induction", "8.0", level)
    life.years("mill", 2021, 2023)
    life.on("2023-06-20")
    life.decided(second, "review", reason="复审合格", document="复审〔2023〕9号")
    life.years("mill", 2024, 2026)
    life.on("2026-06-10")
    third = life.decided(second, "renewal", certificate_id=str(uuid4()))
    life.on("2026-07-02")
    assert life.hindered() == []

    orders = [one["content"]["rule"]["code"] for one in (first, second, third)]
    assert orders == ["special_operations_order_30"] * 2 + ["special_operations_order_19"]
    assert (third["review_due_on"], third["valid_until"]) == (None, "2032-06-30")
    lines = life.stage.get("welder", "/me/file")["lines"]
    assert Counter(one["kind"] for one in lines) == {
        "training": 18,
        "certificate": 5,
        "post": 3,
    }
    employers = {one["source"] for one in lines if one["kind"] == "training"}
    assert employers == set(WORKS.values())
