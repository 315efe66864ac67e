/** What came of an exam: outcomes, responses that came late, how the papers were and what they measured (成绩). */
import { clockTime, when } from "../../shared/dates.ts";
import { client } from "../../shared/platform.ts";
import { t } from "../../shared/settings.ts";
import { useAsked } from "../kit/asking.ts";
import { Columns } from "../kit/chart.tsx";
import { Moves, REASON } from "../kit/form.tsx";
import type { ListOf } from "../kit/list.tsx";
import { called } from "../kit/named.tsx";
import { About, Facts, Panel, Tag } from "../kit/parts.tsx";
import { count, percent, type Words } from "../kit/two.ts";

interface Outcome {
  id: string;
  candidate_name: string;
  document_masked: string;
  started_at: string;
  submitted_at: string | null;
  outcome: { score: string; max_score: string; passed: boolean; graded_at: string; released_at: string };
}

const RESULTS: Words = { true: ["合格", "Passed"], false: ["不合格", "Failed"] };

export const outcomes = (id: string): ListOf<Outcome> => ({
  path: `/v1/exams/${id}/outcomes`,
  name: ["成绩", "Outcomes"],
  id: (attempt) => attempt.id,
  filters: [{ name: "passed", label: ["结果", "Result"], kind: "choice", choices: RESULTS }],
  columns: [
    called(["考生", "Candidate"], ({ candidate_name }) => candidate_name),
    { head: ["证件", "Document"], show: ({ document_masked }) => document_masked },
    { head: ["得分", "Score"], show: ({ outcome }) => `${outcome.score} / ${outcome.max_score}`, number: true, sort: ({ outcome }) => Number(outcome.score) },
    { head: ["结果", "Result"], show: ({ outcome }) => <Tag kind={outcome.passed ? "good" : "bad"}>{outcome.passed ? t("合格", "Passed") : t("不合格", "Failed")}</Tag>, text: ({ outcome }) => (outcome.passed ? t("合格", "Passed") : t("不合格", "Failed")), sort: ({ outcome }) => String(outcome.passed) },
    { head: ["交卷", "Handed in"], show: ({ submitted_at }) => (submitted_at === null ? "—" : when(submitted_at)) },
    { head: ["公布", "Released"], show: ({ outcome }) => when(outcome.released_at) },
  ],
  empty: ["还没有公布的成绩。", "No outcome is released yet."],
});

interface Report {
  papers: { form: number; expected_points: number; error_points: number }[];
  question_count: number;
  most_uses: number;
  overlap: { mean: number; most: number };
  seed_commitment: string | null;
}

export function Papers({ id }: { id: string }) {
  const asked = useAsked<Report>(`/v1/exams/${id}/paper-report`);
  const report = asked.data;
  return (
    <Panel title={t("组卷报告", "Report on the papers")}>
      <About asked={asked} />
      {report === undefined ? null : (
        <>
          <Facts of={[[["用题", "Questions used"], count(report.question_count)], [["单题最多使用", "Most uses of one"], count(report.most_uses)], [["两套最多相同", "Most in common"], count(report.overlap.most)], [["抽题随机数承诺", "Commitment to the seed"], report.seed_commitment === null ? "—" : <code>{report.seed_commitment.slice(0, 24)}…</code>]]} />
          <Columns title={t("各套预期得分", "Points expected, by form")} of={report.papers.slice(0, 60).map(({ form, expected_points }) => ({ name: String(form), value: Math.round(expected_points * 10) / 10 }))} />
        </>
      )}
    </Panel>
  );
}

interface Figures {
  forms: { form: number; figures: { candidate_count: number; mean: number; median: number; pass_share: number; alpha: number | null; histogram: number[] } | null }[];
}

export function Statistics({ id }: { id: string }) {
  const asked = useAsked<Figures>(`/v1/exams/${id}/statistics`);
  const forms = (asked.data?.forms ?? []).filter(({ figures }) => figures !== null);
  return (
    <Panel title={t("成绩统计", "Statistics")}>
      <About asked={asked} />
      {asked.data !== undefined && forms.length === 0 ? <p class="note">{t("还没有足够的成绩可供统计。", "Not enough outcomes yet.")}</p> : null}
      {forms.map(({ form, figures }) => (
        <div key={form} class="grid">
          <Facts of={[[["试卷", "Form"], count(form)], [["人数", "Candidates"], count(figures!.candidate_count)], [["平均分", "Mean"], figures!.mean.toFixed(1)], [["中位数", "Median"], figures!.median.toFixed(1)], [["合格率", "Passed"], percent(figures!.pass_share)], [["信度 α", "Reliability α"], figures!.alpha === null ? "—" : figures!.alpha.toFixed(2)]]} />
          <Columns title={t("得分率分布（人数）", "Candidates by share of the points")} of={figures!.histogram.map((value, at) => ({ name: `${at * 10}–${at === 9 ? 100 : at * 10 + 9}%`, value }))} />
        </div>
      ))}
    </Panel>
  );
}

interface Late {
  attempt_id: string;
  candidate_name: string;
  document_masked: string;
  deadline_at: string;
  entries: { slot: number; received_at: string }[];
  decision: { admitted: boolean; score_before: string; score_with: string } | null;
}

const decided = ({ admitted, score_before, score_with }: NonNullable<Late["decision"]>) => `${admitted ? t("采纳", "Admitted") : t("不采纳", "Not admitted")} ${score_before} → ${score_with}`;

export const late = (id: string): ListOf<Late> => ({
  path: `/v1/exams/${id}/late-responses`,
  name: ["迟到的作答", "Late responses"],
  id: ({ attempt_id }) => attempt_id,
  filters: [{ name: "open_only", label: ["仅待定", "Open only"], kind: "yes" }],
  columns: [
    called(["考生", "Candidate"], ({ candidate_name }) => candidate_name),
    { head: ["证件", "Document"], show: ({ document_masked }) => document_masked },
    { head: ["截止", "Deadline"], show: ({ deadline_at }) => clockTime(deadline_at) },
    { head: ["迟到题数", "Late words"], show: ({ entries }) => count(entries.length), number: true },
    { head: ["结论", "Decision"], show: ({ decision }) => (decision === null ? <Tag kind="warn">{t("待定", "Open")}</Tag> : decided(decision)), text: ({ decision }) => (decision === null ? t("待定", "Open") : decided(decision)) },
  ],
  rowTools: ({ attempt_id, decision, entries }) => (
    <Moves
      of={[true, false].map((admitted) => ({
        name: admitted ? ["采纳", "Admit"] : ["不采纳", "Leave out"],
        title: admitted ? ["采纳迟到作答", "Admit the late words"] : ["不采纳迟到作答", "Leave the late words out"],
        open: decision === null,
        danger: !admitted,
        preview: async () => <p>{t(`涉及 ${entries.length} 题。`, `${entries.length} responses are concerned.`)}</p>,
        fields: [REASON],
        submit: admitted ? ["采纳", "Admit"] : ["不采纳", "Leave out"],
        send: (values, one) => client.send(`/v1/attempts/${attempt_id}/late-decisions/${one}`, { ...values, admitted }),
      }))}
    />
  ),
  empty: ["没有迟到的作答。", "Nothing came late."],
});
