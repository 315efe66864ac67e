/** Exams: what is planned, held, appealed against and put right (考试). */
import { when } from "../../shared/dates.ts";
import { t } from "../../shared/settings.ts";
import type { Room } from "../frame.tsx";
import { ListPage, type ListOf } from "../kit/list.tsx";
import { called, named } from "../kit/named.tsx";
import { Tag } from "../kit/parts.tsx";
import { count, word } from "../kit/two.ts";
import { EXAM_STATES, GROUNDS, LOOKS, REGRADE_STATES, REMEDIES } from "../words.ts";
import { ContestPage, ContestsPage } from "./contests.tsx";
import { AskedPage } from "./exam_asked.tsx";
import { CentrePage, type Centre } from "./exam_centres.tsx";
import { AppealPage, RegradePage, type Appeal, type Regrade } from "./exam_corrections.tsx";
import { CANDIDATURES, OVERRIDES } from "./exam_decisions.tsx";
import { ExamPage, type Exam } from "./exam_live.tsx";
import { NEW_PLAN, NEW_SITTING, PLANS, SITTINGS, SPECIFICATIONS } from "./exam_planning.tsx";
import { SittingPage } from "./exam_sitting.tsx";
import { NewSpecification, SpecificationPage } from "./exam_specification.tsx";

const EXAMS: ListOf<Exam> = {
  path: "/v1/exams",
  name: ["考试", "Exams"],
  id: ({ id }) => id,
  to: ({ id }) => `/exams/exams/${id}`,
  filters: [
    { name: "qualification_id", label: ["资格", "Qualification"], kind: "pick", sort: "qualification" },
    { name: "state", label: ["状态", "State"], kind: "choice", choices: EXAM_STATES },
  ],
  columns: [
    { head: ["考试", "Exam"], show: ({ name }) => name, sort: ({ name }) => name },
    { head: ["状态", "State"], show: ({ state }) => <Tag kind={LOOKS[state] ?? "plain"}>{word(EXAM_STATES, state)}</Tag>, text: ({ state }) => word(EXAM_STATES, state) },
    named(["资格", "Qualification"], "qualification", ({ qualification_id }) => qualification_id),
    { head: ["开始", "Opens"], show: ({ opens_at }) => when(opens_at), sort: ({ opens_at }) => opens_at },
    { head: ["结束", "Closes"], show: ({ closes_at }) => when(closes_at), sort: ({ closes_at }) => closes_at },
    { head: ["分钟", "Minutes"], show: ({ allowed_minutes }) => count(allowed_minutes), number: true },
  ],
  empty: ["没有您可以看到的考试。", "There is no exam that you may see."],
};

const CENTRES: ListOf<Centre> = {
  path: "/v1/test-centres",
  name: ["考试点", "Test centres"],
  id: ({ id }) => id,
  to: ({ id }) => `/exams/centres/${id}`,
  filters: [
    { name: "name", label: ["名称", "Name"], kind: "text" },
    { name: "region_id", label: ["地区", "Region"], kind: "pick", sort: "region" },
  ],
  columns: [
    { head: ["考试点", "Centre"], show: ({ name }) => name, sort: ({ name }) => name },
    named(["地区", "Region"], "region", ({ region_id }) => region_id),
  ],
  empty: ["还没有考试点。请平台管理员先登记类型为“考试点”的单位。", "No test centre yet. An administrator registers an organisation of that kind."],
};

const APPEALS: ListOf<Appeal> = {
  path: "/v1/appeals",
  name: ["成绩复核", "Appeals"],
  id: ({ id }) => id,
  to: ({ id }) => `/exams/appeals/${id}`,
  filters: [
    { name: "ground", label: ["理由", "Ground"], kind: "choice", choices: GROUNDS },
    { name: "open_only", label: ["仅未办结", "Open only"], kind: "yes" },
  ],
  columns: [
    called(["考生", "Candidate"], ({ candidate_name }) => candidate_name),
    { head: ["证件", "Document"], show: ({ document_masked }) => document_masked },
    { head: ["提出于", "Filed"], show: ({ filed_at }) => when(filed_at), sort: ({ filed_at }) => filed_at },
    { head: ["理由", "Ground"], show: ({ ground }) => word(GROUNDS, ground) },
    { head: ["陈述", "Statement"], show: ({ statement }) => <span class="two-lines stem">{statement}</span>, text: ({ statement }) => statement },
    { head: ["期限", "Due"], show: ({ due_on }) => due_on, sort: ({ due_on }) => due_on },
    { head: ["结论", "Ruling"], show: ({ upheld }) => (upheld === null ? <Tag kind="warn">{t("待办", "Open")}</Tag> : <Tag kind={upheld ? "good" : "plain"}>{upheld ? t("成立", "Upheld") : t("不成立", "Not upheld")}</Tag>), text: ({ upheld }) => (upheld === null ? t("待办", "Open") : upheld ? t("成立", "Upheld") : t("不成立", "Not upheld")) },
  ],
  empty: ["没有复核申请。", "There are no appeals."],
};

const REGRADES: ListOf<Regrade> = {
  path: "/v1/regrades",
  name: ["重新评分", "Regrades"],
  id: ({ id }) => id,
  to: ({ id }) => `/exams/regrades/${id}`,
  filters: [{ name: "state", label: ["状态", "State"], kind: "choice", choices: REGRADE_STATES }],
  columns: [
    { head: ["提出于", "Proposed"], show: ({ proposed_at }) => when(proposed_at), sort: ({ proposed_at }) => proposed_at },
    { head: ["办法", "Remedy"], show: ({ remedy }) => word(REMEDIES, remedy) },
    { head: ["理由", "Reason"], show: ({ reason }) => <span class="two-lines stem">{reason}</span>, text: ({ reason }) => reason },
    { head: ["状态", "State"], show: ({ state }) => <Tag kind={LOOKS[state] ?? "warn"}>{word(REGRADE_STATES, state)}</Tag>, text: ({ state }) => word(REGRADE_STATES, state) },
    { head: ["受影响成绩", "Outcomes changed"], show: ({ preview }) => count(preview?.changed), number: true },
  ],
  empty: ["没有重新评分。答案有误的试题可在此提出更正：先看影响，再由多人批准。", "No regrades. A wrong key is put right here: its effects are seen first, then several people approve."],
};

export const exams: Room = {
  name: ["考试", "Exams"],
  icon: "exam",
  pages: [
    { path: "exams/specifications", name: ["组卷方案", "Specifications"], needs: ["plan_exams"], show: () => <ListPage title={["组卷方案", "Paper specifications"]} of={SPECIFICATIONS} tools={<a class="button" href="#/exams/specifications/new">{t("新建组卷方案", "Write a specification")}</a>} /> },
    { path: "exams/specifications/new", needs: ["plan_exams"], show: () => <NewSpecification /> },
    { path: "exams/specifications/:id", needs: ["plan_exams"], show: (id) => <SpecificationPage id={id!} /> },
    { path: "exams/plans", name: ["考试计划", "Plans"], needs: ["see_exams"], show: () => <ListPage title={["考试计划", "Exam plans"]} of={PLANS} moves={[NEW_PLAN]} /> },
    { path: "exams/sittings", name: ["考试场次", "Sittings"], needs: ["see_exams"], show: () => <ListPage title={["考试场次", "Sittings"]} of={SITTINGS} moves={[NEW_SITTING]} /> },
    { path: "exams/sittings/:id", needs: ["see_exams"], show: (id) => <SittingPage id={id!} /> },
    { path: "exams/candidatures", name: ["报考审核", "Applications"], needs: ["decide_candidatures"], show: () => <ListPage title={["报考审核", "Applications to decide"]} lead={["五个工作日内审核；先到期的在前。", "To be decided within five working days; what is due first comes first."]} of={CANDIDATURES} /> },
    { path: "exams/exams", name: ["考试与考场", "Exams and rooms"], needs: ["see_exams"], show: () => <ListPage title={["考试与考场", "Exams and rooms"]} of={EXAMS} /> },
    { path: "exams/exams/:id", needs: ["see_exams"], show: (id) => <ExamPage id={id!} /> },
    { path: "exams/centres", name: ["考试点与考场", "Test centres"], needs: ["see_exams"], show: () => <ListPage title={["考试点", "Test centres"]} of={CENTRES} /> },
    { path: "exams/centres/:id", needs: ["see_exams"], show: (id) => <CentrePage id={id!} /> },
    { path: "exams/appeals", name: ["成绩复核", "Appeals"], needs: ["examine"], show: () => <ListPage title={["成绩复核", "Appeals"]} of={APPEALS} /> },
    { path: "exams/appeals/:id", needs: ["examine"], show: (id) => <AppealPage id={id!} /> },
    { path: "exams/regrades", name: ["重新评分", "Regrades"], needs: ["examine"], show: () => <ListPage title={["重新评分", "Regrades"]} of={REGRADES} tools={<a class="button" href="#/exams/asked">{t("查找试题并提出", "Find a question and propose")}</a>} /> },
    { path: "exams/asked", name: ["考过的试题", "Questions asked"], needs: ["examine"], show: () => <AskedPage /> },
    { path: "exams/regrades/:id", needs: ["examine"], show: (id) => <RegradePage id={id!} /> },
    { path: "exams/contests", name: ["知识竞赛", "Contests"], needs: ["hold_contests"], show: () => <ContestsPage /> },
    { path: "exams/contests/:id", needs: ["hold_contests"], show: (id) => <ContestPage id={id!} /> },
    { path: "exams/overrides", name: ["考培分离例外", "Exceptions"], needs: ["override_separation"], show: () => <ListPage title={["考培分离例外", "Exceptions to separation"]} of={OVERRIDES} /> },
  ],
};
