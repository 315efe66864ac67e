/** Sends what invigilators and examiners said, whenever there is a network (考务离线补传). */
import { signal } from "@preact/signals";
import { NoReply } from "../../shared/api.ts";
import { alone } from "../../shared/locks.ts";
import { backoff } from "../../shared/patience.ts";
import { kept } from "../../shared/storage.ts";
import { client, me, sentence } from "../platform.ts";
import { doors, exhibits, marks, type Exhibit, type Mark, type Said } from "./storage.ts";

export interface Outbox {
  /** Words that only this phone has. */
  here: number;
  /** Why the last try brought nothing; null where it did. */
  failure: string | null;
  offline: boolean;
}

export const outbox = signal<Outbox>({ here: 0, failure: null, offline: false });
/** Counts what the server took, so that pages look again. */
export const arrivals = signal(0);

/** Most words of one batch; the server takes as many. */
const MOST = 500;

let failures = 0;
let timer: ReturnType<typeof setTimeout> | undefined;
let running: Promise<void> | null = null;
let again = false;

/** Something was stored, or the network is back: send, unless it is being sent already. */
export function poke(): void {
  if (running !== null) {
    again = true;
    return;
  }
  clearTimeout(timer);
  running = alone("duty", sendAll)
    .catch(() => undefined)
    .finally(() => {
      running = null;
      if (again) {
        again = false;
        poke();
      }
    });
}

/** How much only this phone knows, of whoever signed in on it. */
async function unsent(): Promise<number> {
  const waiting = await Promise.all([doors.waiting(), marks.waiting(), exhibits.waiting()]);
  return waiting.reduce((sum, all) => sum + all.length, 0);
}

async function sendAll(): Promise<void> {
  const mine = me.value?.account_id;
  let failure: string | null = null;
  let offline = false;
  for (const send of await batches(mine)) {
    try {
      await send();
      arrivals.value += 1;
    } catch (refusal) {
      failure = sentence(refusal);
      offline = refusal instanceof NoReply;
      if (offline) break;
    }
  }
  const here = await unsent();
  outbox.value = { here, failure, offline };
  if (failure === null) failures = 0;
  else if (here > 0) {
    failures += 1;
    timer = setTimeout(poke, 1000 * backoff(failures));
  }
}

async function batches(mine: string | undefined): Promise<(() => Promise<void>)[]> {
  const own = <T extends { account_id: string }>(all: T[]) => all.filter(({ account_id }) => account_id === mine);
  const [said, given, pictures] = [own(await doors.waiting()), own(await marks.waiting()), own(await exhibits.waiting())];
  return [
    ...grouped(said, (one) => `${one.sitting_id}/rooms/${one.room_id}`).map(([place, batch]) => () => sendDoor(place, batch)),
    ...grouped(given, (one) => one.practical_id).map(([practical, batch]) => () => sendMarks(practical, batch)),
    ...pictures.map((one) => () => sendExhibit(one)),
  ];
}

function grouped<T>(of: T[], by: (one: T) => string): [string, T[]][] {
  const groups = new Map<string, T[]>();
  for (const one of of) groups.set(by(one), [...(groups.get(by(one)) ?? []), one]);
  return [...groups].map(([name, all]) => [name, all.slice(0, MOST)]);
}

async function sendDoor(place: string, batch: Said[]): Promise<void> {
  const { entries } = await client.send<{ entries: { id: string; verdict: string }[] }>(`/v1/sittings/${place}/check-ins`, {
    device_id: await kept.get<string>("device"),
    entries: batch.map(({ id, enrolment_id, act, sequence, happened_at, note }) => ({ id, enrolment_id, act, sequence, happened_at, note })),
  });
  await doors.told(entries);
}

async function sendMarks(practical: string, batch: Mark[]): Promise<void> {
  const { entries } = await client.send<{ entries: { code: string; sequence: number; verdict: string }[] }>(`/v1/practicals/${practical}/scores`, {
    entries: batch.map(({ code, sequence, value }) => ({ code, sequence, value })),
  });
  await marks.told(practical, entries.map(({ code, sequence, verdict }) => ({ code, sequence, refused: verdict === "refused" })));
}

async function sendExhibit(one: Exhibit): Promise<void> {
  await client.upload(`/v1/practicals/${one.practical_id}/exhibits/${one.hash}?kind=photo`, one.content);
  await exhibits.put({ ...one, state: "held" });
}

/** Begin to send, and go on whenever the network or the sign-in comes back. */
export function keepSending(): void {
  addEventListener("online", poke);
  addEventListener("signed-in", poke);
  poke();
}
