/** The server's time, carried on by a clock that nobody can set (服务器时间). */

/** What the phone last knew of the server's time. It is stored, so that it outlives the page. */
export interface KnownTime {
  /** The server's clock, in milliseconds since 1970. */
  server: number;
  /** The phone's own clock at that moment: only ever a last resort, see `resumed`. */
  wall: number;
}

/** Milliseconds that nobody can set; they begin anew with each page. */
export type Ticks = () => number;

/** Carries the server's clock on between replies. */
export class SteadyClock {
  private origin: { server: number; ticks: number } | null = null;
  /** False until a reply has come since the page was opened: then the time is an estimate. */
  confirmed = false;

  constructor(private readonly ticks: Ticks = () => performance.now()) {}

  /**
   * Take the server's `now` from a reply.
   *
   * The reply was on its way for some of the time between `sentAt` and now. Half of it is the
   * best guess, and no guess of ours is off by more than that half.
   */
  hear(now: string, sentAt: number): void {
    const gotAt = this.ticks();
    this.origin = { server: Date.parse(now) + (gotAt - sentAt) / 2, ticks: gotAt };
    this.confirmed = true;
  }

  /**
   * Go on from what was stored by a page that is gone.
   *
   * How long the page was gone only the phone's own clock says, and anybody can set that. So time
   * is never let run backwards by it, and the result stays an estimate until the server speaks.
   */
  resume(known: KnownTime, wall: number): void {
    if (this.origin !== null) return;
    const gone = Math.max(0, wall - known.wall);
    this.origin = { server: known.server + gone, ticks: this.ticks() };
  }

  /** The server's time, in milliseconds since 1970; null before anything is known of it. */
  now(): number | null {
    return this.origin === null ? null : this.origin.server + (this.ticks() - this.origin.ticks);
  }

  /** What is to be stored now. */
  known(wall: number): KnownTime | null {
    const server = this.now();
    return server === null ? null : { server, wall };
  }

  mark(): number {
    return this.ticks();
  }
}

/** Minutes before the end at which the candidate is told, the longest first. */
export const WARNINGS = [30, 10, 5, 1] as const;

/** Return the warning that fell due between two looks at the remaining time, or null. */
export function warningBetween(before: number, after: number): number | null {
  const due = WARNINGS.filter((minutes) => before > minutes * 60_000 && after <= minutes * 60_000);
  return due.length === 0 ? null : Math.min(...due);
}

/** Spell a remaining time: `1:02:03`, `02:03`; never below zero. */
export function spelled(milliseconds: number): string {
  const seconds = Math.max(0, Math.ceil(milliseconds / 1000));
  const two = (value: number) => String(value).padStart(2, "0");
  const rest = `${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
  return seconds >= 3600 ? `${Math.floor(seconds / 3600)}:${rest}` : rest;
}
