// The Ping'an card on the holder's phone: fetched with a network, shown without one, honest of its age.

import { both, element } from "./elements.js";

const CARD = "sc1.card";
const DEVICE = "sc1.card.device";
const HOUR = 3_600_000;
const EIGHT_HOURS = 8 * HOUR;
const find = (name) => document.querySelector(`[data-${name}]`);
const form = find("sign-in");
// In this page only: whoever finds the phone finds the card, not the account.
let token = null;

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  const field = (name) => form.elements.namedItem(name);
  const body = {
    sign_in_name: field("name").value, password: field("password").value,
    device_id: deviceId(), device_name: "平安卡",
  };
  field("password").value = "";
  const reply = await ask("/v1/sign-in", { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) });
  const told = await reply?.json();
  token = reply?.ok ? told.access_token : null;
  find("refused").textContent = reply?.ok ? "" : told?.detail ?? "没有网络 · no network";
  if (token) await renew();
});

find("renew").addEventListener("click", () => (token ? renew() : showForm()));
find("forget").addEventListener("click", () => {
  localStorage.removeItem(CARD);
  token = null;
  show();
});

/** Fetch the card as it is now; without a network what is held stays, with its age. */
async function renew() {
  const reply = await ask("/v1/me/card", { headers: { Authorization: `Bearer ${token}` } });
  if (reply?.ok) localStorage.setItem(CARD, await reply.text());
  else if (reply) return showForm();
  show();
}

async function ask(address, how) {
  try {
    return await fetch(address, { credentials: "omit", ...how });
  } catch {
    return null;
  }
}

function deviceId() {
  const known = localStorage.getItem(DEVICE) ?? crypto.randomUUID();
  localStorage.setItem(DEVICE, known);
  return known;
}

function showForm() {
  token = null;
  form.hidden = false;
  form.elements.namedItem("name").focus();
}

function show() {
  const card = JSON.parse(localStorage.getItem(CARD) ?? "null");
  form.hidden = card !== null;
  find("keep").hidden = card === null;
  find("card").replaceChildren(...(card ? [pass(card)] : []));
}

/** What the card is worth now: a verdict holds for its day alone, by a clock that does not lie. */
export function ageOf(card, now = Date.now()) {
  const today = new Date(now + EIGHT_HOURS).toISOString().slice(0, 10);
  const hours = Math.floor((now - Date.parse(card.made_at)) / HOUR);
  if (now < Date.parse(card.made_at) - 5 * 60_000) {
    return { level: "bad", isToday: false, zh: "手机时钟早于取卡时间，判定不作数", en: "the phone's clock is behind the card: no verdict" };
  }
  if (card.on !== today) {
    return { level: "bad", isToday: false, zh: `这是 ${card.on} 的判定，今日未知，请联网更新`, en: `the verdict is of ${card.on}; today is unknown: renew it` };
  }
  return { level: hours < 4 ? "good" : "warn", isToday: true, zh: `今日 ${hours} 小时前取得`, en: `fetched today, ${hours} h ago` };
}

function pass(card) {
  const age = ageOf(card);
  const box = element("section", "pass");
  for (const site of card.sites) box.append(moving(site, age.isToday));
  box.append(head(card), element("p", `age ${age.level}`, ...both(age.zh, age.en)), sites(card, age), held(card));
  return box;
}

// What stands still is a picture: stripes and word wander, the second hand runs.
function moving(site, isToday) {
  const band = element("div", isToday ? "moving" : "moving stale", element("b", "", isToday ? site.mark.word : "过期"), element("time", ""));
  band.style.setProperty("--hue", site.mark.hue);
  return band;
}

function head(card) {
  const photo = card.photo ? element("img", "") : element("span", "none", "无照片");
  if (card.photo) {
    photo.src = `data:image/jpeg;base64,${card.photo}`;
    photo.alt = "照片";
  }
  return element("div", "head", photo, element("div", "", element("b", "", card.name_masked), card.document_masked));
}

function sites(card, age) {
  const box = element("div", "sites");
  if (!card.sites.length) box.append(element("p", "verdict bad", ...both("今日没有在岗的工地", "no post at any site today")));
  for (const site of card.sites) {
    const known = [["bad", "不得上岗", "may not work"], ["good", "今日可以上岗", "may work today"]][Number(site.may_work)];
    const [level, zh, en] = age.isToday || !site.may_work ? known : ["warn", "今日判定未知", "today is unknown"];
    box.append(element("p", `verdict ${level}`, site.name, element("br"), ...both(zh, en)));
    const reasons = site.verdicts.flatMap((verdict) => verdict.reasons);
    const lines = reasons.map((each) => element("li", "", ...both(`${each.message.zh}；${each.remedy.zh}`, `${each.message.en}: ${each.remedy.en}`)));
    if (lines.length) box.append(element("ul", "why", ...lines));
  }
  return box;
}

function held(card) {
  return element("ul", "held", ...card.certificates.map((each) => {
    const code = element("img", "");
    code.src = `data:image/svg+xml;utf8,${encodeURIComponent(each.code_svg)}`;
    code.alt = "二维码";
    return element("li", "", element("b", "", each.allows_zh), " ", ...both(`${each.title_zh} · ${each.status_zh} · 至 ${each.valid_until}`, each.allows_en), code);
  }));
}

function tick() {
  const now = new Date().toLocaleTimeString("zh-CN", { timeZone: "Asia/Shanghai", hour12: false });
  for (const each of document.querySelectorAll(".moving time")) each.textContent = now;
}

navigator.serviceWorker?.register("/verify/worker.js", { scope: "/verify" });
show();
tick();
setInterval(tick, 1000);
setInterval(show, 60_000);
document.querySelector("main").dataset.ready = "yes";
