"""Pure: which time at a lesson online counts, and why not (学时认定).

Time is what the server saw between two heartbeats, by its own clock. What a phone says can only
take away: that its page was hidden, or that nobody touched it. What it says of hours is compared
with what was seen, and refused where it is more.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final, NamedTuple

from server.errors import Message
from server.training.study_rules import StudyRules


class Presence(StrEnum):
    """What a phone says of the learner at a heartbeat."""

    ACTIVE = "active"
    HIDDEN = "hidden"
    IDLE = "idle"


class Reason(StrEnum):
    """Why time counts, or does not (学时不计原因)."""

    CREDITED = "credited"
    PAGE_HIDDEN = "page_hidden"
    IDLE = "idle"
    TWO_DEVICES = "two_devices"
    NETWORK_LOST = "network_lost"
    DAILY_CAP = "daily_cap"
    IDENTITY_CHECK_FAILED = "identity_check_failed"
    LESSON_TEST_NOT_PASSED = "lesson_test_not_passed"
    MANUAL = "manual"


#: What learners are told.
MESSAGES: Final[Mapping[Reason, Message]] = {
    Reason.CREDITED: Message(en="This time counts.", zh="计入学时。"),
    Reason.PAGE_HIDDEN: Message(en="The page was not in front.", zh="学习页面不在前台。"),
    Reason.IDLE: Message(en="Nothing was touched for long.", zh="长时间无操作。"),
    Reason.TWO_DEVICES: Message(
        en="Another lesson or phone was open at the same time.",
        zh="同一时间在多个设备或课程上学习。",
    ),
    Reason.NETWORK_LOST: Message(
        en="The server heard nothing for too long.", zh="网络中断，服务器未收到学习信号。"
    ),
    Reason.DAILY_CAP: Message(en="The day's hours are full.", zh="当日学时已达上限。"),
    Reason.IDENTITY_CHECK_FAILED: Message(
        en="The learner did not show who they are.", zh="未通过身份核验。"
    ),
    Reason.LESSON_TEST_NOT_PASSED: Message(
        en="The lesson test has not been passed yet.", zh="尚未通过课后测验。"
    ),
    Reason.MANUAL: Message(en="Taken away by a decision.", zh="经人工核查不予计入。"),
}


class Seen(NamedTuple):
    """What the server knows when a heartbeat comes."""

    #: The heartbeat before, and when the session began.
    last_at: datetime
    started_at: datetime
    #: When another session of the same person was last heard of; None for never.
    elsewhere_at: datetime | None
    check_due_at: datetime
    #: Milliseconds that count on this day so far, all lessons together.
    today_ms: int


def judge(seen: Seen, presence: Presence, *, at: datetime, rules: StudyRules) -> Reason:
    """Say whether the time since the heartbeat before counts, and why not.

    The reasons are tried in the order of what is surest: silence first, the learner's word last.
    """
    span = at - seen.last_at
    if span > timedelta(seconds=rules.longest_gap_seconds):
        return Reason.NETWORK_LOST
    if seen.elsewhere_at is not None and seen.elsewhere_at > seen.last_at:
        return Reason.TWO_DEVICES
    if presence is not Presence.ACTIVE:
        return Reason.PAGE_HIDDEN if presence is Presence.HIDDEN else Reason.IDLE
    if at > seen.check_due_at + timedelta(seconds=rules.check_grace_seconds):
        return Reason.IDENTITY_CHECK_FAILED
    if seen.today_ms + in_ms(span) > rules.most_online_ms:
        return Reason.DAILY_CAP
    return Reason.CREDITED


def is_believable(seconds: int, *, seen: Seen, at: datetime, rules: StudyRules) -> bool:
    """Say whether the server saw as much time as a phone claims, give or take one silence."""
    slack = timedelta(seconds=rules.longest_gap_seconds)
    return timedelta(seconds=seconds) <= at - seen.started_at + slack


@dataclass(frozen=True, kw_only=True)
class LessonHours:
    """What a learner has of one lesson online."""

    #: Milliseconds by reason, as heartbeats were judged, and what people decided since.
    by_reason: Mapping[Reason, int]
    #: Tenths of hours that count.
    tenths: int


def hours(
    stretches: Iterable[tuple[Reason, int]],
    *,
    ruled_ms: int,
    test_passed: bool,
    most_tenths: int,
    minutes_per_hour: int,
) -> LessonHours:
    """Return what counts of a lesson, and what does not, by reason.

    Args:
        stretches: reasons and milliseconds.
        ruled_ms: what people added, or (below nought) took away.
        test_passed: whether the lesson test was passed, or there is none.
        most_tenths: what the lesson gives at most.
        minutes_per_hour: minutes of one training hour.
    """
    by_reason: dict[Reason, int] = {}
    for reason, ms in stretches:
        by_reason[reason] = by_reason.get(reason, 0) + ms
    credited = max(0, by_reason.get(Reason.CREDITED, 0) + ruled_ms)
    if ruled_ms < 0:
        by_reason[Reason.MANUAL] = -ruled_ms
    by_reason[Reason.CREDITED] = credited
    if not test_passed:
        by_reason[Reason.LESSON_TEST_NOT_PASSED] = credited
        by_reason[Reason.CREDITED] = credited = 0
    tenths = credited * 10 // (minutes_per_hour * 60_000)
    return LessonHours(by_reason=by_reason, tenths=min(tenths, most_tenths))


def in_ms(span: timedelta) -> int:
    """Return a span in whole milliseconds."""
    return span // timedelta(milliseconds=1)
