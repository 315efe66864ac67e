"""Chapter: the certificate, believed offline, online, and in the file (证书与档案)."""

from __future__ import annotations

import time
from datetime import date, timedelta
from typing import Any

from load_tests import journeys
from load_tests.chapters.story import Story
from load_tests.client import Client
from load_tests.expectations import Different, expect, expect_that
from load_tests.messages import get
from load_tests.offline import NotGenuine, scan
from load_tests.setting import today

#: Seconds within which a certificate follows the pass.
SECONDS_UNTIL_TOLD = 10.0

#: A serial that was never issued.
_NEVER = "ZZZZZZZZZZZZZZZZ"


def tell(story: Story) -> None:
    """Find the certificate that the pass earned, and let strangers verify it."""
    _held(story)
    _offline(story)
    _online(story)
    _page(story)
    _file(story)


def _held(story: Story) -> None:
    with story.step("certificate issued on the pass") as step:
        held = _once_told(story)
        expect("certificates held", len(held), 1)
        story.certificate = held[0]
        expect("earned by", held[0]["attempt_id"], str(story.attempt_id))
        years = _years(story)
        until = _anniversary(date.fromisoformat(held[0]["valid_from"]), years) - timedelta(days=1)
        expect("valid until", held[0]["valid_until"], until.isoformat())
        expect("status", held[0]["status"], "valid")
        secret = story.candidate.papers.document_number
        expect_that("no document number in clear", secret not in str(held))
        step.result = f"{held[0]['number']}, {held[0]['valid_from']} – {held[0]['valid_until']}"


def _once_told(story: Story) -> list[dict[str, Any]]:
    """Return the certificates held, as soon as there is one: it follows a second after the pass."""
    until = time.monotonic() + SECONDS_UNTIL_TOLD
    while True:
        held = story.candidate.phone.run(journeys.look_after(story.attempt_id))
        if held or time.monotonic() > until:
            return held
        time.sleep(0.2)


def _years(story: Story) -> int:
    rules = story.candidate.phone.send(get("/v1/certificate-rules")).good()["items"]
    counting = [
        rule["years"]
        for rule in rules
        if rule["role"] == story.role.post
        and rule["effective_from"] <= today().isoformat()
        and (rule["effective_until"] or "9999") >= today().isoformat()
    ]
    expect("rules in force", len(counting), 1)
    return int(counting[0])


def _anniversary(day: date, years: int) -> date:
    try:
        return day.replace(year=day.year + years)
    except ValueError:  # 29 February: the span then ends on the last day of February
        return date(day.year + years, 3, 1)


def _offline(story: Story) -> None:
    with story.step("token verified offline by another reader") as step:
        token = story.certificate["token"]
        scanned = scan(token, story.pinned, on=today())
        expect("holder", scanned.holder, story.candidate.papers.name)
        expect("serial", scanned.serial, story.certificate["serial"])
        expect("qualification", scanned.qualification, story.role.qualification)
        expect("last day", scanned.valid_until.isoformat(), story.certificate["valid_until"])
        changed = token[:-3] + ("000" if token[-3:] != "000" else "111")
        for forged in (changed, "https://example.org/" + token):
            try:
                scan(forged, story.pinned, on=today())
            except NotGenuine:
                continue
            raise Different("A forged token was believed.")
        step.result = f"{scanned.holder} {scanned.document_masked}; forgeries refused"


def _online(story: Story) -> None:
    with story.step("verified online without an account") as step:
        stranger = Client(story.setting.url)
        serial = story.certificate["serial"]
        answer = stranger.run(journeys.verify(serial, story.certificate["token"]))
        expect("the answer", (answer["genuine"], answer["stands"]), (True, True))
        unknown = stranger.send(get("/v1/verification/{serial}", serial=_NEVER))
        expect("an unknown serial", (unknown.status, unknown.body["stands"]), (200, False))
        step.result = f"{answer['standing_zh']}; unknown serial: {unknown.body['standing_zh']}"


def _page(story: Story) -> None:
    with story.step("verified by people on the public page") as step:
        serial = story.certificate["serial"]
        reply = Client(story.setting.url).send(get("/verify/{serial}", serial=serial))
        reply.good()
        page = reply.raw.decode()
        for what in (story.certificate["number"], story.certificate["valid_until"]):
            expect_that(f"{what} is on the page", what in page)
        secret = story.candidate.papers.document_number
        expect_that("no document number in clear", secret not in page)
        expect_that("no address of another host", "//cdn" not in page)
        step.result = f"{len(page.encode()) / 1000:.1f} kB"


def _file(story: Story) -> None:
    with story.step("file shows training, exam and certificate") as step:
        own = story.candidate.phone.send(get("/v1/me/file")).good()
        address, person_id = "/v1/people/{person_id}/file", story.candidate.person_id
        issuer = story.setting.staff["issuer"]
        seen = issuer.send(get(address, person_id=person_id)).good()
        expect("the file as the bureau sees it", seen["lines"], own["lines"])
        kinds = [line["kind"] for line in own["lines"] if line["counts"]]
        exams = 2 if story.role.post == "special_operations_worker" else 1
        for kind, count in (("post", 1), ("training", 1), ("exam", exams), ("certificate", 1)):
            expect(f"lines of {kind}", kinds.count(kind), count)
        moments = [line["happened_at"] for line in own["lines"]]
        expect("order of the timeline", moments, sorted(moments))
        secret = story.candidate.papers.document_number
        expect_that("no document number in clear", secret not in str(own))
        step.result = " → ".join(kinds)
