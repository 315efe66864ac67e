"""Refusals of the audit (审计相关的拒绝)."""

from __future__ import annotations

from server.errors import DomainError


class NumberNotMasked(DomainError):
    """What should be recorded holds an identity number in clear; the audit keeps none."""

    code = "number_not_masked"
    status = 422
    en = "This holds what looks like an identity number in clear. Leave it out, or mask it."
    zh = "内容中疑似含有完整的身份证号码，请删除或脱敏后再提交。"


class AuditIsAppendOnly(DomainError):
    """An audit entry that was written is never changed and never removed."""

    code = "audit_is_append_only"
    status = 409
    en = "Audit entries are never changed and never removed."
    zh = "审计记录只能追加，不得修改或删除。"
