/** Knowledge contests: rules and rounds, publishing, inviting, calling off, who took part (知识竞赛). */
import { when } from "../../shared/dates.ts";
import { client } from "../../shared/platform.ts";
import { t } from "../../shared/settings.ts";
import { useAsked } from "../kit/asking.ts";
import { today, type FieldOf } from "../kit/fields.tsx";
import { Moves, REASON, type MoveOf } from "../kit/form.tsx";
import { ListPage, type ListOf } from "../kit/list.tsx";
import { Name } from "../kit/names.tsx";
import { About, Facts, Page, Panel, Tag } from "../kit/parts.tsx";
import { count, percent, word, type Words } from "../kit/two.ts";
import { KINDS, RoundPanel, players, type Round } from "./contest_round.tsx";

interface Contest {
  id: string;
  name: string;
  organisation_id: string;
  notice: string;
  entry_mode: string;
  team_kind: string;
  team_size: number;
  tie_rule: string;
  base_points: number;
  speed_points: number;
  merit_places: number;
  joins_from: string;
  joins_until: string;
  state: string;
  topics: string[];
  rounds: Round[];
}

const STATES: Words = { draft: ["草稿", "Draft"], published: ["已发布", "Published"], cancelled: ["已取消", "Cancelled"] };
const LOOK = { draft: "warn", published: "good", cancelled: "bad" } as const;
const ENTRY: Words = { open: ["公开报名", "Open to all"], invited: ["凭邀请码", "By invitation"] };
const TEAMS: Words = { none: ["无团体赛", "No teams"], enterprise: ["企业", "Enterprises"], county: ["县区", "Counties"] };
const TIES: Words = { faster: ["用时少者在前", "The faster stands above"], equal: ["并列", "They share the place"] };
const CONTESTS: ListOf<Contest> = {
  path: "/v1/held-contests",
  name: ["知识竞赛", "Contests"],
  id: ({ id }) => id,
  to: ({ id }) => `/exams/contests/${id}`,
  filters: [{ name: "state", label: ["状态", "State"], kind: "choice", choices: STATES }],
  columns: [
    { head: ["竞赛", "Contest"], show: ({ name }) => name, sort: ({ name }) => name },
    { head: ["状态", "State"], show: ({ state }) => <State of={state} />, text: ({ state }) => word(STATES, state), sort: ({ state }) => state },
    { head: ["参加", "Entry"], show: ({ entry_mode }) => word(ENTRY, entry_mode), sort: ({ entry_mode }) => entry_mode },
    { head: ["轮次", "Rounds"], show: ({ rounds }) => rounds.map(({ kind }) => word(KINDS, kind)).join(" → ") },
    { head: ["报名开始", "Joins from"], show: ({ joins_from }) => when(joins_from), sort: ({ joins_from }) => joins_from },
    { head: ["报名截止", "Joins until"], show: ({ joins_until }) => when(joins_until), sort: ({ joins_until }) => joins_until },
  ],
  empty: ["还没有竞赛。竞赛只用练习题，与考试题库分开；所有人可在手机上参加。", "No contest yet. Contests take practice questions only, apart from those of exams; everybody takes part on a phone."],
};

const State = ({ of }: { of: string }) => <Tag kind={LOOK[of as keyof typeof LOOK] ?? "plain"}>{word(STATES, of)}</Tag>;

const ROUND: FieldOf[] = [
  { name: "kind", label: ["形式", "Kind"], kind: "choice", choices: KINDS },
  { name: "opens_at", label: ["开始", "Opens"], kind: "moment" },
  { name: "closes_at", label: ["结束", "Closes"], kind: "moment", when: ({ kind }) => kind !== "final" },
  { name: "question_count", label: ["每人题数", "Questions each"], kind: "number", min: 1, max: 60 },
  { name: "pool_count", label: ["题源数（空为同题）", "Drawn from (empty: the same for all)"], kind: "number", min: 1, max: 2000, optional: true, when: ({ kind }) => kind !== "final" },
  { name: "seconds", label: ["每题秒数", "Seconds a question"], kind: "number", min: 5, max: 600 },
  { name: "advancing_places", label: ["晋级名额（空为不限）", "Places that come through (empty: all)"], kind: "number", min: 1, optional: true },
  { name: "freezes_at", label: ["封榜时间", "The board freezes at"], kind: "moment", optional: true },
];

const NEW: MoveOf = {
  name: ["举办竞赛", "Hold a contest"],
  title: ["举办知识竞赛", "Hold a knowledge contest"],
  lead: ["先存为草稿，核对后发布；发布时随机抽题并固定，之后不能再改。", "It is a draft first. When it is published its questions are drawn by lot, and nothing changes afterwards."],
  needs: "hold_contests",
  main: true,
  fields: [
    { name: "name", label: ["名称", "Name"], kind: "text" },
    { name: "organisation_id", label: ["主办单位", "Who holds it"], kind: "pick", sort: "organisation" },
    { name: "bank_ids", label: ["练习题库", "Banks of practice questions"], kind: "several", path: () => "/v1/contest-banks" },
    { name: "topics", label: ["知识点（每行一个；空为全部）", "Topics (one a line; empty: all)"], kind: "lines", optional: true },
    { name: "entry_mode", label: ["参加方式", "Who may join"], kind: "choice", choices: ENTRY },
    { name: "joins_from", label: ["报名开始", "Joins from"], kind: "moment" },
    { name: "joins_until", label: ["报名截止", "Joins until"], kind: "moment" },
    { name: "base_points", label: ["答对得分", "Points for a right response"], kind: "number", min: 1, max: 1000 },
    { name: "speed_points", label: ["速度加分上限", "Most for speed"], kind: "number", min: 0, max: 1000 },
    { name: "tie_rule", label: ["同分", "Equal points"], kind: "choice", choices: TIES },
    { name: "team_kind", label: ["团体赛", "Teams"], kind: "choice", choices: TEAMS },
    { name: "team_size", label: ["每队计分人数", "Members that count"], kind: "number", min: 1, max: 100, when: ({ team_kind }) => team_kind !== "none" },
    { name: "merit_places", label: ["荣誉证书名额", "Certificates of merit"], kind: "number", min: 0, max: 1000 },
    { name: "rounds", label: ["轮次", "Rounds"], kind: "rows", one: ["轮次", "Round"], least: 1, fields: ROUND },
    { name: "notice", label: ["个人信息告知", "Notice on personal data"], hint: ["每个参加者须同意。", "Everybody who joins agrees to it."], kind: "long" },
  ],
  initial: { entry_mode: "open", tie_rule: "faster", team_kind: "none", base_points: "100", speed_points: "50", merit_places: "0", joins_from: `${today()}T08:00`, rounds: [{ kind: "qualifying", question_count: "10", seconds: "20" }], notice: "仅记录姓氏、地区和成绩用于本次竞赛榜单，竞赛结束一年后删除。" },
  submit: ["存为草稿", "Keep the draft"],
  send: (values, id) => client.send(`/v1/held-contests/${id}`, values),
  then: (_, id) => `/exams/contests/${id}`,
};

export const ContestsPage = () => <ListPage title={["知识竞赛", "Contests"]} lead={["与考试分开：只用练习题，人人可参加。", "Apart from exams: practice questions only, and everybody may take part."]} of={CONTESTS} moves={[NEW]} />;

interface Group {
  name: string | null;
  people_count: number | null;
  first_share: string | null;
  last_share: string | null;
  gain: string | null;
}

interface Campaign {
  everybody: Group;
  by_region: Group[];
}

export function ContestPage({ id }: { id: string }) {
  const asked = useAsked<Contest>(`/v1/held-contests/${id}`);
  const one = asked.data;
  const campaign = useAsked<Campaign>(one === undefined || one.state === "draft" ? null : `/v1/held-contests/${id}/statistics`);
  return (
    <Page title={one?.name ?? t("知识竞赛", "Contest")} trail={[{ to: "/exams/contests", words: t("知识竞赛", "Contests") }]} tools={one === undefined ? undefined : <Moves of={moves(one)} />}>
      <About asked={asked} />
      {one === undefined ? null : (
        <>
          <p><State of={one.state} /></p>
          <Panel>
            <Facts of={[[["主办", "Held by"], <Name sort="organisation" id={one.organisation_id} />], [["参加", "Entry"], word(ENTRY, one.entry_mode)], [["报名", "Joining"], `${when(one.joins_from)} – ${when(one.joins_until)}`], [["得分", "Points"], t(`答对 ${one.base_points}，速度至多 +${one.speed_points}`, `${one.base_points} if right, up to +${one.speed_points} for speed`)], [["同分", "Equal points"], word(TIES, one.tie_rule)], [["团体赛", "Teams"], one.team_kind === "none" ? word(TEAMS, "none") : `${word(TEAMS, one.team_kind)} · ${count(one.team_size)}`], [["荣誉证书", "Certificates of merit"], count(one.merit_places)], [["知识点", "Topics"], one.topics.join("、") || t("全部", "All")]]} />
            <p class="note" lang="zh-CN">{one.notice}</p>
          </Panel>
          {one.rounds.map((round) => <RoundPanel key={round.id} contest={one} round={round} last={round.number === one.rounds.length} />)}
          {campaign.data === undefined ? null : <TakenPart of={campaign.data} />}
        </>
      )}
    </Page>
  );
}

function moves({ id, state, rounds }: Contest): MoveOf[] {
  const base = `/v1/held-contests/${id}`;
  return [
    { name: ["发布", "Publish"], title: ["发布竞赛", "Publish the contest"], lead: ["随机抽题并固定；之后只能取消，不能再改。", "Questions are drawn and pinned; afterwards it can be called off, not changed."], main: true, open: state === "draft", fields: [], submit: ["发布", "Publish"], send: () => client.send(`${base}/publication`) },
    { name: ["邀请", "Invite"], title: ["生成邀请码", "Make an invitation"], lead: ["邀请码只显示一次。", "The code is shown this once."], open: state === "published", fields: [{ name: "label", label: ["邀请对象", "Whom"], kind: "text" }, { name: "seats", label: ["名额", "Places"], kind: "number", min: 1, max: 100000 }, { name: "employer_id", label: ["企业", "Enterprise"], kind: "pick", sort: "organisation", optional: true }], submit: ["生成", "Make it"], send: (values, invitation) => client.send(`${base}/invitations/${invitation}`, values), told: ({ code }: { code: string | null }) => (code === null ? null : <p>{t("邀请码", "Code")}: <strong class="big"><code>{code}</code></strong></p>) },
    { name: ["取消竞赛", "Call it off"], title: ["取消竞赛", "Call the contest off"], lead: ["不能再报名和答题，榜单不再更新。", "Nobody joins or responds any more."], open: state === "published", danger: true, fields: [REASON], preview: () => players(rounds), submit: ["取消竞赛", "Call it off"], send: (values) => client.send(`${base}/cancellation`, values) },
  ];
}

function TakenPart({ of }: { of: Campaign }) {
  const rows = [{ ...of.everybody, name: t("全部", "All") }, ...of.by_region];
  return (
    <Panel title={t("参加与提高", "Who took part, and what they learnt")}>
      <p class="note">{t("少于五人的分组不显示。", "Groups of fewer than five are not told.")}</p>
      <ul class="lines">{rows.map((group, at) => <li key={at}><span lang="zh-CN">{group.name ?? "—"}</span><span class="note">{t("首轮答对", "first round")} {percent(group.first_share)} → {t("末轮", "last")} {percent(group.last_share)}</span><strong class="number">{group.people_count === null ? "< 5" : count(group.people_count)} {t("人", "people")}</strong></li>)}</ul>
    </Panel>
  );
}
