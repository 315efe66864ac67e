"""What happened becomes statements that name nobody by more than the platform's own id."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest

from certificates import xapi
from tests.record_store import wrong

HOME = "https://p.example"
SOMEBODY = UUID(int=7)

OUTCOME: dict[str, Any] = {
    "record_id": str(UUID(int=1)),
    "corrects_id": None,
    "subject_id": str(UUID(int=2)),
    "happened_on": "2026-06-15",
    "exam_id": str(UUID(int=3)),
    "exam": "低压电工作业考试",
    "qualification": "low_voltage_electrician",
    "part": "theory",
    "score": "79.5",
    "max_score": "100",
    "passed": False,
    "voided": None,
    "attempt_number": 2,
    "candidate": {"person_id": str(SOMEBODY)},
}
BEFELL: dict[str, Any] = {
    "certificate_id": str(UUID(int=4)),
    "serial": "SC1",
    "sequence": 2,
    "kind": "revoked",
    "effective_on": "2026-06-15",
    "at": "2026-06-15T04:00:00Z",
}


def said(kind: str, content: dict[str, Any], person: UUID | None = SOMEBODY) -> list[Any]:
    return list(xapi.statements(kind, content, person_id=person, home=HOME))


@pytest.mark.parametrize(
    ("kind", "content", "verbs"),
    [
        ("outcome", OUTCOME, ["failed"]),
        ("outcome", OUTCOME | {"passed": True}, ["passed"]),
        ("outcome", OUTCOME | {"score": None}, ["failed"]),
        ("outcome", OUTCOME | {"exam_id": None, "exam": None}, ["failed"]),
        ("outcome", OUTCOME | {"corrects_id": str(UUID(int=9))}, ["voided", "failed"]),
        ("outcome", OUTCOME | {"corrects_id": str(UUID(int=9)), "voided": True}, ["voided"]),
        ("certificate", BEFELL | {"kind": "issued", "title_zh": "特种作业操作证"}, ["earned"]),
        ("status", BEFELL, ["certificate-revoked"]),
        ("coverage", {}, []),
        ("person", {}, []),
    ],
)
def test_each_entry_makes_statements_that_a_store_takes(
    kind: str, content: dict[str, Any], verbs: list[str]
) -> None:
    found = said(kind, content)

    assert [one["verb"]["id"].rpartition("/")[2] for one in found] == verbs
    assert [wrong(one) for one in found] == [None] * len(found)
    assert said(kind, content) == found


def test_nobody_is_named_unless_that_was_agreed() -> None:
    [bare] = said("outcome", OUTCOME)
    named = {"candidate": {"person_id": str(SOMEBODY), "name": "张伟", "document": "1"}}
    [told] = said("outcome", OUTCOME | named)

    assert bare["actor"].keys() == {"objectType", "account"}
    assert told["actor"] == bare["actor"] | {"name": "张伟"}
    assert said("outcome", OUTCOME, person=None) == []


def test_a_correction_voids_the_statement_of_what_it_corrects() -> None:
    [first] = said("outcome", OUTCOME)
    corrected = OUTCOME | {"record_id": str(UUID(int=5)), "corrects_id": OUTCOME["record_id"]}
    [void, second] = said("outcome", corrected)

    assert void["object"]["id"] == first["id"]
    assert len({first["id"], void["id"], second["id"]}) == 3
