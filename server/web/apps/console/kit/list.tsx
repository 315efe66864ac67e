/** Described lists: filtered by the address, paged by cursor, sorted and exported whole (列表). */
import type { ComponentChildren } from "preact";
import { useEffect, useState } from "preact/hooks";
import { Icon } from "../../shared/icons.tsx";
import { client, sentence } from "../../shared/platform.ts";
import { t } from "../../shared/settings.ts";
import { MOST_SORTED } from "./asking.ts";
import { exported } from "./export.ts";
import { Field, type FieldOf } from "./fields.tsx";
import { Moves, type MoveOf } from "./form.tsx";
import { Empty, Fold, Page } from "./parts.tsx";
import { asPath, usePages } from "./pages.ts";
import { ask, place } from "./place.ts";
import { holds, orderOf, ready, sorted, written, type Column, type Order } from "./rows.ts";
import { count, counted, say, type Two } from "./two.ts";

export type { Column } from "./rows.ts";

interface Listed<T> {
  /** The address in /v1, with what always holds: `/v1/questions?bank_id=…`. */
  path: string;
  name: Two;
  columns: Column<T>[];
  id: (row: T) => string;
  /** Where a row leads: the first column becomes a link. */
  to?: (row: T) => string;
  empty: Two;
  next?: ComponentChildren;
  /** For addresses that answer with the whole list under another name. */
  whole?: (reply: never) => T[];
  rowTools?: (row: T) => ComponentChildren;
  /** Rows can be chosen, for what is done to many. */
  chosen?: { ids: Set<string>; change: (ids: Set<string>) => void };
  pageSize?: number;
}

/** A list is narrowed by the server, or says why nobody needs that. */
type Narrowed = { filters: FieldOf[] } | { filters?: never; unfiltered: string };

export type ListOf<T> = Listed<T> & Narrowed;

export function List<T>({ of }: { of: ListOf<T> }) {
  const asked = asPath(of);
  const { got, failure, loading, more, again, whole } = usePages<T>(of, asked);
  const [order, sort] = useState<Order | null>(null);
  const [words, find] = useState("");
  const [tooLong, mind] = useState(false);
  // What was brought anew since may be a first page again: an order is that of the whole list, or none.
  const now = got.next === null ? order : null;
  const rows = sorted(of.columns, got.items, now).filter((row) => holds(of.columns, row, words));
  const sortBy = async (wanted: Order) => {
    const every = await whole();
    if (every === null) return;
    mind(every.next !== null);
    if (every.next !== null) return sort(null);
    const column = of.columns[wanted.at];
    await ready(column === undefined ? [] : [column], every.items);
    sort(wanted);
  };
  useEffect(() => mind(false), [asked]);
  const none = rows.length === 0;
  return (
    <div class="list" data-unfiltered={"unfiltered" in of ? of.unfiltered : undefined}>
      <Filters fields={of.filters ?? []} />
      {got.items.length < LOOKED_THROUGH ? null : <input class="find" type="search" value={words} onInput={(event) => find(event.currentTarget.value)} placeholder={t("在已显示的行中查找", "Find among the rows shown")} aria-label={t("在已显示的行中查找", "Find among the rows shown")} />}
      {failure === null ? null : (
        <div class="failure" role="alert">
          <p><Icon name="warn" /> {failure}</p>
          <button class="button quiet" onClick={again}>{t("重试", "Try again")}</button>
        </div>
      )}
      {none && !loading && failure === null ? (words === "" ? <Nothing of={of} /> : <Empty words={["已显示的行里没有。", "Not among the rows shown."]} />) : null}
      {rows.length === 0 ? null : (
        <div class="table-frame" tabIndex={0} role="region" aria-label={say(of.name)}>
          <table>
            <Heads of={of} order={now} sortBy={(wanted) => void sortBy(wanted)} rows={rows} />
            <tbody>
              {rows.map((row) => <Line key={of.id(row)} of={of} row={row} />)}
            </tbody>
          </table>
        </div>
      )}
      {tooLong ? <p class="failure" role="alert"><Icon name="warn" /> {t(`超过 ${count(MOST_SORTED)} 条，不能排序。请先用上方条件筛选。`, `More than ${count(MOST_SORTED)} rows cannot be sorted. Filter them first.`)}</p> : null}
      {loading ? <p class="note" role="status" data-loading>{t("正在读取…", "Loading …")}</p> : null}
      <footer class="list-foot">
        {rows.length === 0 ? null : (
          <p class="note" role="status">
            {t("已显示", "Shown:")} {counted(rows.length, "条", "row", "rows")}{got.next === null ? t("，共此数", ", all of them") : ""}
          </p>
        )}
        {got.next === null ? null : <button class="button quiet" disabled={loading} onClick={more}>{t("更多", "More")}</button>}
        {rows.length === 0 ? null : <Export of={of} asked={asked} words={words} order={order} />}
      </footer>
    </div>
  );
}

/** A page that is one list, with what can be done beside it. */
export function ListPage<T>(props: { title: Two; lead?: Two; of: ListOf<T>; moves?: MoveOf[]; tools?: ComponentChildren }) {
  return (
    <Page title={say(props.title)} {...(props.lead === undefined ? {} : { lead: say(props.lead) })} tools={props.moves === undefined && props.tools === undefined ? undefined : <><Moves of={props.moves ?? []} />{props.tools}</>}>
      <List of={props.of} />
    </Page>
  );
}

/** Lists of so many rows are worth looking through. */
const LOOKED_THROUGH = 8;

function Heads<T>(props: {
  of: ListOf<T>;
  rows: T[];
  order: Order | null;
  sortBy: (order: Order) => void;
}) {
  const { of, order } = props;
  return (
    <thead>
      <tr>
        {of.chosen === undefined ? null : <th scope="col" class="choose"><ChooseAll of={of} rows={props.rows} /></th>}
        {of.columns.map((column, at) => {
          const { head, number } = column;
          const sort = orderOf(column, props.rows);
          const here = order?.at === at;
          return (
            <th key={head[1]} scope="col" class={number ? "number" : ""} aria-sort={here ? (order.down ? "descending" : "ascending") : undefined}>
              {sort === undefined ? say(head) : (
                <button class="head" onClick={() => props.sortBy({ at, down: here ? !order.down : false })}>
                  {say(head)} <span aria-hidden="true">{here ? (order.down ? "↓" : "↑") : "↕"}</span>
                </button>
              )}
            </th>
          );
        })}
        {of.rowTools === undefined ? null : <th scope="col"><span class="only-heard">{t("操作", "Actions")}</span></th>}
      </tr>
    </thead>
  );
}

function ChooseAll<T>({ of, rows }: { of: ListOf<T>; rows: T[] }) {
  const { ids, change } = of.chosen!;
  const all = rows.length > 0 && rows.every((row) => ids.has(of.id(row)));
  return <input type="checkbox" aria-label={t("全选", "Choose all")} checked={all} onChange={() => change(all ? new Set() : new Set(rows.map(of.id)))} />;
}

function Line<T>({ of, row }: { of: ListOf<T>; row: T }) {
  const id = of.id(row);
  return (
    <tr>
      {of.chosen === undefined ? null : (
        <td class="choose">
          <input
            type="checkbox"
            aria-label={t("选择此行", "Choose this row")}
            checked={of.chosen.ids.has(id)}
            onChange={(event) => {
              const ids = new Set(of.chosen!.ids);
              if (event.currentTarget.checked) ids.add(id);
              else ids.delete(id);
              of.chosen!.change(ids);
            }}
          />
        </td>
      )}
      {of.columns.map(({ head, show, number }, at) => (
        <td key={head[1]} class={number ? "number" : ""} data-head={say(head)}>
          <div class="cell">{at === 0 && of.to !== undefined ? <a href={`#${of.to(row)}`}>{shown(show(row))}</a> : shown(show(row))}</div>
        </td>
      ))}
      {of.rowTools === undefined ? null : <td class="row-tools">{of.rowTools(row)}</td>}
    </tr>
  );
}

/** A day stays on one line. */
function shown(what: ComponentChildren): ComponentChildren {
  return typeof what === "string" && /^\d{4}-\d{2}-\d{2}$/.test(what) ? <time class="day">{what}</time> : what;
}

/** The filters of a list are in the address, so that a list can be sent to somebody. */
function Filters({ fields }: { fields: FieldOf[] }) {
  const [waiting, wait] = useState<Record<string, string>>({});
  useEffect(() => {
    if (Object.keys(waiting).length === 0) return;
    const timer = setTimeout(() => {
      ask(waiting);
      wait({});
    }, 350);
    return () => clearTimeout(timer);
  }, [waiting]);
  if (fields.length === 0) return null;
  const now = (name: string) => waiting[name] ?? place.value.asked.get(name) ?? "";
  const set = fields.filter(({ name }) => now(name) !== "").length;
  return (
    <Fold set={set}><form class="filters" role="search" onSubmit={(event) => event.preventDefault()}>
      {fields.map((field) =>
        field.kind === "yes" ? (
          <Field key={field.name} field={field} value={now(field.name) === "true"} onChange={(value) => ask({ [field.name]: value === true ? "true" : "" })} />
        ) : (
          <Field key={field.name} field={{ ...field, optional: true }} value={now(field.name)} onChange={(value) => (field.kind === "text" ? wait({ ...waiting, [field.name]: String(value) }) : ask({ [field.name]: String(value ?? "") }))} />
        ),
      )}
      {set > 0 ? <button type="button" class="link" onClick={() => ask(Object.fromEntries(fields.map(({ name }) => [name, ""])))}>{t("清除筛选", "Clear")}</button> : null}
    </form></Fold>
  );
}

function Nothing<T>({ of }: { of: ListOf<T> }) {
  const filtered = (of.filters ?? []).some(({ name }) => (place.value.asked.get(name) ?? "") !== "");
  if (filtered) return <Empty words={["没有符合筛选条件的记录。请放宽条件或清除筛选。", "Nothing fits these filters. Widen or clear them."]} />;
  return <Empty words={of.empty}>{of.next}</Empty>;
}

/** All rows that fit the filters and the words typed, in the order shown: not only those on the screen. */
function Export<T>({ of, asked, words, order }: { of: ListOf<T>; asked: string; words: string; order: Order | null }) {
  const [state, tell] = useState<string | null>(null);
  const act = async () => {
    tell(t("正在导出…", "Exporting …"));
    try {
      const every = of.whole !== undefined ? of.whole((await client.get(asked)) as never) : await client.all<T>(`${asked}${asked.includes("?") ? "&" : "?"}limit=200`);
      await ready(of.columns, every);
      const rows = sorted(of.columns, every, order).filter((row) => holds(of.columns, row, words));
      exported(say(of.name), of.columns.map(({ head }) => say(head)), rows.map((row) => of.columns.map((column) => written(column, row))));
      tell(null);
    } catch (failure) {
      tell(sentence(failure));
    }
  };
  return (
    <>
      <button class="button quiet" onClick={() => void act()}>{t("导出 CSV", "Export CSV")}</button>
      {state === null ? null : <p class="note" role="status">{state}</p>}
    </>
  );
}
