/** Where one is in the console: the address after `#`, with what a list was asked for (页面地址). */
import { signal } from "@preact/signals";

export interface Place {
  /** `#/bank/questions/12?state=draft` is `["bank", "questions", "12"]`. */
  path: string[];
  asked: URLSearchParams;
}

function read(): Place {
  const [path = "", asked = ""] = location.hash.replace(/^#\/?/, "").split("?");
  return { path: path.split("/").filter(Boolean).map(decodeURIComponent), asked: new URLSearchParams(asked) };
}

export const place = signal<Place>(read());

addEventListener("hashchange", () => {
  const before = place.value.path.join("/");
  place.value = read();
  if (before !== place.value.path.join("/")) scrollTo(0, 0);
});

export function go(path: string): void {
  location.hash = path;
}

/** Ask the list on this page for something else; an empty value asks for nothing. */
export function ask(change: Record<string, string>): void {
  const asked = new URLSearchParams(place.value.asked);
  for (const [name, value] of Object.entries(change)) {
    if (value === "") asked.delete(name);
    else asked.set(name, value);
  }
  const words = asked.toString();
  const path = place.value.path.map(encodeURIComponent).join("/");
  location.replace(`#/${path}${words === "" ? "" : `?${words}`}`);
}
