/** The words of the platform's enumerations, as docs/vocabulary.md has them (词汇). */
import type { Kind } from "./kit/parts.tsx";
import type { Words } from "./kit/two.ts";

export const ROLES: Words = {
  worker: ["从业人员", "Worker"],
  enterprise_safety_officer: ["企业安全管理员", "Enterprise safety officer"],
  provider_staff: ["培训机构工作人员", "Training provider's staff"],
  provider_manager: ["培训机构负责人", "Training provider's manager"],
  teacher: ["教师", "Teacher"],
  author: ["命题人员", "Author"],
  reviewer: ["审题人员", "Reviewer"],
  planner: ["考务计划员", "Planner"],
  centre_manager: ["考点管理员", "Test centre manager"],
  invigilator: ["监考员", "Invigilator"],
  examiner: ["考评员", "Examiner"],
  issuer: ["发证人员", "Issuer"],
  leader: ["单位负责人", "Leader of a place"],
  analyst: ["统计分析人员", "Analyst"],
  auditor: ["审计人员", "Auditor"],
  administrator: ["平台管理员", "Administrator"],
};

export const POST_ROLES: Words = {
  principal: ["主要负责人", "Principal"],
  safety_manager: ["安全生产管理人员", "Safety manager"],
  full_time_safety_manager: ["专职安全生产管理人员", "Full-time safety manager"],
  occupational_health_manager: ["职业健康管理人员", "Occupational health manager"],
  special_operations_worker: ["特种作业人员", "Special operations worker"],
  mining_engineer: ["矿山专业技术人员", "Mining engineer"],
  employee: ["其他从业人员", "Employee"],
  enforcement_officer: ["监管执法人员", "Enforcement officer"],
  regulator_staff: ["监管部门工作人员", "Regulator's staff"],
  township_safety_leader: ["乡镇安全负责人", "Township safety leader"],
  construction_principal: ["建筑施工企业主要负责人（A）", "Construction principal (A)"],
  construction_project_leader: ["建筑施工项目负责人（B）", "Construction project leader (B)"],
  construction_safety_manager: ["建筑施工专职安管人员（C）", "Construction safety manager (C)"],
};

export const ORGANISATION_KINDS: Words = {
  enterprise: ["生产经营单位", "Enterprise"],
  provider: ["培训机构", "Training provider"],
  test_centre: ["考试点", "Test centre"],
  authority: ["监管部门", "Authority"],
  department: ["部门/车间", "Department"],
};

export const SIZES: Words = {
  large: ["大型", "Large"],
  medium: ["中型", "Medium"],
  small: ["小型", "Small"],
  micro: ["微型", "Micro"],
};

export const DOCUMENTS: Words = {
  resident_identity_card: ["居民身份证", "Resident identity card"],
  hong_kong_macao_permit: ["港澳居民来往内地通行证", "Hong Kong and Macao permit"],
  taiwan_permit: ["台湾居民来往大陆通行证", "Taiwan permit"],
  hong_kong_macao_residence_permit: ["港澳居民居住证", "Hong Kong and Macao residence permit"],
  taiwan_residence_permit: ["台湾居民居住证", "Taiwan residence permit"],
  foreign_permanent_residence: ["外国人永久居留身份证", "Foreign permanent residence card"],
  passport: ["护照", "Passport"],
};

export const SEXES: Words = { male: ["男", "Male"], female: ["女", "Female"] };

export const EDUCATION: Words = {
  primary: ["小学", "Primary"],
  junior_secondary: ["初中", "Junior secondary"],
  senior_secondary: ["高中", "Senior secondary"],
  vocational_secondary: ["中专/技校", "Vocational secondary"],
  college: ["大专", "College"],
  bachelor: ["本科", "Bachelor"],
  postgraduate: ["研究生", "Postgraduate"],
};

export const QUESTION_STATES: Words = {
  draft: ["草稿", "Draft"],
  in_review: ["待审", "In review"],
  published: ["已发布", "Published"],
  retired: ["已停用", "Retired"],
};

export const QUESTION_KINDS: Words = {
  true_false: ["判断题", "True or false"],
  single_choice: ["单选题", "Single choice"],
  multiple_choice: ["多选题", "Multiple choice"],
};

export const FLAGS: Words = {
  too_hard: ["过难", "Too hard"],
  too_easy: ["过易", "Too easy"],
  weak_discrimination: ["区分度低", "Weak discrimination"],
  key_suspected: ["答案存疑", "Key suspected"],
  unused_option: ["选项无人选", "Unused option"],
  preferred_option: ["干扰项优于答案", "Preferred option"],
  difficulty_differs: ["难度与估计不符", "Difficulty differs"],
  misfit: ["不拟合", "Misfit"],
  differential: ["群体差异", "Differential"],
  leak_suspected: ["疑似泄题", "Leak suspected"],
  drifted: ["难度漂移", "Drifted"],
};

export const RELATIONS: Words = {
  exact: ["完全重复", "The same"],
  near: ["相似", "Alike"],
  conflict: ["答案冲突", "Keys in conflict"],
};

export const SITTING_STATES: Words = {
  planned: ["计划中", "Planned"],
  open: ["报名中", "Open"],
  closed: ["报名截止", "Closed"],
  seated: ["已编座", "Seated"],
  running: ["进行中", "Running"],
  done: ["已结束", "Done"],
  cancelled: ["已取消", "Cancelled"],
};

export const SITTING_MODES: Words = {
  room: ["考场", "Room"],
  phone: ["手机", "Phone"],
  practical: ["实操", "Practical"],
  practice: ["练习", "Practice"],
};

export const START_MODES: Words = {
  by_clock: ["到时即可开始", "By the clock"],
  by_signal: ["由监考员宣布开始", "By the invigilator's signal"],
};

export const EXAM_STATES: Words = { draft: ["草稿", "Draft"], published: ["已发布", "Published"] };

export const DUTIES: Words = {
  planner: ["考务", "Planner"],
  setter: ["命题", "Setter"],
  invigilator: ["监考", "Invigilator"],
  examiner: ["考评", "Examiner"],
};

export const ATTENDANCE: Words = {
  expected: ["未到", "Expected"],
  present: ["已入场", "Let in"],
  late: ["迟到入场", "Late"],
  absent: ["缺考", "Absent"],
  excused: ["请假", "Excused"],
  turned_away: ["拒绝入场", "Turned away"],
};

export const AWAITED: Words = {
  decision: ["待审核", "Awaits a decision"],
  stand_by: ["候补", "On stand-by"],
  seat: ["待编座", "Awaits a seat"],
  check_in: ["待入场", "Awaits check-in"],
  call: ["待叫号", "Awaits a call"],
};

export const HINDRANCES: Words = {
  no_post: ["无相应岗位", "No such post"],
  age_unknown: ["年龄不明", "Age unknown"],
  too_young: ["年龄不足", "Too young"],
  too_old: ["超龄", "Too old"],
  hours_missing: ["学时不足", "Hours missing"],
  barred: ["禁考期", "Barred"],
  attempts_used_up: ["考试次数用尽", "Attempts used up"],
  pass_still_valid: ["成绩仍有效", "A pass still stands"],
  health_undeclared: ["无健康承诺", "Health undeclared"],
  recently_absent: ["近期缺考", "Recently absent"],
  theory_not_passed: ["理论未通过", "Theory not passed"],
  practicals_used_up: ["实操次数用尽", "Practicals used up"],
  practical_pending: ["已有实操", "A practical is pending"],
};

export const ATTEMPT_STATES: Words = {
  in_progress: ["作答中", "In progress"],
  submitted: ["已交卷", "Handed in"],
  graded: ["已评分", "Graded"],
  voided: ["已作废", "Voided"],
};

export const ROOM_ACTS: Words = {
  start: ["宣布开始", "Start"],
  pause: ["暂停", "Pause"],
  resume: ["恢复", "Resume"],
  extension: ["延时", "Extension"],
  voiding: ["作废", "Voiding"],
};

export const REGRADE_STATES: Words = {
  proposed: ["已提出", "Proposed"],
  previewed: ["已预览", "Previewed"],
  approved: ["已批准", "Approved"],
  applied: ["已执行", "Applied"],
  rejected: ["已否决", "Rejected"],
};

export const REMEDIES: Words = {
  key_corrected: ["更正答案", "Correct the key"],
  full_marks: ["全体给分", "Full marks for all"],
  excluded: ["剔除该题", "Exclude the question"],
};

export const GROUNDS: Words = { question: ["试题", "Question"], scoring: ["评分", "Scoring"], conduct: ["考试过程", "Conduct"] };

export const CERTIFICATE_STATES: Words = {
  not_yet_valid: ["未生效", "Not yet valid"],
  valid: ["有效", "Valid"],
  expiring: ["即将到期", "Expiring"],
  expired: ["已过期", "Expired"],
  suspended: ["暂扣", "Suspended"],
  revoked: ["已撤销", "Revoked"],
  replaced: ["已换发", "Replaced"],
  cancelled: ["已注销", "Cancelled"],
  voided: ["已作废", "Voided"],
};

export const CERTIFICATE_EVENTS: Words = {
  issued: ["签发", "Issued"],
  suspended: ["暂扣", "Suspended"],
  reinstated: ["恢复", "Reinstated"],
  reviewed: ["复审", "Reviewed"],
  revoked: ["撤销", "Revoked"],
  replaced: ["换发", "Replaced"],
  cancelled: ["注销", "Cancelled"],
  voided: ["作废", "Voided"],
};

export const APPLICATION_STATES: Words = {
  submitted: ["待受理", "Submitted"],
  accepted: ["已受理", "Accepted"],
  refused: ["不予受理", "Refused"],
  granted: ["准予", "Granted"],
  denied: ["不予许可", "Denied"],
  withdrawn: ["已撤回", "Withdrawn"],
};

export const PURPOSES: Words = {
  first: ["初领", "First"],
  renewal: ["换证", "Renewal"],
  extension: ["延期", "Extension"],
  review: ["复审", "Review"],
  lost: ["遗失补发", "Lost"],
  name_changed: ["更名换发", "Name changed"],
  cancellation: ["注销", "Cancellation"],
};

export const MISSING_REASONS: Words = {
  suspended: ["证书暂扣", "Suspended"],
  revoked: ["证书已撤销", "Revoked"],
  not_yet_valid: ["证书未生效", "Not yet valid"],
  expired: ["证书过期", "Expired"],
  failed: ["考试未通过", "Failed"],
  wrong_item: ["作业项目不符", "Wrong item"],
  not_examined: ["未参加考试", "Not examined"],
  never_trained: ["未培训", "Never trained"],
  not_yet_due: ["未到期", "Not yet due"],
  lacking: ["缺少", "Lacking"],
};

export const DUE_KINDS: Words = {
  certificate: ["证书到期", "Certificate"],
  annual_hours: ["年度学时", "Yearly hours"],
  induction: ["三级教育", "Induction"],
  rotation: ["轮训", "Rotation"],
};

export const TRAINING_MODES: Words = {
  classroom: ["面授", "Classroom"],
  online: ["网络", "Online"],
  blended: ["混合", "Blended"],
};

export const TRAINING_TYPES: Words = {
  initial: ["初次培训", "Initial"],
  renewal: ["换证培训", "Renewal"],
  re_review: ["复审培训", "Re-review"],
  re_training: ["再培训", "Re-training"],
  occupational_health: ["职业卫生培训", "Occupational health"],
  occupational_health_re_training: ["职业卫生继续教育", "Occupational health, continuing"],
  induction: ["三级教育", "Induction"],
  post_change: ["转岗复岗", "Post change"],
  new_technology: ["四新", "New technology"],
  rotation: ["轮训", "Rotation"],
  topic: ["专题", "Topic"],
  continuing_education: ["继续教育", "Continuing education"],
  professional: ["业务能力培训", "Professional training"],
  safety_professional: ["安全专业培训", "Safety-professional training"],
};

export const SUBJECTS: Words = {
  law: ["法律法规", "Law"],
  management: ["安全管理", "Management"],
  technology: ["安全技术", "Technology"],
  practice: ["实际操作", "Practice"],
  occupational_health: ["职业健康", "Occupational health"],
  emergency: ["应急处置", "Emergency"],
  cases: ["事故案例", "Cases"],
  enforcement: ["监管执法", "Enforcement"],
};

export const LIKENESS: Words = {
  same_number: ["证件号相同", "The same number"],
  same_name_and_birth: ["姓名和出生日期相同", "The same name and birth"],
  same_phone: ["手机号相同", "The same telephone"],
  like_name: ["姓名相近", "A like name"],
  like_birth: ["出生日期相近", "A like birth"],
};

/** Plans by where they were made; another one shows as the platform names it. */
export const PLANS: Words = {
  linyi: ["临沂", "Linyi"],
  pingliang: ["平凉", "Pingliang"],
  shanxi: ["山西", "Shanxi"],
  zhongwei: ["中卫", "Zhongwei"],
};

export const INDICATOR_KINDS: Words = {
  rate: ["持证（培训）率", "Rate"],
  share: ["占比", "Share"],
  rotation: ["轮训", "Rotation"],
  head_count_per_year: ["年度人数", "People a year"],
};

/** How a state looks beside its word. */
export const LOOKS: Record<string, Kind> = {
  published: "good", valid: "good", done: "good", graded: "good", applied: "good", granted: "good", present: "good", running: "main", open: "main",
  in_review: "warn", expiring: "warn", suspended: "warn", late: "warn", conflict: "bad", decision: "warn", overdue: "bad",
  revoked: "bad", expired: "bad", voided: "bad", cancelled: "bad", absent: "bad", turned_away: "bad", rejected: "bad", refused: "bad", denied: "bad",
};
