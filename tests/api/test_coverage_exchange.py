"""Figures and lists for another government system: subscribed, told, fetched, taken in."""

from __future__ import annotations

import csv
import io
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from certificates import receiving
from certificates.commands import ask_for_packages
from certificates.exchange_errors import PackageRefused
from server import clock
from server.db import db
from server.jobs.models import Job, JobState
from server.messages.models import MessageDelivery
from server.organisations.drafts import OrganisationKind
from server.people.roster import PostRole
from server.policy import Role
from tests.factories.certificates import TODAY, a_certificate, an_issuer
from tests.factories.rosters import a_person, a_post, a_region, an_organisation

SPECIAL = "shanxi-special-operations-certified"


@pytest.fixture
def scene(writing, a_signed_in):
    """Store a city with one electrician certified and one not, and the authorities about it."""
    with writing():
        province = a_region(name="某省")
        city = a_region(province, name="某市")
        works = an_organisation(a_region(city, name="某县"), name="甲厂")
        issuer = an_issuer(city)
        people = [a_person(works, name=name) for name in ("张一", "李二")]
        for person in people:
            a_post(person, works, role=PostRole.SPECIAL_OPERATIONS_WORKER, items=("1.2",))
        a_certificate(people[0], issuer)
        kinds = OrganisationKind
        found = {
            "city": city.id,
            "county": works.region_id,
            "works": works.id,
            "receiver": an_organisation(province, kind=kinds.AUTHORITY, name="省应急厅").id,
            "below": an_organisation(a_region(city), kind=kinds.AUTHORITY).id,
        }
        region = province.id
    return found | {
        "bureau": a_signed_in(Role.ANALYST, region_id=found["city"]).headers,
        "province": region,
        "keeper": a_signed_in(Role.ADMINISTRATOR).headers,
    }


@pytest.fixture
def system(scene, a_signed_in):
    """Sign the receiver's program in, at the moment that it is."""
    return lambda: a_signed_in(Role.ANALYST, region_id=scene["province"]).headers


def _subscribe(client, scene, subscription_id, **changes):
    body = {
        "organisation_id": str(scene["receiver"]),
        "region_id": str(scene["city"]),
        "every": "day",
        "with_people": True,
    } | changes
    address = f"/v1/coverage-subscriptions/{subscription_id}"
    return client.put(address, json=body, headers=scene["bureau"])


def _make(app, run_jobs):
    with app.app_context():
        ask_for_packages(clock.now())
        ask_for_packages(clock.now())
    run_jobs()


def test_a_package_of_each_day_is_made_told_fetched_and_taken_in(
    app, client, scene, system, run_jobs, the_clock, tmp_path
):
    subscription = uuid4()
    opened = client.put(
        f"/v1/message-channels/{uuid4()}",
        json={
            "organisation_id": str(scene["receiver"]),
            "kind": "webhook",
            "address": "https://93.184.216.34/hook",
        },
        headers=scene["keeper"],
    )
    assert opened.status_code == 200
    assert _subscribe(client, scene, subscription).status_code == 200
    assert _subscribe(client, scene, subscription).status_code == 200
    _make(app, run_jobs)
    the_clock.move(timedelta(days=1))
    _make(app, run_jobs)

    address = f"/v1/coverage-subscriptions/{subscription}/packages"
    second, first = client.get(address, headers=system()).json["items"]
    assert (first["seq"], first["on"]) == (1, (TODAY - timedelta(days=1)).isoformat())
    assert (second["seq"], second["previous"]) == (2, first["digest"])
    with app.app_context():
        told = db.session.execute(select(MessageDelivery)).scalars().all()
        assert {each.message.subject_id for each in told} == {UUID(first["id"]), UUID(second["id"])}

    jwks, receiver = client.get("/v1/coverage-exchange-keys").json, str(scene["receiver"])
    for package in (first, second):
        sent = client.get(f"/v1/coverage-packages/{package['id']}/file", headers=system())
        received = receiving.take(sent.data, jwks, receiver, tmp_path, clock.now())
        with pytest.raises(PackageRefused):
            receiving.take(sent.data, jwks, receiver, tmp_path, clock.now())
    figures, missing = (_rows(received.files[name]) for name in ("figures.csv", "missing.csv"))
    _agrees(client, scene, system, figures, missing)


def _agrees(client, scene, system, figures, missing):
    """Hold the tables of the second day against what the bureau reads."""
    counts = {
        (row["region"], row["required"], row["covered"], row["missing"])
        for row in figures
        if row["indicator"] == SPECIAL
    }
    assert {row for row in counts if row[1] != "0"} == {
        ("某市", "2", "1", "1"),
        ("某县", "2", "1", "1"),
    }
    query = {"region_id": scene["city"], "indicator": SPECIAL, "on": TODAY.isoformat()}
    (read,) = client.get("/v1/coverage", query_string=query, headers=system()).json["items"]
    assert (read["required_count"], read["covered_count"]) == (2, 1)
    (one,) = (row for row in missing if row["indicator"] == SPECIAL)
    assert (one["name"], one["reason"], one["organisation"]) == ("李二", "never_trained", "甲厂")
    assert one["document_masked"] == "E*******0"


def _rows(content):
    return list(csv.DictReader(io.StringIO(content.decode())))


def test_only_an_authority_that_answers_for_the_region_is_handed_its_figures(client, scene):
    for receiver in ("works", "below"):
        refused = _subscribe(client, scene, uuid4(), organisation_id=str(scene[receiver]))
        assert refused.json["code"] == "receiver_unfit"
    beyond = _subscribe(client, scene, uuid4(), region_id=str(uuid4()))
    assert beyond.status_code == 404


def test_packages_are_for_the_receiver_and_end_with_the_subscription(
    app, client, scene, system, run_jobs, a_signed_in, the_clock
):
    subscription = uuid4()
    _subscribe(client, scene, subscription)
    _make(app, run_jobs)
    address = f"/v1/coverage-subscriptions/{subscription}/packages"
    (package,) = client.get(address, headers=system()).json["items"]

    # Who answers for the city alone opens the subscription, and does not read for the province.
    for path in (address, f"/v1/coverage-packages/{package['id']}/file"):
        assert client.get(path, headers=scene["bureau"]).status_code == 404
    assert len(client.get("/v1/coverage-subscriptions", headers=system()).json["items"]) == 1
    closing = f"/v1/coverage-subscriptions/{subscription}/closing"
    assert client.put(closing, headers=scene["bureau"]).json["closed_at"] is not None
    the_clock.move(timedelta(days=1))
    _make(app, run_jobs)
    reader = a_signed_in(Role.ADMINISTRATOR).headers
    assert len(client.get(address, headers=reader).json["items"]) == 1


def test_a_package_whose_job_was_given_up_is_asked_for_again_under_its_number(
    app, client, scene, system, run_jobs, writing
):
    subscription = uuid4()
    _subscribe(client, scene, subscription, every="month", with_people=False)
    with writing():
        job = db.session.execute(select(Job)).scalar_one()
        job.state = JobState.FAILED

    _make(app, run_jobs)

    address = f"/v1/coverage-subscriptions/{subscription}/packages"
    (package,) = client.get(address, headers=system()).json["items"]
    assert (package["seq"], package["on"]) == (1, "2026-05-31")
