/** One page at a time, across all pages of this app on this device (同时只有一个页面). */

/** Run `act` while no other page runs one of the same name; without locks, just run it. */
export function alone<T>(name: string, act: () => Promise<T>): Promise<T> {
  if (!("locks" in navigator)) return act();
  return navigator.locks.request(`safety:${name}`, act) as Promise<T>;
}

/**
 * Hold a name for as long as this page lives.
 *
 * Says whether it was free. `take` takes it away from the page that holds it; `onLost` is called
 * in that page, which then writes no more.
 */
export function hold(
  name: string,
  { take, onLost }: { take: boolean; onLost: () => void },
): Promise<{ held: boolean; release: () => void }> {
  if (!("locks" in navigator)) return Promise.resolve({ held: true, release: () => undefined });
  return new Promise((resolve) => {
    let released = false;
    const kept = (lock: Lock | null): Promise<void> | void => {
      if (lock === null) return resolve({ held: false, release: () => undefined });
      return new Promise<void>((finish) => {
        const release = () => {
          released = true;
          finish();
        };
        resolve({ held: true, release });
      });
    };
    const options = take ? { steal: true } : { ifAvailable: true };
    navigator.locks
      .request(`safety:${name}`, options, kept)
      .catch(() => (released ? undefined : onLost()));
  });
}
