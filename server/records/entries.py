"""Pure: what the ledger holds, and which of its entries stand (培训记录规则)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import Protocol, TypeVar
from uuid import UUID


class RecordKind(StrEnum):
    """What an entry of the ledger speaks of (记录类型)."""

    #: 培训
    TRAINING = "training"
    #: 考试
    EXAM = "exam"
    #: 证书
    CERTIFICATE = "certificate"
    #: 任职；entries come from the posts themselves, unless they happened elsewhere.
    POST = "post"
    #: 违规违章
    VIOLATION = "violation"
    #: 健康承诺、体检
    HEALTH = "health"
    #: 更正：the entry it corrects does not count, and nothing takes its place.
    CORRECTION = "correction"
    #: 任职资格限制
    BAR = "bar"
    #: 学历
    EDUCATION = "education"
    #: 证件复印件
    DOCUMENT_COPY = "document_copy"
    #: 本人、考核人确认
    CONFIRMATION = "confirmation"
    #: 本人异议：the person does not confirm an assessment, and says why.
    OBJECTION = "objection"
    #: 其他
    NOTE = "note"


class TrainingPurpose(StrEnum):
    """What a training was for (培训类别)."""

    #: 资格培训：for the first certificate, or its renewal.
    QUALIFICATION = "qualification"
    #: 年度再培训
    ANNUAL = "annual"
    #: 新上岗（三级）安全教育
    INDUCTION = "induction"
    #: 安全教育培训
    SAFETY = "safety"
    #: 专题培训
    TOPIC = "topic"
    #: 专业能力培训
    PROFESSIONAL = "professional"
    #: 安全专业培训
    SAFETY_PROFESSIONAL = "safety_professional"
    #: 轮训
    ROTATION = "rotation"
    #: 职业卫生培训
    OCCUPATIONAL_HEALTH = "occupational_health"
    #: 调岗、复岗安全教育
    POST_CHANGE = "post_change"
    #: 新工艺、新技术、新材料、新设备（四新）专项教育
    NEW_TECHNOLOGY = "new_technology"
    #: 复审培训
    RE_REVIEW = "re_review"
    #: 注册安全工程师继续教育
    CONTINUING_EDUCATION = "continuing_education"


class InductionLevel(StrEnum):
    """A level of the three-level induction (三级安全教育)."""

    #: 厂（矿）级
    PLANT = "plant"
    #: 车间（工段、区、队）级
    WORKSHOP = "workshop"
    #: 班组级
    TEAM = "team"


#: What an enterprise teaches its own people; the rest is a provider's.
BY_EMPLOYER = frozenset(
    {
        TrainingPurpose.INDUCTION,
        TrainingPurpose.POST_CHANGE,
        TrainingPurpose.NEW_TECHNOLOGY,
        TrainingPurpose.ANNUAL,
        TrainingPurpose.SAFETY,
    }
)


@dataclass(frozen=True, kw_only=True)
class Training:
    """A training that somebody finished (培训)."""

    programme: str
    purpose: TrainingPurpose
    #: Training hours (学时), usually of 45 minutes; exact to a tenth.
    hours: Decimal
    #: The organisation that trained.
    provider_id: UUID
    started_on: date
    finished_on: date
    #: The role and the operation item it was for; None where for nothing in particular.
    role: str | None = None
    item: str | None = None
    topics: tuple[str, ...] = ()
    trainers: tuple[str, ...] = ()
    #: Whether an assessment at its end was passed; None where there was none.
    passed: bool | None = None
    #: The level of an induction or of training after a change of post; None for other trainings.
    level: InductionLevel | None = None
    #: The class in which it was; None where it was entered by itself.
    class_id: UUID | None = None
    #: The hours that were asked for (应修学时); None where nobody said.
    hours_due: Decimal | None = None
    #: Where the attendance stands: the class, or the sheet that was signed.
    sign_in: str | None = None
    #: The employer it was for, where another organisation trained.
    employer_id: UUID | None = None

    def as_content(self) -> dict[str, object]:
        """Return the training as the ledger keeps it, exact on every database."""
        return {
            "programme": self.programme,
            "purpose": self.purpose.value,
            "hours": str(self.hours),
            "provider_id": str(self.provider_id),
            "started_on": self.started_on.isoformat(),
            "finished_on": self.finished_on.isoformat(),
            "role": self.role,
            "item": self.item,
            "topics": list(self.topics),
            "trainers": list(self.trainers),
            "passed": self.passed,
            **_said(
                level=self.level and self.level.value,
                class_id=self.class_id and str(self.class_id),
                hours_due=self.hours_due and str(self.hours_due),
                sign_in=self.sign_in,
                employer_id=self.employer_id and str(self.employer_id),
            ),
        }


def _said(**facts: object) -> dict[str, object]:
    """Return the facts that were stated: what is absent leaves no trace in an entry."""
    return {name: value for name, value in facts.items() if value is not None}


#: What may be stated in a file by hand; everything else comes from the parts that do it.
STATED = (RecordKind.VIOLATION, RecordKind.HEALTH, RecordKind.EDUCATION, RecordKind.NOTE)


@dataclass(frozen=True, kw_only=True)
class Statement:
    """What an organisation states in a person's file (违规违章、健康承诺、其他)."""

    kind: RecordKind
    happened_on: date
    #: The organisation that states it.
    organisation_id: UUID
    #: What happened, or what was declared.
    summary: str
    #: What followed from it, such as a warning or a penalty; None where nothing did.
    consequence: str | None = None
    #: What a health declaration says: fit for the work or not; None for anything else.
    fit: bool | None = None
    #: The last day on which the person may not work after a violation; None where they may.
    off_work_until: date | None = None
    #: The document of the decision (文号).
    document: str | None = None

    def as_content(self) -> dict[str, object]:
        """Return the statement as the ledger keeps it."""
        return {
            "organisation_id": str(self.organisation_id),
            "summary": self.summary,
            "consequence": self.consequence,
            **_said(
                fit=self.fit,
                off_work_until=self.off_work_until and self.off_work_until.isoformat(),
                document=self.document,
            ),
        }


@dataclass(frozen=True, kw_only=True)
class TrainingDone:
    """Hours of training that count, on the day they were finished."""

    on: date
    hours: Fraction


class Entry(Protocol):
    """What the rules need to know of an entry."""

    id: UUID
    kind: RecordKind
    corrects_id: UUID | None


E = TypeVar("E", bound=Entry)


def standing(entries: Iterable[E]) -> list[E]:
    """Return the entries that count: not corrected by another, and no mere withdrawal."""
    every = list(entries)
    corrected = {one.corrects_id for one in every}
    return [
        one for one in every if one.id not in corrected and one.kind is not RecordKind.CORRECTION
    ]


def hours_of(content: Mapping[str, object]) -> Fraction:
    """Return the hours that a training's content states."""
    return Fraction(str(content["hours"]))


def fits(asked: str | None, stated: str | None) -> bool:
    """Say whether a training stated to be for something (None: anything) counts for `asked`."""
    return stated is None or stated == asked
