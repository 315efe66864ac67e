"""An exam that is open, and a crowd of candidates with places in it, for load tests (考场布置)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from load_tests import journeys, knowledge
from load_tests.chapters import exam
from load_tests.knowledge import Knowledge
from load_tests.roles import ROLES, SMALL
from load_tests.server_process import SignIn
from load_tests.setting import Candidate, Setting, a_candidate, build

#: Safety managers are certified by the theory alone; their training is recorded beforehand.
ROLE = ROLES[1]


@dataclass(frozen=True, kw_only=True)
class Place:
    """A candidate with a place in the exam."""

    candidate: Candidate
    enrolment_id: UUID


@dataclass(frozen=True, kw_only=True)
class Cast:
    """Candidates with places in one exam that is open, and the right responses."""

    setting: Setting
    exam_id: UUID
    places: list[Place]
    knowledge: Knowledge


def gather(url: str, sign_ins: Iterable[SignIn], count: int, *, seed: int) -> Cast:
    """Make an exam of the questions in use, and so many candidates with places in it.

    Args:
        url: where the server is.
        sign_ins: its demonstration accounts.
        count: how many candidates.
        seed: the same seed makes the same people; another one makes others on the same server.

    Raises:
        Refused: the server does not do what is needed.
        LookupError: its question bank cannot carry an exam.
    """
    setting = build(url, sign_ins, seed=seed)
    exam_id = _open_exam(setting)
    places = [_enrol(setting, exam_id) for _ in range(count)]
    found = knowledge.of(setting.staff["author"], ROLE.post)
    return Cast(setting=setting, exam_id=exam_id, places=places, knowledge=found)


def _open_exam(setting: Setting) -> UUID:
    planner, qualification = setting.staff["planner"], ROLE.qualification
    specification_id, supply = exam.specify(
        setting, planner, qualification=qualification, sections=SMALL, name="压力测试组卷规则"
    )
    if supply["shortages"]:
        raise LookupError(f"The question bank is short: {supply['shortages']}")
    return exam.plan(
        setting,
        planner,
        qualification=qualification,
        specification_id=specification_id,
        name="压力测试考试",
    )


def _enrol(setting: Setting, exam_id: UUID) -> Place:
    candidate = a_candidate(setting, ROLE.post, items=ROLE.operation_items)
    exam.train(setting, candidate, ROLE)
    enrolment_id = setting.new_id()
    found = candidate.phone.send(journeys.enrol(enrolment_id, exam_id)).good()
    if not found["accepted"]:
        raise LookupError(f"A candidate has no place: {found['reasons']}")
    return Place(candidate=candidate, enrolment_id=enrolment_id)
