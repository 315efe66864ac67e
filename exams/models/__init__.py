"""Tables of exams: what can be attained, planned exams and papers, places in them, attempts."""

from exams.models.attempts import Attempt, AttemptMove, Outcome, ResponseEntry
from exams.models.behaviour import BehaviourEvent
from exams.models.candidatures import Candidature, CheckIn
from exams.models.clocks import ClockReading
from exams.models.enrolments import Bar, Enrolment
from exams.models.late import LateDecision
from exams.models.mocks import MockExam
from exams.models.planning import Exam, Paper, PaperItem, PaperPackage, PaperSpecification
from exams.models.rooms import ExamRoom, RoomEvent
from exams.models.sittings import (
    CentreApproval,
    CentreRoom,
    ExamPlan,
    SeparationOverride,
    Sitting,
    SittingDuty,
    SittingMoved,
    SittingRoom,
)
from exams.models.standards import ExamStandard, Qualification
from exams.models.statistics import PaperStatistics, ResponseSheet

__all__ = [
    "Attempt",
    "AttemptMove",
    "Bar",
    "BehaviourEvent",
    "Candidature",
    "CentreApproval",
    "CentreRoom",
    "CheckIn",
    "ClockReading",
    "Enrolment",
    "Exam",
    "ExamPlan",
    "ExamRoom",
    "ExamStandard",
    "LateDecision",
    "MockExam",
    "Outcome",
    "Paper",
    "PaperItem",
    "PaperPackage",
    "PaperSpecification",
    "PaperStatistics",
    "Qualification",
    "ResponseEntry",
    "ResponseSheet",
    "RoomEvent",
    "SeparationOverride",
    "Sitting",
    "SittingDuty",
    "SittingMoved",
    "SittingRoom",
]
