"""What stands in the way in contests (竞赛相关的拒绝)."""

from __future__ import annotations

from server.errors import DomainError


class PoolOverlapsExams(DomainError):
    """Questions that exams may draw would be shown to everybody."""

    code = "pool_overlaps_exams"
    en = "{count} of these questions may be drawn for exams. A contest takes practice ones only."
    zh = "其中 {count} 道试题属于考试题库，竞赛只能使用练习题。"

    def __init__(self, *, count: int) -> None:
        super().__init__(count=count)


class ContestPoolTooSmall(DomainError):
    """The pool holds fewer questions than the rounds show."""

    code = "contest_pool_too_small"
    en = "The pool holds {count} questions, and the rounds need {needed} different ones."
    zh = "题源只有 {count} 题，各轮共需 {needed} 道不同的试题。"

    def __init__(self, *, count: int, needed: int) -> None:
        super().__init__(count=count, needed=needed)


class RoundsUnfit(DomainError):
    """The rounds do not follow one another."""

    code = "rounds_unfit"
    status = 422
    en = "Round {number} does not fit: {fault}."
    zh = "第 {number} 轮不合适：{fault_zh}。"

    def __init__(self, *, number: int, fault: str, fault_zh: str) -> None:
        super().__init__(number=number, fault=fault, fault_zh=fault_zh)


class ContestPublished(DomainError):
    """People have read what the contest is; it stays as it is."""

    code = "contest_published"
    en = "The contest is published and stays as it is."
    zh = "竞赛已发布，不能再修改。"


class ContestClosed(DomainError):
    """One cannot join now."""

    code = "contest_closed"
    en = "Joining is possible from {from_at} to {until_at}."
    zh = "报名时间为 {from_at} 至 {until_at}。"

    def __init__(self, *, from_at: str, until_at: str) -> None:
        super().__init__(from_at=from_at, until_at=until_at)


class InvitationNeeded(DomainError):
    """The contest is by invitation, and this is none."""

    code = "invitation_needed"
    status = 403
    en = "This contest is by invitation, and the code shown invites nobody."
    zh = "本竞赛凭邀请参加，邀请码无效。"


class InvitationUsed(DomainError):
    """As many as were invited have joined."""

    code = "invitation_used"
    en = "All {seats} places of this invitation are taken."
    zh = "该邀请的 {seats} 个名额已用完。"

    def __init__(self, *, seats: int) -> None:
        super().__init__(seats=seats)


class ConsentMissing(DomainError):
    """Nobody takes part without having agreed to what is done with their data."""

    code = "consent_missing"
    status = 422
    en = "Agree to the notice of this contest first; the one in force is version {version}."
    zh = "请先同意本竞赛的个人信息告知书（现行第 {version} 版）。"

    def __init__(self, *, version: int) -> None:
        super().__init__(version=version)


class GuardianMissing(DomainError):
    """Somebody so young joins with a guardian who agrees."""

    code = "guardian_missing"
    status = 422
    en = "Who is younger than {years} joins with a guardian who agrees."
    zh = "未满 {years} 周岁者须经监护人同意方可参加。"

    def __init__(self, *, years: int) -> None:
        super().__init__(years=years)


class AgeImpossible(DomainError):
    """Nobody was born on that day."""

    code = "age_impossible"
    status = 422
    en = "Nobody who joins was born on that day."
    zh = "出生日期不合理。"


class AlreadyJoined(DomainError):
    """This person or this number takes part already: one person, one place."""

    code = "already_joined"
    en = "This person or phone number takes part in the contest already."
    zh = "该人员或手机号已参加本竞赛。"


class PhoneCrowded(DomainError):
    """Too many joined from one phone."""

    code = "phone_crowded"
    en = "{most} people joined from this phone already."
    zh = "该设备已有 {most} 人参加，不能再报名。"

    def __init__(self, *, most: int) -> None:
        super().__init__(most=most)


class PhoneCodeWrong(DomainError):
    """The code is not the one that was sent, or its time is over."""

    code = "phone_code_wrong"
    status = 403
    en = "The code is wrong or no longer good. Ask for another."
    zh = "验证码错误或已失效，请重新获取。"


class PhoneCodesUsed(DomainError):
    """No more codes are sent now."""

    code = "phone_codes_used"
    status = 429
    en = "No more codes are sent now. Try again later."
    zh = "验证码发送次数过多，请稍后再试。"


class PhoneCodesOff(DomainError):
    """This installation sends no codes: it was told no gateway."""

    code = "phone_codes_off"
    status = 503
    en = "This installation sends no codes to phones. Sign in with an account."
    zh = "本平台未开通短信验证，请用账户登录参加。"


class RoundNotOpen(DomainError):
    """The round does not go on now."""

    code = "round_not_open"
    en = "This round is open from {from_at} to {until_at}."
    zh = "本轮开放时间为 {from_at} 至 {until_at}。"

    def __init__(self, *, from_at: str, until_at: str) -> None:
        super().__init__(from_at=from_at, until_at=until_at)


class NotAdvanced(DomainError):
    """The round is for those who came through the one before."""

    code = "not_advanced"
    en = "This round is for those who came through the one before."
    zh = "本轮仅限晋级者参加。"


class QuestionNotShown(DomainError):
    """The question is not the one that is open."""

    code = "question_not_shown"
    en = "That question is not open: the one to respond to is number {slot}."
    zh = "该题尚未开放，当前应答第 {slot} 题。"

    def __init__(self, *, slot: int) -> None:
        super().__init__(slot=slot)


class Disqualified(DomainError):
    """The entry was taken out of the contest."""

    code = "disqualified"
    en = "This entry was taken out of the contest."
    zh = "该参赛成绩已被取消。"


class RoundNotOver(DomainError):
    """The round still goes on."""

    code = "round_not_over"
    en = "The round goes on until {until_at}."
    zh = "本轮到 {until_at} 才结束。"

    def __init__(self, *, until_at: str) -> None:
        super().__init__(until_at=until_at)


class ResultsReleased(DomainError):
    """The results are known; what they rest on stays as it is."""

    code = "results_released"
    en = "The results of this round are released and stay as they are."
    zh = "本轮成绩已公布，不能再更改。"
