"""Chapter: one person, one file: may work, confirmed, exported, merged, reminded (一人一档)."""

from __future__ import annotations

import hashlib
import time
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

from load_tests.chapters.school import School
from load_tests.client import Client
from load_tests.expectations import expect, expect_that
from load_tests.messages import get, put
from load_tests.setting import Candidate, a_candidate, pages, person_to_register, today

_CHAPTER = "档案"
#: Seconds after which a job, or the reminders of the day, are never going to come.
_PATIENCE = 90.0


def tell(school: School) -> None:
    """Follow a worker's file: the gate, the export, two entries of one person, a reminder."""
    worker = _let_work(school)
    _export(school, worker)
    _merge(school)
    _remind(school)


def _codes(client: Client) -> list[str]:
    items = client.send(get("/v1/me/on-post")).good()["items"]
    return [one["code"] for verdict in items for one in verdict["reasons"] if one["blocks"]]


def _let_work(school: School) -> Candidate:
    """Induct somebody new on three levels: kept from the post before, and let to it after."""
    with school.report.step(_CHAPTER, "may not work; inducted on three levels; may work") as step:
        worker = a_candidate(school.setting, "employee", since=today())
        levels = ("plant", "workshop", "team")
        expect("reasons", _codes(worker.phone), [f"induction_{one}" for one in levels])
        for level in levels:
            record_id = school.new()
            body = {
                "programme": "三级安全教育",
                "purpose": "induction",
                "level": level,
                "hours": "24.0",
                "hours_due": "24.0",
                "provider_id": school.setting.organisations["enterprise"],
                "started_on": today() - timedelta(days=9),
                "finished_on": today() - timedelta(days=1),
                "trainers": ["安全员"],
                "sign_in": "签到表",
                "passed": True,
            }
            address = "/v1/people/{person_id}/inductions/{record_id}"
            ids = {"person_id": worker.person_id, "record_id": record_id}
            school.officer.send(put(address, body, **ids)).good()
            own = "/v1/me/file-confirmations/{record_id}"
            worker.phone.send(put(own, record_id=record_id)).good()
            address = "/v1/people/{person_id}/file-confirmations/{record_id}"
            school.officer.send(put(address, **ids)).good()
        expect("reasons after it", _codes(worker.phone), [])
        lines = worker.phone.send(get("/v1/me/file")).good()["lines"]
        confirmed = [one["confirmed_by"] for one in lines if one["kind"] == "training"]
        expect("confirmed by both", confirmed, [["assessor", "worker"]] * 3)
        step.result = f"{worker.papers.name}: 3 levels, 72 学时, confirmed by both"
    return worker


def _job(client: Client, job: dict[str, Any]) -> dict[str, Any]:
    until = time.monotonic() + _PATIENCE
    while job["state"] in ("queued", "running") and time.monotonic() < until:
        time.sleep(0.1)
        job = client.send(get("/v1/jobs/{job_id}", job_id=job["id"])).good()
    expect("state of the job", job["state"], "done")
    return job


def _export(school: School, worker: Candidate) -> None:
    with school.report.step(_CHAPTER, "exported as PDF, JSON and xAPI; the seal checked") as step:
        sizes, files = [], {}
        for form in ("pdf", "json", "xapi"):
            body = {"format": form, "purpose": "走查：个人留存"}
            ask = put("/v1/me/file-exports/{export_id}", body, export_id=school.new())
            job = _job(worker.phone, worker.phone.send(ask).good())
            ask = get(
                "/v1/jobs/{job_id}/files/{name}", job_id=job["id"], name=job["result"]["file"]
            )
            files[form] = worker.phone.send(ask).raw
            sizes.append(f"{form} {len(files[form]) // 1024 + 1} kB")
        expect("it is a PDF", files["pdf"][:5], b"%PDF-")
        stranger = Client(school.setting.url)
        for content, status in ((files["json"], 200), (files["json"] + b" ", 404)):
            digest = hashlib.sha256(content).hexdigest()
            ask = replace(get("/v1/file-seals/{hash}", hash=digest), signed=False)
            expect("a byte changed", stranger.send(ask).status, status)
        step.result = "; ".join(sizes)


def _merge(school: School) -> None:
    """Enter somebody under a second document, merge the two entries, and take it back."""
    setting = school.setting
    with school.report.step(_CHAPTER, "two entries of one person merged, and taken apart") as step:
        one = a_candidate(setting, "employee")
        double_id = setting.new_id()
        ask = person_to_register(double_id, one.papers, under=setting.organisations["enterprise"])
        body = {**ask.body, "document_type": "passport", "document_number": "E20261234"}
        setting.admin.send(replace(ask, body=body)).good()
        _note(school, double_id)
        before = _lines(school, one.person_id), _lines(school, double_id)
        url, ids = "/v1/person-merges/{merge_id}", {"merge_id": school.new()}
        body = {"kept_id": one.person_id, "merged_id": double_id, "reason": "走查：同一人"}
        setting.admin.send(put(url, body, **ids)).good()
        expect("lines of one file", _lines(school, one.person_id), sum(before))
        undo = put(f"{url}/undo", {"reason": "走查：撤销合并"}, **ids)
        setting.admin.send(undo).good()
        after = _lines(school, one.person_id), _lines(school, double_id)
        expect("lines of either file after the undo", after, before)
        step.result = f"{before[0]} + {before[1]} lines, together and apart"


def _note(school: School, person_id: UUID) -> None:
    body = {
        "kind": "note",
        "happened_on": today(),
        "organisation_id": school.setting.organisations["enterprise"],
        "summary": "班前安全讲话记录",
    }
    address = "/v1/people/{person_id}/file-entries/{entry_id}"
    ask = put(address, body, person_id=person_id, entry_id=school.new())
    school.officer.send(ask).good()


def _lines(school: School, person_id: UUID) -> int:
    ask = get("/v1/people/{person_id}/file", person_id=person_id)
    return len(school.officer.send(ask).good()["lines"])


def _remind(school: School) -> None:
    """See that the reminders of the day have reached an enterprise of the demonstration."""
    bureau = school.setting.staff["issuer"]
    with school.report.step(_CHAPTER, "reminded of what is due") as step:
        ours = str(school.setting.organisations["enterprise"])
        due = [
            one
            for one in pages(bureau, "/v1/dues", booked="false")
            if one["stage"] is not None and one["employer_id"] != ours
        ]
        expect_that("something is due in the demonstration", due)
        address = "/v1/organisations/{organisation_id}/messages"
        ask = get(address, organisation_id=due[0]["employer_id"])
        until = time.monotonic() + _PATIENCE
        told: list[dict[str, Any]] = []
        while not told and time.monotonic() < until:
            items = bureau.send(ask).good()["items"]
            told = [one for one in items if one["subject_id"] == due[0]["post_id"]]
            time.sleep(0 if told else 1)
        expect_that("its employer was told", told)
        expect_that("in two languages", told[0]["body_zh"] and told[0]["body_en"])
        step.result = told[0]["body_zh"]
