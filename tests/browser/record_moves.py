"""Moves in the rooms of certificates, coverage, people and notices; see `moves.py`."""

from __future__ import annotations

from tests.browser.moves import Move

WHY = "经核实，按规定办理"
TOLD = {"reason": WHY}
REGISTER = "/certificates/register"

CERTIFICATES = [
    *(
        Move(
            page=f"{REGISTER}/{{{name}}}",
            button=button,
            fields={**TOLD, **fields},
            ask=f"/v1/certificates/{{{name}}}",
            sees={"status": name},
        )
        for name, button, fields in (
            ("suspended", "暂扣", {}),
            ("revoked", "撤销", {"ground": ""}),
            ("cancelled", "注销", {"ground": ""}),
            ("voided", "误发作废", {}),
        )
    ),
    Move(
        page=f"{REGISTER}/{{reviewed}}",
        button="复审合格",
        fields={**TOLD, "effective_on": "2026-05-12"},
        ask="/v1/certificates/{reviewed}",
        sees={"status": "valid", "review_due_on": None},
    ),
    Move(
        page=f"{REGISTER}/{{lost}}",
        button="补发、换发",
        fields={"cause": "遗失", **TOLD},
        ask="/v1/certificates/{lost}",
        sees={"status": "replaced"},
    ),
    *(
        Move(
            page=f"{REGISTER}/{{{old}}}",
            button=button,
            fields=TOLD,
            keep=new,
            ask=f"/v1/certificates/{{{new}}}",
            sees={"status": "not_yet_valid"},
        )
        for old, button, new in (("renewed", "换证", "renewal"), ("extended", "延期", "extension"))
    ),
    Move(
        page="/certificates/undecided",
        button="恢复",
        row="持证undecided",
        fields=TOLD,
        ask="/v1/certificates/{undecided}",
        sees={"status": "valid"},
    ),
    *(
        Move(
            page="/certificates/applications",
            button=button,
            row=f"申请{name}",
            fields=TOLD,
            ask=f"/v1/certificate-applications?state={state}",
            sees={"id": f"{{{name}}}"},
        )
        for name, button, state in (
            ("granted", "受理", "accepted"),
            ("granted", "准予", "granted"),
            ("denied", "受理", "accepted"),
            ("denied", "不予许可", "denied"),
            ("refused", "不予受理", "refused"),
        )
    ),
    Move(
        page="/people/organisations",
        button="登记单位",
        fields={"kind": "监管部门", "name": "邻区应急管理局", "region_id": "浙江"},
        keep="bureau",
        ask="/v1/organisations/{bureau}",
        sees={"name": "邻区应急管理局"},
    ),
    Move(
        page="/certificates/issuers",
        button="登记发证机关",
        fields={"organisation_id": "邻区应急管理局", "code": "ZJ01"},
        ask="/v1/issuers?text=ZJ01",
        sees={"organisation_id": "{bureau}"},
    ),
    Move(
        page="/certificates/batches",
        button="提出一批",
        fields={
            **{"issuer_id": "示范区", "qualification_id": "主要负责人", "by": "逐人选定"},
            **{"person_id": "全权乙", **TOLD},
        },
        keep="batch",
        ask="/v1/certificate-batches?decided=false",
        sees={"id": "{batch}", **TOLD},
    ),
]

COVERAGE = [
    Move(
        page="/coverage-indicators/new",
        button="保存指标",
        on_page=True,
        fields={
            **{"key": "trial-electricians", "plan": "trial", "division_code": "330000"},
            **{"quote": "电工全部持证", "name": "electricians", "zh": "电工", "en": "Electricians"},
            **{"roles": ["特种作业人员"], "region_id": "浙江"},
            **{"measure_zh": "持有效证书", "measure_en": "Holds a certificate"},
        },
        ask="/v1/indicators?plan=trial",
        sees={"key": "trial-electricians", "quote": "电工全部持证"},
    ),
    Move(
        page="/coverage-targets",
        button="设地区目标",
        fields={"indicator": "电工全部持证", "region_id": "浙江", "target": "90"},
        ask="/v1/coverage-targets?indicator=trial-electricians",
        sees={"target": 90},
    ),
    Move(
        page="/coverage-admissions?region_id={region}",
        button="发整改通知",
        row="青石示范化工",
        fields={"due_on": "2026-09-30", "note": "请配齐并持证"},
        ask="/v1/coverage-requests?indicator=admission",
        sees={"organisation_name": "青石示范化工有限公司"},
    ),
    Move(
        page="/coverage-reports",
        button="出具评估",
        fields={"plan": "山西", "kind": "中期评估"},
        keep="report",
        ask="/v1/plan-reports?plan=shanxi",
        sees={"id": "{report}", "kind": "mid_term"},
    ),
    Move(
        page="/coverage-reports/{report}",
        button="生成 PDF 和工作簿",
        keep="printing",
        ask="/v1/jobs?kind=plan_report_files",
        sees={"id": "{printing}"},
    ),
    Move(
        page="/jobs/{printing}",
        button="取消任务",
        ask="/v1/jobs/{printing}",
        sees={"state": "cancelled"},
    ),
]

PEOPLE = [
    Move(
        page="/people/people",
        button="登记人员",
        fields={
            **{"name": "新来人", "document_type": "护照", "document_number": "E12345678"},
            "registered_under_id": "示范区应急管理局",
        },
        keep="newcomer",
        ask="/v1/people/{newcomer}",
        sees={"name": "新来人", "document_type": "passport"},
    ),
    Move(
        page="/people/people/{newcomer}",
        button="查看证件号码",
        fields=TOLD,
        ask="/v1/audit?action=document_disclosed",
        sees={"subject_id": "{newcomer}", **TOLD},
    ),
    Move(
        page="/people/people/{newcomer}",
        button="任职",
        fields={"organisation_id": "青石示范化工", "role": "其他从业人员"},
        ask="/v1/posts?person_id={newcomer}",
        sees={"role": "employee", "organisation_name": "青石示范化工有限公司", "until_on": None},
    ),
    Move(
        page="/people/people/{newcomer}",
        button="离岗",
        fields=TOLD,
        ask="/v1/audit?action=post_ended",
        sees=TOLD,
    ),
    Move(
        page="/people/organisations/{department}",
        button="调整上级",
        fields={"parent_id": "动力车间", **TOLD},
        ask="/v1/audit?action=organisation_moved",
        sees={"subject_id": "{department}", **TOLD},
    ),
    Move(
        page="/people/accounts",
        button="开通账户",
        fields={"person_id": "新来人", "sign_in_name": "newcomer"},
        ask="/v1/accounts?name=newcomer",
        sees={"person_id": "{newcomer}", "has_first_password": True},
    ),
    Move(
        page="/people/accounts/{account}",
        button="授权",
        fields={"role": "命题人员", "organisation_id": "示范安全培训中心"},
        ask="/v1/accounts/{account}/grants",
        sees={"role": "author", "revoked_at": None},
    ),
    Move(
        page="/people/accounts/{account}",
        button="收回",
        row="命题人员",
        fields=TOLD,
        ask="/v1/accounts/{account}/grants",
        sees={"role": "author", "revoked_because": WHY},
    ),
    Move(
        page="/people/accounts/{account}",
        button="重发初始密码",
        fields=TOLD,
        ask="/v1/audit?action=first_password_given",
        sees={"subject_id": "{account}", **TOLD},
    ),
    Move(
        page="/people/accounts/{account}",
        button="停用账户",
        fields=TOLD,
        ask="/v1/accounts?closed=true",
        sees={"id": "{account}"},
    ),
    Move(
        page="/people/doubles/{merged}",
        button="保留甲",
        fields=TOLD,
        ask="/v1/person-merges?undone=false",
        sees={"kept_name": "两份merged", **TOLD},
    ),
    Move(
        page="/people/doubles",
        button="撤销合并",
        row="两份merged",
        fields=TOLD,
        ask="/v1/person-merges?undone=true",
        sees={"kept_name": "两份merged", "undo_reason": WHY},
    ),
    Move(
        page="/people/doubles/{cleared}",
        button="不是同一人",
        fields=TOLD,
        ask="/v1/suspected-doubles/{cleared}",
        sees={"ruling": "different"},
    ),
    Move(
        page="/notices",
        button="发布公告",
        fields={
            **{"urgency": "故障", "title_zh": "夜间维护", "title_en": "Maintenance at night"},
            **{"body_zh": "今夜停机一小时。", "body_en": "One hour tonight."},
            **{"from_at": "2026-06-15T22:00", "until_at": "2026-06-15T23:00"},
        },
        ask="/v1/notices?urgency=trouble",
        sees={"title_zh": "夜间维护", "withdrawn_at": None},
    ),
    Move(
        page="/notices",
        button="撤回",
        row="夜间维护",
        fields=TOLD,
        ask="/v1/audit?action=notice_withdrawn",
        sees=TOLD,
    ),
]
