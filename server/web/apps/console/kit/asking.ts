/** What a page asks the server for. Nothing of it stays on this machine (读取). */
import { signal } from "@preact/signals";
import { useEffect, useState } from "preact/hooks";
import { client, sentence } from "../../shared/platform.ts";

export { may } from "../../shared/platform.ts";

/** Counts what was changed from here; every page that shows something then asks anew. */
export const changes = signal(0);

export function changed(): void {
  changes.value += 1;
  known.clear();
}

export interface Asked<T> {
  data: T | undefined;
  failure: string | null;
  loading: boolean;
  again: () => void;
}

/** Ask for `path`, and again whenever something was changed; null asks for nothing. */
export function useAsked<T>(path: string | null, bring?: (path: string) => Promise<T>): Asked<T> {
  const [state, tell] = useState<{ path: string | null; data: T | undefined; failure: string | null }>(NOTHING);
  const [loading, work] = useState(path !== null);
  const [round, next] = useState(0);
  const change = changes.value;
  useEffect(() => {
    if (path === null) return;
    let gone = false;
    work(true);
    (bring ?? ((asked: string) => client.get<T>(asked)))(path)
      .then((data) => gone || tell({ path, data, failure: null }))
      .catch((failure: unknown) => gone || tell({ path, data: undefined, failure: sentence(failure) }))
      .finally(() => gone || work(false));
    return () => {
      gone = true;
    };
  }, [path, round, change]);
  const current = state.path === path;
  return {
    data: current ? state.data : undefined,
    failure: current ? state.failure : null,
    loading: path !== null && (loading || !current),
    again: () => next((count) => count + 1),
  };
}

const NOTHING = { path: null, data: undefined, failure: null };

/** A whole list. */
export function useAll<T>(path: string | null): Asked<T[]> {
  return useAsked<T[]>(path, (asked) => client.all<T>(asked));
}

/** Replies that many places of one page need, such as the names of regions: asked once. */
const known = new Map<string, Promise<unknown>>();

export function once<T>(path: string, bring: (path: string) => Promise<T>): Promise<T> {
  const before = known.get(path);
  if (before !== undefined) return before as Promise<T>;
  const asked = bring(path);
  known.set(path, asked);
  asked.catch(() => known.delete(path));
  return asked;
}

/** Lists of more rows are not sorted in a browser: filters make them shorter first. */
export const MOST_SORTED = 5000;

/** Every row of a list that comes in pages from `cursor` on, as far as `MOST_SORTED`. */
export async function rest<T>(path: string, cursor: string | null, have: number): Promise<{ items: T[]; next: string | null }> {
  const items: T[] = [];
  const joint = path.includes("?") ? "&" : "?";
  let next = cursor;
  do {
    const page: { items: T[]; next_cursor?: string | null } = await client.get(`${path}${joint}limit=200${next === null ? "" : `&cursor=${encodeURIComponent(next)}`}`);
    items.push(...page.items);
    next = page.next_cursor ?? null;
  } while (next !== null && have + items.length < MOST_SORTED);
  return { items, next };
}
