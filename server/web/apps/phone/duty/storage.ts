/** What invigilators and examiners said on this phone, until the server has it and after (考务本机数据). */
import { brought, within } from "../../shared/database.ts";
import { open, reading, writing } from "../../shared/storage.ts";

/** Something that was said of a person at the door. */
export interface Said {
  id: string;
  sitting_id: string;
  room_id: string;
  account_id: string;
  enrolment_id: string;
  act: "arrival" | "turning_away";
  sequence: number;
  happened_at: string;
  note: string | null;
  /** What became of it; null while only this phone knows. */
  verdict: string | null;
}

/** What an examiner gave for a step, or said of a veto: the newest word of each. */
export interface Mark {
  practical_id: string;
  code: string;
  account_id: string;
  value: string;
  sequence: number;
  state: "here" | "held" | "refused";
}

/** A photo of a practical, named by its content. */
export interface Exhibit {
  practical_id: string;
  hash: string;
  account_id: string;
  content: Blob;
  state: "here" | "held";
}

export const doors = {
  all: () => reading<Said[]>("doors", (store) => store.getAll()),
  /** What the server has not acknowledged. */
  waiting: async () => (await doors.all()).filter(({ verdict }) => verdict === null),

  async of(sittingId: string, roomId: string): Promise<Said[]> {
    const every = await doors.all();
    return every.filter((one) => one.sitting_id === sittingId && one.room_id === roomId).sort((one, other) => one.sequence - other.sequence);
  },

  /** Store it under the next number, before anything is sent. */
  async say(said: Omit<Said, "sequence" | "verdict">): Promise<void> {
    await within(await open(), ["doors"], "readwrite", async (named) => {
      const every = await brought<Said[]>(named("doors").getAll());
      const last = Math.max(0, ...every.map(({ sequence }) => sequence));
      await brought(named("doors").put({ ...said, sequence: last + 1, verdict: null }));
    });
  },

  async told(verdicts: { id: string; verdict: string }[]): Promise<void> {
    await within(await open(), ["doors"], "readwrite", async (named) => {
      for (const { id, verdict } of verdicts) {
        const known = await brought<Said | undefined>(named("doors").get(id));
        if (known !== undefined) await brought(named("doors").put({ ...known, verdict }));
      }
    });
  },
};

export const marks = {
  all: () => reading<Mark[]>("marks", (store) => store.getAll()),
  waiting: async () => (await marks.all()).filter(({ state }) => state === "here"),
  of: async (practicalId: string) => (await marks.all()).filter((one) => one.practical_id === practicalId),

  /**
   * Store the newest word of a step, with a number higher than any before. `least` grows with
   * time, so that an examiner who goes on with another phone is not taken for the older one.
   */
  async give(practicalId: string, code: string, value: string, accountId: string, least: number): Promise<void> {
    await within(await open(), ["marks"], "readwrite", async (named) => {
      const every = await brought<Mark[]>(named("marks").getAll());
      const last = Math.max(0, ...every.filter((one) => one.practical_id === practicalId).map(({ sequence }) => sequence));
      await brought(named("marks").put({ practical_id: practicalId, code, account_id: accountId, value, sequence: Math.max(last + 1, least), state: "here" }));
    });
  },

  /** Where a newer word stands meanwhile, the old reply says nothing of it. */
  async told(practicalId: string, replies: { code: string; sequence: number; refused: boolean }[]): Promise<void> {
    await within(await open(), ["marks"], "readwrite", async (named) => {
      for (const { code, sequence, refused } of replies) {
        const known = await brought<Mark | undefined>(named("marks").get([practicalId, code]));
        if (known?.sequence === sequence) await brought(named("marks").put({ ...known, state: refused ? "refused" : "held" }));
      }
    });
  },
};

export const exhibits = {
  all: () => reading<Exhibit[]>("exhibits", (store) => store.getAll()),
  waiting: async () => (await exhibits.all()).filter(({ state }) => state === "here"),
  of: async (practicalId: string) => (await exhibits.all()).filter((one) => one.practical_id === practicalId),
  put: (one: Exhibit) => writing("exhibits", (store) => store.put(one)),
};
