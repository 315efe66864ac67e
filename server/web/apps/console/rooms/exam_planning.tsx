/** What is examined when: paper specifications, exam plans, sittings (考试计划与场次). */
import { day, when } from "../../shared/dates.ts";
import { client } from "../../shared/platform.ts";
import { t } from "../../shared/settings.ts";
import { may } from "../kit/asking.ts";
import type { MoveOf } from "../kit/form.tsx";
import type { ListOf } from "../kit/list.tsx";
import { called, named } from "../kit/named.tsx";
import { Tag } from "../kit/parts.tsx";
import { count, word } from "../kit/two.ts";
import { LOOKS, SITTING_MODES, SITTING_STATES, START_MODES } from "../words.ts";
import type { Sitting } from "./exam_sitting.tsx";
import type { Specification } from "./exam_specification.tsx";

export const SITTINGS: ListOf<Sitting> = {
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
    named(["考点", "Centre"], "centre", ({ centre_id }) => centre_id),
    { head: ["方式", "Mode"], show: ({ mode }) => word(SITTING_MODES, mode) },
    { head: ["人数上限", "Capacity"], show: ({ capacity }) => count(capacity), number: true, sort: ({ capacity }) => capacity },
    { head: ["报名截止", "Enrolment closes"], show: ({ enrolment_closes_at }) => when(enrolment_closes_at) },
  ],
  empty: ["还没有场次。先编制考试计划，再安排场次。", "No sitting yet. Make an exam plan first, then a sitting."],
  next: <a class="button" href="#/exams/plans">{t("考试计划", "Exam plans")}</a>,
};

export const NEW_SITTING: MoveOf = {
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
  organisation_name: string;
  qualification_id: string;
  specification_id: string;
  specification_name: string;
  from_on: string;
  until_on: string;
}

export const PLANS: ListOf<Plan> = {
  path: "/v1/exam-plans",
  name: ["考试计划", "Exam plans"],
  id: ({ id }) => id,
  to: ({ id }) => `/exams/sittings?plan_id=${id}`,
  filters: [{ name: "qualification_id", label: ["资格", "Qualification"], kind: "pick", sort: "qualification" }],
  columns: [
    { head: ["计划", "Plan"], show: ({ name }) => name, sort: ({ name }) => name },
    named(["资格", "Qualification"], "qualification", ({ qualification_id }) => qualification_id),
    called(["组织单位", "Organiser"], ({ organisation_name }) => organisation_name),
    { head: ["组卷方案", "Specification"], show: ({ specification_id, specification_name }) => (may("plan_exams") ? <a href={`#/exams/specifications/${specification_id}`} lang="zh-CN">{specification_name}</a> : specification_name), text: ({ specification_name }) => specification_name, sort: ({ specification_name }) => specification_name },
    { head: ["起", "From"], show: ({ from_on }) => from_on, sort: ({ from_on }) => from_on },
    { head: ["止", "Until"], show: ({ until_on }) => until_on, sort: ({ until_on }) => until_on },
  ],
  empty: ["还没有考试计划。先写组卷方案，再编制计划。", "No plan yet. Write a paper specification first, then a plan."],
  next: <a class="button" href="#/exams/specifications">{t("组卷方案", "Paper specifications")}</a>,
};

export const NEW_PLAN: MoveOf = {
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

export const SPECIFICATIONS: ListOf<Specification> = {
  path: "/v1/paper-specifications",
  name: ["组卷方案", "Paper specifications"],
  id: ({ id }) => id,
  to: ({ id }) => `/exams/specifications/${id}`,
  filters: [{ name: "qualification_id", label: ["资格", "Qualification"], kind: "pick", sort: "qualification" }],
  columns: [
    { head: ["方案", "Specification"], show: ({ name }) => name, sort: ({ name }) => name },
    named(["资格", "Qualification"], "qualification", ({ qualification_id }) => qualification_id),
    { head: ["题数", "Questions"], show: ({ sections }) => count(sections.reduce((sum, { count: number }) => sum + number, 0)), number: true },
    { head: ["满分", "Points"], show: ({ sections }) => count(sections.reduce((sum, { count: number, points }) => sum + number * points, 0)), number: true },
    { head: ["写于", "Written"], show: ({ written_at }) => day(written_at), sort: ({ written_at }) => written_at },
  ],
  empty: ["还没有组卷方案。方案规定题型、题量、分值和知识点。", "No specification yet: it says which kinds, how many, for how many points, on which topics."],
  next: <a class="button" href="#/exams/specifications/new">{t("新建组卷方案", "Write one")}</a>,
};
