"""Pure: what an agreement with another system may be about, by its purpose (共享协议规则).

Personal data goes to another body for a purpose and no further than that (个人信息保护法 art. 6,
23): each purpose names the abilities and the personal fields that an agreement may give.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from server.errors import Message


class Ability(StrEnum):
    """One thing that a system may be let do: an OAuth scope (能力)."""

    #: Ask whether a person may do a work at a place today.
    LOOKUP = "lookup"
    #: Follow the feed of certificates and of what befalls them.
    CERTIFICATES = "certificates"
    #: Follow the feed of outcomes of exams.
    OUTCOMES = "outcomes"
    #: Follow the feed of the sums of coverage.
    COVERAGE = "coverage"
    #: Fetch whole tables as files.
    TAKE_FILES = "take_files"
    #: Hand in files of trainings that were done elsewhere.
    HAND_IN_FILES = "hand_in_files"
    #: Hand in articles of laws.
    HAND_IN_LAWS = "hand_in_laws"
    #: Be sent outcomes and certificates as xAPI statements: what a learning record store takes.
    STATEMENTS = "statements"


class PersonField(StrEnum):
    """What of a person leaves with an answer, beside the platform's own id."""

    NAME = "name"
    DOCUMENT_MASKED = "document_masked"
    #: The number in clear.
    DOCUMENT = "document"


class Purpose(StrEnum):
    """What for (用途)."""

    #: 监督管理
    SUPERVISION = "supervision"
    #: 进场核验
    SITE_ADMISSION = "site_admission"
    #: 培训服务
    TRAINING_SERVICE = "training_service"
    #: 统计分析
    STATISTICS = "statistics"
    #: 法规共享
    LAW_SHARING = "law_sharing"
    #: 学习记录汇聚
    LEARNING_RECORDS = "learning_records"


@dataclass(frozen=True, kw_only=True)
class Bounds:
    """What an agreement of one purpose may give at most."""

    abilities: frozenset[Ability]
    fields: frozenset[PersonField] = frozenset()


_A, _F = Ability, PersonField

BOUNDS: dict[Purpose, Bounds] = {
    Purpose.SUPERVISION: Bounds(abilities=frozenset(Ability), fields=frozenset(PersonField)),
    Purpose.SITE_ADMISSION: Bounds(
        abilities=frozenset({_A.LOOKUP, _A.CERTIFICATES}),
        fields=frozenset({_F.NAME, _F.DOCUMENT_MASKED}),
    ),
    Purpose.TRAINING_SERVICE: Bounds(
        abilities=frozenset({_A.LOOKUP, _A.CERTIFICATES, _A.OUTCOMES, _A.HAND_IN_FILES}),
        fields=frozenset({_F.NAME, _F.DOCUMENT_MASKED}),
    ),
    Purpose.STATISTICS: Bounds(abilities=frozenset({_A.COVERAGE})),
    Purpose.LAW_SHARING: Bounds(abilities=frozenset({_A.HAND_IN_LAWS})),
    Purpose.LEARNING_RECORDS: Bounds(
        abilities=frozenset({_A.STATEMENTS}), fields=frozenset({_F.NAME})
    ),
}

#: What each ability is called where people read it.
ABILITY_NAMES: dict[Ability, Message] = {
    _A.LOOKUP: Message(zh="核验上岗资格", en="asks whether one may work"),
    _A.CERTIFICATES: Message(zh="接收证书及状态", en="receives certificates and their statuses"),
    _A.OUTCOMES: Message(zh="接收考试结果", en="receives outcomes of exams"),
    _A.COVERAGE: Message(zh="接收持证率", en="receives coverage"),
    _A.TAKE_FILES: Message(zh="批量导出", en="fetches whole tables"),
    _A.HAND_IN_FILES: Message(zh="批量报送培训", en="hands in trainings"),
    _A.HAND_IN_LAWS: Message(zh="报送法规", en="hands in laws"),
    _A.STATEMENTS: Message(zh="接收学习记录（xAPI）", en="is sent learning records (xAPI)"),
}


def beyond(
    purpose: Purpose, abilities: Iterable[Ability], fields: Iterable[PersonField]
) -> list[str]:
    """Return the names of what the purpose does not allow, sorted; none where all is allowed."""
    bounds = BOUNDS[purpose]
    over = [each.value for each in abilities if each not in bounds.abilities]
    return sorted(over + [each.value for each in fields if each not in bounds.fields])


def stands(valid_from: date, valid_until: date, ended_on: date | None, *, on: date) -> bool:
    """Say whether an agreement counts on the day; its last day is included, that of its end not."""
    return valid_from <= on <= valid_until and (ended_on is None or on < ended_on)
