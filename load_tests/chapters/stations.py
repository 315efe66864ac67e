"""Chapter: a practical at a sitting: applied for after the theory, a station, a call (实操场次)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from load_tests.chapters.story import Story
from load_tests.client import Client
from load_tests.expectations import expect, expect_that
from load_tests.messages import get, put
from load_tests.setting import Candidate, appoint, today

_SITTING = "/v1/sittings/{sitting_id}"
_ROOM = "实操室"

#: Seconds until the sitting opens: people apply before, and come early.
_AHEAD = 30


def tell(story: Story) -> tuple[UUID, Client, Client]:
    """Hold a practical; return its id and the two examiners who score it."""
    room_id = _stations(story)
    sitting_id = _opened(story, room_id)
    place_id = _applied(story, sitting_id)
    first, second, watcher = _staffed(story, sitting_id, room_id, place_id)
    practical_id = _called(story, sitting_id, room_id, first, watcher)
    return practical_id, first, second


def _stations(story: Story) -> UUID:
    setting, planner = story.setting, story.setting.staff["planner"]
    with story.step("test centre approved for practicals, two stations") as step:
        held = story.candidate.phone.send(get("/v1/me/certificates")).good()["items"]
        expect("certificates before the practical", held, [])
        centre_id, room_id = setting.organisations["test_centre"], setting.new_id()
        approval = {
            "from_on": today() - timedelta(days=1),
            "until_on": today() + timedelta(days=30),
            "document": "走查〔2026〕2号",
        }
        address = "/v1/test-centres/{centre_id}/approvals/{approval_id}"
        ids = {"centre_id": centre_id, "approval_id": setting.new_id()}
        planner.send(put(address, approval, **ids)).good()
        body: dict[str, Any] = {
            "name": _ROOM,
            "address": "二号楼101",
            "row_count": 1,
            "column_count": 2,
        }
        address = "/v1/test-centres/{centre_id}/rooms/{room_id}"
        planner.send(put(address, body, centre_id=centre_id, room_id=room_id)).good()
        step.result = f"{_ROOM}: two stations"
    return room_id


def _opened(story: Story, room_id: UUID) -> UUID:
    setting, planner = story.setting, story.setting.staff["planner"]
    with story.step("practical sitting planned in turns, and opened") as step:
        plan_id, sitting_id = setting.new_id(), setting.new_id()
        plan = {
            "name": "走查实操计划",
            "organisation_id": setting.organisations["authority"],
            "qualification_id": setting.qualifications[story.role.qualification],
            "specification_id": story.specification_id,
            "from_on": today() - timedelta(days=1),
            "until_on": today() + timedelta(days=30),
        }
        planner.send(put("/v1/exam-plans/{plan_id}", plan, plan_id=plan_id)).good()
        now = datetime.now(UTC)
        opens_at = now + timedelta(seconds=_AHEAD)
        body: dict[str, Any] = {
            "plan_id": plan_id,
            "name": "低压电工实操考试",
            "centre_id": setting.organisations["test_centre"],
            "mode": "practical",
            "turn_minutes": 60,
            "room_ids": [room_id],
            "enrolment_opens_at": (now - timedelta(minutes=1)).isoformat(),
            "enrolment_closes_at": opens_at.isoformat(),
            "opens_at": opens_at.isoformat(),
            "closes_at": (opens_at + timedelta(hours=3)).isoformat(),
            "absence_notice_hours": 0,
        }
        planned = planner.send(put(_SITTING, body, sitting_id=sitting_id)).good()
        expect("places: two stations, three turns", planned["capacity"], 6)
        expect("state", _moved(planner, sitting_id, "opening"), "open")
        step.result = "three turns of an hour"
    return sitting_id


def _moved(planner: Client, sitting_id: UUID, move: str) -> str:
    found = planner.send(put(f"{_SITTING}/{move}", sitting_id=sitting_id)).good()
    return str(found["state"])


def _applied(story: Story, sitting_id: UUID) -> UUID:
    planner = story.setting.staff["planner"]
    with story.step("only after the theory; a station and a turn by lot; a ticket") as step:
        for one in (story.candidate, story.loser):
            _declare_fit(story, one)
        _, early = _apply(story, sitting_id, story.loser)
        reasons = [one["hindrance"] for one in early["reasons"]]
        expect("without the theory", reasons, ["theory_not_passed"])
        address = "/v1/enrolments/{enrolment_id}/withdrawal"
        story.loser.phone.send(put(address, enrolment_id=early["id"])).good()
        place_id, place = _apply(story, sitting_id, story.candidate)
        expect("reasons after it", place["reasons"], [])
        decision = {"approved": True, "reason": "理论合格"}
        address = "/v1/enrolments/{enrolment_id}/decision"
        planner.send(put(address, decision, enrolment_id=place_id)).good()
        _moved(planner, sitting_id, "closure")
        expect("state", _moved(planner, sitting_id, "seating"), "seated")
        phone = story.candidate.phone
        ticket = phone.send(get("/v1/enrolments/{id}/ticket", id=place_id)).good()
        expect("turn", ticket["turn"], 1)
        printed = phone.send(get("/v1/enrolments/{id}/ticket.pdf", id=place_id))
        expect_that("a ticket is printed", printed.raw.startswith(b"%PDF"))
        step.result = f"theory_not_passed; {ticket['room']} {ticket['seat']}, turn 1"
    return place_id


def _declare_fit(story: Story, one: Candidate) -> None:
    setting = story.setting
    body = {
        "kind": "health",
        "happened_on": today(),
        "organisation_id": setting.organisations["enterprise"],
        "summary": "本人身体健康，无妨碍从事本工种的疾病",
    }
    address = "/v1/people/{person_id}/file-entries/{entry_id}"
    ask = put(address, body, person_id=one.person_id, entry_id=setting.new_id())
    setting.staff["issuer"].send(ask).good()


def _apply(story: Story, sitting_id: UUID, one: Candidate) -> tuple[UUID, dict[str, Any]]:
    place_id = story.setting.new_id()
    ids = {"sitting_id": sitting_id, "enrolment_id": place_id}
    found = one.phone.send(put(f"{_SITTING}/enrolments/{{enrolment_id}}", {}, **ids)).good()
    return place_id, found


def _staffed(
    story: Story, sitting_id: UUID, room_id: UUID, place_id: UUID
) -> tuple[Client, Client, Client]:
    setting, planner = story.setting, story.setting.staff["planner"]
    with story.step("doors open with two examiners; checked in; sheets printed") as step:
        first, second = (appoint(setting, "examiner", "test_centre") for _ in range(2))
        watcher = appoint(setting, "invigilator", "test_centre")
        _assign(story, sitting_id, watcher, "invigilator")
        _assign(story, sitting_id, first, "examiner")
        early = planner.send(put(f"{_SITTING}/start", sitting_id=sitting_id))
        expect("with one examiner", early.code, "too_few_examiners")
        _assign(story, sitting_id, second, "examiner")
        expect("state", _moved(planner, sitting_id, "start"), "running")
        entry = {
            "id": setting.new_id(),
            "enrolment_id": place_id,
            "sequence": 1,
            "happened_at": datetime.now(UTC).isoformat(),
        }
        ids: dict[str, Any] = {"sitting_id": sitting_id, "room_id": room_id}
        batch = {"device_id": setting.new_id(), "entries": [entry]}
        address = f"{_SITTING}/rooms/{{room_id}}"
        said = watcher.send(put(f"{address}/check-ins", batch, **ids)).good()["entries"]
        expect("verdict", said[0]["verdict"], "accepted")
        for sheet in ("seat-map", "signature-list"):
            printed = watcher.send(get(f"{address}/{sheet}.pdf", **ids))
            expect_that(f"{sheet} is printed", printed.raw.startswith(b"%PDF"))
        step.result = "too_few_examiners before; seat map and signature list"
    return first, second, watcher


def _assign(story: Story, sitting_id: UUID, who: Client, duty: str) -> None:
    person_id = who.send(get("/v1/me")).good()["person_id"]
    body = {"person_id": person_id, "duty": duty, "room": _ROOM}
    ids = {"sitting_id": sitting_id, "duty_id": story.setting.new_id()}
    ask = put(f"{_SITTING}/duties/{{duty_id}}", body, **ids)
    story.setting.staff["planner"].send(ask).good()


def _called(
    story: Story, sitting_id: UUID, room_id: UUID, examiner: Client, watcher: Client
) -> UUID:
    with story.step("called to the stations, subject by subject") as step:
        board = watcher.send(get(f"{_SITTING}/board", sitting_id=sitting_id)).good()["items"]
        expect("people on the board", len(board), 1)
        practical_id = UUID(board[0]["practical_id"])
        scoring = examiner.send(get("/v1/practicals/{id}/score-sheet", id=practical_id)).good()
        subjects = [one["code"] for one in scoring["score_sheet"]["subjects"]]
        calls = []
        for number, subject in enumerate(subjects):
            station = {"room_id": room_id, "row": 1, "column": 1 + number % 2}
            ids = {"practical_id": practical_id, "call_id": story.setting.new_id()}
            ask = put(
                "/v1/practicals/{practical_id}/calls/{call_id}",
                {"subject": subject, **station},
                **ids,
            )
            calls.append(watcher.send(ask).good()["item"])
        expect("items", calls, scoring["drawn"])
        line = watcher.send(get(f"{_SITTING}/board", sitting_id=sitting_id)).good()["items"][0]
        expect("where the candidate is", line["now"]["subject"], subjects[-1])
        step.result = f"items {', '.join(calls)}"
    return practical_id
