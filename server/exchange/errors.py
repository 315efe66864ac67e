"""Refusals about other systems (对接相关的拒绝)."""

from __future__ import annotations

from server.errors import DomainError, NotSignedIn, TooManyRequests


class SystemTokenRefused(NotSignedIn):
    """The token of a system is not one of ours, or its time is over: ask for another."""

    code = "system_token_refused"
    en = "The token of this system cannot be accepted. Ask /v1/oauth/token for another."
    zh = "系统令牌无效或已过期，请向 /v1/oauth/token 重新申请。"


class OutsideAgreement(DomainError):
    """The agreement, or the token that was asked for, does not give this."""

    code = "outside_agreement"
    status = 403
    en = "The agreement of this system, or the scope of its token, does not give this."
    zh = "该系统的共享协议或令牌范围不包含此项。"


class AgreementOver(DomainError):
    """The agreement has ended, or has not begun."""

    code = "agreement_over"
    status = 403
    en = "The agreement of this system does not count today."
    zh = "该系统的共享协议今日无效（未生效、已到期或已终止）。"


class QuotaSpent(TooManyRequests):
    """The agreement gives no more of this today."""

    code = "quota_spent"
    en = "The quota of today is spent. Come back in {retry_after} seconds."
    zh = "今日配额已用完，请在 {retry_after} 秒后重试。"


class PurposeForbids(DomainError):
    """The purpose of an agreement does not allow what it should give."""

    code = "purpose_forbids"
    status = 422
    en = "This purpose does not allow: {what}."
    zh = "该用途不允许：{what}。"

    def __init__(self, *, what: str) -> None:
        super().__init__(what=what)


class AgreementDaysWrong(DomainError):
    """An agreement ends after it begins, and is looked at again within three years."""

    code = "agreement_days_wrong"
    status = 422
    en = "An agreement ends after it begins, and lasts three years at most."
    zh = "协议截止日应晚于起始日，且期限最长三年。"


class TooManySecrets(DomainError):
    """So many secrets stand at once already: end one."""

    code = "too_many_secrets"
    en = "{most} secrets stand already. End one of them first."
    zh = "已有 {most} 个有效密钥，请先停用其中一个。"

    def __init__(self, *, most: int) -> None:
        super().__init__(most=most)


class LastSecret(DomainError):
    """A system without a secret cannot ask for anything: give it the next one first."""

    code = "last_secret"
    en = "This is the last secret of the system. Make the next one first."
    zh = "这是该系统的最后一个密钥，请先生成新密钥。"


class BadFeedCursor(DomainError):
    """The cursor is none of this feed."""

    code = "bad_feed_cursor"
    status = 422
    en = "This is no cursor of the feed."
    zh = "不是本数据流的游标。"


class ForeignCursor(DomainError):
    """The cursor was given to another client: each follows the feed by its own."""

    code = "foreign_cursor"
    status = 422
    en = "This cursor was given to another client."
    zh = "该游标属于另一系统。"


class WebhookUnsigned(DomainError):
    """The webhook bears no signature that stands: it is read no further."""

    code = "webhook_unsigned"
    status = 401
    en = "The webhook is not signed with a secret of this agreement."
    zh = "通知未使用本协议的密钥签名。"


class WebhookTooOld(DomainError):
    """The webhook was signed too long ago, or in the future: whoever keeps one may not use it."""

    code = "webhook_too_old"
    status = 401
    en = "The webhook was signed more than five minutes ago, or in the future."
    zh = "通知的签名时间与当前相差超过五分钟。"


class WebhookReplayed(DomainError):
    """The webhook was taken before; it is not heeded again."""

    code = "webhook_replayed"
    en = "A webhook of this id was taken before."
    zh = "该编号的通知此前已接收。"


class TooManyTryOuts(TooManyRequests):
    """So many systems are being tried out at once that no other is let in."""

    code = "too_many_try_outs"
    en = "Too many systems are being tried out. Come back in {retry_after} seconds."
    zh = "试用系统过多，请在 {retry_after} 秒后重试。"


class HookUnreachable(DomainError):
    """The receiver did not take the webhook; its entries are in the feed all the same."""

    code = "hook_unreachable"
    status = 502
    en = "The receiver did not take the webhook."
    zh = "接收方未接收该通知。"


class DigestMissing(DomainError):
    """A file is handed in with the SHA-256 of what was sent."""

    code = "digest_missing"
    status = 422
    en = "Send the SHA-256 of the file as Content-Digest: sha-256=:…: (RFC 9530)."
    zh = "请以 Content-Digest: sha-256=:…: （RFC 9530）附上文件的 SHA-256 校验值。"


class DigestWrong(DomainError):
    """What came is not what was sent: it was changed on its way, or is a part of it."""

    code = "digest_wrong"
    status = 422
    en = "The SHA-256 of what came is another: the file was changed, or is not whole."
    zh = "文件校验值不符：内容被改动或不完整。"


class FileIncomplete(DomainError):
    """The file has not the rows that its sender says."""

    code = "file_incomplete"
    status = 422
    en = "The file does not have the {stated} rows that were stated."
    zh = "文件行数与所报的 {stated} 行不符。"

    def __init__(self, *, stated: int) -> None:
        super().__init__(stated=stated)


class FileUnreadable(DomainError):
    """The file is not of the kind stated, or has other columns."""

    code = "exchange_file_unreadable"
    status = 422
    en = "The file cannot be read at line {line}."
    zh = "文件第 {line} 行无法读取。"

    def __init__(self, *, line: int) -> None:
        super().__init__(line=line)
