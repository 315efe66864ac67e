"""Facts read in columns from the database give the stretches that were booked one by one."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random
from uuid import uuid4

import numpy as np
import pytest

from certificates import watching
from certificates.services.counts import booking, known
from certificates.services.counts.rebuilding import Everybody
from certificates.stretches import Stretch
from certificates.validity import Turn
from server.days import beginning_of
from server.db import db
from server.errors import DomainError
from server.people.roster import PostRole
from server.records import services as records
from server.records.entries import RecordKind, TrainingPurpose
from tests.factories.certificates import (
    TODAY,
    a_certificate,
    a_training,
    an_assessment,
    an_issuer,
    befallen,
)
from tests.factories.rosters import a_person, a_post, a_region, an_organisation
from tests.moments import NOON

pytestmark = pytest.mark.usefixtures("inside")

QUALIFICATIONS = {
    PostRole.SPECIAL_OPERATIONS_WORKER: "low_voltage_electrician",
    PostRole.PRINCIPAL: "principal",
    PostRole.SAFETY_MANAGER: "safety_manager",
}


def _day(dice):
    return date(2022, 1, 1) + timedelta(days=dice.randrange((TODAY - date(2022, 1, 1)).days))


def _life(dice, person, places, issuer, provider):
    """Let one person hold posts, train, be examined and certified by lot."""
    for _ in range(dice.randrange(4)):
        role, start = dice.choice(list(PostRole)), _day(dice)
        special = role is PostRole.SPECIAL_OPERATIONS_WORKER
        items = sorted(dice.sample(["1.2", "2.1", "1.1"], dice.randrange(1, 3))) if special else ()
        until = dice.choice([None, start, start + timedelta(days=dice.randrange(700))])
        place = dice.choice(places)
        a_post(person, place, role=role, items=items, from_on=start, until_on=until)
    trained = None
    for _ in range(dice.randrange(4)):
        role = dice.choice([None, *QUALIFICATIONS])
        trained = a_training(
            person,
            dice.choice(list(TrainingPurpose)).value,
            on=_day(dice),
            role=role,
            item="1.2" if role is PostRole.SPECIAL_OPERATIONS_WORKER else None,
            passed=dice.choice([None, True, False]),
            corrects_id=trained if dice.random() < 0.3 else None,
            provider_id=dice.choice([None, provider.id]),
        )
    for _ in range(dice.randrange(3)):
        role = dice.choice(list(QUALIFICATIONS))
        item = "1.2" if role is PostRole.SPECIAL_OPERATIONS_WORKER else None
        passed = dice.random() < 0.7
        an_assessment(person, passed=passed, role=role, item=item, on=_day(dice))
    if dice.random() < 0.6:
        _certified(dice, person, issuer)
    if dice.random() < 0.3:
        _voided(dice, person)


def _certified(dice, person, issuer):
    role = dice.choice(list(QUALIFICATIONS))
    try:
        with db.session.begin_nested():
            held = a_certificate(
                person, issuer, qualification=QUALIFICATIONS[role], valid_from=_day(dice)
            )
            if dice.random() < 0.5:
                befallen(held, dice.choice([Turn.SUSPENDED, Turn.REVOKED]), _day(dice))
    except DomainError:
        return


def _voided(dice, person):
    """Two lines about one attempt: it was passed, and then voided."""
    attempt = uuid4()
    for content in ({"passed": True}, {"passed": True, "voided": True}):
        records.add(
            person.id,
            RecordKind.EXAM,
            subject_id=attempt,
            happened_at=beginning_of(_day(dice)),
            content=content,
            source="某考试点",
            at=NOON,
            role=PostRole.PRINCIPAL,
        )


@pytest.mark.parametrize("seed", range(2))
def test_everybody_at_once_is_everybody_one_by_one(seed):
    dice, issuer = Random(seed), an_issuer()
    county, provider = a_region(a_region(a_region())), an_organisation()
    places = [
        an_organisation(county, industry=industry, is_high_risk=industry == "06")
        for industry in ("06", "34", None)
    ]
    people = [a_person(places[0]) for _ in range(24)]
    for person in people:
        _life(dice, person, places, issuer, provider)
    watching.settle(db.session())
    db.session.flush()

    found = set()
    for made in Everybody().counted():
        found |= {tuple(row) for row in np.stack(made).T.tolist()}

    rules, ids = known.rules(), {person.id for person in people}
    held = booking.of_people(known.numbers_of(ids), ids, rules)
    one_by_one = {_row(who, each) for who, every in held.items() for each in every}
    assert {row for row in found if row[4]} == one_by_one
    assert len(one_by_one) > 20


def _row(who: int, each: Stretch) -> tuple[int, ...]:
    head = (each.indicator, each.organisation, each.ground, each.role, each.item, each.section)
    return (who, *head, int(each.high_risk), *each[7:])
