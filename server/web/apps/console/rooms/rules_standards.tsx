/** Exam standards by date, and new versions: proposed with the source, previewed, approved by another (考试标准). */
import { day } from "../../shared/dates.ts";
import { client } from "../../shared/platform.ts";
import { t } from "../../shared/settings.ts";
import { may, useAsked } from "../kit/asking.ts";
import { Field, type FieldOf, type Values } from "../kit/fields.tsx";
import { Moves, REASON, type MoveOf } from "../kit/form.tsx";
import { List, type ListOf } from "../kit/list.tsx";
import { Empty, Page, Panel, Tag } from "../kit/parts.tsx";
import { ask, place } from "../kit/place.ts";
import { count, say, word, type Words } from "../kit/two.ts";

const FOLLOWS: Words = { nothing: ["可再考", "May sit again"], retrain: ["重新培训", "Train again"], theory_again: ["重考理论", "Theory again"] };

interface Standard {
  id: string;
  effective_from: string;
  effective_until: string | null;
  minutes: number;
  max_points: number;
  pass_percent: number;
  attempts_allowed: number | null;
  training_hours: number;
  training_hours_high_risk: number;
  has_practical: boolean;
  practical_attempts: number | null;
  what_follows: string;
  source: string;
}

const standards = (id: string): ListOf<Standard> => ({
  path: `/v1/qualifications/${id}/standards`,
  name: ["考试标准", "Exam standards"],
  unfiltered: "the few versions for one qualification, which is chosen above",
  whole: (reply: { items: Standard[] }) => reply.items,
  id: (one) => one.id,
  columns: [
    { head: ["施行", "From"], show: ({ effective_from }) => effective_from, sort: ({ effective_from }) => effective_from },
    { head: ["终止", "Until"], show: ({ effective_until }) => (effective_until === null ? <Tag kind="good">{t("现行", "in force")}</Tag> : effective_until), text: ({ effective_until }) => effective_until ?? t("现行", "in force") },
    { head: ["分钟", "Minutes"], show: ({ minutes }) => count(minutes), number: true },
    { head: ["满分 / 合格", "Points / to pass"], show: ({ max_points, pass_percent }) => `${count(max_points)} / ${pass_percent} %`, number: true },
    { head: ["考试次数", "Attempts"], show: ({ attempts_allowed }) => (attempts_allowed === null ? t("不限", "no limit") : count(attempts_allowed)), number: true },
    { head: ["次数用尽后", "Afterwards"], show: ({ what_follows }) => word(FOLLOWS, what_follows) },
    { head: ["学时 / 高危", "Hours / high-risk"], show: ({ training_hours, training_hours_high_risk }) => `${training_hours} / ${training_hours_high_risk}`, number: true },
    { head: ["实操", "Practical"], show: ({ has_practical, practical_attempts }) => (has_practical ? t(`须通过（${practical_attempts ?? "不限"} 次）`, `must be passed (${practical_attempts ?? "no limit"})`) : "—") },
    { head: ["依据", "Source"], show: ({ source }) => <span class="long" lang="zh-CN">{source}</span>, text: ({ source }) => source },
  ],
  empty: ["该资格没有考试标准。", "No standard for it."],
});

interface Sheet {
  id: string;
  effective_from: string;
  effective_until: string | null;
  minutes: number;
  pass_percent: number;
  subjects: { code: string; name: string; weight: string; items: unknown[] }[];
  source: string;
}

const sheets = (id: string): ListOf<Sheet> => ({
  path: `/v1/qualifications/${id}/score-sheets`,
  name: ["实操评分表", "Score sheets"],
  unfiltered: "the few versions for one qualification, which is chosen above",
  whole: (reply: { items: Sheet[] }) => reply.items,
  id: (one) => one.id,
  columns: [
    { head: ["施行", "From"], show: ({ effective_from }) => effective_from, sort: ({ effective_from }) => effective_from },
    { head: ["终止", "Until"], show: ({ effective_until }) => effective_until ?? t("现行", "in force") },
    { head: ["科目（权重 %）", "Subjects (weight %)"], show: ({ subjects }) => <span lang="zh-CN">{subjects.map(({ name, weight, items }) => `${name} ${weight}（${items.length}）`).join("、")}</span>, text: ({ subjects }) => subjects.map(({ name }) => name).join("、") },
    { head: ["分钟", "Minutes"], show: ({ minutes }) => count(minutes), number: true },
    { head: ["合格", "To pass"], show: ({ pass_percent }) => `${pass_percent} %`, number: true },
    { head: ["依据", "Source"], show: ({ source }) => <span class="long" lang="zh-CN">{source}</span>, text: ({ source }) => source },
  ],
  empty: ["该资格没有实操，或还没有评分表。", "No practical, or no sheet yet."],
});

interface Proposal {
  id: string;
  qualification_ids: string[];
  effective_from: string;
  source: string;
  article: string;
  reason: string;
  proposed_at: string;
  approved: boolean | null;
}

interface Preview {
  changes: { qualification: { id: string; name_zh: string; name_en: string }; changes: { field: string; before: unknown; after: unknown }[] }[];
  kept_exam_count: number;
  kept_candidate_count: number;
  changed_exam_count: number;
  changed_candidate_count: number;
}

const ruleName = (field: string): string => {
  const known = RULES.find(({ name }) => name === field);
  return known === undefined ? field : say(known.label);
};

const ruleValue = (value: unknown): string =>
  value === null ? t("不限", "no limit") : value === true ? t("是", "yes") : value === false ? t("否", "no") : word(FOLLOWS, String(value));

async function previewed(id: string) {
  const now = await client.get<Preview>(`/v1/standard-proposals/${id}/preview`);
  return (
    <>
      <p>{t(`${now.changed_exam_count} 场考试（${now.changed_candidate_count} 名考生）按新标准，${now.kept_exam_count} 场（${now.kept_candidate_count} 名）已发布的不变。`, `${now.changed_exam_count} exams (${now.changed_candidate_count} candidates) follow the new version; ${now.kept_exam_count} that are published (${now.kept_candidate_count}) keep theirs.`)}</p>
      <ul class="plain-list">{now.changes.map(({ qualification, changes }) => <li key={qualification.id}>{t(qualification.name_zh, qualification.name_en)}: {changes.map(({ field, before, after }) => `${ruleName(field)} ${ruleValue(before)} → ${ruleValue(after)}`).join("、") || t("无变化", "no change")}</li>)}</ul>
    </>
  );
}

const PROPOSED: ListOf<Proposal> = {
  path: "/v1/standard-proposals",
  name: ["标准修订", "Proposals"],
  id: ({ id }) => id,
  filters: [{ name: "open_only", label: ["仅待定", "Only open"], kind: "yes" }],
  columns: [
    { head: ["施行", "From"], show: ({ effective_from }) => effective_from, sort: ({ effective_from }) => effective_from },
    { head: ["资格", "Qualifications"], show: ({ qualification_ids }) => count(qualification_ids.length), number: true },
    { head: ["依据", "Source"], show: ({ source, article }) => `${source} ${article}` },
    { head: ["理由", "Reason"], show: ({ reason }) => reason },
    { head: ["提出于", "Proposed"], show: ({ proposed_at }) => day(proposed_at), sort: ({ proposed_at }) => proposed_at },
    { head: ["结论", "Decision"], show: ({ approved }) => (approved === null ? <Tag kind="warn">{t("待定", "Open")}</Tag> : <Tag kind={approved ? "good" : "plain"}>{approved ? t("已批准", "Approved") : t("未批准", "Refused")}</Tag>), text: ({ approved }) => (approved === null ? t("待定", "Open") : approved ? t("已批准", "Approved") : t("未批准", "Refused")) },
  ],
  rowTools: ({ id, approved }) => (
    <Moves
      of={[true, false].map((yes) => ({
        name: yes ? ["批准", "Approve"] : ["不批准", "Refuse"],
        title: yes ? ["批准新标准", "Approve the version"] : ["不批准", "Refuse the version"],
        open: approved === null,
        danger: !yes,
        preview: () => previewed(id),
        fields: [REASON],
        submit: yes ? ["批准", "Approve"] : ["不批准", "Refuse"],
        send: (values) => client.send(`/v1/standard-proposals/${id}/decision`, { ...values, approved: yes }),
      }))}
    />
  ),
  empty: ["没有标准修订。新标准写明依据和施行日，由另一人看过影响后批准；已发布的考试不变。", "Nothing is proposed. A new version names its source and first day; another person approves it; published exams keep theirs."],
};

const number = (name: string, zh: string, en: string, min: number, max: number, optional = false): FieldOf => ({ name, label: [zh, en], kind: "number", min, max, optional });

const RULES: FieldOf[] = [
  number("minutes", "考试分钟", "Minutes", 1, 600),
  number("max_points", "满分", "Points", 10, 1000),
  number("pass_percent", "合格百分比", "Per cent to pass", 1, 100),
  { name: "partial_credit", label: ["多选部分给分", "Part of a multiple choice earns a part"], kind: "yes" },
  number("attempts_allowed", "考试次数（空为不限）", "Attempts (empty: no limit)", 1, 100, true),
  { name: "what_follows", label: ["次数用尽后", "Afterwards"], kind: "choice", choices: FOLLOWS },
  number("pass_months", "成绩有效月数（空为不限）", "Months a pass stands (empty: no limit)", 1, 120, true),
  number("training_hours", "学时", "Hours", 0, 1000),
  number("training_hours_high_risk", "高危学时", "Hours, high-risk", 0, 1000),
  number("minimum_age", "最低年龄", "Least age", 14, 80, true),
  number("maximum_age", "最高年龄", "Most age", 14, 100, true),
  { name: "has_practical", label: ["须通过实操", "A practical must be passed"], kind: "yes" },
  number("practical_attempts", "实操次数（空为不限）", "Practical attempts (empty: no limit)", 1, 100, true),
  { name: "practical_what_follows", label: ["实操次数用尽后", "After practical attempts"], kind: "choice", choices: FOLLOWS },
  number("results_working_days", "出成绩工作日", "Working days to outcomes", 1, 10),
  number("appeal_working_days", "申请复核工作日", "Working days to appeal", 1, 60),
  number("ruling_working_days", "复核办理工作日", "Working days to rule", 1, 60),
  number("grace_seconds", "网络宽限秒", "Grace in seconds", 0, 10),
];

/** What is left empty is without limit. */
const LIMITS = ["attempts_allowed", "pass_months", "minimum_age", "maximum_age", "practical_attempts"];

/** The version in force fills the form: what is proposed differs from it in what is changed. */
const initial = (now: Standard | undefined): Values => (now === undefined ? {} : Object.fromEntries(RULES.map(({ name, kind }) => [name, kind === "yes" ? now[name as keyof Standard] : String(now[name as keyof Standard] ?? "")])));

const propose = (qualification: string, now: Standard | undefined): MoveOf => ({
  name: ["提出新标准", "Propose a version"],
  title: ["提出新标准", "Propose a new version"],
  lead: ["施行日须在将来；由另一人批准。", "Its first day lies ahead, and another person approves it."],
  needs: "keep_standards",
  open: qualification !== "" && now !== undefined,
  main: true,
  initial: initial(now),
  fields: [{ name: "effective_from", label: ["施行", "From"], kind: "day" }, { name: "source", label: ["依据（法规及文号）", "The regulation, with its number"], kind: "text" }, { name: "article", label: ["条款", "Article"], kind: "text" }, ...RULES, REASON],
  submit: ["提出", "Propose"],
  send: ({ effective_from, source, article, reason, ...given }, id) => client.send(`/v1/standard-proposals/${id}`, { qualification_ids: [qualification], effective_from, source, article, reason, rules: { ...Object.fromEntries(LIMITS.map((name) => [name, null])), ...given } }),
});

export function Proposals() {
  const chosen = place.value.asked.get("qualification_id") ?? "";
  const known = useAsked<{ items: Standard[] }>(chosen === "" ? null : `/v1/qualifications/${chosen}/standards`);
  return (
    <Page title={t("考试标准", "Exam standards")} lead={t("时长、满分、合格线、次数、学时按施行日期生效；考试按发布时的版本。", "Minutes, points, pass mark, attempts and hours hold from a day on; an exam keeps the version it was published with.")} tools={<Moves of={[propose(chosen, known.data?.items.filter(({ effective_until }) => effective_until === null).pop())]} />}>
      <form class="filters" role="search" onSubmit={(event) => event.preventDefault()}>
        <Field field={{ name: "qualification_id", label: ["资格", "Qualification"], kind: "pick", sort: "qualification", optional: true }} value={chosen} onChange={(value) => ask({ qualification_id: String(value) })} />
      </form>
      {chosen === "" ? <Empty words={["请选择资格，查看各个时期的标准和实操评分表。", "Choose a qualification to see its standards and score sheets, whenever they held."]} /> : (
        <>
          <Panel title={t("理论考试标准", "Standards of the theory")}><List of={standards(chosen)} /></Panel>
          <Panel title={t("实操评分表", "Score sheets of the practical")}><List of={sheets(chosen)} /></Panel>
        </>
      )}
      {may("keep_standards") ? <Panel title={t("标准修订", "Proposals")}><List of={PROPOSED} /></Panel> : null}
    </Page>
  );
}
