"""Whole lives: a welder's twelve years across two employers, and a worker who changes the post."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date
from uuid import UUID

from flask.testing import FlaskClient

from certificates.validity import Turn
from server.people.roster import PostRole
from server.records.entries import InductionLevel, RecordKind, TrainingPurpose
from tests.conftest import SigningIn
from tests.factories.certificates import a_certificate, an_issuer, befallen
from tests.factories.lives import a_line, an_induction
from tests.factories.organisations import a_department, an_organisation
from tests.factories.people import a_person, a_post

Writing = Callable[[], AbstractContextManager[None]]
OPERATOR = PostRole.SPECIAL_OPERATIONS_WORKER


def reasons_on(client: FlaskClient, headers: dict[str, str], day: str) -> list[str]:
    items = client.get(f"/v1/me/on-post?on={day}", headers=headers).get_json()["items"]
    return [reason["code"] for one in items for reason in one["reasons"] if reason["blocks"]]


def test_twelve_years_of_an_operator_across_two_employers_and_two_orders(
    client: FlaskClient, writing: Writing, a_signed_in: SigningIn
) -> None:
    with writing():
        first, second = an_organisation(name="某船厂"), an_organisation(name="某钢厂")
        person = a_person(first)
        a_post(
            person,
            first,
            role=OPERATOR,
            items=("1.2",),
            from_on=date(2014, 3, 20),
            until_on=date(2020, 3, 1),
        )
        a_post(person, second, role=OPERATOR, items=("1.2",), from_on=date(2020, 3, 20))
        an_induction(person, first, on=date(2014, 3, 15))
        an_induction(person, second, on=date(2020, 4, 1))
        for year in range(2014, 2027):
            a_line(
                person,
                RecordKind.TRAINING,
                on=date(year, 2, 1),
                purpose="annual",
                content={"hours": "20.0"},
            )
        issuer = an_issuer()
        for begins, reviewed in ((2014, 2017), (2020, 2023)):
            held = a_certificate(person, issuer, valid_from=date(begins, 3, 10))
            befallen(held, Turn.REVIEWED, date(reviewed, 3, 1))
        newest = a_certificate(person, issuer, valid_from=date(2026, 6, 10))
        reviews, person_id = newest.review_days, person.id
        until: UUID | date = newest.valid_until
    own = a_signed_in(person_id=person_id).headers

    assert (reviews, until) == ([], date(2032, 6, 9))
    assert reasons_on(client, own, "2015-06-01") == []
    assert reasons_on(client, own, "2019-06-01") == []
    assert "induction_plant" in reasons_on(client, own, "2020-03-25")
    assert reasons_on(client, own, "2020-04-02") == []
    assert reasons_on(client, own, "2026-04-01") == ["certificate_not_yet_valid"]
    assert reasons_on(client, own, "2026-06-15") == []
    kinds = [one["kind"] for one in client.get("/v1/me/file", headers=own).get_json()["lines"]]
    assert (kinds.count("certificate"), kinds.count("training"), kinds.count("post")) == (5, 19, 3)


def test_a_worker_is_inducted_on_three_levels_and_again_after_a_change_of_workshop(
    client: FlaskClient, writing: Writing, a_signed_in: SigningIn
) -> None:
    with writing():
        plant = an_organisation(name="某机械厂")
        casting, forging = (a_department(plant, name=name) for name in ("铸造车间", "锻造车间"))
        person = a_person(plant)
        a_post(person, casting, from_on=date(2026, 1, 10), until_on=date(2026, 5, 10))
        a_post(person, forging, from_on=date(2026, 5, 10))
        for level, day in zip(InductionLevel, (5, 6, 15), strict=True):
            an_induction(person, plant, level, on=date(2026, 1, day))
        an_induction(
            person,
            forging,
            InductionLevel.WORKSHOP,
            InductionLevel.TEAM,
            on=date(2026, 5, 12),
            purpose=TrainingPurpose.POST_CHANGE,
        )
        person_id = person.id
    own = a_signed_in(person_id=person_id).headers

    assert reasons_on(client, own, "2026-01-12") == ["induction_team"]
    assert reasons_on(client, own, "2026-01-15") == []
    assert reasons_on(client, own, "2026-05-11") == ["post_change_workshop", "post_change_team"]
    assert reasons_on(client, own, "2026-05-12") == []
