"""Chapter: a safety manager is evaluated, the marks lie apart, a result stands (岗位能力评价)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from load_tests.client import Client
from load_tests.expectations import Report, expect, expect_that
from load_tests.messages import get, put
from load_tests.setting import Candidate, Setting, a_candidate, appoint, first, today

CHAPTER = "能力评价"

_ONE = "/v1/competence-appraisals/{appraisal_id}"
_MARKS = {"hazard_control": 3, "emergency": 3}


@dataclass(frozen=True, kw_only=True)
class _Evaluation:
    """Who takes part in the chapter."""

    report: Report
    leader: Client
    above: Client
    manager: Candidate
    appraisal_id: UUID

    def good(self, client: Client, move: str = "", **body: Any) -> Any:
        """Do something with the evaluation that is not refused."""
        ask = put(f"{_ONE}{move}", body, appraisal_id=self.appraisal_id)
        return client.send(ask).good()

    def refused(self, client: Client, move: str, **body: Any) -> str | None:
        """Do something with the evaluation that is refused; return the code."""
        return client.send(put(f"{_ONE}{move}", body, appraisal_id=self.appraisal_id)).code


def tell(report: Report, setting: Setting) -> None:
    """Evaluate somebody, settle what the judges see differently, and book what is missing."""
    told = _opened(report, setting)
    _judge(told)
    _conclude(told)
    _appeal(told)


def _opened(report: Report, setting: Setting) -> _Evaluation:
    with report.step(CHAPTER, "a cycle, and somebody entered into it") as step:
        leader, above = (appoint(setting, "leader", "authority") for _ in range(2))
        manager = a_candidate(setting, "safety_manager")
        cycle_id, appraisal_id = setting.new_id(), setting.new_id()
        circle = {"in_post": "leading", "proficient": "in_post", "leading": "proficient"}
        _refuse_circle(setting, circle)
        body: dict[str, Any] = {
            "organisation_id": setting.organisations["enterprise"],
            "framework": "safety_manager",
            "title": "走查能力评价",
            "from_on": today(),
            "until_on": today() + timedelta(days=30),
        }
        leader.send(put("/v1/competence-cycles/{cycle_id}", body, cycle_id=cycle_id)).good()
        [post] = first(setting.admin, "/v1/posts", 1, person_id=manager.person_id)
        body = {
            "cycle_id": cycle_id,
            "post_id": post["id"],
            "family": "high_risk",
            "grade": "proficient",
            "supervisor_id": manager.person_id,
        }
        ask = put(_ONE, body, appraisal_id=appraisal_id)
        expect("judging oneself", leader.send(ask).code, "judges_oneself")
        body["supervisor_id"] = leader.send(get("/v1/me")).good()["person_id"]
        leader.send(put(_ONE, body, appraisal_id=appraisal_id)).good()
        step.result = manager.papers.name
    return _Evaluation(
        report=report, leader=leader, above=above, manager=manager, appraisal_id=appraisal_id
    )


def _refuse_circle(setting: Setting, after: dict[str, str]) -> None:
    """See that a framework whose grades form a circle is refused."""
    address = "/v1/competence-frameworks/{key}/in-force"
    found = setting.admin.send(get(address, key="safety_manager")).good()
    del found["id"]
    found["effective_from"] = today() + timedelta(days=30)
    for grade in found["grades"]:
        grade["after"] = after[grade["key"]]
    address = "/v1/competence-frameworks/{framework_id}"
    refused = setting.admin.send(put(address, found, framework_id=setting.new_id()))
    expect("grades in a circle", refused.code, "grades_form_circle")


def _judge(told: _Evaluation) -> None:
    with told.report.step(CHAPTER, "judged twice; the marks lie apart and are settled") as step:
        told.good(told.manager.phone, "/judgement", marks=_MARKS | {"emergency": 5})
        told.good(told.leader, "/judgement", marks=_MARKS)
        expect("with a disagreement", told.refused(told.leader, "/conclusion"), "disagreement_open")
        settle: dict[str, Any] = {"mark": 4, "reason": "核对演练记录"}
        by_a_judge = told.refused(told.leader, "/settlements/emergency", **settle)
        expect("settled by a judge", by_a_judge, "judge_settles")
        told.good(told.above, "/settlements/emergency", **settle)
        step.result = "emergency: 5, 3 → 4"


def _conclude(told: _Evaluation) -> None:
    with told.report.step(CHAPTER, "a result, its gaps, and what is done about them") as step:
        result = told.good(told.leader, "/conclusion")["result"]
        gaps = [one["key"] for one in result["competences"] if not one["met"]]
        expect_that("nobody passed for the post", "qualified" in gaps)
        expect("marks", result["marks"], _MARKS | {"emergency": 4})
        plan = told.good(told.leader, "/training-plan")["items"]
        expect("planned for each gap", {one["competence"] for one in plan}, set(gaps))
        step.result = f"{result['reached']}; {', '.join(gaps)}"


def _appeal(told: _Evaluation) -> None:
    with told.report.step(CHAPTER, "an appeal, decided by somebody else") as step:
        phone = told.manager.phone
        told.good(phone, "/appeal", reason="评分偏低")
        decide: dict[str, Any] = {"marks": {"hazard_control": 4}, "decision": "复核后上调"}
        by_a_judge = told.refused(told.leader, "/appeal/decision", **decide)
        expect("decided by a judge", by_a_judge, "judge_settles")
        third = told.refused(told.above, "/appeal/decision", **decide)
        expect("decided by who settled", third, "judge_settles")
        [mine] = phone.send(get("/v1/me/competence")).good()["items"]
        expect("what one sees oneself", len(mine["history"]), 1)
        step.result = "appealed; neither judge nor settler decides"
