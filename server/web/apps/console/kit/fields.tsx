/** The fields of described forms (表单字段). */
import { useEffect, useId, useState } from "preact/hooks";
import { client } from "../../shared/platform.ts";
import { t } from "../../shared/settings.ts";
import { once } from "./asking.ts";
import { nameOf, type Sort } from "./names.tsx";
import { RegionPick } from "./regions.tsx";
import { say, type Two, type Words } from "./two.ts";

export type Values = Record<string, unknown>;

interface Any {
  name: string;
  label: Two;
  hint?: Two;
  optional?: boolean;
  /** Asked only where this holds. */
  when?: (values: Values) => boolean;
}

export type FieldOf = Any &
  (
    | { kind: "text" | "long" | "lines" | "day" | "moment" | "yes" | "decimal" }
    | { kind: "number"; min?: number; max?: number }
    | { kind: "choice" | "many"; choices: Words }
    /** One of a list that the server has; `path` where it is no whole sort of things, by what else is typed. */
    | { kind: "pick"; sort?: Sort; path?: string | ((values: Values) => string | null); shown?: (row: never) => string; value?: (row: never) => string }
    /** Some of a short list that the server has. */
    | { kind: "several"; path: (values: Values) => string | null; shown?: (row: never) => string }
    | { kind: "rows"; fields: FieldOf[]; one: Two; least?: number }
  );

/** What is typed as it is sent: nothing for what was left empty. */
export function sent(fields: FieldOf[], values: Values): Values {
  const out: Values = {};
  for (const field of fields) {
    if (field.when !== undefined && !field.when(values)) continue;
    const made = one(field, values[field.name]);
    if (made !== undefined) out[field.name] = made;
  }
  return out;
}

function one(field: FieldOf, value: unknown): unknown {
  if (field.kind === "yes") return value === true;
  if (field.kind === "rows") return ((value as Values[] | undefined) ?? []).map((row) => sent(field.fields, row));
  if (field.kind === "many" || field.kind === "several") return value ?? [];
  if (field.kind === "lines") return String(value ?? "").split("\n").map((line) => line.trim()).filter(Boolean);
  const text = typeof value === "string" ? value.trim() : value;
  if (text === "" || text === undefined || text === null) return undefined;
  if (field.kind === "number") return Number(text);
  if (field.kind === "moment") return `${String(text)}:00+08:00`;
  return text;
}

/** A moment as the field for it takes it: the time of the country. */
export const typed = (at: string): string =>
  new Date(Date.parse(at) + 8 * 3_600_000).toISOString().slice(0, 16);

/** Today, in the time of the country. */
export const today = (): string => new Date(Date.now() + 8 * 3_600_000).toISOString().slice(0, 10);

/** What ties a control to its label and its notes. */
export interface Tied {
  id: string;
  "aria-describedby"?: string | undefined;
  "aria-invalid"?: boolean | undefined;
}

interface Common extends Tied {
  name: string;
  required: boolean;
  value: string;
  onInput: (event: { currentTarget: { value: string } }) => void;
}

interface Shown {
  field: FieldOf;
  value: unknown;
  /** What else is typed in the form. */
  values?: Values | undefined;
  onChange: (value: unknown) => void;
  errors?: string[] | undefined;
}

export function Field({ field, value, values, onChange, errors }: Shown) {
  const id = useId();
  const wrong = errors !== undefined && errors.length > 0;
  const notes = [field.hint === undefined ? null : `${id}-hint`, wrong ? `${id}-wrong` : null].filter(Boolean).join(" ");
  const input = { id, "aria-describedby": notes || undefined, "aria-invalid": wrong || undefined };
  if (field.kind === "rows") return <Rows {...{ field, value, onChange, errors }} />;
  if (field.kind === "many") return <Many {...{ field, value, onChange, errors }} choices={field.choices} />;
  if (field.kind === "several") return <Several {...{ field, value, values, onChange, errors }} />;
  if (field.kind === "yes") {
    return (
      <label class="check">
        <input {...input} type="checkbox" name={field.name} checked={value === true} onChange={(event) => onChange(event.currentTarget.checked)} />
        <span>{say(field.label)}</span>
      </label>
    );
  }
  return (
    <div class="field">
      <label for={id}>
        {say(field.label)}
        {field.optional ? <span class="note">{t("（选填）", " (optional)")}</span> : null}
      </label>
      {field.hint === undefined ? null : <p class="note" id={`${id}-hint`}>{say(field.hint)}</p>}
      <Control {...{ field, value, values, onChange, input }} />
      {wrong ? <p class="wrong" id={`${id}-wrong`}>{errors.join(" ")}</p> : null}
    </div>
  );
}

function Control({ field, value, values, onChange, input }: Shown & { input: Tied }) {
  const common: Common = {
    ...input,
    name: field.name,
    required: !field.optional,
    value: String(value ?? ""),
    onInput: (event: { currentTarget: { value: string } }) => onChange(event.currentTarget.value),
  };
  if (field.kind === "long" || field.kind === "lines") return <textarea {...common} rows={3} />;
  if (field.kind === "choice") {
    return (
      <select {...common}>
        <option value="">{t("请选择", "Choose")}</option>
        {Object.entries(field.choices).map(([choice, words]) => <option key={choice} value={choice}>{say(words)}</option>)}
      </select>
    );
  }
  if (field.kind === "pick") {
    const searched = field.sort === "organisation" || field.sort === "person";
    if (field.sort === "region") return <RegionPick {...{ input, value, onChange }} required={!field.optional} name={field.name} />;
    return searched ? <Searched {...{ field, common, value }} /> : <Chosen {...{ field, common, values }} />;
  }
  if (field.kind === "number") return <input {...common} type="number" min={field.min} max={field.max} step={1} />;
  if (field.kind === "day") return <input {...common} type="date" />;
  if (field.kind === "moment") return <input {...common} type="datetime-local" />;
  return field.kind === "decimal" ? <input {...common} inputMode="decimal" /> : <input {...common} />;
}

function Many({ field, value, onChange, errors, choices }: Shown & { choices: Words }) {
  const chosen = (value as string[] | undefined) ?? [];
  return (
    <fieldset class="field many">
      <legend>{say(field.label)}</legend>
      {field.hint === undefined ? null : <p class="note">{say(field.hint)}</p>}
      {Object.keys(choices).length === 0 ? <p class="note">{t("尚无可选项。", "There is nothing to choose yet.")}</p> : null}
      {Object.entries(choices).map(([choice, words]) => (
        <label class="check" key={choice}>
          <input
            type="checkbox"
            checked={chosen.includes(choice)}
            onChange={(event) => onChange(event.currentTarget.checked ? [...chosen, choice] : chosen.filter((each) => each !== choice))}
          />
          <span>{say(words)}</span>
        </label>
      ))}
      {errors === undefined ? null : <p class="wrong">{errors.join(" ")}</p>}
    </fieldset>
  );
}

/** The rows of a list; none while they are on their way, or nothing says yet which list. */
function useRows(path: string | null): Row[] | null {
  const [rows, tell] = useState<Row[] | null>(null);
  useEffect(() => {
    let gone = false;
    tell(null);
    if (path === null) return;
    once(path, (asked) => client.all<Row>(asked)).then((found) => gone || tell(found)).catch(() => gone || tell([]));
    return () => {
      gone = true;
    };
  }, [path]);
  return rows;
}

function Several({ field, value, values, onChange, errors }: Shown) {
  const rows = useRows(field.kind === "several" ? field.path(values ?? {}) : null);
  if (field.kind !== "several") return null;
  const shown = (field.shown as ((row: Row) => string) | undefined) ?? nameOf;
  const choices = Object.fromEntries((rows ?? []).map((row) => [row.id, [shown(row), shown(row)] as const]));
  return <Many {...{ field, value, onChange, errors, choices }} />;
}

function Rows({ field, value, onChange, errors }: Shown) {
  if (field.kind !== "rows") return null;
  const rows = (value as Values[] | undefined) ?? [];
  const least = field.least ?? 0;
  return (
    <fieldset class="field rows-field">
      <legend>{say(field.label)}</legend>
      {field.hint === undefined ? null : <p class="note">{say(field.hint)}</p>}
      {rows.map((row, place) => (
        <div class="rows-one" key={place} role="group" aria-label={`${say(field.one)} ${place + 1}`}>
          {field.fields.map((each) =>
            each.when !== undefined && !each.when(row) ? null : (
              <Field
                key={each.name}
                field={each}
                value={row[each.name]}
                values={row}
                onChange={(now) => onChange(rows.map((other, at) => (at === place ? { ...other, [each.name]: now } : other)))}
              />
            ),
          )}
          {rows.length <= least ? null : (
            <button type="button" class="link" onClick={() => onChange(rows.filter((_, at) => at !== place))}>{t("移除", "Remove")}</button>
          )}
        </div>
      ))}
      <button type="button" class="button quiet small" onClick={() => onChange([...rows, {}])}>{t("添加", "Add")} · {say(field.one)}</button>
      {errors === undefined ? null : <p class="wrong">{errors.join(" ")}</p>}
    </fieldset>
  );
}

interface Row {
  id: string;
  name?: string;
  document_masked?: string;
}

/** One of a list that is short enough to be shown whole. */
function Chosen({ field, common, values }: { field: FieldOf; common: Common; values: Values | undefined }) {
  const path = field.kind !== "pick" ? null : typeof field.path === "function" ? field.path(values ?? {}) : (field.path ?? WHOLE[field.sort ?? ""] ?? null);
  const rows = useRows(path);
  if (field.kind !== "pick") return null;
  const shown = (field.shown as ((row: Row) => string) | undefined) ?? nameOf;
  const value = (field.value as ((row: Row) => string) | undefined) ?? ((row: Row) => row.id);
  return (
    <>
      <select {...common} data-waiting={rows === null && path !== null ? "" : undefined}>
        <option value="">{rows === null && path !== null ? t("正在读取…", "Loading …") : t("请选择", "Choose")}</option>
        {(rows ?? []).map((row) => <option key={row.id} value={value(row)}>{shown(row)}</option>)}
      </select>
      {rows?.length === 0 ? <p class="note">{t("尚无可选项，请先登记。", "There is nothing to choose yet: enter one first.")}</p> : null}
    </>
  );
}

const WHOLE: Record<string, string> = {
  qualification: "/v1/qualifications",
  bank: "/v1/question-banks",
  issuer: "/v1/issuers",
  specification: "/v1/paper-specifications",
  plan: "/v1/exam-plans",
  centre: "/v1/test-centres",
  programme: "/v1/training-programmes",
};

/** One of many: type a part of the name, then choose. */
function Searched({ field, common, value }: { field: FieldOf; common: Common; value: unknown }) {
  const [text, type] = useState("");
  const [rows, tell] = useState<Row[]>([]);
  // Whoever was chosen keeps their name when the list below goes on to others.
  const [picked, keep] = useState<Row>();
  if (field.kind !== "pick") return null;
  const base = typeof field.path === "string" ? field.path : field.sort === "person" ? "/v1/people" : "/v1/organisations";
  const path = `${base}${base.includes("?") ? "&" : "?"}limit=20${text.trim() === "" ? "" : `&name=${encodeURIComponent(text.trim())}`}`;
  useEffect(() => {
    let gone = false;
    const timer = setTimeout(() => {
      client.get<{ items: Row[] }>(path).then(({ items }) => gone || tell(items)).catch(() => gone || tell([]));
    }, 250);
    return () => {
      gone = true;
      clearTimeout(timer);
    };
  }, [path]);
  const listed = rows.some(({ id }) => id === value);
  const shown = (row: Row) => `${nameOf(row)}${row.document_masked === undefined ? "" : ` ${row.document_masked}`}`;
  return (
    <div class="searched">
      <input type="search" value={text} onInput={(event) => type(event.currentTarget.value)} placeholder={t("输入名称查找", "Type a name to find it")} aria-label={`${say(field.label)}: ${t("查找", "find")}`} />
      <select {...common} onInput={(event) => { keep(rows.find(({ id }) => id === event.currentTarget.value) ?? picked); common.onInput(event); }}>
        <option value="">{t("请选择", "Choose")}</option>
        {typeof value === "string" && value !== "" && !listed ? <option value={value}>{picked?.id === value ? shown(picked) : t("已选", "Chosen")}</option> : null}
        {rows.map((row) => <option key={row.id} value={row.id}>{shown(row)}</option>)}
      </select>
    </div>
  );
}
