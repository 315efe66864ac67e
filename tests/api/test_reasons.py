"""What ends something keeps why in the audit; programs that do not say it go on as before."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from question_bank.lifecycle import State
from question_bank.models import Law, Question
from server.db import db
from server.organisations.models import Organisation
from server.people.models import Post
from server.policy import Role
from tests.factories.record_rooms import furnish
from tests.moments import NOON

WHY = "经核实，不再使用"

#: What looks like somebody's number, in clear: the audit keeps none.
NUMBER = "证件 11010519491231002X 的档案"

TODAY = NOON.date().isoformat()

#: Departments that do not lie where they are moved to.
MOVABLE = ("装配车间", "动力车间")


@dataclass(frozen=True)
class Officer:
    """Somebody over HTTP, and what there is to be ended."""

    client: FlaskClient
    headers: dict[str, str]
    known: dict[str, Any]

    def put(self, path: str, body: dict[str, Any] | None = None) -> Any:
        """Send a PUT."""
        return self.client.put(f"/v1/{path}", json=body, headers=self.headers)

    def get(self, path: str) -> Any:
        """Return what a GET tells."""
        return self.client.get(f"/v1/{path}", headers=self.headers).json


@pytest.fixture
def officer(demonstrated, client, writing, a_signed_in):
    """Furnish the rooms, and let somebody in who may do everything everywhere."""
    with writing():
        known: dict[str, Any] = dict(furnish())
        for name, column in (
            ("questions", select(Question.id).where(Question.state == State.PUBLISHED)),
            ("posts", select(Post.id).where(Post.until_on.is_(None))),
            ("departments", select(Organisation.id).where(Organisation.name.in_(MOVABLE))),
            ("laws", select(Law.id).where(Law.valid_until.is_(None))),
        ):
            known[name] = db.session.scalars(column.limit(4)).all()
    headers = a_signed_in(*(role for role in Role if role is not Role.WORKER)).headers

    return Officer(client, headers, known)


def _endings(officer: Officer, at: int) -> Iterator[tuple[str, dict[str, Any], str]]:
    """Yield moves that end something: the address, what is sent besides, and the action kept."""
    known = officer.known
    yield f"questions/{known['questions'][at]}/retirement", {}, "question_retired"
    yield f"posts/{known['posts'][at]}/end", {"until_on": TODAY}, "post_ended"
    under = {"parent_id": str(known["works"])}
    yield f"organisations/{known['departments'][at]}/parent", under, "organisation_moved"
    yield f"laws/{known['laws'][at]}/end", {"valid_until": TODAY}, "law_ended"
    notice = uuid4()
    told = {"urgency": "trouble", "title_zh": "慢", "title_en": "Slow", "body_zh": "慢"}
    span = {"from_at": NOON.isoformat(), "until_at": "2026-12-31T00:00:00Z", "region_id": None}
    assert officer.put(f"notices/{notice}", told | span | {"body_en": "Slow"}).status_code == 200
    yield f"notices/{notice}/withdrawal", {}, "notice_withdrawn"
    yield f"accounts/{known['account']}/first-password", {}, "first_password_given"
    double = known[("merged", "cleared")[at]]
    yield f"suspected-doubles/{double}/clearance", {}, "double_cleared"
    action, ids = uuid4(), [str(known["questions"][2 + at])]
    foreseen = officer.put(
        f"question-bulk-actions/{action}", {"move": "retire", "question_ids": ids}
    )
    assert foreseen.json["counts"] == {"changes": 1}
    yield f"question-bulk-actions/{action}/execution", {}, "question_bulk_action_done"


def test_the_audit_keeps_why_something_was_ended_and_nobodys_number(officer):
    for path, body, action in _endings(officer, 0):
        refused = officer.put(path, {**body, "reason": NUMBER})
        assert refused.status_code == 422, path
        assert refused.json["code"] == "number_not_masked"
        assert officer.put(path, {**body, "reason": WHY}).status_code == 200, path
        assert officer.get(f"audit?action={action}")["items"][0]["reason"] == WHY


def test_programs_that_say_no_reason_go_on_as_before(officer):
    for path, body, action in _endings(officer, 1):
        assert officer.put(path, body or None).status_code == 200, path
        assert officer.get(f"audit?action={action}")["items"][0]["reason"] is None


def test_a_question_nobody_met_is_deleted_with_a_reason(officer):
    one, serves = uuid4(), [{"role": "principal"}]
    written = {"kind": "true_false", "stem": "高处作业须系安全带。", "key": ["A"], "serves": serves}
    made = officer.put(f"questions/{one}", written | {"bank_id": str(officer.known["bank"])})
    assert made.status_code == 200, made.json

    assert officer.put(f"questions/{one}/deletion", {"reason": WHY}).status_code == 204

    (entry,) = officer.get("audit?action=question_deleted")["items"]
    assert (entry["subject_id"], entry["reason"]) == (str(one), WHY)


def test_before_something_is_ended_one_is_told_what_it_touches(officer):
    known = officer.known
    extent = officer.get(f"organisations/{known['works']}/extent")
    every = [officer.get(f"laws/{one}/reach") for one in known["laws"]]

    assert extent["organisation_count"] == 4
    assert extent["person_count"] >= extent["post_count"] > 10
    assert any(one["question_count"] >= one["published_count"] > 0 for one in every)
