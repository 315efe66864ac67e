/** One round of a contest: the board as it moves, evidence for people, the release, who won (竞赛轮次). */
import { useEffect } from "preact/hooks";
import { when } from "../../shared/dates.ts";
import { client } from "../../shared/platform.ts";
import { t } from "../../shared/settings.ts";
import { useAsked, type Asked } from "../kit/asking.ts";
import { Moves, REASON, type MoveOf } from "../kit/form.tsx";
import { List, type ListOf } from "../kit/list.tsx";
import { About, Figure, Panel, Tag } from "../kit/parts.tsx";
import { count, say, word, type Words } from "../kit/two.ts";

export interface Round {
  id: string;
  number: number;
  kind: string;
  opens_at: string;
  closes_at: string;
  question_count: number;
  seconds: number;
  advancing_places: number | null;
  freezes_at: string | null;
  released_at: string | null;
}

export const KINDS: Words = { practice: ["练兵", "Practice"], qualifying: ["资格赛", "Qualifying"], final: ["决赛", "Final"] };
const SUSPICIONS: Words = {
  quicker_than_reading: ["答题快于阅读", "Quicker than reading"],
  even_pace: ["节奏过于均匀", "An even pace"],
  shared_wrong: ["错选雷同", "The same wrong options"],
  shared_phone: ["一机多人", "A shared phone"],
};

/** How many a move touches: whoever stands on a board of the contest. */
export async function players(rounds: Round[]) {
  const boards = await Promise.all(rounds.map(({ id }) => client.get<Board>(`/v1/contest-boards/${id}`).catch(() => null)));
  const most = Math.max(0, ...boards.map((board) => board?.people_count ?? 0));
  return <p>{t(`已有 ${count(most)} 人答题。`, `${count(most)} people have played.`)}</p>;
}

interface Line {
  place: number;
  masked_name: string;
  region_name: string;
  points: number;
  elapsed_ms: number;
}

interface Sum {
  id: string;
  name: string;
  people_count: number;
  points: number;
}

interface Board {
  made_at: string;
  frozen: boolean;
  released: boolean;
  people_count: number;
  lines: Line[];
  regions: Sum[];
  teams: Sum[];
}

/** Asks anew every few seconds while the round goes on and somebody looks. */
function useBoard(round: Round): Asked<Board> {
  const asked = useAsked<Board>(`/v1/contest-boards/${round.id}`);
  const goesOn = round.released_at === null;
  useEffect(() => {
    if (!goesOn) return;
    const timer = setInterval(() => document.visibilityState === "visible" && asked.again(), 5000);
    return () => clearInterval(timer);
  }, [round.id, goesOn]);
  return asked;
}

export function RoundPanel({ contest, round, last }: { contest: { state: string; merit_places: number }; round: Round; last: boolean }) {
  const release: MoveOf = {
    name: ["公布成绩", "Release"],
    title: ["公布本轮成绩", "Release the results of this round"],
    lead: ["名次、团体和晋级重新核算后公布，之后不能取消某人的成绩。", "Places, teams and who comes through are worked out anew; nobody is taken out afterwards."],
    main: true,
    open: contest.state === "published" && round.released_at === null,
    fields: [],
    preview: () => players([round]),
    submit: ["公布", "Release"],
    send: () => client.send(`/v1/contest-rounds/${round.id}/release`),
  };
  return (
    <Panel title={`${t(`第 ${round.number} 轮`, `Round ${round.number}`)} · ${word(KINDS, round.kind)}`} tools={<><Moves of={[release]} />{round.released_at === null ? null : <Tag kind="good">{t("已公布", "Released")}</Tag>}</>}>
      <p>{when(round.opens_at)} – {when(round.closes_at)} · {t(`每人 ${round.question_count} 题，每题 ${round.seconds} 秒`, `${round.question_count} questions, ${round.seconds} seconds each`)}{round.advancing_places === null ? "" : t(` · 前 ${round.advancing_places} 名晋级`, ` · the first ${round.advancing_places} come through`)}</p>
      {contest.state === "draft" ? <p class="note">{t("发布后显示榜单。", "The board is shown once it is published.")}</p> : <Standings round={round} />}
      {contest.state === "draft" ? null : <Signals round={round} />}
      {last && contest.merit_places > 0 && round.released_at !== null ? <List of={winners(round)} /> : null}
    </Panel>
  );
}

function Standings({ round }: { round: Round }) {
  const asked = useBoard(round);
  const now = asked.data;
  return (
    <>
      <About asked={asked} />
      {now === undefined ? null : (
        <div data-live>
          <div class="figures">
            <Figure name={t("已答题", "Played")} value={count(now.people_count)} kind="main" />
            {now.frozen ? <Figure name={t("榜单", "Board")} value={t("已封榜", "Frozen")} kind="warn" /> : null}
            {[...now.teams, ...now.regions].slice(0, 4).map((sum) => <Figure key={sum.id} name={sum.name} value={count(sum.points)} note={t(`${sum.people_count} 人`, `${sum.people_count} people`)} />)}
          </div>
          <BoardTable lines={now.lines} />
        </div>
      )}
    </>
  );
}

function BoardTable({ lines }: { lines: Line[] }) {
  if (lines.length === 0) return <p class="note">{t("还没有人答题。", "Nobody has played yet.")}</p>;
  const heads = [["名次", "Place"], ["姓名", "Name"], ["地区", "Region"], ["得分", "Points"], ["用时", "Time"]] as const;
  return (
    <div class="table-frame" tabIndex={0} role="region" aria-label={t("榜单", "Board")}>
      <table>
        <thead><tr>{heads.map((head) => <th key={head[1]} scope="col">{say(head)}</th>)}</tr></thead>
        <tbody>{lines.map((line, at) => <tr key={at}><td>{count(line.place)}</td><td lang="zh-CN">{line.masked_name}</td><td lang="zh-CN">{line.region_name}</td><td>{count(line.points)}</td><td>{(line.elapsed_ms / 1000).toFixed(1)} s</td></tr>)}</tbody>
      </table>
    </div>
  );
}

interface Signal {
  suspicion: string;
  entry_ids: string[];
  masked_names: string[];
  count: number;
}

/** Evidence is looked at by a person; nothing follows from it by itself. */
function Signals({ round }: { round: Round }) {
  const out = (entry: string, name: string): MoveOf => ({
    name: ["取消成绩", "Take out"],
    title: ["取消参赛成绩", "Take the entry out"],
    lead: [`${name} 的参赛成绩不再计入榜单。`, `The entry of ${name} no longer counts.`],
    open: round.released_at === null,
    danger: true,
    fields: [REASON],
    submit: ["取消成绩", "Take out"],
    send: (values) => client.send(`/v1/contest-entries/${entry}/disqualification`, values),
  });
  const list: ListOf<Signal> = {
    path: `/v1/contest-rounds/${round.id}/signals`,
    name: ["异常线索", "Signals"],
    unfiltered: "the signals of one round, those with the most evidence first",
    whole: (reply: { items: Signal[] }) => reply.items,
    id: ({ suspicion, entry_ids }) => `${suspicion} ${entry_ids.join(" ")}`,
    columns: [
      { head: ["线索", "Signal"], show: ({ suspicion }) => word(SUSPICIONS, suspicion), sort: ({ suspicion }) => suspicion },
      { head: ["次数", "Times"], show: ({ count: times }) => count(times), number: true, sort: ({ count: times }) => times },
      { head: ["参赛者", "Who played"], show: ({ entry_ids, masked_names }) => entry_ids.map((entry, at) => <span key={entry}><span lang="zh-CN">{masked_names[at]}</span> <Moves of={[out(entry, masked_names[at] ?? "")]} /></span>), text: ({ masked_names }) => masked_names.join(" ") },
    ],
    empty: ["没有异常线索。", "Nothing looks odd."],
  };
  return (
    <>
      <h3>{t("异常线索（由人判断）", "Signals, for people to judge")}</h3>
      <List of={list} />
    </>
  );
}

interface Winner {
  entry_id: string;
  place: number;
  points: number;
  masked_name: string;
  person_id: string | null;
  minor: boolean;
}

const winners = (round: Round): ListOf<Winner> => ({
  path: `/v1/contest-rounds/${round.id}/winners`,
  name: ["获奖者", "Winners"],
  unfiltered: "the few winners of one round",
  whole: (reply: { items: Winner[] }) => reply.items,
  id: ({ entry_id }) => entry_id,
  columns: [
    { head: ["名次", "Place"], show: ({ place }) => count(place), number: true, sort: ({ place }) => place },
    { head: ["姓名", "Name"], show: ({ masked_name }) => <span lang="zh-CN">{masked_name}</span>, text: ({ masked_name }) => masked_name },
    { head: ["得分", "Points"], show: ({ points }) => count(points), number: true, sort: ({ points }) => points },
    { head: ["荣誉证书", "Certificate"], show: ({ person_id, minor }) => <><Tag kind={person_id === null ? "warn" : "good"}>{person_id === null ? t("待核实身份", "To be named") : t("已核实，证书签发", "Named, issued")}</Tag>{minor ? <Tag kind="plain">{t("未成年人", "A minor")}</Tag> : null}</>, text: ({ person_id }) => (person_id === null ? t("待核实身份", "To be named") : t("已核实，证书签发", "Named, issued")) },
  ],
  rowTools: ({ entry_id, person_id, masked_name }) => (
    <Moves of={[{ name: ["核实身份", "Name"], title: [`核实 ${masked_name} 的身份`, `Say who ${masked_name} is`], lead: ["仅以手机号参加者须先核实，之后签发荣誉证书。", "Who joined by a phone number is named first; the certificate follows."], open: person_id === null, fields: [{ name: "person_id", label: ["人员", "Person"], kind: "pick", sort: "person" }], submit: ["核实", "Name"], send: (values) => client.send(`/v1/contest-entries/${entry_id}/winner`, values) }]} />
  ),
  empty: ["没有获奖者。", "There are no winners."],
});
