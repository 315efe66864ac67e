"""Refusals of making papers together (组卷的拒绝)."""

from __future__ import annotations

from server.errors import DomainError


class TargetOutOfReach(DomainError):
    """The bank carries the sections, and not at the difficulty asked for."""

    code = "target_out_of_reach"
    en = "Papers cannot reach {target} points on the average; the nearest is about {nearest}."
    zh = "题库无法使试卷平均得分达到 {target} 分，最接近约 {nearest} 分。"


class RequiredNotInPool(DomainError):
    """A question that every paper is to take cannot be drawn by it."""

    code = "required_not_in_pool"
    en = "A required question is not among those that papers may draw."
    zh = "必考题不在可组卷的题目之中。"


class PapersBeingMade(DomainError):
    """A job makes the papers of a large exam, or what it left is being cleared away."""

    code = "papers_being_made"
    en = "The papers of this exam are being made by somebody else, or cleared away. Try later."
    zh = "本场考试的试卷正由他人制作，或正在清理，请稍后再试。"


class PlanChanged(DomainError):
    """What the papers of a large exam follow has changed since they were asked for."""

    code = "plan_changed"
    en = "The plan, or a question it draws, has changed meanwhile. Publish the exam once more."
    zh = "制卷期间考试安排或所抽试题已有变更，请重新发布。"


class Unprintable(DomainError):
    """Formulas of the papers cannot be set on paper; they are named rather than set wrongly."""

    code = "unprintable"
    en = "{count} questions hold formulas that cannot be printed: {questions}."
    zh = "{count} 道试题含有无法排印的公式：{questions}。"

    def __init__(self, *, count: int, questions: str) -> None:
        super().__init__(count=count, questions=questions)


class BookletUnknown(DomainError):
    """No booklet of the exam that this place could have sat by is called so."""

    code = "booklet_unknown"
    status = 422
    en = "This place has no booklet called {label}."
    zh = "该考生没有编号为 {label} 的试卷。"

    def __init__(self, *, label: str) -> None:
        super().__init__(label=label)
