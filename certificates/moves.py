"""What may befall a certificate, given where it stands: one table (证书状态变更表)."""

from __future__ import annotations

from certificates.validity import Status, Turn

_STANDING = frozenset({Status.NOT_YET_VALID, Status.VALID, Status.EXPIRING})

#: For each turn, where the certificate must stand on the day from which the turn counts.
#: What is revoked stays revoked; what was replaced lives on in its successor and may only be
#: revoked or voided; a review can be passed while a suspension lasts; what was issued by mistake
#: is voided wherever it stands, and nothing befalls it any more.
MOVES: dict[Turn, frozenset[Status]] = {
    Turn.SUSPENDED: _STANDING,
    Turn.REINSTATED: frozenset({Status.SUSPENDED}),
    Turn.REVIEWED: frozenset({Status.VALID, Status.EXPIRING, Status.SUSPENDED}),
    Turn.REPLACED: _STANDING,
    Turn.REVOKED: frozenset(set(Status) - {Status.REVOKED, Status.VOIDED}),
    Turn.CANCELLED: _STANDING | {Status.SUSPENDED, Status.EXPIRED},
    Turn.VOIDED: frozenset(set(Status) - {Status.VOIDED}),
}

#: Where a certificate must stand for another to continue it (换证、延期).
CONTINUED_FROM = frozenset({Status.VALID, Status.EXPIRING})

#: The states of a certificate as the public reads them.
STATUS_ZH: dict[Status, str] = {
    Status.NOT_YET_VALID: "未生效",
    Status.VALID: "有效",
    Status.EXPIRING: "有效（即将到期）",
    Status.EXPIRED: "已过期失效",
    Status.SUSPENDED: "已暂扣",
    Status.REVOKED: "已撤销",
    Status.REPLACED: "已由新证替代",
    Status.CANCELLED: "已注销",
    Status.VOIDED: "已作废（错发）",
}

#: The turns as people read them in a refusal.
TURN_ZH: dict[Turn, str] = {
    Turn.SUSPENDED: "暂扣",
    Turn.REINSTATED: "恢复",
    Turn.REVIEWED: "登记复审",
    Turn.REPLACED: "补发或换发",
    Turn.REVOKED: "撤销",
    Turn.CANCELLED: "注销",
    Turn.VOIDED: "作废",
}


def allowed(standing: Status, turn: Turn) -> bool:
    """Say whether the turn may befall a certificate that stands so."""
    return standing in MOVES[turn]
