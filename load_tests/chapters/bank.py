"""Chapter: questions come in, are reviewed and put to use (题库)."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from uuid import UUID

from load_tests import knowledge
from load_tests.chapters.story import Story
from load_tests.expectations import expect, expect_that
from load_tests.messages import Ask, put

#: Questions that one request moves at most.
_AT_ONCE = 1000


def tell(story: Story) -> None:
    """Bring the real files of the role, or else the demonstration bank, into use."""
    bank_id = _open(story)
    files = story.role.workbooks()
    for path, examines in files.items():
        _import(story, path, bank_id, examines=examines)
    if not files:
        _write(story, bank_id)
    _settle(story)
    with story.step("keys read by the author") as step:
        found = knowledge.of(story.setting.staff["author"], story.role.post)
        story.knowledge = found
        step.result = f"{len(found.right)} examined; {found.practised_count} to practise only"


def _settle(story: Story) -> None:
    """Retire what real banks hold twice with two keys: no candidate could be right."""
    with story.step("contradicting questions retired") as step:
        author, reviewer = story.setting.staff["author"], story.setting.staff["reviewer"]
        torn = knowledge.of(author, story.role.post).contradictions()
        if torn:
            body = {"question_ids": torn}
            moved = reviewer.send(put("/v1/question-retirements", body)).good()
            expect("questions retired", (moved["moved_count"], moved["refused"]), (len(torn), []))
        left = knowledge.of(author, story.role.post).contradictions()
        expect("contradictions left", left, [])
        step.result = f"{len(torn)} retired"


def _open(story: Story) -> UUID:
    bank_id = story.setting.new_id()
    with story.step("bank opened") as step:
        body = {
            "name": f"{story.role.name_zh}题库",
            "owner_id": story.setting.organisations["authority"],
        }
        ask = put("/v1/question-banks/{bank_id}", body, bank_id=bank_id)
        found = story.setting.staff["author"].send(ask).good()
        expect("name of the bank", found["name"], body["name"])
        step.result = found["name"]
    return bank_id


def _import(story: Story, path: Path, bank_id: UUID, *, examines: bool) -> None:
    author, reviewer = story.setting.staff["author"], story.setting.staff["reviewer"]
    import_id = story.setting.new_id()
    with story.step(f"import {path.name}: report") as step:
        ask = _file(story, path, bank_id, import_id, examines=examines)
        report, again = author.send(ask).good(), author.send(ask).good()
        expect("the same file sent twice", again, report)
        counts = report["counts"]
        taken = counts["imported"] + counts["repaired"]
        expect_that("most rows are questions", taken > 10 * counts["refused"])
        step.result = _in_words(counts)
    with story.step(f"import {path.name}: accepted") as step:
        ask = put(
            "/v1/question-imports/{import_id}/acceptance",
            {"accepted_only": True},
            import_id=import_id,
        )
        accepted = author.send(ask).good()
        expect("questions written", accepted["created_count"], taken)
        expect("accepting twice", author.send(ask).good()["created_count"], taken)
        step.result = f"{taken} drafts"
    with story.step(f"import {path.name}: reviewed, published") as step:
        publication = put("/v1/question-imports/{import_id}/publication", import_id=import_id)
        request = put("/v1/question-imports/{import_id}/review-request", import_id=import_id)
        expect("drafts handed to review", author.send(request).good()["moved_count"], taken)
        expect("the author publishing", author.send(publication).status, 403)
        moved = reviewer.send(publication).good()
        expect("questions published", (moved["moved_count"], moved["refused"]), (taken, []))
        step.result = f"{taken} published; the author could not"


def _file(story: Story, path: Path, bank_id: UUID, import_id: UUID, *, examines: bool) -> Ask:
    query = {
        "bank_id": bank_id,
        "serves": story.role.serves,
        "file_name": path.name,
        "for_exams": str(examines).lower(),
    }
    return Ask(
        method="PUT",
        address="/v1/question-imports/{import_id}",
        ids={"import_id": import_id},
        query=query,
        file=path.read_bytes(),
    )


def _in_words(counts: dict[str, int]) -> str:
    return ", ".join(f"{count} {outcome}" for outcome, count in counts.items() if count)


def _write(story: Story, bank_id: UUID) -> None:
    author, reviewer = story.setting.staff["author"], story.setting.staff["reviewer"]
    written: list[str] = []
    with story.step("demonstration questions written") as step:
        for question in story.role.written_questions():
            written.append(_write_one(story, question, bank_id))
        step.result = f"{len(written)} drafts"
    with story.step("reviewed, published") as step:
        body = {"question_ids": written[:_AT_ONCE]}
        handed = author.send(put("/v1/question-review-requests", body)).good()
        expect("drafts handed to review", handed["moved_count"], len(written))
        publication = put("/v1/question-publications", body)
        expect("the author publishing", author.send(publication).status, 403)
        moved = reviewer.send(publication).good()
        expect("questions published", (moved["moved_count"], moved["refused"]), (len(written), []))
        step.result = f"{len(written)} published; the author could not"


def _write_one(story: Story, question: dict[str, Any], bank_id: UUID) -> str:
    letters = {"正确": "A", "错误": "B"}
    body = {
        **question,
        "bank_id": bank_id,
        "options": question.get("options", []) if question["kind"] != "true_false" else [],
        "key": [letters.get(label, label) for label in question["key"]],
    }
    ask = put("/v1/questions/{question_id}", body, question_id=story.setting.new_id())
    found: dict[str, Any] = story.setting.staff["author"].send(ask).good()
    expect("state of a new question", found["state"], "draft")
    return str(found["id"])
