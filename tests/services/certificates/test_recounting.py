"""A release that judges the same facts otherwise counts everybody anew by itself, once."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import current_app
from sqlalchemy import delete, select, text, update

from certificates import commands, producing
from certificates.models import CoverageRules, CoverageStretch
from certificates.services import fitness, gauges
from certificates.services.counts import rebuilding, recounting
from certificates.sums import RULES
from server import clock, work
from server.db import db, transaction
from server.doctor.findings import Level
from server.jobs.models import Job, JobState
from server.people.roster import PostRole
from tests.factories.rosters import a_person, a_post, a_region, an_organisation
from tests.moments import NOON

(WATCH,) = [one for one in commands.WORK if one.name == "coverage_check"]


@pytest.fixture
def upgraded(furnished, writing):
    """Store electricians who were counted by a former release; stay inside the app."""
    with writing():
        works = an_organisation(a_region(a_region(a_region(name="某省")), name="甲县"))
        for _ in range(3):
            a_post(a_person(works), works, role=PostRole.SPECIAL_OPERATIONS_WORKER, items=("1.2",))
    with furnished.app_context():
        with transaction():
            rebuilding.rebuild(at=NOON)
            db.session.execute(update(CoverageRules).values(number=RULES - 1))
            db.session.execute(delete(CoverageStretch))
        yield furnished
        db.session.rollback()


def stretches():
    db.session.rollback()
    return len(db.session.scalars(select(CoverageStretch.id)).all())


def told():
    config = current_app.extensions["config"]
    [finding] = fitness.rules_of_coverage(config, NOON)
    [due] = [one.value for one in gauges.coverage(config, NOON) if "recount_due" in one.name]
    return finding.level, due, finding.zh + finding.en


def asked():
    return db.session.scalars(select(Job.id).where(Job.kind == recounting.JOB)).all()


def test_an_installation_that_begins_is_counted_by_the_rules_of_its_release(furnished):
    with furnished.app_context():
        assert recounting.counted_by() == RULES
        assert told()[:2] == (Level.FINE, 0)


def test_after_an_upgrade_everybody_is_counted_anew_once_however_many_differ(
    upgraded, run_jobs, monkeypatch
):
    monkeypatch.setattr(producing, "FEW", 0)
    level, due, sentence = told()
    assert (level, due) == (Level.CARE, 1)
    assert "within five minutes" in sentence

    assert work.run_once(WATCH, "one") == 1
    assert "waits for its turn" in told()[2]
    run_jobs()

    assert stretches() > 0
    assert (recounting.counted_by(), *told()[:2]) == (RULES, Level.FINE, 0)
    with transaction():
        assert not recounting.ask_if_due(at=clock.now())
    assert len(asked()) == 1


def test_what_failed_is_told_and_tried_again_the_next_day(upgraded, the_clock):
    assert work.run_once(WATCH, "one") == 1
    with transaction():
        told_why = {"code": "job_died", "zh": "…", "en": "…"}
        db.session.execute(update(Job).values(state=JobState.FAILED, failure=told_why))

    the_clock.move(timedelta(hours=1))
    assert work.run_once(WATCH, "one") == 0
    assert "job_died" in told()[2]
    assert "flask coverage rebuild" in told()[2]
    the_clock.move(timedelta(days=1))
    assert work.run_once(WATCH, "one") == 1

    assert len(asked()) == 2


@pytest.mark.parametrize("words", [["rebuild"], ["rebuild", "--from-nothing"]])
def test_whoever_counts_anew_by_hand_is_not_counted_after(upgraded, words):
    ran = upgraded.test_cli_runner().invoke(args=["coverage", *words])

    assert ran.exit_code == 0, ran.output
    assert recounting.counted_by() == RULES
    assert work.run_once(WATCH, "one") == 0
    assert asked() == []


def test_lists_are_read_from_their_index_alone_after_a_count_from_nothing(upgraded):
    if db.engine.dialect.name != "postgresql":
        pytest.skip("An embedded database knows no pages that not everybody may see.")
    words = "SELECT relallvisible, relpages FROM pg_class WHERE relname = 'coverage_stretch'"

    ran = upgraded.test_cli_runner().invoke(args=["coverage", "rebuild", "--from-nothing"])

    assert ran.exit_code == 0, ran.output
    visible, pages = db.session.execute(text(words)).one()
    assert visible == pages > 0
