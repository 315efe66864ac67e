/** Small things that every page is made of (界面部件). */
import type { ComponentChildren } from "preact";
import { useEffect, useRef } from "preact/hooks";
import type { Reply } from "./replies.ts";
import { when } from "../shared/dates.ts";
import { Icon, type Drawing } from "../shared/icons.tsx";
import { t } from "../shared/settings.ts";

export { clockTime, day, when } from "../shared/dates.ts";
export { Icon, type Drawing } from "../shared/icons.tsx";

/** A page with its heading; the heading takes the focus, so that a screen reader begins there. */
export function Screen(props: { title: string; back?: string; children: ComponentChildren; tools?: ComponentChildren }) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    document.title = `${props.title} · ${t("安全培训考核", "Safety exams")}`;
    heading.current?.focus({ preventScroll: true });
  }, [props.title]);
  return (
    <>
      <header class="bar">
        {props.back === undefined ? null : (
          <a class="round" href={`#${props.back}`} aria-label={t("返回", "Back")}>
            <Icon name="back" />
          </a>
        )}
        <h1 ref={heading} tabIndex={-1}>
          {props.title}
        </h1>
        {props.tools}
      </header>
      <main class="page">{props.children}</main>
    </>
  );
}

export function Card(props: { title?: string; children: ComponentChildren; kind?: "good" | "warn" | "bad" }) {
  return (
    <section class={`card ${props.kind ?? ""}`}>
      {props.title === undefined ? null : <h2>{props.title}</h2>}
      {props.children}
    </section>
  );
}

/** A row that leads somewhere. */
export function Row(props: { href: string; icon?: Drawing; title: string; note?: string; end?: ComponentChildren }) {
  return (
    <a class="row" href={`#${props.href}`}>
      {props.icon === undefined ? null : <Icon name={props.icon} />}
      <span class="row-text">
        <span class="row-title">{props.title}</span>
        {props.note === undefined ? null : <span class="note">{props.note}</span>}
      </span>
      {props.end}
      <Icon name="next" />
    </a>
  );
}

/** A word with a sign: never told by colour alone. */
export function Tag({ kind, children }: { kind: "good" | "warn" | "bad" | "plain"; children: ComponentChildren }) {
  const sign = { good: "check", warn: "warn", bad: "cross", plain: null }[kind] as Drawing | null;
  return (
    <span class={`tag ${kind}`}>
      {sign === null ? null : <Icon name={sign} />}
      {children}
    </span>
  );
}

/** What an empty list says: what it is for, and what to do next. */
export function Empty({ icon, children }: { icon: Drawing; children: ComponentChildren }) {
  return (
    <div class="empty">
      <Icon name={icon} />
      <p>{children}</p>
    </div>
  );
}

/** What is to be said of a reply besides its content: on its way, old, failed. */
export function About({ reply }: { reply: Reply<unknown> }) {
  if (reply.loading && reply.data === undefined) {
    return <p class="note" role="status" data-loading>{t("正在读取…", "Loading …")}</p>;
  }
  if (reply.failure === null) return null;
  return (
    <div class="card warn" role="status">
      <p>{reply.failure}</p>
      {reply.as_of === null ? null : (
        <p class="note">{t(`以下为 ${when(reply.as_of)} 的内容。`, `What follows is as of ${when(reply.as_of)}.`)}</p>
      )}
      <button class="button quiet" onClick={reply.again}>{t("重试", "Try again")}</button>
    </div>
  );
}
