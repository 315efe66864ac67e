/** One class: timetable, learners with their hours, how it ends (培训班). */
import { clockTime } from "../../shared/dates.ts";
import { client } from "../../shared/platform.ts";
import { t } from "../../shared/settings.ts";
import { may, useAsked } from "../kit/asking.ts";
import { Download } from "../kit/download.tsx";
import { today } from "../kit/fields.tsx";
import { Moves, REASON, type MoveOf } from "../kit/form.tsx";
import { List, type ListOf } from "../kit/list.tsx";
import { About, Facts, Figure, Page, Panel, Tag, type Kind } from "../kit/parts.tsx";
import { SheetImport } from "../kit/upload.tsx";
import { count, word, type Words } from "../kit/two.ts";
import { SUBJECTS, TRAINING_MODES } from "../words.ts";
import { HoursOf } from "./training_hours.tsx";
import { Materials } from "./training_materials.tsx";

export interface TrainingClass {
  id: string;
  provider_id: string;
  provider_name: string;
  programme_id: string;
  programme_name: string;
  name: string;
  mode: string;
  starts_on: string;
  ends_on: string;
  capacity: number;
  run_by_name: string;
  cancelled_at: string | null;
  reason: string | null;
  closed_at: string | null;
  report: string | null;
}

/** Where a class stands today. */
export function standing({ cancelled_at, closed_at, starts_on, ends_on }: TrainingClass): { kind: Kind; words: string } {
  if (cancelled_at !== null) return { kind: "bad", words: t("已取消", "Cancelled") };
  if (closed_at !== null) return { kind: "good", words: t("已结业", "Closed") };
  if (today() < starts_on) return { kind: "plain", words: t("未开班", "To come") };
  return today() > ends_on ? { kind: "warn", words: t("待结业", "To be closed") } : { kind: "main", words: t("在办", "Running") };
}

export interface Lesson {
  lesson: { id: string; subject: string; title: string; starts_at: string; ends_at: string; hours: string; withdrawn_at: string | null };
  teacher_name: string;
  room_name: string;
}

export interface Learner {
  learner: { person_id: string; pre_score: number | null; post_score: number | null; hours_done: string | null; completed: boolean | null };
  name: string;
  document_masked: string;
  employer_name: string | null;
}

interface Result {
  learner: { person_id: string };
  hours_in_class: string;
  hours_online: string;
  hours_due: string;
}

export function ClassPage({ id }: { id: string }) {
  const asked = useAsked<TrainingClass>(`/v1/training-classes/${id}`);
  const one = asked.data;
  const open = one !== undefined && one.cancelled_at === null && one.closed_at === null;
  return (
    <Page title={one?.name ?? t("培训班", "Class")} trail={[{ to: "/training/classes", words: t("培训班", "Classes") }]} tools={one === undefined ? undefined : <><Moves of={moves(one, open)} /><Download path={`/v1/training-classes/${id}/file`} name={`${one.name}.pdf`} words={t("一期一档 PDF", "Class file (PDF)")} /></>}>
      <About asked={asked} />
      {one === undefined ? null : (
        <>
          <p><Tag kind={standing(one).kind}>{standing(one).words}</Tag> {one.reason ?? ""}</p>
          <Panel>
            <Facts of={[[["培训机构", "Provider"], <span lang="zh-CN">{one.provider_name}</span>], [["方案", "Programme"], <a href={`#/training/programmes/${one.programme_id}`}><span lang="zh-CN">{one.programme_name}</span></a>], [["方式", "Mode"], word(TRAINING_MODES, one.mode)], [["日期", "Days"], `${one.starts_on} – ${one.ends_on}`], [["名额", "Places"], count(one.capacity)], [["班主任", "Run by"], <span lang="zh-CN">{one.run_by_name}</span>]]} />
            {one.report === null ? null : <p lang="zh-CN">{one.report}</p>}
          </Panel>
          <Timetable of={one} open={open} />
          <Learners of={one} open={open} />
          {open && may("plan_training") ? (
            <SheetImport of={{ title: ["批量加入学员", "Add learners from a workbook"], lead: ["列：姓名、证件类型、证件号码。先逐行预览，后写入。", "Columns: name, document type, document number. Previewed row by row, stored afterwards."], path: (sheet) => `/v1/training-classes/${id}/learner-imports/${sheet}` }} />
          ) : null}
          <Materials id={id} open={open} />
          <Opinions id={id} />
        </>
      )}
    </Page>
  );
}

function moves({ id, starts_on }: TrainingClass, open: boolean): MoveOf[] {
  const base = `/v1/training-classes/${id}`;
  const people = async () => {
    const { items } = await client.get<{ items: unknown[] }>(`${base}/learners`);
    return <p>{t(`涉及 ${items.length} 名学员。`, `${items.length} learners are concerned.`)}</p>;
  };
  return [
    { name: ["结业", "Close"], title: ["结业", "Close the class"], lead: ["统计每人学时，达到要求的写入培训档案；之后不能再改。", "Hours are counted and written into every file; nothing changes afterwards."], needs: "plan_training", open, main: true, fields: [{ name: "report", label: ["总结", "Report"], kind: "long" }], preview: people, submit: ["结业", "Close"], send: (values) => client.send(`${base}/closing`, values) },
    { name: ["取消", "Cancel"], title: ["取消培训班", "Cancel the class"], needs: "plan_training", open: open && today() < starts_on, danger: true, fields: [REASON], preview: people, submit: ["取消培训班", "Cancel it"], send: (values) => client.send(`${base}/cancellation`, values) },
  ];
}

/** The timetable, day by day, as it hangs on the door. */
function Timetable({ of, open }: { of: TrainingClass; open: boolean }) {
  const asked = useAsked<{ items: Lesson[] }>(`/v1/training-classes/${of.id}/lessons`);
  const lessons = (asked.data?.items ?? []).filter(({ lesson }) => lesson.withdrawn_at === null);
  const days = [...new Set(lessons.map(({ lesson }) => on(lesson.starts_at)))].sort();
  return (
    <Panel title={t("课表", "Timetable")} tools={open ? <Moves of={[place(of)]} /> : undefined}>
      <About asked={asked} />
      {asked.data !== undefined && lessons.length === 0 ? <p class="note">{t("还没有排课。每一课要有时间、教师和教室。", "No lesson yet: each has its hours, a teacher and a room.")}</p> : null}
      <ol class="days">
        {days.map((day) => (
          <li key={day}>
            <h3>{day}</h3>
            <ol>
              {lessons.filter(({ lesson }) => on(lesson.starts_at) === day).map(({ lesson, teacher_name, room_name }) => (
                <li key={lesson.id} class="lesson">
                  <p class="number-line">{time(lesson.starts_at)} – {time(lesson.ends_at)} · {lesson.hours} {t("学时", "h")}</p>
                  <p><a href={`#/training/classes/${of.id}/lessons/${lesson.id}`} lang="zh-CN">{lesson.title}</a></p>
                  <p class="note">{word(SUBJECTS, lesson.subject)} · <span lang="zh-CN">{teacher_name} · {room_name}</span></p>
                  <Moves of={[{ name: ["撤课", "Withdraw"], title: ["撤课", "Take the lesson out"], needs: "plan_training", open, danger: true, fields: [REASON], preview: () => there(of.id, lesson.id), submit: ["撤课", "Withdraw"], send: (values) => client.send(`/v1/training-classes/${of.id}/lessons/${lesson.id}/withdrawal`, values) }]} />
                </li>
              ))}
            </ol>
          </li>
        ))}
      </ol>
    </Panel>
  );
}

/** Who would be without the lesson, and who has signed in to it. */
async function there(class_id: string, lesson: string) {
  const [learners, signed] = await Promise.all([client.get<{ items: unknown[] }>(`/v1/training-classes/${class_id}/learners`), client.get<{ items: unknown[] }>(`/v1/class-lessons/${lesson}/attendances`)]);
  return <p>{t(`涉及 ${learners.items.length} 名学员，其中 ${signed.items.length} 人已签到，其学时不再计入。`, `${learners.items.length} learners are concerned; ${signed.items.length} signed in, and these hours no longer count.`)}</p>;
}

const on = (at: string) => new Date(Date.parse(at) + 8 * 3_600_000).toISOString().slice(0, 10);
export const time = (at: string) => clockTime(at).slice(0, 5);

const place = ({ id, provider_id }: TrainingClass): MoveOf => ({
  name: ["排课", "Place a lesson"],
  title: ["排课", "Place a lesson"],
  lead: ["教师、教室、本班同一时间只能有一课；教师须有该科目的资格。", "One lesson at a time for the teacher, the room and the class; the teacher must be approved for the subject."],
  needs: "plan_training",
  main: true,
  fields: [
    { name: "subject", label: ["科目", "Subject"], kind: "choice", choices: SUBJECTS },
    { name: "title", label: ["内容", "Title"], kind: "text" },
    { name: "starts_at", label: ["自", "From"], kind: "moment" },
    { name: "ends_at", label: ["至", "Until"], kind: "moment" },
    { name: "hours", label: ["学时", "Hours"], kind: "decimal" },
    { name: "teacher_id", label: ["教师", "Teacher"], kind: "pick", path: `/v1/training-providers/${provider_id}/teachers`, shown: ({ name }: { name: string }) => name, value: ({ teacher }: { teacher: { id: string } }) => teacher.id },
    { name: "room_id", label: ["教室", "Room"], kind: "pick", path: `/v1/training-providers/${provider_id}/rooms` },
  ],
  submit: ["保存", "Save"],
  send: (values, lesson) => client.send(`/v1/training-classes/${id}/lessons/${lesson}`, values),
});

const COMPLETED: Words = { true: ["完成", "Completed"], false: ["未完成", "Not completed"] };

function Learners({ of, open }: { of: TrainingClass; open: boolean }) {
  const results = useAsked<{ items: Result[] }>(`/v1/training-classes/${of.id}/results`);
  const by = new Map((results.data?.items ?? []).map((one) => [one.learner.person_id, one]));
  const hours = (person: string) => by.get(person);
  const list: ListOf<Learner> = {
    path: `/v1/training-classes/${of.id}/learners`,
    name: ["学员", "Learners"],
    whole: (reply: { items: Learner[] }) => reply.items,
    id: ({ learner }) => learner.person_id,
    filters: [
      { name: "completed", label: ["结业", "Completed"], kind: "choice", choices: COMPLETED },
      ...(may("see_organisations") ? [{ name: "employer_id", label: ["单位", "Employer"], kind: "pick", sort: "organisation" } as const] : []),
    ],
    columns: [
      { head: ["姓名", "Name"], show: ({ name }) => <span lang="zh-CN">{name}</span>, text: ({ name }) => name, sort: ({ name }) => name },
      { head: ["证件", "Document"], show: ({ document_masked }) => document_masked },
      { head: ["单位", "Employer"], show: ({ employer_name }) => employer_name ?? "—", sort: ({ employer_name }) => employer_name ?? "" },
      { head: ["面授学时", "In class"], show: ({ learner }) => hours(learner.person_id)?.hours_in_class ?? "—", number: true },
      { head: ["网络学时", "Online"], show: ({ learner }) => hours(learner.person_id)?.hours_online ?? "—", number: true },
      { head: ["应修", "Due"], show: ({ learner }) => hours(learner.person_id)?.hours_due ?? "—", number: true },
      { head: ["训前 / 训后", "Before / after"], show: ({ learner }) => `${learner.pre_score ?? "—"} / ${learner.post_score ?? "—"}`, number: true, sort: ({ learner }) => learner.post_score ?? -1 },
      { head: ["结业", "Completed"], show: ({ learner }) => (learner.completed === null ? "—" : <Tag kind={learner.completed ? "good" : "bad"}>{learner.completed ? t("完成", "Completed") : t("未完成", "Not completed")}</Tag>), text: ({ learner }) => (learner.completed === null ? "—" : learner.completed ? t("完成", "Completed") : t("未完成", "Not completed")), sort: ({ learner }) => String(learner.completed) },
    ],
    rowTools: ({ learner: { person_id, pre_score, post_score }, name }) => (
      <>
        {of.mode === "classroom" ? null : <HoursOf class_id={of.id} person_id={person_id} name={name} />}
        <Moves
          of={[
            { name: ["成绩", "Scores"], title: ["训前训后成绩", "Scores before and after"], open, fields: [{ name: "pre_score", label: ["训前", "Before"], kind: "number", min: 0, max: 100, optional: true }, { name: "post_score", label: ["训后", "After"], kind: "number", min: 0, max: 100, optional: true }], initial: { pre_score, post_score }, submit: ["保存", "Save"], send: (values) => client.send(`/v1/training-classes/${of.id}/learners/${person_id}/scores`, { pre_score: null, post_score: null, ...values }) },
            { name: ["退班", "Withdraw"], title: ["退班", "Take the place back"], needs: "enrol_candidates", open, danger: true, fields: [REASON], preview: async () => <p>{t(`${name}：面授 ${hours(person_id)?.hours_in_class ?? 0}、网络 ${hours(person_id)?.hours_online ?? 0} 学时不再计入本班。`, `${name}: ${hours(person_id)?.hours_in_class ?? 0} hours in class and ${hours(person_id)?.hours_online ?? 0} online no longer count here.`)}</p>, submit: ["退班", "Withdraw"], send: (values) => client.send(`/v1/training-classes/${of.id}/learners/${person_id}/withdrawal`, values) },
          ]}
        />
      </>
    ),
    empty: ["还没有学员。可逐人加入、用工作簿批量加入，或从“到期与应训”名单整批加入。", "No learner yet: add one, a workbook, or those who are due."],
    next: <a class="button quiet" href="#/training/dues">{t("到期与应训", "Who is due")}</a>,
  };
  const add: MoveOf = {
    name: ["加入学员", "Add a learner"],
    title: ["加入学员", "Add a learner"],
    needs: "enrol_candidates",
    open,
    fields: [
      { name: "person_id", label: ["人员", "Person"], kind: "pick", sort: "person" },
      { name: "employer_id", label: ["报送单位", "Employer"], kind: "pick", sort: "organisation", optional: true },
    ],
    submit: ["加入", "Add"],
    send: ({ person_id, ...values }) => client.send(`/v1/training-classes/${of.id}/learners/${String(person_id)}`, values),
  };
  return <Panel title={t("学员与学时", "Learners and hours")} tools={<Moves of={[add]} />}><About asked={results} /><List of={list} /></Panel>;
}

function Opinions({ id }: { id: string }) {
  const asked = useAsked<{ count: number; average: number | null; comments: string[] }>(`/v1/training-classes/${id}/evaluations`);
  const said = asked.data;
  if (said === undefined || said.count === 0) return null;
  return (
    <Panel title={t("学员评价（不记名）", "What learners think (without names)")}>
      <div class="figures"><Figure name={t("平均（5 分制）", "Average of 5")} value={said.average === null ? "—" : said.average.toFixed(1)} /><Figure name={t("评价人数", "Learners")} value={count(said.count)} /></div>
      <ul class="plain-list">{said.comments.map((one) => <li key={one} lang="zh-CN">{one}</li>)}</ul>
    </Panel>
  );
}
