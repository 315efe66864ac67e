"""Chapter: a sitting in a room: bulk enrolment, seats, tickets, the door, absence (考场场次)."""

from __future__ import annotations

import io
import time
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import xlsxwriter

from load_tests import journeys
from load_tests.chapters import exam
from load_tests.chapters.story import Story
from load_tests.client import Client
from load_tests.expectations import expect, expect_that
from load_tests.messages import Ask, get, put
from load_tests.roles import SMALL
from load_tests.setting import Candidate, a_candidate, appoint, today

_SITTING = "/v1/sittings/{sitting_id}"
_WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

#: Seconds until the sitting opens: enough to enrol, decide, seat and check in before.
_AHEAD = 20


def tell(story: Story) -> None:
    """Hold a sitting in a room for three electricians, two places and one who waits."""
    if story.role.post != "special_operations_worker":
        return
    crew = _crew(story)
    room_id = _room(story)
    sitting_id, opens_at = _sitting(story, room_id)
    places = _enrolled(story, sitting_id, crew)
    seats = _seated(story, sitting_id, places, crew)
    _let_in(story, sitting_id, room_id, seats[0])
    _started(story, opens_at, crew, seats)


def _crew(story: Story) -> list[Candidate]:
    setting, role = story.setting, story.role
    with story.step("three electricians declare to be fit") as step:
        crew = [a_candidate(setting, role.post, items=role.operation_items) for _ in range(3)]
        for one in crew:
            body = {
                "kind": "health",
                "happened_on": today(),
                "organisation_id": setting.organisations["enterprise"],
                "summary": "本人身体健康，无妨碍从事本工种的疾病",
            }
            address = "/v1/people/{person_id}/file-entries/{entry_id}"
            ask = put(address, body, person_id=one.person_id, entry_id=setting.new_id())
            setting.staff["issuer"].send(ask).good()
        step.result = "、".join(one.papers.name for one in crew)
    return crew


def _room(story: Story) -> UUID:
    setting, planner = story.setting, story.setting.staff["planner"]
    with story.step("test centre approved, a room of four seats") as step:
        centre_id, room_id = setting.organisations["test_centre"], setting.new_id()
        body: dict[str, Any] = {
            "from_on": today() - timedelta(days=1),
            "until_on": today() + timedelta(days=30),
            "document": "走查〔2026〕1号",
        }
        address = "/v1/test-centres/{centre_id}/approvals/{approval_id}"
        ask = put(address, body, centre_id=centre_id, approval_id=setting.new_id())
        planner.send(ask).good()
        body = {
            "name": "第一考场",
            "address": "一号楼201",
            "row_count": 2,
            "column_count": 2,
            "defective": [[2, 2]],
        }
        address = "/v1/test-centres/{centre_id}/rooms/{room_id}"
        found = planner.send(put(address, body, centre_id=centre_id, room_id=room_id)).good()
        expect("places of the room", found["capacity"], 3)
        step.result = "three seats, one is broken"
    return room_id


def _sitting(story: Story, room_id: UUID) -> tuple[UUID, datetime]:
    setting, planner = story.setting, story.setting.staff["planner"]
    with story.step("exam plan, sitting planned and opened") as step:
        specification_id, _ = exam.specify(
            setting,
            planner,
            qualification=story.role.qualification,
            sections=SMALL,
            name="考场组卷规则",
        )
        plan_id, sitting_id = setting.new_id(), setting.new_id()
        body: dict[str, Any] = {
            "name": "走查考试计划",
            "organisation_id": setting.organisations["authority"],
            "qualification_id": setting.qualifications[story.role.qualification],
            "specification_id": specification_id,
            "from_on": today() - timedelta(days=1),
            "until_on": today() + timedelta(days=30),
        }
        planner.send(put("/v1/exam-plans/{plan_id}", body, plan_id=plan_id)).good()
        now = datetime.now(UTC)
        opens_at = now + timedelta(seconds=_AHEAD)
        body = {
            "plan_id": plan_id,
            "name": "低压电工理论考试（考场）",
            "centre_id": setting.organisations["test_centre"],
            "room_ids": [room_id],
            "capacity": 2,
            "stand_by_limit": 1,
            "enrolment_opens_at": (now - timedelta(minutes=1)).isoformat(),
            "enrolment_closes_at": opens_at.isoformat(),
            "opens_at": opens_at.isoformat(),
            "closes_at": (opens_at + timedelta(hours=3)).isoformat(),
            "absence_notice_hours": 0,
            "form_count": 2,
        }
        planner.send(put(_SITTING, body, sitting_id=sitting_id)).good()
        expect("state", _moved(planner, sitting_id, "opening"), "open")
        step.result = f"opens in {_AHEAD} s"
    return sitting_id, opens_at


def _moved(planner: Client, sitting_id: UUID, move: str) -> str:
    found = planner.send(put(f"{_SITTING}/{move}", sitting_id=sitting_id)).good()
    return str(found["state"])


def _enrolled(story: Story, sitting_id: UUID, crew: list[Candidate]) -> list[dict[str, Any]]:
    setting, planner = story.setting, story.setting.staff["planner"]
    with story.step("enrolled by workbook, admitted, one waits") as step:
        ask = Ask(
            method="PUT",
            address=f"{_SITTING}/enrolment-imports/{{import_id}}",
            ids={"sitting_id": sitting_id, "import_id": setting.new_id()},
            query={"sent_by_id": setting.organisations["enterprise"], "store": "true"},
            file=_workbook(crew),
            file_type=_WORKBOOK,
        )
        # The one who sends them is the administrator of the enterprise; the planner decides.
        sender = appoint(setting, "enterprise_safety_officer", "enterprise")
        for _ in range(2):
            expect("rows", sender.send(ask).good()["accepted_count"], 3)
        due = get("/v1/candidatures", query={"sitting_id": sitting_id})
        places: list[dict[str, Any]] = planner.send(due).good()["items"]
        expect("applications, nobody twice", len(places), 3)
        places.sort(key=lambda one: int(one["number"]))
        awaits = []
        for one in places:
            body = {"approved": True, "reason": "符合报考条件"}
            address = "/v1/enrolments/{enrolment_id}/decision"
            decided = planner.send(put(address, body, enrolment_id=one["id"])).good()
            awaits.append(decided["awaits"])
        expect("who waits for what", awaits, ["seat", "seat", "stand_by"])
        step.result = "two places, one stand-by"
    return places


def _workbook(crew: list[Candidate]) -> bytes:
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        for place, head in enumerate(("姓名", "身份证号")):
            sheet.write_string(0, place, head)
        for number, one in enumerate(crew, start=1):
            sheet.write_string(number, 0, one.papers.name)
            sheet.write_string(number, 1, one.papers.document_number)
    return target.getvalue()


def _seated(
    story: Story, sitting_id: UUID, places: list[dict[str, Any]], crew: list[Candidate]
) -> list[dict[str, Any]]:
    planner = story.setting.staff["planner"]
    with story.step("seats by lot, tickets; one is excused, the next moves up") as step:
        _moved(planner, sitting_id, "closure")
        expect("state", _moved(planner, sitting_id, "seating"), "seated")
        excused = _phone_of(places[1], crew)
        body = {"reason": "住院"}
        address = "/v1/enrolments/{enrolment_id}/absence"
        told = excused.send(put(address, body, enrolment_id=places[1]["id"])).good()
        expect("attendance", told["attendance"], "excused")
        tickets = get(f"{_SITTING}/tickets", sitting_id=sitting_id)
        found: list[dict[str, Any]] = planner.send(tickets).good()["items"]
        expect(
            "tickets", [one["enrolment_id"] for one in found], [places[0]["id"], places[2]["id"]]
        )
        own = get("/v1/enrolments/{id}/ticket.pdf", id=places[0]["id"])
        printed = _phone_of(places[0], crew).send(own)
        expect_that("a ticket is printed", printed.raw.startswith(b"%PDF"))
        step.result = ", ".join(str(one["seat"]) for one in found)
    return [places[0], places[2]]


def _phone_of(place: dict[str, Any], crew: list[Candidate]) -> Client:
    return next(one.phone for one in crew if str(one.person_id) == place["candidate_id"])


def _let_in(story: Story, sitting_id: UUID, room_id: UUID, place: dict[str, Any]) -> None:
    setting, planner = story.setting, story.setting.staff["planner"]
    with story.step("doors open, checked in by an invigilator's phone") as step:
        watcher = appoint(setting, "invigilator", "test_centre")
        person_id = watcher.send(get("/v1/me")).good()["person_id"]
        duty = {"person_id": person_id, "duty": "invigilator", "room": "第一考场"}
        address = f"{_SITTING}/duties/{{duty_id}}"
        planner.send(put(address, duty, sitting_id=sitting_id, duty_id=setting.new_id())).good()
        expect("state", _moved(planner, sitting_id, "start"), "running")
        whole = f"{_SITTING}/rooms/{{room_id}}"
        ids: dict[str, Any] = {"sitting_id": sitting_id, "room_id": room_id}
        roster = watcher.send(get(f"{whole}/roster", **ids)).good()
        expect_that("the roster is signed", roster["signature"] and roster["public_keys"])
        entry = {
            "id": setting.new_id(),
            "enrolment_id": place["id"],
            "sequence": 1,
            "happened_at": datetime.now(UTC).isoformat(),
        }
        body = {"device_id": setting.new_id(), "entries": [entry]}
        for _ in range(2):
            said = watcher.send(put(f"{whole}/check-ins", body, **ids)).good()["entries"]
            expect("verdicts", [one["verdict"] for one in said], ["accepted"])
        step.result = "one let in, said twice, kept once"


def _started(
    story: Story, opens_at: datetime, crew: list[Candidate], places: list[dict[str, Any]]
) -> None:
    with story.step("who was let in starts, who was not does not") as step:
        time.sleep(max((opens_at - datetime.now(UTC)).total_seconds() + 0.5, 0))
        replies = []
        for place in places:
            body = {"enrolment_id": place["id"]}
            ask = put(journeys.ATTEMPT, body, attempt_id=story.setting.new_id())
            replies.append(_phone_of(place, crew).send(ask))
        expect("started", replies[0].good()["state"], "in_progress")
        expect("not let in", replies[1].code, "not_admitted")
        address = "/v1/enrolments/{enrolment_id}/absence"
        late = put(address, {"reason": "忘记了"}, enrolment_id=places[1]["id"])
        expect("a late absence", _phone_of(places[1], crew).send(late).code, "absence_too_late")
        step.result = "not_admitted; absence_too_late"
