/** How long to wait before the next try (重试间隔). */

const LONGEST = 30;

/**
 * Seconds until the next try after `failures` in a row without any reply: 1, 2, 4 … 30, each
 * times a number between 0.5 and 1.5, so that a thousand phones do not come back together.
 */
export function backoff(failures: number, dice: () => number = Math.random): number {
  return Math.min(LONGEST, 2 ** Math.max(0, failures - 1)) * (0.5 + dice());
}

/** Seconds that a reply asks one to wait, by its `Retry-After`; `otherwise` where it does not say. */
export function asked(retryAfter: string | null, otherwise: number): number {
  const seconds = Number(retryAfter);
  return retryAfter !== null && Number.isFinite(seconds) && seconds >= 0 ? seconds : otherwise;
}
