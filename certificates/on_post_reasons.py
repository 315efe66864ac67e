"""Why somebody may not work today, in sentences, and what to do about it (不得上岗的原因与办法)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from server.catalogue import operations
from server.errors import Message


class Code(StrEnum):
    """A reason that keeps somebody from a post, or will."""

    NO_POST = "no_post"
    BARRED = "barred"
    TOO_YOUNG = "too_young"
    CERTIFICATE_MISSING = "certificate_missing"
    CERTIFICATE_EXPIRED = "certificate_expired"
    CERTIFICATE_SUSPENDED = "certificate_suspended"
    CERTIFICATE_REVOKED = "certificate_revoked"
    CERTIFICATE_NOT_YET_VALID = "certificate_not_yet_valid"
    CERTIFICATE_EXPIRING = "certificate_expiring"
    PRACTICAL_AGAIN = "practical_again"
    INDUCTION_PLANT = "induction_plant"
    INDUCTION_WORKSHOP = "induction_workshop"
    INDUCTION_TEAM = "induction_team"
    INDUCTION_HOURS = "induction_hours"
    POST_CHANGE_WORKSHOP = "post_change_workshop"
    POST_CHANGE_TEAM = "post_change_team"
    ANNUAL_HOURS = "annual_hours"
    ROTATION = "rotation"
    LOCAL_INDUCTION_HOURS = "local_induction_hours"
    LOCAL_ANNUAL_HOURS = "local_annual_hours"
    UNFIT = "unfit"
    OFF_WORK = "off_work"


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason: what it is, whether it keeps from the post, what to do, and the law."""

    code: Code
    #: False for what only warns.
    blocks: bool
    source_zh: str = ""
    #: The operation item it is about; None for none in particular.
    item: str | None = None
    #: Hours done, and due, where it is about hours.
    done: str | None = None
    due: str | None = None

    @property
    def message(self) -> Message:
        """What stands in the way."""
        return _filled(_MESSAGES[self.code], self)

    @property
    def remedy(self) -> Message:
        """What to do about it."""
        return _filled(_REMEDIES[self.code], self)


def _filled(told: Message, reason: Reason) -> Message:
    hours = {"done": reason.done or "0", "due": reason.due or "0"}
    zh, en = _called(reason.item)
    told_en = told.en.format(item=en, **hours)
    return Message(zh=told.zh.format(item=zh, **hours).strip(), en=" ".join(told_en.split()))


def _called(item: str | None) -> tuple[str, str]:
    """Return an operation item by its name and number, in both languages."""
    found = operations.latest(item) if item else None
    if found is None:
        return item or "", item or ""
    return f"{found.name_zh}（{item}）", f"{found.name_en} ({item})"


def _told(rows: Mapping[Code, tuple[str, str]]) -> dict[Code, Message]:
    return {code: Message(zh=zh, en=en) for code, (zh, en) in rows.items()}


_MESSAGES = _told(
    {
        Code.NO_POST: ("当日在此无任职", "holds no post here on that day"),
        Code.BARRED: ("被禁止任职或从事该作业", "is barred from it"),
        Code.TOO_YOUNG: ("未满 {due} 周岁", "is not yet {due} years old"),
        Code.CERTIFICATE_MISSING: ("未持有所需证书 {item}", "has no certificate {item}"),
        Code.CERTIFICATE_EXPIRED: ("证书已过期 {item}", "the certificate {item} has expired"),
        Code.CERTIFICATE_SUSPENDED: ("证书被暂扣 {item}", "the certificate {item} is suspended"),
        Code.CERTIFICATE_REVOKED: ("证书已撤销或注销 {item}", "the certificate {item} was revoked"),
        Code.CERTIFICATE_NOT_YET_VALID: (
            "证书尚未生效 {item}",
            "the certificate {item} is not valid yet",
        ),
        Code.CERTIFICATE_EXPIRING: ("证书即将到期 {item}", "the certificate {item} ends soon"),
        Code.PRACTICAL_AGAIN: (
            "离开该作业 {due} 个月以上，未重新通过实际操作考试 {item}",
            "was away for {due} months or more and has not passed the practical exam {item} again",
        ),
        Code.INDUCTION_PLANT: ("未完成厂（矿）级安全教育", "has no induction at plant level"),
        Code.INDUCTION_WORKSHOP: ("未完成车间级安全教育", "has no induction at workshop level"),
        Code.INDUCTION_TEAM: ("未完成班组级安全教育", "has no induction at team level"),
        Code.INDUCTION_HOURS: (
            "三级安全教育学时不足：已修 {done}，应修 {due}",
            "the induction has {done} hours of {due}",
        ),
        Code.POST_CHANGE_WORKSHOP: (
            "调岗或离岗后未重新接受车间级安全教育",
            "has not been taught again at workshop level after the change or absence",
        ),
        Code.POST_CHANGE_TEAM: (
            "调岗或离岗后未重新接受班组级安全教育",
            "has not been taught again at team level after the change or absence",
        ),
        Code.ANNUAL_HOURS: (
            "近十二个月再培训学时不足：已修 {done}，应修 {due}",
            "has {done} of {due} hours of further training in twelve months",
        ),
        Code.ROTATION: (
            "{due} 个月内未参加执法人员轮训",
            "has had no rotation training within {due} months",
        ),
        Code.LOCAL_INDUCTION_HOURS: (
            "三级安全教育学时未达到本地区规定：已修 {done}，应修 {due}",
            "the induction has {done} of the {due} hours that the region asks for",
        ),
        Code.LOCAL_ANNUAL_HOURS: (
            "近十二个月再培训学时未达到本地区规定：已修 {done}，应修 {due}",
            "has {done} of the {due} hours of further training that the region asks for",
        ),
        Code.UNFIT: ("健康状况不适合该岗位", "is not fit for the post"),
        Code.OFF_WORK: ("因违规违章暂停上岗", "is off work after a violation"),
    }
)

_REMEDIES = _told(
    {
        Code.NO_POST: ("请用人单位登记岗位", "let the employer enter the post"),
        Code.BARRED: ("不得安排；对决定有异议可申请复核", "assign other work, or appeal"),
        Code.TOO_YOUNG: ("不得安排上岗", "do not assign the work"),
        Code.CERTIFICATE_MISSING: ("报名培训和考试 {item}", "train and sit the exam {item}"),
        Code.CERTIFICATE_EXPIRED: ("申请换证或重新考试 {item}", "renew, or sit the exam {item}"),
        Code.CERTIFICATE_SUSPENDED: ("等待发证机关处理 {item}", "await the issuer {item}"),
        Code.CERTIFICATE_REVOKED: ("重新取得证书 {item}", "earn the certificate {item} anew"),
        Code.CERTIFICATE_NOT_YET_VALID: ("待证书生效后上岗 {item}", "wait until {item} is valid"),
        Code.CERTIFICATE_EXPIRING: ("尽快申请换证 {item}", "apply for the renewal {item}"),
        Code.PRACTICAL_AGAIN: ("报名实际操作考试 {item}", "sit the practical exam {item}"),
        Code.INDUCTION_PLANT: ("安排厂（矿）级安全教育", "give the induction at plant level"),
        Code.INDUCTION_WORKSHOP: ("安排车间级安全教育", "give the induction at workshop level"),
        Code.INDUCTION_TEAM: ("安排班组级安全教育", "give the induction at team level"),
        Code.INDUCTION_HOURS: ("补足三级安全教育学时", "complete the hours of the induction"),
        Code.POST_CHANGE_WORKSHOP: ("安排车间级调岗、复岗教育", "teach again at workshop level"),
        Code.POST_CHANGE_TEAM: ("安排班组级调岗、复岗教育", "teach again at team level"),
        Code.ANNUAL_HOURS: ("安排年度再培训", "give the yearly further training"),
        Code.ROTATION: ("安排执法人员轮训", "give the rotation training"),
        Code.LOCAL_INDUCTION_HOURS: (
            "按本地区规定补足三级安全教育学时",
            "complete the hours of the induction as the region asks",
        ),
        Code.LOCAL_ANNUAL_HOURS: (
            "按本地区规定补足年度再培训学时",
            "complete the yearly further training as the region asks",
        ),
        Code.UNFIT: ("调整岗位，或重新体检合格后上岗", "assign other work until found fit"),
        Code.OFF_WORK: ("暂停期满后上岗", "wait until the days are over"),
    }
)
