/** One exam while it runs and after: what it is, what is done to it as a whole, how many are there (考试). */
import { useEffect, useState } from "preact/hooks";
import { when } from "../../shared/dates.ts";
import { client } from "../../shared/platform.ts";
import { t } from "../../shared/settings.ts";
import { may, useAsked } from "../kit/asking.ts";
import { Moves, REASON, type MoveOf } from "../kit/form.tsx";
import { whereItIsDone } from "../kit/jobs.tsx";
import { List } from "../kit/list.tsx";
import { Name } from "../kit/names.tsx";
import { About, Facts, Figure, Page, Panel, Tag } from "../kit/parts.tsx";
import { count, word } from "../kit/two.ts";
import { EXAM_STATES, LOOKS, START_MODES } from "../words.ts";
import { Live } from "./exam_attempts.tsx";
import { late, outcomes, Papers, Statistics } from "./exam_outcomes.tsx";

export interface Exam {
  id: string;
  name: string;
  qualification_id: string;
  organisation_id: string;
  organisation_name: string;
  specification_id: string;
  opens_at: string;
  closes_at: string;
  allowed_minutes: number | null;
  start_mode: string;
  state: string;
  form_count: number;
  release_at: string | null;
}

export interface Attendance {
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
            <Facts of={[[["状态", "State"], <Tag kind={LOOKS[exam.state] ?? "plain"}>{word(EXAM_STATES, exam.state)}</Tag>], [["资格", "Qualification"], <Name sort="qualification" id={exam.qualification_id} />], [["组织单位", "Organiser"], <span lang="zh-CN">{exam.organisation_name}</span>], [["时间", "Hours"], `${when(exam.opens_at)} – ${when(exam.closes_at)}`], [["分钟", "Minutes"], count(exam.allowed_minutes)], [["开始方式", "Start"], word(START_MODES, exam.start_mode)], [["试卷套数", "Forms"], count(exam.form_count)], [["成绩公布", "Released"], exam.release_at === null ? t("即时", "at once") : when(exam.release_at)]]} />
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
