"""Chapter: a workbook is asked about, mended, reviewed, searched, exported (题库工作间)."""

from __future__ import annotations

import io
import time
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import openpyxl
import xlsxwriter

from load_tests.client import Client
from load_tests.expectations import Report, expect, expect_that
from load_tests.messages import Ask, get, put
from load_tests.setting import Setting

_CHAPTER = "题库"
#: Seconds after which a job is never going to end.
_PATIENCE = 60.0

#: As a training centre has it: a 1 that may mean two things, a key forgotten, one question with two
#: keys, one that rests on repealed law.
ROWS = (
    ("题型", "题目", "选项", "答案", "章节"),
    ("判断题", "登高作业应当系好安全带。", "", 1, "登高"),
    ("单选题", "安全带应当怎样系挂？", "**A.高挂低用**B.低挂高用**C.随意系挂", "", "登高"),
    ("单选题", "登高板的静载试验荷重为（ ）。", "**A.2205 N**B.1765 N**C.980 N", "A", "登高"),
    ("单选题", "登高板的静载试验荷重为（ ）。", "**A.2205 N**B.1765 N**C.980 N", "B", "登高"),
    ("判断题", "特种作业操作证每3年复审1次。", "**A.正确**B.错误", "A", "证书"),
)
#: Row and column of the key that was forgotten, and the key, as a spreadsheet counts.
_FORGOTTEN, _MENDED = (3, 4), "A"


@dataclass(kw_only=True)
class Workshop:
    """The bank of the chapter, and who works in it."""

    report: Report
    setting: Setting
    bank_id: UUID

    @property
    def author(self) -> Client:
        """Who brings questions."""
        return self.setting.staff["author"]

    @property
    def reviewer(self) -> Client:
        """Who looks at them."""
        return self.setting.staff["reviewer"]

    def job(self, ask: Ask) -> dict[str, Any]:
        """Have the reviewer ask for a job, and wait until it is done."""
        job: dict[str, Any] = self.reviewer.send(ask).good()
        until = time.monotonic() + _PATIENCE
        while job["state"] in ("queued", "running") and time.monotonic() < until:
            time.sleep(0.1)
            job = self.reviewer.send(get("/v1/jobs/{job_id}", job_id=job["id"])).good()
        expect("state of the job", job["state"], "done")
        return job


def tell(report: Report, setting: Setting) -> None:
    """Bring a workbook with faults into use, and out again."""
    shop = Workshop(report=report, setting=setting, bank_id=setting.new_id())
    body = {"name": "登高题库", "owner_id": setting.organisations["authority"]}
    shop.author.send(put("/v1/question-banks/{bank_id}", body, bank_id=shop.bank_id)).good()
    faulty = _preview(shop)
    import_id = _mend(shop, faulty)
    _publish(shop, import_id)
    _rule(shop)
    _look_at_law(shop)
    _export(shop)


def _bring(shop: Workshop, content: bytes) -> dict[str, Any]:
    ask = Ask(
        method="PUT",
        address="/v1/question-imports/{import_id}",
        ids={"import_id": shop.setting.new_id()},
        query={"bank_id": shop.bank_id, "serves": "special_operations_worker:3.1"},
        file=content,
    )
    found: dict[str, Any] = shop.author.send(ask).good()
    return found


def _preview(shop: Workshop) -> str:
    with shop.report.step(_CHAPTER, "workbook previewed, what 1 means asked") as step:
        preview = _bring(shop, _workbook())
        expect("asked", [one["code"] for one in preview["asked"]], ["true_false_numbers"])
        expect("refused rows", preview["counts"]["refused"], 2)
        body = {"meanings": {"true_false_numbers": "1"}}
        ask = put("/v1/question-imports/{import_id}/reading", body, import_id=preview["id"])
        said = shop.author.send(ask).good()
        expect("still asked, still refused", (said["asked"], said["counts"]["refused"]), ([], 1))
        bank = {"bank_id": shop.bank_id}
        held = shop.author.send(get("/v1/questions", query=bank)).good()["items"]
        expect("questions written by a preview", held, [])
        step.result = "1 is 正确; one row refused; nothing written"
    return str(preview["id"])


def _mend(shop: Workshop, import_id: str) -> str:
    with shop.report.step(_CHAPTER, "same workbook back, mended, sent again") as step:
        ask = get("/v1/question-imports/{import_id}/report.xlsx", import_id=import_id)
        book = openpyxl.load_workbook(io.BytesIO(shop.author.send(ask).raw))
        sheet = book["题库"]
        said = str(sheet.cell(_FORGOTTEN[0], len(ROWS[0]) + 1).value)
        expect_that("the reason stands beside the row", said.startswith("未通过"))
        sheet.cell(*_FORGOTTEN).value = _MENDED
        sheet.cell(2, 4).value = "正确"
        mended = io.BytesIO()
        book.save(mended)
        preview = _bring(shop, mended.getvalue())
        taken = preview["counts"]["imported"] + preview["counts"]["repaired"]
        expect("taken, refused", (taken, preview["counts"]["refused"]), (len(ROWS) - 1, 0))
        address, body = "/v1/question-imports/{import_id}/acceptance", {"accepted_only": False}
        accepted = shop.author.send(put(address, body, import_id=preview["id"])).good()
        expect("questions written", accepted["created_count"], len(ROWS) - 1)
        step.result = said
    return str(preview["id"])


def _publish(shop: Workshop, import_id: str) -> None:
    with shop.report.step(_CHAPTER, "reviewed, put to use") as step:
        for who, address in (
            (shop.author, "/v1/question-imports/{import_id}/review-request"),
            (shop.reviewer, "/v1/question-imports/{import_id}/publication"),
        ):
            moved = who.send(put(address, import_id=import_id)).good()
            expect("moved, refused", (moved["moved_count"], moved["refused"]), (len(ROWS) - 1, []))
        step.result = f"{len(ROWS) - 1} published"


def _rule(shop: Workshop) -> None:
    with shop.report.step(_CHAPTER, "all banks compared, conflict ruled") as step:
        ask = put("/v1/duplicate-searches/{job_id}", job_id=shop.setting.new_id())
        job = shop.job(ask)
        wanted = get("/v1/question-pairs", query={"relation": "conflict", "bank_id": shop.bank_id})
        pairs = shop.reviewer.send(wanted).good()["items"]
        expect("conflicts in the bank", len(pairs), 1)
        sides = {
            side["version"]["key"][0]: side for side in (pairs[0]["first"], pairs[0]["second"])
        }
        body = {"kept_id": sides["A"]["question_id"], "reason": "与试验规程核对：2205 N"}
        ruled = shop.reviewer.send(
            put("/v1/question-pairs/{pair_id}/ruling", body, pair_id=pairs[0]["id"])
        ).good()
        states = {
            side["version"]["key"][0]: side["state"] for side in (ruled["first"], ruled["second"])
        }
        expect("states of the two", states, {"A": "published", "B": "retired"})
        expect("conflicts left", shop.reviewer.send(wanted).good()["items"], [])
        step.result = f"{job['result']['pair_count']} pairs; one conflict, its loser retired"


def _sides(pair: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Return the two questions of a pair by their keys."""
    return {side["version"]["key"][0]: side for side in (pair["first"], pair["second"])}


def _look_at_law(shop: Workshop) -> None:
    with shop.report.step(_CHAPTER, "what rests on repealed law listed") as step:
        query = {"bank_id": shop.bank_id}
        listed = shop.author.send(get("/v1/questions-on-law", query=query)).good()["items"]
        expect("questions on repealed law", len(listed), 1)
        ground = listed[0]["grounds"][0]
        expect_that("it is marked", listed[0]["rests_on_repealed_law"])
        expect_that("the day is told", ground["ended_on"] is not None)
        step.result = f"{listed[0]['version']['stem']} {ground['ended_on']}"


def _export(shop: Workshop) -> None:
    with shop.report.step(_CHAPTER, "exported with a purpose, brought again") as step:
        body = {
            "bank_id": shop.bank_id,
            "format": "xlsx",
            "with_keys": True,
            "purpose": "走查：交换题库",
        }
        job = shop.job(
            put("/v1/question-exports/{export_id}", body, export_id=shop.setting.new_id())
        )
        file = job["files"][0]["name"]
        ask = get("/v1/jobs/{job_id}/files/{name}", job_id=job["id"], name=file)
        preview = _bring(shop, shop.reviewer.send(ask).raw)
        counts = preview["counts"]
        expect("new, known", (counts["imported"], counts["duplicate"]), (0, len(ROWS) - 2))
        step.result = f"{file}: {counts['duplicate']} questions, all known"


def _workbook() -> bytes:
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True}) as book:
        sheet = book.add_worksheet("题库")
        for number, row in enumerate(ROWS):
            sheet.write_row(number, 0, row)
    return target.getvalue()
