/** Exams: plans, specifications, sittings, centres, applications, appeals, regrades (考试). */
import { day, when } from "../../shared/dates.ts";
import { client } from "../../shared/platform.ts";
import { t } from "../../shared/settings.ts";
import type { Room } from "../frame.tsx";
import { REASON, Moves, type MoveOf } from "../kit/form.tsx";
import { ListPage, type ListOf } from "../kit/list.tsx";
import { Name } from "../kit/names.tsx";
import { Tag } from "../kit/parts.tsx";
import { count, word } from "../kit/two.ts";
import { AWAITED, EXAM_STATES, GROUNDS, HINDRANCES, LOOKS, REGRADE_STATES, REMEDIES, SITTING_MODES, SITTING_STATES, START_MODES } from "../words.ts";
import { ContestPage, ContestsPage } from "./contests.tsx";
import { AskedPage } from "./exam_asked.tsx";
import { CentrePage, type Centre } from "./exam_centres.tsx";
import { AppealPage, RegradePage, type Appeal, type Regrade } from "./exam_corrections.tsx";
import { ExamPage, type Exam } from "./exam_live.tsx";
import { SittingPage, type Sitting } from "./exam_sitting.tsx";
import { NewSpecification, SpecificationPage, type Specification } from "./exam_specification.tsx";

const SITTINGS: ListOf<Sitting> = {
  path: "/v1/sittings",
  name: ["考试场次", "Sittings"],
  id: ({ id }) => id,
  to: ({ id }) => `/exams/sittings/${id}`,
  filters: [
    { name: "state", label: ["状态", "State"], kind: "choice", choices: SITTING_STATES },
    { name: "plan_id", label: ["考试计划", "Plan"], kind: "pick", sort: "plan" },
    { name: "centre_id", label: ["考点", "Centre"], kind: "pick", sort: "centre" },
  ],
  columns: [
    { head: ["场次", "Sitting"], show: ({ name }) => name, sort: ({ name }) => name },
    { head: ["状态", "State"], show: ({ state }) => <Tag kind={LOOKS[state] ?? "plain"}>{word(SITTING_STATES, state)}</Tag>, text: ({ state }) => word(SITTING_STATES, state), sort: ({ state }) => state },
    { head: ["开考", "Opens"], show: ({ opens_at }) => when(opens_at), sort: ({ opens_at }) => opens_at },
    { head: ["考点", "Centre"], show: ({ centre_id }) => <Name sort="centre" id={centre_id} />, text: ({ centre_id }) => centre_id },
    { head: ["方式", "Mode"], show: ({ mode }) => word(SITTING_MODES, mode) },
    { head: ["人数上限", "Capacity"], show: ({ capacity }) => count(capacity), number: true, sort: ({ capacity }) => capacity },
    { head: ["报名截止", "Enrolment closes"], show: ({ enrolment_closes_at }) => when(enrolment_closes_at) },
  ],
  empty: ["还没有场次。先编制考试计划，再安排场次。", "No sitting yet. Make an exam plan first, then a sitting."],
  next: <a class="button" href="#/exams/plans">{t("考试计划", "Exam plans")}</a>,
};

const NEW_SITTING: MoveOf = {
  name: ["安排场次", "Plan a sitting"],
  title: ["安排考试场次", "Plan a sitting"],
  needs: "plan_exams",
  main: true,
  fields: [
    { name: "plan_id", label: ["考试计划", "Plan"], kind: "pick", sort: "plan" },
    { name: "name", label: ["场次名称", "Name"], kind: "text" },
    { name: "centre_id", label: ["考点", "Centre"], kind: "pick", sort: "centre" },
    { name: "mode", label: ["方式", "Mode"], kind: "choice", choices: SITTING_MODES },
    { name: "room_ids", label: ["考场", "Rooms"], hint: ["该考点已登记的考场。", "As the centre has them."], kind: "several", path: ({ centre_id }) => (centre_id ? `/v1/test-centres/${String(centre_id)}/rooms` : null), shown: (room: { name: string; capacity: number }) => `${room.name}（${room.capacity}）`, when: ({ mode }) => mode === "room" || mode === "practical" },
    { name: "capacity", label: ["人数上限", "Capacity"], kind: "number", min: 1, optional: true },
    { name: "stand_by_limit", label: ["候补人数", "Stand-by"], kind: "number", min: 0, optional: true },
    { name: "enrolment_opens_at", label: ["报名开始", "Enrolment opens"], kind: "moment" },
    { name: "enrolment_closes_at", label: ["报名截止", "Enrolment closes"], kind: "moment" },
    { name: "opens_at", label: ["开考时间", "Exam opens"], kind: "moment" },
    { name: "closes_at", label: ["结束时间", "Exam closes"], kind: "moment" },
    { name: "late_minutes", label: ["迟到可入场分钟", "Minutes one may be late"], kind: "number", min: 0, max: 600, optional: true },
    { name: "start_mode", label: ["开始方式", "Start"], kind: "choice", choices: START_MODES },
    { name: "form_count", label: ["试卷套数（考场建议 4 套以上；可一人一卷）", "Forms of the paper (four or more in rooms; up to one each)"], kind: "number", min: 1, max: 20000, optional: true },
    { name: "turn_minutes", label: ["每轮分钟（实操）", "Minutes of a turn (practical)"], kind: "number", min: 5, max: 600, optional: true, when: ({ mode }) => mode === "practical" },
    { name: "release_at", label: ["成绩公布时间（空为即时）", "Outcomes released at (empty: at once)"], kind: "moment", optional: true },
  ],
  initial: { mode: "room", start_mode: "by_signal", late_minutes: "30", form_count: "4" },
  submit: ["保存", "Save"],
  send: (values, id) => client.send(`/v1/sittings/${id}`, { room_ids: [], ...values }),
  then: (_, id) => `/exams/sittings/${id}`,
};

interface Plan {
  id: string;
  name: string;
  organisation_id: string;
  qualification_id: string;
  specification_id: string;
  from_on: string;
  until_on: string;
}

const PLANS: ListOf<Plan> = {
  path: "/v1/exam-plans",
  name: ["考试计划", "Exam plans"],
  id: ({ id }) => id,
  to: ({ id }) => `/exams/sittings?plan_id=${id}`,
  filters: [{ name: "qualification_id", label: ["资格", "Qualification"], kind: "pick", sort: "qualification" }],
  columns: [
    { head: ["计划", "Plan"], show: ({ name }) => name, sort: ({ name }) => name },
    { head: ["资格", "Qualification"], show: ({ qualification_id }) => <Name sort="qualification" id={qualification_id} />, text: ({ qualification_id }) => qualification_id },
    { head: ["组织单位", "Organiser"], show: ({ organisation_id }) => <Name sort="organisation" id={organisation_id} />, text: ({ organisation_id }) => organisation_id },
    { head: ["组卷方案", "Specification"], show: ({ specification_id }) => <a href={`#/exams/specifications/${specification_id}`}><Name sort="specification" id={specification_id} /></a>, text: ({ specification_id }) => specification_id },
    { head: ["起", "From"], show: ({ from_on }) => from_on, sort: ({ from_on }) => from_on },
    { head: ["止", "Until"], show: ({ until_on }) => until_on, sort: ({ until_on }) => until_on },
  ],
  empty: ["还没有考试计划。先写组卷方案，再编制计划。", "No plan yet. Write a paper specification first, then a plan."],
  next: <a class="button" href="#/exams/specifications">{t("组卷方案", "Paper specifications")}</a>,
};

const NEW_PLAN: MoveOf = {
  name: ["编制计划", "Make a plan"],
  title: ["编制考试计划", "Make an exam plan"],
  needs: "plan_exams",
  main: true,
  fields: [
    { name: "name", label: ["计划名称", "Name"], kind: "text" },
    { name: "organisation_id", label: ["组织单位", "Organiser"], kind: "pick", sort: "organisation" },
    { name: "qualification_id", label: ["资格", "Qualification"], kind: "pick", sort: "qualification" },
    { name: "specification_id", label: ["组卷方案", "Specification"], kind: "pick", sort: "specification" },
    { name: "from_on", label: ["自", "From"], kind: "day" },
    { name: "until_on", label: ["至", "Until"], kind: "day" },
  ],
  submit: ["保存", "Save"],
  send: (values, id) => client.send(`/v1/exam-plans/${id}`, values),
};

const SPECIFICATIONS: ListOf<Specification> = {
  path: "/v1/paper-specifications",
  name: ["组卷方案", "Paper specifications"],
  id: ({ id }) => id,
  to: ({ id }) => `/exams/specifications/${id}`,
  filters: [{ name: "qualification_id", label: ["资格", "Qualification"], kind: "pick", sort: "qualification" }],
  columns: [
    { head: ["方案", "Specification"], show: ({ name }) => name, sort: ({ name }) => name },
    { head: ["资格", "Qualification"], show: ({ qualification_id }) => <Name sort="qualification" id={qualification_id} />, text: ({ qualification_id }) => qualification_id },
    { head: ["题数", "Questions"], show: ({ sections }) => count(sections.reduce((sum, { count: number }) => sum + number, 0)), number: true },
    { head: ["满分", "Points"], show: ({ sections }) => count(sections.reduce((sum, { count: number, points }) => sum + number * points, 0)), number: true },
    { head: ["写于", "Written"], show: ({ written_at }) => day(written_at), sort: ({ written_at }) => written_at },
  ],
  empty: ["还没有组卷方案。方案规定题型、题量、分值和知识点。", "No specification yet: it says which kinds, how many, for how many points, on which topics."],
  next: <a class="button" href="#/exams/specifications/new">{t("新建组卷方案", "Write one")}</a>,
};

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
    { head: ["资格", "Qualification"], show: ({ qualification_id }) => <Name sort="qualification" id={qualification_id} />, text: ({ qualification_id }) => qualification_id },
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
    { head: ["地区", "Region"], show: ({ region_id }) => <Name sort="region" id={region_id} />, text: ({ region_id }) => region_id },
  ],
  empty: ["还没有考试点。请平台管理员先登记类型为“考试点”的单位。", "No test centre yet. An administrator registers an organisation of that kind."],
};

interface Candidature {
  id: string;
  sitting_id: string;
  candidate_id: string;
  number: number;
  sent_by_id: string | null;
  hindrances: string[];
  awaits: string | null;
  decide_by: string;
  decided_at: string | null;
}

const CANDIDATURES: ListOf<Candidature> = {
  path: "/v1/candidatures",
  name: ["报考审核", "Applications"],
  id: ({ id }) => id,
  to: ({ sitting_id }) => `/exams/sittings/${sitting_id}`,
  filters: [{ name: "sitting_id", label: ["场次", "Sitting"], kind: "pick", path: "/v1/sittings" }],
  columns: [
    { head: ["序号", "Number"], show: ({ number }) => count(number), number: true },
    { head: ["考生", "Candidate"], show: ({ candidate_id }) => <Name sort="person" id={candidate_id} />, text: ({ candidate_id }) => candidate_id },
    { head: ["报送单位", "Sent by"], show: ({ sent_by_id }) => (sent_by_id === null ? t("本人", "Oneself") : <Name sort="organisation" id={sent_by_id} />), text: ({ sent_by_id }) => sent_by_id ?? "" },
    { head: ["存在的问题", "What stands in the way"], show: ({ hindrances }) => (hindrances.length === 0 ? <Tag kind="good">{t("无", "Nothing")}</Tag> : <span class="tags">{hindrances.map((one) => <Tag key={one} kind="bad">{word(HINDRANCES, one)}</Tag>)}</span>), text: ({ hindrances }) => hindrances.map((one) => word(HINDRANCES, one)).join(";") },
    { head: ["状态", "Standing"], show: ({ awaits }) => word(AWAITED, awaits) },
    { head: ["办理期限", "Due"], show: ({ decide_by }) => decide_by, sort: ({ decide_by }) => decide_by },
  ],
  rowTools: ({ id, hindrances }) => <Moves of={decisions(id, hindrances.length)} />,
  empty: ["没有等待审核的报考。", "No application waits."],
};

export function decisions(id: string, hindrances: number): MoveOf[] {
  const one = (approved: boolean, name: readonly [string, string]): MoveOf => ({
    name,
    title: name,
    ...(approved && hindrances > 0 ? { lead: [`还有 ${hindrances} 项问题：提交时重新核对，未消除的不能通过。`, `${hindrances} things stand in the way. They are looked at anew: none may be left.`] as const } : {}),
    needs: "decide_candidatures",
    danger: !approved,
    fields: [REASON],
    submit: name,
    send: (values) => client.send(`/v1/enrolments/${id}/decision`, { ...values, approved }),
  });
  return [one(true, ["通过", "Approve"]), one(false, ["不通过", "Refuse"])];
}

const APPEALS: ListOf<Appeal> = {
  path: "/v1/appeals",
  name: ["成绩复核", "Appeals"],
  id: ({ id }) => id,
  to: ({ id }) => `/exams/appeals/${id}`,
  filters: [{ name: "open_only", label: ["仅未办结", "Open only"], kind: "yes" }],
  columns: [
    { head: ["提出于", "Filed"], show: ({ filed_at }) => when(filed_at), sort: ({ filed_at }) => filed_at },
    { head: ["理由", "Ground"], show: ({ ground }) => word(GROUNDS, ground) },
    { head: ["陈述", "Statement"], show: ({ statement }) => <span class="two-lines stem">{statement}</span>, text: ({ statement }) => statement },
    { head: ["期限", "Due"], show: ({ due_on }) => due_on, sort: ({ due_on }) => due_on },
    { head: ["结论", "Ruling"], show: ({ upheld }) => (upheld === null ? <Tag kind="warn">{t("待办", "Open")}</Tag> : <Tag kind={upheld ? "good" : "plain"}>{upheld ? t("成立", "Upheld") : t("不成立", "Not upheld")}</Tag>), text: ({ upheld }) => String(upheld) },
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

interface Override {
  id: string;
  staff_id: string;
  candidate_id: string;
  reason: string;
  until_on: string;
  asked_at: string;
  granted: boolean | null;
}

const OVERRIDES: ListOf<Override> = {
  path: "/v1/separation-overrides",
  name: ["考培分离例外", "Exceptions to separation"],
  id: ({ id }) => id,
  filters: [{ name: "open_only", label: ["仅待定", "Open only"], kind: "yes" }],
  columns: [
    { head: ["工作人员", "Staff"], show: ({ staff_id }) => <Name sort="person" id={staff_id} />, text: ({ staff_id }) => staff_id },
    { head: ["考生", "Candidate"], show: ({ candidate_id }) => <Name sort="person" id={candidate_id} />, text: ({ candidate_id }) => candidate_id },
    { head: ["理由", "Reason"], show: ({ reason }) => reason },
    { head: ["至", "Until"], show: ({ until_on }) => until_on },
    { head: ["结论", "Decision"], show: ({ granted }) => (granted === null ? <Tag kind="warn">{t("待定", "Open")}</Tag> : <Tag kind={granted ? "good" : "bad"}>{granted ? t("准予", "Granted") : t("不准", "Denied")}</Tag>), text: ({ granted }) => String(granted) },
  ],
  rowTools: ({ id, granted }) => (
    <Moves
      of={[true, false].map((yes) => ({
        name: yes ? ["准予", "Grant"] : ["不准", "Deny"],
        title: yes ? ["准予例外", "Grant the exception"] : ["不准例外", "Deny the exception"],
        needs: "override_separation",
        open: granted === null,
        danger: !yes,
        fields: [REASON],
        submit: yes ? ["准予", "Grant"] : ["不准", "Deny"],
        send: (values) => client.send(`/v1/separation-overrides/${id}/decision`, { ...values, granted: yes }),
      }))}
    />
  ),
  empty: ["没有例外申请。", "Nobody asked for an exception."],
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
