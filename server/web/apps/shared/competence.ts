/** The words of competence: dimensions, proofs, reasons, states (能力评价词汇). */
import { t } from "./settings.ts";

type Words = Record<string, readonly [zh: string, en: string]>;

export const DIMENSIONS: Words = { knowledge: ["知识", "Knowledge"], practice: ["技能", "Practice"], experience: ["经历", "Experience"], conduct: ["操守", "Conduct"] };

export const STATES: Words = { open: ["评价中", "Open"], concluded: ["已评定", "Concluded"], appealed: ["申诉中", "Appealed"], decided: ["申诉已决定", "Decided"], withdrawn: ["已撤回", "Withdrawn"] };

export const SIDES: Words = { self: ["本人", "Oneself"], supervisor: ["主管", "Supervisor"], panel: ["评议小组", "Panel"] };

const PROOFS: Words = {
  measure: ["持证、轮训等覆盖率指标", "A measure of coverage"],
  exam: ["考试成绩", "Exam"],
  practical: ["实操考核", "Practical"],
  hours: ["培训学时", "Training hours"],
  years: ["任职年限", "Years in post"],
  mark: ["评价得分", "Marks of the judges"],
  education: ["学历", "Education"],
  engineer: ["注册安全工程师", "Registered safety engineer"],
  clean: ["无违规", "No violation"],
  entry: ["个案材料", "An entry of the file"],
};

const WHY: Words = { never: ["尚无记录", "nothing yet"], expired: ["已过期", "expired"], too_little: ["不足", "too little"], violation: ["有违规", "a violation"], not_examined: ["未参加考试", "not examined"], never_trained: ["未培训", "never trained"], failed: ["考试未通过", "failed"], wrong_item: ["作业项目不符", "another item"], suspended: ["证书暂扣", "suspended"], revoked: ["证书已撤销", "revoked"], not_yet_valid: ["证书未生效", "not valid yet"], not_yet_due: ["未到期", "not due yet"], lacking: ["缺少", "lacking"], class_requested: ["已请求开班", "a class was asked for"], no_class: ["暂无可报的班", "no class to book"], not_by_training: ["培训解决不了", "not by training"] };

/** The word of a value; one that is newer than this app shows as it is. */
export const said = (words: Words, value: string): string => (words[value] === undefined ? value : t(...words[value]));

export interface Proof {
  kind: string;
  asked: string | null;
  months: number | null;
  holds: boolean;
  since: string | null;
  until: string | null;
  why: string | null;
  have: string | null;
}

/** What is asked: `培训学时 24（36 个月内）`. */
export function proofName({ kind, asked, months }: Proof): string {
  const much = asked === null || kind === "measure" ? "" : ` ${asked}`;
  const within = months === null ? "" : t(`（${months} 个月内）`, ` (within ${months} months)`);
  return `${said(PROOFS, kind)}${much}${within}`;
}

/** What became of it: until when it holds, or why it does not. */
export function proofState({ kind, holds, until, why, have }: Proof): string {
  // Years in post are counted in days.
  const much = kind === "years" && have !== null ? (Math.floor((Number(have) / 365) * 10) / 10).toFixed(1) : have;
  const known = much === null ? "" : t(`，现有 ${much}`, `, have ${much}`);
  if (holds) return `${until === null ? t("有效", "holds") : t(`有效至 ${until}`, `until ${until}`)}${known}`;
  return `${said(WHY, why ?? "never")}${known}`;
}

export const refusal = (code: string): string => said(WHY, code);

export const proofKind = (kind: string): string => said(PROOFS, kind);

export interface Competence {
  key: string;
  dimension: string;
  name_zh: string;
  name_en: string;
  met: boolean;
  until: string | null;
  groups: { proofs: Proof[] }[];
}

export interface Standing {
  on: string;
  family: string;
  grade: string;
  reached: string | null;
  until: string | null;
  competences: Competence[];
}

interface Named {
  key: string;
  name_zh: string;
  name_en: string;
}

export interface Framework {
  id: string;
  key: string;
  name_zh: string;
  name_en: string;
  highest_mark: number;
  appeal_days: number;
  families: Named[];
  grades: Named[];
  competences: (Named & { dimension: string; families?: string[]; anchors?: Record<string, string>; origin: string; source: string })[];
}

/** The name of a family, grade or competence of a framework. */
export function named(all: Named[] | undefined, key: string | null): string {
  const one = all?.find((each) => each.key === key);
  return one === undefined ? (key ?? "—") : t(one.name_zh, one.name_en);
}

export interface Line {
  id: string;
  person_id: string;
  family: string;
  grade: string;
  state: string;
  opened_at: string;
  concluded_on: string | null;
  reached: string | null;
}

export interface Appraisal extends Line {
  cycle_title: string;
  framework_id: string;
  person_name: string;
  result: (Standing & { marks: Record<string, number> }) | null;
  appeal_until: string | null;
  judges: { person_id: string; side: string; given_at: string | null; marks: Record<string, number> | null; comment: string | null }[];
  disagreements: string[];
  settlements: { competence: string; mark: number; reason: string; settled_at: string }[];
  evidence: { id: string; competence: string; record_id: string; kind: string; happened_on: string; presented_at: string }[];
  appeal: { reason: string; appealed_at: string; decided_at: string | null; decision: string | null } | null;
  plan: { competence: string; proof: string; class_id: string | null; booked_at: string | null; refusal: string | null }[];
}

/** What is judged by marks in a family. */
export const judged = (framework: Framework, family: string) => framework.competences.filter(({ anchors, families }) => anchors !== undefined && Object.keys(anchors).length > 0 && (families === undefined || families.includes(family)));
