/** Moments and days as people write them, in the time of the country (时间). */
import { settings } from "./settings.ts";

const zone = { timeZone: "Asia/Shanghai", hour12: false } as const;

function written(at: string | number, parts: Intl.DateTimeFormatOptions): string {
  const locale = settings.value.language === "zh" ? "zh-CN" : "en-GB";
  return new Intl.DateTimeFormat(locale, { ...zone, ...parts }).format(new Date(at));
}

/** A moment, in the time of the country. */
export const when = (at: string | number) =>
  written(at, { month: "numeric", day: "numeric", hour: "2-digit", minute: "2-digit" });
export const day = (at: string | number) =>
  written(at, { year: "numeric", month: settings.value.language === "zh" ? "numeric" : "short", day: "numeric" });
export const clockTime = (at: string | number) =>
  written(at, { hour: "2-digit", minute: "2-digit", second: "2-digit" });
