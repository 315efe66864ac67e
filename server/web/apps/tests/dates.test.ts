import assert from "node:assert/strict";
import { test } from "node:test";

// The settings are those of a browser: as much of one as they ask for.
const browser = {
  navigator: { language: "zh-CN" },
  document: { documentElement: { dataset: {} } },
  matchMedia: () => ({ matches: false, addEventListener: () => undefined }),
};
for (const [name, value] of Object.entries(browser)) {
  Object.defineProperty(globalThis, name, { value, configurable: true });
}
const { day, when } = await import("../shared/dates.ts");
const { settings } = await import("../shared/settings.ts");

const LATE = "2020-06-04T16:05:00+00:00";

test("a moment's day is written as the days of records are, in the time of the country", () => {
  settings.value = { ...settings.value, language: "zh" };

  assert.equal(day(LATE), "2020-06-05");
  assert.equal(when(LATE), "2020-06-05 00:05");
});

test("in English the month is a word", () => {
  settings.value = { ...settings.value, language: "en" };

  assert.equal(day(LATE), "5 Jun 2020");
});
