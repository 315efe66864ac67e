"""Tables of exams: what can be attained, planned exams and papers, places in them, attempts."""

from exams.models.appeals import Appeal, Viewing, ViewingLook
from exams.models.attempts import Attempt, AttemptMove, Outcome, ResponseEntry
from exams.models.behaviour import BehaviourEvent
from exams.models.candidatures import Candidature, CheckIn
from exams.models.clocks import ClockReading
from exams.models.corrections import (
    KeyCorrection,
    OutcomeCorrection,
    Regrade,
    RegradeApproval,
    RegradeEffect,
    ScoreCorrection,
)
from exams.models.enrolments import Bar, Enrolment
from exams.models.late import LateDecision
from exams.models.mocks import MockExam
from exams.models.paper_sheets import PaperSheet, SheetReading
from exams.models.planning import (
    Exam,
    Paper,
    PaperItem,
    PaperMaking,
    PaperPackage,
    PaperSpecification,
)
from exams.models.practicals import (
    Practical,
    PracticalExhibit,
    PracticalOutcome,
    PracticalScorer,
    PracticalSubject,
    PracticalWord,
    ScoreSheet,
    StationCall,
)
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
    SittingStation,
)
from exams.models.standards import ExamStandard, Qualification, StandardProposal
from exams.models.statistics import PaperStatistics, ResponseSheet

__all__ = [
    "Appeal",
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
    "KeyCorrection",
    "LateDecision",
    "MockExam",
    "Outcome",
    "OutcomeCorrection",
    "Paper",
    "PaperItem",
    "PaperMaking",
    "PaperPackage",
    "PaperSheet",
    "PaperSpecification",
    "PaperStatistics",
    "Practical",
    "PracticalExhibit",
    "PracticalOutcome",
    "PracticalScorer",
    "PracticalSubject",
    "PracticalWord",
    "Qualification",
    "Regrade",
    "RegradeApproval",
    "RegradeEffect",
    "ResponseEntry",
    "ResponseSheet",
    "RoomEvent",
    "ScoreCorrection",
    "ScoreSheet",
    "SeparationOverride",
    "SheetReading",
    "Sitting",
    "SittingDuty",
    "SittingMoved",
    "SittingRoom",
    "SittingStation",
    "StandardProposal",
    "StationCall",
    "Viewing",
    "ViewingLook",
]
