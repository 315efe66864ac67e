"""Every night everybody is counted in full, once, and a difference is told to whom it concerns."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from certificates.models import CoverageCheck, CoverageDay
from server import clock, work
from server.days import CIVIL_ZONE
from server.db import db, transaction
from server.jobs.models import Job
from server.messages.services import outbox
from server.people.roster import PostRole
from server.policy import Role
from tests.factories.certificates import an_issuer
from tests.factories.rosters import a_person, a_post, a_region, an_organisation

#: Processes that do the platform's work side by side; after the first night they are others.
WORKERS = [("one", "other"), ("third", "fourth"), ("fifth", "sixth")]


@pytest.fixture
def county(furnished, writing):
    """Store a county with an electrician without a certificate."""
    with writing():
        county = a_region(a_region(a_region(name="某省")), name="甲县")
        an_issuer(county)
        works = an_organisation(county)
        special = PostRole.SPECIAL_OPERATIONS_WORKER
        a_post(a_person(works), works, role=special, items=("1.2",))
        return county.id


@pytest.fixture
def live(app, the_clock, run_jobs):
    """Let a day and a night pass beside two workers; return when jobs of the check were asked."""
    (nightly,) = [each for each in app.extensions["parts"].work if each.name == "coverage_check"]

    def passes(workers):
        with app.app_context():
            before = set(db.session.execute(select(Job.id)).scalars())
            for _ in range(24):
                the_clock.move(timedelta(hours=1))
                for worker in workers:
                    work.run_once(nightly, worker)
                run_jobs()
            jobs = select(Job.asked_at).where(Job.kind == "coverage_check", Job.id.not_in(before))
            return [_in_shanghai(at) for at in db.session.execute(jobs).scalars()]

    return passes


def _in_shanghai(at: datetime) -> int:
    return at.astimezone(CIVIL_ZONE).hour


def test_each_night_is_checked_once_whoever_works_and_a_difference_alarms(
    app, client, county, live, a_signed_in
):
    keeper = a_signed_in(Role.ADMINISTRATOR).person_id

    def ask(address, **query):
        # Signed in anew: what was given out a day ago has lapsed.
        headers = a_signed_in(Role.ADMINISTRATOR).headers
        return client.get(address, query_string=query, headers=headers)

    def last():
        return ask("/v1/coverage-checks/last")

    assert last().status_code == 404
    assert [len(live(WORKERS[0])), last().json["differences"]] == [1, []]

    with app.app_context(), transaction():
        wrong = select(CoverageDay).where(CoverageDay.required > 0).limit(1)
        cell = db.session.execute(wrong).scalar_one()
        cell.required += 1
    assert live(WORKERS[1]) == [1]

    (named, *_) = last().json["differences"]
    assert named["kept"]["required"] == named["counted"]["required"] + 1
    with app.app_context():
        (told,) = outbox.of_person(keeper).items
    assert told.kind == "coverage_differs"
    assert all(named[part] in told.body_zh for part in ("region", "indicator", "on"))
    assert f"platform_coverage_differences {len(last().json['differences'])}" in _gauges(
        app, client
    )
    where = {"region_id": named["region_id"], "indicator": named["indicator"]}
    shown = ask("/v1/coverage", **where).json["freshness"]
    assert shown["difference_count"] == len(last().json["differences"])

    with app.app_context(), transaction():
        db.session.merge(cell).required -= 1
    assert live(WORKERS[2]) == [1]
    assert last().json["differences"] == []
    with app.app_context():
        nights = db.session.execute(select(CoverageCheck.checked_at)).scalars().all()
    assert len(nights) == 3
    assert clock.now() - max(nights) < timedelta(days=1)


def _gauges(app, client):
    app.extensions["gauges"].forget()
    told = client.get("/metrics").get_data(as_text=True)
    app.extensions["gauges"].forget()
    return told.replace(".0", "")
