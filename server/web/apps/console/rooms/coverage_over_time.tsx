/** How a figure went, why it moved, and what is about to expire (趋势、变动原因、到期高峰). */
import { useState } from "preact/hooks";
import { t } from "../../shared/settings.ts";
import { useAsked } from "../kit/asking.ts";
import { Bars, Lines } from "../kit/chart.tsx";
import { About, Panel, Tag } from "../kit/parts.tsx";
import { count, percent, word, type Words } from "../kit/two.ts";
import { MISSING_REASONS } from "../words.ts";

interface Point {
  on: string;
  required_count: number;
  covered_count: number;
  excluded_count: number;
}

const years = (on: string, by: number): string => {
  const day = new Date(`${on}T00:00:00Z`);
  day.setUTCFullYear(day.getUTCFullYear() + by);
  return day.toISOString().slice(0, 10);
};

const onOf = (query: string): string => new URLSearchParams(query).get("on")!;

export function Trend({ indicator, query }: { indicator: string; query: string }) {
  const [way, choose] = useState<"share" | "people">("share");
  const on = onOf(query);
  const words = query.replace(/on=[^&]*/, `on=${years(on, 1)}`);
  const asked = useAsked<{ items: Point[] }>(`/v1/coverage/${indicator}/trend?${words}&from_on=${years(on, -2)}&every=month`);
  const points = asked.data?.items ?? [];
  const ahead = (point: Point) => point.on > on;
  const share = ({ required_count, covered_count }: Point) => (required_count === 0 ? null : Math.floor((covered_count * 1000) / required_count) / 1000);
  const last = points.filter((point) => !ahead(point)).pop()?.on;
  const seen = (of: (point: Point) => number | null) => points.map((point) => (ahead(point) ? null : of(point)));
  const forecast = (of: (point: Point) => number | null) => points.map((point) => (ahead(point) || point.on === last ? of(point) : null));
  return (
    <Panel
      title={t("趋势与预测", "Trend and forecast")}
      tools={
        <>
          <button class={`button small ${way === "share" ? "" : "quiet"}`} aria-pressed={way === "share"} onClick={() => choose("share")}>{t("比率", "Share")}</button>
          <button class={`button small ${way === "people" ? "" : "quiet"}`} aria-pressed={way === "people"} onClick={() => choose("people")}>{t("人数", "People")}</button>
        </>
      }
    >
      <About asked={asked} />
      <p class="note">{t("虚线为无人换证、无人新取证时的预测。", "The dashed line is what happens if nobody renews and nobody is newly certified.")}</p>
      {points.length === 0 ? null : way === "share" ? (
        <Lines
          title={t("覆盖率趋势", "Trend of coverage")}
          days={points.map((point) => point.on)}
          unit={(value) => percent(value)}
          lines={[
            { name: t("覆盖率", "Coverage"), values: seen(share), colour: "--main" },
            { name: t("预测", "Forecast"), values: forecast(share), colour: "--warn", dashed: true },
          ]}
        />
      ) : (
        <Lines
          title={t("人数趋势", "Trend of people")}
          days={points.map((point) => point.on)}
          lines={[
            { name: t("应持证", "Required"), values: points.map((point) => point.required_count), colour: "--muted" },
            { name: t("已持证", "Covered"), values: seen((point) => point.covered_count), colour: "--main" },
            { name: t("预测", "Forecast"), values: forecast((point) => point.covered_count), colour: "--warn", dashed: true },
          ]}
        />
      )}
    </Panel>
  );
}

interface Month {
  month: string;
  region_name: string;
  expiring_count: number;
  free_seat_count: number;
  short_count: number;
}

/** What expires in each month against the seats of the exams that are planned. */
export function Cliff({ indicator, query }: { indicator: string; query: string }) {
  const until = years(onOf(query), 1);
  const asked = useAsked<{ items: Month[] }>(`/v1/coverage/${indicator}/cliff?${query}&until=${until}`);
  const months = new Map<string, { expiring: number; short: number }>();
  for (const { month, expiring_count, short_count } of asked.data?.items ?? []) {
    const sum = months.get(month) ?? { expiring: 0, short: 0 };
    months.set(month, { expiring: sum.expiring + expiring_count, short: sum.short + short_count });
  }
  const rows = [...months].sort(([one], [other]) => one.localeCompare(other));
  return (
    <Panel title={t("到期高峰（未来十二个月）", "Expiry cliff (the next twelve months)")}>
      <About asked={asked} />
      {asked.data !== undefined && rows.length === 0 ? <p class="note">{t("未来十二个月没有证书到期。", "No certificate expires within twelve months.")}</p> : null}
      <Bars title={t("各月到期人数", "Expiring by month")} of={rows.map(([month, { expiring, short }]) => ({ name: month.slice(0, 7), value: expiring, shown: `${count(expiring)}${short > 0 ? ` · ${t("缺考位", "seats short")} ${count(short)}` : ""}`, kind: short > 0 ? ("bad" as const) : ("good" as const) }))} />
    </Panel>
  );
}

const CAUSES: Words = {
  issued: ["新取得", "Newly covered"],
  renewed: ["换证", "Renewed"],
  reinstated: ["恢复", "Reinstated"],
  became_valid: ["生效", "Became valid"],
  expired: ["到期", "Expired"],
  revoked: ["撤销", "Revoked"],
  suspended: ["暂扣", "Suspended"],
  hired: ["入职", "Hired"],
  left: ["离岗", "Left"],
  moved_in: ["迁入", "Moved in"],
  moved_out: ["迁出", "Moved out"],
  reorganised: ["机构或区划调整", "Reorganised"],
  rule_changed: ["规定变更", "The rule changed"],
  grace_began: ["进入过渡期", "Grace began"],
  grace_ended: ["过渡期届满", "Grace ended"],
  corrected: ["数据更正", "Corrected"],
};

interface Bridge {
  required_change: number;
  covered_change: number;
  causes: { cause: string; people_count: number; required_change: number; covered_change: number }[];
}

const signed = (number: number) => (number > 0 ? `+${count(number)}` : count(number));

/** Why the figure is another one than a year ago, cause by cause, with nothing left over. */
export function Why({ indicator, query }: { indicator: string; query: string }) {
  const from = years(onOf(query), -1);
  const asked = useAsked<Bridge>(`/v1/coverage/${indicator}/change?${query}&from_on=${from}`);
  const found = asked.data;
  return (
    <Panel title={t("与一年前相比的变动原因", "Why it moved since a year ago")} tools={found === undefined ? undefined : <Tag kind={found.covered_change >= 0 ? "good" : "warn"}>{t("已持证", "Covered")} {signed(found.covered_change)}</Tag>}>
      <About asked={asked} />
      {found === undefined || found.causes.length === 0 ? <p class="note">{t("没有变动。", "Nothing changed.")}</p> : (
        <div class="table-frame" tabIndex={0} role="region" aria-label={t("变动原因", "Causes")}>
          <table>
            <thead><tr><th scope="col">{t("原因", "Cause")}</th><th scope="col" class="number">{t("人数", "People")}</th><th scope="col" class="number">{t("应持证", "Required")}</th><th scope="col" class="number">{t("已持证", "Covered")}</th></tr></thead>
            <tbody>
              {found.causes.map((cause) => (
                <tr key={cause.cause}><th scope="row">{word({ ...MISSING_REASONS, ...CAUSES }, cause.cause)}</th><td class="number">{count(cause.people_count)}</td><td class="number">{signed(cause.required_change)}</td><td class="number">{signed(cause.covered_change)}</td></tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </Panel>
  );
}
