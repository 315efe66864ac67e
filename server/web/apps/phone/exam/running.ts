/**
 * An attempt that goes on (正在进行的考试): stores first, sends when it can, believes only replies.
 *
 * Nothing here waits for the network before it lets the candidate go on. The loop in `sending.ts`
 * carries to the server what is stored; this file is what the screen reads and what taps do.
 */
import { computed, signal } from "@preact/signals";
import { hold } from "../../shared/locks.ts";
import { SteadyClock, warningBetween } from "../../shared/steady_clock.ts";
import { images, packages, attempts, conduct, words as stored, type Attempt } from "./storage.ts";
import { canOpen, open, type Paper, type Question } from "./sealed.ts";
import { counted, tapped, type Word } from "./words.ts";

/** What stands between this phone and the server. */
export type Line = "unknown" | "good" | "offline" | "signed_out";

/** A question as this candidate sees it. */
export interface Shown extends Question {
  /** The form's option numbers, in the order shown. */
  numbers: number[];
}

export class Running {
  readonly attempt = signal<Attempt>(null as unknown as Attempt);
  readonly words = signal<ReadonlyMap<number, Word>>(new Map());
  readonly paper = signal<Paper | null>(null);
  readonly line = signal<Line>("unknown");
  /** What the start waits for, or what refuses it: a code and a sentence. */
  readonly obstacle = signal<{ code: string; detail: string; passing: boolean } | null>(null);
  /** Milliseconds left, by the server's clock; null while nothing is known. */
  readonly left = signal<number | null>(null);
  /** Whether the time is an estimate, because the server has not spoken to this page yet. */
  readonly estimated = signal(true);
  /** Whether another window of this phone writes. */
  readonly elsewhere = signal(false);
  /** The server's time of the last reply, for “as of 10:42:07”. */
  readonly heardAt = signal<number | null>(null);
  /** The warning to be told now, in minutes. */
  readonly warning = signal<number | null>(null);
  /** Storing failed: nothing may be tapped that would be lost. */
  readonly broken = signal(false);

  readonly count = computed(() => counted(this.words.value.values()));
  readonly questions = computed(() => shown(this.paper.value, this.attempt.value));
  /** Whether taps are taken. */
  readonly writable = computed(() => {
    const attempt = this.attempt.value;
    return (
      attempt.state === "in_progress" &&
      !attempt.handing_in &&
      !attempt.moved &&
      !this.elsewhere.value &&
      !this.broken.value &&
      !this.timeIsUp.value
    );
  });
  /** Only the server's own word ends the time; an estimate never does. */
  readonly timeIsUp = computed(() => !this.estimated.value && this.left.value !== null && this.left.value <= 0);

  readonly clock = new SteadyClock();
  /** Wakes the loop that sends. */
  onWords: () => void = () => undefined;

  private turn: Promise<void> = Promise.resolve();
  private release: () => void = () => undefined;
  private shownSince = performance.now();

  private constructor(attempt: Attempt) {
    this.attempt.value = attempt;
  }

  /** Take an attempt up as it was stored. */
  static async of(id: string, accountId: string): Promise<Running | null> {
    const attempt = await attempts.get(id);
    // Two people may have signed in on one phone: neither sees the other's exam.
    if (attempt?.account_id !== accountId) return null;
    const running = new Running(attempt);
    const known = await stored.of(id);
    running.words.value = new Map(known.map((word) => [word.slot, word]));
    if (attempt.time !== null) running.clock.resume(attempt.time, Date.now());
    await running.claim(false);
    await running.unseal();
    running.tick();
    return running;
  }

  /** Become the window that writes; `take` takes it from another. */
  async claim(take: boolean): Promise<void> {
    const onLost = () => {
      this.elsewhere.value = true;
    };
    const name = `attempt:${this.attempt.value.id}`;
    let found = await hold(name, { take, onLost });
    // A page that was just closed or reloaded lets go a moment later.
    for (let tries = 0; !found.held && tries < 6; tries += 1) {
      await new Promise((done) => setTimeout(done, 250));
      found = await hold(name, { take, onLost });
    }
    this.elsewhere.value = !found.held;
    this.release = found.release;
    if (take) await this.reread();
  }

  /** Let go, because the screen is left. */
  leave(): void {
    this.release();
  }

  /** Open the paper, if it is here and its key is. */
  async unseal(): Promise<void> {
    const { paper, key, package_hash } = this.attempt.value;
    if (paper !== null) this.paper.value = paper;
    else if (key !== null && package_hash !== null && canOpen()) {
      const sealed = await packages.get(package_hash);
      // What cannot be opened is as good as missing: the sender then asks for the paper in clear.
      if (sealed !== undefined) this.paper.value = await open(sealed, key).catch(() => null);
    }
  }

  /** Choose an option: on the disk first, then on the screen, then to the server. */
  async tap(question: Shown, option: number): Promise<void> {
    await this.inTurn(() => {
      const before = this.words.value.get(question.slot)?.chosen ?? [];
      const chosen = tapped(question.kind, before, option);
      const same = chosen.length === before.length && chosen.every((one) => before.includes(one));
      return same ? Promise.resolve() : this.say(question.slot, chosen);
    });
  }

  async clear(question: Shown): Promise<void> {
    await this.inTurn(() => this.say(question.slot, []));
  }

  /** One tap after the other, so that the second knows what the first made. */
  private inTurn(act: () => Promise<void>): Promise<void> {
    this.turn = this.turn.then(() => (this.writable.value ? act() : undefined));
    return this.turn;
  }

  private async say(slot: number, chosen: number[]): Promise<void> {
    let word: Word;
    try {
      word = await stored.say(this.attempt.value.id, slot, chosen);
    } catch {
      this.broken.value = true;
      return;
    }
    this.show([word]);
    const lasted = Math.round(performance.now() - this.shownSince);
    this.note("answered", { slot, lasted_ms: Math.min(lasted, 86_400_000) });
    this.onWords();
  }

  /** Show words as they are stored now; a newer one is never overwritten by an older. */
  show(changed: readonly Word[]): void {
    const next = new Map(this.words.value);
    for (const word of changed) {
      const known = next.get(word.slot);
      if (known === undefined || known.sequence <= word.sequence) next.set(word.slot, word);
    }
    this.words.value = next;
  }

  async mark(slot: number): Promise<void> {
    const { marked } = this.attempt.value;
    await this.change({
      marked: marked.includes(slot) ? marked.filter((one) => one !== slot) : [...marked, slot],
    });
  }

  async go(place: number): Promise<void> {
    this.shownSince = performance.now();
    await this.change({ place });
  }

  /** Hand in: a wish that is stored, whatever the network does. */
  async handIn(): Promise<void> {
    await this.change({ handing_in: true });
    this.onWords();
  }

  /** Write down what was done beside answering: evidence for people, without any consequence. */
  note(kind: string, more: { slot?: number; lasted_ms?: number } = {}): void {
    const { started_at, id, state } = this.attempt.value;
    const now = this.clock.now();
    if (started_at === null || now === null || state !== "in_progress") return;
    const at_ms = Math.min(86_400_000, Math.max(0, Math.round(now - Date.parse(started_at))));
    conduct.note(id, { kind, at_ms, ...more }).catch(() => undefined);
  }

  async change(change: Partial<Attempt>): Promise<void> {
    this.attempt.value = { ...this.attempt.value, ...change };
    await attempts.change(this.attempt.value.id, change);
  }

  /** Look at the clock: once a second, and after each reply. */
  tick(): void {
    const { deadline_at, paused_at, left_at_pause } = this.attempt.value;
    const now = this.clock.now();
    if (deadline_at === null || now === null) return;
    this.estimated.value = !this.clock.confirmed;
    const left = paused_at !== null ? left_at_pause : Date.parse(deadline_at) - now;
    if (left === null) return;
    const before = this.left.value;
    this.left.value = left;
    const due = before === null ? null : warningBetween(before, left);
    if (due !== null && this.attempt.value.warned !== due) this.warn(due);
  }

  private warn(minutes: number): void {
    this.warning.value = minutes;
    void this.change({ warned: minutes });
  }

  /** Fetch a picture of the paper from the phone, by the hash that is its name. */
  picture(hash: string): Promise<Uint8Array<ArrayBuffer> | undefined> {
    return images.get(hash);
  }

  private async reread(): Promise<void> {
    const id = this.attempt.value.id;
    const [attempt, known] = await Promise.all([attempts.get(id), stored.of(id)]);
    if (attempt !== undefined) this.attempt.value = attempt;
    this.words.value = new Map(known.map((word) => [word.slot, word]));
  }
}

function shown(paper: Paper | null, attempt: Attempt): Shown[] {
  if (paper === null) return [];
  const bySlot = new Map(paper.questions.map((question) => [question.slot, question]));
  return attempt.order.flatMap((place) => {
    const question = bySlot.get(place.slot);
    return question === undefined ? [] : [{ ...question, numbers: place.options }];
  });
}
