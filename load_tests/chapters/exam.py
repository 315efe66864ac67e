"""Chapter: an exam is planned, people are trained and enrolled (考试计划、培训、报名)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from load_tests import journeys
from load_tests.chapters.story import Story
from load_tests.client import Client
from load_tests.expectations import expect, expect_that
from load_tests.messages import get, put
from load_tests.roles import SMALL, Role, Section
from load_tests.setting import Candidate, Setting, a_candidate, today


def tell(story: Story) -> None:
    """Plan and publish the exam, train the candidates, and enrol them."""
    story.specification_id = _specify(story)
    _plan(story, story.specification_id)
    with story.step("two candidates with posts and phones") as step:
        role = story.role
        story.candidate = a_candidate(story.setting, role.post, items=role.operation_items)
        story.loser = a_candidate(story.setting, role.post, items=role.operation_items)
        names = (one.papers.name for one in (story.candidate, story.loser))
        step.result = "、".join(names)


def enrol(story: Story) -> None:
    """Train both candidates and give them their places."""
    _train(story)
    with story.step("enrolled") as step:
        places = {one.person_id: _place(story, one) for one in (story.candidate, story.loser)}
        story.enrolments = places
        step.result = "both have a place"


def plan(
    setting: Setting,
    planner: Client,
    *,
    qualification: str,
    specification_id: UUID,
    name: str,
    **more: object,
) -> UUID:
    """Plan an exam that is open now, and publish it; return its id."""
    exam_id, now = setting.new_id(), datetime.now(UTC)
    body = {
        "name": name,
        "qualification_id": setting.qualifications[qualification],
        "specification_id": specification_id,
        "organisation_id": setting.organisations["test_centre"],
        "opens_at": (now - timedelta(minutes=1)).isoformat(),
        "closes_at": (now + timedelta(hours=6)).isoformat(),
        **more,
    }
    planner.send(put("/v1/exams/{exam_id}", body, exam_id=exam_id)).good()
    ask = put("/v1/exams/{exam_id}/publication", exam_id=exam_id)
    expect("state of the exam", planner.send(ask).good()["state"], "published")
    return exam_id


def specify(
    setting: Setting,
    planner: Client,
    *,
    qualification: str,
    sections: Sequence[Section],
    name: str,
) -> tuple[UUID, dict[str, Any]]:
    """Write a paper specification; return its id and what the bank can carry of it."""
    specification_id = setting.new_id()
    body = {
        "name": name,
        "qualification_id": setting.qualifications[qualification],
        "organisation_id": setting.organisations["test_centre"],
        "sections": [section.as_json() for section in sections],
    }
    address = "/v1/paper-specifications/{specification_id}"
    planner.send(put(address, body, specification_id=specification_id)).good()
    preview = get(f"{address}/preview", specification_id=specification_id)
    supply: dict[str, Any] = planner.send(preview).good()
    return specification_id, supply


def train(setting: Setting, candidate: Candidate, role: Role) -> UUID:
    """Record, as the provider, that somebody has finished the training for a role."""
    record_id = setting.new_id()
    body = {
        "programme": f"{role.name_zh}资格培训",
        "purpose": "qualification",
        "hours": f"{role.hours}.0",
        "provider_id": setting.organisations["provider"],
        "started_on": today() - timedelta(days=12),
        "finished_on": today() - timedelta(days=2),
        "role": role.post,
        "item": role.tag["operation_item"],
        "passed": True,
        "document_number": candidate.papers.document_number,
    }
    address = "/v1/people/{person_id}/training-records/{record_id}"
    ask = put(address, body, person_id=candidate.person_id, record_id=record_id)
    found = setting.staff["provider_staff"].send(ask).good()
    expect("hours on file", found["content"]["hours"], f"{role.hours}.0")
    return record_id


def _specify(story: Story) -> UUID:
    planner = story.setting.staff["planner"]
    with story.step("paper specification") as step:
        for sections in (story.role.sections, SMALL):
            specification_id, supply = specify(
                story.setting,
                planner,
                qualification=story.role.qualification,
                sections=sections,
                name=f"{story.role.name_zh}组卷规则",
            )
            if not supply["shortages"]:
                break
        expect("shortages of the bank", supply["shortages"], [])
        step.result = " + ".join(f"{one.count} {one.kind} × {one.points}" for one in sections)
    return specification_id


def _plan(story: Story, specification_id: UUID) -> None:
    planner, setting = story.setting.staff["planner"], story.setting
    with story.step("exam planned, published") as step:
        address = "/v1/qualifications/{qualification_id}/standards"
        qualification_id = setting.qualifications[story.role.qualification]
        standards = planner.send(get(address, qualification_id=qualification_id)).good()["items"]
        standard = standards[-1]
        story.exam_id = plan(
            setting,
            planner,
            qualification=story.role.qualification,
            specification_id=specification_id,
            name=f"{story.role.name_zh}考试",
        )
        wanted = {"minutes": 120, "max_points": 100, "pass_percent": 80}
        expect("standard", {name: standard[name] for name in wanted}, wanted)
        step.result = "120 min, 100 points, pass 80; since " + standard["effective_from"]


def _train(story: Story) -> None:
    needs_training = story.role.post != "special_operations_worker"
    with story.step("place asked for before the training") as step:
        enrolment_id = story.setting.new_id()
        ask = journeys.enrol(enrolment_id, story.exam_id)
        found = story.candidate.phone.send(ask).good()
        expect("a place without training", found["accepted"], not needs_training)
        expect_that("reasons are named", bool(found["reasons"]) == needs_training)
        story.enrolments[story.candidate.person_id] = enrolment_id
        step.result = ", ".join(found["reasons"]) or "no hours are asked for"
    with story.step("training recorded by the provider") as step:
        for one in (story.candidate, story.loser):
            story.records[one.person_id] = train(story.setting, one, story.role)
        step.result = f"{story.role.hours} hours each"


def _place(story: Story, candidate: Candidate) -> UUID:
    enrolment_id = story.enrolments.get(candidate.person_id) or story.setting.new_id()
    ask = journeys.enrol(enrolment_id, story.exam_id)
    found = candidate.phone.send(ask).good()
    expect("place", (found["accepted"], found["reasons"]), (True, []))
    expect("enrolling twice", candidate.phone.send(ask).good()["accepted"], True)
    return enrolment_id
