/** What was asked in exams: searched by its words; a wrong key is put right from here (考过的试题). */
import { client } from "../../shared/platform.ts";
import { t } from "../../shared/settings.ts";
import { useAsked } from "../kit/asking.ts";
import type { FieldOf } from "../kit/fields.tsx";
import { REASON, Moves, type MoveOf } from "../kit/form.tsx";
import { ListPage, type ListOf } from "../kit/list.tsx";
import { About, Panel } from "../kit/parts.tsx";
import { word, type Words } from "../kit/two.ts";
import { QUESTION_KINDS, REMEDIES } from "../words.ts";

export interface AskedQuestion {
  id: string;
  number: number;
  kind: string;
  stem: string;
  options: { label: string; text: string }[];
  topic: string | null;
}

const LETTERS: Words = Object.fromEntries([..."ABCDEFGH"].map((letter) => [letter, [letter, letter] as const]));

/** What is done about a wrong key; the right options are named where another key is right. */
export function remedy(options: Words = LETTERS, asked: (values: Record<string, unknown>) => boolean = () => true): FieldOf[] {
  return [
    { name: "remedy", label: ["办法", "Remedy"], kind: "choice", choices: REMEDIES, when: asked },
    { name: "key", label: ["正确选项", "Right options"], kind: "many", choices: options, when: (values) => asked(values) && values["remedy"] === "key_corrected" },
  ];
}

const propose = ({ id, stem, options }: AskedQuestion): MoveOf => ({
  name: ["提出重新评分", "Propose a regrade"],
  title: ["提出重新评分", "Propose a regrade"],
  lead: [`${stem}　提出后先计算影响，再由另外两人批准，之前不改变任何成绩。`, `${stem} – Its effects are worked out first, then two others approve; no outcome changes before.`],
  needs: "examine",
  fields: [...remedy(Object.fromEntries(options.map(({ label, text }) => [label, [`${label}. ${text}`, `${label}. ${text}`] as const]))), REASON],
  submit: ["提出", "Propose"],
  send: (values, regrade) => client.send(`/v1/regrades/${regrade}`, { ...values, version_id: id }),
  then: (_, regrade) => `/exams/regrades/${regrade}`,
});

const ASKED: ListOf<AskedQuestion> = {
  path: "/v1/asked-questions",
  name: ["考过的试题", "Questions that were asked"],
  id: ({ id }) => id,
  filters: [
    { name: "words", label: ["题干包含", "In the stem"], kind: "text" },
    { name: "exam_id", label: ["考试", "Exam"], kind: "pick", path: "/v1/exams" },
  ],
  columns: [
    { head: ["题干", "Stem"], show: ({ stem }) => <span class="stem long" lang="zh-CN">{stem}</span>, text: ({ stem }) => stem, sort: ({ stem }) => stem },
    { head: ["题型", "Kind"], show: ({ kind }) => word(QUESTION_KINDS, kind), sort: ({ kind }) => kind },
    { head: ["选项", "Options"], show: ({ options }) => <span class="two-lines" lang="zh-CN">{options.map(({ label, text }) => `${label}. ${text}`).join("　")}</span>, text: ({ options }) => options.map(({ label, text }) => `${label}. ${text}`).join(" ") },
    { head: ["知识点", "Topic"], show: ({ topic }) => topic ?? "—", sort: ({ topic }) => topic ?? "" },
    { head: ["版本", "Version"], show: ({ number }) => String(number), number: true },
  ],
  rowTools: (one) => <Moves of={[propose(one)]} />,
  empty: ["还没有考过的试题：考试开始后列在这里。", "Nothing was asked yet: it stands here once an exam has begun."],
};

export const AskedPage = () => <ListPage title={["考过的试题", "Questions that were asked"]} lead={["按题干查找答案有误的试题，提出重新评分。不显示标准答案。", "Find a question whose key is wrong by its words, and propose a regrade. Keys are not shown."]} of={ASKED} />;

/** The question that a regrade is about. */
export function AboutQuestion({ version }: { version: string }) {
  const asked = useAsked<{ items: AskedQuestion[] }>(`/v1/asked-questions?version_id=${version}`);
  const one = asked.data?.items[0];
  return (
    <Panel title={t("试题", "The question")}>
      <About asked={asked} />
      {one === undefined ? null : (
        <>
          <p lang="zh-CN"><strong>{one.stem}</strong></p>
          <ul class="plain-list" lang="zh-CN">{one.options.map(({ label, text }) => <li key={label}>{label}. {text}</li>)}</ul>
        </>
      )}
    </Panel>
  );
}
