/** Hours that the law asks for as of a day, and what authorities ask for besides in their regions (法定学时). */
import { client } from "../../shared/platform.ts";
import { t } from "../../shared/settings.ts";
import { useAsked } from "../kit/asking.ts";
import { Field, today } from "../kit/fields.tsx";
import { Moves, REASON, type MoveOf } from "../kit/form.tsx";
import { List, type ListOf } from "../kit/list.tsx";
import { named } from "../kit/named.tsx";
import { About, Empty, Facts, Page, Panel } from "../kit/parts.tsx";
import { ask, place } from "../kit/place.ts";
import { word, type Words } from "../kit/two.ts";
import { POST_ROLES, TRAINING_TYPES } from "../words.ts";

interface Required {
  hours: string | null;
  law: string | null;
  article: string | null;
  from_on: string | null;
  rule_id: string | null;
}

interface HoursRule {
  id: string;
  authority_id: string;
  type: string;
  roles: string[];
  high_risk: boolean | null;
  level: string | null;
  hours: string;
  from_on: string;
  until_on: string | null;
  law: string;
  article: string;
  reason: string | null;
}

const LEVELS: Words = { plant: ["厂级", "Plant"], workshop: ["车间级", "Workshop"], team: ["班组级", "Team"] };
const RISKS: Words = { true: ["高危行业", "High-risk"], false: ["其他行业", "Others"] };

const NEW_RULE: MoveOf = {
  name: ["登记本地规定", "Enter a local rule"],
  title: ["登记本地学时规定", "Enter hours asked for locally"],
  lead: ["自施行之日起，本监管部门所辖地区的培训方案不得少于此学时；与国家规定并存时从严。", "From its day on, programmes in the region of the authority have no fewer hours; beside the law of the state the stricter counts."],
  needs: "approve_training",
  main: true,
  fields: [
    { name: "authority_id", label: ["监管部门", "Authority"], kind: "pick", sort: "organisation" },
    { name: "type", label: ["培训类型", "Type"], kind: "choice", choices: TRAINING_TYPES },
    { name: "roles", label: ["人员", "Roles"], kind: "many", choices: POST_ROLES },
    { name: "high_risk", label: ["行业（空为全部）", "Industry (empty: all)"], kind: "choice", choices: RISKS, optional: true },
    { name: "level", label: ["三级教育级别", "Level of induction"], kind: "choice", choices: LEVELS, optional: true, when: ({ type }) => type === "induction" },
    { name: "hours", label: ["学时", "Hours"], kind: "decimal" },
    { name: "from_on", label: ["施行", "From"], kind: "day" },
    { name: "law", label: ["文件名称和文号", "Document and number"], kind: "text" },
    { name: "article", label: ["条款", "Article"], kind: "text", optional: true },
  ],
  initial: { from_on: today(), type: "occupational_health" },
  submit: ["登记", "Enter"],
  send: ({ high_risk, article, ...values }, id) => client.send(`/v1/hours-rules/${id}`, { ...values, high_risk: high_risk === "true" ? true : high_risk === "false" ? false : null, article: article ?? "" }),
};

const ending = ({ id, until_on, from_on }: HoursRule): MoveOf => ({
  name: ["终止", "End"],
  title: ["终止规定", "End the rule"],
  lead: ["此前编写的培训方案不变。登记有误的，填施行之日。", "Programmes written before stay as they are. What was never right ends on its first day."],
  needs: "approve_training",
  open: until_on === null,
  danger: true,
  fields: [{ name: "until_on", label: ["自何日起不再适用", "The first day it no longer counts"], kind: "day" }, REASON],
  initial: { until_on: from_on > today() ? from_on : today() },
  submit: ["终止", "End"],
  send: (values) => client.send(`/v1/hours-rules/${id}/ending`, values),
});

const RULES: ListOf<HoursRule> = {
  path: "/v1/hours-rules",
  name: ["本地学时规定", "Hours asked for locally"],
  id: ({ id }) => id,
  filters: [{ name: "authority_id", label: ["监管部门", "Authority"], kind: "pick", sort: "organisation", path: "/v1/organisations?kind=authority" }],
  columns: [
    { head: ["培训类型", "Type"], show: ({ type, level }) => `${word(TRAINING_TYPES, type)}${level === null ? "" : ` · ${word(LEVELS, level)}`}`, sort: ({ type }) => type },
    { head: ["人员", "Roles"], show: ({ roles }) => roles.map((role) => word(POST_ROLES, role)).join("、") },
    { head: ["学时", "Hours"], show: ({ hours }) => hours, number: true, sort: ({ hours }) => Number(hours) },
    { head: ["行业", "Industry"], show: ({ high_risk }) => (high_risk === null ? t("全部", "All") : word(RISKS, String(high_risk))) },
    { head: ["施行", "From"], show: ({ from_on }) => from_on, sort: ({ from_on }) => from_on },
    { head: ["终止", "Until"], show: ({ until_on, reason }) => (until_on === null ? t("现行", "in force") : `${until_on} ${reason ?? ""}`), sort: ({ until_on }) => until_on ?? "9999" },
    named(["监管部门", "Authority"], "organisation", ({ authority_id }) => authority_id),
    { head: ["依据", "By"], show: ({ law, article }) => <span lang="zh-CN">{law} {article}</span>, text: ({ law, article }) => `${law} ${article}` },
  ],
  rowTools: (rule) => <Moves of={[ending(rule)]} />,
  empty: ["没有本地规定，适用国家规定。", "Nothing is asked for locally: the law of the state counts."],
};

/** How many hours are asked of whom, as of a day; and the rules of authorities. */
export function HoursPage() {
  const wanted = (name: string, usual: string) => place.value.asked.get(name) || usual;
  const region = wanted("region_id", "");
  const values = { type: wanted("type", "initial"), role: wanted("role", "principal"), on: wanted("on", today()), high_risk: wanted("high_risk", "false"), ...(region === "" ? {} : { region_id: region }) };
  const asked = useAsked<Required>(`/v1/required-training-hours?${new URLSearchParams(values).toString()}`);
  return (
    <Page title={t("法定学时", "Hours of the law")} lead={t("按日期查询：当日现行规定要求多少学时，依据哪一条。", "As of a day: how many hours the law asks, and by which article.")} tools={<Moves of={[NEW_RULE]} />}>
      <form class="filters" role="search" onSubmit={(event) => event.preventDefault()}>
        <Field field={{ name: "type", label: ["培训类型", "Type"], kind: "choice", choices: TRAINING_TYPES }} value={values.type} onChange={(value) => ask({ type: String(value) })} />
        <Field field={{ name: "role", label: ["人员", "Role"], kind: "choice", choices: POST_ROLES }} value={values.role} onChange={(value) => ask({ role: String(value) })} />
        <Field field={{ name: "on", label: ["日期", "Day"], kind: "day" }} value={values.on} onChange={(value) => ask({ on: String(value) })} />
        <Field field={{ name: "region_id", label: ["地区", "Region"], kind: "pick", sort: "region", optional: true }} value={region} onChange={(value) => ask({ region_id: String(value ?? "") })} />
        <Field field={{ name: "high_risk", label: ["高危行业", "High-risk"], kind: "yes" }} value={values.high_risk === "true"} onChange={(value) => ask({ high_risk: value === true ? "true" : "" })} />
      </form>
      <About asked={asked} />
      {asked.data === undefined ? null : asked.data.hours === null ? <Empty words={["当日的规定没有载明学时。", "The law of that day names no number of hours."]} /> : <Panel><Facts of={[[["学时", "Hours"], <strong class="big">{asked.data.hours}</strong>], [["依据", "By"], `${asked.data.law ?? ""} ${asked.data.article ?? ""}${asked.data.rule_id === null ? "" : t("（本地规定）", " (local rule)")}`], [["施行", "From"], asked.data.from_on]]} /></Panel>}
      <Panel title={t("本地学时规定", "Hours asked for locally")}><List of={RULES} /></Panel>
    </Page>
  );
}
