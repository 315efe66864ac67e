// Gate mode: scan fifty people one after another, and see at once who is a problem.

import { check, element, ready } from "./page.js";

const MOST = 50;
const form = document.querySelector("form[data-gate]");
const rows = document.querySelector("[data-rows]");
const counts = document.querySelector("[data-counts]");
const seen = new Map();
let scanned = 0;
let problems = 0;

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  const field = form.elements.namedItem("token");
  const tokens = field.value.split(/\r?\n/).map((each) => each.trim()).filter(Boolean);
  field.value = "";
  field.focus();
  await ready;
  for (const token of tokens) await take(token);
});

document.querySelector("[data-only-problems]").addEventListener("change", (event) => {
  rows.classList.toggle("only-problems", event.target.checked);
});

document.querySelector("[data-begin-anew]").addEventListener("click", () => {
  seen.clear();
  scanned = problems = 0;
  rows.replaceChildren();
  count();
});

async function take(token) {
  if (scanned >= MOST) return;
  const found = await check(token);
  const serial = found.claims?.serial ?? token;
  const before = seen.get(serial);
  scanned += 1;
  seen.set(serial, scanned);
  const level = before ? "bad" : found.level;
  if (level !== "good") problems += 1;
  rows.prepend(row(found, level, before));
  count();
}

function row(found, level, before) {
  const who = found.claims ? `${found.claims.holder} ${found.claims.document}` : "—";
  const why = before
    ? [`重复扫描：与第 ${before} 人相同`, `the same as number ${before}`]
    : reason(found);
  const small = element("small", "", why[1]);
  small.lang = "en";
  return element("li", level, element("b", "", `${scanned}. ${who}`), element("span", "", why[0], " ", small));
}

function reason(found) {
  const lines = Object.values(found.lines);
  const worst = lines.find((line) => line.level === found.level && found.level !== "good");
  return worst ? [worst.zh, worst.en] : ["证书有效", "the certificate stands"];
}

function count() {
  counts.textContent = `已扫 ${scanned} 人，问题 ${problems} 人 · ${scanned} scanned, ${problems} problems`
    + (scanned >= MOST ? `（已满 ${MOST} 人，请重新开始 · full, begin anew）` : "");
}
count();
