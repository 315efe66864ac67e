/** Training: classes, programmes, who is due, providers with their experts, hours that are asked for, quality (培训). */
import { when } from "../../shared/dates.ts";
import { client } from "../../shared/platform.ts";
import { t } from "../../shared/settings.ts";
import type { Room } from "../frame.tsx";
import { may } from "../kit/asking.ts";
import { today } from "../kit/fields.tsx";
import { Moves, type MoveOf } from "../kit/form.tsx";
import { List, ListPage, type ListOf } from "../kit/list.tsx";
import { called } from "../kit/named.tsx";
import { Page, Tag } from "../kit/parts.tsx";
import { count, word } from "../kit/two.ts";
import { TRAINING_MODES } from "../words.ts";
import { ClassPage, standing, type TrainingClass } from "./training_class.tsx";
import { ConfirmationsPage } from "./training_confirmations.tsx";
import { DuePage } from "./training_dues.tsx";
import { GatePage } from "./training_gate.tsx";
import { LessonPage } from "./training_lesson.tsx";
import { NEW_PROGRAMME, ProgrammePage, PROGRAMMES } from "./training_programmes.tsx";
import { ProviderPage, Providers, Experts } from "./training_providers.tsx";
import { QualityPage, TopicsPage } from "./training_quality.tsx";

/** Everybody within reach runs, teaches or sees training. */
const SEES = ["see_training", "teach"];

const classes = (): ListOf<TrainingClass> => ({
  path: "/v1/training-classes",
  name: ["培训班", "Classes"],
  id: ({ id }) => id,
  to: ({ id }) => `/training/classes/${id}`,
  filters: [
    { name: "on", label: ["当日在办", "Running on"], kind: "day" },
    ...(may("see_training") ? [{ name: "programme_id", label: ["方案", "Programme"], kind: "pick", sort: "programme" } as const] : []),
    ...(may("see_organisations") ? [{ name: "provider_id", label: ["培训机构", "Provider"], kind: "pick", sort: "organisation" } as const] : []),
  ],
  columns: [
    { head: ["培训班", "Class"], show: ({ name }) => name, sort: ({ name }) => name },
    { head: ["状态", "Standing"], show: (one) => <Tag kind={standing(one).kind}>{standing(one).words}</Tag>, text: (one) => standing(one).words, sort: (one) => standing(one).words },
    called(["培训机构", "Provider"], ({ provider_name }) => provider_name),
    called(["方案", "Programme"], ({ programme_name }) => programme_name),
    called(["班主任", "Run by"], ({ run_by_name }) => run_by_name),
    { head: ["方式", "Mode"], show: ({ mode }) => word(TRAINING_MODES, mode), sort: ({ mode }) => mode },
    { head: ["开班", "Begins"], show: ({ starts_on }) => starts_on, sort: ({ starts_on }) => starts_on },
    { head: ["结业", "Ends"], show: ({ ends_on }) => ends_on, sort: ({ ends_on }) => ends_on },
    { head: ["名额", "Places"], show: ({ capacity }) => count(capacity), number: true, sort: ({ capacity }) => capacity },
  ],
  empty: ["还没有培训班。先写培训方案，再按方案办班。", "No class yet. Write a programme first, then plan a class by it."],
  next: <PlanFirst />,
});

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

interface Appeal {
  id: string;
  person_name: string;
  seen_ms: number;
  credited_ms: number;
  words: string;
  asked_at: string;
  granted: boolean | null;
  decision: string | null;
  decided_at: string | null;
}

const minutes = (ms: number) => count(Math.round(ms / 60_000));

const APPEALS: ListOf<Appeal> = {
  path: "/v1/study-appeals",
  name: ["学时申诉", "Hours asked for"],
  id: ({ id }) => id,
  filters: [{ name: "undecided", label: ["仅待办", "Only open"], kind: "yes" }],
  columns: [
    called(["学员", "Learner"], ({ person_name }) => person_name),
    { head: ["未计分钟", "Minutes that do not count"], show: ({ seen_ms, credited_ms }) => minutes(seen_ms - credited_ms), number: true },
    { head: ["提出于", "Asked"], show: ({ asked_at }) => when(asked_at), sort: ({ asked_at }) => asked_at },
    { head: ["陈述", "What they say"], show: ({ words }) => <span lang="zh-CN">{words}</span>, text: ({ words }) => words },
    { head: ["结论", "Decision"], show: ({ granted, decision }) => (granted === null ? <Tag kind="warn">{t("待办", "Open")}</Tag> : <><Tag kind={granted ? "good" : "plain"}>{granted ? t("准予", "Granted") : t("不准", "Refused")}</Tag> {decision}</>), text: ({ granted, decision }) => (granted === null ? t("待办", "Open") : `${granted ? t("准予", "Granted") : t("不准", "Refused")} ${decision ?? ""}`) },
  ],
  rowTools: ({ id, granted, person_name, seen_ms, credited_ms }) => (
    <Moves
      of={[true, false].map((yes) => ({
        name: yes ? ["准予", "Grant"] : ["不准", "Refuse"],
        title: yes ? ["准予学时", "Grant the hours"] : ["不准", "Refuse the hours"],
        needs: "plan_training",
        open: granted === null,
        danger: !yes,
        fields: [...(yes ? [{ name: "minutes", label: ["补记分钟", "Minutes"], kind: "number", min: 1, max: 6000 } as const] : []), { name: "words", label: ["理由", "Reason"], kind: "long" }],
        preview: async () => <p>{t(`${person_name}：该次学习 ${minutes(seen_ms)} 分钟，已计 ${minutes(credited_ms)} 分钟，未计 ${minutes(seen_ms - credited_ms)} 分钟。`, `${person_name}: ${minutes(seen_ms)} minutes of study, ${minutes(credited_ms)} of them count, ${minutes(seen_ms - credited_ms)} do not.`)}</p>,
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
    { path: "training/classes", name: ["培训班", "Classes"], needs: SEES, show: () => <ListPage title={["培训班", "Classes"]} of={classes()} moves={[NEW_CLASS]} /> },
    { path: "training/classes/:id", needs: SEES, show: (id) => <ClassPage id={id!} /> },
    { path: "training/classes/:id/lessons/:lesson", needs: SEES, show: (id, lesson) => <LessonPage id={id!} lesson={lesson!} /> },
    { path: "training/on-post", name: ["上岗判定", "Who may work"], needs: ["see_files"], show: () => <GatePage /> },
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
