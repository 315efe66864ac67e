/** Moments and days as people write them, in the time of the country (时间). */
import { settings } from "./settings.ts";

const zone = { timeZone: "Asia/Shanghai", hour12: false } as const;

function written(at: string | number, parts: Intl.DateTimeFormatOptions): string {
  const locale = settings.value.language === "zh" ? "zh-CN" : "en-GB";
  return new Intl.DateTimeFormat(locale, { ...zone, ...parts }).format(new Date(at));
}

const yearOf = (at: string | number) => new Date(new Date(at).getTime() + 8 * 3_600_000).getUTCFullYear();

/** A moment, in the time of the country; with its year where it is another than this one. */
export const when = (at: string | number) =>
  written(at, {
    ...(yearOf(at) === yearOf(Date.now()) ? {} : { year: "numeric" }),
    month: settings.value.language === "zh" ? "numeric" : "short",
    day: "numeric",
    hour: "2-digit",
    minute: "2-digit",
  });
export const day = (at: string | number) =>
  written(at, { year: "numeric", month: settings.value.language === "zh" ? "numeric" : "short", day: "numeric" });
export const clockTime = (at: string | number) =>
  written(at, { hour: "2-digit", minute: "2-digit", second: "2-digit" });
