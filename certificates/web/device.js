// A device at the gate of a site: what it holds offline of who may enter today, and what it has scanned
// and not reported yet. Nothing is asked because somebody is scanned; reports follow by themselves.

import { dayOf } from "./signed.js";

const KEY = "sc1.gate.key";
const ROSTER = "sc1.gate.roster";
const WAITING = "sc1.gate.waiting";
const AT_ONCE = 50;

export class Device {
  constructor(kept = localStorage) {
    this.kept = kept;
    this.key = kept.getItem(KEY);
    this.roster = JSON.parse(kept.getItem(ROSTER) ?? "null");
    this.waiting = JSON.parse(kept.getItem(WAITING) ?? "[]");
  }

  get isRegistered() {
    return Boolean(this.key && this.roster);
  }

  /** Take a key that the platform knows; returns whether it does. */
  async register(key) {
    this.key = key.trim();
    const known = await this.refresh();
    if (known) this.kept.setItem(KEY, this.key);
    else this.leave();
    return known;
  }

  /** Fetch who may enter today; without a network what is held stays. */
  async refresh() {
    if (!this.key) return false;
    const reply = await this.ask("/v1/gate/roster", { method: "GET" });
    if (reply?.status === 401) this.leave(); // retired: it holds nothing any more
    if (!reply?.ok) return false;
    this.roster = await reply.json();
    this.kept.setItem(ROSTER, JSON.stringify(this.roster));
    return true;
  }

  /** Return what the roster says of whoever holds a serial: good only on the day it was made for. */
  verdict(serial, now = Date.now()) {
    const today = dayOf(now / 1000);
    const person = this.roster.items.find((each) => each.serials.includes(serial));
    if (!person) return { level: "bad", zh: "不在本工地在岗名册", en: "holds no post at this site" };
    if (this.roster.on !== today) {
      return {
        level: person.may_enter ? "warn" : "bad",
        zh: `名册为 ${this.roster.on} 的，今日判定未知`, en: `the roster is of ${this.roster.on}: unknown today`,
      };
    }
    if (person.may_enter) return { level: "good", zh: "今日可以进入", en: "may enter today" };
    return {
      level: "bad",
      zh: person.reasons.map((each) => each.zh).join("；"),
      en: person.reasons.map((each) => each.en).join("; "),
    };
  }

  /** Keep a scan until it is reported; returns the id it is reported under. */
  note(token, now = Date.now()) {
    const id = crypto.randomUUID();
    this.waiting.push({ id, token: token.slice(0, 2000), scanned_at: new Date(now).toISOString() });
    this.keepWaiting();
    return id;
  }

  /** Report what waits, fifty at a time; returns the platform's answers, what is unsent stays. */
  async report() {
    const answers = [];
    while (this.key && this.waiting.length) {
      const some = this.waiting.slice(0, AT_ONCE);
      const body = JSON.stringify({ scans: some });
      const headers = { "Content-Type": "application/json" };
      const reply = await this.ask("/v1/gate/scans", { method: "PUT", headers, body });
      if (!reply?.ok) break;
      answers.push(...(await reply.json()).items);
      const sent = new Set(some.map((each) => each.id));
      this.waiting = this.waiting.filter((each) => !sent.has(each.id));
      this.keepWaiting();
    }
    return answers;
  }

  leave() {
    this.key = this.roster = null;
    for (const name of [KEY, ROSTER]) this.kept.removeItem(name);
  }

  keepWaiting() {
    this.kept.setItem(WAITING, JSON.stringify(this.waiting));
  }

  async ask(address, how) {
    try {
      const headers = { ...how.headers, "X-Gate-Key": this.key };
      return await fetch(address, { ...how, headers, credentials: "omit" });
    } catch {
      return null;
    }
  }
}
