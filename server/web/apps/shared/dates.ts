/** Moments and days as people write them, in the time of the country (时间). */
import { settings } from "./settings.ts";

const zone = { timeZone: "Asia/Shanghai", hour12: false } as const;

/** In Chinese as the days of records are written, 2026-06-15, so that one page has one way of it. */
function written(at: string | number, parts: Intl.DateTimeFormatOptions): string {
  const chinese = settings.value.language === "zh";
  const text = new Intl.DateTimeFormat(chinese ? "zh-CN" : "en-GB", { ...zone, ...parts }).format(new Date(at));
  return chinese ? text.replaceAll("/", "-") : text;
}

/** A day of the year in the words of the language. */
const within = (): Intl.DateTimeFormatOptions =>
  settings.value.language === "zh" ? { month: "2-digit", day: "2-digit" } : { month: "short", day: "numeric" };

const yearOf = (at: string | number) => new Date(new Date(at).getTime() + 8 * 3_600_000).getUTCFullYear();

/** A moment, in the time of the country; with its year where it is another than this one. */
export const when = (at: string | number) =>
  written(at, {
    ...(yearOf(at) === yearOf(Date.now()) ? {} : { year: "numeric" }),
    ...within(),
    hour: "2-digit",
    minute: "2-digit",
  });
export const day = (at: string | number) =>
  written(at, { year: "numeric", ...within() });
export const clockTime = (at: string | number) =>
  written(at, { hour: "2-digit", minute: "2-digit", second: "2-digit" });
