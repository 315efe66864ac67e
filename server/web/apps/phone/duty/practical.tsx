/** Scoring a practical by hand: each step, vetoes, photos; two examiners apart, a third where they differ (实操评分). */
import { useEffect, useState } from "preact/hooks";
import { newId } from "../../shared/ids.ts";
import { t } from "../../shared/settings.ts";
import { About, Card, Icon, Screen, Tag, when } from "../parts.tsx";
import { client, me, sentence } from "../platform.ts";
import { useReply } from "../replies.ts";
import { useBoard, type BoardLine } from "./board.tsx";
import { OutboxBanner, OutboxLight } from "./light.tsx";
import { Photos } from "./photos.tsx";
import { Ruling } from "./ruling.tsx";
import { arrivals, outbox, poke } from "./sending.ts";
import { Points, type Item } from "./sheet.tsx";
import { marks, type Mark } from "./storage.ts";

export interface Scored {
  id: string;
  planned_at: string;
  state: string;
  place: number;
  handed_in_at: string | null;
  parts: { subject: string; handed_in_at: string | null }[];
  drawn: string[];
  score_sheet: { minutes: number; pass_percent: number; subjects: { code: string; name: string; weight: string; items: Item[] }[] };
  own: Record<string, string>;
  other: Record<string, string> | null;
  disputed: string[];
}

export interface Task {
  subject: string;
  name: string;
  weight: string;
  item: Item;
  handed_in: boolean;
}

/** What one scores of the sheet: the items that were drawn, of the whole or of one's subjects. */
export function tasksOf(of: Scored): Task[] {
  return of.score_sheet.subjects.flatMap(({ code, name, weight, items }) => {
    const part = of.parts.find(({ subject }) => subject === "" || subject === code);
    const item = items.find((one) => of.drawn.includes(one.code));
    return part === undefined || item === undefined ? [] : [{ subject: code, name, weight, item, handed_in: part.handed_in_at !== null }];
  });
}

/** Above what a phone gave earlier, wherever: see `marks.give`. */
const leastNumber = (plannedAt: string) => Math.min(900_000, Math.max(1, 500_000 + Math.round((Date.now() - Date.parse(plannedAt)) / 1000)));

export function PracticalPage({ id, sitting }: { id: string; sitting: string }) {
  const sheet = useReply<Scored>(`/v1/practicals/${id}/score-sheet`);
  const board = useBoard(sitting === "" ? null : sitting);
  const [given, know] = useState<Map<string, Mark>>(new Map());
  const look = () => void marks.of(id).then((all) => know(new Map(all.map((one) => [one.code, one])))).catch(() => undefined);
  useEffect(look, [id, outbox.value, arrivals.value]);
  const line = board.data?.items.find(({ practical_id }) => practical_id === id);
  const of = sheet.data;
  const give = async (code: string, value: string) => {
    await marks.give(id, code, value, me.value?.account_id ?? "", leastNumber(of?.planned_at ?? new Date().toISOString()));
    look();
    poke();
  };
  return (
    <Screen title={line?.name ?? t("实操评分", "Practical")} back={sitting === "" ? "/duty" : `/duty/board/${sitting}`} tools={<OutboxLight />}>
      <OutboxBanner />
      <About reply={sheet} />
      {line === undefined ? null : <Calls line={line} sheet={of} again={board.again} />}
      {of === undefined ? null : <Scoring {...{ of, given, give }} again={sheet.again} />}
    </Screen>
  );
}

function Scoring({ of, given, give, again }: { of: Scored; given: Map<string, Mark>; give: (code: string, value: string) => Promise<void>; again: () => void }) {
  const tasks = tasksOf(of);
  const value = (code: string) => given.get(code)?.value ?? of.own[code];
  const codes = tasks.flatMap(({ item }) => [...item.steps, ...item.vetoes].map(({ code }) => code));
  const open = codes.filter((code) => value(code) === undefined).length;
  const failed = tasks.flatMap(({ item }) => item.vetoes).filter(({ code }) => value(code) === "1");
  if (of.place === 3) return <Ruling of={of} tasks={tasks} again={again} />;
  return (
    <>
      <Card kind={failed.length > 0 ? "bad" : open === 0 ? "good" : "warn"}>
        <div class="split">
          <h2>{of.handed_in_at !== null ? t("评分表已提交", "The sheet is handed in") : t(`第 ${of.place} 考评员`, `Examiner ${of.place}`)}</h2>
          <Tag kind={failed.length > 0 ? "bad" : open === 0 ? "good" : "warn"}>{failed.length > 0 ? t("一票否决", "Failed by veto") : open === 0 ? t("全部已评", "All scored") : t(`还有 ${open} 项`, `${open} to go`)}</Tag>
        </div>
        <p class="note">{when(of.planned_at)} · {t(`限时 ${of.score_sheet.minutes} 分钟，合格 ${of.score_sheet.pass_percent} %`, `${of.score_sheet.minutes} minutes, ${of.score_sheet.pass_percent} % to pass`)}</p>
        <p class="note">{t("两名考评员各自评分，提交前互不可见。", "The two score apart: neither sees the other before both are in.")}</p>
      </Card>
      {tasks.map((task) => <Points key={task.item.code} task={task} value={value} state={(code) => given.get(code)?.state ?? "held"} other={of.other} give={give} />)}
      <Photos id={of.id} closed={of.handed_in_at !== null} />
      {of.handed_in_at !== null ? <Outcome of={of} /> : <HandIn of={of} open={open} again={again} />}
    </>
  );
}

/** Handing in is possible once everything is scored and the server has all of it. */
function HandIn({ of, open, again }: { of: Scored; open: number; again: () => void }) {
  const [sure, ask] = useState(false);
  const [failure, fail] = useState<string | null>(null);
  const waiting = outbox.value.here;
  const send = async () => {
    fail(null);
    try {
      await client.send(`/v1/practicals/${of.id}/score-submission`);
      again();
    } catch (refusal) {
      fail(sentence(refusal));
    }
    ask(false);
  };
  return (
    <>
      {failure === null ? null : <p class="failure" role="alert"><Icon name="warn" /> {failure}</p>}
      {waiting > 0 ? <p class="note" role="status">{t("评分全部送达服务器后才能提交。", "The sheet can be handed in once the server has every mark.")}</p> : null}
      {sure ? (
        <Card kind="warn">
          <p>{t("提交后不能再改，确认提交？", "Nothing can be changed afterwards. Hand it in?")}</p>
          <div class="pair">
            <button class="button quiet" onClick={() => ask(false)}>{t("返回", "Back")}</button>
            <button class="button" onClick={() => void send()} data-hand-in-now>{t("确认提交", "Hand in")}</button>
          </div>
        </Card>
      ) : (
        <button class="button wide" disabled={open > 0 || waiting > 0} onClick={() => ask(true)} data-hand-in>{open > 0 ? t(`还有 ${open} 项未评`, `${open} still open`) : t("提交评分表", "Hand the sheet in")}</button>
      )}
    </>
  );
}

function Outcome({ of }: { of: Scored }) {
  if (of.state === "disputed") return <Card kind="warn" title={t("两人评分有分歧", "The two differ")}><p>{t("超过允许差，已请第三名考评员裁定。", "By more than is allowed: a third examiner decides.")}</p></Card>;
  if (of.state === "decided") return <Card kind="good" title={t("已评定", "Decided")}><p>{t("两人均已提交，成绩按公布时间通知考生。", "Both are in; the candidate is told when outcomes are released.")}</p></Card>;
  return <Card><p>{t("等待另一名考评员提交。", "Waiting for the other examiner.")}</p></Card>;
}

/** Calling the candidate to the station, subject by subject, and letting them go. */
function Calls({ line, sheet, again }: { line: BoardLine; sheet: Scored | undefined; again: () => void }) {
  const [failure, fail] = useState<string | null>(null);
  const duties = useReply<{ items: { rooms: { room_id: string; name: string }[] }[] }>("/v1/me/duties");
  const room = duties.data?.items.flatMap(({ rooms }) => rooms).find(({ name }) => name === line.room);
  const act = async (path: string, body?: unknown) => {
    fail(null);
    try {
      await client.send(path, body);
      again();
    } catch (refusal) {
      fail(sentence(refusal));
    }
  };
  const base = `/v1/practicals/${line.practical_id}/calls`;
  const seat = /^([A-Z]+)(\d+)$/.exec(line.station ?? "");
  const whole = seat === null || room === undefined ? [] : (sheet === undefined ? [] : tasksOf(sheet)).map(({ subject, name }) => ({ subject, name, room_id: room.room_id, row: rowOf(seat[1]!), column: Number(seat[2]) }));
  const legs = line.subjects.filter(({ state }) => state === "planned" || state === "absent").map(({ subject, room_id, row, column }) => ({ subject, name: subject, room_id, row, column }));
  const waiting = line.subjects.length > 0 ? legs : whole;
  return (
    <Card>
      <div class="split"><h2>{line.station ?? "–"} · {line.room}</h2>{line.now === null ? <Tag kind="plain">{t("未叫号", "Not called")}</Tag> : <Tag kind="good">{t("在工位", "At the station")} {line.now.subject}</Tag>}</div>
      <p class="note">{line.document_masked} · {t("预计", "expected")} {when(line.expected_at)}</p>
      {failure === null ? null : <p class="failure" role="alert">{failure}</p>}
      {line.now !== null ? (
        <button class="button quiet wide" onClick={() => void act(`${base}/${line.now!.id}/end`)}>{t("考生离开工位", "The candidate has left")}</button>
      ) : (
        <div class="chips">{waiting.map(({ name, ...to }) => <button class="chip" key={to.subject} onClick={() => void act(`${base}/${newId()}`, to)}>{t("叫号", "Call")} · <span lang="zh-CN">{name}</span></button>)}</div>
      )}
    </Card>
  );
}

/** `A` is the first row, `AA` the twenty-seventh. */
export const rowOf = (letters: string): number => [...letters].reduce((sum, letter) => sum * 26 + letter.charCodeAt(0) - 64, 0);
