"""Refusals of sittings, their places and rooms (考试场次的拒绝)."""

from __future__ import annotations

from collections.abc import Sequence

from server.errors import DomainError


class SittingContradictory(DomainError):
    """The hours of the sitting promise what they cannot keep."""

    code = "sitting_contradictory"
    status = 422
    en = "The hours of the sitting contradict each other: {contradictions}."
    zh = "场次时间设置自相矛盾：{contradictions}。"

    def __init__(self, *, contradictions: Sequence[str]) -> None:
        super().__init__(contradictions=", ".join(contradictions))


class OutsidePlan(DomainError):
    """The sitting is not held within the days of its exam plan."""

    code = "outside_plan"
    en = "The plan runs from {from_on} to {until_on}."
    zh = "考试计划的期间为 {from_on} 至 {until_on}。"


class SittingMoveRefused(DomainError):
    """Where the sitting stands, the move is not possible."""

    code = "sitting_move_refused"
    en = "A sitting that is {state} cannot {move}."
    zh = "场次当前为“{state_zh}”，不能“{move_zh}”。"


class SittingFixed(DomainError):
    """The sitting is open to candidates and no longer changes."""

    code = "sitting_fixed"
    en = "The sitting is open to candidates and no longer changes. Cancel it, and plan another."
    zh = "场次已开放报名，不能再修改；可取消后另行安排。"


class RoomsUnfit(DomainError):
    """A sitting in rooms names rooms of its test centre; others name none."""

    code = "rooms_unfit"
    status = 422
    en = "A sitting in rooms needs rooms of its own test centre that are in use; others have none."
    zh = "考场场次须选择本考点在用的考场；远程或演练场次不设考场。"


class RoomOverCapacity(DomainError):
    """More places than the room, or the rooms together, may hold."""

    code = "room_over_capacity"
    status = 422
    en = "{wanted} places are wanted, and {possible} are possible."
    zh = "要求 {wanted} 个席位，最多可容纳 {possible} 个。"


class RoomTaken(DomainError):
    """The room is used by another sitting in these hours."""

    code = "room_taken"
    en = "The room {room} is used by another sitting in these hours."
    zh = "考场 {room} 在该时段已安排其他场次。"


class RoomInUse(DomainError):
    """Seats of the room were given to people; they must be moved first."""

    code = "room_in_use"
    en = "Seats that would be lost were given to {count} people of coming sittings."
    zh = "拟取消的座位已分配给未开考场次的 {count} 名考生，请先调整座位。"


class SeatUnfit(DomainError):
    """A seat named as missing or broken lies outside the room."""

    code = "seat_unfit"
    status = 422
    en = "There is no seat {seat} in this room."
    zh = "该考场没有座位 {seat}。"


class CentreNotApproved(DomainError):
    """The test centre is not approved on the day of the sitting."""

    code = "centre_not_approved"
    en = "The test centre is not approved on {on}."
    zh = "该考点在 {on} 无有效批准。"


class ApprovalWithdrawn(DomainError):
    """The approval was withdrawn before, on another day."""

    code = "approval_withdrawn"
    en = "The approval was withdrawn from {on} on."
    zh = "该批准已自 {on} 起撤回。"


class Undecided(DomainError):
    """Applications wait for a decision, and their time is not over."""

    code = "undecided"
    en = "{count} applications wait for a decision. The last is due on {last_on}."
    zh = "尚有 {count} 份申请待审核，最晚应于 {last_on} 前决定。"


class TooFewSeatsLeft(DomainError):
    """There are more candidates than seats that can be used."""

    code = "too_few_seats"
    en = "{people} candidates have a place, and {seats} seats can be used."
    zh = "共有 {people} 名考生，可用座位仅 {seats} 个。"


class SeatTaken(DomainError):
    """Somebody else has the seat."""

    code = "seat_taken"
    en = "Somebody else has the seat {seat}."
    zh = "座位 {seat} 已分配给他人。"


class NotSeated(DomainError):
    """The place has no seat yet."""

    code = "not_seated"
    en = "There is no seat, and so no admission ticket, yet."
    zh = "尚未编排座位，暂无准考证。"


class DutyOverlaps(DomainError):
    """The person watches another room, or another sitting, in these hours."""

    code = "duty_overlaps"
    en = "This person has another duty in these hours."
    zh = "该人员在同一时段已有其他监考任务。"


class NobodyWatches(DomainError):
    """A room has no invigilator."""

    code = "nobody_watches"
    en = "No invigilator is assigned to: {rooms}."
    zh = "以下考场未安排监考员：{rooms}。"

    def __init__(self, *, rooms: Sequence[str]) -> None:
        super().__init__(rooms=", ".join(rooms))


class DoorsNotYetOpen(DomainError):
    """It is too early to open the doors, or to end the sitting."""

    code = "doors_not_yet_open"
    en = "This is possible from {from_at} on."
    zh = "{from_at} 之后方可操作。"


class TooFewExaminers(DomainError):
    """A room of a practical has fewer than two examiners."""

    code = "too_few_examiners"
    en = "Two examiners score apart; fewer are assigned to: {rooms}."
    zh = "每个考场至少两名考评员，以下考场不足：{rooms}。"

    def __init__(self, *, rooms: Sequence[str]) -> None:
        super().__init__(rooms=", ".join(rooms))


class RoomLeft(DomainError):
    """The people of the room were moved to another one before."""

    code = "room_left"
    en = "The people of this room were moved before."
    zh = "该考场的考生此前已转移到其他考场。"
