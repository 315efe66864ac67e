"""What stands in the way in the question bank (题库的拒绝)."""

from __future__ import annotations

from server.errors import DomainError, Invalid, Message


class FileTooLarge(DomainError):
    """The file is larger than an import takes, packed or unpacked."""

    code = "file_too_large"
    status = 413
    en = "The file is too large: at most {limit_bytes} bytes, {unpacked_bytes} when unpacked."
    zh = "文件过大：不得超过 {limit_bytes} 字节，解压后不得超过 {unpacked_bytes} 字节。"


class TooManyRows(DomainError):
    """A sheet is longer or wider than a bank of questions can be."""

    code = "too_many_rows"
    status = 413
    en = "A sheet holds too much: at most {rows} rows and {columns} columns."
    zh = "工作表过大：最多 {rows} 行、{columns} 列。"


class FormatUnknown(DomainError):
    """The content is of no format that can be imported, whatever its name says."""

    code = "format_unknown"
    status = 415
    en = (
        "The file is none of .xlsx, .docx, .csv, JSON, text, QTI, Moodle XML, GIFT, or holds no "
        "question. Save it as .xlsx and send it again."
    )
    zh = (
        "无法识别文件格式，或文件中没有试题：支持 .xlsx、.docx、.csv、JSON、纯文本、QTI、"
        "Moodle XML、GIFT。旧版 .xls 请另存为 .xlsx 后重新上传。"
    )


class FileUnsafe(DomainError):
    """The file carries what a bank of questions never needs: macros, document types."""

    code = "file_unsafe"
    status = 422
    en = "The file carries macros, programs or document types and is not opened."
    zh = "文件含有宏、程序或文档类型声明，已拒绝打开。"


class FileDamaged(DomainError):
    """The file is of a known format and cannot be read to its end."""

    code = "file_damaged"
    status = 422
    en = "The file is damaged and cannot be read."
    zh = "文件已损坏，无法读取。"


class QuestionUnsound(Invalid):
    """The content of a question contradicts itself; `errors` says where."""

    code = "question_unsound"
    en = "The question is not sound."
    zh = "试题内容不完整或自相矛盾。"

    def __init__(self, field: str, message: Message) -> None:
        super().__init__({field: [message]})


class MoveNotOpen(DomainError):
    """The question is in a state from which this move cannot be made."""

    code = "move_not_open"
    en = "A question that is {state} cannot do the move {move}."
    zh = "处于“{state}”状态的试题不能进行“{move}”操作。"


class ReviewerIsAuthor(DomainError):
    """Nobody puts to use what they wrote themselves (命题与审题分离)."""

    code = "reviewer_is_author"
    en = "Who wrote a version cannot publish it."
    zh = "命题人不得审核启用自己编写的试题。"


class AlreadyInBank(DomainError):
    """The bank holds the same question already; give that one another role instead."""

    code = "already_in_bank"
    en = "The bank already holds the same question: {question_id}."
    zh = "题库中已有相同的试题：{question_id}。"


class ImportHasRefusals(DomainError):
    """All or nothing was asked for, and some rows or sheets were refused."""

    code = "import_has_refusals"
    en = "{count} rows or sheets were refused, and all or nothing was asked for."
    zh = "有 {count} 行（或工作表）未通过，而您选择了“全部导入”。"


class ImportAlreadyAccepted(DomainError):
    """The import was accepted before, on other terms."""

    code = "import_already_accepted"
    en = "The import was already accepted, on other terms."
    zh = "该次导入已按其他方式确认。"


class PracticeAllowanceUsed(DomainError):
    """So many questions are enough for a day; more is collecting, not practising."""

    code = "practice_allowance_used"
    status = 429
    en = "Today's {most} practice questions are used up. There are more tomorrow."
    zh = "今日 {most} 道练习题已用完，请明天继续。"


class MockExamsUsed(DomainError):
    """So many mock exams are enough for a day."""

    code = "mock_exams_used"
    status = 429
    en = "Today's {most} mock exams are used up. There are more tomorrow."
    zh = "今日 {most} 次模拟考试已用完，请明天继续。"


class NotForPractice(DomainError):
    """The question is not, or is no more, in the practice pool."""

    code = "not_for_practice"
    status = 404
    en = "There is no such question to practise."
    zh = "练习题库中没有这道题。"


class VersionOutdated(DomainError):
    """The question was revised since it was shown: fetch it again."""

    code = "version_outdated"
    en = "The question was revised since it was shown. Fetch it again."
    zh = "试题已修订，请重新获取。"


class EndBeforeBeginning(DomainError):
    """A law or an article cannot end before it began."""

    code = "end_before_beginning"
    en = "It counts from {beginning} on, and cannot end before that."
    zh = "该条目自 {beginning} 起施行，终止日期不能早于施行日期。"


class ReplacedByItself(DomainError):
    """A law or an article cannot be its own successor."""

    code = "replaced_by_itself"
    en = "It cannot be replaced by itself."
    zh = "不能以自身作为替代条目。"


class RestsOnNothingRepealed(DomainError):
    """There is nothing to clear: what the question rests on is in force, or nothing is known."""

    code = "rests_on_nothing_repealed"
    en = "The question rests on no repealed law."
    zh = "该试题的依据未废止，无需复核。"


class AlreadyRuled(DomainError):
    """Somebody decided about this pair before, and otherwise."""

    code = "already_ruled"
    en = "Something else was decided about this pair before."
    zh = "该组试题已有不同的裁定。"


class KeptIsNotOfPair(DomainError):
    """The question to keep is none of the two."""

    code = "kept_is_not_of_pair"
    status = 422
    en = "The question to keep is none of this pair."
    zh = "拟保留的试题不在该组中。"


class ConflictNeedsWinner(DomainError):
    """The same is asked with two keys: one of them is wrong, so one question must go."""

    code = "conflict_needs_winner"
    en = "Two keys for one question cannot both be right: say which question is kept."
    zh = "同一试题的两个答案不能并存，请指定保留哪一题。"


class ImageRefused(DomainError):
    """The bytes are no image that can be shown in a question."""

    code = "image_refused"
    status = 422
    en = "This is no PNG, JPEG, GIF or WebP image of at most 3 MB and 25 million pixels."
    zh = "不是可用的图片：须为 PNG、JPEG、GIF 或 WebP，不超过 3 MB 和 2500 万像素。"


class ImageMisnamed(DomainError):
    """An image stands under the SHA-256 of its content, and this one has another."""

    code = "image_misnamed"
    status = 422
    en = "The address does not hold the SHA-256 of the content."
    zh = "地址中的 SHA-256 与图片内容不符。"


class ImageUnknown(DomainError):
    """A question shows an image that was not sent before it."""

    code = "image_unknown"
    status = 422
    en = "The question shows an image that is not there: {sha256}. Send the image first."
    zh = "试题引用的图片不存在：{sha256}。请先上传图片。"


class ImportNotReady(DomainError):
    """The import is being read or accepted; wait for its job."""

    code = "import_not_ready"
    en = "The import is being worked on. Wait for its job."
    zh = "该次导入正在处理，请等待任务完成。"


class ImportFileGone(DomainError):
    """The file of the import was let go; its report stands, and can be accepted."""

    code = "import_file_gone"
    status = 410
    en = "The file is kept for {days} days and has been let go. Send it again."
    zh = "文件保留 {days} 天，现已删除，请重新发送。"


class MappingUnfit(DomainError):
    """What was said of a file does not fit it: no such sheet, column or meaning."""

    code = "mapping_unfit"
    status = 422
    en = "What was said does not fit the file: {what}."
    zh = "所给的对应关系与文件不符：{what}。"


class KeysNotAllowed(DomainError):
    """Who asks may export questions and not their keys."""

    code = "keys_not_allowed"
    status = 403
    en = "Your roles do not include taking keys out of this bank."
    zh = "您的角色不能导出该题库的答案。"


class FormatNeedsKeys(DomainError):
    """The format cannot say a question without its key."""

    code = "format_needs_keys"
    status = 422
    en = "Moodle XML and GIFT cannot say a question without its key."
    zh = "Moodle XML 和 GIFT 格式不能不带答案。"


class TooManyToExport(DomainError):
    """More questions than one export may hold."""

    code = "too_many_to_export"
    status = 422
    en = "These are {count} questions; one export holds at most {most}. Choose fewer."
    zh = "共 {count} 题，一次最多导出 {most} 题，请缩小范围。"


class NoDailyQuestion(DomainError):
    """No question may be practised by everybody."""

    code = "no_daily_question"
    en = "There is no question today: none may be practised by everybody."
    zh = "今日暂无每日一题：题库中没有可供公开练习的试题。"
