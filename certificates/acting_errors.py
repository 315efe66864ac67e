"""Why a request to an enterprise or an entry of the credit list is refused (督办与失信名单拒绝)."""

from __future__ import annotations

from server.errors import DomainError


class NothingMissing(DomainError):
    """Nobody is missing there, so that there is nothing to ask for."""

    code = "nothing_missing"
    en = "Nobody is missing there."
    zh = "该单位没有未达标人员。"


class RequestClosed(DomainError):
    """The bureau has closed the request."""

    code = "request_closed"
    en = "The request is closed."
    zh = "该督办事项已办结。"


class ListingUnfit(DomainError):
    """An entry names one enterprise or one person, and becomes public on a day ahead."""

    code = "listing_unfit"
    status = 422
    en = "Name an enterprise or a person, a first day that lies ahead, and an end after it."
    zh = "应当指定一个单位或一名人员，公布日期应在今日之后，且早于截止日期。"


class AppealMissing(DomainError):
    """Nobody has appealed."""

    code = "appeal_missing"
    en = "Nobody has appealed against this entry."
    zh = "尚无申诉。"


class AppealDecided(DomainError):
    """The appeal was decided already."""

    code = "appeal_decided"
    en = "The appeal was decided already."
    zh = "申诉已有处理决定。"


class ListedByOneself(DomainError):
    """Who entered somebody does not decide the appeal."""

    code = "listed_by_oneself"
    status = 403
    en = "Somebody else than who entered it decides the appeal."
    zh = "申诉应由列入人以外的人员处理。"
