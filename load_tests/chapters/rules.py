"""Chapter: a new version of an exam standard; the workbook of a room's answer sheets (标准)."""

from __future__ import annotations

import io
from datetime import UTC, datetime, timedelta
from typing import Any

from openpyxl import load_workbook

from load_tests.chapters.story import Story
from load_tests.expectations import expect, expect_that
from load_tests.messages import Ask, get, put
from load_tests.setting import appoint, today

_WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_PROPOSAL = "/v1/standard-proposals/{proposal_id}"

#: What of a standard is no rule: its days, its source.
_NO_RULES = ("id", "effective_from", "effective_until", "source")


def tell(story: Story) -> None:
    """Let a standard change in sixty days, and look at the sheets of an exam on paper."""
    _changed(story)
    _typed(story)


def _changed(story: Story) -> None:
    setting = story.setting
    with story.step("a new version of the exam standard: proposed, previewed, approved") as step:
        other = appoint(setting, "administrator", "authority")
        qualification_id = setting.qualifications[story.role.qualification]
        address = "/v1/qualifications/{qualification_id}/standards"
        known = setting.admin.send(get(address, qualification_id=qualification_id)).good()["items"]
        rules = {name: one for name, one in known[-1].items() if name not in _NO_RULES}
        body: dict[str, Any] = {
            "qualification_ids": [qualification_id],
            "effective_from": today(),
            "rules": {**rules, "pass_percent": 85},
            "source": "走查令第1号",
            "article": "第八条",
            "reason": "走查",
        }
        ids = {"proposal_id": setting.new_id()}
        early = setting.admin.send(put(_PROPOSAL, body, **ids))
        expect("from today on", early.code, "standard_retroactive")
        body["effective_from"] = today() + timedelta(days=60)
        setting.admin.send(put(_PROPOSAL, body, **ids)).good()
        seen = setting.admin.send(
            get(f"{_PROPOSAL}/preview", proposal_id=ids["proposal_id"])
        ).good()
        change = [{"field": "pass_percent", "before": 80, "after": 85}]
        expect("changes", seen["changes"][0]["changes"], change)
        decision = {"approved": True, "reason": "与原文一致"}
        own = setting.admin.send(put(f"{_PROPOSAL}/decision", decision, **ids))
        expect("by its author", own.code, "author_cannot_approve")
        other.send(put(f"{_PROPOSAL}/decision", decision, **ids)).good()
        now = setting.admin.send(get(address, qualification_id=qualification_id)).good()["items"]
        expect("versions", len(now), len(known) + 1)
        expect("source", now[-1]["source"], "走查令第1号 第八条")
        step.result = (
            f"80 → 85 points from {now[-1]['effective_from']}; {now[-2]['effective_until']} ends"
        )


def _typed(story: Story) -> None:
    setting = story.setting
    with story.step("the workbook of a room's answer sheets, before the exam is over") as step:
        examiner = appoint(setting, "examiner", "test_centre")
        address = "/v1/exams/{exam_id}"
        made = examiner.send(get(f"{address}/paper-reading-workbook.xlsx", exam_id=story.exam_id))
        rows = list(load_workbook(io.BytesIO(made.raw)).worksheets[0].iter_rows(values_only=True))
        expect_that("a row for each sheet", len(rows) > 1)
        now = datetime.now(UTC)
        ask = Ask(
            method="PUT",
            address=f"{address}/paper-reading-imports",
            ids={"exam_id": story.exam_id},
            query={
                "began_at": (now - timedelta(minutes=2)).isoformat(),
                "ended_at": (now - timedelta(minutes=1)).isoformat(),
                "reason": "停电",
            },
            file=made.raw,
            file_type=_WORKBOOK,
        )
        report = examiner.send(ask).good()
        expect("accepted", report["accepted_count"], 0)
        codes = {one["complaints"][0]["code"] for one in report["rows"]}
        expect_that("each says why", "sitting_not_over" in codes)
        step.result = f"{len(rows) - 1} sheets, {len(rows[0]) - 3} questions; {', '.join(codes)}"
