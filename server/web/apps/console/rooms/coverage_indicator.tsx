/** Writing an indicator: whom it counts, what counts as covered, from which day – tried before it is kept (指标编辑). */
import { client } from "../../shared/platform.ts";
import { t } from "../../shared/settings.ts";
import { useAsked } from "../kit/asking.ts";
import { today, type FieldOf, type Values } from "../kit/fields.tsx";
import { Form, type FormOf } from "../kit/form.tsx";
import { About, Figure, Page, Panel, Tag } from "../kit/parts.tsx";
import { count, type Words } from "../kit/two.ts";
import { INDICATOR_KINDS, POST_ROLES, SIZES, TRAINING_TYPES } from "../words.ts";
import { home } from "./home.ts";

const BASES: Words = { certificate: ["持有效证书", "Holds a certificate"], certificate_of: ["持该类人员证书", "Holds a certificate of a role"], pass: ["考试合格", "Passed an exam"], training: ["受过培训", "Was trained"], post: ["在某岗位", "Is in a post"], department: ["有某部门", "Has a department"] };

const POPULATION: FieldOf[] = [
  { name: "name", label: ["代号（小写字母、数字、-、_）", "Name (a–z, 0–9, - and _)"], kind: "text" },
  { name: "zh", label: ["对象（中文）", "Whom (Chinese)"], kind: "text" },
  { name: "en", label: ["对象（英文）", "Whom (English)"], kind: "text" },
  { name: "subject", label: ["计人或计单位", "People or organisations"], kind: "choice", choices: { person: ["人员", "People"], organisation: ["单位", "Organisations"] } },
  { name: "roles", label: ["岗位", "Posts"], kind: "many", choices: POST_ROLES },
  { name: "industries", label: ["行业代码（每行一个，如 06）", "Industry codes (one a line, such as 06)"], kind: "lines", optional: true },
  { name: "sizes", label: ["企业规模", "Sizes"], kind: "many", choices: SIZES },
  { name: "high_risk", label: ["仅高危行业", "High-risk industries only"], kind: "yes" },
];

const FIELDS: FieldOf[] = [
  { name: "key", label: ["代号", "Key"], hint: ["已有的代号写成新版本：生效日之前仍按旧版本。", "A key that stands gets a further version: days before it stay as they were."], kind: "text" },
  { name: "plan", label: ["规划代号", "Plan"], kind: "text" },
  { name: "division_code", label: ["行政区划代码（6 位）", "Division code (6 digits)"], kind: "text" },
  { name: "quote", label: ["规划原文", "The plan's own words"], kind: "long" },
  { name: "kind", label: ["类型", "Kind"], kind: "choice", choices: INDICATOR_KINDS },
  { name: "target", label: ["目标值", "Target"], kind: "number", min: 0 },
  { name: "unit", label: ["单位", "Unit"], kind: "choice", choices: { percent: ["百分比", "Per cent"], people: ["人数", "People"] } },
  { name: "deadline", label: ["期限", "Deadline"], kind: "day", optional: true },
  { name: "effective_from", label: ["自何日起", "From"], kind: "day", optional: true },
  { name: "populations", label: ["分母：谁应达到", "Denominator: who must"], kind: "rows", one: ["对象", "Population"], least: 1, fields: POPULATION },
  {
    name: "parts",
    label: ["分子：怎样算达到（同时满足）", "Numerator: what counts (all of these)"],
    kind: "rows",
    one: ["条件", "Condition"],
    least: 1,
    fields: [
      { name: "basis", label: ["依据", "By"], kind: "choice", choices: BASES },
      { name: "roles", label: ["人员类别", "Roles"], kind: "many", choices: POST_ROLES, when: ({ basis }) => basis === "certificate_of" || basis === "post" },
      { name: "purposes", label: ["培训类型", "Kinds of training"], kind: "many", choices: TRAINING_TYPES, when: ({ basis }) => basis === "training" },
      { name: "within_years", label: ["几年之内", "Within years"], kind: "number", min: 1, max: 50, optional: true, when: ({ basis }) => basis === "training" || basis === "pass" },
    ],
  },
  { name: "measure_zh", label: ["口径（中文）", "In words (Chinese)"], kind: "text" },
  { name: "measure_en", label: ["口径（英文）", "In words (English)"], kind: "text" },
  { name: "grace", label: ["法定宽限期内不计缺证", "Who is within a grace of the law is not missing"], kind: "yes" },
];

/** As the address takes it; every condition is a group of its own, so that all must hold. */
function made({ parts, measure_zh, measure_en, grace, ...values }: Values): Values {
  const groups = (parts as Values[]).map(({ roles, purposes, ...part }) => [{ ...part, ...((roles as string[] | undefined)?.length ? { roles } : {}), ...((purposes as string[] | undefined)?.length ? { purposes } : {}) }]);
  const populations = (values["populations"] as Values[]).map(({ high_risk, ...one }) => ({ ...one, high_risk: high_risk === true ? true : null }));
  return { ...values, populations, measure: { all_of: groups, grace, zh: measure_zh, en: measure_en } };
}

interface Tried {
  required_count: number;
  covered_count: number;
  missing_count: number;
  excluded_count: number;
  shown: string;
}

interface Version {
  id: string;
  version: number;
  target: number;
  unit: string;
  quote: string;
  effective_from: string | null;
  made_at: string | null;
}

const EDITOR: FormOf = {
  title: ["写指标", "Write an indicator"],
  fields: [...FIELDS, { name: "region_id", label: ["在哪个地区试算", "Try it in"], kind: "pick", sort: "region" }],
  initial: { effective_from: today(), unit: "percent", kind: "rate", target: "100", populations: [{ subject: "person" }], parts: [{ basis: "certificate" }], ...home() },
  preview: async ({ region_id, ...values }) => {
    const now = await client.look<Tried>("/v1/indicator-preview", { ...made(values), region_id });
    return (
      <>
        <p>{t("按此口径，该地区今日为", "By this definition the region stands today at")} <strong class="big">{now.shown}</strong></p>
        <p class="note">{t(`应 ${count(now.required_count)} 人，已 ${count(now.covered_count)} 人，缺 ${count(now.missing_count)} 人，不计 ${count(now.excluded_count)} 人`, `${count(now.required_count)} required, ${count(now.covered_count)} covered, ${count(now.missing_count)} missing, ${count(now.excluded_count)} left out`)}</p>
      </>
    );
  },
  submit: ["保存指标", "Keep it"],
  send: ({ region_id: _, ...values }, id) => client.send(`/v1/indicator-versions/${id}`, made(values)),
  then: (reply: { key: string }) => `/coverage-indicators/${reply.key}`,
};

export const NewIndicator = () => (
  <Page title={t("写指标", "Write an indicator")} trail={[{ to: "/coverage-targets", words: t("指标与目标", "Indicators and targets") }]} lead={t("先在本地区试算，看到人数后再保存；已经过去的日子不受影响。", "Tried on your region first: you see how many people before it is kept. Days gone by stay as they are.")}>
    <Panel><Form of={EDITOR} /></Panel>
  </Page>
);

/** Every version of an indicator: what it counted from which day on. */
export function IndicatorVersions({ indicator }: { indicator: string }) {
  const asked = useAsked<{ items: Version[] }>(`/v1/indicators/${indicator}/versions`);
  const newest = asked.data?.items[asked.data.items.length - 1];
  return (
    <Page title={newest?.quote ?? indicator} trail={[{ to: "/coverage-targets", words: t("指标与目标", "Indicators and targets") }]} tools={<a class="button quiet" href={`#/coverage/${indicator}`}>{t("查看覆盖率", "See the figure")}</a>}>
      <About asked={asked} />
      {newest === undefined ? null : <div class="figures"><Figure name={t("目标", "Target")} value={`${count(newest.target)}${newest.unit === "percent" ? " %" : ""}`} /><Figure name={t("版本", "Versions")} value={count(asked.data?.items.length)} /></div>}
      <Panel title={t("各版本", "Versions")}>
        <ul class="lines">{(asked.data?.items ?? []).map((one) => <li key={one.id}><span>{t("第", "Version ")}{one.version}{t(" 版", "")} · {one.effective_from === null ? t("自规划起", "since the plan") : `${t("自", "from")} ${one.effective_from}`}</span><span lang="zh-CN">{one.quote}</span>{one === newest ? <Tag kind="good">{t("现行", "in force")}</Tag> : null}</li>)}</ul>
      </Panel>
    </Page>
  );
}
