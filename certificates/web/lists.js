// The signed lists that this device holds. They are fetched when the page opens and every quarter of
// an hour, never because somebody is scanned.

import { readAllowList, readStatusList, readTrustList } from "./signed.js";

const TRUST = "sc1.trust";
const STATUS = "sc1.status";
const ALLOWED = "sc1.allowed";
const PINS = "sc1.pins";
const ADDRESSES = [
  [TRUST, "/v1/signed-trust-list"],
  [STATUS, "/v1/status-list"],
  [ALLOWED, "/v1/allow-list"], // there is none while no key was ever compromised
];

export class Lists {
  constructor(pins, kept = localStorage) {
    this.kept = kept;
    this.pins = JSON.parse(kept.getItem(PINS) ?? "null") ?? pins;
    this.trust = null;
    this.status = null;
    this.allowed = null;
    this.refusals = [];
  }

  /** Believe what was kept, with the checks it had when it came. */
  async open(now = Date.now()) {
    await this.take(TRUST, fromText(this.kept.getItem(TRUST)), now);
    await this.take(STATUS, fromText(this.kept.getItem(STATUS)), now);
    await this.take(ALLOWED, fromText(this.kept.getItem(ALLOWED)), now);
  }

  /** Fetch newer lists; without a network what is held stays. */
  async refresh(now = Date.now()) {
    this.refusals = [];
    for (const [name, address] of ADDRESSES) {
      try {
        const reply = await fetch(address, { credentials: "omit" });
        if (reply.ok) await this.take(name, new Uint8Array(await reply.arrayBuffer()), now);
      } catch (error) {
        this.refusals.push(error.code ?? "offline");
      }
    }
  }

  async take(name, bytes, now) {
    if (!bytes) return;
    if (name === TRUST) {
      const list = await readTrustList(bytes, this.pins, this.trust?.seq ?? this.seen(TRUST), now);
      this.trust = list;
      this.pins = list.roots;
      this.kept.setItem(PINS, JSON.stringify(list.roots));
    } else if (!this.trust) {
      return;
    } else if (name === STATUS) {
      this.status = await readStatusList(bytes, this.trust, this.status?.seq ?? this.seen(STATUS));
    } else {
      this.allowed = await readAllowList(bytes, this.trust, this.allowed?.seq ?? this.seen(ALLOWED), now);
    }
    this.keep(name, bytes, { [TRUST]: this.trust, [STATUS]: this.status, [ALLOWED]: this.allowed }[name].seq);
  }

  seen(name) {
    return Number(this.kept.getItem(`${name}.seq`) ?? 0);
  }

  keep(name, bytes, seq) {
    this.kept.setItem(name, toText(bytes));
    this.kept.setItem(`${name}.seq`, String(seq));
  }
}

function toText(bytes) {
  let text = "";
  for (const byte of bytes) text += String.fromCharCode(byte);
  return btoa(text);
}

function fromText(text) {
  return text ? Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0)) : null;
}
