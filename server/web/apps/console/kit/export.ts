/** Files that a page makes or fetches, and gives to the person (下载). */
import { client } from "../../shared/platform.ts";

/** Hand bytes to the browser as a file. */
export function given(content: Blob, name: string): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(content);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}

/** Fetch a file that needs the access token; `body` where making it is a PUT. */
export async function downloaded(path: string, name: string, body?: unknown): Promise<void> {
  given(await (await client.fetched(path, body)).blob(), name);
}

/** A table as CSV, readable by spreadsheets in China: UTF-8 with its mark. */
export function exported(name: string, heads: string[], rows: (string | number)[][]): void {
  const text = [heads, ...rows].map((row) => row.map(cell).join(",")).join("\r\n");
  given(new Blob(["\ufeff", text, "\r\n"], { type: "text/csv;charset=utf-8" }), `${name}.csv`);
}

/** A cell that begins like a formula is no formula. */
export function cell(value: string | number): string {
  const text = typeof value === "string" && /^[=+\-@\t\r]/.test(value) ? `'${value}` : String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
