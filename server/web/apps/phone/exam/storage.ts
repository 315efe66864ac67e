/** What the phone keeps of exams, in IndexedDB (本机保存的考试数据). */
import { brought, within } from "../../shared/database.ts";
import { open, reading, writing } from "../../shared/storage.ts";
import type { KnownTime } from "../../shared/steady_clock.ts";
import type { Paper } from "./sealed.ts";
import type { Word } from "./words.ts";

/** An attempt as this phone knows it. */
export interface Attempt {
  id: string;
  enrolment_id: string;
  account_id: string;
  exam_id: string;
  name: string;
  /** 0 until the server has said that the attempt is ours. */
  epoch: number;
  order: { slot: number; options: number[] }[];
  package_hash: string | null;
  /** Opens the package and cannot be read out; null where the browser cannot, then `paper` is set. */
  key: CryptoKey | null;
  paper: Paper | null;
  started_at: string | null;
  deadline_at: string | null;
  paused_at: string | null;
  /** Milliseconds that were left when the room was paused. */
  left_at_pause: number | null;
  time: KnownTime | null;
  /** The last number given to a word. */
  sequence: number;
  /** The last number given to an event of conduct. */
  event_number: number;
  /** Slots that the candidate wants to see again. */
  marked: number[];
  /** Where the candidate was: the place in the order. */
  place: number;
  /** The wish to hand in. It is stored like a tap, and sent when everything else is. */
  handing_in: boolean;
  /** Said by the server, never by us. */
  state: "in_progress" | "submitted" | "graded" | "voided" | string;
  submitted_at: string | null;
  /** Whether another phone has the attempt now. */
  moved: boolean;
  /** Whether it was begun elsewhere, or by this phone before it forgot: ask what is held. */
  adopted: boolean;
  receipt: Receipt | null;
  /** The longest warning that was told already, in minutes. */
  warned: number | null;
}

export interface Receipt {
  attempt_id: string;
  held_count: number;
  question_count: number;
  at: string;
  code: string;
}

export interface ConductEvent {
  attempt_id: string;
  number: number;
  kind: string;
  at_ms: number;
  slot?: number;
  lasted_ms?: number;
}

/** All keys that begin with this attempt's id. */
const of = (attemptId: string) => IDBKeyRange.bound([attemptId], [attemptId, []]);

export const attempts = {
  all: () => reading<Attempt[]>("attempts", (store) => store.getAll()),
  get: (id: string) => reading<Attempt | undefined>("attempts", (store) => store.get(id)),
  add: (attempt: Attempt) => writing("attempts", (store) => store.add(attempt)),
  remove: (id: string) => writing("attempts", (store) => store.delete(id)),

  /** Change some fields of an attempt in one transaction; others may have changed meanwhile. */
  async change(id: string, change: Partial<Attempt>): Promise<void> {
    await within(await open(), ["attempts"], "readwrite", async (named) => {
      const store = named("attempts");
      const known = await brought<Attempt | undefined>(store.get(id));
      if (known !== undefined) await brought(store.put({ ...known, ...change }));
    });
  },
};

export const words = {
  of: (attemptId: string) => reading<Word[]>("words", (store) => store.getAll(of(attemptId))),

  /**
   * Store what was chosen under the next number, and return it when it is on the disk.
   *
   * Number and word are one transaction: two pages can never give the same number away, and a
   * number is never used twice.
   */
  async say(attemptId: string, slot: number, chosen: number[]): Promise<Word> {
    return within(await open(), ["attempts", "words"], "readwrite", async (named) => {
      const known = await brought<Attempt>(named("attempts").get(attemptId));
      const word: Word = {
        attempt_id: attemptId,
        slot,
        chosen,
        sequence: known.sequence + 1,
        state: "here",
        late: false,
        code: null,
      };
      await brought(named("attempts").put({ ...known, sequence: word.sequence }));
      await brought(named("words").put(word));
      return word;
    });
  },

  /** Store what became of words, unless a newer word has taken a slot meanwhile. */
  async settle(changed: Word[]): Promise<void> {
    if (changed.length === 0) return;
    await within(await open(), ["words"], "readwrite", async (named) => {
      for (const word of changed) {
        const now = await brought<Word | undefined>(named("words").get([word.attempt_id, word.slot]));
        if (now?.sequence === word.sequence) await brought(named("words").put(word));
      }
    });
  },

  /** Store what the server holds from another phone, where this one has said nothing. */
  async take(held: Word[]): Promise<void> {
    await within(await open(), ["words"], "readwrite", async (named) => {
      for (const word of held) await brought(named("words").put(word));
    });
  },

  forget: (attemptId: string) => writing("words", (store) => store.delete(of(attemptId))),
};

/** Numbers of events end here: more are not told. */
const MOST_EVENTS = 2000;

export const conduct = {
  of: (attemptId: string) =>
    reading<ConductEvent[]>("conduct", (store) => store.getAll(of(attemptId), 200)),

  async note(attemptId: string, event: Omit<ConductEvent, "attempt_id" | "number">): Promise<void> {
    await within(await open(), ["attempts", "conduct"], "readwrite", async (named) => {
      const known = await brought<Attempt | undefined>(named("attempts").get(attemptId));
      if (known === undefined || known.event_number >= MOST_EVENTS) return;
      const number = known.event_number + 1;
      await brought(named("attempts").put({ ...known, event_number: number }));
      await brought(named("conduct").put({ attempt_id: attemptId, number, ...event }));
    });
  },

  async told(events: ConductEvent[]): Promise<void> {
    await within(await open(), ["conduct"], "readwrite", async (named) => {
      for (const event of events) {
        await brought(named("conduct").delete([event.attempt_id, event.number]));
      }
    });
  },

  forget: (attemptId: string) => writing("conduct", (store) => store.delete(of(attemptId))),
};

interface Bytes {
  hash: string;
  bytes: Uint8Array<ArrayBuffer>;
}

export const packages = {
  get: async (hash: string) =>
    (await reading<Bytes | undefined>("packages", (store) => store.get(hash)))?.bytes,
  put: (hash: string, bytes: Uint8Array<ArrayBuffer>) =>
    writing("packages", (store) => store.put({ hash, bytes })),
};

export const images = {
  get: async (hash: string) =>
    (await reading<Bytes | undefined>("images", (store) => store.get(hash)))?.bytes,
  put: (hash: string, bytes: Uint8Array<ArrayBuffer>) =>
    writing("images", (store) => store.put({ hash, bytes })),
};

/** An attempt that is to begin here, or to go on here under the id that the server names. */
export function fresh(
  id: string,
  of: Pick<Attempt, "enrolment_id" | "account_id" | "exam_id" | "name">,
  adopted: boolean,
): Attempt {
  return {
    ...of,
    id,
    epoch: 0,
    order: [],
    package_hash: null,
    key: null,
    paper: null,
    started_at: null,
    deadline_at: null,
    paused_at: null,
    left_at_pause: null,
    time: null,
    sequence: 0,
    event_number: 0,
    marked: [],
    place: 0,
    handing_in: false,
    state: "in_progress",
    submitted_at: null,
    moved: false,
    adopted,
    receipt: null,
    warned: null,
  };
}
