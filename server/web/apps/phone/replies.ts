/** What the server said last, shown at once and also without a network (离线可读的数据). */
import { useEffect, useState } from "preact/hooks";
import { client, me, sentence } from "./platform.ts";
import { kept } from "../shared/storage.ts";

export interface Reply<T> {
  data: T | undefined;
  /** When the server said it; null while it is what the server says now. */
  as_of: number | null;
  failure: string | null;
  loading: boolean;
  again: () => void;
}

interface Stored<T> {
  data: T;
  at: number;
}

/** Ask for something and keep it; what was kept is shown until the reply is there. */
export function useReply<T>(path: string | null, read?: (path: string) => Promise<T>): Reply<T> {
  const [state, change] = useState<Omit<Reply<T>, "again">>(NOTHING);
  const [round, next] = useState(0);
  useEffect(() => {
    if (path === null) return;
    let gone = false;
    const tell = (part: Partial<Reply<T>>) => !gone && change((now) => ({ ...now, ...part }));
    if (round === 0) change(NOTHING);
    else tell({ loading: true });
    void (async () => {
      const name = `reply:${me.value?.account_id}:${path}`;
      const before = await kept.get<Stored<T>>(name).catch(() => undefined);
      if (before !== undefined) tell({ data: before.data, as_of: before.at });
      try {
        const data = await (read ?? ((asked: string) => client.get<T>(asked)))(path);
        tell({ data, as_of: null, failure: null, loading: false });
        await kept.put(name, { data, at: Date.now() }).catch(() => undefined);
      } catch (failure) {
        tell({ failure: sentence(failure), loading: false });
      }
    })();
    return () => {
      gone = true;
    };
  }, [path, round]);
  return { ...state, again: () => next((now) => now + 1) };
}

const NOTHING = { data: undefined, as_of: null, failure: null, loading: true };

/** A whole list, page by page. */
export function useList<T>(path: string | null): Reply<T[]> {
  return useReply<T[]>(path, (asked) => client.all<T>(asked));
}
