"""What may befall a certificate, given where it stands: one table (证书状态变更表)."""

from __future__ import annotations

from certificates.validity import Status, Turn

#: For each turn, where the certificate must stand on the day from which the turn counts.
#: What is revoked stays revoked; what was replaced lives on in its successor and may only be
#: revoked; a review can be passed while a suspension lasts.
MOVES: dict[Turn, frozenset[Status]] = {
    Turn.SUSPENDED: frozenset({Status.NOT_YET_VALID, Status.VALID, Status.EXPIRING}),
    Turn.REINSTATED: frozenset({Status.SUSPENDED}),
    Turn.REVIEWED: frozenset({Status.VALID, Status.EXPIRING, Status.SUSPENDED}),
    Turn.REPLACED: frozenset({Status.NOT_YET_VALID, Status.VALID, Status.EXPIRING}),
    Turn.REVOKED: frozenset(set(Status) - {Status.REVOKED}),
}

#: The states of a certificate as the public reads them.
STATUS_ZH: dict[Status, str] = {
    Status.NOT_YET_VALID: "未生效",
    Status.VALID: "有效",
    Status.EXPIRING: "有效（即将到期）",
    Status.EXPIRED: "已过期失效",
    Status.SUSPENDED: "已暂扣",
    Status.REVOKED: "已撤销",
    Status.REPLACED: "已由新证替代",
}

#: The turns as people read them in a refusal.
TURN_ZH: dict[Turn, str] = {
    Turn.SUSPENDED: "暂扣",
    Turn.REINSTATED: "恢复",
    Turn.REVIEWED: "登记复审",
    Turn.REPLACED: "替换",
    Turn.REVOKED: "撤销",
}


def allowed(standing: Status, turn: Turn) -> bool:
    """Say whether the turn may befall a certificate that stands so."""
    return standing in MOVES[turn]
