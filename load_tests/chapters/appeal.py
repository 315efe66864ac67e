"""Chapter: an appeal, the paper seen under supervision, a question that was no good (复核)."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from load_tests.chapters.story import Story
from load_tests.client import Client
from load_tests.expectations import Different, expect, expect_that
from load_tests.messages import get, put
from load_tests.setting import appoint

#: Seconds that a job of a few attempts may take.
_SECONDS = 30.0

_APPEAL = "/v1/me/appeals/{appeal_id}"
_REGRADE = "/v1/regrades/{regrade_id}"


def tell(story: Story) -> None:
    """Let who failed appeal, see the paper, and be right about a question."""
    if story.role.post != "principal":
        return
    staff = [appoint(story.setting, "examiner", "test_centre") for _ in range(4)]
    appeal_id, attempt_id = _filed(story)
    missed = _seen(story, appeal_id, staff[0], staff[3])
    regrade_id = _ruled(story, appeal_id, staff[0], missed)
    _regraded(story, regrade_id, attempt_id, staff)


def _filed(story: Story) -> tuple[UUID, UUID]:
    phone, appeal_id = story.loser.phone, story.setting.new_id()
    with story.step("who failed appeals, once") as step:
        attempts = phone.send(get("/v1/me/attempts")).good()["items"]
        attempt_id = UUID(attempts[0]["id"])
        body = {"attempt_id": attempt_id, "ground": "question", "statement": "答案与教材不符"}
        filed = phone.send(put(_APPEAL, body, appeal_id=appeal_id)).good()
        other = phone.send(put(_APPEAL, body, appeal_id=story.setting.new_id()))
        expect("a second one on the same ground", other.code, "appealed_before")
        step.result = f"to be ruled by {filed['due_on']}"
    return appeal_id, attempt_id


def _seen(story: Story, appeal_id: UUID, examiner: Client, guard: Client) -> set[str]:
    """Return the stems of what earned nothing."""
    viewing_id, now = story.setting.new_id(), datetime.now(UTC)
    with story.step("paper seen beside a supervisor") as step:
        look = put(f"{_APPEAL}/viewed-paper", appeal_id=appeal_id)
        expect("before", story.loser.phone.send(look).code, "no_viewing_now")
        body = {
            "supervisor_id": guard.send(get("/v1/me")).good()["person_id"],
            "place": "查卷室",
            "from_at": (now - timedelta(minutes=1)).isoformat(),
            "until_at": (now + timedelta(minutes=30)).isoformat(),
        }
        address = "/v1/appeals/{appeal_id}/viewings/{viewing_id}"
        examiner.send(put(address, body, appeal_id=appeal_id, viewing_id=viewing_id)).good()
        guard.send(put("/v1/viewings/{viewing_id}/opening", viewing_id=viewing_id)).good()
        paper = story.loser.phone.send(look).good()
        expect_that("no key is shown", "key" not in str(paper["questions"][0]))
        missed = {one["stem"] for one in paper["questions"] if one["earned"] == "0"}
        step.result = f"{len(paper['questions'])} questions, {len(missed)} of them missed"
    return missed


def _ruled(story: Story, appeal_id: UUID, examiner: Client, missed: set[str]) -> UUID:
    regrade_id = story.setting.new_id()
    with story.step("ruling: a question was no good") as step:
        asked = story.setting.staff["author"].send(
            get(
                "/v1/questions", query={"role": story.role.post, "state": "published", "limit": 200}
            )
        )
        version_id = None
        found = asked.good()["items"]
        for question in [one for one in found if one["version"]["stem"] in missed]:
            body = {
                "upheld": True,
                "reason": "题目有歧义",
                "effect": "regrade",
                "effect_id": regrade_id,
                "version_id": question["version"]["id"],
                "remedy": "full_marks",
            }
            ask = put("/v1/appeals/{appeal_id}/ruling", body, appeal_id=appeal_id)
            if examiner.send(ask).status == 200:
                version_id = question["version"]["id"]
                break
        expect_that("a question of the paper was found", version_id is not None)
        step.result = "full marks for all are proposed"
    return regrade_id


def _regraded(story: Story, regrade_id: UUID, attempt_id: UUID, staff: list[Client]) -> None:
    author, second, third, _ = staff
    with story.step("regrade previewed, approved by two others, carried out") as step:
        word: dict[str, Any] = {"approved": True, "reason": "核对教材"}
        approval = f"{_REGRADE}/approval"

        def approve(who: Client) -> Any:
            body = {**word, "job_id": story.setting.new_id()}
            return who.send(put(approval, body, regrade_id=regrade_id))

        expect("the author approves", approve(author).code, "author_cannot_approve")
        expect("without a preview", approve(second).code, "not_previewed")
        address = f"{_REGRADE}/preview/{{job_id}}"
        ask = put(address, regrade_id=regrade_id, job_id=story.setting.new_id())
        author.send(ask).good()
        sums = _until(author, regrade_id, "previewed")["preview"]
        approve(second).good()
        approve(third).good()
        _until(author, regrade_id, "applied")
        history = f"/v1/attempts/{attempt_id}/outcome-history"
        changed = story.loser.phone.send(get(history)).good()["items"]
        expect("corrections of who appealed", len(changed), 1)
        step.result = f"{sums['changed']} of {sums['attempts']} changed, the original kept"
    with story.step("who appealed is told, and fetches the letters") as step:
        told = story.loser.phone.send(get("/v1/me/messages")).good()["items"]
        kinds = {one["kind"]: one["subject_id"] for one in told}
        expect("of the correction", kinds["outcome_corrected"], changed[0]["id"])
        address = "/v1/me/outcome-corrections/{correction_id}/letter.pdf"
        letter = story.loser.phone.send(get(address, correction_id=UUID(changed[0]["id"])))
        expect("the letter", letter.raw[:5], b"%PDF-")
        address = "/v1/me/appeals/{appeal_id}/letter.pdf"
        ruling = story.loser.phone.send(get(address, appeal_id=UUID(kinds["appeal_ruled"])))
        expect("the ruling", ruling.raw[:5], b"%PDF-")
        step.result = f"{len(letter.raw) + len(ruling.raw)} bytes of PDF"


def _until(who: Client, regrade_id: UUID, state: str) -> dict[str, Any]:
    until = time.monotonic() + _SECONDS
    while time.monotonic() < until:
        found: dict[str, Any] = who.send(get(_REGRADE, regrade_id=regrade_id)).good()
        if found["state"] == state:
            return found
        time.sleep(0.2)
    raise Different(f"The regrade was not {state} within {_SECONDS} s.")
