/** One class: timetable, learners with their hours, who was in which lesson, how it ends (培训班). */
import { clockTime, when } from "../../shared/dates.ts";
import { newId } from "../../shared/ids.ts";
import { client, sentence } from "../../shared/platform.ts";
import { t } from "../../shared/settings.ts";
import { useEffect, useState } from "preact/hooks";
import { changed, may, useAsked } from "../kit/asking.ts";
import { Download } from "../kit/download.tsx";
import { today } from "../kit/fields.tsx";
import { Moves, REASON, type MoveOf } from "../kit/form.tsx";
import { List, type ListOf } from "../kit/list.tsx";
import { Name } from "../kit/names.tsx";
import { About, Facts, Figure, Page, Panel, Tag, type Kind } from "../kit/parts.tsx";
import { SheetImport } from "../kit/upload.tsx";
import { count, word } from "../kit/two.ts";
import { SUBJECTS, TRAINING_MODES } from "../words.ts";
import { HoursOf } from "./training_hours.tsx";

export interface TrainingClass {
  id: string;
  provider_id: string;
  programme_id: string;
  name: string;
  mode: string;
  starts_on: string;
  ends_on: string;
  capacity: number;
  run_by_id: string;
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

interface Lesson {
  lesson: { id: string; subject: string; title: string; starts_at: string; ends_at: string; hours: string; withdrawn_at: string | null };
  teacher_name: string;
  room_name: string;
}

interface Learner {
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
            <Facts of={[[["培训机构", "Provider"], <Name sort="organisation" id={one.provider_id} />], [["方案", "Programme"], <a href={`#/training/programmes/${one.programme_id}`}><Name sort="programme" id={one.programme_id} /></a>], [["方式", "Mode"], word(TRAINING_MODES, one.mode)], [["日期", "Days"], `${one.starts_on} – ${one.ends_on}`], [["名额", "Places"], count(one.capacity)], [["班主任", "Run by"], <Name sort="person" id={one.run_by_id} />]]} />
            {one.report === null ? null : <p lang="zh-CN">{one.report}</p>}
          </Panel>
          <Timetable of={one} open={open} />
          <Learners of={one} open={open} />
          {open && may("plan_training") ? (
            <SheetImport of={{ title: ["批量加入学员", "Add learners from a workbook"], lead: ["列：姓名、证件类型、证件号码。先逐行预览，后写入。", "Columns: name, document type, document number. Previewed row by row, stored afterwards."], path: (sheet) => `/v1/training-classes/${id}/learner-imports/${sheet}` }} />
          ) : null}
          <Handouts id={id} />
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
const time = (at: string) => clockTime(at).slice(0, 5);

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

function Learners({ of, open }: { of: TrainingClass; open: boolean }) {
  const results = useAsked<{ items: Result[] }>(`/v1/training-classes/${of.id}/results`);
  const by = new Map((results.data?.items ?? []).map((one) => [one.learner.person_id, one]));
  const hours = (person: string) => by.get(person);
  const list: ListOf<Learner> = {
    path: `/v1/training-classes/${of.id}/learners`,
    name: ["学员", "Learners"],
    whole: (reply: { items: Learner[] }) => reply.items,
    id: ({ learner }) => learner.person_id,
    columns: [
      { head: ["姓名", "Name"], show: ({ name }) => <span lang="zh-CN">{name}</span>, text: ({ name }) => name, sort: ({ name }) => name },
      { head: ["证件", "Document"], show: ({ document_masked }) => document_masked },
      { head: ["单位", "Employer"], show: ({ employer_name }) => employer_name ?? "—", sort: ({ employer_name }) => employer_name ?? "" },
      { head: ["面授学时", "In class"], show: ({ learner }) => hours(learner.person_id)?.hours_in_class ?? "—", number: true },
      { head: ["网络学时", "Online"], show: ({ learner }) => hours(learner.person_id)?.hours_online ?? "—", number: true },
      { head: ["应修", "Due"], show: ({ learner }) => hours(learner.person_id)?.hours_due ?? "—", number: true },
      { head: ["训前 / 训后", "Before / after"], show: ({ learner }) => `${learner.pre_score ?? "—"} / ${learner.post_score ?? "—"}`, number: true, sort: ({ learner }) => learner.post_score ?? -1 },
      { head: ["结业", "Completed"], show: ({ learner }) => (learner.completed === null ? "—" : <Tag kind={learner.completed ? "good" : "bad"}>{learner.completed ? t("完成", "Completed") : t("未完成", "Not completed")}</Tag>), text: ({ learner }) => String(learner.completed), sort: ({ learner }) => String(learner.completed) },
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

function Handouts({ id }: { id: string }) {
  const asked = useAsked<{ items: { id: string; title: string; size: number }[] }>(`/v1/training-classes/${id}/materials`);
  return (
    <Panel title={t("课件资料", "Materials")}>
      <About asked={asked} />
      {asked.data?.items.length === 0 ? <p class="note">{t("没有课件。", "None.")}</p> : null}
      <ul class="lines">{(asked.data?.items ?? []).map((one) => <li key={one.id}><span lang="zh-CN">{one.title}</span><span class="note">{count(Math.ceil(one.size / 1000))} kB</span><Download path={`/v1/training-classes/${id}/materials/${one.id}`} name={one.title} words={t("下载", "Download")} /></li>)}</ul>
    </Panel>
  );
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

interface Attendance {
  id: string;
  person_id: string;
  way: string;
  signed_at: string;
  flags: string[];
  confirmed: boolean | null;
}

const WAYS = { code: ["扫动态码", "By the code"], list: ["教师点名", "By the list"], check_in_phone: ["签到手机", "Check-in phone"] } as const;
const FLAGS = { late: ["断网补传", "Came late"], shared_phone: ["一机多人", "A shared phone"] } as const;

/** Who was in a lesson: the code on the wall, the list of the teacher, what must be looked at. */
export function LessonPage({ id, lesson }: { id: string; lesson: string }) {
  const lessons = useAsked<{ items: Lesson[] }>(`/v1/training-classes/${id}/lessons`);
  const learners = useAsked<{ items: Learner[] }>(`/v1/training-classes/${id}/learners`);
  const there = useAsked<{ items: Attendance[] }>(`/v1/class-lessons/${lesson}/attendances`);
  const [chosen, choose] = useState<Set<string>>(new Set());
  const [code, show] = useState(false);
  const [failure, fail] = useState<string | null>(null);
  const one = lessons.data?.items.find(({ lesson: each }) => each.id === lesson);
  const by = new Map((there.data?.items ?? []).map((each) => [each.person_id, each]));
  const all = learners.data?.items ?? [];
  const enter = async () => {
    try {
      const at = one === undefined ? new Date().toISOString() : one.lesson.starts_at;
      const { items } = await client.send<{ items: { detail: string | null }[] }>(`/v1/class-lessons/${lesson}/attendances`, { way: "list", people: [...chosen].map((person_id) => ({ id: newId(), person_id, signed_at: at })) });
      fail(items.map(({ detail }) => detail).filter(Boolean).join(" ") || null);
      choose(new Set());
      changed();
    } catch (refusal) {
      fail(sentence(refusal));
    }
  };
  return (
    <Page title={one?.lesson.title ?? t("一课", "Lesson")} trail={[{ to: "/training/classes", words: t("培训班", "Classes") }, { to: `/training/classes/${id}`, words: t("课表", "Timetable") }]} tools={<button class="button quiet" onClick={() => show(!code)}>{code ? t("收起签到码", "Hide the code") : t("显示签到码", "Show the code")}</button>}>
      <About asked={lessons} />
      {one === undefined ? null : <p>{when(one.lesson.starts_at)} – {time(one.lesson.ends_at)} · <span lang="zh-CN">{one.teacher_name} · {one.room_name}</span> · {one.lesson.hours} {t("学时", "h")}</p>}
      {code ? <SignInCode lesson={lesson} /> : null}
      <div class="figures">
        <Figure name={t("学员", "Learners")} value={count(all.length)} />
        <Figure name={t("已签到", "Signed in")} value={count(by.size)} kind={by.size === all.length && by.size > 0 ? "good" : "plain"} />
        <Figure name={t("需查看", "To look at")} value={count([...by.values()].filter(({ flags, confirmed }) => flags.length > 0 && confirmed === null).length)} />
      </div>
      <Panel title={t("考勤", "Attendance")} tools={chosen.size === 0 ? undefined : <button class="button" onClick={() => void enter()}>{t(`补录 ${chosen.size} 人到课`, `Enter ${chosen.size} as present`)}</button>}>
        <About asked={learners} />
        {failure === null ? null : <p class="failure" role="alert">{failure}</p>}
        <List
          of={{
            path: `/v1/training-classes/${id}/learners`,
            name: ["考勤", "Attendance"],
            whole: (reply: { items: Learner[] }) => reply.items,
            id: ({ learner }) => learner.person_id,
            chosen: { ids: chosen, change: (ids) => choose(new Set([...ids].filter((person) => !by.has(person)))) },
            columns: [
              { head: ["姓名", "Name"], show: ({ name }) => <span lang="zh-CN">{name}</span>, text: ({ name }) => name, sort: ({ name }) => name },
              { head: ["证件", "Document"], show: ({ document_masked }) => document_masked },
              { head: ["到课", "There"], show: ({ learner }) => { const found = by.get(learner.person_id); return found === undefined ? <Tag kind="bad">{t("未签到", "Not signed in")}</Tag> : <Tag kind={found.confirmed === false ? "bad" : found.flags.length > 0 && found.confirmed === null ? "warn" : "good"}>{found.confirmed === false ? t("不计", "Does not count") : word(WAYS, found.way)}</Tag>; }, text: ({ learner }) => by.get(learner.person_id)?.signed_at ?? "" },
              { head: ["签到时间", "When"], show: ({ learner }) => { const found = by.get(learner.person_id); return found === undefined ? "—" : when(found.signed_at); } },
              { head: ["需查看", "Why to look"], show: ({ learner }) => (by.get(learner.person_id)?.flags ?? []).map((flag) => word(FLAGS, flag)).join("、") || "—" },
            ],
            rowTools: ({ learner }) => { const found = by.get(learner.person_id); return found === undefined || found.flags.length === 0 || found.confirmed !== null ? null : <Moves of={[true, false].map((good) => ({ name: good ? ["计入", "Count it"] : ["不计", "Do not count"], title: good ? ["计入签到", "Count the sign-in"] : ["不计签到", "Do not count it"], danger: !good, fields: [REASON], submit: good ? ["计入", "Count it"] : ["不计", "Do not count"], send: (values) => client.send(`/v1/attendances/${found.id}/confirmation`, { ...values, good }) }))} />; },
            empty: ["本班还没有学员。", "The class has no learner yet."],
          }}
        />
      </Panel>
    </Page>
  );
}

/** The code of this moment, as large as the wall allows; asked anew when it has run out. */
function SignInCode({ lesson }: { lesson: string }) {
  const asked = useAsked<{ svg: string; valid_until: string }>(`/v1/class-lessons/${lesson}/sign-in-code`);
  const until = asked.data?.valid_until;
  useEffect(() => {
    if (until === undefined) return;
    const timer = setTimeout(asked.again, Math.max(1000, Date.parse(until) - Date.now()));
    return () => clearTimeout(timer);
  }, [until]);
  return (
    <Panel title={t("请学员用手机应用扫码签到", "Learners scan this with the phone app")}>
      <About asked={asked} />
      {asked.data === undefined ? null : <img class="wall-code" src={`data:image/svg+xml;base64,${btoa(asked.data.svg)}`} alt={t("签到二维码", "QR code for signing in")} />}
    </Panel>
  );
}
