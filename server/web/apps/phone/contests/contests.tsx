/** Knowledge contests: which there are, joining one, its rounds (知识竞赛). */
import { useEffect, useState } from "preact/hooks";
import { Refused } from "../../shared/api.ts";
import { kept } from "../../shared/storage.ts";
import { newId } from "../../shared/ids.ts";
import { t } from "../../shared/settings.ts";
import { About, Card, Empty, Icon, Screen, Tag, when } from "../parts.tsx";
import { client, sentence } from "../platform.ts";
import { useList, useReply } from "../replies.ts";
import { forget, join, tokenOf, type Contest, type Entry, type Participation, type Round } from "./taking_part.ts";

export function ContestsPage() {
  const contests = useList<Contest>("/v1/contests");
  return (
    <Screen title={t("知识竞赛", "Contests")} back="/learn">
      <About reply={contests} />
      {contests.data?.length === 0 ? <Empty icon="star">{t("现在没有竞赛。有新的竞赛会显示在这里。", "No contest now. New ones appear here.")}</Empty> : null}
      {(contests.data ?? []).map((contest) => (
        <a class="card next-exam" key={contest.id} href={`#/learn/contests/${contest.id}`}>
          <div class="split"><h3 lang="zh-CN">{contest.name}</h3><Going of={contest} /></div>
          <p class="note" lang="zh-CN">{contest.organisation_name}</p>
          <p class="note"><Icon name="clock" /> {when(contest.rounds[0]?.opens_at ?? contest.joins_from)} – {when(contest.rounds[contest.rounds.length - 1]?.closes_at ?? contest.joins_until)}</p>
        </a>
      ))}
    </Screen>
  );
}

type Standing = "coming" | "open" | "over";

const standing = (from: string, until: string): Standing => (Date.now() < Date.parse(from) ? "coming" : Date.now() < Date.parse(until) ? "open" : "over");

const WORDS = { coming: ["plain", "未开始", "To come"], open: ["good", "进行中", "Going on"], over: ["plain", "已结束", "Over"] } as const;

function State({ of }: { of: Standing }) {
  const [kind, zh, en] = WORDS[of];
  return <Tag kind={kind}>{t(zh, en)}</Tag>;
}

function Going({ of }: { of: Contest }) {
  const [first, last] = [of.rounds[0], of.rounds[of.rounds.length - 1]];
  return first === undefined || last === undefined ? null : <State of={standing(first.opens_at, last.closes_at)} />;
}

/** One's place in a contest: undefined while the phone looks, null for who has none. */
export function usePlace(contest: string) {
  const [place, tell] = useState<Participation | null | undefined>(undefined);
  const [failure, fail] = useState<string | null>(null);
  const [round, next] = useState(0);
  useEffect(() => {
    let gone = false;
    void (async () => {
      try {
        const token = await tokenOf(contest);
        const found = token === null ? null : await client.spoken<Participation>(token, "/v1/contest-participation");
        if (!gone) tell(found);
      } catch (refusal) {
        if (gone) return;
        fail(sentence(refusal));
        tell(null);
      }
    })();
    return () => {
      gone = true;
    };
  }, [contest, round]);
  return { place, failure, again: () => next((count) => count + 1) };
}

export function ContestPage({ id }: { id: string }) {
  const contest = useReply<Contest>(`/v1/contests/${id}`);
  const { place, failure, again } = usePlace(id);
  const one = contest.data;
  return (
    <Screen title={one?.name ?? t("知识竞赛", "Contest")} back="/learn/contests">
      <About reply={contest} />
      {failure === null ? null : <p class="failure" role="alert"><Icon name="warn" /> {failure}</p>}
      {one === undefined ? null : (
        <>
          <Card>
            <p class="note" lang="zh-CN">{one.organisation_name}</p>
            <p>{t(`答对得 ${one.base_points} 分，越快越多，最多再加 ${one.speed_points} 分；答错不扣分。`, `${one.base_points} points for a right response and up to ${one.speed_points} more for speed; a wrong one costs nothing.`)}</p>
            {one.merit_places === 0 ? null : <p class="note">{t(`决赛前 ${one.merit_places} 名获得荣誉证书。`, `The first ${one.merit_places} of the final get a certificate of merit.`)}</p>}
          </Card>
          {one.rounds.map((round) => <RoundCard key={round.id} contest={one} round={round} entry={place?.entries.find(({ round_id }) => round_id === round.id)} joined={place !== null && place !== undefined} />)}
          {place === null ? <Join contest={one} onJoined={again} /> : null}
          {place === null || place === undefined ? null : <Leave contest={one} name={place.masked_name} onLeft={again} />}
        </>
      )}
    </Screen>
  );
}

const KINDS = { practice: ["练兵", "Practice"], qualifying: ["资格赛", "Qualifying"], final: ["决赛", "Final"] } as const;

function RoundCard({ contest, round, entry, joined }: { contest: Contest; round: Round; entry: Entry | undefined; joined: boolean }) {
  const now = standing(round.opens_at, round.closes_at);
  const base = `#/learn/contests/${contest.id}/${round.id}`;
  return (
    <section class="card">
      <div class="split"><h2>{t(`第 ${round.number} 轮 · ${KINDS[round.kind][0]}`, `Round ${round.number} · ${KINDS[round.kind][1]}`)}</h2><State of={now} /></div>
      <p class="note">{when(round.opens_at)} – {when(round.closes_at)}</p>
      <p class="note">{t(`${round.question_count} 题，每题 ${round.seconds} 秒`, `${round.question_count} questions, ${round.seconds} seconds each`)}</p>
      {entry === undefined ? null : <p data-entry><strong>{t(`${entry.points} 分`, `${entry.points} points`)}</strong> · {t(`答对 ${entry.correct_count} 题`, `${entry.correct_count} right`)}{entry.place === null ? "" : t(` · 第 ${entry.place} 名`, ` · place ${entry.place}`)}</p>}
      <div class="pair">
        <a class="button quiet" href={`${base}/board`}>{t("榜单", "Board")}</a>
        {joined && (now === "open" || (round.kind === "final" && now === "coming")) ? <a class="button" href={base} data-enter>{entry === undefined ? t("开始答题", "Begin") : t("继续", "Go on")}</a> : null}
        {joined && now === "over" && entry !== undefined ? <a class="button quiet" href={`${base}/mistakes`}>{t("错题", "My mistakes")}</a> : null}
      </div>
    </section>
  );
}

/** What somebody agrees to who joins: the notice, for which region, and for a child its guardian. */
function Join({ contest, onJoined }: { contest: Contest; onJoined: () => void }) {
  const [region, choose] = useState("");
  const [agreed, agree] = useState(false);
  const [guardian, ask] = useState<boolean | null>(null);
  const [code, type] = useState("");
  const [failure, fail] = useState<string | null>(null);
  if (standing(contest.joins_from, contest.joins_until) !== "open") return <p class="note">{t(`报名时间：${when(contest.joins_from)} – ${when(contest.joins_until)}`, `One joins from ${when(contest.joins_from)} to ${when(contest.joins_until)}.`)}</p>;
  const send = async () => {
    fail(null);
    try {
      await join(contest.id, { notice_version: contest.notice_version, region_id: region, device_id: await kept.once("device", newId()), guardian_agrees: guardian === true, invitation: contest.entry_mode === "invited" ? code.trim() : null });
      onJoined();
    } catch (refusal) {
      if (refusal instanceof Refused && refusal.code === "guardian_missing") ask((now) => now ?? false);
      fail(sentence(refusal));
    }
  };
  return (
    <form class="card" onSubmit={(event) => { event.preventDefault(); void send(); }}>
      <h2>{t("参加竞赛", "Take part")}</h2>
      <p lang="zh-CN">{contest.notice}</p>
      <p class="note">{t("榜单只显示“王**”，不显示姓名、单位和证件。", "Boards show the first letter of a name only – no employer, no number.")}</p>
      <Regions onChoose={choose} />
      {contest.entry_mode === "open" ? null : <label class="field"><span>{t("邀请码", "Invitation code")}</span><input name="invitation" required value={code} onInput={(event) => type(event.currentTarget.value)} /></label>}
      <label class="tick"><input type="checkbox" name="agreed" required checked={agreed} onChange={(event) => agree(event.currentTarget.checked)} /><span>{t("我已阅读并同意以上告知", "I have read the notice and agree")}</span></label>
      {guardian === null ? null : <label class="tick"><input type="checkbox" name="guardian" checked={guardian} onChange={(event) => ask(event.currentTarget.checked)} /><span>{t("监护人同意", "My guardian agrees")}</span></label>}
      {failure === null ? null : <p class="failure" role="alert"><Icon name="warn" /> {failure}</p>}
      <button class="button wide" disabled={!agreed || region === ""} data-join>{t("参加", "Take part")}</button>
    </form>
  );
}

interface Region {
  id: string;
  name: string;
}

/** The region one takes part for: from the province downwards, as far as one wants. */
function Regions({ onChoose }: { onChoose: (id: string) => void }) {
  const [trail, walk] = useState<Region[]>([]);
  const last = trail[trail.length - 1];
  const below = useList<Region>(last === undefined ? "/v1/regions?level=1&limit=200" : `/v1/regions?parent_id=${last.id}&limit=200`);
  const step = (id: string) => {
    const one = (below.data ?? []).find((region) => region.id === id);
    if (one === undefined) return;
    walk([...trail, one]);
    onChoose(one.id);
  };
  return (
    <>
      {trail.length === 0 ? null : <p lang="zh-CN">{trail.map(({ name }) => name).join(" / ")} <button type="button" class="link" onClick={() => { walk([]); onChoose(""); }}>{t("重选", "Choose again")}</button></p>}
      {trail.length > 0 && below.data?.length === 0 ? null : (
        <label class="field">
          <span>{trail.length === 0 ? t("代表地区", "For which region") : t("可再选下级", "A region below, if wanted")}</span>
          <select name="region" value="" onChange={(event) => step(event.currentTarget.value)}>
            <option value="">{trail.length === 0 ? t("选择省份", "Choose a province") : t("请选择", "Choose")}</option>
            {(below.data ?? []).map((region) => <option key={region.id} value={region.id} lang="zh-CN">{region.name}</option>)}
          </select>
        </label>
      )}
    </>
  );
}

function Leave({ contest, name, onLeft }: { contest: Contest; name: string; onLeft: () => void }) {
  const [sure, ask] = useState(false);
  const [failure, fail] = useState<string | null>(null);
  const leave = async () => {
    try {
      const token = await tokenOf(contest.id);
      if (token !== null) await client.spoken(token, "/v1/contest-participation/withdrawal", "PUT");
      await forget(contest.id);
      onLeft();
    } catch (refusal) {
      fail(sentence(refusal));
    }
  };
  return (
    <Card>
      <p>{t("榜单上的名字：", "Your name on the board: ")}<strong lang="zh-CN">{name}</strong></p>
      {failure === null ? null : <p class="failure" role="alert"><Icon name="warn" /> {failure}</p>}
      {sure ? (
        <>
          <p>{t("退出后姓名和成绩立即删除，成绩不再计入榜单。", "Name and result are erased at once, and no longer count.")}</p>
          <div class="pair">
            <button class="button quiet" onClick={() => ask(false)}>{t("返回", "Back")}</button>
            <button class="button danger" onClick={() => void leave()}>{t("确认退出", "Leave")}</button>
          </div>
        </>
      ) : <button class="link" onClick={() => ask(true)}>{t("退出竞赛", "Leave the contest")}</button>}
    </Card>
  );
}
