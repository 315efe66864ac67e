"""Who may judge whom: not oneself, no superior, in no other subtree, and once each."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID, uuid4

import pytest
from flask.testing import FlaskClient

from server import clock
from server.auth.models import RoleGrant
from server.auth.services import identities
from server.config import Config
from server.days import beginning_of
from server.db import db
from server.organisations.models import Organisation
from server.people.models import DoubleRuling, Person, SuspectedDouble
from server.people.roster import PostRole
from server.policy import Role
from tests.factories.accounts import sign_in
from tests.factories.competence import WELL, Bureau, Writing, a_bureau
from tests.factories.people import a_person, a_post
from tests.moments import NOON, Clock

DAYS = {"from_on": "2026-06-01", "until_on": "2026-06-30"}


@pytest.fixture
def bureau(client: FlaskClient, writing: Writing, config: Config) -> Bureau:
    return a_bureau(client, writing, config)


def test_a_supervisor_evaluates_in_their_own_subtree_only(bureau: Bureau, the_clock: Clock) -> None:
    cycle = bureau.a_cycle(**DAYS)
    neighbour = str(bureau.people["neighbour"].person_id)
    address = f"/competence-appraisals/{uuid4()}"

    named = bureau.refused("leader", "put", address, **bureau.draft(cycle, supervisor_id=neighbour))
    assert named == "supervisor_elsewhere"
    assert bureau.refused("neighbour", "put", address, **bureau.draft(cycle)) == "not_found"
    one = bureau.opened(cycle)
    for verb, where, body in (
        ("put", f"{one}/judgement", {"marks": WELL}),
        ("put", f"{one}/conclusion", {}),
        ("get", one, {}),
        ("get", f"/people/{bureau.officer_id}/competence", {}),
    ):
        assert bureau.refused("neighbour", verb, where, **body) == "not_found"
    assert bureau.good("neighbour", "get", "/competence-appraisals")["items"] == []
    assert len(bureau.good("city", "get", "/competence-appraisals")["items"]) == 1
    again = bureau.draft(cycle, grade="senior")
    assert bureau.refused("leader", "put", one, **again) == "id_taken"
    assert bureau.refused("leader", "put", address, **again) == "appraised_already"
    _leads_no_longer(bureau, "leader")
    refused = bureau.refused("leader", "put", f"{one}/judgement", marks=WELL)
    assert refused == "supervisor_elsewhere"
    the_clock.set(beginning_of(date(2026, 7, 1)))
    late = bureau.refused("officer", "put", f"{one}/judgement", marks=WELL)
    assert late == "cycle_over"


def _leads_no_longer(bureau: Bureau, who: str) -> None:
    with bureau.writing():
        for grant in db.session.query(RoleGrant).filter_by(
            account_id=bureau.people[who].account_id
        ):
            grant.revoked_at = clock.now()
    identities.forget()


@pytest.mark.parametrize("double", ["same number", "suspected"])
def test_nobody_evaluates_themselves_under_another_entry(bureau: Bureau, double: str) -> None:
    cycle, another = bureau.a_cycle(**DAYS), bureau.a_cycle(**DAYS)
    one = bureau.opened(cycle)
    with bureau.writing():
        officer = db.session.get_one(Person, bureau.officer_id)
        second = a_person(name=officer.name)
        if double == "same number":
            second.number_index = officer.number_index
        else:
            pair = sorted((officer.id, second.id))
            db.session.add(
                SuspectedDouble(
                    first_id=pair[0], second_id=pair[1], reasons=[], weight=90, found_at=NOON
                )
            )
        db.session.flush()
        bureau.people["second"] = sign_in(
            Role.LEADER,
            person_id=second.id,
            organisation_id=bureau.county_id,
            region_id=None,
            config=bureau.config,
            at=NOON,
        )
    as_supervisor = bureau.draft(another, supervisor_id=str(second.id))
    address = f"/competence-appraisals/{uuid4()}"

    assert bureau.refused("city", "put", address, **as_supervisor) == "judges_oneself"
    assert bureau.refused("second", "put", address, **bureau.draft(another)) == "judges_oneself"
    assert bureau.refused("second", "put", f"{one}/conclusion") == "judges_oneself"
    if double == "suspected":
        with bureau.writing():
            db.session.query(SuspectedDouble).one().ruling = DoubleRuling.DIFFERENT
        assert bureau.refused("second", "put", f"{one}/conclusion") == "judgement_missing"


def test_nobody_evaluates_a_superior(bureau: Bureau) -> None:
    cycle = bureau.a_cycle(who="city", **DAYS)
    with bureau.writing():
        leader = db.session.get_one(Person, bureau.people["leader"].person_id)
        post = a_post(leader, _county(bureau), role=PostRole.ENFORCEMENT_OFFICER)
    of_the_leader = {"post_id": str(post.id), "supervisor_id": str(bureau.people["city"].person_id)}
    panel = [str(bureau.officer_id), *(str(_colleague(bureau)) for _ in range(2))]
    address = f"/competence-appraisals/{uuid4()}"

    with_panel = bureau.draft(cycle, **of_the_leader, panel_ids=panel)
    assert bureau.refused("city", "put", address, **with_panel) == "judges_superior"
    own = bureau.draft(cycle, **of_the_leader)
    assert bureau.refused("leader", "put", address, **own) == "judges_oneself"
    assert bureau.good("city", "put", address, **own)["state"] == "open"


def _county(bureau: Bureau) -> Any:
    return db.session.get_one(Organisation, bureau.county_id)


def _colleague(bureau: Bureau) -> UUID:
    """Store somebody of the city's bureau, who may sit on a panel."""
    with bureau.writing():
        return a_person(db.session.get_one(Organisation, bureau.city_id), name="赵评委").id


def test_a_panel_is_large_enough_and_judges_once_each(bureau: Bureau) -> None:
    cycle = bureau.a_cycle(**DAYS)
    people = [_colleague(bureau) for _ in range(3)]
    for each in people:
        with bureau.writing():
            bureau.people[str(each)] = sign_in(
                person_id=each, organisation_id=None, region_id=None, config=bureau.config, at=NOON
            )
    panel = [str(each) for each in people]
    address = f"/competence-appraisals/{uuid4()}"

    for unfit in (panel[:2], [*panel[:2], panel[0]], [*panel[:2], str(_leader(bureau))]):
        draft = bureau.draft(cycle, panel_ids=unfit)
        assert bureau.refused("leader", "put", address, **draft) == "panel_unfit"
    one = bureau.opened(cycle, panel_ids=panel)
    bureau.good("leader", "put", f"{one}/judgement", marks=WELL)
    for one_of_them, mark in zip(panel, (3, 4, 4), strict=True):
        address = f"{one}/judgement"
        short = bureau.refused(one_of_them, "put", address, marks={"inspection": mark})
        assert short == "marks_unfit"
        beyond = bureau.refused(one_of_them, "put", address, marks=WELL | {"inspection": 6})
        assert beyond == "marks_unfit"
        bureau.good(one_of_them, "put", address, marks=WELL | {"inspection": mark})
        bureau.good(one_of_them, "put", address, marks=WELL | {"inspection": mark})
        changed = bureau.refused(one_of_them, "put", address, marks=WELL | {"inspection": 5})
        assert changed == "judged_already"
    settle = {"mark": 3, "reason": "无"}
    nothing = bureau.refused("city", "put", f"{one}/settlements/inspection", **settle)
    assert nothing == "no_disagreement"
    done = bureau.good("leader", "put", f"{one}/conclusion")
    # The lower median of 3, 3, 4 and 4: a generous judge lifts nobody.
    assert done["result"]["marks"]["inspection"] == 3
    mine = bureau.good(panel[0], "get", "/me/competence-appraisals")["items"]
    assert [each["id"] for each in mine] == [done["id"]]


def _leader(bureau: Bureau) -> UUID:
    return bureau.people["leader"].person_id
