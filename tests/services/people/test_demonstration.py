"""The demonstration: sound, the same everywhere, and nobody real."""

from __future__ import annotations

from typing import Any

from flask import Flask
from sqlalchemy import select

from server.db import db
from server.demonstration import Demonstration
from server.organisations.models import Organisation
from server.people import demonstration
from server.people.models import Person, Post
from server.people.services import numbers, people, posts
from server.policy import Permission, Role
from server.records import demonstration as trainings
from server.records import services as records
from server.regions import services as regions
from tests.factories.people import TODAY
from tests.moments import NOON


def load() -> dict[str, Any]:
    play = Demonstration(at=NOON, say=lambda _line: None)
    regions.load_reference()
    demonstration.load(play)
    trainings.load(play)
    return play.made


def test_the_demonstration_names_what_later_loaders_need(inside: Flask) -> None:
    made = load()

    assert made.keys() >= {"region", "authority", "provider", "test_centre", "enterprise", "crew"}
    assert made.keys() >= {role.value for role in Role if role is not Role.WORKER}
    assert made["author"].scope(Permission.WRITE_QUESTIONS).organisation_paths
    assert made["issuer"].scope(Permission.ISSUE_CERTIFICATES).region_paths
    for role in Role:
        if role is not Role.WORKER:
            assert people.get(made[role.value].person_id)


def test_nobody_in_the_demonstration_can_be_real(inside: Flask) -> None:
    load()

    everybody = db.session.execute(select(Person)).scalars().all()
    assert len(everybody) == 75
    assert all(numbers.opened(one).startswith(demonstration.NOWHERE_CODE) for one in everybody)
    assert all((one.phone or "").startswith("100") for one in everybody)
    codes = db.session.execute(select(Organisation.credit_code)).scalars()
    assert all(code.startswith("91100000") for code in codes if code is not None)


def test_everybody_holds_a_post_and_most_of_the_crew_are_trained(inside: Flask) -> None:
    made = load()

    everybody = set(db.session.execute(select(Person.id)).scalars())
    assert everybody == set(db.session.execute(select(Post.person_id)).scalars())
    workers = made["crew"]["special_operations_worker"]
    hours = [records.trained(one, role="special_operations_worker", item="1.2") for one in workers]
    assert any(hours)
    assert hours[-1] == []
    assert len(posts.under(made["enterprise"], on=TODAY)) == 21


def test_the_demonstration_is_the_same_everywhere(inside: Flask) -> None:
    first = load()
    names = [db.session.get_one(Person, one).name for one in first["crew"]["principal"]]
    db.session.rollback()

    second = load()

    assert second == first
    assert [db.session.get_one(Person, one).name for one in second["crew"]["principal"]] == names
