"""Pure: dimensions of competence, kinds of proof, sides that judge, states (能力评价的各种类别)."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum


class Dimension(StrEnum):
    """What a competence is a matter of (能力维度)."""

    #: 知识
    KNOWLEDGE = "knowledge"
    #: 技能、实务
    PRACTICE = "practice"
    #: 经历
    EXPERIENCE = "experience"
    #: 作风、操守
    CONDUCT = "conduct"


class Origin(StrEnum):
    """Who asks for a competence (要求来源)."""

    #: The words of a plan or of the law.
    PLAN = "plan"
    #: The platform proposes it; a bureau writes a version of its own where it wants another.
    PROPOSAL = "proposal"


class ProofKind(StrEnum):
    """What proves a competence (证明方式)."""

    #: A measure of coverage holds: certified, rotated, professional.
    MEASURE = "measure"
    #: 考试合格
    EXAM = "exam"
    #: 实操考核
    PRACTICAL = "practical"
    #: 培训学时
    HOURS = "hours"
    #: 任职年限
    YEARS = "years"
    #: 评价得分：what supervisor and panel found.
    MARK = "mark"
    #: 学历
    EDUCATION = "education"
    #: 注册安全工程师
    ENGINEER = "engineer"
    #: 无违规
    CLEAN = "clean"
    #: 个案材料：an entry of one's file that was presented for it.
    ENTRY = "entry"


class Side(StrEnum):
    """Who judges (评价主体)."""

    #: 本人
    SELF = "self"
    #: 主管
    SUPERVISOR = "supervisor"
    #: 评议小组
    PANEL = "panel"


class State(StrEnum):
    """Where an evaluation stands (评价状态)."""

    OPEN = "open"
    CONCLUDED = "concluded"
    APPEALED = "appealed"
    DECIDED = "decided"
    WITHDRAWN = "withdrawn"


class Move(StrEnum):
    """What is done with an evaluation as a whole."""

    CONCLUDE = "conclude"
    APPEAL = "appeal"
    DECIDE = "decide"
    WITHDRAW = "withdraw"


#: Every move that there is; a decided appeal is the end.
MOVES: Mapping[tuple[State, Move], State] = {
    (State.OPEN, Move.CONCLUDE): State.CONCLUDED,
    (State.OPEN, Move.WITHDRAW): State.WITHDRAWN,
    (State.CONCLUDED, Move.APPEAL): State.APPEALED,
    (State.APPEALED, Move.DECIDE): State.DECIDED,
}

#: States in which there is a result; while an appeal waits, the first one counts.
WITH_RESULT = frozenset({State.CONCLUDED, State.APPEALED, State.DECIDED})
