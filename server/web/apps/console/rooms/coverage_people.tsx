/** The people behind a figure, who is asked to act, and what is aimed at (名单、整改、目标). */
import { day } from "../../shared/dates.ts";
import { client } from "../../shared/platform.ts";
import { t } from "../../shared/settings.ts";
import { may, useAsked } from "../kit/asking.ts";
import { today } from "../kit/fields.tsx";
import { Moves } from "../kit/form.tsx";
import { List, type ListOf } from "../kit/list.tsx";
import { named } from "../kit/named.tsx";
import { About, Page, Panel, Tag } from "../kit/parts.tsx";
import { count, word, type Words } from "../kit/two.ts";
import { INDICATOR_KINDS, MISSING_REASONS, PLANS, POST_ROLES } from "../words.ts";
import { ChooseUnit, linkQuery, unitQuery } from "./coverage.tsx";

interface Person {
  subject_id: string;
  name: string;
  document_masked: string | null;
  standing: string;
  reason: string | null;
  organisation_id: string;
  organisation_name: string;
  role: string | null;
  item: string | null;
  since: string | null;
}

const STANDINGS: Words = { missing: ["缺证", "Missing"], covered: ["已持证", "Covered"], not_due: ["未到期", "Not due"] };

const people = (indicator: string, query: string): ListOf<Person> => ({
  path: `/v1/coverage/${indicator}/people?${query}`,
  name: ["覆盖率名单", "People behind the figure"],
  id: ({ subject_id, role, item, organisation_id }) => `${subject_id}/${organisation_id}/${role}/${item}`,
  filters: [
    { name: "standing", label: ["状态", "Standing"], kind: "choice", choices: STANDINGS },
    { name: "reason", label: ["原因", "Why"], kind: "choice", choices: MISSING_REASONS },
  ],
  columns: [
    { head: ["姓名", "Name"], show: ({ name }) => name, sort: ({ name }) => name },
    { head: ["证件号码", "Document"], show: ({ document_masked }) => document_masked ?? "—" },
    { head: ["单位", "Organisation"], show: ({ organisation_name }) => organisation_name, sort: ({ organisation_name }) => organisation_name },
    { head: ["岗位", "Post"], show: ({ role }) => word(POST_ROLES, role) },
    { head: ["作业项目", "Item"], show: ({ item }) => item ?? "—" },
    { head: ["状态", "Standing"], show: ({ standing, reason }) => <Tag kind={standing === "covered" ? "good" : standing === "missing" ? "bad" : "plain"}>{reason === null ? word(STANDINGS, standing) : word(MISSING_REASONS, reason)}</Tag>, text: ({ standing, reason }) => (reason === null ? word(STANDINGS, standing) : word(MISSING_REASONS, reason)) },
    { head: ["自", "Since"], show: ({ since }) => since ?? "—", sort: ({ since }) => since ?? "" },
  ],
  empty: ["没有这样的人员：此处已全部达标。", "Nobody: everybody here is covered."],
});

export function People({ indicator }: { indicator: string }) {
  const query = unitQuery();
  return (
    <Page title={t("缺证人员名单", "The people behind the figure")} trail={[{ to: `/coverage/${indicator}${linkQuery()}`, words: t("覆盖率", "Coverage") }]} lead={t("默认显示缺证人员及原因；可改看已持证或未到期人员。", "Who is missing and why; choose another standing to see who is covered.")}>
      {query === null ? <ChooseUnit /> : <List of={people(indicator, query)} />}
      {query === null || !may("act_on_coverage") ? null : <Below indicator={indicator} query={query} />}
    </Page>
  );
}

interface BelowPart {
  key: string;
  name: string;
  figure: { shown: string; missing_count: number | null; gap: number };
}

/** Enterprises below the target, and the button that asks them to act. */
function Below({ indicator, query }: { indicator: string; query: string }) {
  const asked = useAsked<{ items: BelowPart[] }>(`/v1/coverage/${indicator}/below-target?${query}`);
  return (
    <Panel title={t("未达标单位", "Below the target")}>
      <About asked={asked} />
      {asked.data?.items.length === 0 ? <p class="note">{t("所有单位均已达标。", "Every organisation reaches the target.")}</p> : null}
      <ul class="lines">
        {(asked.data?.items ?? []).map(({ key, name, figure }) => (
          <li key={key}>
            <span lang="zh-CN">{name}</span> <strong>{figure.shown}</strong> <span class="note">{t("缺", "missing")} {count(figure.missing_count)}</span>
            <Moves
              of={[
                {
                  name: ["发整改通知", "Ask to act"],
                  title: ["发整改通知", "Ask to act"],
                  lead: [`通知 ${name}：尚缺 ${count(figure.missing_count)} 人。`, `To ${name}: ${count(figure.missing_count)} people are missing.`],
                  fields: [
                    { name: "due_on", label: ["期限", "Due"], kind: "day" },
                    { name: "note", label: ["说明", "Note"], kind: "long", optional: true },
                  ],
                  submit: ["发出", "Send"],
                  send: (values, id) => client.send(`/v1/coverage-requests/${id}`, { indicator, organisation_id: key, ...values }),
                  then: () => "/coverage-requests",
                },
              ]}
            />
          </li>
        ))}
      </ul>
    </Panel>
  );
}

/** An indicator as people know it: in the words of its plan. */
const titleOf = ({ quote }: { quote: string }): string => (quote.length > 40 ? `${quote.slice(0, 40)}…` : quote);

interface Followed {
  request: { id: string; indicator: string; organisation_id: string; due_on: string; note: string; missing_count: number; made_at: string; answer: string | null; closed_at: string | null };
  organisation_name: string;
  /** The indicator in the words of its plan. */
  quote: string;
  missing_now: number;
  overdue: boolean;
}

const REQUESTS: ListOf<Followed> = {
  path: "/v1/coverage-requests",
  name: ["整改通知", "Requests to act"],
  id: ({ request }) => request.id,
  filters: [
    { name: "indicator", label: ["指标", "Indicator"], kind: "pick", path: "/v1/indicators", value: (row: { key: string }) => row.key, shown: titleOf },
    { name: "organisation_id", label: ["单位", "Organisation"], kind: "pick", sort: "organisation" },
    { name: "region_id", label: ["地区", "Region"], kind: "pick", sort: "region" },
    { name: "due_until", label: ["期限不晚于", "Due until"], kind: "day" },
    { name: "open_only", label: ["仅未办结", "Open only"], kind: "yes" },
  ],
  columns: [
    { head: ["单位", "Organisation"], show: ({ organisation_name }) => organisation_name, sort: ({ organisation_name }) => organisation_name },
    { head: ["指标", "Indicator"], show: ({ request, quote }) => <a lang="zh-CN" href={request.indicator === "admission" ? `#/coverage-admissions?organisation_id=${request.organisation_id}` : `#/coverage/${request.indicator}?organisation_id=${request.organisation_id}`}>{quote}</a>, text: ({ quote }) => quote },
    { head: ["通知时缺", "Missing then"], show: ({ request }) => count(request.missing_count), sort: ({ request }) => request.missing_count, number: true },
    { head: ["现缺", "Missing now"], show: ({ missing_now }) => count(missing_now), number: true, sort: ({ missing_now }) => missing_now },
    { head: ["期限", "Due"], show: ({ request, overdue }) => <>{request.due_on} {overdue ? <Tag kind="bad">{t("逾期", "Overdue")}</Tag> : null}</>, text: ({ request }) => request.due_on, sort: ({ request }) => request.due_on },
    { head: ["答复", "Answer"], show: ({ request }) => request.answer ?? "—" },
    { head: ["办结", "Closed"], show: ({ request }) => (request.closed_at === null ? "—" : day(request.closed_at)), sort: ({ request }) => request.closed_at ?? "" },
  ],
  rowTools: ({ request }) => (
    <Moves
      of={[
        { name: ["答复", "Answer"], title: ["答复整改通知", "Answer the request"], open: request.closed_at === null && !may("act_on_coverage"), fields: [{ name: "answer", label: ["答复", "Answer"], kind: "long" }], submit: ["答复", "Answer"], send: (values) => client.send(`/v1/coverage-requests/${request.id}/answer`, values) },
        { name: ["办结", "Close"], title: ["办结", "Close the request"], needs: "act_on_coverage", open: request.closed_at === null, fields: [], submit: ["办结", "Close"], send: () => client.send(`/v1/coverage-requests/${request.id}/closure`) },
      ]}
    />
  ),
  empty: ["还没有整改通知。在指标的名单页上，可向未达标单位发出。", "No requests yet. They are sent from the page of people behind an indicator."],
};

export const Requests = () => <Page title={t("整改通知", "Requests to act")}><List of={REQUESTS} /></Page>;

interface Target {
  id: string;
  indicator: string;
  region_id: string;
  from_on: string;
  target: number;
  deadline: string | null;
}

const targets = (quotes: Map<string, string>): ListOf<Target> => ({
  path: "/v1/coverage-targets",
  name: ["地区目标", "Targets of regions"],
  id: ({ id }) => id,
  filters: [
    { name: "indicator", label: ["指标", "Indicator"], kind: "pick", path: "/v1/indicators", value: (row: { key: string }) => row.key, shown: titleOf },
    { name: "region_id", label: ["地区", "Region"], kind: "pick", sort: "region" },
    { name: "in_force_on", label: ["当日有效", "In force on"], kind: "day" },
  ],
  columns: [
    { head: ["指标", "Indicator"], show: ({ indicator }) => <span lang="zh-CN">{quotes.get(indicator) ?? indicator}</span>, text: ({ indicator }) => quotes.get(indicator) ?? indicator },
    named(["地区", "Region"], "region", ({ region_id }) => region_id),
    { head: ["目标", "Target"], show: ({ target }) => count(target), sort: ({ target }) => target, number: true },
    { head: ["自", "From"], show: ({ from_on }) => from_on, sort: ({ from_on }) => from_on },
    { head: ["期限", "Deadline"], show: ({ deadline }) => deadline ?? "—" },
  ],
  empty: ["没有地区另设目标；各指标按规划中的目标计算。", "No region has a target of its own: the plans' targets hold."],
});

interface Indicator {
  key: string;
  version: number;
  plan: string;
  kind: string;
  target: number;
  unit: string;
  deadline: string | null;
  quote: string;
}

const INDICATORS: ListOf<Indicator> = {
  path: "/v1/indicators",
  name: ["指标", "Indicators"],
  whole: (reply: { items: Indicator[] }) => reply.items,
  id: ({ key }) => key,
  to: ({ key }) => `/coverage-indicators/${key}`,
  filters: [
    { name: "plan", label: ["规划", "Plan"], kind: "choice", choices: PLANS },
    { name: "kind", label: ["类型", "Kind"], kind: "choice", choices: INDICATOR_KINDS },
  ],
  columns: [
    { head: ["指标（规划原文）", "Indicator (the plan's words)"], show: ({ quote }) => <span lang="zh-CN">{quote}</span>, text: ({ quote }) => quote },
    { head: ["规划", "Plan"], show: ({ plan }) => word(PLANS, plan) },
    { head: ["类型", "Kind"], show: ({ kind }) => word(INDICATOR_KINDS, kind) },
    { head: ["目标", "Target"], show: ({ target, unit }) => `${count(target)}${unit === "percent" ? " %" : ""}`, number: true, sort: ({ target }) => target },
    { head: ["期限", "Deadline"], show: ({ deadline }) => deadline ?? "—", sort: ({ deadline }) => deadline ?? "" },
    { head: ["版本", "Version"], show: ({ version }) => count(version), number: true },
  ],
  empty: ["还没有指标。", "There are no indicators."],
};

export function Targets() {
  const indicators = useAsked<{ items: Indicator[] }>("/v1/indicators");
  const every = indicators.data?.items ?? [];
  const choices = Object.fromEntries(every.map((one) => [one.key, [titleOf(one), titleOf(one)] as const]));
  const quotes = new Map(every.map(({ key, quote }) => [key, quote]));
  return (
    <Page
      title={t("指标与目标", "Indicators and targets")}
      tools={
        <Moves
          of={[
            {
              name: ["设地区目标", "Set a region's target"],
              title: ["设地区目标", "Set a region's target"],
              main: true,
              needs: "manage_indicators",
              fields: [
                { name: "indicator", label: ["指标", "Indicator"], kind: "choice", choices },
                { name: "region_id", label: ["地区", "Region"], kind: "pick", sort: "region" },
                { name: "target", label: ["目标值", "Target"], kind: "number", min: 0 },
                { name: "from_on", label: ["自何日起", "From"], kind: "day" },
                { name: "deadline", label: ["期限", "Deadline"], kind: "day", optional: true },
              ],
              initial: { from_on: today() },
              submit: ["保存", "Save"],
              send: (values, id) => client.send(`/v1/coverage-targets/${id}`, values),
            },
          ]}
        />
      }
    >
      <Panel title={t("地区目标", "Targets of regions")}><List of={targets(quotes)} /></Panel>
      <Panel title={t("规划指标", "Indicators of the plans")} tools={may("manage_indicators") ? <a class="button quiet" href="#/coverage-indicators/new">{t("写指标", "Write one")}</a> : undefined}><List of={INDICATORS} /></Panel>
    </Page>
  );
}
