"""Chapter: a contest open to everyone, joined by a phone number and by an account (知识竞赛)."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from load_tests.client import Client
from load_tests.expectations import Report, expect, expect_that
from load_tests.messages import get, post, put
from load_tests.setting import SHANGHAI, Setting, a_candidate

_CHAPTER = "竞赛"
_PHONE = "13800138000"
#: Questions of the bank, and of each participant.
_IN_BANK, _ASKED = 6, 4


@dataclass(kw_only=True)
class _Stage:
    report: Report
    setting: Setting
    bank_id: UUID
    contest: dict[str, Any]

    @property
    def round_id(self) -> str:
        return str(self.contest["rounds"][0]["id"])


def tell(report: Report, setting: Setting) -> None:
    """Publish a contest, let two take part, look at the board, and learn that it is not over."""
    stage = _publish(report, setting)
    _play(stage, _by_phone(stage), right=_ASKED)
    _play(stage, _by_account(stage), right=1)
    _look(stage)
    _every_day(stage)


def _publish(report: Report, setting: Setting) -> _Stage:
    with report.step(_CHAPTER, "questions for practice only; contest published") as step:
        author = setting.staff["author"]
        bank_id, owner = setting.new_id(), setting.organisations["authority"]
        body = {"name": "竞赛题库", "owner_id": owner}
        author.send(put("/v1/question-banks/{bank_id}", body, bank_id=bank_id)).good()
        for number in range(_IN_BANK):
            _write(setting, bank_id, number)
        now = datetime.now(SHANGHAI)
        body = {
            "organisation_id": owner,
            "name": "走查安全知识竞赛",
            "notice": "仅用于本次竞赛。",
            "entry_mode": "open",
            "joins_from": (now - timedelta(hours=1)).isoformat(),
            "joins_until": (now + timedelta(days=1)).isoformat(),
            "bank_ids": [bank_id],
            "rounds": [
                {
                    "kind": "qualifying",
                    "opens_at": (now - timedelta(minutes=1)).isoformat(),
                    "closes_at": (now + timedelta(days=1)).isoformat(),
                    "question_count": _ASKED,
                    "pool_count": _IN_BANK,
                    "seconds": 60,
                }
            ],
        }
        planner, contest_id = setting.staff["planner"], setting.new_id()
        address = "/v1/held-contests/{contest_id}"
        planner.send(put(address, body, contest_id=contest_id)).good()
        told = planner.send(put(f"{address}/publication", contest_id=contest_id)).good()
        expect("state", told["state"], "published")
        shown = Client(setting.url).send(get("/v1/contests/{id}", id=contest_id)).good()
        expect_that("nobody is told the banks", "bank_ids" not in shown)
        step.result = f"{_ASKED} of {_IN_BANK} questions each"
    return _Stage(report=report, setting=setting, bank_id=bank_id, contest=told)


def _write(setting: Setting, bank_id: UUID, number: int) -> None:
    question_id = setting.new_id()
    body = {
        "kind": "single_choice",
        "stem": f"竞赛第 {number + 1} 题：发现隐患应当怎样做？",
        "options": ["立即报告", "视而不见", "明天再说"],
        "key": ["A"],
        "topic": "隐患",
        "bank_id": bank_id,
        "serves": [{"role": "employee"}],
        "for_exams": False,
    }
    address = "/v1/questions/{question_id}"
    author, reviewer = setting.staff["author"], setting.staff["reviewer"]
    author.send(put(address, body, question_id=question_id)).good()
    author.send(put(f"{address}/review-request", question_id=question_id)).good()
    reviewer.send(put(f"{address}/publication", question_id=question_id)).good()


def _words(stage: _Stage, client: Client) -> dict[str, Any]:
    return {
        "notice_version": 1,
        "region_id": stage.setting.region_id,
        "device_id": client.device_id,
    }


def _by_phone(stage: _Stage) -> Client:
    with stage.report.step(_CHAPTER, "joined by a phone number, without an account") as step:
        phone = Client(stage.setting.url)
        ids = {"contest_id": stage.contest["id"]}
        address = "/v1/contests/{contest_id}"
        ask = post(f"{address}/phone-codes", {"phone": _PHONE}, signed=False, **ids)
        code = phone.send(ask).good()["code"]
        body = _words(stage, phone) | {
            "name": "赵小草",
            "born_on": "1999-09-09",
            "phone": _PHONE,
            "code": code,
        }
        ask = put(f"{address}/participants/{{id}}", body, id=stage.setting.new_id(), **ids)
        joined = phone.send(replace(ask, signed=False)).good()
        expect("what boards show", joined["masked_name"], "赵**")
        phone.access_token = joined["token"]
        refused = phone.send(get("/v1/me"))
        expect("its token at other addresses", refused.status, 401)
        step.result = joined["masked_name"]
    return phone


def _by_account(stage: _Stage) -> Client:
    with stage.report.step(_CHAPTER, "joined with an account") as step:
        worker = a_candidate(stage.setting, "employee")
        address = "/v1/me/contests/{contest_id}/participants/{id}"
        ids = {"contest_id": stage.contest["id"], "id": stage.setting.new_id()}
        body = _words(stage, worker.phone)
        joined = worker.phone.send(put(address, body, **ids)).good()
        again = worker.phone.send(put(address, body, **ids)).good()
        expect("joined again", again["id"], joined["id"])
        phone = Client(stage.setting.url)
        phone.access_token = joined["token"]
        step.result = joined["masked_name"]
    return phone


def _play(stage: _Stage, phone: Client, *, right: int) -> None:
    with stage.report.step(_CHAPTER, f"played, {right} of {_ASKED} right") as step:
        entry_id = stage.setting.new_id()
        address = "/v1/contest-entries/{entry_id}"
        body = {"round_id": stage.round_id}
        question = phone.send(put(address, body, entry_id=entry_id)).good()["question"]
        while question is not None:
            texts = [option["text"] for option in question["options"]]
            good = texts.index("立即报告")
            chosen = good if question["slot"] <= right else (good + 1) % len(texts)
            word = {"slot": question["slot"], "chosen": [chosen]}
            told = phone.send(put(f"{address}/responses", word, entry_id=entry_id)).good()
            expect("verdict", told["verdict"], "accepted")
            question = told["question"]
        entry = phone.send(get(address, entry_id=entry_id)).good()["entry"]
        expect("right", entry["correct_count"], right)
        refused = phone.send(get(f"{address}/wrong-questions", entry_id=entry_id))
        expect("keys before the round is over", refused.body["code"], "round_not_over")
        card = phone.send(get(f"{address}/card.png", entry_id=entry_id)).raw
        expect("it is a picture", card[:4], b"\x89PNG")
        link = phone.send(get(f"{address}/link", entry_id=entry_id)).good()["path"]
        page = Client(stage.setting.url).send(get(link)).raw.decode()
        expect_that("the page behind the link says what", "走查安全知识竞赛" in page)
        expect_that("and not whose it is", "赵" not in page and str(entry_id) not in page)
        step.result = f"{entry['points']} points in {entry['elapsed_ms']} ms"


def _look(stage: _Stage) -> None:
    with stage.report.step(_CHAPTER, "board of masked names; not over before its time") as step:
        address, round_id = "/v1/contest-boards/{round_id}", stage.round_id
        stranger = Client(stage.setting.url)
        board: dict[str, Any] = {"people_count": 0}
        until = time.monotonic() + 5
        while board["people_count"] < 2 and time.monotonic() < until:
            time.sleep(0.2)
            board = stranger.send(get(address, round_id=round_id)).good()
        expect("places", [line["place"] for line in board["lines"]], [1, 2])
        expect("the first", board["lines"][0]["masked_name"], "赵**")
        planner = stage.setting.staff["planner"]
        refused = planner.send(put("/v1/contest-rounds/{round_id}/release", round_id=round_id))
        expect("released too early", refused.body["code"], "round_not_over")
        step.result = f"{board['people_count']} people, {board['lines'][0]['points']} points ahead"


def _every_day(stage: _Stage) -> None:
    with stage.report.step(_CHAPTER, "the daily question, and what a wrong tap earns") as step:
        one, other = (a_candidate(stage.setting, "employee").phone for _ in range(2))
        ask = get("/v1/me/daily-question")
        shown, same = one.send(ask).good(), other.send(ask).good()
        expect("the same for all", same["question"]["stem"], shown["question"]["stem"])
        version_id = shown["question"]["version_id"]
        address = "/v1/me/practice-responses/{id}"
        for label in ("A", "B"):
            body = {"version_id": version_id, "chosen": [label]}
            told = one.send(put(address, body, id=stage.setting.new_id())).good()
            if not told["correct"]:
                break
        after = one.send(ask).good()
        level = one.send(get("/v1/me/practice-level")).good()
        # Right at once keeps the day; whatever was tapped, nothing is mastered yet.
        kept = label == "B"
        expect("the day", after["days_in_a_row"], int(kept))
        expect("mastered", level["mastered_count"], 0)
        step.result = f"{shown['question']['stem']}: {after['state']}, {level['level']['name_zh']}"
