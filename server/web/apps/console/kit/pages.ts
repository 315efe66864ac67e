/** The rows of a list as the server gives them: page by page, or all of them (分页读取). */
import { useEffect, useState } from "preact/hooks";
import { client, sentence } from "../../shared/platform.ts";
import { changes, rest } from "./asking.ts";
import { place } from "./place.ts";

interface Got<T> {
  items: T[];
  next: string | null;
}

/** What is asked for: the address, with what holds always and what the filters say. */
export interface Source<T> {
  path: string;
  filters?: { name: string }[];
  whole?: (reply: never) => T[];
  pageSize?: number;
}

export function asPath<T>(of: Source<T>): string {
  const filters = new URLSearchParams();
  for (const { name } of of.filters ?? []) {
    const value = place.value.asked.get(name);
    if (value !== null && value !== "") filters.set(name, value);
  }
  const words = filters.toString();
  return words === "" ? of.path : `${of.path}${of.path.includes("?") ? "&" : "?"}${words}`;
}

export function usePages<T>(of: Source<T>, path: string) {
  const [got, tell] = useState<Got<T>>({ items: [], next: null });
  const [failure, fail] = useState<string | null>(null);
  const [loading, work] = useState(true);
  const [round, next] = useState(0);
  const change = changes.value;
  const bring = async (cursor: string | null): Promise<Got<T>> => {
    if (of.whole !== undefined) return { items: of.whole((await client.get(path)) as never), next: null };
    const joint = path.includes("?") ? "&" : "?";
    const page = await client.get<{ items: T[]; next_cursor?: string | null }>(
      `${path}${joint}limit=${of.pageSize ?? 50}${cursor === null ? "" : `&cursor=${encodeURIComponent(cursor)}`}`,
    );
    const next = page.next_cursor ?? null;
    // What is rare may be on none of the first pages: one goes on until there is something to show.
    return page.items.length === 0 && next !== null ? bring(next) : { items: page.items, next };
  };
  useEffect(() => {
    let gone = false;
    work(true);
    fail(null);
    bring(null)
      .then((page) => gone || tell(page))
      .catch((refusal: unknown) => {
        if (gone) return;
        tell({ items: [], next: null });
        fail(sentence(refusal));
      })
      .finally(() => gone || work(false));
    return () => {
      gone = true;
    };
  }, [path, round, change]);
  const more = () => {
    work(true);
    bring(got.next)
      .then((page) => tell((now) => ({ items: [...now.items, ...page.items], next: page.next })))
      .catch((refusal: unknown) => fail(sentence(refusal)))
      .finally(() => work(false));
  };
  /** Bring what is missing, so that an order is that of the whole list and not of its first page. */
  const whole = async (): Promise<Got<T> | null> => {
    if (got.next === null) return got;
    work(true);
    try {
      const others = await rest<T>(path, got.next, got.items.length);
      const every = { items: [...got.items, ...others.items], next: others.next };
      tell(every);
      return every;
    } catch (refusal) {
      fail(sentence(refusal));
      return null;
    } finally {
      work(false);
    }
  };
  return { got, failure, loading, more, whole, again: () => next((count) => count + 1) };
}
