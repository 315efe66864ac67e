"""Pure: what the printed file of a class calls what the platform keeps by a code (培训用语)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from server.training.kinds import LessonKind, Mode, Subject, TrainingType

TYPES: Final[Mapping[TrainingType, str]] = {
    TrainingType.INITIAL: "初次取证培训",
    TrainingType.RENEWAL: "换证培训",
    TrainingType.RE_REVIEW: "复审培训",
    TrainingType.RE_TRAINING: "年度再培训",
    TrainingType.OCCUPATIONAL_HEALTH: "职业卫生培训",
    TrainingType.OCCUPATIONAL_HEALTH_RE_TRAINING: "职业卫生继续教育",
    TrainingType.INDUCTION: "三级安全教育",
    TrainingType.POST_CHANGE: "转岗复岗培训",
    TrainingType.NEW_TECHNOLOGY: "四新培训",
    TrainingType.ROTATION: "执法人员轮训",
    TrainingType.TOPIC: "专题培训",
    TrainingType.PROFESSIONAL: "业务能力培训",
    TrainingType.SAFETY_PROFESSIONAL: "安全专业培训",
    TrainingType.CONTINUING_EDUCATION: "继续教育",
}

MODES: Final[Mapping[Mode, str]] = {
    Mode.CLASSROOM: "面授",
    Mode.ONLINE: "网络学习",
    Mode.BLENDED: "线上线下结合",
}

LESSON_KINDS: Final[Mapping[LessonKind, str]] = {
    LessonKind.TEXT: "图文",
    LessonKind.SLIDES: "幻灯片",
    LessonKind.VIDEO: "视频",
    LessonKind.TEST: "测验",
}

SUBJECTS: Final[Mapping[Subject, str]] = {
    Subject.LAW: "法律法规",
    Subject.MANAGEMENT: "安全生产管理",
    Subject.TECHNOLOGY: "安全技术理论",
    Subject.PRACTICE: "实际操作",
    Subject.OCCUPATIONAL_HEALTH: "职业卫生",
    Subject.EMERGENCY: "应急处置",
    Subject.CASES: "事故案例",
    Subject.ENFORCEMENT: "行政执法",
}
