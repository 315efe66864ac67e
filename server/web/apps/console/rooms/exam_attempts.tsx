/** Who answers in an exam, and what is done to one of them or to a whole room (考场处置). */
import { clockTime, when } from "../../shared/dates.ts";
import { client } from "../../shared/platform.ts";
import { t } from "../../shared/settings.ts";
import { useAsked } from "../kit/asking.ts";
import type { FieldOf } from "../kit/fields.tsx";
import { Moves, REASON, type MoveOf } from "../kit/form.tsx";
import { List, type ListOf } from "../kit/list.tsx";
import { called } from "../kit/named.tsx";
import { Panel, Tag } from "../kit/parts.tsx";
import { count, word } from "../kit/two.ts";
import { ATTEMPT_STATES, LOOKS, ROOM_ACTS } from "../words.ts";
import type { Attendance } from "./exam_live.tsx";

interface Attempt {
  id: string;
  enrolment_id: string;
  candidate_name: string;
  document_masked: string;
  room: string;
  state: string;
  started_at: string;
  deadline_at: string;
  extra_seconds: number;
  room_seconds: number;
  paused_at: string | null;
  submitted_at: string | null;
  void_reason: string | null;
}

/** Seats by enrolment, of the rooms one watches. */
type Seats = Map<string, string | null>;

interface OwnDuty {
  sitting_id: string;
  duty: string;
  room: string;
  rooms: { room_id: string; name: string }[];
}

/** What the rosters of the rooms one watches say: on which seat somebody sits. */
async function rosters(exam: string): Promise<Seats> {
  const { items } = await client.get<{ items: OwnDuty[] }>("/v1/me/duties");
  const watched = items.filter(({ sitting_id, duty }) => sitting_id === exam && duty === "invigilator");
  const rooms = new Set(watched.flatMap((one) => one.rooms.filter(({ name }) => one.room === "" || one.room === name).map(({ room_id }) => room_id)));
  const found: Seats = new Map();
  for (const room of rooms) {
    const { text } = await client.get<{ text: string }>(`/v1/sittings/${exam}/rooms/${room}/roster`);
    const roster = JSON.parse(text) as { people: { enrolment_id: string; seat: string | null }[] };
    for (const { enrolment_id, seat } of roster.people) found.set(enrolment_id, seat);
  }
  return found;
}

const attempts = (id: string, seats: Seats): ListOf<Attempt> => ({
  path: `/v1/exams/${id}/attempts`,
  name: ["答卷", "Attempts"],
  id: (attempt) => attempt.id,
  pageSize: 200,
  filters: [
    { name: "state", label: ["状态", "State"], kind: "choice", choices: ATTEMPT_STATES },
    { name: "room", label: ["考场名称", "Room by name"], kind: "text" },
  ],
  columns: [
    called(["考生", "Candidate"], ({ candidate_name }) => candidate_name),
    { head: ["证件", "Document"], show: ({ document_masked }) => document_masked },
    { head: ["考场", "Room"], show: ({ room }) => room || "—" },
    { head: ["座位", "Seat"], show: ({ enrolment_id }) => seats.get(enrolment_id) ?? "—" },
    { head: ["状态", "State"], show: ({ state, paused_at }) => (paused_at !== null && state === "in_progress" ? <Tag kind="warn">{t("已暂停", "Paused")}</Tag> : <Tag kind={LOOKS[state] ?? "main"}>{word(ATTEMPT_STATES, state)}</Tag>), text: ({ state }) => word(ATTEMPT_STATES, state), sort: ({ state }) => state },
    { head: ["开始", "Started"], show: ({ started_at }) => clockTime(started_at), sort: ({ started_at }) => started_at },
    { head: ["截止", "Deadline"], show: ({ deadline_at }) => clockTime(deadline_at), sort: ({ deadline_at }) => deadline_at },
    { head: ["延时", "Extended"], show: ({ extra_seconds, room_seconds }) => minutes(extra_seconds + room_seconds), number: true },
    { head: ["交卷", "Handed in"], show: ({ submitted_at }) => (submitted_at === null ? "—" : clockTime(submitted_at)) },
  ],
  rowTools: ({ id: attempt, candidate_name, state, extra_seconds, started_at, submitted_at }) => (
    <Moves
      of={[
        { name: ["延时", "Extend"], title: ["为一人延时", "Extend one attempt"], needs: "invigilate", open: state === "in_progress", fields: [MINUTES, REASON], submit: ["延时", "Extend"], send: ({ minutes, reason }) => client.send(`/v1/attempts/${attempt}/extension`, { extra_seconds: extra_seconds + Number(minutes) * 60, reason }) },
        { name: ["换机", "Move"], title: ["换一台手机", "Move to another phone"], lead: ["生成换机码，考生在新手机上输入。", "A code is made, which the candidate types on the new phone."], needs: "invigilate", open: state === "in_progress", fields: [REASON], submit: ["生成换机码", "Make the code"], send: (values, move) => client.send(`/v1/attempts/${attempt}/moving-codes/${move}`, values), told: (reply: { code: string; expires_at: string }) => <p>{t("换机码", "Code")}: <strong class="big">{reply.code}</strong> <span class="note">{t("有效至", "until")} {clockTime(reply.expires_at)}</span></p> },
        { name: ["作废", "Void"], title: ["作废答卷", "Void the attempt"], needs: "invigilate", open: state !== "voided", danger: true, fields: [COUNTS, REASON], initial: { counts: true }, preview: async () => <p>{t(`${candidate_name}，1 份答卷：${clockTime(started_at)} 开始，${submitted_at === null ? "尚未交卷" : `${clockTime(submitted_at)} 交卷`}。`, `${candidate_name}, 1 attempt, started ${clockTime(started_at)}, ${submitted_at === null ? "not handed in" : `handed in ${clockTime(submitted_at)}`}.`)}</p>, submit: ["作废", "Void"], send: (values) => client.send(`/v1/attempts/${attempt}/voiding`, values) },
      ]}
    />
  ),
  empty: ["还没有人开始作答。", "Nobody has started yet."],
});

const minutes = (seconds: number) => t(`${Math.round(seconds / 60)} 分钟`, `${Math.round(seconds / 60)} min`);
const MINUTES: FieldOf = { name: "minutes", label: ["分钟", "Minutes"], kind: "number", min: 1, max: 1440 };
const COUNTS: FieldOf = { name: "counts", label: ["计入考试次数", "It uses up an attempt"], kind: "yes" };

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
  filters: [{ name: "kind", label: ["处置", "Act"], kind: "choice", choices: ROOM_ACTS }],
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

export function Live({ id }: { id: string }) {
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
