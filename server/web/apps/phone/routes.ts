/** Which page is shown: the part of the address after `#` (页面地址). */
import { signal } from "@preact/signals";

const read = () => location.hash.replace(/^#\/?/, "").split("/").filter(Boolean);

/** The parts of the address: `#/exams/1234` is `["exams", "1234"]`. */
export const route = signal<string[]>(read());

addEventListener("hashchange", () => {
  route.value = read();
  scrollTo(0, 0);
});

export function go(path: string): void {
  location.hash = path;
}

/** Go there without leaving the present page to the back button. */
export function instead(path: string): void {
  location.replace(`#${path}`);
}
