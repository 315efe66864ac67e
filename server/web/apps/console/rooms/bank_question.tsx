/** One question: its versions compared, its way through review, comments, uses, figures; and pairs (试题). */
import { useState } from "preact/hooks";
import { when } from "../../shared/dates.ts";
import { client } from "../../shared/platform.ts";
import { settings, t } from "../../shared/settings.ts";
import { Rich } from "../../shared/rich.tsx";
import { useAsked } from "../kit/asking.ts";
import { Bars } from "../kit/chart.tsx";
import { Field, type FieldOf, type Values } from "../kit/fields.tsx";
import { Moves, REASON, type MoveOf } from "../kit/form.tsx";
import { Name } from "../kit/names.tsx";
import { About, Facts, Page, Panel, Tag } from "../kit/parts.tsx";
import { count, percent, word, type Words } from "../kit/two.ts";
import { LOOKS, POST_ROLES, QUESTION_KINDS, QUESTION_STATES, RELATIONS } from "../words.ts";

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

interface Side {
  question_id: string;
  state: string;
  bank_name: string;
  serves: Question["serves"];
  version: Version;
}

interface Difference {
  field: string;
  before: string | null;
  after: string | null;
  pieces: { part: "same" | "removed" | "added"; text: string }[];
}

export interface Pair {
  id: string;
  relation: string;
  similarity: number;
  standing: string;
  found_at: string;
  first: Side;
  second: Side;
  differences: Difference[];
  kept_id: string | null;
  reason: string | null;
  ruled_at: string | null;
}

export const Serves = ({ of }: { of: Question["serves"] }) => (
  <span class="tags">{of.map(({ role, operation_item }) => <Tag key={`${role}${operation_item}`} kind="plain">{word(POST_ROLES, role)}{operation_item === null ? "" : ` ${operation_item}`}</Tag>)}</span>
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

export function QuestionPage({ id }: { id: string }) {
  const asked = useAsked<Question>(`/v1/questions/${id}`);
  const question = asked.data;
  return (
    <Page title={t("试题", "Question")} trail={[{ to: "/bank/questions", words: t("试题", "Questions") }]} tools={question === undefined ? undefined : <Moves of={moves(question)} />}>
      <About asked={asked} />
      {question === undefined ? null : (
        <>
          <div class="grid wide-left">
            <Panel title={t(`第 ${question.version.number} 版`, `Version ${question.version.number}`)} tools={<Tag kind={LOOKS[question.state] ?? "plain"}>{word(QUESTION_STATES, question.state)}</Tag>}>
              <Text of={question.version} />
            </Panel>
            <Panel title={t("归属", "Where it belongs")}>
              <Facts
                of={[
                  [["题库", "Bank"], <Name sort="bank" id={question.bank_id} />],
                  [["题型", "Kind"], word(QUESTION_KINDS, question.version.kind)],
                  [["适用", "Serves"], <Serves of={question.serves} />],
                  [["知识点", "Topic"], question.version.topic],
                  [["预估答对", "Expected right"], question.version.difficulty],
                  [["用于", "Used for"], [question.for_exams ? t("考试", "exams") : "", question.for_practice ? t("练习", "practice") : ""].filter(Boolean).join("、")],
                  [["写于", "Written"], when(question.version.written_at)],
                  [["发布于", "Published"], question.version.published_at === null ? "—" : when(question.version.published_at)],
                ]}
              />
            </Panel>
          </div>
          <Versions id={id} />
          <div class="grid">
            <Comments id={id} />
            <Uses id={id} />
          </div>
          <Figures id={id} />
        </>
      )}
    </Page>
  );
}

/** Who has met a question, in counts: what a move cannot take back. */
async function usesOf(id: string) {
  const uses = await client.get<{ exams: unknown[]; practice_count: number }>(`/v1/questions/${id}/uses`);
  return <p>{t("已用于考试", "Asked in exams")}: {count(uses.exams.length)} · {t("被练习", "practised")}: {count(uses.practice_count)}</p>;
}

function moves(question: Question): MoveOf[] {
  const { id, state, version } = question;
  const plain = (noun: string, name: readonly [string, string], needs: string, open: boolean, lead: readonly [string, string], danger = false): MoveOf => ({ name, title: name, lead, needs, open, danger, main: !danger && noun !== "return", fields: [], submit: name, send: () => client.send(`/v1/questions/${id}/${noun}`) });
  return [
    plain("review-request", ["送审", "Submit for review"], "write_questions", state === "draft", ["送审后由另一人审核。", "Another person reviews it then."]),
    plain("publication", ["发布", "Publish"], "review_questions", state === "in_review", ["发布后可用于考试和练习，本版本不再改变。", "It may be asked then, and this version never changes."]),
    {
      name: ["退回", "Send back"],
      title: ["退回修改", "Send back"],
      lead: ["意见留在试题上，作者可见。", "The comment stays with the question; its author sees it."],
      needs: "review_questions",
      open: state === "in_review",
      fields: [{ name: "text", label: ["审题意见", "Comment"], kind: "long" }],
      submit: ["退回", "Send back"],
      send: async (values, comment) => {
        await client.send(`/v1/questions/${id}/comments/${comment}`, values);
        return client.send(`/v1/questions/${id}/return`);
      },
    },
    {
      name: ["修订", "Revise"],
      title: ["写下一版", "Write the next version"],
      lead: ["现用版本在新版发布前继续有效。", "The version in use stays until the new one is published."],
      needs: "write_questions",
      fields: questionFields(),
      initial: {
        ...version,
        // What was written as markup is revised as markup, or it would lose its formulas.
        stem: version.source?.stem ?? version.stem,
        options: (version.source?.options ?? version.options.map(({ text }) => text)).map((text) => ({ text })),
        explanation: version.source?.explanation ?? version.explanation ?? "",
        topic: version.topic ?? "",
        difficulty: version.difficulty ?? "",
        law_citation: version.law_citation ?? "",
      },
      submit: ["保存新版", "Keep the version"],
      send: (values) => client.send(`/v1/questions/${id}/newest-version`, { ...questionValues(values), format: version.source === null ? "plain" : "html" }),
    },
    {
      ...plain("retirement", ["停用", "Retire"], "review_questions", state !== "retired", ["停用后不再出现在新试卷中；历史成绩不变。", "No new paper draws it; past outcomes stay."], true),
      fields: [REASON],
      preview: () => usesOf(id),
      send: (values) => client.send(`/v1/questions/${id}/retirement`, values),
    },
    {
      name: ["删除", "Delete"],
      title: ["删除试题", "Delete the question"],
      lead: ["仅从未被考生见过的草稿或停用试题可以删除。", "Only what nobody ever met may be deleted."],
      needs: "write_questions",
      open: state === "draft" || state === "retired",
      danger: true,
      fields: [REASON],
      preview: () => usesOf(id),
      submit: ["删除", "Delete"],
      send: (values) => client.send(`/v1/questions/${id}/deletion`, values),
      then: () => "/bank/questions",
    },
  ];
}

/** Two versions beside each other, word by word. */
function Versions({ id }: { id: string }) {
  const asked = useAsked<{ versions: Version[] }>(`/v1/questions/${id}/versions`);
  const versions = asked.data?.versions ?? [];
  const numbers = versions.map(({ number }) => number).sort((one, other) => one - other);
  const [before, choose] = useState("");
  const last = numbers[numbers.length - 1];
  const from = before === "" ? numbers[numbers.length - 2] : Number(before);
  const compared = useAsked<{ differences: Difference[] }>(from === undefined || last === undefined || from === last ? null : `/v1/questions/${id}/comparison?before=${from}&after=${last}`);
  if (numbers.length < 2) return null;
  const choices = Object.fromEntries(numbers.slice(0, -1).map((number) => [String(number), [`第 ${number} 版`, `Version ${number}`] as const]));
  return (
    <Panel title={t("版本对比", "Versions compared")} tools={<Field field={{ name: "before", label: ["与之比较", "Compared with"], kind: "choice", choices, optional: true }} value={String(from ?? "")} onChange={(value) => choose(String(value))} />}>
      <About asked={compared} />
      {compared.data === undefined ? null : <Differences of={compared.data.differences} />}
    </Panel>
  );
}

interface Comment {
  id: string;
  text: string;
  written_at: string;
  settled_at: string | null;
}

function Comments({ id }: { id: string }) {
  const asked = useAsked<{ comments: Comment[] }>(`/v1/questions/${id}/comments`);
  const add: MoveOf = { name: ["写意见", "Comment"], title: ["写意见", "Comment"], fields: [{ name: "text", label: ["意见", "Comment"], kind: "long" }], submit: ["保存", "Keep"], send: (values, comment) => client.send(`/v1/questions/${id}/comments/${comment}`, values) };
  return (
    <Panel title={t("审题意见", "Comments")} tools={<Moves of={[add]} />}>
      <About asked={asked} />
      {asked.data?.comments.length === 0 ? <p class="note">{t("还没有意见。", "No comments yet.")}</p> : null}
      <ol class="timeline">
        {(asked.data?.comments ?? []).map((comment) => (
          <li key={comment.id}>
            <p class="note">{when(comment.written_at)} {comment.settled_at === null ? null : <Tag kind="good">{t("已处理", "Settled")}</Tag>}</p>
            <p>{comment.text}</p>
            <Moves of={[{ name: ["标为已处理", "Settle"], title: ["标为已处理", "Settle the comment"], open: comment.settled_at === null, fields: [], submit: ["已处理", "Settle"], send: () => client.send(`/v1/question-comments/${comment.id}/settlement`) }]} />
          </li>
        ))}
      </ol>
    </Panel>
  );
}

function Uses({ id }: { id: string }) {
  const asked = useAsked<{ exams: { exam_id: string; exam_name: string; used_at: string }[]; practice_count: number }>(`/v1/questions/${id}/uses`);
  return (
    <Panel title={t("使用情况", "Uses")}>
      <About asked={asked} />
      {asked.data === undefined ? null : <p>{t("被练习", "Practised")} {count(asked.data.practice_count)} {t("次", "times")}</p>}
      <ul class="plain-list" lang="zh-CN">
        {(asked.data?.exams ?? []).map((use) => <li key={use.exam_id}>{use.exam_name} <span class="note">{when(use.used_at)}</span></li>)}
      </ul>
      {asked.data?.exams.length === 0 ? <p class="note">{t("还没有考试用过。", "No exam has asked it yet.")}</p> : null}
    </Panel>
  );
}

interface Statistics {
  version_number: number;
  qualification: string;
  response_count: number;
  facility: number | null;
  discrimination: number | null;
  difficulty: number | null;
  median_seconds: number | null;
  options: { label: string; is_key: boolean; count: number }[];
}

function Figures({ id }: { id: string }) {
  const asked = useAsked<{ items: Statistics[] }>(`/v1/questions/${id}/statistics`);
  return (
    <Panel title={t("答题统计", "Statistics")}>
      <About asked={asked} />
      {asked.data?.items.length === 0 ? <p class="note">{t("还没有足够的考试作答。", "Not enough responses of exams yet.")}</p> : null}
      {(asked.data?.items ?? []).map((one) => (
        <div key={`${one.version_number}${one.qualification}`} class="grid">
          <Facts of={[[["资格", "Qualification"], <Name sort="code" id={one.qualification} />], [["版本", "Version"], count(one.version_number)], [["作答数", "Responses"], count(one.response_count)], [["答对比例", "Facility"], percent(one.facility)], [["区分度", "Discrimination"], one.discrimination === null ? "—" : one.discrimination.toFixed(1)], [["难度（Rasch）", "Difficulty (Rasch)"], one.difficulty === null ? "—" : one.difficulty.toFixed(2)], [["用时中位数", "Median time"], one.median_seconds === null ? "—" : `${one.median_seconds.toFixed(0)} s`]]} />
          <Bars title={t("各选项作答数", "Responses by option")} of={one.options.map(({ label, is_key, count: number }) => ({ name: `${label}${is_key ? ` ${t("（正确）", "(right)")}` : ""}`, value: number, kind: is_key ? ("good" as const) : ("warn" as const) }))} />
        </div>
      ))}
    </Panel>
  );
}

export function PairPage({ id }: { id: string }) {
  const asked = useAsked<Pair>(`/v1/question-pairs/${id}`);
  const pair = asked.data;
  return (
    <Page title={t("重复与冲突", "A pair of questions")} trail={[{ to: "/bank/pairs", words: t("重复与冲突", "Duplicates and conflicts") }]} tools={pair === undefined ? undefined : <Moves of={rulings(pair)} />}>
      <About asked={asked} />
      {pair === undefined ? null : (
        <>
          <p class="tags"><Tag kind={pair.relation === "conflict" ? "bad" : "warn"}>{word(RELATIONS, pair.relation)}</Tag><Tag kind="plain">{t("相似度", "Likeness")} {percent(pair.similarity / 1000)}</Tag>{pair.reason === null ? null : <Tag kind="good">{t("裁定", "Ruling")}: {pair.reason}</Tag>}</p>
          <div class="sides">
            {[pair.first, pair.second].map((side, at) => (
              <Panel key={side.question_id} title={`${at === 0 ? t("甲", "One") : t("乙", "Two")} · ${side.bank_name}`} tools={<Tag kind={LOOKS[side.state] ?? "plain"}>{word(QUESTION_STATES, side.state)}</Tag>}>
                <Text of={side.version} />
                <Serves of={side.serves} />
                <p><a href={`#/bank/questions/${side.question_id}`}>{t("打开试题", "Open the question")}</a>{pair.kept_id === side.question_id ? ` · ${t("保留", "kept")}` : ""}</p>
              </Panel>
            ))}
          </div>
          <Panel title={t("差别", "What differs")}><Differences of={pair.differences} /></Panel>
        </>
      )}
    </Page>
  );
}

function rulings(pair: Pair): MoveOf[] {
  const rule = (name: readonly [string, string], kept_id: string | null, retired_id: string | null): MoveOf => ({
    name,
    title: name,
    lead: kept_id === null ? ["认定为两道不同的试题，均保留。", "They ask different things: both stay."] : ["另一题将停用，其适用人员并入保留的试题。", "The other is retired; the kept one serves whom it served."],
    needs: "review_questions",
    open: pair.standing === "open" && (kept_id !== null || pair.relation !== "conflict"),
    danger: retired_id !== null,
    fields: [REASON],
    ...(retired_id === null ? {} : { preview: () => usesOf(retired_id) }),
    submit: ["裁定", "Rule"],
    send: (values) => client.send(`/v1/question-pairs/${pair.id}/ruling`, { ...values, kept_id }),
  });
  const [first, second] = [pair.first.question_id, pair.second.question_id];
  return [rule(["保留甲", "Keep one"], first, second), rule(["保留乙", "Keep two"], second, first), rule(["均保留", "Keep both"], null, null)];
}

