"""What stands in the way of evaluating competence (能力评价的拒绝)."""

from __future__ import annotations

from server.errors import DomainError


class GradesFormCircle(DomainError):
    """Following the grade before each grade comes back to where it began."""

    code = "grades_form_circle"
    status = 422
    en = "The grades form a circle: {grades}."
    zh = "等级首尾相接，构成循环：{grades}。"

    def __init__(self, *, grades: str) -> None:
        super().__init__(grades=grades)


class FrameworkUnfit(DomainError):
    """The framework contradicts itself."""

    code = "framework_unfit"
    status = 422
    en = "The framework does not fit together: {fault}."
    zh = "能力框架自相矛盾：{fault_zh}。"

    def __init__(self, *, fault: str, fault_zh: str) -> None:
        super().__init__(fault=fault, fault_zh=fault_zh)


class FrameworkInUse(DomainError):
    """A version that has begun to count stays as it is; write one that begins later."""

    code = "framework_in_use"
    en = "A version begins after today: what counts already stays as it is."
    zh = "新版本须自明日或以后生效，已生效的框架不得改动。"


class PostUnfit(DomainError):
    """The framework is not for this post, or the post is not held."""

    code = "post_unfit"
    en = "The framework is for other posts, or this one is not held on that day."
    zh = "该能力框架不适用于此岗位，或该岗位当日不在任。"


class CycleOver(DomainError):
    """The days of the cycle are over, or have not begun."""

    code = "cycle_over"
    en = "This cycle of evaluations runs from {from_on} to {until_on}."
    zh = "本轮评价的时间为 {from_on} 至 {until_on}。"

    def __init__(self, *, from_on: str, until_on: str) -> None:
        super().__init__(from_on=from_on, until_on=until_on)


class CycleSpanEmpty(DomainError):
    """The cycle ends before it begins."""

    code = "cycle_span_empty"
    status = 422
    en = "The cycle ends before it begins."
    zh = "评价周期的截止日期早于开始日期。"


class AppraisedAlready(DomainError):
    """A person is evaluated once in a cycle for a post."""

    code = "appraised_already"
    en = "This post is evaluated in the cycle already."
    zh = "该岗位已列入本轮评价。"


class JudgesOneself(DomainError):
    """Nobody evaluates themselves, under whatever entry they are registered."""

    code = "judges_oneself"
    en = "Nobody evaluates themselves, under whatever entry they are registered."
    zh = "不得评价本人（含本人的其他登记）。"


class JudgesSuperior(DomainError):
    """Nobody evaluates whoever leads the place where they work."""

    code = "judges_superior"
    en = "Nobody evaluates their own superior."
    zh = "不得评价本人的上级。"


class SupervisorElsewhere(DomainError):
    """The supervisor does not lead the place of the post."""

    code = "supervisor_elsewhere"
    en = "The supervisor leads other places, not the one where the post is held."
    zh = "该主管的管辖范围不含此岗位所在单位，不得跨范围评价。"


class PanelUnfit(DomainError):
    """A panel has fewer members than the framework asks for, or one that judges already."""

    code = "panel_unfit"
    status = 422
    en = "A panel has at least {least} different members, the supervisor not among them."
    zh = "评议小组至少由 {least} 名不同人员组成，且不含主管。"

    def __init__(self, *, least: int) -> None:
        super().__init__(least=least)


class MarksUnfit(DomainError):
    """The marks are not those that the framework asks for."""

    code = "marks_unfit"
    status = 422
    en = "Give one mark of the scale for each competence that is judged: {competences}."
    zh = "须就每项需评议的能力给出量表内的分值：{competences}。"

    def __init__(self, *, competences: str) -> None:
        super().__init__(competences=competences)


class JudgedAlready(DomainError):
    """Marks that were given stay as they are."""

    code = "judged_already"
    en = "These marks were given already and stay as they are."
    zh = "评分已提交，不得更改。"


class AppraisalState(DomainError):
    """The evaluation does not stand where this could be done."""

    code = "appraisal_state"
    en = "This cannot be done with an evaluation that is {state}."
    zh = "评价当前状态（{state}）不允许此操作。"

    def __init__(self, *, state: str) -> None:
        super().__init__(state=state)


class JudgementMissing(DomainError):
    """The supervisor, or somebody of the panel, has not judged yet."""

    code = "judgement_missing"
    en = "{count} of those who judge have not given their marks."
    zh = "尚有 {count} 名评价人未提交评分。"

    def __init__(self, *, count: int) -> None:
        super().__init__(count=count)


class DisagreementOpen(DomainError):
    """The marks lie apart, and nobody has settled it."""

    code = "disagreement_open"
    en = "The marks lie apart and nobody has settled it: {competences}."
    zh = "评分分歧尚未裁定：{competences}。"

    def __init__(self, *, competences: str) -> None:
        super().__init__(competences=competences)


class NothingToSettle(DomainError):
    """The marks do not lie apart there, or not everybody has judged."""

    code = "no_disagreement"
    en = "There is no disagreement about this competence to be settled."
    zh = "该项能力不存在需裁定的分歧。"


class JudgeSettles(DomainError):
    """Who judged does not settle the disagreement, nor decide the appeal."""

    code = "judge_settles"
    en = "Somebody who judged, or settled, in this evaluation does not decide about it."
    zh = "参与本次评价或裁定的人员不得就其作出裁决。"


class ProofExpired(DomainError):
    """The proof is older than it lasts."""

    code = "proof_expired"
    en = "The proof is of {happened_on} and lasted until {last_on}."
    zh = "该证明形成于 {happened_on}，有效期至 {last_on}，已失效。"

    def __init__(self, *, happened_on: str, last_on: str) -> None:
        super().__init__(happened_on=happened_on, last_on=last_on)


class ProofUnfit(DomainError):
    """No competence of the grade is proved by such an entry."""

    code = "proof_unfit"
    status = 422
    en = "An entry of this kind proves nothing for this competence and grade."
    zh = "此类档案记录不能证明该等级的该项能力。"


class AppealTooLate(DomainError):
    """The days for an appeal are over."""

    code = "competence_appeal_too_late"
    en = "An appeal was possible until {until_on}."
    zh = "申诉期限已于 {until_on} 届满。"

    def __init__(self, *, until_on: str) -> None:
        super().__init__(until_on=until_on)


class GradeNotHeld(DomainError):
    """The person does not hold the grade that the appointment asks for."""

    code = "grade_not_held"
    en = "The appointment asks for a grade that the person does not hold on its first day."
    zh = "该人员在聘任首日未达到所要求的能力等级。"


class TermTooLong(DomainError):
    """The term is longer than one may be, or the last of as many as follow one another."""

    code = "term_too_long"
    en = "A term lasts {months} months at most, and {terms} may follow one another."
    zh = "每届聘期最长 {months} 个月，连续聘任不超过 {terms} 届。"

    def __init__(self, *, months: int, terms: int) -> None:
        super().__init__(months=months, terms=terms)


class SelectionConflict(DomainError):
    """Something the person is or does stands against the appointment."""

    code = "selection_conflict"
    en = "Something stands against the appointment: {conflicts}."
    zh = "存在利益冲突，不得聘任：{conflicts}。"

    def __init__(self, *, conflicts: str) -> None:
        super().__init__(conflicts=conflicts)
