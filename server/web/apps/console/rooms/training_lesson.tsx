/** One lesson of a class: the code on the wall, who was there, what must be looked at (考勤). */
import { useEffect, useState } from "preact/hooks";
import { when } from "../../shared/dates.ts";
import { newId } from "../../shared/ids.ts";
import { client, sentence } from "../../shared/platform.ts";
import { t } from "../../shared/settings.ts";
import { changed, useAsked } from "../kit/asking.ts";
import { Moves, REASON } from "../kit/form.tsx";
import { List } from "../kit/list.tsx";
import { About, Figure, Page, Panel, Tag } from "../kit/parts.tsx";
import { count, word, type Words } from "../kit/two.ts";
import { time, type Learner, type Lesson } from "./training_class.tsx";

interface Attendance {
  id: string;
  person_id: string;
  way: string;
  signed_at: string;
  flags: string[];
  confirmed: boolean | null;
}

const PRESENCE: Words = { signed_in: ["已签到", "Signed in"], missing: ["未签到", "Not signed in"], to_look_at: ["需查看", "To look at"] };
const WAYS = { code: ["扫动态码", "By the code"], list: ["教师点名", "By the list"], check_in_phone: ["签到手机", "Check-in phone"] } as const;
const FLAGS = { late: ["断网补传", "Came late"], shared_phone: ["一机多人", "A shared phone"] } as const;

/** How somebody was in the lesson, in words. */
const came = (found: Attendance | undefined) => (found === undefined ? t("未签到", "Not signed in") : found.confirmed === false ? t("不计", "Does not count") : word(WAYS, found.way));

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
            path: `/v1/training-classes/${id}/learners?lesson_id=${lesson}`,
            filters: [{ name: "presence", label: ["到课", "There"], kind: "choice", choices: PRESENCE }],
            name: ["考勤", "Attendance"],
            whole: (reply: { items: Learner[] }) => reply.items,
            id: ({ learner }) => learner.person_id,
            chosen: { ids: chosen, change: (ids) => choose(new Set([...ids].filter((person) => !by.has(person)))) },
            columns: [
              { head: ["姓名", "Name"], show: ({ name }) => <span lang="zh-CN">{name}</span>, text: ({ name }) => name, sort: ({ name }) => name },
              { head: ["证件", "Document"], show: ({ document_masked }) => document_masked },
              { head: ["到课", "There"], show: ({ learner }) => { const found = by.get(learner.person_id); return <Tag kind={found === undefined || found.confirmed === false ? "bad" : found.flags.length > 0 && found.confirmed === null ? "warn" : "good"}>{came(found)}</Tag>; }, text: ({ learner }) => came(by.get(learner.person_id)) },
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
