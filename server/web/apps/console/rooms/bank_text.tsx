/** What a question says: its text and options, as a form asks for them, and how two of them differ (题面). */
import { client } from "../../shared/platform.ts";
import { Rich } from "../../shared/rich.tsx";
import { settings, t } from "../../shared/settings.ts";
import type { FieldOf, Values } from "../kit/fields.tsx";
import { Name } from "../kit/names.tsx";
import { Tag } from "../kit/parts.tsx";
import { count, word, type Words } from "../kit/two.ts";
import { POST_ROLES, QUESTION_KINDS } from "../words.ts";

export interface Version {
  id: string;
  number: number;
  kind: string;
  stem: string;
  stem_html: string | null;
  options: { label: string; text: string; html: string | null }[];
  key: string[];
  explanation: string | null;
  explanation_html: string | null;
  source: { stem: string; options: string[]; explanation: string | null } | null;
  topic: string | null;
  difficulty: string | null;
  law_citation: string | null;
  written_at: string;
  published_at: string | null;
  author_id: string;
  reviewer_id: string | null;
}

export interface Question {
  id: string;
  bank_id: string;
  state: string;
  for_practice: boolean;
  for_exams: boolean;
  serves: { role: string; operation_item: string | null }[];
  version: Version;
}

export interface Difference {
  field: string;
  before: string | null;
  after: string | null;
  pieces: { part: "same" | "removed" | "added"; text: string }[];
}

/** Whom it serves; an operation says by itself whose it is. */
export const Serves = ({ of }: { of: Question["serves"] }) => (
  <span class="tags">{of.map(({ role, operation_item }) => <Tag key={`${role}${operation_item}`} kind="plain">{operation_item === null ? word(POST_ROLES, role) : <Name sort="operation" id={operation_item} />}</Tag>)}</span>
);

const LABELS = Object.fromEntries("ABCDEFGHIJ".split("").map((label) => [label, [label, label] as const]));

/** What a question is made of, as a form asks for it. */
export function questionFields(): FieldOf[] {
  const choices = (values: Values) => values["kind"] !== "true_false";
  return [
    { name: "kind", label: ["题型", "Kind"], kind: "choice", choices: QUESTION_KINDS },
    { name: "stem", label: ["题干", "Stem"], kind: "long" },
    { name: "options", label: ["选项（依次为 A、B、C…）", "Options (A, B, C … in order)"], kind: "rows", least: 2, one: ["选项", "option"], fields: [{ name: "text", label: ["选项内容", "Text"], kind: "text" }], when: choices },
    { name: "key", label: ["正确答案", "Right answer"], hint: ["判断题：A 为正确，B 为错误。", "True or false: A is true, B is false."], kind: "many", choices: LABELS },
    { name: "explanation", label: ["解析", "Explanation"], kind: "long", optional: true },
    { name: "topic", label: ["知识点", "Topic"], kind: "text", optional: true },
    { name: "difficulty", label: ["预估答对比例（0–1）", "Expected share right (0–1)"], kind: "decimal", optional: true },
    { name: "law_citation", label: ["法规依据", "Law"], kind: "text", optional: true },
  ];
}

export const questionValues = ({ options, ...values }: Values): Values => ({
  ...values,
  options: ((options as { text?: string }[] | undefined) ?? []).map(({ text }) => text).filter(Boolean),
});

/** Pictures in a question are fetched with the access token. */
const pictures = async (hash: string) => new Uint8Array(await client.bytes(`/v1/question-images/${hash}`)) as Uint8Array<ArrayBuffer>;

export function Text({ of }: { of: Pick<Version, "stem" | "stem_html" | "options" | "key" | "explanation" | "explanation_html" | "law_citation"> }) {
  return (
    <div class="question-text" lang="zh-CN">
      <p><strong>{of.stem_html === null ? of.stem : <Rich html={of.stem_html} pictures={pictures} />}</strong></p>
      <ul>
        {of.options.map(({ label, text, html }) => (
          <li key={label} class={`option-line ${of.key.includes(label) ? "key" : ""}`}>
            <span>{label}.</span>
            <span>{html === null ? text : <Rich html={html} pictures={pictures} />}</span>
            {of.key.includes(label) ? <Tag kind="good">{t("答案", "right")}</Tag> : null}
          </li>
        ))}
      </ul>
      {of.explanation === null ? null : <p class="note">{t("解析：", "Why: ")}{of.explanation_html === null ? of.explanation : <Rich html={of.explanation_html} pictures={pictures} />}</p>}
      {of.law_citation === null ? null : <p class="note">{t("依据：", "Law: ")}{of.law_citation}</p>}
    </div>
  );
}

/** What a question consists of. */
const FIELDS: Words = {
  kind: ["题型", "Kind"],
  stem: ["题干", "Stem"],
  options: ["选项", "Options"],
  key: ["答案", "Key"],
  explanation: ["解析", "Explanation"],
  topic: ["知识点", "Topic"],
  difficulty: ["预估答对比例", "Expected share right"],
  law_citation: ["法规依据", "Law"],
};

/** One side of a difference, put together from its pieces; `other` are those of the other side. */
const side = (pieces: Difference["pieces"], other: string) => pieces.filter(({ part }) => part !== other).map(({ text }) => text).join("");

export function Differences({ of }: { of: Difference[] }) {
  if (of.length === 0) return <p class="note">{t("没有差别。", "Nothing differs.")}</p>;
  return (
    <dl class="differences" lang="zh-CN">
      {of.map(({ field, pieces, before, after }) => (
        <div key={field}>
          <dt lang={settings.value.language === "zh" ? "zh-CN" : "en"}>{word(FIELDS, field)}</dt>
          <dd>
            {field === "kind" ? <><del>{word(QUESTION_KINDS, before ?? side(pieces, "added"))}</del> <ins>{word(QUESTION_KINDS, after ?? side(pieces, "removed"))}</ins></> : pieces.length === 0 ? <><del>{before}</del> <ins>{after}</ins></> : pieces.map(({ part, text }, at) => (part === "same" ? <span key={at}>{text}</span> : part === "removed" ? <del key={at}>{text}</del> : <ins key={at}>{text}</ins>))}
          </dd>
        </div>
      ))}
    </dl>
  );
}

/** Who has met a question, in counts: what a move cannot take back. */
export async function usesOf(id: string) {
  const uses = await client.get<{ exams: unknown[]; practice_count: number }>(`/v1/questions/${id}/uses`);
  return <p>{t("已用于考试", "Asked in exams")}: {count(uses.exams.length)} · {t("被练习", "practised")}: {count(uses.practice_count)}</p>;
}
