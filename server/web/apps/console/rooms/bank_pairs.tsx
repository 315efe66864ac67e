/** Questions that are alike or contradict each other: found, compared, ruled on (重复与冲突). */
import { when } from "../../shared/dates.ts";
import { client } from "../../shared/platform.ts";
import { t } from "../../shared/settings.ts";
import { useAsked } from "../kit/asking.ts";
import { Moves, REASON, type MoveOf } from "../kit/form.tsx";
import { ListPage, type ListOf } from "../kit/list.tsx";
import { About, Page, Panel, Tag } from "../kit/parts.tsx";
import { percent, word } from "../kit/two.ts";
import { LOOKS, QUESTION_STATES, RELATIONS } from "../words.ts";
import { Differences, Serves, Text, usesOf, type Difference, type Question, type Version } from "./bank_text.tsx";

interface Side {
  question_id: string;
  state: string;
  bank_name: string;
  serves: Question["serves"];
  version: Version;
}

interface Pair {
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

const stem = (text: string) => <span class="two-lines stem" lang="zh-CN">{text}</span>;

const PAIRS: ListOf<Pair> = {
  path: "/v1/question-pairs",
  name: ["重复与冲突", "Duplicates and conflicts"],
  id: ({ id }) => id,
  to: ({ id }) => `/bank/pairs/${id}`,
  filters: [
    { name: "relation", label: ["关系", "Relation"], kind: "choice", choices: RELATIONS },
    { name: "standing", label: ["状态", "Standing"], kind: "choice", choices: { open: ["待裁定", "Open"], distinct: ["认定不同", "Distinct"], ruled: ["已裁定", "Ruled"] } },
    { name: "bank_id", label: ["题库", "Bank"], kind: "pick", sort: "bank" },
  ],
  columns: [
    { head: ["一", "The one"], show: ({ first }) => stem(first.version.stem), text: ({ first }) => first.version.stem },
    { head: ["另一", "The other"], show: ({ second }) => stem(second.version.stem), text: ({ second }) => second.version.stem },
    { head: ["关系", "Relation"], show: ({ relation }) => <Tag kind={relation === "conflict" ? "bad" : "warn"}>{word(RELATIONS, relation)}</Tag>, text: ({ relation }) => word(RELATIONS, relation), sort: ({ relation }) => relation },
    { head: ["相似度", "Likeness"], show: ({ similarity }) => percent(similarity / 1000), number: true, sort: ({ similarity }) => similarity },
    { head: ["发现于", "Found"], show: ({ found_at }) => when(found_at), sort: ({ found_at }) => found_at },
  ],
  empty: ["没有待裁定的重复或冲突。可重新全库查重。", "No pair waits. You may compare everything with everything again."],
};

const SEARCH: MoveOf = {
  name: ["全库查重", "Search for duplicates"],
  title: ["全库查重", "Search for duplicates"],
  lead: ["将所有试题两两比较，作为后台任务进行。", "Compares all questions with each other, as a job."],
  needs: "review_questions",
  main: true,
  fields: [],
  submit: ["开始", "Begin"],
  send: (_, id) => client.send(`/v1/duplicate-searches/${id}`),
  then: (_, id) => `/jobs/${id}`,
};

export const Pairs = () => <ListPage title={["重复与冲突", "Duplicates and conflicts"]} of={PAIRS} moves={[SEARCH]} />;

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
