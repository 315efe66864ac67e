/** Words in both languages, and small ways of writing things (文字). */
import { settings, t } from "../../shared/settings.ts";

/** Chinese first, English second. */
export type Two = readonly [zh: string, en: string];

/** A value as programs know it, and its words. */
export type Words = Record<string, Two>;

export const say = (words: Two): string => t(words[0], words[1]);

/** The word for a value of an enumeration; a value that is newer than this console shows as it is. */
export const word = (words: Words, value: string | null | undefined): string =>
  value === null || value === undefined ? "—" : words[value] === undefined ? value : say(words[value]);

export const count = (number: number | null | undefined): string =>
  number === null || number === undefined
    ? "—"
    : new Intl.NumberFormat(settings.value.language === "zh" ? "zh-CN" : "en-GB").format(number);

/** A share as percent with one place, cut and not rounded: nearly everybody is not everybody. */
export const percent = (share: number | string | null | undefined): string =>
  share === null || share === undefined ? "—" : `${(Math.floor(Number(share) * 1000) / 10).toFixed(1)} %`;

/** The beginning of an id, for people who compare. */
export const short = (id: string): string => id.slice(0, 8);

/** Put the number and its noun together, with the English plural. */
export const counted = (number: number, zh: string, one: string, many: string): string =>
  t(`${count(number)} ${zh}`, `${count(number)} ${number === 1 ? one : many}`);
