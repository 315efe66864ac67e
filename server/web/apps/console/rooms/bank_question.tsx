/** One question: its versions compared, its way through review, comments, uses, figures (试题). */
import { useState } from "preact/hooks";
import { when } from "../../shared/dates.ts";
import { client } from "../../shared/platform.ts";
import { t } from "../../shared/settings.ts";
import { useAsked } from "../kit/asking.ts";
import { Bars } from "../kit/chart.tsx";
import { Field } from "../kit/fields.tsx";
import { Moves, REASON, type MoveOf } from "../kit/form.tsx";
import { Name } from "../kit/names.tsx";
import { About, Facts, Page, Panel, Tag } from "../kit/parts.tsx";
import { count, percent, word } from "../kit/two.ts";
import { LOOKS, QUESTION_KINDS, QUESTION_STATES } from "../words.ts";
import { Differences, questionFields, questionValues, Serves, Text, usesOf, type Difference, type Question, type Version } from "./bank_text.tsx";

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
