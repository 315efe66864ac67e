"""The page for authors is walked through as it stands: every request of its eight steps."""

from __future__ import annotations

import io
import json
import re
from typing import Any
from uuid import uuid4

import openpyxl

from question_bank.services import law_reference
from server.policy import Role
from tests.factories.auth import an_organisation
from tests.factories.question_bank import HEADER, a_workbook
from tests.house import ROOT
from tests.moments import NOON

PAGE = (ROOT / "docs" / "questions.md").read_text("utf-8")
#: Step, who, verb, address and body of each request, in the order of the page.
STEPS = re.findall(r"^\| (\S+) \| (\S+) \| `([A-Z]+) (\S+)` \| (?:`(.*)`|文件|) ?\|$", PAGE, re.M)

#: A 1 that may mean two things, a key forgotten, one question with two keys, one on repealed law.
FILE = a_workbook(
    [
        HEADER,
        ["一", "判断题", "登高作业应当系好安全带。", "", 1],
        ["一", "单选题", "安全带应当怎样系挂？", "**A.高挂低用**B.低挂高用", ""],
        ["一", "单选题", "静载试验荷重为（ ）。", "**A.2205 N**B.1765 N", "A"],
        ["一", "单选题", "静载试验荷重为（ ）。", "**A.2205 N**B.1765 N", "B"],
        ["一", "判断题", "特种作业操作证每3年复审1次。", "**A.正确**B.错误", "A"],
    ]
)


def test_the_eight_steps_lead_from_a_file_to_questions_in_use_and_out_again(
    client, writing, a_signed_in, run_jobs
) -> None:
    with writing():
        owner_id = an_organisation().id
        law_reference.load(at=NOON)
    people = {
        "命题": a_signed_in(Role.AUTHOR, organisation_id=owner_id).headers,
        "审题": a_signed_in(Role.REVIEWER, organisation_id=owner_id).headers,
    }
    known: dict[str, str] = {"owner": str(owner_id)}
    told: list[Any] = []

    for _step, who, verb, address, body in STEPS:
        for name in re.findall(r"\{(\w+)\}", address + body):
            known.setdefault(name, str(uuid4()))
        filled = re.sub(r"\{(\w+)\}", lambda place: known[place[1]], body)
        sent = (
            {"json": json.loads(filled)}
            if body
            else {"data": FILE if "serves" in address else None}
        )
        reply = client.open(
            f"{address.format_map(known)}", method=verb, headers=people[who], **sent
        )
        assert reply.status_code == 200, (verb, address, reply.text)
        told.append(reply)
        run_jobs()
        learn(known, address, reply)

    rows, book, accepted, moved = told[2].json, told[4].data, told[5].json, told[7].json
    assert sorted(row["reasons"][-1]["code"] for row in rows["items"]) == [
        "key_missing",
        "true_false_is_a_number",
    ]
    said = [cell.value for cell in openpyxl.load_workbook(io.BytesIO(book))["Sheet1"]["F"]]
    assert sum(text.startswith("未通过") for text in said) == 1
    assert (accepted["created_count"], moved["moved_count"], moved["refused"]) == (4, 4, [])
    assert {told[10].json[side]["state"] for side in ("first", "second")} == {
        "published",
        "retired",
    }
    assert not told[12].json["rests_on_repealed_law"]
    assert openpyxl.load_workbook(io.BytesIO(told[14].data))["试题"].max_row == 4


def learn(known: dict[str, str], address: str, reply: Any) -> None:
    """Take from a reply what the next requests name."""
    if "question-pairs?" in address:
        (pair,) = reply.json["items"]
        known |= {"pair": pair["id"], "kept": pair["first"]["question_id"]}
    if "questions-on-law" in address:
        known["resting"] = reply.json["items"][0]["question_id"]
