"""What the operator's console and the demonstration do with certificates."""

from __future__ import annotations

import json

from certificates import demonstration
from certificates.commands import load_reference
from certificates.models import Certificate, NumberRange
from certificates.models.certificates import status_of
from certificates.services.finding import get
from certificates.validity import Status
from exams.commands import load_reference as load_standards
from server import clock
from server.app import Parts
from server.db import db, transaction
from server.demonstration import Demonstration
from server.people import demonstration as people_demonstration
from server.regions.commands import load_reference as load_regions
from tests.factories.certificates import a_certificate


def test_loading_twice_says_that_nothing_changed(app):
    runner = app.test_cli_runner()

    first = runner.invoke(args=["certificates", "load"])
    second = runner.invoke(args=["certificates", "load"])

    assert first.output.startswith("29 ")
    assert second.output.startswith("0 ")


def test_the_trust_list_is_printed(app, writing):
    with writing():
        a_certificate()

    printed = app.test_cli_runner().invoke(args=["certificates", "trust-list"]).output

    assert [key["issuer"] for key in json.loads(printed)["keys"]] == ["371300"]


def test_a_gap_in_the_numbers_is_named(app, writing):
    with writing():
        a_certificate()
    runner = app.test_cli_runner()
    assert "1 ranges, no gaps" in runner.invoke(args=["certificates", "audit-numbers"]).output

    with writing():
        db.session.query(NumberRange).one().last_place = 3

    found = runner.invoke(args=["certificates", "audit-numbers"])
    assert found.exit_code == 1
    assert "[2, 3]" in found.output


def test_the_demonstration_shows_certificates_in_every_standing(app):
    parts: Parts = app.extensions["parts"]
    assert load_reference in parts.reference
    with app.app_context():
        load_regions()
        load_standards()
        load_reference()
        play = Demonstration(at=clock.now(), say=lambda _line: None)
        with transaction():
            people_demonstration.load(play)
            demonstration.load(play)
            demonstration.load(play)

        made = [get(certificate_id) for certificate_id in play.made["certificates"]]
        standings = {status_of(each, clock.today()) for each in made}

    assert len(made) == 8
    assert db_count(app) == 8
    assert standings == {
        Status.VALID,
        Status.EXPIRING,
        Status.EXPIRED,
        Status.SUSPENDED,
        Status.REVOKED,
    }


def db_count(app) -> int:
    with app.app_context():
        return db.session.query(Certificate).count()
