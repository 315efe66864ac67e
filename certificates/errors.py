"""What stands in the way of issuing, changing, reading and counting certificates (拒绝)."""

from __future__ import annotations

from typing import ClassVar

from server.errors import DomainError


class NoRuleInForce(DomainError):
    """No rule says, on that day, how long a certificate of this qualification stands."""

    code = "no_rule_in_force"
    en = "No rule in force on {on} says how long a certificate of {qualification} stands."
    zh = "{on} 没有关于 {qualification} 证书有效期的现行规定。"


class NoIssuer(DomainError):
    """No authority is registered that may issue this qualification there."""

    code = "no_issuer"
    en = "No registered issuer may issue a certificate of {qualification} here."
    zh = "此处没有可签发 {qualification} 证书的发证机关。"


class IssuerTaken(DomainError):
    """The code of an issuer, or its organisation, is registered already."""

    code = "issuer_taken"
    en = "This organisation or this issuer code is registered already."
    zh = "该机构或发证机关代码已登记。"


class NotAnAuthority(DomainError):
    """Only an authority may issue certificates."""

    code = "not_an_authority"
    en = "Only an authority can be registered as an issuer."
    zh = "只有监管部门可以登记为发证机关。"


class OutcomeMissing(DomainError):
    """The attempt that should have earned the certificate was not passed, or not by this person."""

    code = "outcome_missing"
    en = "There is no released, passed outcome of this attempt for this person."
    zh = "该人员没有与此次考试对应的已公布合格成绩。"


class CertificateOverlaps(DomainError):
    """The person holds a certificate of the same qualification on some of these days."""

    code = "certificate_overlaps"
    en = "The person holds certificate {number} of the same qualification until {valid_until}."
    zh = "该人员已持有同一资格的证书 {number}，有效期至 {valid_until}。"


class AttemptSpent(DomainError):
    """The attempt has earned a certificate already."""

    code = "attempt_spent"
    en = "This attempt has earned certificate {number} already."
    zh = "该次考试成绩已用于签发证书 {number}。"


class Barred(DomainError):
    """The person is barred from holding this qualification (任职资格否决、禁止申请)."""

    code = "barred"
    en = "The person may not be certified: a bar is in force on {on}."
    zh = "该人员在 {on} 处于禁止任职或申请期内，不得发证。"


class OwnCertificate(DomainError):
    """Nobody issues or changes a certificate of their own."""

    code = "own_certificate"
    status = 403
    en = "Nobody issues or changes a certificate of their own."
    zh = "不得为本人签发或变更证书。"


class MoveRefused(DomainError):
    """The certificate's standing on that day does not allow this change."""

    code = "move_refused"
    en = "A certificate that is {standing} on {on} cannot be {move}."
    zh = "证书在 {on} 的状态为“{standing_zh}”，不能{move_zh}。"


class EffectiveBeforeLast(DomainError):
    """A change of a certificate may not take effect before the change that precedes it."""

    code = "effective_before_last"
    en = "The change may take effect from {earliest} on, not earlier."
    zh = "该变更的生效日期不得早于 {earliest}。"


class UnitNeeded(DomainError):
    """A figure speaks of one region or of one organisation."""

    code = "unit_needed"
    status = 422
    en = "Name either a region or an organisation."
    zh = "请指定一个行政区划或一个单位（二者之一）。"


class DefinitionUnfit(DomainError):
    """What an indicator is to count cannot be counted."""

    code = "definition_unfit"
    status = 422
    en = "This cannot be counted: {reason}."
    zh = "该口径无法统计：{reason_zh}。"

    def __init__(self, *, reason: str, reason_zh: str) -> None:
        super().__init__(reason=reason, reason_zh=reason_zh)


class NotKnownThen(DomainError):
    """The sums were opened later than the moment whose knowledge is asked for."""

    code = "not_known_then"
    status = 422
    en = "The sums were opened on {since}; what was known before is not kept."
    zh = "台账自 {since} 起建立，此前的认知状态未保存。"


class TrendTooLong(DomainError):
    """A trend covers more days than are answered at once."""

    code = "trend_too_long"
    status = 422
    en = "A trend covers at most {days} days."
    zh = "趋势最多覆盖 {days} 天。"


class RangeExhausted(DomainError):
    """All numbers of this range are given out."""

    code = "range_exhausted"
    en = "The number range {prefix} of {year} is used up."
    zh = "{year} 年号段 {prefix} 已用完。"


class TokenRefused(DomainError):
    """A signed token is not to be believed; each subclass says for which reason."""

    code = "token_refused"
    status = 422
    en = "The token is not genuine."
    zh = "该二维码签名无效。"


class NotOurToken(TokenRefused):
    """The text is not a token of this kind: a link, another scheme, two codes at once."""

    code = "not_our_token"
    en = "This is not a certificate token: it must begin with SC1: and hold nothing else."
    zh = "这不是本平台的证书二维码：内容应以 SC1: 开头，且不含其他内容。"


class TokenMalformed(TokenRefused):
    """The token is damaged, or not written in the one way in which it may be written."""

    code = "token_malformed"
    en = "The token is damaged or not written in its one canonical form."
    zh = "二维码内容损坏，或编码不规范。"


class TokenHeadersWrong(TokenRefused):
    """The signed header is not ES256 with an 8-byte key id, or there is an unsigned header."""

    code = "token_headers_wrong"
    en = "The header of the token is not the one signed header that is allowed."
    zh = "二维码的签名头不符合规定。"


class TokenClaimsWrong(TokenRefused):
    """The signed content has other claims, or claims of other types, than it must have."""

    code = "token_claims_wrong"
    en = "The content of the token is not that of a certificate."
    zh = "二维码的内容不是一份证书。"


class KeyNotTrusted(TokenRefused):
    """No key of the trust list has this key id."""

    code = "key_not_trusted"
    en = "The token was signed with a key that is not on the trust list."
    zh = "签名密钥不在信任名单中。"


class KeyCompromised(TokenRefused):
    """The key is known to be in wrong hands; nothing signed with it is believed."""

    code = "key_compromised"
    en = "The token was signed with a key that is known to be compromised."
    zh = "签名密钥已被宣布泄露。"


class IssuerMismatch(TokenRefused):
    """The key belongs to another issuer than the one the token names."""

    code = "issuer_mismatch"
    en = "The token names another issuer than the one whose key signed it."
    zh = "二维码所称发证机关与签名密钥所属机关不一致。"


class SignatureWrong(TokenRefused):
    """The signature does not fit the content."""

    code = "signature_wrong"
    en = "The signature of the token is wrong."
    zh = "二维码签名不正确。"


class KeyOutOfDate(TokenRefused):
    """The trust list does not vouch for this key on that day."""

    code = "key_out_of_date"
    en = "The trust list does not vouch for this key on {on}."
    zh = "信任名单在 {on} 不承认该签名密钥。"


class OutOfIssuerScope(TokenRefused):
    """The issuer is not allowed to certify this qualification."""

    code = "out_of_issuer_scope"
    en = "The issuer is not allowed to certify this qualification."
    zh = "该发证机关无权签发此项资格。"


class SumsBehind(DomainError):
    """People wait to be booked, so that the sums cannot be compared with the facts yet."""

    code = "sums_behind"
    en = "{count} people or organisations wait to be booked: the sums cannot be compared yet."
    zh = "尚有 {count} 项待入账，暂不能核对台账。"


class TooMuchDiffers(DomainError):
    """So many stretches are wrong that counting from nothing, at rest, is the better way."""

    code = "too_much_differs"
    en = "{count} people or organisations differ: count from nothing, while no exam is written."
    zh = "有 {count} 项不一致：请在无考试时段从零重建台账。"


class TokenDates(TokenRefused):
    """The signature is genuine, and the day asked about lies outside the days of validity."""

    genuine: ClassVar[bool] = True


class NotYetValid(TokenDates):
    """The certificate is genuine and begins later."""

    code = "not_yet_valid"
    en = "The certificate is genuine and valid only from {valid_from} on."
    zh = "证书真实，自 {valid_from} 起生效。"


class Expired(TokenDates):
    """The certificate is genuine and has ended."""

    code = "expired"
    en = "The certificate is genuine and ended on {valid_until}."
    zh = "证书真实，已于 {valid_until} 到期。"


#: Every reason for which a token is refused, dates excepted: those the register answers.
TOKEN_REFUSALS: tuple[type[TokenRefused], ...] = (
    NotOurToken,
    TokenMalformed,
    TokenHeadersWrong,
    TokenClaimsWrong,
    KeyNotTrusted,
    KeyCompromised,
    IssuerMismatch,
    SignatureWrong,
    KeyOutOfDate,
    OutOfIssuerScope,
)


class NothingDue(DomainError):
    """Who comes from the due list into a class owes what the class is for."""

    code = "nothing_due"
    en = "Nothing that this class is for is due of this person within these days."
    zh = "该人员在所选期限内没有可由本班办理的到期事项。"
