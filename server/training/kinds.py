"""Pure: kinds of training, subjects, experts and ways of signing in (培训的各种类别)."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from server.records.entries import TrainingPurpose


class TrainingType(StrEnum):
    """What a programme trains for (培训类型)."""

    #: 初次取证培训
    INITIAL = "initial"
    #: 换证培训
    RENEWAL = "renewal"
    #: 复审培训 (Order 30 only)
    RE_REVIEW = "re_review"
    #: 年度再培训
    RE_TRAINING = "re_training"
    #: 职业卫生培训（初次、上岗前）
    OCCUPATIONAL_HEALTH = "occupational_health"
    #: 职业卫生继续教育（在岗期间）：asks for fewer hours than the first.
    OCCUPATIONAL_HEALTH_RE_TRAINING = "occupational_health_re_training"
    #: 新上岗三级安全教育
    INDUCTION = "induction"
    #: 调整岗位、离岗复工
    POST_CHANGE = "post_change"
    #: 四新：新工艺、新技术、新材料、新设备
    NEW_TECHNOLOGY = "new_technology"
    #: 监管执法人员轮训
    ROTATION = "rotation"
    #: 专题培训
    TOPIC = "topic"
    #: 业务能力培训
    PROFESSIONAL = "professional"
    #: 安全专业培训
    SAFETY_PROFESSIONAL = "safety_professional"
    #: 注册安全工程师继续教育
    CONTINUING_EDUCATION = "continuing_education"


#: What the ledger calls a training of each type.
PURPOSES: Mapping[TrainingType, TrainingPurpose] = {
    TrainingType.INITIAL: TrainingPurpose.QUALIFICATION,
    TrainingType.RENEWAL: TrainingPurpose.QUALIFICATION,
    TrainingType.RE_REVIEW: TrainingPurpose.RE_REVIEW,
    TrainingType.RE_TRAINING: TrainingPurpose.ANNUAL,
    TrainingType.OCCUPATIONAL_HEALTH: TrainingPurpose.OCCUPATIONAL_HEALTH,
    TrainingType.OCCUPATIONAL_HEALTH_RE_TRAINING: TrainingPurpose.OCCUPATIONAL_HEALTH,
    TrainingType.INDUCTION: TrainingPurpose.INDUCTION,
    TrainingType.POST_CHANGE: TrainingPurpose.POST_CHANGE,
    TrainingType.NEW_TECHNOLOGY: TrainingPurpose.NEW_TECHNOLOGY,
    TrainingType.ROTATION: TrainingPurpose.ROTATION,
    TrainingType.TOPIC: TrainingPurpose.TOPIC,
    TrainingType.PROFESSIONAL: TrainingPurpose.PROFESSIONAL,
    TrainingType.SAFETY_PROFESSIONAL: TrainingPurpose.SAFETY_PROFESSIONAL,
    TrainingType.CONTINUING_EDUCATION: TrainingPurpose.CONTINUING_EDUCATION,
}

#: Types that end in a qualification: a bar keeps people from them.
QUALIFYING = frozenset({TrainingType.INITIAL, TrainingType.RENEWAL, TrainingType.RE_REVIEW})


class Subject(StrEnum):
    """What is taught, and what a teacher may be approved for (授课科目)."""

    #: 法律法规
    LAW = "law"
    #: 安全生产管理
    MANAGEMENT = "management"
    #: 安全技术理论
    TECHNOLOGY = "technology"
    #: 实际操作
    PRACTICE = "practice"
    #: 职业卫生
    OCCUPATIONAL_HEALTH = "occupational_health"
    #: 应急处置
    EMERGENCY = "emergency"
    #: 事故案例
    CASES = "cases"
    #: 行政执法
    ENFORCEMENT = "enforcement"


#: Subjects that differ with the operation item: one approved for another item does not teach them.
BOUND_TO_ITEM = frozenset({Subject.TECHNOLOGY, Subject.PRACTICE})


class Function(StrEnum):
    """What an expert of the pool is appointed for (专家职能)."""

    #: 授课教师
    TEACHER = "teacher"
    #: 命题专家
    AUTHOR = "author"
    #: 考评员
    EXAMINER = "examiner"


class Grade(StrEnum):
    """Grades of registered safety engineers (注册安全工程师级别)."""

    JUNIOR = "junior"
    INTERMEDIATE = "intermediate"
    SENIOR = "senior"


class Mode(StrEnum):
    """Where a class is taught (办班方式)."""

    #: 面授
    CLASSROOM = "classroom"
    #: 网络学习
    ONLINE = "online"
    #: 线上线下结合
    BLENDED = "blended"


class Presence(StrEnum):
    """How a learner was in a lesson, by what was signed (到课情况)."""

    MISSING = "missing"
    SIGNED_IN = "signed_in"
    #: Signed in, and somebody must look at it before it counts.
    TO_LOOK_AT = "to_look_at"


class Way(StrEnum):
    """How somebody signed in to a lesson (签到方式)."""

    #: 动态二维码
    CODE = "code"
    #: 教师名单
    LIST = "list"
    #: 签到手机：a phone of the provider that reads what learners show.
    CHECK_IN_PHONE = "check_in_phone"


class LessonKind(StrEnum):
    """What a lesson online is made of (课件类型)."""

    TEXT = "text"
    SLIDES = "slides"
    VIDEO = "video"
    #: 测验：nothing but its lesson test
    TEST = "test"
