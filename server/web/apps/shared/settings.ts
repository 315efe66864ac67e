/** How this phone shows things: language, size of type, light or dark (设置). */
import { signal, effect } from "@preact/signals";

export type Language = "zh" | "en";
export type Theme = "auto" | "light" | "dark";

interface Settings {
  language: Language;
  /** 0 is the ordinary size, 1 and 2 are larger. */
  size: 0 | 1 | 2;
  theme: Theme;
}

const NAME = "safety-settings";

function stored(): Settings {
  // Chinese first: who reads English says so, by the browser or in the settings.
  const language = navigator.language.startsWith("en") ? "en" : "zh";
  const usual: Settings = { language, size: 0, theme: "auto" };
  try {
    return { ...usual, ...(JSON.parse(localStorage.getItem(NAME) ?? "{}") as Partial<Settings>) };
  } catch {
    return usual;
  }
}

export const settings = signal<Settings>(stored());

export function set(change: Partial<Settings>): void {
  settings.value = { ...settings.value, ...change };
  try {
    localStorage.setItem(NAME, JSON.stringify(settings.value));
  } catch {
    // Full or forbidden: the choice then holds until the page is closed.
  }
}

/** Say it in the language chosen. */
export function t(zh: string, en: string): string {
  return settings.value.language === "zh" ? zh : en;
}

/** The field of a bilingual thing in the language chosen: `title_zh` or `title_en`. */
export function told<T extends object>(thing: T, name: string): string {
  const field = `${name}_${settings.value.language}`;
  return String((thing as Record<string, unknown>)[field] ?? "");
}

/** What the system asks for, where one follows it. */
const system = matchMedia("(prefers-color-scheme: dark)");
const dark = signal(system.matches);
system.addEventListener("change", () => (dark.value = system.matches));

effect(() => {
  const { language, size, theme } = settings.value;
  const root = document.documentElement;
  root.lang = language === "zh" ? "zh-CN" : "en";
  root.dataset["size"] = String(size);
  root.dataset["theme"] = theme === "auto" ? (dark.value ? "dark" : "light") : theme;
});
