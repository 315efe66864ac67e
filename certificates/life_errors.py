"""What stands in the way of rules, grounds and moves in the life of a certificate (拒绝)."""

from __future__ import annotations

from server.errors import DomainError


class RuleShipped(DomainError):
    """The rule comes with the platform and is not changed by an installation."""

    code = "rule_shipped"
    en = "This rule comes with the platform; add a local one instead."
    zh = "该规则随平台发布，不能修改；请另行添加地方规则。"


class RuleOverlaps(DomainError):
    """Another rule counts for the same certificates on some of the same days."""

    code = "rule_overlaps"
    en = "The rule {rule} counts for the same certificates on some of these days."
    zh = "规则 {rule} 在部分相同日期已适用于同类证书。"


class RuleSpanEmpty(DomainError):
    """The last day of the rule lies before its first."""

    code = "rule_span_empty"
    status = 422
    en = "The last day lies before the first."
    zh = "截止日期早于起始日期。"


class RuleUsed(DomainError):
    """Certificates were issued by the rule: only its last day may still change."""

    code = "rule_used"
    en = "Certificates were issued by this rule; only its last day may still change."
    zh = "已有证书依据该规则签发，只能修改其截止日期。"


class LettersTaken(DomainError):
    """Another kind of certificate has these letters in its numbers."""

    code = "letters_taken"
    en = "The letters {letters} stand for another kind of certificate."
    zh = "字母 {letters} 已用于另一类证书的编号。"


class GroundNotInForce(DomainError):
    """No such ground is in force on that day for such a certificate."""

    code = "ground_not_in_force"
    status = 422
    en = "{ground} is no ground in force on {on} for this change of such a certificate."
    zh = "{ground} 不是 {on} 适用于该类证书此项变更的法定情形。"


class SecondPersonNeeded(DomainError):
    """Who suspended the certificate may not lift the suspension."""

    code = "second_person_needed"
    en = "Who suspended a certificate may not lift it: another officer decides."
    zh = "暂扣与恢复不得由同一人作出，须由另一名工作人员决定。"


class TrainedHolder(DomainError):
    """Who trained or examined a person does not certify them (考培分离)."""

    code = "trained_holder"
    status = 403
    en = "You trained or examined this person; another officer must decide."
    zh = "您参与过该人员的培训或考试，须由他人办理（考培分离）。"


class SameEmployer(DomainError):
    """Who works for the same enterprise or provider does not certify a colleague."""

    code = "same_employer"
    status = 403
    en = "You hold a post at the same organisation as this person; another officer must decide."
    zh = "您与该人员同属一个单位，须由他人办理。"


class NotContinued(DomainError):
    """Where the certificate stands, no other can continue it."""

    code = "not_continued"
    en = "A certificate that is {standing} on {on} cannot be renewed; apply for a first one."
    zh = "证书在 {on} 的状态为“{standing_zh}”，不能换证或延期，应重新申请初领。"


class TooEarly(DomainError):
    """The certificate ends later than the window for its renewal begins."""

    code = "too_early"
    en = "The renewal may be decided from {from_on} on."
    zh = "换证或延期应在 {from_on} 之后办理。"


class NotExtendable(DomainError):
    """Certificates of this kind are renewed, not extended."""

    code = "not_extendable"
    en = "Certificates of this kind are not extended; renew them."
    zh = "该类证书不办理延期，应办理换证。"


class NameUnchanged(DomainError):
    """The holder's name is the one on the certificate."""

    code = "name_unchanged"
    en = "The holder's name is the one that stands on the certificate."
    zh = "持证人姓名与证书一致，无须更名换发。"


class StepRefused(DomainError):
    """Where the application stands, this cannot be done about it."""

    code = "step_refused"
    en = "An application that is {state} cannot be followed by: {step}."
    zh = "申请状态为“{state_zh}”，不能办理“{step_zh}”。"


class CertificateIdNeeded(DomainError):
    """A grant that makes a certificate must name its id."""

    code = "certificate_id_needed"
    status = 422
    en = "Name the id of the certificate that the grant makes."
    zh = "准予时应给出新证书的标识（certificate_id）。"
