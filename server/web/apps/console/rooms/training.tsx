/** Training: classes, programmes, who is due, providers with their experts, hours that are asked for, quality (培训). */
import { when } from "../../shared/dates.ts";
import { client } from "../../shared/platform.ts";
import { t } from "../../shared/settings.ts";
import type { Room } from "../frame.tsx";
import { may, useAsked } from "../kit/asking.ts";
import { today } from "../kit/fields.tsx";
import { Moves, type MoveOf } from "../kit/form.tsx";
import { List, ListPage, type ListOf } from "../kit/list.tsx";
import { Name } from "../kit/names.tsx";
import { About, Facts, Page, Panel, Tag } from "../kit/parts.tsx";
import { count, word } from "../kit/two.ts";
import { POST_ROLES, SUBJECTS, TRAINING_MODES, TRAINING_TYPES } from "../words.ts";
import { ClassPage, LessonPage, standing, type TrainingClass } from "./training_class.tsx";
import { ConfirmationsPage } from "./training_confirmations.tsx";
import { DuePage } from "./training_dues.tsx";
import { ProviderPage, Providers, Experts } from "./training_providers.tsx";
import { QualityPage, TopicsPage } from "./training_quality.tsx";

/** Everybody within reach runs, teaches or sees training. */
const SEES = ["see_training", "teach"];

const CLASSES: ListOf<TrainingClass> = {
  path: "/v1/training-classes",
  name: ["培训班", "Classes"],
  id: ({ id }) => id,
  to: ({ id }) => `/training/classes/${id}`,
  filters: [
    { name: "on", label: ["当日在办", "Running on"], kind: "day" },
    { name: "programme_id", label: ["方案", "Programme"], kind: "pick", sort: "programme" },
  ],
  columns: [
    { head: ["培训班", "Class"], show: ({ name }) => name, sort: ({ name }) => name },
    { head: ["状态", "Standing"], show: (one) => <Tag kind={standing(one).kind}>{standing(one).words}</Tag>, text: (one) => standing(one).words, sort: (one) => standing(one).words },
    { head: ["培训机构", "Provider"], show: ({ provider_id }) => <Name sort="organisation" id={provider_id} />, text: ({ provider_id }) => provider_id },
    { head: ["方案", "Programme"], show: ({ programme_id }) => <Name sort="programme" id={programme_id} />, text: ({ programme_id }) => programme_id },
    { head: ["方式", "Mode"], show: ({ mode }) => word(TRAINING_MODES, mode), sort: ({ mode }) => mode },
    { head: ["开班", "Begins"], show: ({ starts_on }) => starts_on, sort: ({ starts_on }) => starts_on },
    { head: ["结业", "Ends"], show: ({ ends_on }) => ends_on, sort: ({ ends_on }) => ends_on },
    { head: ["名额", "Places"], show: ({ capacity }) => count(capacity), number: true, sort: ({ capacity }) => capacity },
  ],
  empty: ["还没有培训班。先写培训方案，再按方案办班。", "No class yet. Write a programme first, then plan a class by it."],
  next: <PlanFirst />,
};

function PlanFirst() {
  return may("plan_training") ? <a class="button" href="#/training/programmes">{t("培训方案", "Programmes")}</a> : null;
}

const NEW_CLASS: MoveOf = {
  name: ["办班", "Plan a class"],
  title: ["办班", "Plan a class"],
  needs: "plan_training",
  main: true,
  fields: [
    { name: "provider_id", label: ["办班单位", "Who runs it"], hint: ["培训机构，或自办班的企业。", "A provider, or an enterprise for its own people."], kind: "pick", sort: "organisation" },
    { name: "programme_id", label: ["培训方案", "Programme"], kind: "pick", sort: "programme" },
    { name: "name", label: ["班名", "Name"], kind: "text" },
    { name: "mode", label: ["方式", "Mode"], kind: "choice", choices: TRAINING_MODES },
    { name: "starts_on", label: ["开班", "Begins"], kind: "day" },
    { name: "ends_on", label: ["结业", "Ends"], kind: "day" },
    { name: "capacity", label: ["名额", "Places"], kind: "number", min: 1, max: 2000 },
    { name: "run_by_id", label: ["班主任", "Who runs it"], kind: "pick", sort: "person" },
  ],
  initial: { mode: "classroom", starts_on: today() },
  submit: ["保存", "Save"],
  send: (values, id) => client.send(`/v1/training-classes/${id}`, values),
  then: (_, id) => `/training/classes/${id}`,
};

interface Programme {
  id: string;
  owner_id: string;
  name: string;
  type: string;
  role: string | null;
  item: string | null;
  hours: string;
  valid_from: string;
  valid_until: string | null;
}

const PROGRAMMES: ListOf<Programme> = {
  path: "/v1/training-programmes",
  name: ["培训方案", "Programmes"],
  id: ({ id }) => id,
  to: ({ id }) => `/training/programmes/${id}`,
  filters: [
    { name: "type", label: ["类型", "Type"], kind: "choice", choices: TRAINING_TYPES },
    { name: "role", label: ["人员", "Role"], kind: "choice", choices: POST_ROLES },
    { name: "on", label: ["当日有效", "In force on"], kind: "day" },
  ],
  columns: [
    { head: ["方案", "Programme"], show: ({ name }) => name, sort: ({ name }) => name },
    { head: ["类型", "Type"], show: ({ type }) => word(TRAINING_TYPES, type), sort: ({ type }) => type },
    { head: ["人员", "Role"], show: ({ role }) => word(POST_ROLES, role), sort: ({ role }) => role ?? "" },
    { head: ["项目", "Item"], show: ({ item }) => item ?? "—" },
    { head: ["学时", "Hours"], show: ({ hours }) => hours, number: true, sort: ({ hours }) => Number(hours) },
    { head: ["自", "From"], show: ({ valid_from }) => valid_from, sort: ({ valid_from }) => valid_from },
    { head: ["至", "Until"], show: ({ valid_until }) => valid_until ?? t("现行", "in force"), sort: ({ valid_until }) => valid_until ?? "9999" },
    { head: ["制定单位", "Owner"], show: ({ owner_id }) => <Name sort="organisation" id={owner_id} />, text: ({ owner_id }) => owner_id },
  ],
  empty: ["还没有培训方案。方案规定教什么、多少学时；少于法定学时的会被拒绝。", "No programme yet: it says what is taught in how many hours. Fewer than the law asks for are refused."],
};

const NEW_PROGRAMME: MoveOf = {
  name: ["写培训方案", "Write a programme"],
  title: ["写培训方案", "Write a programme"],
  lead: ["学时按生效之日的规定核对，不足的会被拒绝。", "Hours are held to the rule of the first day."],
  needs: "see_training",
  main: true,
  fields: [
    { name: "owner_id", label: ["制定单位", "Owner"], kind: "pick", sort: "organisation" },
    { name: "name", label: ["名称", "Name"], kind: "text" },
    { name: "type", label: ["类型", "Type"], kind: "choice", choices: TRAINING_TYPES },
    { name: "role", label: ["人员", "Role"], kind: "choice", choices: POST_ROLES, optional: true },
    { name: "item", label: ["作业项目（如 1.1）", "Item (such as 1.1)"], kind: "text", optional: true },
    { name: "level", label: ["三级教育级别", "Level of induction"], kind: "choice", choices: { plant: ["厂级", "Plant"], workshop: ["车间级", "Workshop"], team: ["班组级", "Team"] }, optional: true, when: ({ type }) => type === "induction" || type === "post_change" },
    { name: "high_risk", label: ["高危行业", "High-risk industry"], kind: "yes" },
    { name: "construction", label: ["建筑施工", "Construction"], kind: "yes" },
    { name: "valid_from", label: ["自", "From"], kind: "day" },
    { name: "valid_until", label: ["至", "Until"], kind: "day", optional: true },
    {
      name: "subjects",
      label: ["科目", "Subjects"],
      kind: "rows",
      one: ["科目", "Subject"],
      least: 1,
      fields: [
        { name: "subject", label: ["类别", "Kind"], kind: "choice", choices: SUBJECTS },
        { name: "title", label: ["内容", "Title"], kind: "text" },
        { name: "hours", label: ["学时", "Hours"], kind: "decimal" },
      ],
    },
  ],
  initial: { valid_from: today(), subjects: [{}] },
  submit: ["保存", "Save"],
  send: (values, id) => client.send(`/v1/training-programmes/${id}`, values),
  then: (_, id) => `/training/programmes/${id}`,
};

function ProgrammePage({ id }: { id: string }) {
  const asked = useAsked<{ programme: Programme; subjects: { subject: string; title: string; hours: string }[] }>(`/v1/training-programmes/${id}`);
  const shown = asked.data;
  return (
    <Page title={shown?.programme.name ?? t("培训方案", "Programme")} trail={[{ to: "/training/programmes", words: t("培训方案", "Programmes") }]}>
      <About asked={asked} />
      {shown === undefined ? null : (
        <>
          <Panel>
            <Facts of={[[["类型", "Type"], word(TRAINING_TYPES, shown.programme.type)], [["人员", "Role"], word(POST_ROLES, shown.programme.role)], [["作业项目", "Item"], shown.programme.item], [["总学时", "Hours in all"], shown.programme.hours], [["有效期", "In force"], `${shown.programme.valid_from} – ${shown.programme.valid_until ?? t("现行", "still")}`], [["制定单位", "Owner"], <Name sort="organisation" id={shown.programme.owner_id} />]]} />
          </Panel>
          <Panel title={t("科目与学时", "Subjects and hours")}>
            <ul class="lines">{shown.subjects.map((one) => <li key={one.title}><span lang="zh-CN">{one.title}</span><Tag kind="plain">{word(SUBJECTS, one.subject)}</Tag><strong class="number">{one.hours} {t("学时", "h")}</strong></li>)}</ul>
          </Panel>
        </>
      )}
    </Page>
  );
}

interface Appeal {
  id: string;
  person_id: string;
  words: string;
  asked_at: string;
  granted: boolean | null;
  decision: string | null;
  decided_at: string | null;
}

const APPEALS: ListOf<Appeal> = {
  path: "/v1/study-appeals",
  name: ["学时申诉", "Hours asked for"],
  id: ({ id }) => id,
  filters: [{ name: "undecided", label: ["仅待办", "Only open"], kind: "yes" }],
  columns: [
    { head: ["学员", "Learner"], show: ({ person_id }) => <Name sort="person" id={person_id} />, text: ({ person_id }) => person_id },
    { head: ["提出于", "Asked"], show: ({ asked_at }) => when(asked_at), sort: ({ asked_at }) => asked_at },
    { head: ["陈述", "What they say"], show: ({ words }) => <span lang="zh-CN">{words}</span>, text: ({ words }) => words },
    { head: ["结论", "Decision"], show: ({ granted, decision }) => (granted === null ? <Tag kind="warn">{t("待办", "Open")}</Tag> : <><Tag kind={granted ? "good" : "plain"}>{granted ? t("准予", "Granted") : t("不准", "Refused")}</Tag> {decision}</>), text: ({ granted, decision }) => `${String(granted)} ${decision ?? ""}` },
  ],
  rowTools: ({ id, granted }) => (
    <Moves
      of={[true, false].map((yes) => ({
        name: yes ? ["准予", "Grant"] : ["不准", "Refuse"],
        title: yes ? ["准予学时", "Grant the hours"] : ["不准", "Refuse the hours"],
        needs: "plan_training",
        open: granted === null,
        danger: !yes,
        fields: [...(yes ? [{ name: "minutes", label: ["补记分钟", "Minutes"], kind: "number", min: 1, max: 6000 } as const] : []), { name: "words", label: ["理由", "Reason"], kind: "long" }],
        submit: yes ? ["准予", "Grant"] : ["不准", "Refuse"],
        send: (values) => client.send(`/v1/study-appeals/${id}/decision`, { granted: yes, ...values }),
      }))}
    />
  ),
  empty: ["没有学时申诉。学员认为网络学时少记时，可在手机上提出。", "Nobody asks for hours. Learners who miss hours online ask on their phones."],
};

export const training: Room = {
  name: ["培训", "Training"],
  icon: "learn",
  pages: [
    { path: "training/classes", name: ["培训班", "Classes"], needs: SEES, show: () => <ListPage title={["培训班", "Classes"]} of={CLASSES} moves={[NEW_CLASS]} /> },
    { path: "training/classes/:id", needs: SEES, show: (id) => <ClassPage id={id!} /> },
    { path: "training/classes/:id/lessons/:lesson", needs: SEES, show: (id, lesson) => <LessonPage id={id!} lesson={lesson!} /> },
    { path: "training/dues", name: ["到期与应训", "Who is due"], needs: ["see_files"], show: () => <DuePage /> },
    { path: "training/confirmations", name: ["考核待签字", "Results to sign"], needs: ["write_files"], show: () => <ConfirmationsPage /> },
    { path: "training/programmes", name: ["培训方案", "Programmes"], needs: ["see_training"], show: () => <ListPage title={["培训方案", "Programmes"]} of={PROGRAMMES} moves={[NEW_PROGRAMME]} /> },
    { path: "training/programmes/:id", needs: SEES, show: (id) => <ProgrammePage id={id!} /> },
    { path: "training/appeals", name: ["学时申诉", "Hours asked for"], needs: ["plan_training"], show: () => <Page title={t("学时申诉", "Hours asked for")} lead={t("网络学时由服务器按心跳计算；有异议的由培训机构写明理由后决定。", "Hours online are what the server saw; who disagrees asks, and reasons are given.")}><List of={APPEALS} /></Page> },
    { path: "training/providers", name: ["培训机构", "Providers"], needs: ["see_training"], show: () => <Providers /> },
    { path: "training/providers/:id", needs: ["see_training"], show: (id) => <ProviderPage id={id!} /> },
    { path: "training/experts", name: ["专家库", "Expert pool"], needs: ["see_training"], show: () => <Experts /> },
    { path: "training/quality", name: ["培训质量", "Quality"], needs: ["see_training"], show: () => <QualityPage /> },
    { path: "training/quality/:by/:id", needs: ["see_training"], show: (by, id) => <TopicsPage by={by!} id={id!} /> },
  ],
};
