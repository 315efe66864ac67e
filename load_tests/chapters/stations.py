"""Chapter: a practical in a circuit: after the theory, stations by subject, calls (实操场次)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from load_tests.chapters.story import Story
from load_tests.client import Client
from load_tests.expectations import expect, expect_that
from load_tests.messages import Ask, get, put
from load_tests.setting import Candidate, appoint, today

_SITTING = "/v1/sittings/{sitting_id}"
_ROOM = "实操室"

#: Subjects that the two stations take.
SUBJECTS = (("K1", "K2"), ("K3", "K4"))

#: Seconds until the sitting opens: people apply before, and come early.
_AHEAD = 30


def tell(story: Story) -> tuple[UUID, list[Client]]:
    """Hold a practical; return its id and its examiners, two of each station."""
    room_id = _stations(story)
    sitting_id = _opened(story, room_id)
    place_id = _applied(story, sitting_id)
    examiners, watcher = _staffed(story, sitting_id, room_id, place_id)
    practical_id = _called(story, sitting_id, room_id, examiners[0], watcher)
    return practical_id, examiners


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
    with story.step("practical planned as a circuit of two stations, and opened") as step:
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
            "turn_minutes": 30,
            "room_ids": [room_id],
            "enrolment_opens_at": (now - timedelta(minutes=1)).isoformat(),
            "enrolment_closes_at": opens_at.isoformat(),
            "opens_at": opens_at.isoformat(),
            "closes_at": (opens_at + timedelta(hours=3)).isoformat(),
            "absence_notice_hours": 0,
        }
        planned = planner.send(put(_SITTING, body, sitting_id=sitting_id)).good()
        expect("places: two stations, six turns", planned["capacity"], 12)
        laid = [
            {"room_id": room_id, "row": 1, "column": column, "subjects": list(subjects)}
            for column, subjects in enumerate(SUBJECTS, start=1)
        ]
        address = f"{_SITTING}/circuit"
        short = planner.send(put(address, {"stations": laid[:1]}, sitting_id=sitting_id))
        expect("with one of them", short.code, "circuit_unfit")
        circuit = planner.send(put(address, {"stations": laid}, sitting_id=sitting_id)).good()
        expect("places: everybody goes to both", circuit["capacity"], 6)
        expect("state", _moved(planner, sitting_id, "opening"), "open")
        step.result = "K1 and K2 here, K3 and K4 there; six turns of half an hour"
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
        way = [(one["subject"], one["turn"]) for one in ticket["subjects"]]
        expect("turns", sorted({turn for _, turn in way}), [1, 2])
        expect("subjects", sorted(one for one, _ in way), ["K1", "K2", "K3", "K4"])
        printed = phone.send(get("/v1/enrolments/{id}/ticket.pdf", id=place_id))
        expect_that("a ticket is printed", printed.raw.startswith(b"%PDF"))
        step.result = f"theory_not_passed; {', '.join(f'{one} in turn {at}' for one, at in way)}"
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
) -> tuple[list[Client], Client]:
    setting, planner = story.setting, story.setting.staff["planner"]
    with story.step("doors open with two examiners at each station; checked in") as step:
        examiners = [appoint(setting, "examiner", "test_centre") for _ in range(4)]
        watcher = appoint(setting, "invigilator", "test_centre")
        _assign(story, sitting_id, watcher, "invigilator")
        for number, one in enumerate(examiners):
            early = planner.send(put(f"{_SITTING}/start", sitting_id=sitting_id))
            expect(f"with {number} examiners", early.code, "too_few_examiners")
            _assign(story, sitting_id, one, "examiner", *SUBJECTS[number // 2])
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
        for sheet in ("seat-map", "signature-list", "station-sheets"):
            printed = watcher.send(get(f"{address}/{sheet}.pdf", **ids))
            expect_that(f"{sheet} is printed", printed.raw.startswith(b"%PDF"))
        step.result = "too_few_examiners before; seat map, signature list, station sheets"
    return examiners, watcher


def _assign(story: Story, sitting_id: UUID, who: Client, duty: str, *subjects: str) -> None:
    person_id = who.send(get("/v1/me")).good()["person_id"]
    body = {"person_id": person_id, "duty": duty, "room": _ROOM, "subjects": list(subjects)}
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
        expect("what the examiner scores", [one["subject"] for one in scoring["parts"]],
               list(SUBJECTS[0]))  # fmt: skip
        calls = []
        for column, subjects in enumerate(SUBJECTS, start=1):
            for subject in subjects:
                body = {"subject": subject, "room_id": room_id, "row": 1, "column": column}
                elsewhere = body | {"column": 3 - column}
                refused = watcher.send(_call(story, practical_id, elsewhere))
                expect("the other station", refused.code, "subject_elsewhere")
                calls.append(watcher.send(_call(story, practical_id, body)).good()["item"])
        expect("items", calls, scoring["drawn"])
        shown = watcher.send(get(f"{_SITTING}/stations", sitting_id=sitting_id)).good()["items"]
        here = [one["now"] and one["now"]["now"]["subject"] for one in shown]
        expect("where the candidate is", here, [None, "K4"])
        step.result = f"items {', '.join(calls)}"
    return practical_id


def _call(story: Story, practical_id: UUID, body: dict[str, Any]) -> Ask:
    ids = {"practical_id": practical_id, "call_id": story.setting.new_id()}
    return put("/v1/practicals/{practical_id}/calls/{call_id}", body, **ids)
