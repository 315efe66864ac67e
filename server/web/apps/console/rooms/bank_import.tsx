/** Question files: previewed, mapped where the columns are unclear, stored as drafts (试题导入). */
import { useState } from "preact/hooks";
import { when } from "../../shared/dates.ts";
import { newId } from "../../shared/ids.ts";
import { client } from "../../shared/platform.ts";
import { t } from "../../shared/settings.ts";
import { changed, useAsked } from "../kit/asking.ts";
import { Download } from "../kit/download.tsx";
import { Field, type FieldOf, type Values } from "../kit/fields.tsx";
import { Moves, Problem, type MoveOf } from "../kit/form.tsx";
import { JobProgress } from "../kit/jobs.tsx";
import { List, type ListOf } from "../kit/list.tsx";
import { About, Figure, Page, Panel, Tag, type Kind } from "../kit/parts.tsx";
import { go } from "../kit/place.ts";
import { FileField } from "../kit/upload.tsx";
import { count, short, word, type Words } from "../kit/two.ts";
import { POST_ROLES } from "../words.ts";
import { Text, type Version } from "./bank_text.tsx";

interface Reason {
  code: string;
  zh: string;
  en: string;
}

interface Layout {
  columns: Record<string, number>;
  option_columns: number[];
  header: number | null;
}

interface Sheet {
  name: string;
  row_count: number;
  refused: boolean;
  reasons: Reason[];
  layout: Layout | null;
  sample: string[][];
}

interface Import {
  id: string;
  state: "reading" | "previewed" | "accepting" | "accepted";
  job_id: string | null;
  format: string | null;
  file_name: string | null;
  asked: { code: string; zh: string; en: string; choices: { value: string; zh: string; en: string }[] }[];
  counts: Record<"imported" | "repaired" | "refused" | "duplicate" | "ignored" | "refused_sheets", number>;
  sheets: Sheet[];
  previewed_at: string;
  accepted_at: string | null;
  created_count: number;
}

const OUTCOMES: Words = {
  imported: ["可导入", "Read"],
  repaired: ["已修复", "Repaired"],
  refused: ["未通过", "Refused"],
  duplicate: ["重复", "Duplicate"],
  ignored: ["忽略", "Ignored"],
};

const KINDS: Record<string, Kind> = { imported: "good", repaired: "warn", refused: "bad", duplicate: "plain", ignored: "plain" };

const FIELDS: FieldOf[] = [
  { name: "bank_id", label: ["题库", "Bank"], kind: "pick", sort: "bank" },
  { name: "roles", label: ["适用人员", "Serves"], kind: "many", choices: POST_ROLES },
  { name: "item", label: ["作业项目代码（如 1.1）", "Operation item (such as 1.1)"], kind: "text", optional: true, when: ({ roles }) => ((roles as string[] | undefined) ?? []).includes("special_operations_worker") },
  { name: "topic", label: ["知识点（文件未注明时）", "Topic (where the file names none)"], kind: "text", optional: true },
  { name: "for_exams", label: ["可用于考试", "For exams"], kind: "yes" },
  { name: "for_practice", label: ["可用于练习", "For practice"], kind: "yes" },
];

/** Send a file to be looked at; nothing is written before somebody agrees. */
export function ImportsPage() {
  const [file, take] = useState<File | null>(null);
  const [values, type] = useState<Values>({ for_exams: true, for_practice: true, roles: [] });
  const [problem, fail] = useState<unknown>(null);
  const [busy, work] = useState(false);
  const send = async () => {
    if (file === null) return;
    work(true);
    fail(null);
    try {
      const id = newId();
      await client.upload(`/v1/question-imports/${id}?${asked(values, file.name)}`, file);
      go(`/bank/import/${id}`);
    } catch (refusal) {
      fail(refusal);
    }
    work(false);
  };
  return (
    <Page title={t("导入试题", "Import questions")} lead={t("直接上传现有的题库文件（Excel、CSV、JSON、Word、文本）。先逐行预览：哪些可用、哪些已自动修复、哪些不能用及原因；同意后才写入，写入的都是草稿。", "Bring the files you have (Excel, CSV, JSON, Word, text). Every row is previewed: read, repaired, or refused and why. Only when you agree are drafts written.")} tools={<a class="button quiet" href="#/bank/banks">{t("题库（先建立一个）", "Banks: make one first")}</a>}>
      <Panel>
        <form class="form" onSubmit={(event) => { event.preventDefault(); void send(); }}>
          {FIELDS.map((field) => (field.when !== undefined && !field.when(values) ? null : <Field key={field.name} field={field} value={values[field.name]} onChange={(value) => type((now) => ({ ...now, [field.name]: value }))} />))}
          <FileField label={["题库文件", "File"]} accept=".xlsx,.csv,.json,.txt,.docx,.xml,.zip,.gift" onFile={take} />
          <Problem of={problem} />
          <button class="button" disabled={busy || file === null || (values["roles"] as string[]).length === 0}>{busy ? t("正在读取文件…", "Reading the file …") : t("上传并预览", "Upload and preview")}</button>
        </form>
      </Panel>
    </Page>
  );
}

function asked(values: Values, name: string): string {
  const query = new URLSearchParams({ bank_id: String(values["bank_id"]), for_exams: String(values["for_exams"]), for_practice: String(values["for_practice"]), file_name: name });
  for (const role of values["roles"] as string[]) {
    const item = role === "special_operations_worker" && values["item"] ? `:${String(values["item"]).trim()}` : "";
    query.append("serves", `${role}${item}`);
  }
  if (values["topic"]) query.set("topic", String(values["topic"]));
  return query.toString();
}

interface Row {
  sheet: string;
  row: number;
  outcome: string;
  reasons: Reason[];
  excerpt: string;
  draft: Version | null;
  question_id: string | null;
}

const rows = (id: string): ListOf<Row> => ({
  path: `/v1/question-imports/${id}/rows`,
  name: ["逐行结果", "Row by row"],
  id: ({ sheet, row }) => `${sheet}/${row}`,
  filters: [{ name: "outcome", label: ["结果", "Outcome"], kind: "choice", choices: OUTCOMES }],
  columns: [
    { head: ["位置", "Place"], show: ({ sheet, row }) => `${sheet} ${row}` },
    { head: ["结果", "Outcome"], show: ({ outcome }) => <Tag kind={KINDS[outcome] ?? "plain"}>{word(OUTCOMES, outcome)}</Tag>, text: ({ outcome }) => word(OUTCOMES, outcome) },
    { head: ["说明", "Why"], show: ({ reasons }) => reasons.map(({ zh, en }) => t(zh, en)).join(" "), text: ({ reasons }) => reasons.map(({ zh, en }) => t(zh, en)).join(" ") },
    { head: ["试题", "Question"], show: ({ draft, excerpt }) => (draft === null ? <span lang="zh-CN">{excerpt}</span> : <details><summary lang="zh-CN">{draft.stem.slice(0, 60)}</summary><Text of={draft} /></details>), text: ({ excerpt }) => excerpt },
  ],
  empty: ["没有这样的行。", "There are no such rows."],
});

export function ImportPage({ id }: { id: string }) {
  const found = useAsked<Import>(`/v1/question-imports/${id}`);
  const one = found.data;
  return (
    <Page title={one?.file_name ?? t(`导入 ${short(id)}`, `Import ${short(id)}`)} trail={[{ to: "/bank/import", words: t("导入", "Import") }]} tools={one === undefined ? undefined : <Moves of={moves(one)} />}>
      <About asked={found} />
      {one === undefined ? null : (
        <>
          <p class="note">{t("预览于", "Previewed")} {when(one.previewed_at)}{one.accepted_at === null ? "" : ` · ${t("写入于", "stored")} ${when(one.accepted_at)} · ${t("写入试题", "questions written")} ${count(one.created_count)}`}</p>
          {one.job_id !== null && (one.state === "reading" || one.state === "accepting") ? <Panel title={t("正在处理", "Being worked on")}><JobProgress id={one.job_id} /></Panel> : null}
          <div class="figures">
            {Object.entries(OUTCOMES).map(([outcome]) => <Figure key={outcome} name={word(OUTCOMES, outcome)} value={count(one.counts[outcome as keyof Import["counts"]])} kind={KINDS[outcome] ?? "plain"} />)}
          </div>
          <div class="tools"><Download path={`/v1/question-imports/${id}/report.xlsx`} name={`${one.file_name ?? id}-report.xlsx`} words={t("下载批注后的工作簿", "Download the corrected workbook")} /></div>
          {one.state === "previewed" ? <Reading of={one} /> : null}
          <List of={rows(id)} />
        </>
      )}
    </Page>
  );
}

function moves(one: Import): MoveOf[] {
  const good = one.counts.imported + one.counts.repaired;
  const base = `/v1/question-imports/${one.id}`;
  const told = (reply: { moved_count: number; refused: unknown[] }) => <p>{t("已办理", "Done")}: {count(reply.moved_count)} · {t("未办", "refused")}: {count(reply.refused.length)}</p>;
  return [
    {
      name: [`写入 ${good} 题`, `Store ${good} questions`],
      title: ["写入为草稿", "Store as drafts"],
      lead: [`将写入 ${good} 题；未通过的 ${one.counts.refused} 行留在工作簿中。`, `${good} questions are written; ${one.counts.refused} refused rows stay in the workbook.`],
      needs: "write_questions",
      main: true,
      open: one.state === "previewed" && good > 0,
      fields: [],
      submit: ["写入", "Store"],
      send: () => client.send(`${base}/acceptance`, { accepted_only: true }),
    },
    { name: ["全部送审", "Submit all for review"], title: ["全部送审", "Submit all for review"], needs: "write_questions", open: one.state === "accepted", main: true, fields: [], submit: ["送审", "Submit"], send: () => client.send(`${base}/review-request`), told },
    { name: ["全部发布", "Publish all"], title: ["全部发布", "Publish all"], lead: ["本人写入的试题须由他人发布。", "What one wrote, another publishes."], needs: "review_questions", open: one.state === "accepted", fields: [], submit: ["发布", "Publish"], send: () => client.send(`${base}/publication`), told },
  ];
}

const COLUMNS: Words = {
  stem: ["题干", "Stem"],
  key: ["答案", "Key"],
  kind: ["题型", "Kind"],
  options: ["选项（同一列）", "Options (in one column)"],
  explanation: ["解析", "Explanation"],
  topic: ["知识点", "Topic"],
  difficulty: ["难度", "Difficulty"],
  law_citation: ["法规依据", "Law"],
};

/** What the file leaves open: meanings that are asked, and where the columns stand. */
function Reading({ of }: { of: Import }) {
  const [meanings, mean] = useState<Record<string, string>>({});
  const [sheet, choose] = useState(of.sheets.find(({ refused }) => refused)?.name ?? of.sheets[0]?.name ?? "");
  const chosen = of.sheets.find(({ name }) => name === sheet);
  const [layout, lay] = useState<Record<string, string>>({});
  const [problem, fail] = useState<unknown>(null);
  const place = (column: string): string => layout[`${sheet}/${column}`] ?? String(chosen?.layout?.columns[column] ?? "");
  const options = layout[`${sheet}/option_columns`] ?? (chosen?.layout?.option_columns ?? []).map((at) => at + 1).join(",");
  // Counted from one, as people read a sheet; what was not recognised most often begins with its heads.
  const header = layout[`${sheet}/header`] ?? String((chosen?.layout === null || chosen?.layout === undefined ? 0 : (chosen.layout.header ?? -1)) + 1);
  const send = async () => {
    const named = Object.fromEntries(Object.keys(COLUMNS).map((column) => [column, place(column)]).filter(([, at]) => at !== "").map(([column, at]) => [column, Number(at)]));
    const moved = Object.keys(layout).some((name) => name.startsWith(`${sheet}/`));
    const layouts = moved ? [{ sheet, columns: named, option_columns: options.split(",").filter(Boolean).map((at) => Number(at) - 1), header: Number(header) > 0 ? Number(header) - 1 : null }] : [];
    fail(null);
    try {
      await client.send(`/v1/question-imports/${of.id}/reading`, { meanings, layouts });
      changed();
    } catch (refusal) {
      fail(refusal);
    }
  };
  const wide = Math.max(0, ...(chosen?.sample ?? []).map((row) => row.length));
  const places = Object.fromEntries(Array.from({ length: wide }, (_, at) => [String(at), [`第 ${at + 1} 列 ${chosen?.sample[0]?.[at] ?? ""}`, `Column ${at + 1} ${chosen?.sample[0]?.[at] ?? ""}`] as const]));
  return (
    <details class="panel" open={of.asked.length > 0 || of.counts.refused_sheets > 0}>
      <summary>{t("列对应与疑问", "Columns and open questions")}{of.asked.length > 0 ? ` (${of.asked.length})` : ""}</summary>
      <form class="form" onSubmit={(event) => { event.preventDefault(); void send(); }}>
        {of.asked.map(({ code, zh, en, choices }) => (
          <Field key={code} field={{ name: code, label: [zh, en], kind: "choice", choices: Object.fromEntries(choices.map((choice) => [choice.value, [choice.zh, choice.en] as const])), optional: true }} value={meanings[code]} onChange={(value) => mean({ ...meanings, [code]: String(value) })} />
        ))}
        <Field field={{ name: "sheet", label: ["工作表", "Sheet"], kind: "choice", choices: Object.fromEntries(of.sheets.map(({ name }) => [name, [name, name] as const])), optional: true }} value={sheet} onChange={(value) => choose(String(value))} />
        {chosen?.reasons.map(({ code, zh, en }) => <p key={code} class="wrong">{t(zh, en)}</p>)}
        {chosen === undefined || chosen.sample.length === 0 ? null : (
          <div class="table-frame" tabIndex={0} role="region" aria-label={t("样例", "Sample")}>
            <table><tbody>{chosen.sample.slice(0, 4).map((row, at) => <tr key={at}>{row.map((text, place) => <td key={place} lang="zh-CN">{text.slice(0, 40)}</td>)}</tr>)}</tbody></table>
          </div>
        )}
        <div class="rows-one">
          {Object.entries(COLUMNS).map(([column, label]) => (
            <Field key={column} field={{ name: column, label, kind: "choice", choices: places, optional: true }} value={place(column)} onChange={(value) => lay({ ...layout, [`${sheet}/${column}`]: String(value) })} />
          ))}
          <Field field={{ name: "option_columns", label: ["各选项所在列（如 3,4,5,6）", "Columns of options (such as 3,4,5,6)"], kind: "text", optional: true }} value={options} onChange={(value) => lay({ ...layout, [`${sheet}/option_columns`]: String(value) })} />
        </div>
        <Field field={{ name: "header", label: ["表头在第几行（0 为无表头）", "Row of the heads (0: none)"], kind: "number", min: 0 }} value={header} onChange={(value) => lay({ ...layout, [`${sheet}/header`]: String(value) })} />
        <Problem of={problem} />
        <button class="button quiet">{t("按此重新读取", "Read again like this")}</button>
      </form>
    </details>
  );
}
