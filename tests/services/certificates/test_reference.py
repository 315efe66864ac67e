"""Rules of validity and indicators that come with the platform."""

from __future__ import annotations

from datetime import date

import pytest

from certificates import definitions
from certificates.models import Indicator
from certificates.services import indicators, rules
from certificates.stretches import CERTIFIED_AS
from exams.services import standards
from server.db import db
from server.errors import NotFound
from server.people.roster import PostRole
from tests.moments import NOON

pytestmark = pytest.mark.usefixtures("inside")


def test_loading_again_changes_nothing():
    assert rules.load_reference() == 9
    assert indicators.load_reference() == 20
    assert rules.load_reference() == 0
    assert indicators.load_reference() == 0


def test_a_rule_that_was_meddled_with_is_set_right():
    rules.load_reference()
    rules.listed()[0].years = 9
    db.session.flush()

    assert rules.load_reference() == 1
    assert {rule.years for rule in rules.listed()} == {3, 6, 60}


@pytest.mark.parametrize(
    ("role", "on", "code"),
    [
        (PostRole.SPECIAL_OPERATIONS_WORKER, "2010-06-30", None),
        (PostRole.SPECIAL_OPERATIONS_WORKER, "2010-07-01", "special_operations_order_30"),
        (PostRole.SPECIAL_OPERATIONS_WORKER, "2026-05-31", "special_operations_order_30"),
        (PostRole.SPECIAL_OPERATIONS_WORKER, "2026-06-01", "special_operations_order_19"),
        (PostRole.PRINCIPAL, "2026-06-01", "principal_2013_104"),
        (PostRole.EMPLOYEE, "2026-06-01", None),
    ],
)
def test_the_rule_of_the_day_counts(role, on, code):
    rules.load_reference()

    found = rules.find(role, on=date.fromisoformat(on))

    assert (found.code if found else None) == code


def test_every_indicator_that_asks_for_a_certificate_can_be_reached():
    indicators.load_reference()
    rules.load_reference()
    standards.load_reference()
    asked_for = {
        CERTIFIED_AS.get(role, role)
        for question in map(indicators.question_of, indicators.listed())
        if question.measure.by_post
        for population in question.populations
        for role in population.roles
    }

    assert asked_for == {
        "principal",
        "safety_manager",
        "special_operations_worker",
        "enforcement_officer",
    }
    for role in map(PostRole, asked_for):
        assert standards.listed(role=role).items
        assert rules.find(role, on=NOON.date())


def test_a_changed_indicator_becomes_a_further_version():
    indicators.load_reference()
    first = indicators.get("linyi-enforcement-certified")
    first.target = 90
    db.session.flush()

    assert indicators.load_reference() == 1
    newest = indicators.get("linyi-enforcement-certified")
    assert (newest.version, newest.target) == (2, 100)
    assert db.session.get_one(Indicator, first.id).target == 90
    assert len(indicators.listed()) == 20


def test_an_indicator_that_is_not_there_is_not_found():
    with pytest.raises(NotFound):
        indicators.get("no-such-indicator")


def test_every_indicator_names_what_is_defined():
    indicators.load_reference()

    for indicator in indicators.listed():
        question = indicators.question_of(indicator)
        assert len(question.populations) == len(indicator.populations)
        assert question.measure.zh
        assert question.measure.en


def test_indicators_of_one_plan_are_listed_alone():
    indicators.load_reference()

    assert len(indicators.listed(plan="shanxi")) == 4


def test_every_measure_and_population_is_used_by_a_plan():
    indicators.load_reference()
    every = indicators.listed()

    assert {each.measure for each in every} == set(definitions.measures())
    assert {name for each in every for name in each.populations} == set(definitions.populations())
