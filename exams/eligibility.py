"""Whether a person may sit an exam on a day, and every reason why not (报考资格)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction


class Hindrance(StrEnum):
    """One fact that stands between a person and an exam."""

    NO_POST = "no_post"
    AGE_UNKNOWN = "age_unknown"
    TOO_YOUNG = "too_young"
    TOO_OLD = "too_old"
    HOURS_MISSING = "hours_missing"
    BARRED = "barred"
    ATTEMPTS_USED_UP = "attempts_used_up"
    PASS_STILL_VALID = "pass_still_valid"  # noqa: S105  # a passed exam, not a password
    HEALTH_UNDECLARED = "health_undeclared"
    RECENTLY_ABSENT = "recently_absent"
    #: Practicals only: no theory that was passed and still stands.
    THEORY_NOT_PASSED = "theory_not_passed"
    PRACTICALS_USED_UP = "practicals_used_up"
    #: Practicals only: another one after this theory is open or passed.
    PRACTICAL_PENDING = "practical_pending"


class WhatFollows(StrEnum):
    """What a person must do once the allowed attempts are used up."""

    NOTHING = "nothing"
    #: Train the required hours again (Order 30 art. 13).
    RETRAIN = "retrain"
    #: Enrol anew and pass the theory again, without training (Order 19, for the practical).
    THEORY_AGAIN = "theory_again"


@dataclass(frozen=True, kw_only=True)
class Requirements:
    """What the standard valid on the day asks of a candidate."""

    minimum_age: int | None = None
    #: The last birthday that is not too many; None where the standard names no age.
    maximum_age: int | None = None
    training_hours: Fraction = Fraction()
    #: None where one may try without limit.
    attempts_allowed: int | None = None
    what_follows: WhatFollows = WhatFollows.NOTHING
    #: What follows once the practicals are used up.
    practical_what_follows: WhatFollows = WhatFollows.NOTHING
    #: Months for which a passed theory exam stands; None where passing bars nobody from again.
    pass_months: int | None = None
    #: Months for which a declaration of health stands; None where none is asked for.
    health_months: int | None = None
    #: Whether a certificate of vocational skill stands for the hours of training.
    waiver: bool = False
    #: Whether it is a practical, which follows a theory that was passed.
    after_theory: bool = False


@dataclass(frozen=True, kw_only=True)
class Trained:
    """Hours of training for the qualification on one day."""

    on: date
    hours: Fraction


@dataclass(frozen=True, kw_only=True)
class Tried:
    """One attempt that counts, on one day, and whether it was passed."""

    on: date
    passed: bool
    #: A passed theory whose practicals were all failed: the day of the last one, else None.
    spent_on: date | None = None
    #: A passed theory after which a practical is open, or was passed.
    pending: bool = False


@dataclass(frozen=True, kw_only=True)
class Candidacy:
    """What is known of a person who wants to sit."""

    #: Whether the person holds a post on the day that calls for the qualification.
    has_post: bool
    birth_on: date | None
    trained: Sequence[Trained] = ()
    tried: Sequence[Tried] = ()
    barred: bool = False
    #: Days on which the person declared to be fit (健康承诺).
    declared_healthy_on: Sequence[date] = ()
    #: Whether a certificate of vocational skill was shown.
    waived: bool = False
    #: Until which day, not included, an absence nobody told of keeps the person away.
    paused_until: date | None = None


def hindrances(who: Candidacy, asked: Requirements, *, on: date) -> tuple[Hindrance, ...]:
    """Return everything that stands in the way on the day `on`; nothing means eligible.

    All reasons are named, not the first: whoever mends one should know of the others.
    """
    found = [] if who.has_post else [Hindrance.NO_POST]
    found += _by_age(who.birth_on, asked, on)
    if not (asked.waiver and who.waived) and _hours(who) < asked.training_hours:
        found.append(Hindrance.HOURS_MISSING)
    if not _declared_healthy(who, asked.health_months, on):
        found.append(Hindrance.HEALTH_UNDECLARED)
    if who.paused_until is not None and on < who.paused_until:
        found.append(Hindrance.RECENTLY_ABSENT)
    if who.barred:
        found.append(Hindrance.BARRED)
    earlier = _before_practical if asked.after_theory else _before_theory
    return (*found, *earlier(who, asked, on))


def _before_theory(who: Candidacy, asked: Requirements, on: date) -> list[Hindrance]:
    found = []
    if attempts_left(who, asked) == 0 or _must_retrain(who, asked):
        found.append(Hindrance.ATTEMPTS_USED_UP)
    if _pass_stands(who.tried, asked.pass_months, on):
        found.append(Hindrance.PASS_STILL_VALID)
    return found


def _before_practical(who: Candidacy, asked: Requirements, on: date) -> list[Hindrance]:
    passed = [one for one in who.tried if one.passed and one.on <= on]
    good = [one for one in passed if one.spent_on is None and _stands(one, asked.pass_months, on)]
    if not good:
        spent = any(one.spent_on is not None for one in passed)
        return [Hindrance.PRACTICALS_USED_UP if spent else Hindrance.THEORY_NOT_PASSED]
    return [Hindrance.PRACTICAL_PENDING] if any(one.pending for one in good) else []


def _stands(one: Tried, months: int | None, on: date) -> bool:
    return months is None or on < months_after(one.on, months)


def _hours(who: Candidacy) -> Fraction:
    return sum((one.hours for one in who.trained), Fraction())


def _declared_healthy(who: Candidacy, months: int | None, on: date) -> bool:
    if months is None:
        return True
    return any(day <= on < months_after(day, months) for day in who.declared_healthy_on)


def age(birth_on: date, *, on: date) -> int:
    """Return the completed years of life; who was born on 29 February ages on 1 March."""
    return on.year - birth_on.year - ((on.month, on.day) < (birth_on.month, birth_on.day))


def _by_age(birth_on: date | None, asked: Requirements, on: date) -> list[Hindrance]:
    if asked.minimum_age is None and asked.maximum_age is None:
        return []
    if birth_on is None:
        return [Hindrance.AGE_UNKNOWN]
    years = age(birth_on, on=on)
    if asked.minimum_age is not None and years < asked.minimum_age:
        return [Hindrance.TOO_YOUNG]
    if asked.maximum_age is not None and years > asked.maximum_age:
        return [Hindrance.TOO_OLD]
    return []


def attempts_left(who: Candidacy, asked: Requirements) -> int | None:
    """Return how often the person may still try in this round; None for without limit.

    A pass ends a round. Where the standard says so, training the required hours anew after the last
    attempt of a round begins another; until then the round stays used up.
    """
    if asked.attempts_allowed is None:
        return None
    used = 0
    last: date | None = None
    for attempt in sorted(who.tried, key=lambda one: (one.on, one.passed)):
        used = 0 if attempt.passed else (used % asked.attempts_allowed) + 1
        last = attempt.on
    if used == asked.attempts_allowed and last is not None and _retrained(who, asked, last):
        used = 0
    return asked.attempts_allowed - used


def _retrained(who: Candidacy, asked: Requirements, last: date) -> bool:
    if asked.what_follows is not WhatFollows.RETRAIN:
        return False
    anew = sum((one.hours for one in who.trained if one.on > last), Fraction())
    return anew > 0 and anew >= asked.training_hours


def _must_retrain(who: Candidacy, asked: Requirements) -> bool:
    """Say whether practicals were used up and the training that must follow is not on file."""
    if asked.practical_what_follows is not WhatFollows.RETRAIN:
        return False
    spent = [one.spent_on for one in who.tried if one.spent_on is not None]
    if not spent:
        return False
    anew = sum((one.hours for one in who.trained if one.on > max(spent)), Fraction())
    return anew == 0 or anew < asked.training_hours


def _pass_stands(tried: Sequence[Tried], months: int | None, on: date) -> bool:
    if months is None:
        return False
    return any(
        one.passed and one.spent_on is None and one.on <= on < months_after(one.on, months)
        for one in tried
    )


def months_after(day: date, months: int) -> date:
    """Return the day so many months later; a day the month does not have becomes the next first."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    try:
        return date(year, month + 1, day.day)
    except ValueError:
        following_year, following_month = divmod(year * 12 + month + 1, 12)
        return date(following_year, following_month + 1, 1)


#: The hindrances as people read them.
HINDRANCE_ZH: dict[Hindrance, str] = {
    Hindrance.NO_POST: "无相应岗位",
    Hindrance.AGE_UNKNOWN: "出生日期不明",
    Hindrance.TOO_YOUNG: "年龄不足",
    Hindrance.TOO_OLD: "超过年龄上限",
    Hindrance.HOURS_MISSING: "培训学时不足",
    Hindrance.BARRED: "处于禁止申请期",
    Hindrance.ATTEMPTS_USED_UP: "考试次数已用完",
    Hindrance.PASS_STILL_VALID: "已有有效合格成绩",
    Hindrance.HEALTH_UNDECLARED: "未作健康承诺或已过期",
    Hindrance.RECENTLY_ABSENT: "近期缺考，暂不能报名",
    Hindrance.THEORY_NOT_PASSED: "无有效的理论考试合格成绩",
    Hindrance.PRACTICALS_USED_UP: "该理论成绩允许的实操考试次数已用完",
    Hindrance.PRACTICAL_PENDING: "已有未结束或已合格的实操考试",
}
