/** Banks of questions: their register, what one holds, what its questions measured (题库). */
import { when } from "../../shared/dates.ts";
import { client } from "../../shared/platform.ts";
import { t } from "../../shared/settings.ts";
import { useAsked } from "../kit/asking.ts";
import { Bars, Columns } from "../kit/chart.tsx";
import type { MoveOf } from "../kit/form.tsx";
import type { ListOf } from "../kit/list.tsx";
import { About, Empty, Facts, Figure, Page, Panel } from "../kit/parts.tsx";
import { count, percent, word } from "../kit/two.ts";
import { FLAGS, QUESTION_KINDS } from "../words.ts";
import { home } from "./home.ts";

interface Bank {
  id: string;
  name: string;
  owner_name: string;
  created_at: string;
}

export const BANKS: ListOf<Bank> = {
  path: "/v1/question-banks",
  name: ["题库", "Banks"],
  id: ({ id }) => id,
  to: ({ id }) => `/bank/banks/${id}`,
  filters: [
    { name: "name", label: ["名称", "Name"], kind: "text" },
    { name: "owner_id", label: ["所属单位", "Owner"], kind: "pick", sort: "organisation" },
  ],
  columns: [
    { head: ["名称", "Name"], show: ({ name }) => name, sort: ({ name }) => name },
    { head: ["所属单位", "Owner"], show: ({ owner_name }) => owner_name },
    { head: ["建于", "Made"], show: ({ created_at }) => when(created_at), sort: ({ created_at }) => created_at },
  ],
  empty: ["还没有题库。先建一个，再导入试题。", "There is no bank yet. Make one, then import questions."],
};

export const newBank = (): MoveOf => ({
  name: ["新建题库", "Make a bank"],
  title: ["新建题库", "Make a bank"],
  needs: "write_questions",
  main: true,
  fields: [
    { name: "name", label: ["名称", "Name"], kind: "text" },
    { name: "owner_id", label: ["所属单位", "Owner"], kind: "pick", sort: "organisation" },
  ],
  initial: { owner_id: home()["organisation_id"] ?? "" },
  submit: ["建立", "Make it"],
  send: (values, id) => client.send(`/v1/question-banks/${id}`, values),
});

interface Summary {
  version_count: number;
  response_count: number;
  facility: number[];
  discrimination: number[];
  flags: Record<string, number>;
}

interface Holding {
  kind: string;
  topic: string | null;
  state: string;
  question_count: number;
}

export function BankPage({ id }: { id: string }) {
  const bank = useAsked<Bank>(`/v1/question-banks/${id}`);
  const holdings = useAsked<{ items: Holding[] }>(`/v1/question-banks/${id}/holdings`);
  const summary = useAsked<Summary>(`/v1/question-banks/${id}/statistics-summary`);
  const published = (holdings.data?.items ?? []).filter(({ state }) => state === "published");
  const sums = (of: (holding: Holding) => string) => {
    const found = new Map<string, number>();
    for (const holding of published) found.set(of(holding), (found.get(of(holding)) ?? 0) + holding.question_count);
    return [...found].sort(([, one], [, other]) => other - one).map(([name, value]) => ({ name, value }));
  };
  return (
    <Page title={bank.data?.name ?? t("题库", "Bank")} trail={[{ to: "/bank/banks", words: t("题库", "Banks") }]} tools={<a class="button quiet" href={`#/bank/questions?bank_id=${id}`}>{t("查看试题", "See its questions")}</a>}>
      <About asked={bank} />
      {bank.data === undefined ? null : <Panel><Facts of={[[["所属单位", "Owner"], <span lang="zh-CN">{bank.data.owner_name}</span>], [["建于", "Made"], when(bank.data.created_at)], [["已发布", "Published"], count(published.reduce((sum, { question_count }) => sum + question_count, 0))]]} /></Panel>}
      <div class="grid">
        <Panel title={t("已发布试题：按题型", "Published, by kind")}>
          <About asked={holdings} />
          <Bars title={t("按题型", "By kind")} of={sums(({ kind }) => word(QUESTION_KINDS, kind))} />
        </Panel>
        <Panel title={t("已发布试题：按知识点", "Published, by topic")}>
          {published.length === 0 && !holdings.loading ? <Empty words={["还没有已发布的试题。", "Nothing is published yet."]} /> : null}
          <Bars title={t("按知识点", "By topic")} of={sums(({ topic }) => topic ?? t("未标注", "No topic")).slice(0, 20)} />
        </Panel>
      </div>
      <Panel title={t("答题统计", "Statistics")}>
        <About asked={summary} />
        {summary.data === undefined ? null : summary.data.version_count === 0 ? <p class="note">{t("还没有足够的考试作答可供统计。", "Not enough responses of exams yet.")}</p> : <Statistics of={summary.data} />}
      </Panel>
    </Page>
  );
}

function Statistics({ of }: { of: Summary }) {
  const steps = (values: number[], from: number, width: number, unit: (at: number) => string) => values.map((value, at) => ({ name: unit(from + at * width), value }));
  return (
    <>
      <div class="figures">
        <Figure name={t("有统计的版本", "Versions with figures")} value={count(of.version_count)} />
        <Figure name={t("作答数", "Responses")} value={count(of.response_count)} />
        {Object.entries(of.flags).map(([flag, number]) => <Figure key={flag} name={word(FLAGS, flag)} value={count(number)} kind={number > 0 ? "warn" : "plain"} />)}
      </div>
      <div class="grid">
        <Columns title={t("难度分布（答对比例）", "Facility (share right)")} of={steps(of.facility, 0, 1 / of.facility.length, (share) => percent(share))} />
        <Columns title={t("区分度分布", "Discrimination")} of={steps(of.discrimination, -100, 200 / of.discrimination.length, (index) => String(Math.round(index)))} />
      </div>
    </>
  );
}
