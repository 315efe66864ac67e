/** How well providers, classes and teachers train, by what became of their learners – with its uncertainty (培训质量). */
import { t } from "../../shared/settings.ts";
import { useAsked } from "../kit/asking.ts";
import { Intervals } from "../kit/chart.tsx";
import { Download } from "../kit/download.tsx";
import { Field, today } from "../kit/fields.tsx";
import { List, type ListOf } from "../kit/list.tsx";
import { About, Empty, Page, Panel, Tag } from "../kit/parts.tsx";
import { ask, place } from "../kit/place.ts";
import { count, percent, type Words } from "../kit/two.ts";

interface Interval {
  low: number;
  high: number;
}

interface Ranked {
  name: string;
  quality: {
    subject_id: string;
    rank: number | null;
    learner_count: number;
    completed_count: number;
    sat_count: number;
    first_pass_count: number;
    first_pass_rate: number | null;
    first_pass_interval: Interval | null;
    pass_rate: number | null;
    average_gain: number | null;
    average_rating: number | null;
    violations_per_hundred: number | null;
    outlier: boolean;
  };
}

const BY: Words = { provider: ["培训机构", "Providers"], class: ["培训班", "Classes"], teacher: ["教师", "Teachers"] };

/** A year back, unless the address asks for other days. */
function asked(by: string): string {
  const wanted = (name: string, usual: string) => place.value.asked.get(name) || usual;
  const until = wanted("until", today());
  const since = wanted("since", `${Number(until.slice(0, 4)) - 1}${until.slice(4)}`.replace("-02-29", "-02-28"));
  return new URLSearchParams({ by, since, until }).toString();
}

const figure = (value: number | null, places = 1) => (value === null ? "—" : value.toFixed(places));

const ranking = (by: string): ListOf<Ranked> => ({
  path: `/v1/training-quality?${asked(by)}`,
  name: ["培训质量", "Quality of training"],
  unfiltered: "its days and what it ranks are chosen above the chart, for both",
  whole: (reply: { items: Ranked[] }) => reply.items,
  id: ({ quality }) => quality.subject_id,
  to: ({ quality }) => `/training/quality/${by}/${quality.subject_id}?${asked(by)}`,
  columns: [
    { head: ["名称", "Name"], show: ({ name }) => <span lang="zh-CN">{name}</span>, text: ({ name }) => name, sort: ({ name }) => name },
    { head: ["名次", "Rank"], show: ({ quality }) => count(quality.rank), number: true, sort: ({ quality }) => quality.rank ?? 1e9 },
    { head: ["首考合格率", "First pass"], show: ({ quality }) => percent(quality.first_pass_rate), number: true, sort: ({ quality }) => quality.first_pass_rate ?? -1 },
    { head: ["95% 区间", "95 % interval"], show: ({ quality: { first_pass_interval: one } }) => (one === null ? "—" : `${percent(one.low)} – ${percent(one.high)}`), number: true },
    { head: ["首考 / 参考", "First pass / sat"], show: ({ quality }) => `${count(quality.first_pass_count)} / ${count(quality.sat_count)}`, number: true },
    { head: ["学员 / 结业", "Learners / completed"], show: ({ quality }) => `${count(quality.learner_count)} / ${count(quality.completed_count)}`, number: true, sort: ({ quality }) => quality.learner_count },
    { head: ["平均提高", "Gain"], show: ({ quality }) => figure(quality.average_gain), number: true, sort: ({ quality }) => quality.average_gain ?? -1000 },
    { head: ["学员评价", "Rating"], show: ({ quality }) => figure(quality.average_rating), number: true, sort: ({ quality }) => quality.average_rating ?? -1 },
    { head: ["百人违章", "Violations per 100"], show: ({ quality }) => figure(quality.violations_per_hundred), number: true, sort: ({ quality }) => quality.violations_per_hundred ?? -1 },
    { head: ["异常", "Outlier"], show: ({ quality }) => (quality.outlier ? <Tag kind="warn">{t("超出偶然", "Beyond chance")}</Tag> : "—"), text: ({ quality }) => (quality.outlier ? t("超出偶然", "Beyond chance") : "—"), sort: ({ quality }) => String(quality.outlier) },
  ],
  empty: ["所选日期内没有结业的培训班。", "No class ended in these days."],
});

function Days({ by }: { by: string }) {
  const values = new URLSearchParams(asked(by));
  return (
    <form class="filters" role="search" onSubmit={(event) => event.preventDefault()}>
      <Field field={{ name: "by", label: ["按", "By"], kind: "choice", choices: BY }} value={by} onChange={(value) => ask({ by: String(value) })} />
      {(["since", "until"] as const).map((name) => <Field key={name} field={{ name, label: name === "since" ? ["结业自", "Ended from"] : ["至", "until"], kind: "day" }} value={values.get(name)} onChange={(value) => ask({ [name]: String(value) })} />)}
    </form>
  );
}

export function QualityPage() {
  const by = place.value.asked.get("by") || "provider";
  const found = useAsked<{ items: Ranked[] }>(`/v1/training-quality?${asked(by)}`);
  const ranked = (found.data?.items ?? []).filter(({ quality }) => quality.first_pass_interval !== null);
  return (
    <Page title={t("培训质量", "Quality of training")} lead={t("名次按区间下限排列：十人全过不会排在千人九成之前。", "Ranked by the lower end of the interval: ten who all pass do not beat nine hundred of a thousand.")} tools={<Download path={`/v1/training-quality/workbook?${asked(by)}`} name="training-quality.xlsx" words={t("导出工作簿", "Export a workbook")} />}>
      <Days by={by} />
      {ranked.length === 0 ? null : (
        <Panel title={t("首考合格率及 95% 区间", "First-pass rate with its 95 % interval")}>
          <Intervals title={t("首考合格率", "First-pass rate")} of={ranked.slice(0, 30).map(({ name, quality }) => ({ name, value: quality.first_pass_rate ?? 0, low: quality.first_pass_interval!.low, high: quality.first_pass_interval!.high, shown: percent(quality.first_pass_rate), href: `/training/quality/${by}/${quality.subject_id}?${asked(by)}`, ...(quality.outlier ? { kind: "warn" as const } : {}) }))} />
        </Panel>
      )}
      <List of={ranking(by)} />
    </Page>
  );
}

interface Topic {
  topic: string;
  learner_count: number;
  response_count: number;
  share: number;
  expected: number;
  difference: Interval;
  outlier: boolean;
}

const topics = (path: string): ListOf<Topic> => ({
  path,
  name: ["知识点", "Topics"],
  unfiltered: "the topics of one, the weakest first",
  whole: (reply: { items: Topic[] }) => reply.items,
  id: ({ topic }) => topic,
  columns: [
    { head: ["知识点", "Topic"], show: ({ topic }) => <span lang="zh-CN">{topic}</span>, text: ({ topic }) => topic, sort: ({ topic }) => topic },
    { head: ["得分率", "Share of points"], show: ({ share }) => percent(share), number: true, sort: ({ share }) => share },
    { head: ["同题全体得分率", "All on the same questions"], show: ({ expected }) => percent(expected), number: true, sort: ({ expected }) => expected },
    { head: ["差异 95% 区间", "Difference, 95 %"], show: ({ difference: { low, high } }) => `${percent(low)} – ${percent(high)}`, number: true },
    { head: ["学员 / 作答", "Learners / responses"], show: ({ learner_count, response_count }) => `${count(learner_count)} / ${count(response_count)}`, number: true },
    { head: ["异常", "Outlier"], show: ({ outlier }) => (outlier ? <Tag kind="warn">{t("超出偶然", "Beyond chance")}</Tag> : "—"), text: ({ outlier }) => (outlier ? t("超出偶然", "Beyond chance") : "—") },
  ],
  empty: ["这些学员还没有参加考试。", "None of these learners has sat an exam yet."],
});

/** Where the learners of one are weak, beside all candidates on the very same questions. */
export function TopicsPage({ by, id }: { by: string; id: string }) {
  const found = useAsked<{ items: Ranked[] }>(`/v1/training-quality?${asked(by)}`);
  const one = found.data?.items.find(({ quality }) => quality.subject_id === id);
  return (
    <Page title={one?.name ?? t("培训质量", "Quality of training")} trail={[{ to: `/training/quality?${asked(by)}`, words: t("培训质量", "Quality of training") }]} lead={t("学员首次考试在各知识点的得分率，薄弱的在前。", "How learners did on each topic in their first exam, the weakest first.")}>
      <About asked={found} />
      {found.data !== undefined && one === undefined ? <Empty words={["所选日期内没有数据。", "Nothing in these days."]} /> : null}
      <List of={topics(`/v1/training-quality/${id}/topics?${asked(by)}`)} />
    </Page>
  );
}
