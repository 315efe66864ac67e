/** Coverage: of those who must, who does – figures, tree, trend, cliff, people (覆盖率). */
import { day } from "../../shared/dates.ts";
import { t } from "../../shared/settings.ts";
import type { Room } from "../frame.tsx";
import { useAsked } from "../kit/asking.ts";
import { Bars } from "../kit/chart.tsx";
import { Field, today } from "../kit/fields.tsx";
import { About, Empty, Figure as FigureView, Fold, Page, Panel, Tag, type Step } from "../kit/parts.tsx";
import { ask, place } from "../kit/place.ts";
import { count, counted, word } from "../kit/two.ts";
import { PLANS, POST_ROLES, SIZES } from "../words.ts";
import { home } from "./home.ts";
import { Cliff, Trend, Why } from "./coverage_over_time.tsx";
import { Definition } from "./coverage_definition.tsx";
import { IndicatorVersions, NewIndicator } from "./coverage_indicator.tsx";
import { People, Requests, Targets } from "./coverage_people.tsx";
import { Admissions, Ranking, ReportPage, Reports } from "./coverage_reports.tsx";

export interface Figure {
  indicator: { key: string; plan: string; quote: string; unit: string };
  unit: { id: string; kind: "region" | "organisation"; name: string };
  required_count: number | null;
  covered_count: number;
  missing_count: number | null;
  excluded_count: number;
  shown: string;
  ratio: string | null;
  gap: number;
  pace_per_month: number | null;
  reached: boolean | null;
  target: { target: number; deadline: string | null };
  definition: Record<string, string>;
}

interface Part {
  indicator: string;
  key: string;
  name: string;
  shown: string;
  ratio: string | null;
  required_count: number | null;
  missing_count: number | null;
  gap: number;
  reached: boolean | null;
}

interface Overview {
  items: Figure[];
  parts: Part[];
  freshness: { waiting_count: number; waiting_since: string | null };
}

const ASKED = ["role", "section", "high_risk", "size", "item"];

/** What every address of coverage is asked: unit, day, filters. */
export function unitQuery(): string | null {
  const { asked } = place.value;
  const query = new URLSearchParams();
  const region = asked.get("region_id");
  const organisation = asked.get("organisation_id");
  const unit = region !== null ? { region_id: region } : organisation !== null ? { organisation_id: organisation } : home();
  for (const [name, value] of Object.entries(unit)) query.set(name, value);
  if (query.size === 0) return null;
  query.set("on", asked.get("on") ?? today());
  for (const name of ASKED) {
    const value = asked.get(name);
    if (value !== null) query.set(name, value);
  }
  return query.toString();
}

/** The same page's filters, for a link to another page of this room. */
export function linkQuery(change: Record<string, string> = {}): string {
  const query = new URLSearchParams(place.value.asked);
  for (const [name, value] of Object.entries(change)) query.set(name, value);
  if ("region_id" in change) query.delete("organisation_id");
  if ("organisation_id" in change) query.delete("region_id");
  return query.size === 0 ? "" : `?${query.toString()}`;
}

const SECTIONS = Object.fromEntries("ABCDEFGHIJKLMNOPQRST".split("").map((letter) => [letter, [letter, letter] as const]));

export function Filters() {
  const now = (name: string) => place.value.asked.get(name) ?? "";
  return (
    <Fold set={ASKED.filter((name) => now(name) !== "").length}><form class="filters" onSubmit={(event) => event.preventDefault()}>
      <Field field={{ name: "on", label: ["日期", "Day"], kind: "day", optional: true }} value={now("on") || today()} onChange={(value) => ask({ on: String(value) })} />
      <Field field={{ name: "role", label: ["人员类别", "Role"], kind: "choice", choices: POST_ROLES, optional: true }} value={now("role")} onChange={(value) => ask({ role: String(value) })} />
      <Field field={{ name: "section", label: ["行业门类", "Industry section"], kind: "choice", choices: SECTIONS, optional: true }} value={now("section")} onChange={(value) => ask({ section: String(value) })} />
      <Field field={{ name: "size", label: ["企业规模", "Size"], kind: "choice", choices: SIZES, optional: true }} value={now("size")} onChange={(value) => ask({ size: String(value) })} />
      <Field field={{ name: "high_risk", label: ["仅高危行业", "High-risk only"], kind: "yes" }} value={now("high_risk") === "true"} onChange={(value) => ask({ high_risk: value === true ? "true" : "" })} />
    </form></Fold>
  );
}

interface Region {
  id: string;
  name: string;
}

/** The way up from a region, as far as one may see: each step is a figure as well. */
export function Way({ unit }: { unit: Figure["unit"] | undefined }) {
  const region = unit?.kind === "region" ? unit.id : null;
  const above = useAsked<Region[]>(region === null ? null : `/v1/regions/${region}/ancestors`);
  if (unit === undefined) return null;
  return (
    <nav class="trail" aria-label={t("地区层级", "Regions above")} lang="zh-CN">
      {(above.data ?? []).filter(({ id }) => id !== region).map(({ id, name }) => (
        <a key={id} href={`#/coverage${linkQuery({ region_id: id })}`}>{name}</a>
      ))}
      <strong>{unit.name}</strong>
    </nav>
  );
}

/** No role of this account holds in a region or organisation: one is to be chosen. */
export function ChooseUnit() {
  return (
    <Panel title={t("选择地区", "Choose a region")}>
      <Field field={{ name: "region_id", label: ["地区", "Region"], kind: "pick", sort: "region" }} value="" onChange={(value) => ask({ region_id: String(value) })} />
    </Panel>
  );
}

export function standing(figure: { reached: boolean | null; gap: number }): { kind: "good" | "warn" | "plain"; words: string } {
  if (figure.reached === null) return { kind: "plain", words: t("无应持证人员", "Nobody is required") };
  return figure.reached ? { kind: "good", words: t("已达标", "Reached") } : { kind: "warn", words: t(`差 ${count(figure.gap)} 人`, `${count(figure.gap)} short`) };
}

function Tiles({ items }: { items: Figure[] }) {
  return (
    <div class="tiles">
      {[...items].sort((one, other) => Number(one.reached === null) - Number(other.reached === null)).map((figure) => {
        const { kind, words } = standing(figure);
        return (
          <a class={`figure ${kind}`} key={figure.indicator.key} href={`#/coverage/${figure.indicator.key}${linkQuery()}`}>
            <span class="figure-name two-lines" lang="zh-CN">{figure.indicator.quote}</span>
            <strong>{figure.required_count === null ? count(figure.covered_count) : figure.shown}</strong>
            <span class="note">
              {figure.required_count === null ? "" : `${count(figure.covered_count)} / ${count(figure.required_count)} · `}
              {t("目标", "target")} {count(figure.target.target)}{figure.indicator.unit === "percent" ? " %" : ""}
              {figure.target.deadline === null ? "" : ` · ${t("至", "by")} ${figure.target.deadline}`}
            </span>
            <span class="tags"><Tag kind={kind}>{words}</Tag>{figure.pace_per_month === null || figure.pace_per_month <= 0 ? null : <Tag kind="plain">{t(`每月需 ${count(figure.pace_per_month)} 人`, `${count(figure.pace_per_month)} a month`)}</Tag>}</span>
          </a>
        );
      })}
    </div>
  );
}

function CoveragePage() {
  const query = unitQuery();
  const plan = place.value.asked.get("plan") ?? "";
  const asked = useAsked<Overview>(query === null ? null : `/v1/coverage?${query}${plan === "" ? "" : `&plan=${plan}`}`);
  const plans = useAsked<{ items: { plan: string }[] }>("/v1/indicators");
  const names = [...new Set((plans.data?.items ?? []).map((each) => each.plan))];
  const first = asked.data?.items[0];
  return (
    <Page title={t("覆盖率", "Coverage")} lead={t("应持证人员中有多少人持证：按地区、行业、类别，可看任意一天。", "Of those who must be qualified, who is: by region, industry and role, on any day.")}>
      <Way unit={first?.unit} />
      <Filters />
      {query === null ? <ChooseUnit /> : null}
      <div class="tools" role="group" aria-label={t("规划", "Plan")}>
        {["", ...names].map((name) => (
          <button key={name} class={`button small ${name === plan ? "" : "quiet"}`} aria-pressed={name === plan} onClick={() => ask({ plan: name })}>{name === "" ? t("全部规划", "All plans") : word(PLANS, name)}</button>
        ))}
      </div>
      <About asked={asked} />
      {(asked.data?.freshness.waiting_count ?? 0) > 0 ? <p class="note">{t("有新的变动正在计入：", "Changes being counted:")} {count(asked.data?.freshness.waiting_count)}</p> : null}
      {asked.data?.items.length === 0 ? <Empty words={["此地尚无指标。请管理员在“指标与目标”中设置。", "No indicator holds here yet. An administrator sets one."]} /> : null}
      <Tiles items={asked.data?.items ?? []} />
    </Page>
  );
}

function IndicatorPage({ indicator }: { indicator: string }) {
  const query = unitQuery();
  const asked = useAsked<Overview>(query === null ? null : `/v1/coverage?${query}&indicator=${indicator}&with_parts=true`);
  const figure = asked.data?.items[0];
  const trail: Step[] = [{ to: `/coverage${linkQuery()}`, words: t("覆盖率", "Coverage") }];
  return (
    <Page title={figure?.indicator.quote ?? indicator} trail={trail} tools={<a class="button" href={`#/coverage/${indicator}/people${linkQuery()}`}>{t("查看名单", "See the people")}</a>}>
      <Way unit={figure?.unit} />
      <Filters />
      {query === null ? <ChooseUnit /> : null}
      <About asked={asked} />
      {figure === undefined ? null : <Headline figure={figure} />}
      {query === null ? null : <Trend indicator={indicator} query={query} />}
      <div class="grid">
        <Tree indicator={indicator} parts={asked.data?.parts ?? []} query={query} />
        {figure === undefined ? null : <Definition indicator={indicator} of={figure.definition} query={query} />}
      </div>
      {query === null ? null : <Ranking indicator={indicator} query={query} />}
      {query === null ? null : <Why indicator={indicator} query={query} />}
      {query === null ? null : <Cliff indicator={indicator} query={query} />}
    </Page>
  );
}

function Headline({ figure }: { figure: Figure }) {
  const { kind, words } = standing(figure);
  const percent = figure.indicator.unit === "percent" ? " %" : "";
  return (
    <div class="figures">
      <FigureView name={t("覆盖率", "Coverage")} value={figure.required_count === null ? count(figure.covered_count) : figure.shown} kind={kind} note={words} />
      <FigureView name={t("应持证", "Required")} value={count(figure.required_count)} note={figure.excluded_count > 0 ? t(`另有 ${count(figure.excluded_count)} 人未到期`, `${count(figure.excluded_count)} not due yet`) : undefined} />
      <FigureView name={t("已持证", "Covered")} value={count(figure.covered_count)} kind="good" />
      <FigureView name={t("缺口人数", "Missing")} value={count(figure.missing_count)} kind={(figure.missing_count ?? 0) > 0 ? "bad" : "good"} note={<a href={`#/coverage/${figure.indicator.key}/people${linkQuery()}`}>{t("名单", "The people")}</a>} />
      <FigureView name={t("目标", "Target")} value={`${count(figure.target.target)}${percent}`} note={figure.target.deadline === null ? t("无期限", "no deadline") : `${t("至", "by")} ${day(figure.target.deadline)}`} />
      <FigureView name={t("每月需新增", "Needed each month")} value={count(figure.pace_per_month)} note={t("以在期限前达标", "to be there in time")} />
    </div>
  );
}

const BY = { region: ["地区", "Region"], enterprise: ["企业", "Enterprise"], role: ["人员类别", "Role"], item: ["作业项目", "Item"], section: ["行业门类", "Section"], size: ["规模", "Size"], provider: ["培训机构", "Provider"] } as const;

/** The figure taken apart: by region it is the tree, each bar leads one level down. */
function Tree({ indicator, parts, query }: { indicator: string; parts: Part[]; query: string | null }) {
  const by = place.value.asked.get("by") ?? "region";
  const apart = useAsked<{ items: { key: string; name: string; figure: Figure }[] }>(by === "region" || query === null ? null : `/v1/coverage/${indicator}/parts?${query}&by=${by}`);
  const rows: Part[] = by === "region" ? parts : (apart.data?.items ?? []).map(({ key, name, figure }) => ({ ...figure, indicator, key, name }));
  const worst = [...rows].sort((one, other) => Number(one.ratio ?? 2) - Number(other.ratio ?? 2)).slice(0, 60);
  const to = (key: string): string | undefined => (by === "region" ? `/coverage/${indicator}${linkQuery({ region_id: key })}` : by === "enterprise" ? `/coverage/${indicator}${linkQuery({ organisation_id: key })}` : undefined);
  return (
    <Panel title={t("分解", "Taken apart")} tools={<Field field={{ name: "by", label: ["按", "By"], kind: "choice", choices: BY, optional: true }} value={by} onChange={(value) => ask({ by: String(value) })} />}>
      <About asked={apart} />
      {rows.length === 0 && !apart.loading ? <p class="note">{t("此处没有下级可分解。", "Nothing lies beneath.")}</p> : null}
      <Bars
        title={t("覆盖率", "Coverage")}
        most={1}
        of={worst.map((part) => {
          const href = to(part.key);
          return { name: part.name, value: Number(part.ratio ?? 0), shown: `${part.shown}${(part.missing_count ?? 0) > 0 ? ` · ${t("缺", "−")} ${count(part.missing_count)}` : ""}`, kind: part.reached === false ? ("warn" as const) : ("good" as const), ...(href === undefined ? {} : { href }) };
        })}
      />
      {rows.length > worst.length ? <p class="note">{t("仅列出最低的", "The lowest")} {counted(worst.length, "项", "part", "parts")}</p> : null}
    </Panel>
  );
}

export const coverage: Room = {
  name: ["覆盖率", "Coverage"],
  icon: "star",
  pages: [
    { path: "coverage", name: ["覆盖率总览", "Dashboard"], needs: ["see_coverage"], show: () => <CoveragePage /> },
    { path: "coverage-requests", name: ["整改通知", "Requests to act"], needs: ["see_coverage"], show: () => <Requests /> },
    { path: "coverage-targets", name: ["指标与目标", "Indicators and targets"], needs: ["see_coverage"], show: () => <Targets /> },
    { path: "coverage-admissions", name: ["高危行业准入", "Admission"], needs: ["see_coverage"], show: () => <Admissions /> },
    { path: "coverage-reports", name: ["规划评估", "Evaluations"], needs: ["see_coverage"], show: () => <Reports /> },
    { path: "coverage-reports/:id", needs: ["see_coverage"], show: (id) => <ReportPage id={id!} /> },
    { path: "coverage-indicators/new", needs: ["manage_indicators"], show: () => <NewIndicator /> },
    { path: "coverage-indicators/:indicator", needs: ["see_coverage"], show: (indicator) => <IndicatorVersions indicator={indicator!} /> },
    { path: "coverage/:indicator", needs: ["see_coverage"], show: (indicator) => <IndicatorPage indicator={indicator!} /> },
    { path: "coverage/:indicator/people", needs: ["see_coverage"], show: (indicator) => <People indicator={indicator!} /> },
  ],
};
