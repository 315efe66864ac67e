"""Chapter: what a bureau does with figures: tries, drills, asks, hands on (持证率工作台)."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import time
import zipfile
from datetime import timedelta
from typing import Any
from uuid import UUID

import jwt

from load_tests.chapters.story import Story
from load_tests.client import Client
from load_tests.expectations import expect, expect_that
from load_tests.messages import Ask, get, post, put
from load_tests.setting import appoint, pages, today

#: Seconds after which a job is never going to end.
_PATIENCE = 60.0

_FIGURES = "/v1/coverage"


def tell(story: Story) -> None:
    """Do with the figures of the electricians what a bureau does."""
    if story.role.post != "special_operations_worker":
        return
    analyst = story.setting.staff["analyst"]
    _try_out(story)
    _drill(story, analyst)
    _look_ahead(story, analyst)
    _act(story, analyst)
    _report(story, analyst)
    _hand_on(story, analyst)
    _publish(story)


def _whole(story: Story, client: Client, **query: object) -> dict[str, Any]:
    """Return the figure of the district, and of what lies beneath."""
    query = {"region_id": story.setting.region_id, "indicator": story.role.indicator, **query}
    found: dict[str, Any] = client.send(get(_FIGURES, query=query)).good()
    return found


def _counts(figure: dict[str, Any]) -> tuple[int, int]:
    return figure["required_count"], figure["covered_count"]


def _try_out(story: Story) -> None:
    with story.step("a definition tried before it counts") as step:
        admin = story.setting.admin
        draft = {
            "key": "walked-electricians",
            "plan": "district",
            "division_code": admin.send(
                get("/v1/regions/{region_id}", region_id=story.setting.region_id)
            ).good()["code"],
            "kind": "rate",
            "populations": [
                {
                    "name": "electricians",
                    "roles": [story.role.post],
                    "zh": "在岗电工",
                    "en": "electricians in post",
                }
            ],
            "measure": {
                "all_of": [[{"basis": "certificate"}]],
                "grace": False,
                "zh": "当日持有有效证书",
                "en": "holds a standing certificate",
            },
            "target": 100,
            "unit": "percent",
            "deadline": None,
            "quote": "电工持证上岗率达到100%",
            "region_id": story.setting.region_id,
        }
        tried = admin.send(post("/v1/indicator-preview", draft)).good()
        (figure,) = _whole(story, story.setting.staff["analyst"])["items"]
        expect("required, covered", _counts(tried), _counts(figure))
        keys = {one["key"] for one in admin.send(get("/v1/indicators")).good()["items"]}
        expect_that("nothing of it was kept", draft["key"] not in keys)
        step.result = f"{tried['covered_count']} of {tried['required_count']}, counted from facts"


def _drill(story: Story, analyst: Client) -> None:
    with story.step("drilled into, to the people") as step:
        district, key = story.setting.region_id, story.role.indicator
        (figure,) = _whole(story, analyst)["items"]
        told = []
        for by in ("enterprise", "item", "high_risk"):
            ask = get(f"{_FIGURES}/{key}/parts", query={"region_id": district, "by": by})
            parts = [part["figure"] for part in analyst.send(ask).good()["items"]]
            expect(
                f"parts by {by} at least the whole",
                sum(p["required_count"] for p in parts) >= figure["required_count"],
                True,
            )
            told.append(f"{len(parts)} by {by}")
        for standing in ("covered", "missing"):
            address = f"{_FIGURES}/{key}/people"
            people = list(pages(analyst, address, region_id=district, standing=standing))
            expect(f"people {standing}", len(people), figure[f"{standing}_count"])
        change = get(
            f"{_FIGURES}/{key}/change",
            query={"region_id": district, "from_on": today() - timedelta(days=1)},
        )
        found = analyst.send(change).good()
        left = found["covered_change"] - sum(one["covered_change"] for one in found["causes"])
        expect("change without a cause", left, 0)
        causes = {one["cause"]: one["people_count"] for one in found["causes"]}
        step.result = f"{', '.join(told)}; since yesterday: {causes}"


def _look_ahead(story: Story, analyst: Client) -> None:
    with story.step("what ends, against seats") as step:
        address = f"{_FIGURES}/{story.role.indicator}/cliff"
        query = {
            "region_id": story.setting.region_id,
            "until": today() + timedelta(days=8 * 365),
        }
        months = analyst.send(get(address, query=query)).good()["items"]
        (figure,) = _whole(story, analyst)["items"]
        ends = sum(month["expiring_count"] for month in months)
        expect("certificates that end", ends, figure["items_covered_count"])
        # Where a sitting is planned its seats serve them; where none is, all are left without.
        short = months[-1]["short_count"]
        expect("no more without a seat than end", 0 <= short <= ends, True)
        step.result = f"{ends} end by {months[-1]['month']}, {short} unseated"


def _act(story: Story, analyst: Client) -> None:
    with story.step("an enterprise is asked, told, and answers") as step:
        key, enterprise = story.role.indicator, story.setting.organisations["enterprise"]
        ask = get(f"{_FIGURES}/{key}/below-target", query={"region_id": story.setting.region_id})
        below = [part["key"] for part in analyst.send(ask).good()["items"]]
        expect_that("the enterprise is below the target", str(enterprise) in below)
        request_id = story.setting.new_id()
        address = "/v1/coverage-requests/{request_id}"
        body = {
            "indicator": key,
            "organisation_id": enterprise,
            "due_on": today() + timedelta(days=30),
            "note": "请安排补考",
        }
        analyst.send(put(address, body, request_id=request_id)).good()
        officer = appoint(story.setting, "enterprise_safety_officer", "enterprise")
        told = pages(officer, f"/v1/organisations/{enterprise}/messages")
        expect_that("it was told", "coverage_request" in {one["kind"] for one in told})
        answer = {"answer": "已报名下月考试"}
        officer.send(put(f"{address}/answer", answer, request_id=request_id)).good()
        (one,) = pages(analyst, "/v1/coverage-requests", open_only="true")
        expect("answer", one["request"]["answer"], answer["answer"])
        closed = analyst.send(put(f"{address}/closure", request_id=request_id)).good()
        step.result = f"{one['missing_now']} missing, closed at {closed['closed_at'][:16]}"


def _report(story: Story, analyst: Client) -> None:
    with story.step("evaluation of the plan, printed") as step:
        report_id, job_id = story.setting.new_id(), story.setting.new_id()
        address = "/v1/plan-reports/{report_id}"
        body = {
            "plan": "shanxi",
            "kind": "final",
            "region_id": story.setting.region_id,
            "on": today(),
        }
        issued = analyst.send(put(address, body, report_id=report_id)).good()
        files = f"{address}/files/{{job_id}}"
        _wait(analyst, put(files, report_id=report_id, job_id=job_id))
        paper, sheets = (_file(analyst, job_id, name) for name in ("report.pdf", "report.xlsx"))
        expect("what they are", (paper[:5], sheets[:2]), (b"%PDF-", b"PK"))
        whole = analyst.send(get(address, report_id=report_id)).good()
        row = next(
            one for one in whole["content"]["indicators"] if one["key"] == story.role.indicator
        )
        (figure,) = _whole(story, analyst)["items"]
        expect("its figure", (row["required"], row["covered"]), _counts(figure))
        expect("known otherwise since", whole["revisions"], [])
        step.result = f"{len(paper) // 1024} kB PDF, fingerprint {issued['fingerprint'][:12]}"


def _hand_on(story: Story, analyst: Client) -> None:
    with story.step("handed to another system, signed") as step:
        setting = story.setting
        subscription_id = setting.new_id()
        address = "/v1/coverage-subscriptions/{subscription_id}"
        receiver = setting.organisations["authority"]
        body = {"organisation_id": receiver, "region_id": setting.region_id, "with_people": True}
        analyst.send(put(address, body, subscription_id=subscription_id)).good()
        found = _first(analyst, f"/v1/coverage-subscriptions/{subscription_id}/packages")
        sent = _raw(analyst, f"/v1/coverage-packages/{found['id']}/file")
        keys = Client(setting.url).send(get("/v1/coverage-exchange-keys")).good()
        with zipfile.ZipFile(io.BytesIO(sent)) as package:
            manifest, signature = (
                package.read(name) for name in ("datapackage.json", "signature.jwt")
            )
            tables = {one["path"]: one for one in json.loads(manifest)["resources"]}
            contents = {name: package.read(name) for name in tables}
        claims = _signed(signature.decode(), keys, receiver)
        expect("manifest", claims["manifest_sha256"], hashlib.sha256(manifest).hexdigest())
        digests = {name: _digest(content) for name, content in contents.items()}
        expect("tables", digests, {name: one["hash"] for name, one in tables.items()})
        rows = list(csv.DictReader(io.StringIO(contents["figures.csv"].decode())))
        numbers = [one for one in setting.told if one.document_number.encode() in sent]
        expect("document numbers in it", len(numbers), 0)
        step.result = f"package {claims['seq']}: {len(rows)} figures, {len(contents)} tables"


def _signed(signature: str, keys: dict[str, Any], receiver: UUID) -> dict[str, Any]:
    header = jwt.get_unverified_header(signature)
    key = jwt.PyJWKSet.from_dict(keys)[header["kid"]]
    claims: dict[str, Any] = jwt.decode(
        signature, key, algorithms=["ES256"], audience=str(receiver)
    )
    return claims


def _digest(content: bytes) -> str:
    return f"sha256:{hashlib.sha256(content).hexdigest()}"


def _publish(story: Story) -> None:
    with story.step("progress for everybody, without an account") as step:
        anybody = Client(story.setting.url)
        editions = _published(anybody)
        page = _raw(anybody, "/progress").decode()
        expect_that("the page is about the plans", "严格执行特种作业人员持证上岗" in page)
        table = _raw(anybody, "/v1/open-data/coverage.csv").decode("utf-8-sig")
        lines = list(csv.DictReader(io.StringIO(table)))
        expect_that("every number is a multiple of five", _rounded(lines))
        step.result = f"{len(editions)} plans, {len(lines)} cells"


def _published(anybody: Client) -> list[dict[str, Any]]:
    """Return this month's editions: they come once nobody waits to be booked."""
    until = time.monotonic() + _PATIENCE
    while time.monotonic() < until:
        found: list[dict[str, Any]] = anybody.send(get("/v1/open-data/coverage")).good()["items"]
        if found:
            return found
        time.sleep(0.1)
    raise LookupError("No edition was published.")


def _rounded(lines: list[dict[str, str]]) -> bool:
    numbers = [line["required"] for line in lines if line["required"].isdigit()]
    return all(int(number) % 5 == 0 for number in numbers)


def _wait(client: Client, ask: Ask) -> None:
    job = client.send(ask).good()
    until = time.monotonic() + _PATIENCE
    while job["state"] in ("queued", "running") and time.monotonic() < until:
        time.sleep(0.1)
        job = client.send(get("/v1/jobs/{job_id}", job_id=job["id"])).good()
    expect("state of the job", job["state"], "done")


def _first(client: Client, address: str) -> dict[str, Any]:
    until = time.monotonic() + _PATIENCE
    while time.monotonic() < until:
        for found in pages(client, address):
            return found
        time.sleep(0.1)
    raise LookupError(f"Nothing came to {address}.")


def _file(client: Client, job_id: UUID, name: str) -> bytes:
    return _raw(client, f"/v1/jobs/{job_id}/files/{name}")


def _raw(client: Client, address: str) -> bytes:
    found: bytes = client.send(get(address)).good()
    return found
