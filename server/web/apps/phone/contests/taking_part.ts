/** One's place in a contest: the same on every phone, its token in memory only (参赛身份). */
import { Refused } from "../../shared/api.ts";
import { idOf, newId } from "../../shared/ids.ts";
import { kept } from "../../shared/storage.ts";
import { client, me } from "../platform.ts";

export interface Round {
  id: string;
  number: number;
  kind: "practice" | "qualifying" | "final";
  opens_at: string;
  closes_at: string;
  question_count: number;
  seconds: number;
  pause_seconds: number;
  advancing_places: number | null;
  released_at: string | null;
}

export interface Contest {
  id: string;
  name: string;
  organisation_name: string;
  notice: string;
  notice_version: number;
  entry_mode: "open" | "invited";
  base_points: number;
  speed_points: number;
  merit_places: number;
  joins_from: string;
  joins_until: string;
  rounds: Round[];
}

export interface Entry {
  id: string;
  round_id: string;
  points: number;
  correct_count: number;
  elapsed_ms: number;
  finished_at: string | null;
  place: number | null;
  disqualified_because: string | null;
}

export interface Question {
  slot: number;
  slot_count: number;
  kind: string;
  stem: string;
  stem_html: string | null;
  options: { label: string; text: string; html?: string | null }[];
  seconds: number;
  opened_at?: string;
}

export interface ShownEntry {
  entry: Entry;
  question: Question | null;
  place: number | null;
  now: string;
}

export interface Participation {
  id: string;
  masked_name: string;
  entries: Entry[];
}

/** What somebody said who joined; sent again, it only brings the token back. */
export interface Joining {
  notice_version: number;
  region_id: string;
  device_id: string;
  guardian_agrees: boolean;
  invitation: string | null;
}

const tokens = new Map<string, string>();
const nameOf = (contest: string) => `reply:contest:${me.value?.account_id}:${contest}`;

interface Kept {
  id: string;
  joining: Joining;
}

/** Join, or find one's place again. The id follows from account and contest, so no phone loses it. */
export async function join(contest: string, joining: Joining, known?: string): Promise<string> {
  const id = known ?? (await idOf(`${me.value?.account_id}/${contest}`));
  try {
    const { token } = await client.send<{ token: string }>(`/v1/me/contests/${contest}/participants/${id}`, joining);
    await kept.put(nameOf(contest), { id, joining } satisfies Kept);
    tokens.set(contest, token);
    return token;
  } catch (refusal) {
    // Whoever left is forgotten under the first id, and joins under another.
    if (known === undefined && refusal instanceof Refused && refusal.code === "id_taken") return join(contest, joining, newId());
    throw refusal;
  }
}

/** The token of one's place; null for who has not joined on this phone. */
export async function tokenOf(contest: string): Promise<string | null> {
  const known = tokens.get(contest);
  if (known !== undefined) return known;
  const before = await kept.get<Kept>(nameOf(contest));
  return before === undefined ? null : join(contest, before.joining, before.id);
}

export async function forget(contest: string): Promise<void> {
  tokens.delete(contest);
  await kept.remove(nameOf(contest));
}
