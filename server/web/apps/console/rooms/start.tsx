/** The first page: what waits for whom is signed in, and how a new bureau comes to its first exam (首页). */
import { client, me } from "../../shared/platform.ts";
import { t } from "../../shared/settings.ts";
import type { Room } from "../frame.tsx";
import { may, useAsked } from "../kit/asking.ts";
import { About, Empty, Figure, Page, Panel, Tag } from "../kit/parts.tsx";
import { count, say, word, type Two } from "../kit/two.ts";
import { ROLES } from "../words.ts";

/** How many there are, as far as one page of a list tells: 200 stands for “200 or more”. */
async function howMany(path: string): Promise<number> {
  const reply = await client.get<{ items: unknown[] }>(`${path}${path.includes("?") ? "&" : "?"}limit=200`);
  return reply.items.length;
}

const shown = (number: number) => (number >= 200 ? `${count(200)}+` : count(number));

/** Whether exams can be held in one of the first centres: 1 where one is approved and has a room. */
async function readyCentres(): Promise<number> {
  const { items } = await client.get<{ items: { id: string }[] }>("/v1/test-centres?limit=10");
  for (const { id } of items) {
    const [rooms, approvals] = await Promise.all([
      client.get<{ items: { closed_at: string | null }[] }>(`/v1/test-centres/${id}/rooms`),
      client.get<{ items: { withdrawn_on: string | null }[] }>(`/v1/test-centres/${id}/approvals`),
    ]);
    if (rooms.items.some(({ closed_at }) => closed_at === null) && approvals.items.some(({ withdrawn_on }) => withdrawn_on === null)) return 1;
  }
  return 0;
}

interface Waiting {
  name: Two;
  needs: string;
  path: string;
  to: string;
}

const WAITING: Waiting[] = [
  { name: ["报考待审核", "Applications to decide"], needs: "decide_candidatures", path: "/v1/candidatures", to: "/exams/candidatures" },
  { name: ["待审试题", "Questions to review"], needs: "review_questions", path: "/v1/questions?state=in_review", to: "/bank/questions?state=in_review" },
  { name: ["待裁定重复/冲突", "Pairs to rule on"], needs: "review_questions", path: "/v1/question-pairs", to: "/bank/pairs" },
  { name: ["试题预警", "Flags on questions"], needs: "review_questions", path: "/v1/question-flags", to: "/bank/flags" },
  { name: ["发证申请", "Applications for certificates"], needs: "issue_certificates", path: "/v1/certificate-applications", to: "/certificates/applications" },
  { name: ["成绩复核", "Appeals"], needs: "examine", path: "/v1/appeals?open_only=true", to: "/exams/appeals" },
  { name: ["考培分离例外申请", "Exceptions asked for"], needs: "override_separation", path: "/v1/separation-overrides", to: "/exams/overrides" },
  { name: ["考核待签字", "Results to sign"], needs: "write_files", path: "/v1/file-confirmations", to: "/training/confirmations" },
  { name: ["疑似重复档案", "Suspected doubles"], needs: "merge_people", path: "/v1/suspected-doubles", to: "/people/doubles" },
];

function Work() {
  const mine = WAITING.filter(({ needs }) => may(needs));
  const counts = useAsked<number[]>(mine.length === 0 ? null : "waiting", () => Promise.all(mine.map(({ path }) => howMany(path).catch(() => 0))));
  return (
    <Panel title={t("等待您处理", "Waiting for you")}>
      <About asked={counts} />
      {mine.length === 0 ? <p class="note">{t("您的角色没有待办事项。", "Nothing ever waits for your roles.")}</p> : null}
      <div class="figures">
        {mine.map(({ name, to }, at) => {
          const number = counts.data?.[at];
          if (number === undefined) return null;
          return <Figure key={to} name={say(name)} value={shown(number)} kind={number > 0 ? "warn" : "good"} note={<a href={`#${to}`}>{number > 0 ? t("去处理", "Go there") : t("查看", "See")}</a>} />;
        })}
      </div>
    </Panel>
  );
}

interface Step {
  name: Two;
  why: Two;
  needs: string;
  /** Who does it, where it is not whoever is signed in. */
  by: string;
  path: string;
  to: string;
  least: number;
  /** How far it is, where a list alone does not tell. */
  ready?: () => Promise<number>;
}

const STEPS: Step[] = [
  { name: ["登记单位", "Register organisations"], why: ["监管部门、考试点、培训机构、生产经营单位", "Authorities, test centres, providers, enterprises"], needs: "see_organisations", by: "administrator", path: "/v1/organisations", to: "/people/organisations", least: 2 },
  { name: ["登记人员或导入名册", "Enter people, or import the roster"], why: ["工作人员和考生都先在册；账户开给在册的人，岗位是覆盖率的分母", "Staff and candidates alike: accounts are opened for them, and their posts are what coverage counts"], needs: "see_people", by: "administrator", path: "/v1/people", to: "/people/import", least: 3 },
  { name: ["开通账户并授权", "Open accounts and grant roles"], why: ["命题与审题、计划与监考须由不同的人担任", "Who writes does not review; who trains does not examine"], needs: "manage_accounts", by: "administrator", path: "/v1/accounts", to: "/people/accounts", least: 3 },
  { name: ["建立题库并导入试题", "Make a bank and import questions"], why: ["现有的 Excel 题库可直接导入，先预览后写入", "The workbooks you have: previewed before anything is stored"], needs: "see_questions", by: "author", path: "/v1/questions", to: "/bank/import", least: 1 },
  { name: ["审核并发布试题", "Review and publish questions"], why: ["考试只使用已发布的试题", "Exams use published questions only"], needs: "see_questions", by: "reviewer", path: "/v1/questions?state=published", to: "/bank/questions?state=in_review", least: 1 },
  { name: ["制定组卷方案", "Write a paper specification"], why: ["题型、题量、分值、知识点；实时显示题库能否承载", "Kinds, numbers, points – with what the bank can carry"], needs: "plan_exams", by: "planner", path: "/v1/paper-specifications", to: "/exams/specifications", least: 1 },
  { name: ["批准考试点并登记考场", "Approve a test centre and its rooms"], why: ["考场的行列与座位", "Rooms with their seats"], needs: "see_exams", by: "planner", path: "/v1/test-centres", to: "/exams/centres", least: 1, ready: readyCentres },
  { name: ["编制考试计划", "Make an exam plan"], why: ["在哪些日子考哪一类人员", "Which qualification in which days"], needs: "see_exams", by: "planner", path: "/v1/exam-plans", to: "/exams/plans", least: 1 },
  { name: ["登记发证机关", "Register an issuer"], why: ["考试合格后自动签发证书", "Certificates follow upon a pass"], needs: "see_organisations", by: "administrator", path: "/v1/issuers", to: "/certificates/issuers", least: 1 },
  { name: ["安排考试场次", "Plan a sitting"], why: ["时间、考场、监考；开放报名、编座、开考", "Hours, rooms, invigilators; opening, seating, start"], needs: "see_exams", by: "planner", path: "/v1/sittings", to: "/exams/sittings", least: 1 },
];

function FirstExam() {
  const seen = STEPS.map(({ needs }) => may(needs));
  const counts = useAsked<(number | null)[]>("steps", () => Promise.all(STEPS.map(({ path, ready }, at) => (seen[at] ? (ready?.() ?? howMany(path)).catch(() => null) : Promise.resolve(null)))));
  const done = STEPS.filter(({ least }, at) => (counts.data?.[at] ?? 0) >= least).length;
  return (
    <Panel title={t("从零到第一场考试", "From nothing to the first exam")} tools={<Tag kind={done === STEPS.length ? "good" : "main"}>{done} / {STEPS.length}</Tag>}>
      <About asked={counts} />
      <ol class="steps">
        {STEPS.map((step, at) => {
          const number = counts.data?.[at];
          const ready = (number ?? 0) >= step.least;
          return (
            <li key={step.name[1]} class={ready ? "done" : ""}>
              <div>
                <p><strong>{say(step.name)}</strong> {typeof number === "number" && step.ready === undefined ? <Tag kind={ready ? "good" : "plain"}>{shown(number)}</Tag> : null}</p>
                <p class="note">{say(step.why)}</p>
              </div>
              {seen[at] ? <a class={`button ${ready ? "quiet" : ""}`} href={`#${step.to}`}>{ready ? t("查看", "See") : t("去办理", "Do it")}</a> : <span class="note">{t("由", "By the ")}{word(ROLES, step.by)}{t("办理", "")}</span>}
            </li>
          );
        })}
      </ol>
    </Panel>
  );
}

/** Who has a step to take on the way to the first exam. */
const LEADERS = ["manage_organisations", "manage_accounts", "write_questions", "review_questions", "plan_exams"];

function StartPage() {
  return (
    <Page title={t(`您好，${me.value?.name ?? ""}`, `Welcome, ${me.value?.name ?? ""}`)}>
      {me.value?.permissions.length === 0 ? <Empty words={["您的账户还没有角色。请联系平台管理员授权；学习和考试请使用手机应用。", "Your account has no role yet. Ask an administrator; to learn and sit exams, use the phone app."]}><a class="button" href="/app/">{t("打开手机应用", "Open the phone app")}</a></Empty> : null}
      <Work />
      {LEADERS.some(may) ? <FirstExam /> : null}
    </Page>
  );
}

export const start: Room = {
  name: ["首页", "Start"],
  icon: "today",
  pages: [{ path: "", name: ["首页与待办", "Start and work"], show: () => <StartPage /> }],
};
