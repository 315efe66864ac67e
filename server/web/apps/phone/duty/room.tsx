/** A room on its day: who is expected, who came, and what is done to the room (考场值守). */
import { useEffect, useState } from "preact/hooks";
import { clockTime } from "../../shared/dates.ts";
import { newId } from "../../shared/ids.ts";
import { t } from "../../shared/settings.ts";
import { Sheet } from "../exam/sheet.tsx";
import { About, Card, Icon, Screen, Tag, when } from "../parts.tsx";
import { client, me } from "../platform.ts";
import { useReply } from "../replies.ts";
import { ActSheet, type Act } from "./acting.tsx";
import { StateTag, useDuties, type Duty } from "./duties.tsx";
import { OutboxBanner, OutboxLight } from "./light.tsx";
import { attemptActs, roomActs, type RoomAttempt } from "./room_acts.tsx";
import { arrivals, outbox, poke } from "./sending.ts";
import { doors, type Said } from "./storage.ts";
import { TicketScan } from "./tickets.tsx";

export interface Expected {
  enrolment_id: string;
  name: string;
  document: string;
  seat: string | null;
  ticket_number: number;
  waits: boolean;
  let_in: boolean;
}

interface Roster {
  room: string;
  exam: string;
  doors_at: string;
  opens_at: string;
  latest_at: string;
  made_at: string;
  people: Expected[];
}

/** What somebody's row says: what this phone said last goes before the roster, which is older. */
type Standing = "expected" | "in" | "away";

const standingOf = (one: Expected, said: Said[]): { at: Standing; last: Said | undefined } => {
  const last = said.filter(({ enrolment_id, verdict }) => enrolment_id === one.enrolment_id && (verdict === null || verdict === "accepted" || verdict === "repeated")).pop();
  if (last === undefined) return { at: one.let_in ? "in" : "expected", last };
  return { at: last.act === "arrival" ? "in" : "away", last };
};

export function RoomPage({ sitting, room }: { sitting: string; room: string }) {
  const duties = useDuties();
  const roster = useReply<{ text: string }>(`/v1/sittings/${sitting}/rooms/${room}/roster`);
  const [said, know] = useState<Said[]>([]);
  const duty = duties.data?.items.find(({ sitting_id }) => sitting_id === sitting);
  const of = roster.data === undefined ? undefined : (JSON.parse(roster.data.text) as Roster);
  const look = () => void doors.of(sitting, room).then(know).catch(() => undefined);
  useEffect(look, [sitting, room, outbox.value, arrivals.value]);
  useEffect(() => {
    // Something went through: the network is back, and the roster may be fetched again.
    if (arrivals.value > 0 && roster.failure !== null) roster.again();
  }, [arrivals.value]);
  const say = async (one: Expected, act: Said["act"], note: string | null) => {
    await doors.say({ id: newId(), sitting_id: sitting, room_id: room, account_id: me.value?.account_id ?? "", enrolment_id: one.enrolment_id, act, happened_at: new Date().toISOString(), note });
    look();
    poke();
  };
  return (
    <Screen title={of?.room ?? t("考场", "Room")} back="/duty" tools={<OutboxLight />}>
      <OutboxBanner />
      <About reply={roster} />
      {of === undefined ? null : <Inside {...{ of, sitting, duty, said, say }} again={roster.again} />}
    </Screen>
  );
}

interface Shown {
  of: Roster;
  sitting: string;
  duty: Duty | undefined;
  said: Said[];
  say: (one: Expected, act: Said["act"], note: string | null) => Promise<void>;
  again: () => void;
}

function Inside({ of, sitting, duty, said, say, again }: Shown) {
  const [text, type] = useState("");
  const [missing, only] = useState(false);
  const [chosen, choose] = useState<Expected | null>(null);
  const [act, begin] = useState<Act | null>(null);
  const attempts = useAttempts(sitting);
  const people = of.people.map((one) => ({ one, ...standingOf(one, said) }));
  const came = people.filter(({ at }) => at === "in").length;
  const shown = people.filter(({ one, at }) => (!missing || at === "expected") && `${one.name}${one.seat ?? ""}${one.document}`.toLowerCase().includes(text.trim().toLowerCase()));
  const refused = said.filter(({ verdict }) => verdict !== null && verdict !== "accepted" && verdict !== "repeated");
  return (
    <>
      <Card>
        <div class="split"><h2>{of.exam}</h2>{duty === undefined ? null : <StateTag state={duty.state} />}</div>
        <p class="note"><Icon name="clock" /> {t("入场", "Doors")} {when(of.doors_at)} · {t("开考", "Start")} {when(of.opens_at)} · {t("最迟", "latest")} {when(of.latest_at)}</p>
        <dl class="counts">
          <div><dt>{t("应到", "Expected")}</dt><dd>{people.length}</dd></div>
          <div><dt>{t("已到", "Came")}</dt><dd data-came>{came}</dd></div>
          <div><dt>{t("未到", "Missing")}</dt><dd>{people.filter(({ at }) => at === "expected").length}</dd></div>
        </dl>
      </Card>
      <RoomTools sitting={sitting} of={of} duty={duty} attempts={attempts.all} begin={begin} />
      <div class="finder">
        <input type="search" value={text} onInput={(event) => type(event.currentTarget.value)} placeholder={t("姓名、座位或证件尾号", "Name, seat or document")} aria-label={t("查找考生", "Find a candidate")} />
        <TicketScan people={of.people} onFound={choose} />
      </div>
      <label class="tick"><input type="checkbox" checked={missing} onChange={(event) => only(event.currentTarget.checked)} /><span>{t("只看未到", "Only who is missing")}</span></label>
      {refused.length === 0 ? null : (
        <Card kind="bad" title={t("需要处理", "To be looked at")}>
          <ul class="reasons">{refused.map((one) => <li key={one.id}><Tag kind="bad">{verdictWords(one.verdict)}</Tag> <span lang="zh-CN">{of.people.find(({ enrolment_id }) => enrolment_id === one.enrolment_id)?.name}</span></li>)}</ul>
        </Card>
      )}
      <ul class="card rows" aria-label={t("名单", "Roster")}>
        {shown.map(({ one, at, last }) => (
          <li key={one.enrolment_id}>
            <button class="row person" onClick={() => choose(one)} data-person={one.seat ?? ""}>
              <strong class="seat-mark">{one.seat ?? "–"}</strong>
              <span class="row-text"><span class="row-title" lang="zh-CN">{one.name}</span><span class="note">{one.document}{one.waits ? t(" · 候补", " · stand-by") : ""}</span></span>
              <Tag kind={at === "in" ? (last?.verdict === null ? "warn" : "good") : at === "away" ? "bad" : "plain"}>{at === "in" ? (last?.verdict === null ? t("已入场·未送达", "In · not sent") : attemptWord(attempts.of(one.enrolment_id))) : at === "away" ? t("拒绝入场", "Turned away") : t("未到", "Missing")}</Tag>
            </button>
          </li>
        ))}
      </ul>
      {shown.length === 0 ? <p class="note">{t("没有符合的考生。", "Nobody fits.")}</p> : null}
      <p class="note">{t(`名单为 ${when(of.made_at)} 的内容，断网时照常核验。`, `The roster is as of ${when(of.made_at)}; check-in goes on without a network.`)} <button class="link" onClick={again}>{t("更新名单", "Fetch it anew")}</button></p>
      {chosen === null || act !== null ? null : <Person one={chosen} at={standingOf(chosen, said).at} attempt={attempts.of(chosen.enrolment_id)} say={say} begin={begin} onClose={() => choose(null)} />}
      {act === null ? null : <ActSheet of={act} onClose={(done) => { begin(null); if (done) { choose(null); attempts.again(); } }} />}
    </>
  );
}

const VERDICTS: Record<string, [string, string]> = {
  contradicted: ["与其他手机的登记矛盾", "Another phone said otherwise"],
  wrong_room: ["不是本考场的考生", "Another room"],
  no_place: ["没有考位", "No place"],
  no_seat: ["没有空座位", "No free seat"],
  seat_taken: ["座位已有人", "The seat is taken"],
  too_late: ["已过最迟入场时间", "Too late"],
};

const verdictWords = (verdict: string | null) => t(...(VERDICTS[verdict ?? ""] ?? [verdict ?? "", verdict ?? ""]));

function attemptWord(attempt: RoomAttempt | undefined): string {
  if (attempt === undefined) return t("已入场", "Came in");
  if (attempt.state !== "in_progress") return attempt.state === "voided" ? t("已作废", "Voided") : t("已交卷", "Handed in");
  return attempt.paused_at === null ? t("作答中", "In progress") : t("已暂停", "Paused");
}

/** The attempts of the exam, asked again every quarter of a minute while somebody looks. */
function useAttempts(sitting: string) {
  const reply = useReply<RoomAttempt[]>(`/v1/exams/${sitting}/attempts?limit=200`, (path) => client.all<RoomAttempt>(path));
  useEffect(() => {
    const timer = setInterval(() => document.visibilityState === "visible" && reply.again(), 15_000);
    return () => clearInterval(timer);
  }, [sitting]);
  const by = new Map((reply.data ?? []).map((one) => [one.enrolment_id, one]));
  return { all: reply.data ?? [], of: (enrolment: string) => by.get(enrolment), again: reply.again };
}

function RoomTools({ sitting, of, duty, attempts, begin }: { sitting: string; of: Roster; duty: Duty | undefined; attempts: RoomAttempt[]; begin: (act: Act) => void }) {
  const here = new Set(of.people.map(({ enrolment_id }) => enrolment_id));
  const working = attempts.filter(({ enrolment_id, state }) => here.has(enrolment_id) && state === "in_progress").length;
  if (duty === undefined || duty.mode === "practical") return null;
  return (
    <div class="acts" role="group" aria-label={t("考场处置", "What is done to the room")}>
      {roomActs(sitting, of.room, working, duty.start_mode).map(({ icon, name, act, main, danger }) => (
        <button key={name} class={`act-button ${main ? "main" : ""} ${danger ? "danger" : ""}`} onClick={() => begin(act)}><Icon name={icon} /><span>{name}</span></button>
      ))}
    </div>
  );
}

function Person(props: { one: Expected; at: Standing; attempt: RoomAttempt | undefined; say: Shown["say"]; begin: (act: Act) => void; onClose: () => void }) {
  const { one, at, attempt, say, onClose } = props;
  const [why, type] = useState("");
  const done = (act: Said["act"], note: string | null) => void say(one, act, note).then(onClose);
  return (
    <Sheet title={one.name} onClose={onClose}>
      <dl class="facts"><dt>{t("座位", "Seat")}</dt><dd class="big">{one.seat ?? "–"}</dd><dt>{t("证件", "Document")}</dt><dd>{one.document}</dd></dl>
      <p class="note">{t("请核对本人、证件和准考证。", "Compare the person, the document and the ticket.")}</p>
      {at === "in" ? <p><Tag kind="good">{t("已入场", "Came in")}</Tag></p> : <button class="button wide" onClick={() => done("arrival", null)} data-let-in>{t("核验无误，入场", "All agrees: let in")}</button>}
      {at !== "expected" ? null : (
        <details>
          <summary class="link">{t("拒绝入场…", "Turn away …")}</summary>
          <form class="act" onSubmit={(event) => { event.preventDefault(); done("turning_away", why.trim()); }}>
            <div class="chips">{[t("人证不符", "Not the person"), t("未带证件", "No document")].map((word) => <button type="button" class="chip" key={word} aria-pressed={why === word} onClick={() => type(word)}>{word}</button>)}</div>
            <label class="field"><span>{t("理由", "Reason")}</span><input name="note" required maxLength={500} value={why} onInput={(event) => type(event.currentTarget.value)} /></label>
            <button class="button wide danger">{t("拒绝入场", "Turn away")}</button>
          </form>
        </details>
      )}
      {attempt === undefined ? null : (
        <>
          <p class="note">{t("开始", "Started")} {clockTime(attempt.started_at)} · {t("截止", "deadline")} {clockTime(attempt.deadline_at)}</p>
          <div class="acts">
            {attemptActs(attempt, one.name).map(({ icon, name, act, danger }) => <button key={name} class={`act-button ${danger ? "danger" : ""}`} onClick={() => props.begin(act)}><Icon name={icon} /><span>{name}</span></button>)}
          </div>
        </>
      )}
    </Sheet>
  );
}
