/**
 * Carries what is stored to the server, and believes nothing but replies (作答发送).
 *
 * One message at a time. Whatever fails is sent again under the same ids: waiting loses nothing.
 */
import { Client, NoReply, Refused } from "../../shared/api.ts";
import { backoff } from "../../shared/patience.ts";
import type { Running } from "./running.ts";
import { isGenuine, keyFrom, canOpen, type Paper } from "./sealed.ts";
import { attempts, conduct, images, packages, words as stored, type Attempt, type Receipt } from "./storage.ts";
import { settled, unsent, type Verdict, type Word } from "./words.ts";

interface Pulse {
  now: string;
  deadline_at: string;
  next_call_in: number;
  paused_at: string | null;
  epoch: number;
  state: string;
}

interface Started extends Pulse {
  id: string;
  started_at: string;
  package: { hash: string; size: number; opens_with: string } | null;
  order: { slot: number; options: number[] }[];
}

interface Acknowledged extends Pulse {
  entries: Verdict[];
}

/** What counts at the server in one slot. */
interface Held {
  slot: number;
  chosen: number[];
  sequence: number;
  epoch: number;
}

/** Taps of so many milliseconds go together. */
const GATHER_MS = 1_200;

/** How long after its end an attempt is asked about, because it may go on. */
const REOPENED_WITHIN_MS = 30 * 60_000;

/** What holds a start back for now; the server is asked again. */
const WAITS = new Set(["not_yet_open", "awaiting_signal", "room_paused", "doors_not_yet_open", "not_admitted"]);

export class Sender {
  private timer: ReturnType<typeof setTimeout> | undefined;
  private busy = false;
  private again = false;
  private failures = 0;
  private stopped = false;
  private lastSaid = false;
  private readonly wake = () => this.soon(0);
  private readonly cut = () => this.line("offline");
  private readonly seen = () => {
    if (document.visibilityState === "visible") this.soon(0);
  };

  constructor(
    private readonly client: Client,
    private readonly running: Running,
  ) {
    running.onWords = () => this.soon(running.attempt.value.handing_in ? 0 : GATHER_MS);
  }

  start(): void {
    addEventListener("online", this.wake);
    addEventListener("signed-in", this.wake);
    addEventListener("offline", this.cut);
    document.addEventListener("visibilitychange", this.seen);
    this.soon(0);
  }

  stop(): void {
    this.stopped = true;
    clearTimeout(this.timer);
    removeEventListener("online", this.wake);
    removeEventListener("signed-in", this.wake);
    removeEventListener("offline", this.cut);
    document.removeEventListener("visibilitychange", this.seen);
  }

  /** Send in so many milliseconds, or at once after what is being sent. */
  soon(milliseconds: number): void {
    if (this.stopped) return;
    if (this.busy) {
      this.again = true;
      return;
    }
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.step(), milliseconds);
  }

  private async step(): Promise<void> {
    if (this.running.elsewhere.value) return this.soon(2_000);
    this.busy = true;
    let wait: number;
    try {
      wait = await this.once();
      this.failures = 0;
    } catch (failure) {
      wait = this.failed(failure);
    }
    this.busy = false;
    const more = this.again && this.failures === 0;
    this.again = false;
    if (!this.done) this.soon(more ? GATHER_MS : wait * 1000);
  }

  /**
   * Whether there is nothing left to ask: everything is said and the server has ended it. What the
   * platform ended by itself may be opened again by an extension, so it is asked about for a while.
   */
  private get done(): boolean {
    const { running } = this;
    const { state, moved, receipt, handing_in } = running.attempt.value;
    if (running.count.value.here > 0) return false;
    if (moved) return this.lastSaid;
    const final = handing_in || state === "voided" || -(running.left.value ?? 0) > REOPENED_WITHIN_MS;
    return state !== "in_progress" && receipt !== null && final;
  }

  /** Do what is next; return the seconds until it is to be done again. */
  private async once(): Promise<number> {
    const { running } = this;
    if (running.attempt.value.epoch === 0) await this.begin();
    if (running.paper.value === null) await this.fetchPaper();
    const wait = await this.flush();
    this.line("good");
    await this.tellConduct();
    const { handing_in, moved, state } = running.attempt.value;
    if (moved) this.lastSaid = true;
    else if (handing_in && state === "in_progress") await this.submit();
    if (running.attempt.value.state !== "in_progress") await this.fetchReceipt();
    await this.fetchPictures();
    return wait;
  }

  private failed(failure: unknown): number {
    if (failure instanceof NoReply) {
      this.failures += 1;
      this.line("offline");
      return backoff(this.failures);
    }
    if (failure instanceof Refused) return this.refused(failure);
    // A fault of ours or of the phone's storage: what is stored stays, and is tried again.
    console.error(failure);
    return 10;
  }

  private refused(refusal: Refused): number {
    if (refusal.status === 401) {
      this.line("signed_out");
      return 20;
    }
    if (refusal.passing) {
      this.failures += 1;
      return refusal.retryIn ?? backoff(this.failures);
    }
    this.line("good");
    const passing = WAITS.has(refusal.code);
    this.running.obstacle.value = { code: refusal.code, detail: refusal.detail, passing };
    if (refusal.code === "another_device") return this.movedAway();
    return passing ? 4 + 4 * Math.random() : 60;
  }

  /** The attempt goes on with another phone: this one takes no more taps. */
  private movedAway(): number {
    if (this.running.attempt.value.epoch === 0) return 5;
    this.lastSaid = true;
    void this.running.change({ moved: true });
    return 30;
  }

  private get path(): string {
    return `/v1/attempts/${this.running.attempt.value.id}`;
  }

  private async begin(): Promise<void> {
    const { running } = this;
    const sentAt = running.clock.mark();
    const { enrolment_id } = running.attempt.value;
    const reply = await this.client.send<Started>(this.path, { enrolment_id });
    const key = reply.package !== null && canOpen() ? await keyFrom(reply.package.opens_with) : null;
    if (running.attempt.value.adopted) await this.takeHeld(reply.epoch);
    await running.change({
      epoch: reply.epoch,
      order: reply.order,
      started_at: reply.started_at,
      package_hash: reply.package?.hash ?? null,
      key,
    });
    running.obstacle.value = null;
    await this.beat(reply, sentAt);
  }

  /** Take over what the server holds already: of another phone, or of this one before it forgot. */
  private async takeHeld(epoch: number): Promise<void> {
    const { id, sequence } = this.running.attempt.value;
    const { entries } = await this.client.get<{ entries: Held[] }>(`${this.path}/responses`);
    const own = entries.filter((one) => one.epoch === epoch).map((one) => one.sequence);
    // Numbers go on above whatever this phone may have said before it lost its memory.
    await this.running.change({ sequence: Math.max(sequence, 0, ...own) });
    const held = entries
      .filter((one) => !this.running.words.value.has(one.slot))
      .map(({ slot, chosen }): Word => ({
        attempt_id: id,
        slot,
        chosen,
        sequence: 0,
        state: "held",
        late: false,
        code: null,
      }));
    await stored.take(held);
    this.running.show(held);
  }

  private async fetchPaper(): Promise<void> {
    const { running } = this;
    const { package_hash, key } = running.attempt.value;
    if (package_hash !== null && key !== null) {
      if ((await packages.get(package_hash)) === undefined) await keepPackage(this.client, package_hash);
      await running.unseal();
      if (running.paper.value === null) await this.fetchInClear();
    } else if (running.attempt.value.state === "in_progress") {
      await this.fetchInClear();
    }
  }

  /** For browsers that cannot open a package: the same questions, after the start. */
  private async fetchInClear(): Promise<void> {
    const paper = await this.client.get<Paper>(`${this.path}/paper`);
    await this.running.change({ paper: { ...paper, images: paper.images ?? [] } });
    await this.running.unseal();
  }

  /** Send what is not acknowledged; with nothing to say, ask for the time. */
  private async flush(): Promise<number> {
    const { running } = this;
    let reply: Acknowledged;
    do {
      const entries = unsent(running.words.value.values()).map(({ slot, chosen, sequence }) => ({
        slot,
        chosen,
        sequence,
      }));
      const sentAt = running.clock.mark();
      const body = { epoch: running.attempt.value.epoch, entries };
      reply = await this.client.send<Acknowledged>(`${this.path}/responses`, body);
      const changed = settled(running.words.value.values(), reply.entries);
      await stored.settle(changed);
      running.show(changed);
      await this.beat(reply, sentAt);
    } while (unsent(running.words.value.values()).length > 0 && running.attempt.value.handing_in);
    return reply.next_call_in;
  }

  private async submit(): Promise<void> {
    const sentAt = this.running.clock.mark();
    const reply = await this.client.send<Pulse & { submitted_at: string | null }>(
      `${this.path}/submission`,
      {},
    );
    await this.running.change({ submitted_at: reply.submitted_at });
    await this.beat(reply, sentAt);
  }

  private async fetchReceipt(): Promise<void> {
    const { id } = this.running.attempt.value;
    const receipt = await this.client.get<Receipt>(`/v1/attempts/${id}/receipt`);
    await this.running.change({ receipt });
  }

  private async tellConduct(): Promise<void> {
    const { id, epoch, state } = this.running.attempt.value;
    if (state !== "in_progress") return;
    const events = await conduct.of(id);
    if (events.length === 0) return;
    try {
      await this.client.send(`${this.path}/behaviour`, {
        epoch,
        events: events.map(({ attempt_id: _attempt, ...event }) => event),
      });
      await conduct.told(events);
    } catch (failure) {
      // Evidence waits; it never stands in the way of responses.
      if (failure instanceof Refused && !failure.passing) await conduct.told(events);
    }
  }

  /** Pictures never stop an exam: what is missing is tried again with the next message. */
  private async fetchPictures(): Promise<void> {
    for (const hash of this.running.paper.value?.images ?? []) {
      if ((await images.get(hash)) !== undefined) continue;
      try {
        const bytes = new Uint8Array(await this.client.bytes(`/v1/question-images/${hash}`));
        if (!canOpen() || (await isGenuine(bytes, hash))) await images.put(hash, bytes);
      } catch {
        return;
      }
    }
  }

  /** Take what every reply says: the time, the deadline, pauses, whose the attempt is. */
  private async beat(reply: Pulse, sentAt: number): Promise<void> {
    const { running } = this;
    running.clock.hear(reply.now, sentAt);
    const was = running.attempt.value;
    const change: Partial<Attempt> = { time: running.clock.known(Date.now()) };
    if (was.paused_at === null && reply.paused_at !== null) change.left_at_pause = running.left.value;
    if (was.deadline_at !== reply.deadline_at) change.warned = null;
    await running.change({
      ...change,
      deadline_at: reply.deadline_at,
      paused_at: reply.paused_at,
      state: reply.state,
      moved: was.moved || reply.epoch > running.attempt.value.epoch,
    });
    running.heardAt.value = running.clock.now();
    running.tick();
  }

  private line(line: "good" | "offline" | "signed_out"): void {
    const before = this.running.line.value;
    this.running.line.value = line;
    if (before !== line && line === "offline") this.running.note("offline");
    if (before === "offline" && line === "good") this.running.note("online");
  }
}

/** Fetch a sealed package and keep it, if it is what its name says. */
export async function keepPackage(client: Client, hash: string): Promise<void> {
  const sealed = new Uint8Array(await client.bytes(`/v1/packages/${hash}`, true));
  if (canOpen() && !(await isGenuine(sealed, hash))) throw new NoReply("not the package");
  await packages.put(hash, sealed);
}

/** Forget an attempt of this phone for good; only what the server has may be forgotten. */
export async function forget(attempt: Attempt): Promise<boolean> {
  const left = unsent(await stored.of(attempt.id));
  if (left.length > 0 && attempt.state === "in_progress") return false;
  await stored.forget(attempt.id);
  await conduct.forget(attempt.id);
  await attempts.remove(attempt.id);
  return true;
}
