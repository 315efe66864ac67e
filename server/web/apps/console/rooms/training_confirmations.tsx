/** Results of assessments that await their assessor's signature, across people (考核待签字). */
import { useState } from "preact/hooks";
import { Refused } from "../../shared/api.ts";
import { client, sentence } from "../../shared/platform.ts";
import { t } from "../../shared/settings.ts";
import { may, useAsked } from "../kit/asking.ts";
import { FormDialog, Moves, REASON, type FormOf, type MoveOf } from "../kit/form.tsx";
import { List, type ListOf } from "../kit/list.tsx";
import { Page, Tag } from "../kit/parts.tsx";
import { count, word, type Words } from "../kit/two.ts";

interface Content {
  programme: string;
  purpose: string;
  level?: string;
  hours: string;
  hours_due?: string;
  passed: boolean;
  started_on: string;
  finished_on: string;
  class_id?: string;
}

interface Awaiting {
  record_id: string;
  person_id: string;
  name: string;
  happened_on: string;
  source: string;
  content: Content;
  by_worker: boolean;
  objection: string | null;
}

export const PURPOSES: Words = {
  induction: ["三级安全教育", "Induction"],
  post_change: ["调岗、复岗教育", "After a change of post"],
  new_technology: ["四新教育", "New technology"],
  annual: ["年度再培训", "Yearly training"],
  safety: ["安全教育培训", "Safety training"],
};
export const LEVELS: Words = { plant: ["厂级", "Plant"], workshop: ["车间级", "Workshop"], team: ["班组级", "Team"] };
const OBJECTED: Words = { true: ["有异议", "Objected"], false: ["无异议", "No objection"] };

const kindOf = ({ purpose, level }: Content) => `${word(PURPOSES, purpose)}${level === undefined ? "" : ` · ${word(LEVELS, level)}`}`;
const byWorker = ({ by_worker, objection }: Awaiting) => (by_worker ? t("已确认", "Confirmed") : objection === null ? t("未确认", "Not yet") : t(`异议：${objection}`, `Objects: ${objection}`));

const sign = (person: string, record: string) => client.send(`/v1/people/${person}/file-confirmations/${record}`);

/** What is wrong is put right by another entry, or withdrawn; both stay in the file. */
function moves({ person_id, record_id, content }: Awaiting): MoveOf[] {
  const put = (values: { reason?: unknown }, id: string, training: unknown) => client.send(`/v1/people/${person_id}/induction-corrections/${id}`, { corrects_id: record_id, reason: values.reason, training });
  const { class_id: _, ...told } = content;
  const known = Object.fromEntries(Object.entries(told).filter(([, value]) => value !== null));
  return [
    { name: ["签字", "Sign"], title: ["考核人签字", "Sign as the assessor"], lead: ["签字即确认该次培训的考核结果属实，并记入本人档案。", "You confirm that the result is true; it is kept in the file."], needs: "write_files", main: true, fields: [], submit: ["签字确认", "Sign"], send: () => sign(person_id, record_id) },
    {
      name: ["更正", "Correct"],
      title: ["更正登记", "Correct the entry"],
      lead: ["原记录保留，由更正后的记录代替；本人和考核人重新签字。", "The first entry stays to be read; the corrected one is signed anew by both."],
      needs: "induct_workers",
      fields: [
        { name: "programme", label: ["培训名称", "Programme"], kind: "text" },
        { name: "hours", label: ["实修学时", "Hours"], kind: "decimal" },
        { name: "started_on", label: ["开始", "From"], kind: "day" },
        { name: "finished_on", label: ["结束", "Until"], kind: "day" },
        { name: "passed", label: ["考核合格", "Passed"], kind: "yes" },
        REASON,
      ],
      initial: { ...known },
      submit: ["更正", "Correct"],
      send: ({ reason, ...values }, id) => put({ reason }, id, { ...known, ...values }),
    },
    { name: ["撤回", "Withdraw"], title: ["撤回登记", "Withdraw the entry"], lead: ["该记录不再计入学时和上岗条件，原文保留。", "It counts for nothing from now on; it stays to be read."], needs: "induct_workers", danger: true, fields: [REASON], submit: ["撤回", "Withdraw"], send: (values, id) => put(values, id, null) },
  ];
}

const list = (chosen: Set<string>, choose: (ids: Set<string>) => void): ListOf<Awaiting> => ({
  path: "/v1/file-confirmations",
  name: ["考核待签字", "Results to sign"],
  id: ({ person_id, record_id }) => `${person_id} ${record_id}`,
  chosen: { ids: chosen, change: choose },
  filters: [
    { name: "organisation_id", label: ["考核单位", "Who assessed"], kind: "pick", sort: "organisation" },
    { name: "purpose", label: ["培训类别", "Kind"], kind: "choice", choices: PURPOSES },
    { name: "since", label: ["自", "From"], kind: "day" },
    { name: "until", label: ["至", "Until"], kind: "day" },
    { name: "objected", label: ["本人异议", "Objections"], kind: "choice", choices: OBJECTED },
  ],
  columns: [
    { head: ["姓名", "Name"], show: ({ name }) => <span lang="zh-CN">{name}</span>, text: ({ name }) => name, sort: ({ name }) => name },
    { head: ["培训", "Training"], show: ({ content }) => <span lang="zh-CN">{content.programme}</span>, text: ({ content }) => content.programme, sort: ({ content }) => content.programme },
    { head: ["类别", "Kind"], show: ({ content }) => kindOf(content) },
    { head: ["学时", "Hours"], show: ({ content }) => content.hours, number: true, sort: ({ content }) => Number(content.hours) },
    { head: ["结果", "Result"], show: ({ content }) => <Tag kind={content.passed ? "good" : "bad"}>{content.passed ? t("合格", "Passed") : t("不合格", "Not passed")}</Tag>, text: ({ content }) => (content.passed ? t("合格", "Passed") : t("不合格", "Not passed")) },
    { head: ["完成日期", "Finished"], show: ({ happened_on }) => happened_on, sort: ({ happened_on }) => happened_on },
    { head: ["考核单位", "Who assessed"], show: ({ source }) => <span lang="zh-CN">{source}</span>, text: ({ source }) => source, sort: ({ source }) => source },
    { head: ["本人", "Worker"], show: (row) => (row.by_worker || row.objection === null ? <Tag kind={row.by_worker ? "good" : "plain"}>{byWorker(row)}</Tag> : <><Tag kind="warn">{t("有异议", "Objects")}</Tag> <span lang="zh-CN">{row.objection}</span></>), text: byWorker, sort: byWorker },
  ],
  rowTools: (row) => <Moves of={moves(row)} />,
  empty: ["没有等待考核人签字的记录。", "No result awaits its assessor."],
});

interface Signed {
  done: number;
  refused: string[];
}

const signAll = (ids: string[]): FormOf => ({
  title: ["考核人签字", "Sign as the assessor"],
  lead: [`对所选 ${ids.length} 条考核结果逐条签字；本人的记录不能自签。`, `${ids.length} results are signed one by one; nobody signs their own.`],
  fields: [],
  submit: ["全部签字", "Sign them all"],
  send: async (): Promise<Signed> => {
    const signed: Signed = { done: 0, refused: [] };
    for (const id of ids) {
      const [person = "", record = ""] = id.split(" ");
      try {
        await sign(person, record);
        signed.done += 1;
      } catch (refusal) {
        // What one person refuses stops nobody else's; a lost connection stops all.
        if (!(refusal instanceof Refused)) throw refusal;
        signed.refused.push(sentence(refusal));
      }
    }
    return signed;
  },
  told: ({ done, refused }: Signed) => (
    <>
      <p><Tag kind="good">{t("已签字", "Signed")} {count(done)}</Tag> {refused.length === 0 ? null : <Tag kind="warn">{t("未签", "Not signed")} {count(refused.length)}</Tag>}</p>
      <ul class="plain-list">{[...new Set(refused)].map((words) => <li key={words}>{words}</li>)}</ul>
    </>
  ),
});

interface Rule {
  code: string;
  checked: boolean;
  effective_from: string;
  source_zh: string;
  source_en: string;
}

export function ConfirmationsPage() {
  const [chosen, choose] = useState<Set<string>>(new Set());
  const [signing, begin] = useState<string[] | null>(null);
  const rules = useAsked<{ items: Rule[] }>("/v1/confirmation-rules");
  return (
    <Page title={t("考核待签字", "Results to sign")} lead={t("本单位组织的安全教育，考核结果由考核人和从业人员双方签字；从业人员在手机上确认或提出异议。", "Results of what an employer taught are signed by its assessor and by the worker, who confirms or objects on the phone.")} tools={chosen.size === 0 || !may("write_files") ? undefined : <button class="button" onClick={() => begin([...chosen])}>{t(`为所选 ${chosen.size} 条签字`, `Sign the ${chosen.size} chosen`)}</button>}>
      <List of={list(chosen, choose)} />
      {(rules.data?.items ?? []).map((rule) => <p class="note" key={rule.code}>{t("依据", "Asked by")} ({rule.effective_from} –): {t(rule.source_zh, rule.source_en)} {rule.checked ? null : <Tag kind="warn">{t("条文未经核对", "Text not checked")}</Tag>}</p>)}
      {signing === null ? null : <FormDialog of={signAll(signing)} close={() => { begin(null); choose(new Set()); }} />}
    </Page>
  );
}
