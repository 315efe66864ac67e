// The verification page: a certificate is checked on this device, also without a network.

import { both, element } from "./elements.js";
import { Lists } from "./lists.js";
import { judge } from "./verdict.js";

const QUARTER = 15 * 60_000;
const VERDICTS = {
  good: ["有效", "valid"],
  warn: ["不能确认", "cannot be confirmed"],
  bad: ["无效", "not valid"],
};
const LINES = { signature: ["签名", "Signature"], dates: ["有效期", "Dates"], status: ["状态名单", "Status list"] };

const main = document.querySelector("main");
const said = JSON.parse(document.getElementById("verifier").textContent);
const lists = new Lists(said.pins);

/** Show what was found, in Chinese first. */
export function shown(found) {
  const box = element("section", "found");
  box.append(element("p", `verdict ${found.level}`, ...both(...VERDICTS[found.level])));
  const lines = element("dl", "facts lines");
  for (const [name, title] of Object.entries(LINES)) {
    const line = found.lines[name];
    const told = element("dd", line.level, ...both(line.zh, line.en));
    told.dataset.line = name;
    lines.append(element("dt", "", ...both(...title)), told);
  }
  box.append(lines);
  if (found.claims) box.append(facts(found.claims));
  return box;
}

function facts(claims) {
  const rows = [
    ["姓名", "Name", claims.holder],
    ["证件号码", "Document", claims.document],
    ["资格", "Qualification", said.qualifications[claims.qualification] ?? claims.qualification],
    ["序列号", "Serial", claims.serial],
  ];
  const list = element("dl", "facts");
  for (const [zh, en, value] of rows) list.append(element("dt", "", ...both(zh, en)), element("dd", "", value));
  const check = element("p", "notice", "请核对本人身份证件：姓名和证件号码首尾应与上面一致。",
    element("br"), ...both("", "Compare with the holder's identity document."));
  return element("div", "", list, check);
}

function showLists() {
  const place = main.querySelector("[data-lists]");
  const words = lists.trust
    ? [`信任名单第 ${lists.trust.seq} 号，状态名单${lists.status ? `第 ${lists.status.seq} 号` : "：无"}`,
      `trust list ${lists.trust.seq}, status list ${lists.status?.seq ?? "none"}`]
    : ["本机尚无信任名单：请联网打开一次", "no trust list yet: open this page once with a network"];
  if (lists.refusals.some((code) => code.startsWith("list_"))) {
    words[0] += "；收到的新名单未通过检查";
    words[1] += "; a newer list was refused";
  }
  place.replaceChildren(...both(...words));
}

async function prepare() {
  try {
    await lists.open();
  } catch {
    // What was kept is no longer believed: a list is fetched anew.
  }
  showLists();
  await lists.refresh();
  showLists();
  main.dataset.ready = "yes";
}

export async function check(scanned) {
  return judge(scanned, lists, said.sentences);
}

const form = document.querySelector("form[data-verify]");
form?.addEventListener("submit", async (event) => {
  event.preventDefault();
  const field = form.elements.namedItem("token");
  const place = document.querySelector("[data-result]");
  place.replaceChildren(shown(await check(field.value)));
  field.value = "";
  field.focus();
});

navigator.serviceWorker?.register("/verify/worker.js", { scope: "/verify" });
addEventListener("online", () => lists.refresh().then(showLists));
setInterval(() => lists.refresh().then(showLists), QUARTER);
export const ready = prepare();
