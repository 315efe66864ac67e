// What is said of a scanned certificate: signature, dates and status list, each for itself.

import { Refused, STATUS_LIST, dayOf, markOf, readCertificate } from "./signed.js";

const HOUR = 3_600_000;
const MARKS = [
  null,
  ["已撤销、注销或作废", "revoked, cancelled or voided"],
  ["已暂扣", "suspended"],
  ["已补换新证或未按期复审", "replaced, or its review was missed"],
];

/** Return three lines and one verdict: good, warn or bad. Only a fresh list makes it good. */
export async function judge(scanned, lists, sentences, now = Date.now()) {
  if (!lists.trust) return onlySignature("warn", "no_trust_list", sentences);
  let claims;
  try {
    claims = await readCertificate(scanned.trim(), lists.trust, now, lists.allowed);
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    return onlySignature("bad", error.code, sentences, error.facts);
  }
  const signature = signatureOf(claims);
  const dates = datesOf(claims, dayOf(now / 1000));
  const status = statusOf(claims, lists.status, now);
  const worst = ["bad", "warn", "good"].find((level) =>
    [signature, dates, status].some((each) => each.level === level));
  return { level: worst, claims, code: null, lines: { signature, dates, status } };
}

function onlySignature(level, code, sentences, facts = {}) {
  const [zh, en] = (sentences[code] ?? sentences.token_malformed).map((sentence) =>
    sentence.replace(/\{(\w+)\}/g, (_, name) => facts[name] ?? ""));
  const unknown = line("warn", "未检查", "not checked");
  return { level, claims: null, code, lines: { signature: line(level, zh, en), dates: unknown, status: unknown } };
}

// Letters of two alphabets that look the same make another name of it: a person must look twice.
function signatureOf(claims) {
  const said = [`真实，${claims.issuerName}`, `genuine, ${claims.issuer}`];
  const alphabets = [/\p{Script=Latin}/u, /\p{Script=Cyrillic}/u, /\p{Script=Greek}/u];
  if (alphabets.filter((each) => each.test(claims.holder)).length < 2) return line("good", ...said);
  return line("warn", `${said[0]}；姓名混用外观相同的字母，请核对证件`,
    `${said[1]}; the name mixes letters that look alike, compare the document`);
}

function datesOf(claims, today) {
  const span = [`${claims.from} 至 ${claims.until}`, `${claims.from} to ${claims.until}`];
  if (today < claims.from) return line("bad", `尚未生效（${span[0]}）`, `not valid yet (${span[1]})`);
  if (today > claims.until) return line("bad", `已过期（${span[0]}）`, `expired (${span[1]})`);
  return line("good", `在有效期内（${span[0]}）`, `within its dates (${span[1]})`);
}

function statusOf(claims, list, now) {
  const unknown = ["签名真实，状态未知", "signature genuine, standing unknown"];
  if (!list) return line("warn", `${unknown[0]}：本机没有名单`, `${unknown[1]}: no list on this device`);
  const hours = Math.floor((now - list.madeAt) / HOUR);
  const age = hours < 48 ? [`名单 ${hours} 小时前`, `list ${hours} h old`]
    : [`名单 ${Math.floor(hours / 24)} 天前`, `list ${Math.floor(hours / 24)} days old`];
  const mark = claims.list === STATUS_LIST ? markOf(list, claims.place) : null;
  if (mark) return line("bad", `${MARKS[mark][0]}（${age[0]}）`, `${MARKS[mark][1]} (${age[1]})`);
  if (now < list.madeAt - 5 * 60_000) {
    return line("warn", `${unknown[0]}：本机时钟早于名单`, `${unknown[1]}: the clock is behind the list`);
  }
  if (now > list.until || now - list.madeAt > 7 * 24 * HOUR || mark === null) {
    return line("warn", `${unknown[0]}（${age[0]}）`, `${unknown[1]} (${age[1]})`);
  }
  const level = now - list.madeAt <= 24 * HOUR ? "good" : "warn";
  return line(level, `未列入失效名单（${age[0]}）`, `not on the list (${age[1]})`);
}

function line(level, zh, en) {
  return { level, zh, en };
}
