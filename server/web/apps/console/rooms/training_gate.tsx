/** Who may work today and who may not, why, and what an employer taught its own people (上岗判定与安全教育登记). */
import { useState } from "preact/hooks";
import { Refused } from "../../shared/api.ts";
import { newId } from "../../shared/ids.ts";
import { client, sentence } from "../../shared/platform.ts";
import { t } from "../../shared/settings.ts";
import { may } from "../kit/asking.ts";
import { today, type FieldOf } from "../kit/fields.tsx";
import { FormDialog, type FormOf } from "../kit/form.tsx";
import { List, type ListOf } from "../kit/list.tsx";
import { named } from "../kit/named.tsx";
import { Page, Tag } from "../kit/parts.tsx";
import { count, word, type Words } from "../kit/two.ts";
import { POST_ROLES } from "../words.ts";
import { LEVELS, PURPOSES } from "./training_confirmations.tsx";

interface Sentence {
  zh: string;
  en: string;
}

interface Verdict {
  person_id: string;
  post_id: string;
  organisation_id: string;
  role: string;
  items: string[];
  may_work: boolean;
  reasons: { code: string; blocks: boolean; item: string | null; message: Sentence; remedy: Sentence }[];
}

const MAY: Words = { true: ["可以上岗", "May work"], false: ["不可上岗", "May not work"] };
const ALL_LEVELS: Words = { all: ["三级一并", "All three levels"], ...LEVELS };
const RESULTS: Words = { passed: ["合格", "Passed"], failed: ["不合格", "Not passed"], none: ["未考核", "Not assessed"] };

/** What would let somebody work: the first lesson that the verdict lacks. */
function lacked({ reasons }: Verdict): { purpose: string; level: string; programme: string } {
  const codes = reasons.map(({ code }) => code);
  const level = (start: string) => ["plant", "workshop", "team"].find((each) => codes.includes(`${start}_${each}`));
  const again = level("post_change");
  if (again !== undefined) return { purpose: "post_change", level: again, programme: "调岗、复岗安全教育" };
  if (codes.includes("annual_hours")) return { purpose: "annual", level: "", programme: "年度再培训" };
  const first = ["plant", "workshop", "team"].every((each) => codes.includes(`induction_${each}`)) ? "all" : level("induction");
  return { purpose: "induction", level: first ?? "all", programme: "三级安全教育" };
}

const FIELDS: FieldOf[] = [
  { name: "purpose", label: ["培训类别", "Kind"], kind: "choice", choices: PURPOSES },
  { name: "level", label: ["级别", "Level"], kind: "choice", choices: ALL_LEVELS, when: ({ purpose }) => purpose === "induction" },
  { name: "level", label: ["级别", "Level"], kind: "choice", choices: LEVELS, when: ({ purpose }) => purpose === "post_change" },
  { name: "programme", label: ["培训名称", "Programme"], kind: "text" },
  { name: "provider_id", label: ["施教单位", "Who taught"], hint: ["本单位，或其下的车间、班组。", "The employer, or a workshop or team of it."], kind: "pick", sort: "organisation" },
  { name: "hours", label: ["实修学时", "Hours"], hint: ["每人的学时，如 8.0；45 分钟为 1 学时。", "Of each, such as 8.0; one is 45 minutes."], kind: "decimal" },
  { name: "started_on", label: ["开始", "From"], kind: "day" },
  { name: "finished_on", label: ["结束", "Until"], kind: "day" },
  { name: "topics", label: ["培训内容（每行一项）", "Topics (one a line)"], kind: "lines", optional: true },
  { name: "trainers", label: ["授课人（每行一人）", "Teachers (one a line)"], kind: "lines", optional: true },
  { name: "result", label: ["考核结果", "Result"], kind: "choice", choices: RESULTS },
];

interface Entered {
  done: number;
  refused: string[];
}

/** One lesson entered into the file of each; pressed again, what was entered stays one entry. */
function teach(verdicts: Verdict[]): FormOf {
  const ids = new Map(verdicts.map(({ person_id }) => [person_id, newId()]));
  return {
    title: ["登记安全教育", "Enter a safety training"],
    lead: [`为 ${ids.size} 人各记一条，进入本人档案；有考核结果的由考核人和本人双方签字。`, `One entry in the file of each of ${ids.size}; a result is signed by its assessor and the worker.`],
    fields: FIELDS,
    initial: { ...lacked(verdicts[0]!), provider_id: verdicts[0]!.organisation_id, started_on: today(), finished_on: today(), result: "passed" },
    submit: ["登记", "Enter"],
    send: async ({ result, level, ...values }): Promise<Entered> => {
      const lesson = { ...values, level: level === "all" ? null : (level ?? null), passed: result === "none" ? null : result === "passed" };
      const entered: Entered = { done: 0, refused: [] };
      for (const [person, id] of ids) {
        try {
          await client.send(`/v1/people/${person}/inductions/${id}`, lesson);
          entered.done += 1;
        } catch (refusal) {
          // What is wrong with one file stops nobody else's; what is wrong with the form stops all.
          if (!(refusal instanceof Refused) || ids.size === 1 || refusal.status === 422) throw refusal;
          entered.refused.push(sentence(refusal));
        }
      }
      return entered;
    },
    told: ({ done, refused }: Entered) => (
      <>
        <p><Tag kind="good">{t("已登记", "Entered")} {count(done)}</Tag> {refused.length === 0 ? null : <Tag kind="warn">{t("未登记", "Not entered")} {count(refused.length)}</Tag>}</p>
        <ul class="plain-list">{[...new Set(refused)].map((words) => <li key={words}>{words}</li>)}</ul>
        {may("write_files") ? <p><a href="#/training/confirmations">{t("考核待签字", "Results to sign")}</a></p> : null}
      </>
    ),
  };
}

const told = ({ reasons }: Verdict) => reasons.map(({ message, remedy }) => `${t(message.zh, message.en)}（${t(remedy.zh, remedy.en)}）`).join("；");

const Reasons = ({ of }: { of: Verdict }) => (
  <ul class="plain-list">
    {of.reasons.map(({ code, blocks, item, message, remedy }) => (
      <li key={`${code} ${item ?? ""}`}>{blocks ? null : <Tag kind="warn">{t("提醒", "Warning")}</Tag>} {t(message.zh, message.en)} <span class="note">{t(remedy.zh, remedy.en)}</span></li>
    ))}
  </ul>
);

const list = (chosen: Set<string>, choose: (ids: Set<string>) => void, one: (verdict: Verdict) => void, seen: Map<string, Verdict>): ListOf<Verdict> => ({
  path: "/v1/on-post",
  name: ["上岗判定", "Who may work"],
  id: (verdict) => {
    seen.set(verdict.post_id, verdict);
    return verdict.post_id;
  },
  ...(may("induct_workers") ? { chosen: { ids: chosen, change: choose } } : {}),
  filters: [
    { name: "organisation_id", label: ["单位", "Organisation"], kind: "pick", sort: "organisation" },
    { name: "may_work", label: ["判定", "Verdict"], kind: "choice", choices: MAY },
    { name: "on", label: ["日期", "On"], kind: "day" },
  ],
  columns: [
    named(["姓名", "Name"], "person", ({ person_id }) => person_id),
    { head: ["岗位", "Post"], show: ({ role, items }) => `${word(POST_ROLES, role)} ${items.join(", ")}`, sort: ({ role }) => role },
    named(["单位", "Where"], "organisation", ({ organisation_id }) => organisation_id),
    { head: ["判定", "Verdict"], show: ({ may_work }) => <Tag kind={may_work ? "good" : "bad"}>{word(MAY, String(may_work))}</Tag>, text: ({ may_work }) => word(MAY, String(may_work)), sort: ({ may_work }) => String(may_work) },
    { head: ["原因与办法", "Why, and what to do"], show: (verdict) => <Reasons of={verdict} />, text: told },
  ],
  ...(may("induct_workers") ? { rowTools: (verdict: Verdict) => <button class="button quiet" onClick={() => one(verdict)}>{t("登记安全教育", "Enter a training")}</button> } : {}),
  empty: ["没有符合条件的在岗人员。先在「人员与单位」登记人员和岗位。", "Nobody at a post fits. People and their posts are entered in “People”."],
});

export function GatePage() {
  const [chosen, choose] = useState<Set<string>>(new Set());
  const [seen] = useState(() => new Map<string, Verdict>());
  const [form, begin] = useState<FormOf | null>(null);
  const some = [...chosen].map((id) => seen.get(id)).filter((one) => one !== undefined);
  return (
    <Page title={t("上岗判定", "Who may work")} lead={t("每个岗位当日能否上岗、为什么、怎么办；本单位组织的三级安全教育、调岗复岗教育等在此登记。", "Of each post whether it may be worked at, why not, and what to do. What an employer taught its own people is entered here.")} tools={some.length === 0 ? undefined : <button class="button" onClick={() => begin(teach(some))}>{t(`为所选 ${some.length} 个岗位的人登记安全教育`, `Enter a training for the ${some.length} chosen`)}</button>}>
      <List of={list(chosen, choose, (verdict) => begin(teach([verdict])), seen)} />
      {form === null ? null : <FormDialog of={form} close={() => { begin(null); choose(new Set()); }} />}
    </Page>
  );
}
