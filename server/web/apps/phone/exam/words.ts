/**
 * What the candidate said, and what of it is with the server (作答与确认).
 *
 * One word for each slot, the newest: the server holds the newest, too, so an older one that was
 * never sent would only be ignored. A word is with the server when a reply has named its sequence
 * with `accepted` or `ignored`, and not before.
 */

export interface Word {
  attempt_id: string;
  slot: number;
  /** Option numbers of the form; empty: cleared. */
  chosen: number[];
  sequence: number;
  state: "here" | "held" | "refused";
  /** Kept by the server, but it came after the end and does not count by itself. */
  late: boolean;
  /** Why it was refused or is late. */
  code: string | null;
}

export interface Verdict {
  slot: number | null;
  sequence: number | null;
  verdict: "accepted" | "ignored" | "refused";
  code: string | null;
  late: boolean;
}

/** Most entries that one message may carry. */
export const MOST_ENTRIES = 500;

/** Words that are to be sent, the oldest first. */
export function unsent(words: Iterable<Word>): Word[] {
  return [...words]
    .filter((word) => word.state === "here")
    .sort((one, other) => one.sequence - other.sequence)
    .slice(0, MOST_ENTRIES);
}

/** Return the words that a reply changes, as they are from now on. */
export function settled(words: Iterable<Word>, verdicts: readonly Verdict[]): Word[] {
  const named = new Map(verdicts.map((one) => [`${one.slot}/${one.sequence}`, one]));
  const changed: Word[] = [];
  for (const word of words) {
    const verdict = named.get(`${word.slot}/${word.sequence}`);
    if (verdict === undefined || word.state === "held") continue;
    changed.push({
      ...word,
      state: verdict.verdict === "refused" ? "refused" : "held",
      late: verdict.late,
      code: verdict.code,
    });
  }
  return changed;
}

export interface Count {
  /** Slots with a response that is not empty. */
  answered: number;
  /** Words that the server has. */
  held: number;
  /** Words that are on this phone only. */
  here: number;
  /** Words that the server will not take: a fault of the program. */
  refused: number;
  late: number;
}

export function counted(words: Iterable<Word>): Count {
  const count: Count = { answered: 0, held: 0, here: 0, refused: 0, late: 0 };
  for (const word of words) {
    if (word.chosen.length > 0) count.answered += 1;
    count[word.state] += 1;
    if (word.late) count.late += 1;
  }
  return count;
}

/** What a tap on an option makes of a choice: one of many, or as many as one likes. */
export function tapped(kind: string, chosen: readonly number[], option: number): number[] {
  if (kind !== "multiple_choice") return [option];
  const kept = chosen.filter((one) => one !== option);
  return kept.length < chosen.length ? kept : [...chosen, option].sort((a, b) => a - b);
}
