/** An exam while it runs and after: who answers, the room's clock, outcomes, papers, late words (考场实况). */
import { useEffect, useState } from "preact/hooks";
import { clockTime, when } from "../../shared/dates.ts";
import { client } from "../../shared/platform.ts";
import { t } from "../../shared/settings.ts";
import { may, useAsked } from "../kit/asking.ts";
import { Columns } from "../kit/chart.tsx";
import type { FieldOf } from "../kit/fields.tsx";
import { Moves, REASON, type MoveOf } from "../kit/form.tsx";
import { whereItIsDone } from "../kit/jobs.tsx";
import { List, type ListOf } from "../kit/list.tsx";
import { Name } from "../kit/names.tsx";
import { About, Facts, Figure, Page, Panel, Tag } from "../kit/parts.tsx";
import { count, percent, short, word } from "../kit/two.ts";
import { ATTEMPT_STATES, EXAM_STATES, LOOKS, ROOM_ACTS, START_MODES } from "../words.ts";

export interface Exam {
  id: string;
  name: string;
  qualification_id: string;
  organisation_id: string;
  specification_id: string;
  opens_at: string;
  closes_at: string;
  allowed_minutes: number | null;
  start_mode: string;
  state: string;
  form_count: number;
  release_at: string | null;
}

interface Attendance {
  enrolled_count: number;
  hindered_count: number;
  withdrawn_count: number;
  absent_count: number;
  in_progress_count: number;
  submitted_count: number;
  graded_count: number;
  voided_count: number;
}

export function ExamPage({ id }: { id: string }) {
  const asked = useAsked<Exam>(`/v1/exams/${id}`);
  const exam = asked.data;
  return (
    <Page title={exam?.name ?? t("考试", "Exam")} trail={[{ to: "/exams/exams", words: t("考试与考场", "Exams and rooms") }]} tools={exam === undefined ? undefined : <Moves of={moves(exam)} />}>
      <About asked={asked} />
      {exam === undefined ? null : (
        <>
          <Panel>
            <Facts of={[[["状态", "State"], <Tag kind={LOOKS[exam.state] ?? "plain"}>{word(EXAM_STATES, exam.state)}</Tag>], [["资格", "Qualification"], <Name sort="qualification" id={exam.qualification_id} />], [["组织单位", "Organiser"], <Name sort="organisation" id={exam.organisation_id} />], [["时间", "Hours"], `${when(exam.opens_at)} – ${when(exam.closes_at)}`], [["分钟", "Minutes"], count(exam.allowed_minutes)], [["开始方式", "Start"], word(START_MODES, exam.start_mode)], [["试卷套数", "Forms"], count(exam.form_count)], [["成绩公布", "Released"], exam.release_at === null ? t("即时", "at once") : when(exam.release_at)]]} />
          </Panel>
          <Standing id={id} />
          {may("invigilate") ? <Live id={id} /> : null}
          {may("see_outcomes") ? <Panel title={t("成绩", "Outcomes")}><List of={outcomes(id)} /></Panel> : null}
          {may("plan_exams") && exam.state === "published" ? <Papers id={id} /> : null}
          {may("see_statistics") ? <Statistics id={id} /> : null}
          {may("examine") ? <Panel title={t("迟到的作答", "Late responses")}><List of={late(id)} /></Panel> : null}
        </>
      )}
    </Page>
  );
}

function moves({ id, state, closes_at }: Exam): MoveOf[] {
  const print = (noun: string, name: readonly [string, string], needs: string, from = ""): MoveOf => ({
    name,
    title: name,
    lead: ["作为后台任务生成 PDF，并记入审计。", "Made as a job, and kept in the audit."],
    needs,
    open: state === "published" && (from === "" || Date.now() >= Date.parse(from)),
    fields: [{ name: "copies_for", label: ["份数", "Copies"], kind: "choice", choices: { forms: ["每套一份", "One of each form"], candidates: ["每名考生一份", "One for each candidate"] } }, REASON],
    initial: { copies_for: "forms" },
    submit: ["打印", "Print"],
    send: (values, job) => client.send(`/v1/exams/${id}/${noun}/${job}`, values),
    then: (_, job) => `/jobs/${job}`,
  });
  return [
    { name: ["发布考试", "Publish"], title: ["发布考试", "Publish the exam"], lead: ["抽取并密封试卷，之后不能再改；套数很多时作为后台任务完成。", "Papers are drawn and sealed; nothing changes afterwards. Many forms are made by a job."], needs: "plan_exams", open: state === "draft", main: true, fields: [], submit: ["发布", "Publish"], send: () => client.send(`/v1/exams/${id}/publication`), then: whereItIsDone },
    print("paper-prints", ["打印试卷", "Print papers"], "print_papers"),
    // Keys stay secret until the exam is over.
    print("key-prints", ["打印标准答案", "Print keys"], "print_keys", closes_at),
  ];
}

/** Asked again every ten seconds while somebody looks. */
function useBeat(seconds: number): number {
  const [beat, next] = useState(0);
  useEffect(() => {
    const timer = setInterval(() => document.visibilityState === "visible" && next((count) => count + 1), seconds * 1000);
    return () => clearInterval(timer);
  }, [seconds]);
  return beat;
}

function Standing({ id }: { id: string }) {
  const beat = useBeat(10);
  const asked = useAsked<Attendance>(`/v1/exams/${id}/attendance`);
  useEffect(() => {
    if (beat > 0) asked.again();
  }, [beat]);
  const now = asked.data;
  return (
    <>
      <About asked={asked} />
      {now === undefined ? null : (
        <div class="figures" data-live>
          <Figure name={t("已报名", "Enrolled")} value={count(now.enrolled_count)} />
          <Figure name={t("作答中", "In progress")} value={count(now.in_progress_count)} kind="main" />
          <Figure name={t("已交卷", "Handed in")} value={count(now.submitted_count + now.graded_count)} kind="good" />
          <Figure name={t("未到", "Absent")} value={count(now.absent_count)} kind={now.absent_count > 0 ? "warn" : "plain"} />
          <Figure name={t("作废", "Voided")} value={count(now.voided_count)} kind={now.voided_count > 0 ? "bad" : "plain"} />
          <Figure name={t("不符合条件", "Hindered")} value={count(now.hindered_count)} />
        </div>
      )}
    </>
  );
}

interface Attempt {
  id: string;
  enrolment_id: string;
  candidate_id: string;
  state: string;
  started_at: string;
  deadline_at: string;
  extra_seconds: number;
  room_seconds: number;
  paused_at: string | null;
  submitted_at: string | null;
  void_reason: string | null;
}

/** Who sits where, by enrolment. */
type Seats = Map<string, { name: string; seat: string | null; room: string }>;

interface OwnDuty {
  sitting_id: string;
  duty: string;
  room: string;
  rooms: { room_id: string; name: string }[];
}

/** The rosters of the rooms one watches: an invigilator sees names without the register of people. */
async function rosters(exam: string): Promise<Seats> {
  const { items } = await client.get<{ items: OwnDuty[] }>("/v1/me/duties");
  const watched = items.filter(({ sitting_id, duty }) => sitting_id === exam && duty === "invigilator");
  const rooms = new Set(watched.flatMap((one) => one.rooms.filter(({ name }) => one.room === "" || one.room === name).map(({ room_id }) => room_id)));
  const found: Seats = new Map();
  for (const room of rooms) {
    const { text } = await client.get<{ text: string }>(`/v1/sittings/${exam}/rooms/${room}/roster`);
    const roster = JSON.parse(text) as { room: string; people: { enrolment_id: string; name: string; seat: string | null }[] };
    for (const { enrolment_id, name, seat } of roster.people) found.set(enrolment_id, { name, seat, room: roster.room });
  }
  return found;
}

const attempts = (id: string, seats: Seats): ListOf<Attempt> => ({
  path: `/v1/exams/${id}/attempts`,
  name: ["答卷", "Attempts"],
  id: (attempt) => attempt.id,
  pageSize: 200,
  columns: [
    { head: ["考生", "Candidate"], show: ({ candidate_id, enrolment_id }) => seats.get(enrolment_id)?.name ?? <CandidateName id={candidate_id} />, text: ({ candidate_id, enrolment_id }) => seats.get(enrolment_id)?.name ?? candidate_id },
    { head: ["座位", "Seat"], show: ({ enrolment_id }) => { const at = seats.get(enrolment_id); return at === undefined ? "—" : `${at.room} ${at.seat ?? ""}`; }, sort: ({ enrolment_id }) => seats.get(enrolment_id)?.seat ?? "" },
    { head: ["状态", "State"], show: ({ state, paused_at }) => (paused_at !== null && state === "in_progress" ? <Tag kind="warn">{t("已暂停", "Paused")}</Tag> : <Tag kind={LOOKS[state] ?? "main"}>{word(ATTEMPT_STATES, state)}</Tag>), text: ({ state }) => word(ATTEMPT_STATES, state), sort: ({ state }) => state },
    { head: ["开始", "Started"], show: ({ started_at }) => clockTime(started_at), sort: ({ started_at }) => started_at },
    { head: ["截止", "Deadline"], show: ({ deadline_at }) => clockTime(deadline_at), sort: ({ deadline_at }) => deadline_at },
    { head: ["延时", "Extended"], show: ({ extra_seconds, room_seconds }) => minutes(extra_seconds + room_seconds), number: true },
    { head: ["交卷", "Handed in"], show: ({ submitted_at }) => (submitted_at === null ? "—" : clockTime(submitted_at)) },
  ],
  rowTools: ({ id: attempt, state, extra_seconds, started_at, submitted_at }) => (
    <Moves
      of={[
        { name: ["延时", "Extend"], title: ["为一人延时", "Extend one attempt"], needs: "invigilate", open: state === "in_progress", fields: [MINUTES, REASON], submit: ["延时", "Extend"], send: ({ minutes, reason }) => client.send(`/v1/attempts/${attempt}/extension`, { extra_seconds: extra_seconds + Number(minutes) * 60, reason }) },
        { name: ["换机", "Move"], title: ["换一台手机", "Move to another phone"], lead: ["生成换机码，考生在新手机上输入。", "A code is made, which the candidate types on the new phone."], needs: "invigilate", open: state === "in_progress", fields: [REASON], submit: ["生成换机码", "Make the code"], send: (values, move) => client.send(`/v1/attempts/${attempt}/moving-codes/${move}`, values), told: (reply: { code: string; expires_at: string }) => <p>{t("换机码", "Code")}: <strong class="big">{reply.code}</strong> <span class="note">{t("有效至", "until")} {clockTime(reply.expires_at)}</span></p> },
        { name: ["作废", "Void"], title: ["作废答卷", "Void the attempt"], needs: "invigilate", open: state !== "voided", danger: true, fields: [COUNTS, REASON], initial: { counts: true }, preview: async () => <p>{t(`1 份答卷：${clockTime(started_at)} 开始，${submitted_at === null ? "尚未交卷" : `${clockTime(submitted_at)} 交卷`}。`, `1 attempt, started ${clockTime(started_at)}, ${submitted_at === null ? "not handed in" : `handed in ${clockTime(submitted_at)}`}.`)}</p>, submit: ["作废", "Void"], send: (values) => client.send(`/v1/attempts/${attempt}/voiding`, values) },
      ]}
    />
  ),
  empty: ["还没有人开始作答。", "Nobody has started yet."],
});

const minutes = (seconds: number) => t(`${Math.round(seconds / 60)} 分钟`, `${Math.round(seconds / 60)} min`);
const MINUTES: FieldOf = { name: "minutes", label: ["分钟", "Minutes"], kind: "number", min: 1, max: 1440 };
const COUNTS: FieldOf = { name: "counts", label: ["计入考试次数", "It uses up an attempt"], kind: "yes" };

/** An invigilator need not see the register of people: then the beginning of the id stands. */
const CandidateName = ({ id }: { id: string }) => (may("see_people") ? <Name sort="person" id={id} /> : <code>{short(id)}</code>);

interface RoomEvent {
  id: string;
  room: string | null;
  kind: string;
  reason: string;
  seconds: number | null;
  happened_at: string;
  changed_count: number;
  left_count: number;
}

const events = (id: string): ListOf<RoomEvent> => ({
  path: `/v1/exams/${id}/room-events`,
  name: ["考场处置", "What was done to rooms"],
  id: (event) => event.id,
  columns: [
    { head: ["时间", "When"], show: ({ happened_at }) => when(happened_at) },
    { head: ["处置", "Act"], show: ({ kind, seconds }) => `${word(ROOM_ACTS, kind)}${seconds === null ? "" : ` ${minutes(seconds)}`}` },
    { head: ["考场", "Room"], show: ({ room }) => room ?? t("全部", "All") },
    { head: ["理由", "Reason"], show: ({ reason }) => reason },
    { head: ["影响答卷", "Attempts changed"], show: ({ changed_count }) => count(changed_count), number: true },
    { head: ["未变", "Left"], show: ({ left_count }) => count(left_count), number: true },
  ],
  empty: ["还没有考场处置。", "Nothing was done to a room yet."],
});

function Live({ id }: { id: string }) {
  const room: FieldOf = { name: "room", label: ["考场名称（空为全部）", "Room by name (empty: all)"], kind: "text", optional: true };
  const touched = async () => {
    const now = await client.get<Attendance>(`/v1/exams/${id}/attendance`);
    return <p>{t(`作答中 ${now.in_progress_count} 人，已交卷 ${now.submitted_count + now.graded_count} 人。`, `${now.in_progress_count} in progress, ${now.submitted_count + now.graded_count} handed in.`)}</p>;
  };
  const act = (kind: string, name: readonly [string, string], more: FieldOf[] = [], danger = false): MoveOf => ({
    name,
    title: name,
    danger,
    main: kind === "start",
    fields: [room, ...more, REASON],
    preview: touched,
    submit: name,
    send: ({ minutes, ...values }, event) => client.send(`/v1/exams/${id}/room-events/${event}`, { kind, ...values, ...(minutes === undefined ? {} : { seconds: Number(minutes) * 60 }) }),
  });
  const seats = useAsked<Seats>(`rosters of ${id}`, () => rosters(id));
  return (
    <Panel title={t("考场实况", "Live")} tools={<Moves of={[act("start", ["现在开始", "Start now"]), act("pause", ["全场暂停", "Pause"]), act("resume", ["全场恢复", "Resume"]), act("extension", ["全场延时", "Extend"], [MINUTES]), act("voiding", ["全场作废", "Void"], [COUNTS], true)]} />}>
      <List of={attempts(id, seats.data ?? new Map())} />
      <List of={events(id)} />
    </Panel>
  );
}

interface Outcome {
  id: string;
  candidate_id: string;
  started_at: string;
  submitted_at: string | null;
  outcome: { score: string; max_score: string; passed: boolean; graded_at: string; released_at: string };
}

const outcomes = (id: string): ListOf<Outcome> => ({
  path: `/v1/exams/${id}/outcomes`,
  name: ["成绩", "Outcomes"],
  id: (attempt) => attempt.id,
  columns: [
    { head: ["考生", "Candidate"], show: ({ candidate_id }) => <CandidateName id={candidate_id} />, text: ({ candidate_id }) => candidate_id },
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

function Papers({ id }: { id: string }) {
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

function Statistics({ id }: { id: string }) {
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
  candidate_id: string;
  deadline_at: string;
  entries: { slot: number; received_at: string }[];
  decision: { admitted: boolean; score_before: string; score_with: string } | null;
}

const late = (id: string): ListOf<Late> => ({
  path: `/v1/exams/${id}/late-responses`,
  name: ["迟到的作答", "Late responses"],
  id: ({ attempt_id }) => attempt_id,
  columns: [
    { head: ["考生", "Candidate"], show: ({ candidate_id }) => <CandidateName id={candidate_id} />, text: ({ candidate_id }) => candidate_id },
    { head: ["截止", "Deadline"], show: ({ deadline_at }) => clockTime(deadline_at) },
    { head: ["迟到题数", "Late words"], show: ({ entries }) => count(entries.length), number: true },
    { head: ["结论", "Decision"], show: ({ decision }) => (decision === null ? <Tag kind="warn">{t("待定", "Open")}</Tag> : `${decision.admitted ? t("采纳", "Admitted") : t("不采纳", "Not admitted")} ${decision.score_before} → ${decision.score_with}`) },
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
