"""What stands in the way of a new version of an exam standard (考试标准维护中的拒绝)."""

from __future__ import annotations

from collections.abc import Sequence

from server.errors import DomainError


class StandardContradictory(DomainError):
    """What the standard says contradicts itself; `faults` says where."""

    code = "standard_contradictory"
    status = 422
    en = "The standard contradicts itself: {named}."
    zh = "考试标准自相矛盾：{named}。"

    def __init__(self, *, faults: Sequence[str]) -> None:
        super().__init__(faults=list(faults), named=", ".join(faults))


class StandardOverlaps(DomainError):
    """Another version begins on that day or later, or another proposal waits for it."""

    code = "standard_overlaps"
    en = "Of {qualification} another version begins on {on}: which of both counts?"
    zh = "{qualification} 已有自 {on} 起施行的版本，生效期间重叠。"

    def __init__(self, *, qualification: str, on: str) -> None:
        super().__init__(qualification=qualification, on=on)


class StandardRetroactive(DomainError):
    """A version counts from a day that lies ahead, when it is proposed and when it is approved."""

    code = "standard_retroactive"
    status = 422
    en = "A standard counts from a later day than {today}, never backwards."
    zh = "考试标准须自 {today} 之后施行，不溯及既往。"

    def __init__(self, *, today: str) -> None:
        super().__init__(today=today)


class StandardUnchanged(DomainError):
    """The version says what counts on that day anyway."""

    code = "standard_unchanged"
    status = 422
    en = "The version says of {qualification} what counts anyway."
    zh = "{qualification} 的标准没有变化。"

    def __init__(self, *, qualification: str) -> None:
        super().__init__(qualification=qualification)


class ProposalDecided(DomainError):
    """The proposal was decided otherwise."""

    code = "proposal_decided"
    en = "The proposal was decided before."
    zh = "该提案已有决定。"
