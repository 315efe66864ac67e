/** Columns that name things (名称列). */
import { learn, Name, nameSoFar, type Sort } from "./names.tsx";
import type { Column } from "./rows.ts";
import type { Two } from "./two.ts";

/** A column of names: shown, found, sorted and exported by the name, never by the id. */
export function named<T>(head: Two, sort: Sort, id: (row: T) => string | null | undefined): Column<T> {
  const text = (row: T) => nameSoFar(sort, id(row));
  return { head, show: (row) => <Name sort={sort} id={id(row)} />, text, sort: text, learn: (row) => learn(sort, id(row)) };
}

/** A column of names that came with the rows: for who sees a thing and not the register its names stand in. */
export function called<T>(head: Two, name: (row: T) => string | null | undefined): Column<T> {
  const text = (row: T) => name(row) ?? "—";
  return { head, show: (row) => <span lang="zh-CN">{text(row)}</span>, text, sort: text };
}
