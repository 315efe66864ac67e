/** Competence by post and grade: cycles, evaluations, frameworks, selection of experts (岗位能力评价). */
import { when } from "../../shared/dates.ts";
import { DIMENSIONS, STATES, named, said, type Framework, type Line } from "../../shared/competence.ts";
import { client } from "../../shared/platform.ts";
import { t } from "../../shared/settings.ts";
import type { Room } from "../frame.tsx";
import { may, useAll, useAsked } from "../kit/asking.ts";
import { today } from "../kit/fields.tsx";
import { Moves, type MoveOf } from "../kit/form.tsx";
import { List, ListPage, type ListOf } from "../kit/list.tsx";
import { named as nameColumn } from "../kit/named.tsx";
import { Name } from "../kit/names.tsx";
import { About, Facts, Figure, Page, Panel, Tag } from "../kit/parts.tsx";
import { count, word, type Words } from "../kit/two.ts";
import { POST_ROLES } from "../words.ts";
import { AppraisalPage } from "./competence_appraisal.tsx";
import { SelectionPage } from "./competence_selection.tsx";
import { home } from "./home.ts";

interface Cycle {
  id: string;
  organisation_id: string;
  framework_id: string;
  title: string;
  from_on: string;
  until_on: string;
}

const CYCLES: ListOf<Cycle> = {
  path: "/v1/competence-cycles",
  name: ["评价周期", "Cycles"],
  id: ({ id }) => id,
  to: ({ id }) => `/competence/cycles/${id}`,
  filters: [{ name: "organisation_id", label: ["单位", "Organisation"], kind: "pick", sort: "organisation" }],
  columns: [
    { head: ["名称", "Title"], show: ({ title }) => title, sort: ({ title }) => title },
    nameColumn(["单位", "Organisation"], "organisation", ({ organisation_id }) => organisation_id),
    { head: ["起", "From"], show: ({ from_on }) => from_on, sort: ({ from_on }) => from_on },
    { head: ["止", "Until"], show: ({ until_on }) => until_on, sort: ({ until_on }) => until_on },
  ],
  empty: ["还没有评价周期。先定下评价哪个单位、用哪个能力框架、在哪些日子评分。", "No cycle yet: say which organisation, by which framework, and on which days marks are given."],
};

/** Frameworks by their key: the newest version of each gives the name. */
export function useFrameworks() {
  const asked = useAll<Framework>("/v1/competence-frameworks");
  const all = asked.data ?? [];
  const choices: Words = Object.fromEntries([...all].reverse().map(({ key, name_zh, name_en }) => [key, [name_zh, name_en] as const]));
  return { all, choices };
}

function CyclesPage() {
  const { choices } = useFrameworks();
  const plan: MoveOf = {
    name: ["安排评价", "Plan a cycle"],
    title: ["安排评价周期", "Plan a cycle"],
    needs: "appraise_competence",
    main: true,
    fields: [
      { name: "organisation_id", label: ["单位", "Organisation"], kind: "pick", sort: "organisation" },
      { name: "framework", label: ["能力框架", "Framework"], kind: "choice", choices },
      { name: "title", label: ["名称", "Title"], kind: "text" },
      { name: "from_on", label: ["评分自", "Marks from"], kind: "day" },
      { name: "until_on", label: ["至", "Until"], kind: "day" },
    ],
    initial: { from_on: today(), organisation_id: home()["organisation_id"] ?? "" },
    submit: ["保存", "Save"],
    send: (values, id) => client.send(`/v1/competence-cycles/${id}`, values),
    then: (_, id) => `/competence/cycles/${id}`,
  };
  return <ListPage title={["评价周期", "Cycles"]} lead={["本人、主管、评议小组各自评分；证据由平台核对；分歧由未评分的人裁定。", "The person, the supervisor and a panel give marks apart; the platform checks the proofs; who judged nothing settles what differs."]} of={CYCLES} moves={[plan]} />;
}

const LOOK: Record<string, "good" | "warn" | "plain"> = { open: "warn", appealed: "warn", concluded: "good", decided: "good", withdrawn: "plain" };

const appraisals = (query: string, frameworks: Framework[]): ListOf<Line> => {
  const grade = (key: string | null) => (key === null ? "—" : named(frameworks.flatMap(({ grades }) => grades), key));
  return {
    path: `/v1/competence-appraisals${query}`,
    name: ["能力评价", "Evaluations"],
    id: ({ id }) => id,
    to: ({ id }) => `/competence/appraisals/${id}`,
    filters: [...(query === "" ? [{ name: "person_id", label: ["人员", "Person"], kind: "pick", sort: "person" } as const] : []), { name: "state", label: ["状态", "State"], kind: "choice", choices: STATES }],
    columns: [
      nameColumn(["人员", "Person"], "person", ({ person_id }) => person_id),
      { head: ["类别", "Family"], show: ({ family }) => named(frameworks.flatMap(({ families }) => families), family), sort: ({ family }) => family },
      { head: ["申报等级", "Looked for"], show: (one) => grade(one.grade), sort: (one) => one.grade },
      { head: ["状态", "State"], show: ({ state }) => <Tag kind={LOOK[state] ?? "plain"}>{said(STATES, state)}</Tag>, text: ({ state }) => said(STATES, state), sort: ({ state }) => state },
      { head: ["评定等级", "Reached"], show: (one) => grade(one.reached), sort: (one) => one.reached ?? "" },
      { head: ["开始", "Opened"], show: ({ opened_at }) => when(opened_at), text: ({ opened_at }) => opened_at, sort: ({ opened_at }) => opened_at },
      { head: ["评定", "Concluded"], show: ({ concluded_on }) => concluded_on ?? "—", sort: ({ concluded_on }) => concluded_on ?? "" },
    ],
    empty: ["还没有评价。在评价周期里列入人员和岗位。", "No evaluation yet: enter people and posts in a cycle."],
    next: <a class="button" href="#/competence/cycles">{t("评价周期", "Cycles")}</a>,
  };
};

function AppraisalsPage() {
  const { all } = useFrameworks();
  return <ListPage title={["能力评价", "Evaluations"]} of={appraisals("", all)} />;
}

interface Post {
  id: string;
  role: string;
  from_on: string;
}

function CyclePage({ id }: { id: string }) {
  const asked = useAsked<Cycle>(`/v1/competence-cycles/${id}`);
  const cycle = asked.data;
  const frameworks = useFrameworks();
  const framework = frameworks.all.find((one) => one.id === cycle?.framework_id);
  const names = (all: { key: string; name_zh: string; name_en: string }[] | undefined): Words => Object.fromEntries((all ?? []).map(({ key, name_zh, name_en }) => [key, [name_zh, name_en] as const]));
  const enter: MoveOf = {
    name: ["列入评价", "Enter a person"],
    title: ["列入评价", "Enter a person into the cycle"],
    lead: ["主管须主管该岗位所在单位；不能评价本人或自己的上级。", "The supervisor leads the place of the post; nobody judges themselves or whoever leads them."],
    needs: "appraise_competence",
    main: true,
    open: cycle !== undefined,
    fields: [
      { name: "person_id", label: ["人员", "Person"], kind: "pick", sort: "person" },
      { name: "post_id", label: ["岗位", "Post"], kind: "pick", path: ({ person_id }) => (person_id ? `/v1/posts?person_id=${String(person_id)}&on=${today()}` : null), shown: ({ role, from_on }: Post) => `${word(POST_ROLES, role)} ${from_on}` },
      { name: "family", label: ["类别", "Family"], kind: "choice", choices: names(framework?.families) },
      { name: "grade", label: ["申报等级", "Grade looked for"], kind: "choice", choices: names(framework?.grades) },
      { name: "supervisor_id", label: ["主管", "Supervisor"], kind: "pick", sort: "person" },
      { name: "panel", label: ["评议小组（可无）", "Panel (may be empty)"], kind: "rows", one: ["成员", "Member"], fields: [{ name: "person_id", label: ["姓名", "Name"], kind: "pick", sort: "person" }] },
    ],
    submit: ["列入", "Enter"],
    send: ({ person_id: _, panel, ...values }, appraisal) => client.send(`/v1/competence-appraisals/${appraisal}`, { ...values, cycle_id: id, panel_ids: (panel as { person_id: string }[]).map(({ person_id }) => person_id) }),
    then: (_, appraisal) => `/competence/appraisals/${appraisal}`,
  };
  return (
    <Page title={cycle?.title ?? t("评价周期", "Cycle")} trail={[{ to: "/competence/cycles", words: t("评价周期", "Cycles") }]} tools={<Moves of={[enter]} />}>
      <About asked={asked} />
      {cycle === undefined ? null : (
        <>
          <Panel><Facts of={[[["单位", "Organisation"], <Name sort="organisation" id={cycle.organisation_id} />], [["能力框架", "Framework"], framework === undefined ? "…" : <a href={`#/competence/frameworks/${framework.id}`}>{t(framework.name_zh, framework.name_en)}</a>], [["评分日", "Days of marks"], `${cycle.from_on} – ${cycle.until_on}`]]} /></Panel>
          {framework === undefined || !may("see_coverage") ? null : <Figures framework={framework.key} organisation={cycle.organisation_id} />}
          <Panel title={t("列入的人员", "People entered")}><List of={appraisals(`?cycle_id=${id}`, frameworks.all)} /></Panel>
        </>
      )}
    </Page>
  );
}

/** The figures of coverage that read the same facts as the framework's proofs. */
function Figures({ framework, organisation }: { framework: string; organisation: string }) {
  const asked = useAsked<{ items: { indicator: { key: string; quote: string }; shown: string; covered_count: number; required_count: number | null }[] }>(`/v1/competence-figures?framework=${framework}&organisation_id=${organisation}`);
  return (
    <>
      <About asked={asked} />
      <div class="figures">
        {(asked.data?.items ?? []).map((one) => <Figure key={one.indicator.key} name={one.indicator.quote} value={one.shown} note={`${count(one.covered_count)} / ${count(one.required_count)}`} />)}
      </div>
    </>
  );
}

interface Version extends Framework {
  effective_from: string;
}

const FRAMEWORKS: ListOf<Version> = {
  path: "/v1/competence-frameworks",
  name: ["能力框架", "Frameworks"],
  unfiltered: "a handful of dated versions",
  id: ({ id }) => id,
  to: ({ id }) => `/competence/frameworks/${id}`,
  columns: [
    { head: ["框架", "Framework"], show: (one) => t(one.name_zh, one.name_en), sort: ({ key }) => key },
    { head: ["施行", "From"], show: ({ effective_from }) => effective_from, sort: ({ effective_from }) => effective_from },
    { head: ["类别", "Families"], show: ({ families }) => count(families.length), number: true, sort: ({ families }) => families.length },
    { head: ["等级", "Grades"], show: ({ grades }) => grades.map((one) => t(one.name_zh, one.name_en)).join(" → ") },
    { head: ["能力项", "Competences"], show: ({ competences }) => count(competences.length), number: true, sort: ({ competences }) => competences.length },
  ],
  empty: ["还没有能力框架。", "There is no framework yet."],
};

const PROPERTY = ["name_zh", "name_en", "roles", "highest_mark", "apart", "panel_least", "appeal_days", "indicators", "families", "grades", "competences"] as const;

function FrameworkPage({ id }: { id: string }) {
  const asked = useAsked<Version & Record<string, unknown>>(`/v1/competence-frameworks/${id}`);
  const one = asked.data;
  const write: MoveOf = {
    name: ["写新版本", "Write a version"],
    title: ["写新版本", "Write a version"],
    lead: ["自将来某日起施行；已施行的版本和已作的评价不变。", "It counts from a day to come; what counts already, and evaluations made, stay."],
    needs: "keep_frameworks",
    open: one !== undefined,
    fields: [
      { name: "effective_from", label: ["施行", "From"], kind: "day" },
      { name: "content", label: ["内容（JSON）", "Content (JSON)"], kind: "long" },
    ],
    initial: { content: JSON.stringify(Object.fromEntries(PROPERTY.map((name) => [name, one?.[name]])), null, 1) },
    submit: ["保存", "Keep it"],
    send: async ({ effective_from, content }, version) => client.send(`/v1/competence-frameworks/${version}`, { ...(JSON.parse(String(content)) as object), key: one!.key, effective_from }),
    then: (_, version) => `/competence/frameworks/${version}`,
  };
  return (
    <Page title={one === undefined ? t("能力框架", "Framework") : t(one.name_zh, one.name_en)} trail={[{ to: "/competence/frameworks", words: t("能力框架", "Frameworks") }]} tools={one === undefined ? undefined : <Moves of={[write]} />}>
      <About asked={asked} />
      {one === undefined ? null : (
        <>
          <Panel><Facts of={[[["施行", "From"], one.effective_from], [["类别", "Families"], one.families.map((each) => t(each.name_zh, each.name_en)).join("、")], [["等级", "Grades"], one.grades.map((each) => t(each.name_zh, each.name_en)).join(" → ")], [["评分至", "Marks up to"], count(one.highest_mark)], [["申诉日数", "Days to appeal"], count(one.appeal_days)]]} /></Panel>
          <Panel title={t("能力项", "Competences")}>
            <ul class="lines">
              {one.competences.map((each) => (
                <li key={each.key}>
                  <span><strong>{t(each.name_zh, each.name_en)}</strong> <span class="note">{said(DIMENSIONS, each.dimension)}</span></span>
                  <Tag kind={each.origin === "plan" ? "main" : "plain"}>{each.origin === "plan" ? t("规划或法规要求", "A plan or the law") : t("平台建议", "Proposed")}</Tag>
                  <span class="note" lang="zh-CN">{each.source}</span>
                </li>
              ))}
            </ul>
          </Panel>
        </>
      )}
    </Page>
  );
}

export const competence: Room = {
  name: ["岗位能力", "Competence"],
  icon: "check",
  pages: [
    { path: "competence/appraisals", name: ["能力评价", "Evaluations"], needs: ["see_competence"], show: () => <AppraisalsPage /> },
    { path: "competence/appraisals/:id", show: (id) => <AppraisalPage id={id!} /> },
    { path: "competence/cycles", name: ["评价周期", "Cycles"], needs: ["see_competence"], show: () => <CyclesPage /> },
    { path: "competence/cycles/:id", needs: ["see_competence"], show: (id) => <CyclePage id={id!} /> },
    { path: "competence/frameworks", name: ["能力框架", "Frameworks"], needs: ["see_competence", "keep_frameworks"], show: () => <ListPage title={["能力框架", "Frameworks"]} of={FRAMEWORKS} /> },
    { path: "competence/frameworks/:id", show: (id) => <FrameworkPage id={id!} /> },
    { path: "competence/selection", name: ["专家选聘", "Selection"], needs: ["approve_training"], show: () => <SelectionPage /> },
  ],
};
