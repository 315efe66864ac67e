/** Charts: lines over time by uPlot, bars by the page itself; both with their figures beside (图表). */
import { useEffect, useRef } from "preact/hooks";
import uPlot from "uplot";
import { settings, t } from "../../shared/settings.ts";
import { count } from "./two.ts";

export interface Line {
  name: string;
  values: (number | null)[];
  /** A name of a colour of the style sheet. */
  colour: "--main" | "--good" | "--warn" | "--bad" | "--muted";
  dashed?: boolean;
}

const colour = (name: string) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

/** Days on the horizontal axis, as the country counts them. */
const seconds = (on: string) => Date.parse(`${on}T00:00:00+08:00`) / 1000;

export function Lines(props: { title: string; days: string[]; lines: Line[]; unit?: (value: number) => string }) {
  const place = useRef<HTMLDivElement>(null);
  const { language, theme } = settings.value;
  const drawn = JSON.stringify([props.days, props.lines, language, theme]);
  useEffect(() => {
    const box = place.current;
    if (box === null || props.days.length === 0) return;
    const plot = new uPlot(options(props, box.clientWidth), [props.days.map(seconds), ...props.lines.map(({ values }) => values)], box);
    const fit = new ResizeObserver(() => plot.setSize({ width: box.clientWidth, height: HEIGHT }));
    fit.observe(box);
    return () => {
      fit.disconnect();
      plot.destroy();
    };
  }, [drawn]);
  return (
    <figure class="chart">
      <figcaption class="only-heard">{props.title}</figcaption>
      <div ref={place} class="chart-place" aria-hidden="true" />
      <Table {...props} />
    </figure>
  );
}

const HEIGHT = 260;

function options({ lines, unit }: { lines: Line[]; unit?: (value: number) => string }, width: number): uPlot.Options {
  const written = unit ?? ((value: number) => count(value));
  const [ink, grid] = [colour("--muted"), colour("--line")];
  const axis = { stroke: ink, grid: { stroke: grid, width: 1 }, ticks: { stroke: grid, width: 1 } };
  const day = (at: number) =>
    new Intl.DateTimeFormat(settings.value.language === "zh" ? "zh-CN" : "en-GB", { timeZone: "Asia/Shanghai", year: "numeric", month: "short" }).format(at * 1000);
  return {
    width,
    height: HEIGHT,
    tzDate: (at) => uPlot.tzDate(new Date(at * 1000), "Asia/Shanghai"),
    scales: { x: { time: true }, y: { range: (_plot, low, high) => [Math.min(0, low), high <= 0 ? 1 : high * 1.08] } },
    axes: [
      { ...axis, values: (_plot, at) => at.map(day), space: 90 },
      { ...axis, values: (_plot, values) => values.map((value) => written(value)), size: 64 },
    ],
    series: [
      { label: t("日期", "Day"), value: (_plot, at) => (at === null ? "—" : day(at)) },
      ...lines.map((line) => ({
        label: line.name,
        stroke: colour(line.colour),
        width: 2,
        ...(line.dashed ? { dash: [6, 5] } : {}),
        points: { show: line.values.length < 40 && !line.dashed },
        value: (_plot: uPlot, value: number | null) => (value === null ? "—" : written(value)),
      })),
    ],
  };
}

/** The same figures for whoever cannot see the drawing, or wants to copy them. */
function Table({ title, days, lines, unit }: { title: string; days: string[]; lines: Line[]; unit?: (value: number) => string }) {
  const written = unit ?? ((value: number) => count(value));
  return (
    <details class="chart-figures">
      <summary>{t("查看数据", "See the figures")}</summary>
      <div class="table-frame" tabIndex={0} role="region" aria-label={title}>
        <table>
          <thead>
            <tr>
              <th scope="col">{t("日期", "Day")}</th>
              {lines.map(({ name }) => <th key={name} scope="col" class="number">{name}</th>)}
            </tr>
          </thead>
          <tbody>
            {days.map((day, at) => (
              <tr key={day}>
                <th scope="row">{day}</th>
                {lines.map(({ name, values }) => <td key={name} class="number">{values[at] === null || values[at] === undefined ? "—" : written(values[at])}</td>)}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </details>
  );
}

/** Bars lying down, each with its name and its figure. */
export function Bars(props: { title: string; of: { name: string; value: number; shown?: string; href?: string; kind?: "good" | "warn" | "bad" }[]; most?: number }) {
  const most = props.most ?? Math.max(1, ...props.of.map(({ value }) => value));
  return (
    <ul class="bars" aria-label={props.title}>
      {props.of.map(({ name, value, shown, href, kind }) => (
        <li key={name}>
          <span class="bar-name">{href === undefined ? name : <a href={`#${href}`}>{name}</a>}</span>
          <svg class={`bar-line ${kind ?? ""}`} viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">
            <rect class="ground" width="100" height="10" />
            <rect width={(100 * Math.max(0, value)) / most} height="10" />
          </svg>
          <strong class="number">{shown ?? count(value)}</strong>
        </li>
      ))}
    </ul>
  );
}

/** So many columns have room for their names beneath them; names of more stand in a row of their own. */
const NAMED = 12;

/** Columns standing side by side: how many fall into each step of a scale. */
export function Columns(props: { title: string; of: { name: string; value: number }[] }) {
  const most = Math.max(1, ...props.of.map(({ value }) => value));
  const width = 100 / Math.max(1, props.of.length);
  return (
    <figure class={`columns ${props.of.length <= 6 ? "few" : ""}`}>
      <figcaption>{props.title}</figcaption>
      <svg viewBox="0 0 100 44" preserveAspectRatio="none" aria-hidden="true">
        {props.of.map(({ name, value }, at) => (
          <rect key={name} x={at * width + width * 0.1} width={width * 0.8} y={42 - (40 * value) / most} height={(40 * value) / most} />
        ))}
        <line x1="0" x2="100" y1="42" y2="42" />
      </svg>
      <ol class={props.of.length <= NAMED ? "beneath" : ""}>
        {props.of.map(({ name, value }) => (
          <li key={name}><strong>{count(value)}</strong> <span>{name}</span></li>
        ))}
      </ol>
    </figure>
  );
}

/** Shares with the interval in which each lies: how sure a place in a ranking is. */
export function Intervals(props: { title: string; of: { name: string; value: number; low: number; high: number; shown: string; href?: string; kind?: "good" | "warn" | "bad" }[] }) {
  return (
    <ul class="bars" aria-label={props.title}>
      {props.of.map(({ name, value, low, high, shown, href, kind }) => (
        <li key={name}>
          <span class="bar-name">{href === undefined ? name : <a href={`#${href}`}>{name}</a>}</span>
          <svg class={`bar-line interval ${kind ?? ""}`} viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">
            <rect class="ground" width="100" height="10" />
            <rect class="span" x={100 * low} width={Math.max(0.5, 100 * (high - low))} y="3" height="4" />
            <rect x={Math.max(0, 100 * value - 0.4)} width="0.8" height="10" />
          </svg>
          <strong class="number">{shown}</strong>
        </li>
      ))}
    </ul>
  );
}
