"""Moves in the rooms of rules and of the question bank, and what a second person decides."""

from __future__ import annotations

from tests.browser.moves import Move
from tests.browser.record_moves import REGISTER, TOLD, WHY

QUESTION = "/bank/questions/{%s}"

RULES = [
    Move(
        page="/rules/hours",
        button="登记本地规定",
        fields={
            **{"authority_id": "示范区应急管理局", "roles": ["主要负责人"], "hours": "20"},
            **{"from_on": "2026-07-01", "law": "试行通知"},
        },
        ask="/v1/hours-rules",
        sees={"law": "试行通知", "until_on": None},
    ),
    Move(
        page="/rules/hours",
        button="终止",
        row="试行通知",
        fields=TOLD,
        ask="/v1/hours-rules",
        sees={"law": "试行通知", **TOLD},
    ),
    Move(
        page="/rules/laws",
        button="登记法规",
        fields={
            **{"code": "trial_measures", "kind": "规范性文件", "title": "试行办法"},
            **{"issuer": "示范区应急管理局", "source": "公报"},
        },
        keep="law",
        ask="/v1/laws/{law}",
        sees={"title": "试行办法", "valid_until": None},
    ),
    Move(
        page="/rules/laws/{law}",
        button="登记条文",
        fields={"ordinal": "1", "subject": "持证", "text": "须持证上岗。", "source": "公报"},
        ask="/v1/laws/{law}/articles",
        sees={"ordinal": 1, "subject": "持证", "valid_until": None},
    ),
    Move(
        page="/rules/laws/{law}",
        button="记录终止",
        fields=TOLD,
        ask="/v1/audit?action=law_article_ended",
        sees={"subject_id": "{law}", **TOLD},
    ),
    Move(
        page="/rules/laws/{law}",
        button="记录废止",
        fields=TOLD,
        ask="/v1/audit?action=law_ended",
        sees={"subject_id": "{law}", **TOLD},
    ),
    Move(
        page="/rules/syllabuses",
        button="写大纲",
        fields={
            **{"title": "试行大纲", "role": "主要负责人", "owner_id": "示范区应急管理局"},
            "source": "公报",
        },
        keep="syllabus",
        ask="/v1/syllabuses/{syllabus}",
        sees={"title": "试行大纲", "published_at": None},
    ),
    Move(
        page="/rules/syllabuses/{syllabus}",
        button="写知识点",
        fields={"lines": "1 基础知识\n1.1 触电急救"},
        ask="/v1/syllabuses/{syllabus}/topics",
        sees={"code": "1.1", "name": "触电急救", "parent_id": ...},
    ),
    Move(
        page="/rules/syllabuses/{syllabus}",
        button="发布",
        ask="/v1/syllabuses/{syllabus}",
        sees={"published_at": ...},
    ),
    *(
        Move(
            page="/rules/standards?qualification_id={electrician}",
            button="提出新标准",
            fields={
                **{"effective_from": day, "source": source, "article": "第一条"},
                **{"minutes": "100", **TOLD},
            },
            ask="/v1/standard-proposals?open_only=true",
            sees={"source": source, "approved": None},
        )
        for day, source in (("2027-01-01", "新令"), ("2027-02-01", "旧令"))
    ),
]


def _written(name: str, stem: str) -> Move:
    return Move(
        page="/bank/questions",
        button="新建试题",
        fields={
            **{"bank_id": "示范题库", "kind": "判断题", "stem": stem},
            **{"key": ["A"], "roles": ["主要负责人"]},
        },
        keep=name,
        ask=f"/v1/questions/{{{name}}}",
        sees={"state": "draft"},
    )


def _submitted(name: str) -> Move:
    return Move(
        page=QUESTION % name,
        button="送审",
        ask=f"/v1/questions/{{{name}}}",
        sees={"state": "in_review"},
    )


BANK = [
    Move(
        page="/bank/banks",
        button="新建题库",
        fields={"name": "试行题库", "owner_id": "示范区应急管理局"},
        ask="/v1/question-banks?name=试行",
        sees={"name": "试行题库"},
    ),
    _written("good", "高处作业必须系好安全带。"),
    _written("poor", "吊装作业区域内允许无关人员穿行。"),
    _written("spare", "电焊作业前应当清理周围的可燃物。"),
    Move(
        page=QUESTION % "spare",
        button="删除",
        fields=TOLD,
        ask="/v1/audit?action=question_deleted",
        sees={"subject_id": "{spare}", **TOLD},
    ),
    Move(
        page=QUESTION % "poor",
        button="写意见",
        fields={"text": "题干有歧义"},
        ask="/v1/questions/{poor}/comments",
        sees={"text": "题干有歧义", "settled_at": None},
    ),
    Move(
        page=QUESTION % "poor",
        button="标为已处理",
        ask="/v1/questions/{poor}/comments",
        sees={"text": "题干有歧义", "settled_at": ...},
    ),
    _submitted("good"),
    _submitted("poor"),
    Move(
        page=QUESTION % "question",
        button="修订",
        fields={"explanation": "见现行规定。"},
        ask="/v1/questions/{question}",
        sees={"version": {"explanation": "见现行规定。"}},
    ),
    Move(
        page="/bank/flags",
        button="处理",
        fields=TOLD,
        ask="/v1/question-flags?settled=true",
        sees={"question_id": "{question}", **TOLD},
    ),
    Move(
        page="/bank/pairs/{pair}",
        button="均保留",
        fields=TOLD,
        ask="/v1/question-pairs/{pair}",
        sees={"standing": "distinct", **TOLD},
    ),
    Move(
        page="/bank/questions?state=published",
        button="停用",
        ticked=2,
        fields=TOLD,
        ask="/v1/audit?action=question_bulk_action_done",
        sees={**TOLD, "after": {"move": "retire", "counts": {"changes": 2}}},
    ),
    *(
        Move(
            page=page,
            button=button,
            fields=fields,
            keep="job",
            ask="/v1/jobs/{job}",
            sees={"kind": kind},
        )
        for page, button, fields, kind in (
            (
                *("/bank/questions", "导出"),
                {"bank_id": "示范题库", "format": "CSV", "purpose": "备份"},
                "question_export",
            ),
            ("/bank/pairs", "全库查重", {}, "question_duplicates"),
        )
    ),
]

#: What an enterprise does that was asked to act.
ANSWERED = [
    Move(
        page="/coverage-requests",
        button="答复",
        row="青石示范化工",
        fields={"answer": "已安排九月培训"},
        ask="/v1/coverage-requests?indicator=admission",
        sees={"request": {"answer": "已安排九月培训"}},
    ),
]

#: What somebody else than who proposed it decides.
DECIDED = [
    Move(
        page=f"{REGISTER}/{{suspended}}",
        button="恢复",
        fields=TOLD,
        ask="/v1/certificates/{suspended}",
        sees={"status": "valid"},
    ),
    Move(
        page="/certificates/batches/{batch}",
        button="不符",
        fields={"note": "档案缺页"},
        ask="/v1/certificate-batches/{batch}/lines?sampled=true",
        sees={"sound": False, "note": "档案缺页"},
    ),
    Move(
        page="/certificates/batches/{batch}",
        button="驳回",
        fields=TOLD,
        ask="/v1/certificate-batches?verdict=rejected",
        sees={"id": "{batch}", "verdict_reason": WHY},
    ),
    Move(
        page="/coverage-requests?open_only=true",
        button="办结",
        row="青石示范化工",
        ask="/v1/coverage-requests?indicator=admission",
        sees={"request": {"closed_at": ...}},
    ),
    *(
        Move(
            page="/rules/standards",
            button=button,
            row=source,
            fields=TOLD,
            ask="/v1/standard-proposals",
            sees={"source": source, "approved": approved},
        )
        for button, source, approved in (("批准", "新令", True), ("不批准", "旧令", False))
    ),
    Move(
        page=QUESTION % "poor",
        button="退回",
        fields={"text": "请消除歧义"},
        ask="/v1/questions/{poor}",
        sees={"state": "draft"},
    ),
    Move(
        page=QUESTION % "good",
        button="发布",
        ask="/v1/questions/{good}",
        sees={"state": "published"},
    ),
    Move(
        page=QUESTION % "good",
        button="停用",
        fields=TOLD,
        ask="/v1/audit?action=question_retired",
        sees={"subject_id": "{good}", **TOLD},
    ),
]
