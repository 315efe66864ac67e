/** Small things that every page of the console is made of (界面部件). */
import type { ComponentChildren } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { Icon, type Drawing } from "../../shared/icons.tsx";
import { t } from "../../shared/settings.ts";
import type { Asked } from "./asking.ts";
import { say, type Two } from "./two.ts";

export interface Step {
  to: string;
  words: string;
}

/** A page with its heading; the heading takes the focus, so that a screen reader begins there. */
export function Page(props: {
  title: string;
  trail?: Step[];
  lead?: string;
  tools?: ComponentChildren;
  children: ComponentChildren;
}) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    document.title = `${props.title} · ${t("管理控制台", "Console")}`;
    heading.current?.focus({ preventScroll: true });
  }, [props.title]);
  return (
    <>
      {props.trail === undefined ? null : (
        <nav class="trail" aria-label={t("所在位置", "You are here")}>
          {props.trail.map(({ to, words }) => (
            <a key={to} href={`#${to}`}>{words}</a>
          ))}
        </nav>
      )}
      <header class="page-head">
        <h1 ref={heading} tabIndex={-1}>{props.title}</h1>
        {props.tools === undefined ? null : <div class="tools">{props.tools}</div>}
      </header>
      {props.lead === undefined ? null : <p class="lead">{props.lead}</p>}
      {props.children}
    </>
  );
}

export function Panel(props: { title?: string; tools?: ComponentChildren; children: ComponentChildren; class?: string }) {
  return (
    <section class={`panel ${props.class ?? ""}`}>
      {props.title === undefined && props.tools === undefined ? null : (
        <header class="panel-head">
          {props.title === undefined ? null : <h2>{props.title}</h2>}
          {props.tools === undefined ? null : <div class="tools">{props.tools}</div>}
        </header>
      )}
      {props.children}
    </section>
  );
}

export type Kind = "good" | "warn" | "bad" | "plain" | "main";

/** A word with a sign: never told by colour alone. */
export function Tag({ kind, children }: { kind: Kind; children: ComponentChildren }) {
  const sign = ({ good: "check", warn: "warn", bad: "cross" } as Partial<Record<Kind, Drawing>>)[kind];
  return (
    <span class={`tag ${kind}`}>
      {sign === undefined ? null : <Icon name={sign} />}
      {children}
    </span>
  );
}

/** What an empty place says: what it is for, and what to do next. */
export function Empty({ words, children }: { words: Two; children?: ComponentChildren }) {
  return (
    <div class="empty">
      <Icon name="file" />
      <p>{say(words)}</p>
      {children}
    </div>
  );
}

/** What is to be said of a reply besides its content: on its way, or failed. */
export function About({ asked }: { asked: Asked<unknown> }) {
  if (asked.failure !== null) {
    return (
      <div class="failure" role="alert">
        <p><Icon name="warn" /> {asked.failure}</p>
        <button class="button quiet" onClick={asked.again}>{t("重试", "Try again")}</button>
      </div>
    );
  }
  if (!asked.loading || asked.data !== undefined) return null;
  return <p class="note" role="status" data-loading>{t("正在读取…", "Loading …")}</p>;
}

/** Names and values. */
export function Facts({ of }: { of: [Two, ComponentChildren][] }) {
  return (
    <dl class="facts">
      {of.map(([name, value]) => (
        <div key={name[1]}>
          <dt>{say(name)}</dt>
          <dd>{value === null || value === undefined || value === "" ? "—" : value}</dd>
        </div>
      ))}
    </dl>
  );
}

const PHONE = matchMedia("(max-width: 640px)");

/** Whether the page is as narrow as a phone. */
function useNarrow(): boolean {
  const [narrow, tell] = useState(PHONE.matches);
  useEffect(() => {
    const look = () => tell(PHONE.matches);
    PHONE.addEventListener("change", look);
    return () => PHONE.removeEventListener("change", look);
  }, []);
  return narrow;
}

/** Filters are always there at a desk, and folded on a phone, so that the list itself is seen; `set` are in use. */
export function Fold({ set, children }: { set: number; children: ComponentChildren }) {
  if (!useNarrow()) return <>{children}</>;
  return (
    <details class="fold">
      <summary><Icon name="filter" /> {t("筛选", "Filter")}{set > 0 ? t(`（${set} 项）`, ` (${set})`) : ""}</summary>
      {children}
    </details>
  );
}

/** One figure with its name. */
export function Figure(props: { name: string; value: string; note?: ComponentChildren; kind?: Kind }) {
  return (
    <div class={`figure ${props.kind ?? ""}`}>
      <span class="figure-name">{props.name}</span>
      <strong>{props.value}</strong>
      {props.note === undefined ? null : <span class="note">{props.note}</span>}
    </div>
  );
}
