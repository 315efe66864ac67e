import assert from "node:assert/strict";
import { test } from "node:test";
import { holds, orderOf, sorted, written, type Column } from "../console/kit/rows.ts";

interface Row {
  name: string;
  count: number;
  at: string;
  state: string;
}

const ROWS: Row[] = [
  { name: "安装", count: 1204, at: "2026-02-01", state: "open" },
  { name: "备案", count: 999, at: "2025-12-31", state: "closed" },
  { name: "测试", count: 30, at: "2026-10-01", state: "open" },
];

const COLUMNS: Column<Row>[] = [
  { head: ["名称", "Name"], show: ({ name }) => name },
  { head: ["人数", "People"], show: ({ count }) => count.toLocaleString("en-GB"), number: true },
  { head: ["时间", "When"], show: ({ at }) => `${at.slice(5)} !`, sort: ({ at }) => at },
  { head: ["状态", "State"], show: () => null, text: ({ state }) => (state === "open" ? "启用" : "停用") },
  { head: ["图", "Picture"], show: () => null },
];

const counts = (at: number, down = false) => sorted(COLUMNS, ROWS, { at, down }).map(({ count }) => count);

test("figures are sorted by what they say, moments by when they are, names as people look them up", () => {
  assert.deepEqual(counts(1), [30, 999, 1204]);
  assert.deepEqual(counts(1, true), [1204, 999, 30]);
  assert.deepEqual(counts(2), [999, 1204, 30]);
  assert.deepEqual(counts(0), [1204, 999, 30]);
});

test("what is shown by a sign is sorted, found and written by its word", () => {
  assert.deepEqual(counts(3), [1204, 30, 999]);
  assert.deepEqual(ROWS.filter((row) => holds(COLUMNS, row, "停用")).map(({ count }) => count), [999]);
  assert.equal(written(COLUMNS[3]!, ROWS[0]!), "启用");
});

test("what is only to be seen is not sorted, and nothing is lost by it", () => {
  assert.equal(orderOf(COLUMNS[4], ROWS), undefined);
  assert.deepEqual(counts(4), [1204, 999, 30]);
  assert.deepEqual(sorted(COLUMNS, ROWS, null), ROWS);
});
