/** A round played: one question at a time against the server's clock; the board; what was wrong (答题与榜单). */
import { useEffect, useState } from "preact/hooks";
import { t } from "../../shared/settings.ts";
import { tapped } from "../exam/words.ts";
import { AskedView, Explained, type Asked } from "../pages/asked.tsx";
import { About, Card, Empty, Icon, Screen, Tag } from "../parts.tsx";
import { client, sentence } from "../platform.ts";
import { useReply } from "../replies.ts";
import { newId } from "../../shared/ids.ts";
import { tokenOf, type Contest, type Question, type Round, type ShownEntry } from "./taking_part.ts";

/** The server's time as the page carries it on: nobody's clock decides a question. */
let ahead = 0;
const hear = (now: string) => (ahead = Date.parse(now) - performance.now());
const serverNow = () => performance.now() + ahead;

interface Open {
  token: string;
  entry: string;
  question: Question | null;
  /** When it was shown, by the server's clock. */
  since: number;
  points: number;
}

export function RoundPage({ contest, round }: { contest: string; round: string }) {
  const held = useReply<Contest>(`/v1/contests/${contest}`);
  const one = held.data?.rounds.find(({ id }) => id === round);
  const back = `/learn/contests/${contest}`;
  return (
    <Screen title={held.data?.name ?? t("知识竞赛", "Contest")} back={back}>
      <About reply={held} />
      {one === undefined ? null : <Playing contest={contest} round={one} back={back} />}
    </Screen>
  );
}

function Playing({ contest, round, back }: { contest: string; round: Round; back: string }) {
  const [open, show] = useState<Open | null>(null);
  const [failure, fail] = useState<string | null>(null);
  const final = round.kind === "final";
  const enter = async () => {
    fail(null);
    try {
      const token = await tokenOf(contest);
      if (token === null) return fail(t("请先报名参加竞赛。", "Take part in the contest first."));
      const shown = await client.spoken<ShownEntry>(token, `/v1/contest-entries/${newId()}`, "PUT", { round_id: round.id });
      hear(shown.now);
      show({ token, entry: shown.entry.id, question: shown.question, since: serverNow(), points: shown.entry.points });
    } catch (refusal) {
      fail(sentence(refusal));
    }
  };
  useEffect(() => void enter(), [round.id]);
  if (open === null) {
    if (failure === null) return <p class="note" role="status" data-loading>{t("正在读取…", "Loading …")}</p>;
    return <Card kind="warn"><p>{failure}</p><button class="button quiet" onClick={() => void enter()}>{t("重试", "Try again")}</button></Card>;
  }
  if (final) return <Final round={round} open={open} back={back} />;
  if (open.question === null) return <Over open={open} back={back} round={round} />;
  return <One key={open.question.slot} open={open} question={open.question} since={open.since} onHeard={(question) => show({ ...open, question, since: serverNow() })} />;
}

interface Heard {
  now: string;
  slot: number;
  verdict: "accepted" | "late" | "ignored";
  question: Question | null;
}

const asAsked = (question: Question, name: string): Asked => ({ ...question, question_id: name, version_id: `${name}.${question.slot}`, topic: null });

/** One question, with the seconds that are left; what comes after them is kept and worth nothing. */
function One({ open, question, since, onHeard }: { open: Open; question: Question; since: number; onHeard: (next: Question | null) => void }) {
  const [chosen, choose] = useState<string[]>([]);
  const [failure, fail] = useState<string | null>(null);
  const [busy, work] = useState(false);
  const left = useLeft(since + question.seconds * 1000);
  const labels = question.options.map(({ label }) => label);
  const several = question.kind === "multiple_choice";
  const send = async (picked: string[]) => {
    work(true);
    fail(null);
    try {
      const heard = await client.spoken<Heard>(open.token, `/v1/contest-entries/${open.entry}/responses`, "PUT", { slot: question.slot, chosen: picked.map((label) => labels.indexOf(label)) });
      hear(heard.now);
      onHeard(heard.question);
    } catch (refusal) {
      fail(sentence(refusal));
    }
    work(false);
  };
  const tap = (label: string) => {
    const places = tapped(question.kind, chosen.map((one) => labels.indexOf(one)), labels.indexOf(label));
    const picked = places.map((place) => labels[place]!);
    choose(picked);
    if (!several && picked.length > 0 && !busy) void send(picked);
  };
  return (
    <>
      <div class="split" data-slot={question.slot}>
        <progress max={question.seconds} value={left} aria-label={t("剩余时间", "Time left")} />
        <strong class="number">{left > 0 ? t(`${left} 秒`, `${left} s`) : t("时间到", "Time is up")}</strong>
      </div>
      {left > 0 ? null : <p class="note" role="status">{t("本题不再计分，作答后继续。", "This one earns nothing any more; respond to go on.")}</p>}
      <AskedView question={asAsked(question, open.entry)} note={`${question.slot}/${question.slot_count}`} chosen={chosen} told={null} onChoose={tap} />
      {failure === null ? null : <p class="failure" role="alert"><Icon name="warn" /> {failure}</p>}
      {several || failure !== null ? <button class="button wide" disabled={busy || chosen.length === 0} onClick={() => void send(chosen)}>{t("提交", "Respond")}</button> : null}
    </>
  );
}

/** Whole seconds until a moment of the server's clock. */
function useLeft(until: number): number {
  const [, beat] = useState(0);
  useEffect(() => {
    const timer = setInterval(() => beat((count) => count + 1), 250);
    return () => clearInterval(timer);
  }, []);
  return Math.max(0, Math.ceil((until - serverNow()) / 1000));
}

/** A final: everybody reads the same question at its moment. */
function Final({ round, open, back }: { round: Round; open: Open; back: string }) {
  const [question, show] = useState<Question | null>(null);
  const [done, finish] = useState(0);
  const opens = (slot: number) => Date.parse(round.opens_at) + (slot - 1) * (round.seconds + round.pause_seconds) * 1000;
  const next = done + 1;
  const left = useLeft(opens(next));
  const over = useLeft(opens((question?.slot ?? 0) + 1)) === 0;
  useEffect(() => {
    // The next one opens for everybody: who has not responded goes on with the others.
    if (question !== null && question.slot > done && over) finish(question.slot);
  }, [question?.slot, over]);
  useEffect(() => {
    if (next > round.question_count || left > 0) return;
    let gone = false;
    const now = Math.min(round.question_count, Math.floor((serverNow() - Date.parse(round.opens_at)) / ((round.seconds + round.pause_seconds) * 1000)) + 1);
    client.open<Question>(`/v1/contest-questions/${round.id}.${Math.max(now, next)}`).then((found) => gone || show(found)).catch(() => undefined);
    return () => {
      gone = true;
    };
  }, [next, left === 0]);
  if (question !== null && question.slot > done) return <One key={question.slot} open={open} question={question} since={opens(question.slot)} onHeard={() => finish(question.slot)} />;
  if (next > round.question_count) return <Over open={open} back={back} round={round} />;
  return <Card><h2>{t(`第 ${next} 题即将开始`, `Question ${next} is about to begin`)}</h2><p class="figure"><strong>{left}</strong> {t("秒", "s")}</p><p class="note">{t("所有人同时看到同一道题。", "Everybody reads the same question at the same moment.")}</p></Card>;
}

function Over({ open, back, round }: { open: Open; back: string; round: Round }) {
  const entry = useParticipant<ShownEntry>(open.token, `/v1/contest-entries/${open.entry}`);
  return (
    <section class="hero good" data-round-over>
      <p class="figure"><strong>{entry?.entry.points ?? open.points}</strong> {t("分", "points")}</p>
      {entry === null ? null : <p>{t(`答对 ${entry.entry.correct_count} 题`, `${entry.entry.correct_count} right`)}{entry.place === null ? "" : t(`，暂列第 ${entry.place} 名`, `, place ${entry.place} for now`)}</p>}
      <div class="pair">
        <a class="button quiet" href={`#${back}`}>{t("返回竞赛", "The contest")}</a>
        <a class="button" href={`#${back}/${round.id}/board`}>{t("看榜单", "The board")}</a>
      </div>
    </section>
  );
}

function useParticipant<T>(token: string | null, path: string): T | null {
  const [found, tell] = useState<T | null>(null);
  useEffect(() => {
    if (token !== null) client.spoken<T>(token, path).then(tell).catch(() => undefined);
  }, [token, path]);
  return found;
}

interface Board {
  made_at: string;
  frozen: boolean;
  released: boolean;
  people_count: number;
  lines: { place: number; masked_name: string; region_name: string; points: number; elapsed_ms: number }[];
  regions: Sum[];
  employers: Sum[];
  teams: Sum[];
}

interface Sum {
  id: string;
  name: string;
  people_count: number;
  points: number;
}

/** The board, asked again while somebody looks. */
export function BoardPage({ contest, round }: { contest: string; round: string }) {
  const board = useReply<Board>(`/v1/contest-boards/${round}`, (path) => client.open<Board>(path));
  useEffect(() => {
    const timer = setInterval(() => document.visibilityState === "visible" && board.again(), 5000);
    return () => clearInterval(timer);
  }, [round]);
  const now = board.data;
  return (
    <Screen title={t("榜单", "Board")} back={`/learn/contests/${contest}`}>
      <About reply={board} />
      {now === undefined ? null : (
        <>
          <p class="split"><span>{t(`${now.people_count} 人参赛`, `${now.people_count} took part`)}</span>{now.released ? <Tag kind="good">{t("正式名次", "Final places")}</Tag> : now.frozen ? <Tag kind="warn">{t("已封榜，等待公布", "Frozen until the release")}</Tag> : <Tag kind="plain">{t("实时", "Live")}</Tag>}</p>
          {now.lines.length === 0 ? <Empty icon="star">{t("还没有人作答。", "Nobody has responded yet.")}</Empty> : (
            <ol class="card rows board">
              {now.lines.map((line, at) => (
                <li class="row" key={at}>
                  <strong class="seat-mark">{line.place}</strong>
                  <span class="row-text" lang="zh-CN"><span class="row-title">{line.masked_name}</span><span class="note">{line.region_name}</span></span>
                  <span class="number"><strong>{line.points}</strong> <span class="note">{(line.elapsed_ms / 1000).toFixed(1)} s</span></span>
                </li>
              ))}
            </ol>
          )}
          <Sums title={t("团体", "Teams")} of={now.teams} />
          <Sums title={t("地区", "Regions")} of={now.regions} />
          <Sums title={t("单位", "Employers")} of={now.employers} />
        </>
      )}
    </Screen>
  );
}

function Sums({ title, of }: { title: string; of: Sum[] }) {
  if (of.length === 0) return null;
  return (
    <>
      <h2 class="section">{title}</h2>
      <ul class="card rows">
        {of.slice(0, 20).map((one) => <li class="row" key={one.id}><span class="row-text" lang="zh-CN"><span class="row-title">{one.name}</span><span class="note">{t(`${one.people_count} 人`, `${one.people_count} people`)}</span></span><strong class="number">{one.points}</strong></li>)}
      </ul>
    </>
  );
}

interface Reviewed {
  slot: number;
  stem: string;
  options: { label: string; text: string }[];
  chosen: string[];
  key: string[];
  explanation: string | null;
  law_citation: string | null;
}

/** What one got wrong, with keys: once nobody can respond any more. */
export function MistakesPage({ contest, round }: { contest: string; round: string }) {
  const [found, tell] = useState<Reviewed[] | null>(null);
  const [failure, fail] = useState<string | null>(null);
  useEffect(() => {
    void (async () => {
      try {
        const token = await tokenOf(contest);
        if (token === null) return tell([]);
        const { entries } = await client.spoken<{ entries: { id: string; round_id: string }[] }>(token, "/v1/contest-participation");
        const entry = entries.find(({ round_id }) => round_id === round);
        tell(entry === undefined ? [] : (await client.spoken<{ items: Reviewed[] }>(token, `/v1/contest-entries/${entry.id}/wrong-questions`)).items);
      } catch (refusal) {
        fail(sentence(refusal));
      }
    })();
  }, [contest, round]);
  return (
    <Screen title={t("错题", "My mistakes")} back={`/learn/contests/${contest}`}>
      {failure === null ? null : <p class="failure" role="alert"><Icon name="warn" /> {failure}</p>}
      {found === null && failure === null ? <p class="note" role="status" data-loading>{t("正在读取…", "Loading …")}</p> : null}
      {found?.length === 0 ? <Empty icon="check">{t("没有错题。", "Nothing was wrong.")}</Empty> : null}
      {(found ?? []).map((one) => (
        <Card key={one.slot}>
          <h2 lang="zh-CN">{one.slot}. {one.stem}</h2>
          <ul class="plain" lang="zh-CN">{one.options.map(({ label, text }) => <li key={label}>{label} {text}{one.chosen.includes(label) ? t("（您的作答）", " (yours)") : ""}</li>)}</ul>
          <Explained told={{ ...one, explanation_html: null }} />
        </Card>
      ))}
    </Screen>
  );
}
