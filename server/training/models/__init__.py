"""Tables of training (培训数据表)."""

from __future__ import annotations

from server.training.models.classes import (
    Attendance,
    ClassEvaluation,
    ClassLearner,
    ClassLesson,
    ClassMaterial,
    TrainingClass,
    TrainingFile,
)
from server.training.models.online import (
    IdentityCheck,
    LessonTest,
    StudyAppeal,
    StudyDay,
    StudyRuling,
    StudySession,
    StudyStretch,
)
from server.training.models.programmes import HoursRule, OnlineLesson, Programme, ProgrammeSubject
from server.training.models.providers import (
    ExpertAppointment,
    ExpertAppraisal,
    ProviderApproval,
    SafetyEngineer,
    Teacher,
    TeacherSubject,
    TrainingRoom,
)

__all__ = [
    "Attendance",
    "ClassEvaluation",
    "ClassLearner",
    "ClassLesson",
    "ClassMaterial",
    "ExpertAppointment",
    "ExpertAppraisal",
    "HoursRule",
    "IdentityCheck",
    "LessonTest",
    "OnlineLesson",
    "Programme",
    "ProgrammeSubject",
    "ProviderApproval",
    "SafetyEngineer",
    "StudyAppeal",
    "StudyDay",
    "StudyRuling",
    "StudySession",
    "StudyStretch",
    "Teacher",
    "TeacherSubject",
    "TrainingClass",
    "TrainingFile",
    "TrainingRoom",
]
