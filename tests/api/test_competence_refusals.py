"""What nobody may do when competence is evaluated, each refused with its code."""

from __future__ import annotations

import json
from copy import deepcopy
from datetime import date, timedelta
from importlib.resources import files
from typing import Any
from uuid import UUID, uuid4

import pytest
from flask.testing import FlaskClient

from server.config import Config
from server.days import beginning_of
from server.db import db
from server.policy import Role
from server.records import services as records
from server.records.entries import RecordKind
from server.training.kinds import Grade
from server.training.models import SafetyEngineer
from tests.conftest import SigningIn
from tests.factories.competence import WELL, Bureau, Writing, a_bureau
from tests.moments import NOON, Clock

TODAY = NOON.date()
DAYS = {"from_on": "2026-06-01", "until_on": "2026-06-30"}


@pytest.fixture
def bureau(client: FlaskClient, writing: Writing, config: Config) -> Bureau:
    return a_bureau(client, writing, config)


def shipped() -> dict[str, Any]:
    text = files("certificates.competence.data").joinpath("safety_managers.json").read_text("utf-8")
    content: dict[str, Any] = json.loads(text)
    return content | {"effective_from": "2026-07-01"}


def test_a_framework_is_refused_that_contradicts_itself_or_counts_already(
    bureau: Bureau, a_signed_in: SigningIn
) -> None:
    headers = a_signed_in(Role.ADMINISTRATOR).headers
    address = f"/v1/competence-frameworks/{uuid4()}"

    def put(content: dict[str, Any]) -> Any:
        return bureau.client.put(address, headers=headers, json=content)

    circle = shipped()
    circle["grades"][0]["after"] = "leading"
    refused = put(circle)
    assert (refused.status_code, refused.json["code"]) == (422, "grades_form_circle")
    assert "leading" in refused.json["detail"]
    fork = shipped()
    fork["grades"][2]["after"] = "in_post"
    assert put(fork).json["code"] == "framework_unfit"
    unknown = deepcopy(shipped())
    unknown["competences"][0]["levels"][0]["all_of"] = [[{"kind": "measure", "measure": "none"}]]
    assert put(unknown).json["code"] == "framework_unfit"
    assert put(shipped() | {"effective_from": "2026-06-15"}).json["code"] == "framework_in_use"
    assert put(shipped()).status_code == 200
    assert put(shipped()).status_code == 200
    assert put(shipped() | {"appeal_days": 30}).json["code"] == "id_taken"
    in_force = "/competence-frameworks/safety_manager/in-force"
    assert bureau.good("officer", "get", in_force, on="2026-06-30")["appeal_days"] == 15
    newer = bureau.good("officer", "get", in_force, on="2026-07-01")
    assert newer == shipped() | {"id": address.rsplit("/", 1)[1]}
    assert len(bureau.good("officer", "get", "/competence-frameworks")["items"]) == 3
    assert bureau.refused("officer", "get", in_force, on="1980-01-01") == "invalid"


def test_what_is_presented_must_fit_and_must_not_be_older_than_it_lasts(bureau: Bureau) -> None:
    cycle = bureau.a_cycle(**DAYS)
    with bureau.writing():
        old, fresh, another = (
            _case_file(bureau.officer_id, on, kind)
            for on, kind in (
                (date(2024, 6, 15), RecordKind.NOTE),
                (date(2024, 6, 16), RecordKind.NOTE),
                (TODAY, RecordKind.HEALTH),
            )
        )
        db.session.add(
            SafetyEngineer(
                person_id=bureau.officer_id,
                number="注安 1 号",
                grade=Grade.INTERMEDIATE,
                speciality="化工安全",
                valid_from=TODAY,
                valid_until=TODAY,
                recorded_at=NOON,
            )
        )
    one = bureau.opened(cycle, grade="senior")

    def present(who: str, record_id: UUID, competence: str = "inspection") -> Any:
        address = f"{one}/evidence/{uuid4()}"
        return bureau.ask(who, "put", address, competence=competence, record_id=str(record_id))

    expired = present("officer", old).json
    assert expired["code"] == "proof_expired"
    assert "2026-06-14" in expired["detail"]
    assert present("officer", another).json["code"] == "proof_unfit"
    assert present("officer", fresh, "case_handling").json["code"] == "proof_unfit"
    assert present("officer", uuid4()).json["code"] == "not_found"
    assert present("neighbour", fresh).json["code"] == "not_found"
    assert present("officer", fresh).status_code == 200
    shown = bureau.good("leader", "get", one)
    assert [each["record_id"] for each in shown["evidence"]] == [str(fresh)]
    bureau.good("leader", "put", f"{one}/judgement", marks=dict.fromkeys(WELL, 4))
    result = bureau.good("leader", "put", f"{one}/conclusion")["result"]
    by_key = {each["key"]: each["met"] for each in result["competences"]}
    assert (by_key["inspection"], by_key["schooling"]) == (True, True)
    assert by_key["years_in_post"] is False
    assert present("officer", fresh).json["code"] == "appraisal_state"


def _case_file(person_id: UUID, on: date, kind: RecordKind) -> UUID:
    return records.add(
        person_id,
        kind,
        subject_id=uuid4(),
        happened_at=beginning_of(on),
        content={"organisation_id": str(uuid4()), "summary": "重大案件案卷", "consequence": None},
        source="某县应急管理局",
        at=NOON,
    ).id


def test_an_appeal_comes_within_its_days_and_what_is_over_stays(
    bureau: Bureau, the_clock: Clock
) -> None:
    one = bureau.opened(bureau.a_cycle(**DAYS))
    other = bureau.opened(bureau.a_cycle(**DAYS))
    plan = bureau.refused("leader", "put", f"{one}/training-plan")
    assert plan == "appraisal_state"
    bureau.good("leader", "put", f"{one}/judgement", marks=WELL)
    bureau.good("leader", "put", f"{one}/conclusion")
    again = bureau.good("leader", "put", f"{one}/conclusion")
    assert again["appeal_until"] == "2026-06-30"
    reason = {"reason": "列入有误"}
    assert bureau.refused("leader", "put", f"{one}/withdrawal", **reason) == "appraisal_state"
    bureau.good("leader", "put", f"{other}/withdrawal", **reason)
    bureau.good("leader", "put", f"{other}/withdrawal", **reason)
    assert bureau.refused("officer", "put", f"{other}/appeal", **reason) == "appraisal_state"
    assert bureau.refused("leader", "put", f"{other}/conclusion") == "appraisal_state"
    person = {"person_id": str(bureau.officer_id)}
    of_cycle = {"cycle_id": again["cycle_id"]}
    for query, count in ((person, 2), (of_cycle, 1), ({"cycle_id": str(uuid4())}, 0)):
        listed = bureau.good("city", "get", "/competence-appraisals", **query)["items"]
        assert len(listed) == count
    decision = {"decision": "维持"}
    assert bureau.refused("city", "put", f"{one}/appeal/decision", **decision) == "not_found"
    the_clock.move(timedelta(days=16))

    late = bureau.ask("officer", "put", f"{one}/appeal", **reason).json

    assert late["code"] == "competence_appeal_too_late"
    assert "2026-06-30" in late["detail"]


def test_days_and_posts_that_do_not_fit_are_refused(bureau: Bureau) -> None:
    body = {
        "organisation_id": str(bureau.county_id),
        "framework": "enforcement_officer",
        "title": "评价",
    }
    address = f"/competence-cycles/{uuid4()}"
    back = {"from_on": "2026-06-30", "until_on": "2026-06-01"}
    assert bureau.refused("leader", "put", address, **body, **back) == "cycle_span_empty"
    assert bureau.refused("neighbour", "put", address, **body, **DAYS) == "not_found"
    over = bureau.a_cycle(from_on="2026-06-01", until_on="2026-06-14")
    for_managers = uuid4()
    body |= {"framework": "safety_manager"}
    cycle = f"/competence-cycles/{for_managers}"
    bureau.good("leader", "put", cycle, **body, **DAYS)
    assert (
        bureau.good("leader", "get", cycle)
        in bureau.good("leader", "get", "/competence-cycles")["items"]
    )
    one = f"/competence-appraisals/{uuid4()}"

    assert bureau.refused("leader", "put", one, **bureau.draft(over)) == "cycle_over"
    assert bureau.refused("leader", "put", one, **bureau.draft(for_managers)) == "post_unfit"
    running = bureau.a_cycle(**DAYS)
    wrong = bureau.draft(running, grade="master")
    assert bureau.refused("leader", "put", one, **wrong) == "framework_unfit"
