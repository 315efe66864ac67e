"""A form for each of hundreds: a job makes them, whatever happens to it, while nobody waits."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import func, select

from exams import commands, publishing_jobs
from exams.models import Paper, PaperItem, PaperMaking, PaperPackage, Sitting
from exams.services import planning, publication_jobs
from exams.sittings import Mode, SittingMove
from question_bank.models import QuestionUse, QuestionVersion
from server import clock
from server.db import db, transaction
from server.jobs import services as jobs
from server.jobs.models import JobState
from server.jobs.services import LEASE
from server.jobs.work import Pulse, Running
from server.policy import Role
from tests.factories import exams as a
from tests.factories import sittings as some
from tests.moments import NOON

#: One more than is made while somebody waits.
FORMS = 301


class ProcessDied(Exception):
    """What the process of a job does not live to see."""


class Dying(Running):
    """A job whose process dies once it has said so often how far it is."""

    lives = 4

    def told(self, done: int, total: int) -> None:
        """Say so, or die."""
        self.lives -= 1
        if not self.lives:
            raise ProcessDied
        super().told(done, total)


@pytest.fixture
def ground(writing, a_signed_in):
    """A centre with questions for its papers, and how its planner signs in."""
    with writing():
        hall = some.a_hall()
        a.questions({"true_false": 60})
        centre_id = hall.centre.id
    return hall, a_signed_in(Role.PLANNER, organisation_id=centre_id)


@pytest.fixture
def stand(client, app, ground):
    """What the planner of a large exam does, and what the database says then."""
    return Stand(client, app, *ground)


class Stand:
    """A planner, and an exam of three hundred and one forms."""

    def __init__(self, client, app, hall, planner):
        self.client, self.app, self.hall, self.planner = client, app, hall, planner
        self.exam_id = uuid4()

    def put(self, address, body=None, headers=None):
        """Send."""
        return self.client.put(f"/v1{address}", json=body, headers=headers or self.planner.headers)

    def publish(self, **how):
        """Publish the exam."""
        return self.put(f"/exams/{self.exam_id}/publication", **how)

    def job(self, job_id):
        """Look how far the job is."""
        return self.client.get(f"/v1/jobs/{job_id}", headers=self.planner.headers).json

    def state(self):
        """Look how the exam stands."""
        address = f"/v1/exams/{self.exam_id}"
        return self.client.get(address, headers=self.planner.headers).json["state"]

    def forms(self):
        """Return the forms that lie there, by number."""
        with self.app.app_context():
            rows = db.session.execute(
                select(Paper.form, Paper.id)
                .join(PaperPackage, PaperPackage.paper_id == Paper.id)
                .where(Paper.exam_id == self.exam_id)
            )
            return {form: paper_id for form, paper_id in rows}

    def left(self):
        """Return what an unpublished exam leaves in the database."""
        with self.app.app_context():
            papers = select(Paper.id).where(Paper.exam_id == self.exam_id)
            counted = (
                select(func.count()).select_from(papers.subquery()),
                select(func.count()).where(PaperItem.paper_id.in_(papers)),
                select(func.count()).where(QuestionUse.exam_id == self.exam_id),
                select(func.count()).where(PaperMaking.exam_id == self.exam_id),
            )
            return [db.session.scalars(one).one() for one in counted]

    def run_until_it_dies(self):
        """Do a part of the job that waits, in a process that dies."""
        with self.app.app_context():
            with transaction():
                job = jobs.take("dies", at=clock.now())
            assert job is not None
            with Pulse(db.engine, job.id, "dies") as pulse, pytest.raises(ProcessDied):
                publication_jobs.run(Dying(job, pulse), job.wanted)
            db.session.rollback()


@pytest.fixture
def large(stand, writing):
    """The stand with its exam planned."""
    with writing():
        plan = a.a_plan(stand.hall.centre, sections=some.SECTIONS, form_count=FORMS)
        planning.plan(stand.exam_id, plan, by=a.SOMEBODY, at=NOON)
    return stand


def test_an_exam_of_hundreds_of_forms_is_published_by_a_job_that_goes_on_after_a_kill(
    large, run_jobs, the_clock, a_signed_in
):
    asked = large.publish()
    again = large.publish()

    assert (asked.status_code, again.status_code) == (202, 202)
    job_id = asked.json["id"]
    assert again.json["id"] == job_id
    assert asked.headers["Location"].endswith(f"/v1/jobs/{job_id}")
    other = a_signed_in(Role.PLANNER, organisation_id=large.hall.centre.id).headers
    refused = large.publish(headers=other)
    assert (refused.status_code, refused.json["code"]) == (409, "papers_being_made")

    large.run_until_it_dies()

    before = large.forms()
    assert sorted(before) == list(range(1, 41))
    assert large.state() == "draft"
    the_clock.move(LEASE + timedelta(seconds=1))
    run_jobs()
    job = large.job(job_id)
    assert (job["state"], job["done"], job["total"]) == ("done", FORMS, FORMS)
    after = large.forms()
    assert sorted(after) == list(range(1, FORMS + 1))
    assert {form: after[form] for form in before} == before
    assert (large.publish().status_code, large.state()) == (200, "published")
    address = f"/v1/exams/{large.exam_id}/paper-report"
    report = large.client.get(address, headers=large.planner.headers).json
    assert len(report["papers"]) == FORMS
    assert report["overlap"]["pairs"] == FORMS * (FORMS - 1) // 2


def test_what_a_cancelled_job_made_is_cleared_away_and_the_exam_stays_a_draft(large, run_jobs):
    job_id = large.publish().json["id"]
    large.run_until_it_dies()
    assert large.left()[0] == 40
    large.put(f"/jobs/{job_id}/cancellation")
    with large.app.app_context():
        with transaction():
            assert jobs.end(UUID(job_id), "dies", JobState.CANCELLED, at=clock.now())
        assert publishing_jobs.WORK in commands.WORK
        assert len(publication_jobs.abandoned()) == 1
        assert publishing_jobs.clear(NOON) == 40
        assert not publication_jobs.abandoned()

    assert large.left() == [0, 0, 0, 0]
    assert large.state() == "draft"
    assert large.publish().status_code == 202
    run_jobs()
    assert large.state() == "published"


def test_nothing_is_published_that_was_withdrawn_while_papers_were_made(
    large, run_jobs, writing, the_clock
):
    first = large.publish().json["id"]
    large.run_until_it_dies()
    with writing():
        asked = select(PaperItem.version_id).join(Paper).where(Paper.exam_id == large.exam_id)
        version = db.session.get_one(QuestionVersion, db.session.scalars(asked).first())
        version.withdrawn_at = NOON
    the_clock.move(LEASE + timedelta(seconds=1))
    # Taken up again it draws without what was withdrawn, and throws away what lay there.
    run_jobs()
    assert large.job(first)["state"] == "done"
    with large.app.app_context():
        gone = select(func.count()).select_from(PaperItem).join(Paper).join(QuestionVersion)
        gone = gone.where(Paper.exam_id == large.exam_id, QuestionVersion.withdrawn_at.is_not(None))
        assert db.session.scalars(gone).one() == 0
    assert len(large.forms()) == FORMS


def test_a_form_for_each_of_hundreds_is_dealt_in_a_sitting(stand, writing, run_jobs):
    with writing():
        how = {"mode": Mode.PHONE, "room_ids": (), "capacity": 400, "form_count": FORMS}
        sitting_id = some.a_sitting(stand.hall, opened=False, **how).id
    opened = stand.put(f"/sittings/{sitting_id}/opening")
    assert opened.status_code == 202
    shown = stand.client.get(f"/v1/sittings/{sitting_id}", headers=stand.planner.headers)
    assert shown.json["state"] == "planned"

    run_jobs()

    assert stand.put(f"/sittings/{sitting_id}/opening").json["state"] == "open"
    with writing():
        sitting = db.session.get_one(Sitting, sitting_id)
        placed = some.admitted(stand.hall, sitting, 3)
        at = some.OPENS - timedelta(days=1)
        some.move(stand.hall, sitting, SittingMove.CLOSE, SittingMove.SEAT, at=at)
        assert len({one.enrolment.paper_id for one in placed}) == 3
