"""What stands in the way in reviewing, and in syllabuses (审题与大纲的拒绝)."""

from __future__ import annotations

from server.errors import DomainError


class QuestionInUse(DomainError):
    """Exams or learners have met the question: it can be retired, and stays readable."""

    code = "question_in_use"
    en = "It is used by exams ({exams}) and {practice_count} responses in practice. Retire it."
    zh = "该试题已被考试（{exams}）和 {practice_count} 次练习使用，只能停用，不能删除。"


class BulkActionOver(DomainError):
    """The action was undone, or was never done."""

    code = "bulk_action_over"
    en = "The action was undone already, or was never done. Preview a new one."
    zh = "该批量操作已撤销或尚未执行，请重新预览。"


class UndoTooLate(DomainError):
    """Papers may have drawn by what the action left: the day is over."""

    code = "undo_too_late"
    en = "An action can be undone until the end of its day."
    zh = "批量操作只能在当日撤销。"


class SyllabusPublished(DomainError):
    """A published syllabus never changes: write the next version."""

    code = "syllabus_published"
    en = "The syllabus is published and does not change. Write its next version."
    zh = "大纲已发布，不能修改，请编写下一版。"


class TopicTreeBroken(DomainError):
    """A topic stands twice, or before the one it belongs to."""

    code = "topic_tree_broken"
    status = 422
    en = "Topic {code} stands twice, or before its parent."
    zh = "知识点 {code} 重复，或排在其上级之前。"
