// Gate mode: scan fifty people one after another, and see at once who is a problem. A device that is
// registered to a site also says who may enter there today, and reports whom it scanned.

import { offer } from "./camera.js";
import { Device } from "./device.js";
import { element } from "./elements.js";
import { check, ready } from "./page.js";

const MOST = 50;
const MINUTE = 60_000;
const device = new Device();
const find = (name) => document.querySelector(`[data-${name}]`);
const form = document.querySelector("form[data-gate]");
const rows = find("rows");
const seen = new Map();
const reported = new Map();
const bad = new Set();
let scanned = 0;

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  const field = form.elements.namedItem("token");
  const tokens = field.value.split(/\r?\n/).map((each) => each.trim()).filter(Boolean);
  field.value = "";
  field.focus();
  await ready;
  for (const token of tokens) await take(token);
});

document.querySelector("form[data-register]").addEventListener("submit", async (event) => {
  event.preventDefault();
  const field = event.target.elements.namedItem("key");
  const known = await device.register(field.value);
  field.value = "";
  find("registered").textContent = known ? "已登记 · registered" : "密钥无效或没有网络 · not accepted, or no network";
  showSite();
});

find("leave").addEventListener("click", () => {
  device.leave();
  showSite();
});

find("only-problems").addEventListener("change", (event) => {
  rows.classList.toggle("only-problems", event.target.checked);
});

find("begin-anew").addEventListener("click", () => {
  seen.clear();
  bad.clear();
  scanned = 0;
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
  const said = before ? { level: "bad", zh: `重复扫描：与第 ${before} 人相同`, en: `the same as number ${before}` } : judged(found);
  if (said.level !== "good") bad.add(scanned);
  const shown = row(found, said);
  rows.prepend(shown);
  if (device.isRegistered && !before) reported.set(device.note(token), { shown, number: scanned });
  count();
}

// The code first: a roster says nothing of who shows one that is not genuine or does not stand.
function judged(found) {
  const worst = Object.values(found.lines).find((line) => line.level === found.level);
  if (found.level === "bad" || !device.isRegistered) {
    return found.level === "good" ? { level: "good", zh: "证书有效", en: "the certificate stands" } : worst;
  }
  const site = device.verdict(found.claims?.serial);
  if (site.level !== "good" || found.level === "good") return site;
  return { level: found.level, zh: `${site.zh}；${worst.zh}`, en: `${site.en}; ${worst.en}` };
}

function row(found, said) {
  const who = found.claims ? `${found.claims.holder} ${found.claims.document}` : "—";
  return element("li", said.level, element("b", "", `${scanned}. ${who}`), sentence(said));
}

function sentence(said) {
  const small = element("small", "", said.en);
  small.lang = "en";
  return element("span", "", said.zh, " ", small);
}

function count() {
  find("counts").textContent = `已扫 ${scanned} 人，问题 ${bad.size} 人 · ${scanned} scanned, ${bad.size} problems`
    + (scanned >= MOST ? `（已满 ${MOST} 人，请重新开始 · full, begin anew）` : "");
}

function showSite() {
  find("site").hidden = !device.isRegistered;
  if (!device.isRegistered) return;
  const { site, device: name, mark, on, made_at: madeAt, items } = device.roster;
  find("site-name").textContent = site;
  find("device-name").textContent = name;
  find("mark").style.setProperty("--hue", mark.hue);
  find("mark").querySelector("b").textContent = mark.word;
  const time = new Date(madeAt).toLocaleTimeString("zh-CN", { timeZone: "Asia/Shanghai", hour12: false });
  find("roster-age").textContent = `名册 ${items.length} 人，${on} ${time} 取得 · roster of ${items.length}`;
}

// What the platform knows and this device did not is shown beside the person.
async function report() {
  await device.refresh();
  showSite();
  if (!device.isRegistered) return;
  for (const answer of await device.report()) {
    const known = reported.get(answer.id);
    reported.delete(answer.id);
    if (!known || answer.may_enter || known.shown.className === "bad") continue;
    known.shown.className = "bad";
    bad.add(known.number);
    known.shown.append(sentence({ zh: `平台判定：${answer.message.zh}`, en: answer.message.en }));
  }
  const left = device.waiting.length;
  find("reported").textContent = left ? `${left} 条查验待上报 · ${left} scans wait to be reported` : "查验已上报 · all scans are reported";
  count();
}

showSite();
count();
offer(find("camera"), async (text) => {
  await ready;
  await take(text);
});
ready.then(report);
addEventListener("online", report);
setInterval(report, MINUTE);
