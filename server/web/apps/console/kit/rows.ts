/** The rows of a list: what a cell says, what is found among them, and their order (行). */
import type { ComponentChildren } from "preact";
import type { Two } from "./two.ts";

export interface Column<T> {
  head: Two;
  show: (row: T) => ComponentChildren;
  /** What is written into an export, where `show` is no text. */
  text?: (row: T) => string | number;
  /** By what whole lists may be sorted. */
  sort?: (row: T) => string | number;
  /** What must be learnt before the column can be sorted or written, such as a name. */
  learn?: (row: T) => Promise<unknown>;
  number?: boolean;
}

export interface Order {
  at: number;
  down: boolean;
}

/** Learn what columns need to be told before their text is true. */
export async function ready<T>(columns: Column<T>[], rows: T[]): Promise<void> {
  await Promise.all(columns.flatMap(({ learn }) => (learn === undefined ? [] : rows.map(learn))));
}

export function written<T>(column: Column<T>, row: T): string | number {
  if (column.text !== undefined) return column.text(row);
  const shown = column.show(row);
  return typeof shown === "string" || typeof shown === "number" ? shown : "";
}

export function holds<T>(columns: Column<T>[], row: T, words: string): boolean {
  const wanted = words.trim().toLowerCase();
  return wanted === "" || columns.some((column) => String(written(column, row)).toLowerCase().includes(wanted));
}

/** By what a column is sorted: as it says, or by what it shows where that is plain text. */
export function orderOf<T>(column: Column<T> | undefined, rows: T[]): ((row: T) => string | number) | undefined {
  if (column === undefined || column.sort !== undefined) return column?.sort;
  const plain = (row: T) => ["string", "number"].includes(typeof column.show(row));
  if (column.text === undefined && (rows.length === 0 || !rows.every(plain))) return undefined;
  return (row) => (column.number === true ? figureOf(written(column, row)) : written(column, row));
}

/** The first figure of what a cell shows, such as “1,204 / 1,300”; nothing at all comes before every figure. */
function figureOf(shown: string | number): number {
  const found = /-?\d[\d,]*(\.\d+)?/.exec(String(shown));
  return found === null ? -Infinity : Number(found[0].replaceAll(",", ""));
}

export function sorted<T>(columns: Column<T>[], rows: T[], order: Order | null): T[] {
  const by = order === null ? undefined : orderOf(columns[order.at], rows);
  if (by === undefined || order === null) return rows;
  const way = order.down ? -1 : 1;
  return [...rows].sort((one, other) => {
    const [a, b] = [by(one), by(other)];
    return way * (typeof a === "number" && typeof b === "number" ? a - b : String(a).localeCompare(String(b), "zh"));
  });
}
