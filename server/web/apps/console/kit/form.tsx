/** Described forms, and the moves that open them: each asks what it needs, and says what it will do (表单与操作). */
import type { ComponentChildren } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { Refused } from "../../shared/api.ts";
import { Icon, type Drawing } from "../../shared/icons.tsx";
import { newId } from "../../shared/ids.ts";
import { sentence } from "../../shared/platform.ts";
import { t } from "../../shared/settings.ts";
import { changed, may } from "./asking.ts";
import { Field, sent, type FieldOf, type Values } from "./fields.tsx";
import { go } from "./place.ts";
import { say, type Two } from "./two.ts";

export interface FormOf {
  title: Two;
  lead?: Two;
  fields: FieldOf[];
  initial?: Values;
  /** The word on the button. */
  submit: Two;
  /** What cannot be taken back is said in red. */
  danger?: boolean;
  /** What will happen, in counts, before it is confirmed. */
  preview?: (values: Values, id: string) => Promise<ComponentChildren>;
  /** `id` is made once for each opening, so that a second press repeats the first. */
  send: (values: Values, id: string) => Promise<unknown>;
  /** Where to go afterwards; a page of its own shows what came back instead. */
  then?: (reply: never, id: string) => string | undefined;
  /** What is shown of the reply before the form closes, such as a password told once. */
  told?: (reply: never) => ComponentChildren;
}

export interface MoveOf extends FormOf {
  name: Two;
  needs?: string;
  /** Offered only where it is possible. */
  open?: boolean;
  main?: boolean;
  icon?: Drawing;
}

/** A reason, as every act that touches somebody's rights asks for it. */
export const REASON: FieldOf = {
  name: "reason",
  label: ["理由", "Reason"],
  hint: ["记入审计，当事人可见其结果。", "Kept in the audit."],
  kind: "long",
};

export function Moves({ of }: { of: MoveOf[] }) {
  const offered = of.filter((move) => move.open !== false && (move.needs === undefined || may(move.needs)));
  return (
    <>
      {offered.map((move) => (
        <Move key={move.name[1]} of={move} />
      ))}
    </>
  );
}

export function Move({ of }: { of: MoveOf }) {
  const [open, show] = useState(false);
  return (
    <>
      <button class={`button ${of.main ? "" : "quiet"} ${of.danger ? "danger" : ""}`} onClick={() => show(true)}>
        {of.icon === undefined ? null : <Icon name={of.icon} />}
        {say(of.name)}
      </button>
      {open ? <FormDialog of={of} close={() => show(false)} /> : null}
    </>
  );
}

/** Something over the page; the browser itself keeps the focus in it and gives it back. */
export function Dialog({ title, close, children }: { title: Two; close: () => void; children: ComponentChildren }) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const shown = dialog.current;
    if (shown !== null && !shown.open) shown.showModal();
    return () => shown?.close();
  }, []);
  return (
    <dialog class="dialog" ref={dialog} onCancel={(event) => { event.preventDefault(); close(); }} aria-label={say(title)}>
      <header class="dialog-head">
        <h2>{say(title)}</h2>
        <button type="button" class="round" onClick={close} aria-label={t("关闭", "Close")}><Icon name="cross" /></button>
      </header>
      {children}
    </dialog>
  );
}

export const FormDialog = ({ of, close }: { of: FormOf; close: () => void }) => <Dialog title={of.title} close={close}><Form of={of} close={close} /></Dialog>;

export function Form({ of, close }: { of: FormOf; close?: () => void }) {
  const [values, type] = useState<Values>(of.initial ?? {});
  const [id] = useState(newId);
  const [shown, preview] = useState<ComponentChildren>(null);
  const [told, tell] = useState<ComponentChildren>(null);
  const [problem, fail] = useState<unknown>(null);
  const [busy, work] = useState(false);
  const change = (name: string, value: unknown) => {
    type((now) => ({ ...now, [name]: value }));
    preview(null);
  };
  const act = async () => {
    work(true);
    fail(null);
    try {
      const made = sent(of.fields, values);
      if (of.preview !== undefined && shown === null) preview(await of.preview(made, id));
      else {
        const reply = await of.send(made, id);
        changed();
        const path = of.then?.(reply as never, id);
        const words = of.told?.(reply as never);
        if (words !== undefined && words !== null) tell(words);
        else close?.();
        if (path !== undefined) go(path);
      }
    } catch (refusal) {
      fail(refusal);
    }
    work(false);
  };
  if (told !== null) {
    return (
      <div class="form">
        <div role="status">{told}</div>
        <div class="form-foot"><button class="button" onClick={() => close?.()}>{t("完成", "Done")}</button></div>
      </div>
    );
  }
  const first = of.preview !== undefined && shown === null;
  return (
    <form class="form" onSubmit={(event) => { event.preventDefault(); void act(); }}>
      {of.lead === undefined ? null : <p>{say(of.lead)}</p>}
      {of.fields.map((field) =>
        field.when !== undefined && !field.when(values) ? null : (
          <Field key={field.name} field={field} value={values[field.name]} values={values} onChange={(value) => change(field.name, value)} errors={errorsOf(problem, field.name)} />
        ),
      )}
      {shown === null ? null : <div class="preview" role="status">{shown}</div>}
      <Problem of={problem} fields={of.fields} />
      <div class="form-foot">
        {close === undefined ? null : <button type="button" class="button quiet" onClick={close}>{t("取消", "Cancel")}</button>}
        <button class={`button ${of.danger ? "danger" : ""}`} disabled={busy}>
          {busy ? t("请稍候…", "One moment …") : first ? t("预览影响", "Preview") : say(of.submit)}
        </button>
      </div>
    </form>
  );
}

function errorsOf(problem: unknown, name: string): string[] | undefined {
  if (!(problem instanceof Refused)) return undefined;
  const found = Object.entries(problem.errors).filter(([field]) => field === name || field.startsWith(`${name}.`));
  return found.length === 0 ? undefined : found.flatMap(([, messages]) => messages);
}

function nameOf(name: string, fields?: FieldOf[]): ComponentChildren {
  const field = fields?.find((one) => one.name === name.split(".")[0]);
  return field === undefined ? <code>{name}</code> : <strong>{say(field.label)}</strong>;
}

/** What the server refused, field by field where it names fields: by their labels where these are known. */
export function Problem({ of, fields }: { of: unknown; fields?: FieldOf[] }) {
  if (of === null || of === undefined) return null;
  const errors = of instanceof Refused ? Object.entries(of.errors) : [];
  return (
    <div class="failure" role="alert">
      <p><Icon name="warn" /> {sentence(of)}</p>
      {errors.length === 0 ? null : <ul>{errors.map(([field, messages]) => <li key={field}>{nameOf(field, fields)} {messages.join(" ")}</li>)}</ul>}
    </div>
  );
}
