"""Chapter: the practical after the theory, scored by two apart and ruled by a third (实操考试)."""

from __future__ import annotations

import hashlib
import struct
import zlib
from typing import Any
from uuid import UUID

from load_tests.chapters import stations
from load_tests.chapters.story import Story
from load_tests.client import Client
from load_tests.expectations import expect, expect_that
from load_tests.messages import Ask, get, put
from load_tests.setting import appoint

_PRACTICAL = "/v1/practicals/{practical_id}"


def tell(story: Story) -> None:
    """Hold the practical where the qualification asks for one; the theory alone earns nothing."""
    if story.role.post != "special_operations_worker":
        return
    practical_id, examiners = stations.tell(story)
    sheet = examiners[0].send(get(f"{_PRACTICAL}/score-sheet", practical_id=practical_id)).good()
    here, there = (_steps(sheet, subjects) for subjects in stations.SUBJECTS)
    with story.step("the second station is scored by its own pair") as step:
        for one in examiners[2:]:
            one.send(put(f"{_PRACTICAL}/scores", _words(there), practical_id=practical_id)).good()
            ask = put(f"{_PRACTICAL}/score-submission", practical_id=practical_id)
            seen = one.send(ask).good()
        expect("the whole, with two subjects to come", seen["state"], "planned")
        step.result = f"{len(there)} words each"
    _scored(story, practical_id, examiners[0], examiners[1], here)
    _ruled(story, practical_id, here)


def _words(values: dict[str, str]) -> dict[str, Any]:
    entries = [{"code": code, "sequence": 1, "value": value} for code, value in values.items()]
    return {"entries": entries}


def _assigned(planner: Client, practical_id: UUID, examiner: Client, subject: str) -> None:
    person_id = examiner.send(get("/v1/me")).good()["person_id"]
    ask = Ask(
        method="PUT",
        address=f"{_PRACTICAL}/scorers/{{person_id}}",
        ids={"practical_id": practical_id, "person_id": person_id},
        query={"subject": subject},
    )
    planner.send(ask).good()


def _steps(sheet: dict[str, Any], subjects: tuple[str, ...]) -> dict[str, str]:
    """Return what full marks are, by code: the points of each step, 0 for each veto."""
    items = [
        item
        for subject in sheet["score_sheet"]["subjects"]
        for item in subject["items"]
        if item["code"] in sheet["drawn"] and subject["code"] in subjects
    ]
    points = {step["code"]: step["points"] for item in items for step in item["steps"]}
    return points | {veto["code"]: "0" for item in items for veto in item["vetoes"]}


def _scored(
    story: Story, practical_id: UUID, first: Client, second: Client, steps: dict[str, str]
) -> None:
    words = [
        {"code": code, "sequence": number, "value": value}
        for number, (code, value) in enumerate(steps.items(), start=2)
    ]
    doubtful = _of_first_item(steps)
    address = f"{_PRACTICAL}/scores"
    with story.step("two examiners score apart, offline and twice") as step:
        beyond = [{"code": doubtful[0], "sequence": 900, "value": "999"}]
        ask = put(address, {"entries": [*beyond, *reversed(words)]}, practical_id=practical_id)
        receipt = first.send(ask).good()["entries"]
        expect("outside the scale", receipt[0]["reason"], "outside_scale")
        again = first.send(ask).good()["entries"]
        expect("sent twice", {one["verdict"] for one in again[1:]}, {"ignored"})
        missed = [{**one, "value": "0"} if one["code"] in doubtful else one for one in words]
        second.send(put(address, {"entries": missed}, practical_id=practical_id)).good()
        picture = _picture()
        kept = Ask(
            method="PUT",
            address=f"{_PRACTICAL}/exhibits/{{name}}",
            ids={"practical_id": practical_id, "name": hashlib.sha256(picture).hexdigest()},
            query={"kind": "photo"},
            file=picture,
            file_type="image/png",
        )
        first.send(kept).good()
        submit = put(f"{_PRACTICAL}/score-submission", practical_id=practical_id)
        seen = first.send(submit).good()
        expect("the other's scores before both are in", seen["other"], None)
        seen = second.send(submit).good()
        expect_that("both are seen now", seen["other"] is not None)
        expect("they differ", (seen["state"], seen["disputed"]), ("disputed", doubtful))
        step.result = f"{len(words)} words each; apart at {', '.join(doubtful)}"


def _of_first_item(steps: dict[str, str]) -> list[str]:
    """Return the steps of the first item: a subject of a fifth, more than any tolerance."""
    item = next(iter(steps)).partition(".")[0]
    return sorted(code for code, value in steps.items() if value != "0" and code.startswith(item))


def _ruled(story: Story, practical_id: UUID, steps: dict[str, str]) -> None:
    setting = story.setting
    with story.step("a third examiner rules, with the reason") as step:
        third = appoint(setting, "examiner", "test_centre")
        _assigned(setting.staff["planner"], practical_id, third, stations.SUBJECTS[0][0])
        address = f"{_PRACTICAL}/score-sheet"
        disputed = third.send(get(address, practical_id=practical_id)).good()["disputed"]
        body = {"values": {code: steps[code] for code in disputed}, "reason": "照片可见步骤已完成"}
        third.send(put(f"{_PRACTICAL}/ruling", body, practical_id=practical_id)).good()
        (own,) = story.candidate.phone.send(get("/v1/me/practicals")).good()["items"]
        outcome = own["outcome"]
        expect("outcome", (outcome["score"], outcome["passed"]), ("100", True))
        step.result = f"{outcome['score']} of {outcome['max_score']}, no veto failed"


def _picture() -> bytes:
    """Return a picture such as a phone takes."""
    rows = b"".join(
        b"\x00" + bytes((row * 7 + at) % 256 for at in range(120)) for row in range(120)
    )
    header = struct.pack(">IIBBBBB", 120, 120, 8, 0, 0, 0, 0)

    def chunk(kind: bytes, content: bytes) -> bytes:
        check = struct.pack(">I", zlib.crc32(kind + content))
        return struct.pack(">I", len(content)) + kind + content + check

    packed = zlib.compress(rows, 0)
    parts = (chunk(b"IHDR", header), chunk(b"IDAT", packed), chunk(b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)
