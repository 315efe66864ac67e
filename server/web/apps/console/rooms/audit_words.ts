/** What the audit says was done, and to what, in words: the action is a thing and a participle (审计用语). */
import { t } from "../../shared/settings.ts";
import { word, type Words } from "../kit/two.ts";

export const SUBJECT_KINDS: Words = {
  account: ["账户", "Account"],
  appeal: ["复核申请", "Appeal"],
  archive: ["归档", "Archive"],
  attempt: ["答卷", "Attempt"],
  certificate: ["证书", "Certificate"],
  certificate_application: ["发证申请", "Application"],
  certificate_batch: ["发证批次", "Batch"],
  certificate_rule: ["证书规则", "Certificate rule"],
  competence_framework: ["能力框架", "Framework"],
  competence_appraisal: ["能力评价", "Evaluation of competence"],
  competence_cycle: ["评价周期", "Cycle of evaluations"],
  contest: ["竞赛", "Contest"],
  contest_entry: ["参赛", "Contest entry"],
  contest_round: ["竞赛轮次", "Contest round"],
  coverage_request: ["整改通知", "Request to act"],
  coverage_subscription: ["数据订阅", "Subscription"],
  coverage_target: ["地区目标", "Target"],
  credit_listing: ["失信名单", "Credit listing"],
  enrolment: ["报名", "Enrolment"],
  exam: ["考试", "Exam"],
  exam_plan: ["考试计划", "Exam plan"],
  exchange_agreement: ["交换协议", "Exchange agreement"],
  gate_device: ["门禁设备", "Gate device"],
  hours_rule: ["学时规定", "Hours rule"],
  identity_provider: ["统一认证", "Identity provider"],
  indicator: ["指标", "Indicator"],
  issuer: ["发证机关", "Issuer"],
  law: ["法规", "Law"],
  notice: ["公告", "Notice"],
  organisation: ["单位", "Organisation"],
  paper_specification: ["组卷方案", "Specification"],
  person: ["人员", "Person"],
  plan_report: ["规划评估", "Evaluation"],
  post: ["岗位", "Post"],
  practical: ["实操", "Practical"],
  question: ["试题", "Question"],
  questions: ["多道试题", "Questions"],
  question_bank: ["题库", "Question bank"],
  question_bulk_action: ["批量操作", "Bulk action"],
  question_export: ["试题导出", "Export of questions"],
  question_import: ["试题导入", "Import of questions"],
  question_pair: ["重复试题", "Pair of questions"],
  record: ["档案记录", "Record"],
  region: ["地区", "Region"],
  regrade: ["重新评分", "Regrade"],
  retention: ["保存期限", "Retention"],
  score_sheet: ["评分表", "Score sheet"],
  separation_override: ["回避例外", "Exception"],
  sitting: ["考试场次", "Sitting"],
  standard_proposal: ["标准修订", "Proposed standard"],
  syllabus: ["考试大纲", "Syllabus"],
  test_centre: ["考试点", "Test centre"],
};

/** The participle that an action ends with. */
const DONE: Words = {
  agreed: ["约定", "agreed"], imposed: ["设定", "imposed"], lifted: ["解除", "lifted"], linked: ["关联", "linked"], named: ["核实", "named"], relocated: ["换考场", "relocated"], reopened: ["重新打开", "reopened"], reported: ["上报", "reported"],
  unlinked: ["解除关联", "unlinked"], withheld: ["暂不签发", "withheld"], in: ["登录", "signed in"], everywhere: ["全部退出", "signed out everywhere"], law: ["关联法规", "tied to a law"],
  abolished: ["撤销", "abolished"], accepted: ["受理", "accepted"], added: ["增加", "added"], admitted: ["准入", "admitted"], again: ["重做", "done again"], answered: ["答复", "answered"],
  appealed: ["申诉", "appealed"], applied: ["申请、执行", "applied"], approved: ["批准", "approved"], asked: ["提出", "asked for"], assigned: ["指定", "assigned"], called: ["叫号", "called"],
  cancelled: ["取消、注销", "cancelled"], cleared: ["排除", "cleared"], closed: ["关闭", "closed"], commented: ["写意见", "commented on"], compromised: ["泄露", "compromised"], concluded: ["作出结论", "concluded"],
  confirmed: ["确认", "confirmed"], corrected: ["更正", "corrected"], created: ["建立", "created"], decided: ["决定", "decided"], deleted: ["删除", "deleted"], disclosed: ["查看明文", "disclosed"], disputed: ["异议", "disputed"],
  done: ["完成", "done"], ended: ["终止", "ended"], enrolled: ["报名", "enrolled"], entered: ["录入", "entered"], excused: ["准假", "excused"], executed: ["执行", "executed"], exported: ["导出", "exported"],
  extended: ["延长", "extended"], filed: ["提交", "filed"], for: ["申请", "applied for"], given: ["发放", "given"], graded: ["评分", "graded"], granted: ["授予、准予", "granted"], held: ["暂缓", "held"], imported: ["导入", "imported"],
  issued: ["签发", "issued"], judged: ["评定", "judged"], kept: ["保存", "kept"], listed: ["列入", "listed"], merged: ["合并", "merged"], missed: ["缺考", "missed"], moved: ["移动", "moved"], opened: ["开启", "opened"], overridden: ["例外", "overridden"],
  placed: ["编排", "placed"], planned: ["计划", "planned"], previewed: ["预览", "previewed"], printed: ["打印", "printed"], proposed: ["提出", "proposed"], published: ["发布", "published"], read: ["阅读", "read"], recoded: ["改代码", "recoded"],
  recorded: ["记录", "recorded"], refused: ["拒绝", "refused"], registered: ["登记", "registered"], reinstated: ["恢复", "reinstated"], rejected: ["驳回", "rejected"], released: ["公布", "released"], renamed: ["更名", "renamed"], replaced: ["换发", "replaced"],
  replanned: ["改计划", "replanned"], requested: ["要求", "requested"], retired: ["停用", "retired"], reused: ["重复使用", "reused"], reviewed: ["复审", "reviewed"], revised: ["修订", "revised"], revoked: ["收回、撤销", "revoked"], rewritten: ["改写", "rewritten"],
  rotated: ["更换", "rotated"], ruled: ["裁定", "ruled"], scored: ["评分", "scored"], seated: ["编座", "seated"], sent: ["发出", "sent"], back: ["退回", "sent back"], set: ["设定", "set"], settled: ["处理", "settled"], started: ["开始", "started"], out: ["退出", "signed out"],
  submitted: ["送审", "submitted"], suspended: ["暂扣", "suspended"], taken: ["扣除", "taken"], undone: ["撤销操作", "undone"], up: ["递补", "moved up"], viewed: ["查看", "viewed"], voided: ["作废", "voided"], withdrawn: ["撤回", "withdrawn"], written: ["写入", "written"], changed: ["变更", "changed"],
};

/** “question_retired” done to a question is “试题：停用”; what is not known here shows as it is kept. */
export function saidOf(action: string, subject: string): string {
  const last = action.split("_").pop() ?? "";
  const done = DONE[last];
  return done === undefined ? action : `${word(SUBJECT_KINDS, subject)}${t("：", ": ")}${word(DONE, last)}`;
}
