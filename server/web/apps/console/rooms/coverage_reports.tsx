/** Evaluations of plans, rankings with their uncertainty, who may operate (规划评估、排名、准入). */
import { day } from "../../shared/dates.ts";
import { client } from "../../shared/platform.ts";
import { settings, t } from "../../shared/settings.ts";
import { may, useAsked } from "../kit/asking.ts";
import { Intervals } from "../kit/chart.tsx";
import { Download } from "../kit/download.tsx";
import { today } from "../kit/fields.tsx";
import { Moves, type MoveOf } from "../kit/form.tsx";
import { List, type ListOf } from "../kit/list.tsx";
import { named } from "../kit/named.tsx";
import { Name } from "../kit/names.tsx";
import { About, Facts, Page, Panel, Tag } from "../kit/parts.tsx";
import { place } from "../kit/place.ts";
import { counted, word, type Words } from "../kit/two.ts";
import { PLANS } from "../words.ts";
import { ChooseUnit, linkQuery, unitQuery, type Figure } from "./coverage.tsx";

interface Report {
  id: string;
  plan: string;
  kind: string;
  region_id: string;
  on: string;
  fingerprint: string;
  issued_at: string;
}

const KINDS: Words = { mid_term: ["中期评估", "Mid-term"], final: ["终期评估", "Final"] };

const REPORTS: ListOf<Report> = {
  path: "/v1/plan-reports",
  name: ["规划评估", "Evaluations"],
  id: ({ id }) => id,
  to: ({ id }) => `/coverage-reports/${id}`,
  filters: [
    { name: "plan", label: ["规划", "Plan"], kind: "choice", choices: PLANS },
    { name: "kind", label: ["类型", "Kind"], kind: "choice", choices: KINDS },
    { name: "region_id", label: ["地区", "Region"], kind: "pick", sort: "region" },
  ],
  columns: [
    { head: ["规划", "Plan"], show: ({ plan }) => word(PLANS, plan) },
    { head: ["类型", "Kind"], show: ({ kind }) => word(KINDS, kind) },
    named(["地区", "Region"], "region", ({ region_id }) => region_id),
    { head: ["截至", "As of"], show: ({ on }) => on, sort: ({ on }) => on },
    { head: ["出具于", "Issued"], show: ({ issued_at }) => day(issued_at), sort: ({ issued_at }) => issued_at },
    { head: ["指纹", "Fingerprint"], show: ({ fingerprint }) => <code>{fingerprint.slice(0, 16)}…</code>, text: ({ fingerprint }) => fingerprint },
  ],
  empty: ["还没有规划评估。中期和终期评估按当时已知的数据出具，之后更正的会列明原因。", "No evaluation yet. Each says what was known then; later corrections are listed with reasons."],
};

export function Reports() {
  const indicators = useAsked<{ items: { plan: string }[] }>("/v1/indicators");
  const plans = Object.fromEntries((indicators.data?.items ?? []).map(({ plan }) => [plan, PLANS[plan] ?? ([plan, plan] as const)]));
  const issue: MoveOf = {
    name: ["出具评估", "Issue an evaluation"],
    title: ["出具规划评估", "Issue an evaluation"],
    main: true,
    fields: [
      { name: "plan", label: ["规划", "Plan"], kind: "choice", choices: plans },
      { name: "kind", label: ["类型", "Kind"], kind: "choice", choices: KINDS },
      { name: "region_id", label: ["地区（空为规划所在地）", "Region (empty: of the plan)"], kind: "pick", sort: "region", optional: true },
      { name: "on", label: ["截至（空为规划期末）", "As of (empty: the plan's last day)"], kind: "day", optional: true },
    ],
    submit: ["出具", "Issue"],
    send: (values, id) => client.send(`/v1/plan-reports/${id}`, values),
    then: (_, id) => `/coverage-reports/${id}`,
  };
  return <Page title={t("规划评估", "Evaluations of plans")} tools={<Moves of={[issue]} />}><List of={REPORTS} /></Page>;
}

interface Whole extends Report {
  revisions: { indicator: string; on: string; old: string; new: string; reasons: Record<string, number> }[];
}

export function ReportPage({ id }: { id: string }) {
  const asked = useAsked<Whole>(`/v1/plan-reports/${id}`);
  const one = asked.data;
  const print: MoveOf = { name: ["生成 PDF 和工作簿", "Make PDF and workbook"], title: ["生成 PDF 和工作簿", "Make PDF and workbook"], lead: ["作为后台任务生成，数字与评估一致。", "Made by a job; the figures are those of the evaluation."], main: true, fields: [], submit: ["生成", "Make"], send: (_, job) => client.send(`/v1/plan-reports/${id}/files/${job}`), then: (_, job) => `/jobs/${job}` };
  return (
    <Page title={one === undefined ? t("规划评估", "Evaluation") : `${word(PLANS, one.plan)} · ${word(KINDS, one.kind)}`} trail={[{ to: "/coverage-reports", words: t("规划评估", "Evaluations") }]} tools={<Moves of={[print]} />}>
      <About asked={asked} />
      {one === undefined ? null : (
        <>
          <Panel><Facts of={[[["地区", "Region"], <Name sort="region" id={one.region_id} />], [["截至", "As of"], one.on], [["出具于", "Issued"], day(one.issued_at)], [["指纹（RFC 8785 + SHA-256）", "Fingerprint (RFC 8785, SHA-256)"], <code>{one.fingerprint}</code>]]} /></Panel>
          <Panel title={t("出具后的更正", "Known otherwise since")}>
            {one.revisions.length === 0 ? <p class="note">{t("没有：评估中的每个数字至今不变。", "Nothing: every figure still stands.")}</p> : null}
            <ul class="lines">{one.revisions.map((each) => <li key={`${each.indicator} ${each.on}`}><span>{each.indicator} · {each.on}</span><span>{each.old} → <strong>{each.new}</strong></span><span class="note">{Object.entries(each.reasons).map(([why, number]) => `${why} ${number}`).join("、")}</span></li>)}</ul>
          </Panel>
        </>
      )}
    </Page>
  );
}

interface Ranked {
  place: number;
  best_place: number;
  worst_place: number;
  low: string;
  high: string;
  key: string;
  name: string;
  figure: Figure;
}

const RANKED = ["region", "enterprise", "organisation", "provider"];

/** The parts of a figure in their order, each with the places it may have. */
export function Ranking({ indicator, query }: { indicator: string; query: string }) {
  const by = place.value.asked.get("by") ?? "region";
  const asked = useAsked<{ items: Ranked[] }>(RANKED.includes(by) ? `/v1/coverage/${indicator}/ranking?${query}&by=${by}` : null);
  const ranked = asked.data?.items ?? [];
  if (!RANKED.includes(by) || (asked.data !== undefined && ranked.length === 0)) return null;
  return (
    <Panel title={t("排名及 95% 区间", "Ranking with its 95 % interval")}>
      <About asked={asked} />
      <p class="note">{t("区间重叠的单位名次不能断定：括号内为可能的名次。", "Where intervals overlap the order is not certain: in brackets the places one may have.")}</p>
      <Intervals
        title={t("覆盖率", "Coverage")}
        of={ranked.slice(0, 40).map((one) => ({ name: `${one.place}. ${one.name}`, value: Number(one.figure.ratio ?? 0), low: Number(one.low), high: Number(one.high), shown: `${one.figure.shown}${one.best_place === one.worst_place ? "" : ` (${one.best_place}–${one.worst_place})`}`, ...(one.figure.reached === false ? { kind: "warn" as const } : {}) }))}
      />
      {ranked.length > 40 ? <p class="note">{t("仅列出前", "The first")} {counted(40, "名", "one", "")}</p> : null}
    </Panel>
  );
}

interface Admission {
  organisation_id: string;
  name: string;
  region: string;
  industry: string | null;
  branch: string | null;
  admitted: boolean;
  lacks: { condition: { code: string; zh: string; en: string; source_zh: string; source_en: string }; in_post_count: number; short_count: number; uncertified: string[] }[];
}

const BRANCHES: Words = { coal_mining: ["煤矿", "Coal mining"], oil_and_gas: ["石油天然气开采", "Oil and gas"], metal_and_non_metal_mining: ["金属非金属矿山", "Metal and other mining"], hazardous_chemicals: ["危险化学品", "Hazardous chemicals"], fireworks: ["烟花爆竹", "Fireworks"], metal_smelting: ["金属冶炼", "Metal smelting"], construction: ["建筑施工", "Construction"], transport: ["交通运输", "Transport"] };
const ADMITTED: Words = { false: ["不符合", "Not admitted"], true: ["符合", "Admitted"] };

function lacking({ lacks }: Admission): string {
  return lacks.map(({ condition, short_count, uncertified }) => `${settings.value.language === "zh" ? condition.zh : condition.en}${short_count > 0 ? ` −${short_count}` : ""}${uncertified.length > 0 ? t(`（${uncertified.length} 人无证）`, ` (${uncertified.length} uncertified)`) : ""}`).join("；");
}

const admissions = (query: string): ListOf<Admission> => ({
  path: `/v1/admissions?${query}`,
  name: ["高危行业准入", "Admission"],
  id: ({ organisation_id }) => organisation_id,
  to: ({ organisation_id }) => `/people/organisations/${organisation_id}`,
  filters: [
    { name: "branch", label: ["行业", "Branch"], kind: "choice", choices: BRANCHES },
    { name: "admitted", label: ["是否符合", "Admitted"], kind: "choice", choices: ADMITTED },
  ],
  columns: [
    { head: ["企业", "Enterprise"], show: ({ name }) => name, sort: ({ name }) => name },
    { head: ["地区", "Region"], show: ({ region }) => region, sort: ({ region }) => region },
    { head: ["行业", "Branch"], show: ({ branch, industry }) => `${word(BRANCHES, branch)} ${industry ?? ""}`, sort: ({ branch }) => branch ?? "" },
    { head: ["结论", "Verdict"], show: ({ admitted }) => <Tag kind={admitted ? "good" : "bad"}>{admitted ? t("符合", "Admitted") : t("不符合", "Not admitted")}</Tag>, text: ({ admitted }) => word(ADMITTED, String(admitted)) },
    { head: ["缺什么", "What is lacking"], show: (one) => lacking(one) || "—" },
  ],
  rowTools: ({ organisation_id, admitted }) => (
    <Moves of={[{ name: ["发整改通知", "Ask to act"], title: ["发整改通知", "Ask the enterprise to act"], needs: "act_on_coverage", open: !admitted, fields: [{ name: "due_on", label: ["期限", "Due"], kind: "day" }, { name: "note", label: ["要求", "What is asked"], kind: "long" }], initial: { due_on: today() }, submit: ["发出", "Send"], send: (values, id) => client.send(`/v1/coverage-requests/${id}`, { indicator: "admission", organisation_id, ...values }) }]} />
  ),
  empty: ["此地没有高危行业企业。", "No enterprise of a high-risk industry here."],
});

export function Admissions() {
  const asked = new URLSearchParams(unitQuery() ?? "");
  const query = new URLSearchParams([...asked].filter(([name]) => ["region_id", "organisation_id", "on"].includes(name)));
  return (
    <Page title={t("高危行业准入", "Admission of high-risk industries")} lead={t("主要负责人、安全管理人员配备和持证是否符合许可条件。", "Whether managers are in post and certified as the licence asks.")} tools={query.size === 0 ? undefined : <><Download path={`/v1/admissions.csv?${query.toString()}`} name="admissions.csv" words={t("导出清单", "Export the list")} />{may("act_on_coverage") ? <a class="button quiet" href={`#/coverage-requests${linkQuery()}`}>{t("整改通知", "Requests")}</a> : null}</>}>
      {query.size === 0 ? <ChooseUnit /> : <List of={admissions(query.toString())} />}
    </Page>
  );
}
