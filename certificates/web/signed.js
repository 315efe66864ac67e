// Messages signed with ES256, and what they are trusted for: certificates, trust list, status list.

import { Malformed, Tagged, decode, toSign } from "./cbor.js";

export const STATUS_LIST = "urn:sc1:status";
const ALLOW_LIST = "urn:sc1:allowed";
const HASH_BYTES = 16;

/** Why something is not believed, by the code the platform's API has for it. */
export class Refused extends Error {
  constructor(code, facts = {}) {
    super(code);
    this.code = code;
    this.facts = facts;
  }
}

const ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:";
const PREFIX = "SC1:";
const LONGEST = 1000;
const UNSEEN = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u;
const DAY = 86_400;
const EIGHT_HOURS = 8 * 3600;
const LARGEST_LIST = 25_000_000;
const keys = new Map();

/** Return what a genuine certificate says; throws Refused with a code of its own otherwise. */
export async function readCertificate(scanned, trust, now, allowed = null) {
  // The signs of the prefix may stand in a token once more by chance: in one of twelve thousand.
  if (!scanned.startsWith(PREFIX) || scanned.length > LONGEST) {
    throw new Refused("not_our_token");
  }
  const message = await parts(base45(scanned.slice(PREFIX.length)), "token_malformed");
  if (message.unprotected.size !== 0 || message.headers.size !== 2 || !isOurs(message.headers)) {
    throw new Refused("token_headers_wrong");
  }
  const claims = certificateClaims(message.payload);
  const entry = await signer(message, trust, claims.issuer, allowed);
  const today = dayOf(now / 1000);
  if (today < entry.not_before || (entry.not_after !== null && today > entry.not_after)) {
    throw new Refused("key_out_of_date", { on: today });
  }
  if (entry.qualifications !== null && !entry.qualifications.includes(claims.qualification)) {
    throw new Refused("out_of_issuer_scope");
  }
  return { ...claims, issuerName: entry.issuer_name };
}

/** Return the trust list, if a pinned root has signed it and no newer one was seen. */
export async function readTrustList(bytes, pins, knownSeq, now) {
  const message = await listMessage(bytes, "application/sc1-trust-list+cwt");
  if (!(await signedByOne(message, pins))) throw new Refused("list_untrusted");
  const list = plain(message.claims.get(-65538));
  checkSeq(list.seq, knownSeq);
  const until = message.claims.get(4);
  if (now / 1000 > until) throw new Refused("list_expired", { until: dayOf(until) });
  if (!list.roots.length || list.trust.format !== "safety-training-trust-list") {
    throw new Refused("list_malformed");
  }
  return { seq: list.seq, roots: list.roots, statusKeys: list.status.keys, keys: list.trust.keys };
}

/** Return the status list, if a key that the trust list names for it has signed it. */
export async function readStatusList(bytes, trust, knownSeq) {
  const message = await listMessage(bytes, "application/statuslist+cwt");
  if (!(await signedByOne(message, trust.statusKeys))) throw new Refused("list_untrusted");
  if (message.claims.get(2) !== STATUS_LIST) throw new Refused("list_of_another");
  const list = message.claims.get(65533);
  const seq = message.claims.get(-65539);
  checkSeq(seq, knownSeq);
  if (list.get("bits") !== 2) throw new Refused("list_malformed");
  const bits = await unfolded(list.get("lst"));
  return { seq, madeAt: message.claims.get(6) * 1000, until: message.claims.get(4) * 1000, bits };
}

/** Return the list of what is believed although its key is not, as its hashes. */
export async function readAllowList(bytes, trust, knownSeq, now) {
  const message = await listMessage(bytes, "application/sc1-allow-list+cwt");
  if (!(await signedByOne(message, trust.statusKeys))) throw new Refused("list_untrusted");
  if (message.claims.get(2) !== ALLOW_LIST) throw new Refused("list_of_another");
  const seq = message.claims.get(-65539);
  checkSeq(seq, knownSeq);
  const until = message.claims.get(4);
  if (now / 1000 > until) throw new Refused("list_expired", { until: dayOf(until) });
  const row = message.claims.get(-65540);
  if (!(row instanceof Uint8Array) || row.length % HASH_BYTES) throw new Refused("list_malformed");
  const hashes = new Set();
  for (let place = 0; place < row.length; place += HASH_BYTES) {
    hashes.add(hex(row.subarray(place, place + HASH_BYTES)));
  }
  return { seq, hashes };
}

/** Return 0 stands, 1 ended, 2 suspended, 3 superseded; null where the list has no such place. */
export function markOf(list, place) {
  const byte = Math.floor(place / 4);
  return byte < list.bits.length ? (list.bits[byte] >> ((place % 4) * 2)) & 3 : null;
}

/** Return the day, eight hours ahead of UTC, to which a moment in seconds belongs. */
export function dayOf(seconds) {
  return new Date((seconds + EIGHT_HOURS) * 1000).toISOString().slice(0, 10);
}

function checkSeq(seq, known) {
  if (!Number.isInteger(seq)) throw new Refused("list_malformed");
  if (seq < known) throw new Refused("list_rolled_back", { known, seq });
}

async function listMessage(bytes, typ) {
  const message = await parts(bytes, "list_malformed");
  const fits = message.headers.size === 3 && isOurs(message.headers) && message.headers.get(16) === typ;
  if (!fits || message.unprotected.size !== 0) throw new Refused("list_malformed");
  message.claims = canonical(message.payload, "list_malformed");
  if (!(message.claims instanceof Map)) throw new Refused("list_malformed");
  return message;
}

async function parts(bytes, code) {
  const message = canonical(bytes, code);
  const found = message instanceof Tagged && message.tag === 18 ? message.value : null;
  if (!Array.isArray(found) || found.length !== 4) throw new Refused(code);
  const [head, unprotected, payload, signature] = found;
  if (![head, payload, signature].every((part) => part instanceof Uint8Array)) throw new Refused(code);
  const headers = canonical(head, code);
  if (!(headers instanceof Map) || !(unprotected instanceof Map)) throw new Refused(code);
  return { headers, unprotected, payload, signature, signed: toSign(head, payload) };
}

// Algorithm and key id are read from the signed header only.
function isOurs(headers) {
  const kid = headers.get(4);
  return headers.get(1) === -7 && kid instanceof Uint8Array && kid.length === 8;
}

function canonical(bytes, code) {
  try {
    return decode(bytes);
  } catch (error) {
    if (error instanceof Malformed) throw new Refused(code);
    throw error;
  }
}

async function signer(message, trust, issuer, allowed) {
  const kid = hex(message.headers.get(4));
  const named = trust.keys.filter((entry) => entry.kid === kid);
  if (!named.length) throw new Refused("key_not_trusted");
  const ofIssuer = named.filter((entry) => entry.issuer === issuer);
  if (!ofIssuer.length) throw new Refused("issuer_mismatch");
  for (const entry of ofIssuer) {
    if (await verifies(entry.jwk, message)) {
      if (entry.state === "compromised" && !(await wasIssued(message.payload, allowed))) {
        throw new Refused("key_compromised");
      }
      return entry;
    }
  }
  throw new Refused("signature_wrong");
}

// What a key had signed before it fell into wrong hands is known by its content.
async function wasIssued(payload, allowed) {
  if (!allowed) return false;
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", payload));
  return allowed.hashes.has(hex(digest.slice(0, HASH_BYTES)));
}

async function signedByOne(message, jwks) {
  const kid = hex(message.headers.get(4));
  for (const jwk of jwks) {
    if (jwk.kid === kid && (await verifies(jwk, message))) return true;
  }
  return false;
}

async function verifies(jwk, message) {
  const name = `${jwk.x}.${jwk.y}`;
  const algorithm = { name: "ECDSA", namedCurve: "P-256" };
  if (!keys.has(name)) {
    const bare = { kty: "EC", crv: "P-256", x: jwk.x, y: jwk.y };
    keys.set(name, await crypto.subtle.importKey("jwk", bare, algorithm, false, ["verify"]));
  }
  const how = { name: "ECDSA", hash: "SHA-256" };
  return crypto.subtle.verify(how, keys.get(name), message.signature, message.signed);
}

function certificateClaims(payload) {
  const claims = canonical(payload, "token_malformed");
  try {
    return checkedClaims(claims);
  } catch (error) {
    if (error instanceof TypeError) throw new Refused("token_claims_wrong");
    throw error;
  }
}

function checkedClaims(claims) {
  const certificate = claims.get(-65537);
  const status = claims.get(65535).get("status_list");
  const sizes = [claims.size, certificate.size, claims.get(65535).size, status.size];
  const found = {
    issuer: shownText(claims.get(1), 32),
    serial: shownText(certificate.get(1), 32),
    holder: shownText(certificate.get(2), 40),
    document: shownText(certificate.get(3), 32),
    qualification: shownText(certificate.get(4), 64),
    from: wholeDay(claims.get(5)),
    until: wholeDay(claims.get(4) - DAY),
    place: status.get("idx"),
    list: shownText(status.get("uri"), 48),
  };
  const whole = Number.isInteger(found.place) && found.place >= 0 && found.list.startsWith("urn:");
  if (sizes.join() !== "5,4,1,2" || !whole || found.from > found.until) {
    throw new Refused("token_claims_wrong");
  }
  return found;
}

// A text is what it looks like: no control, no direction mark, no lone half of a character.
function shownText(value, longest) {
  const fits = typeof value === "string" && value.length > 0 && [...value].length <= longest;
  if (!fits || UNSEEN.test(value)) throw new Refused("token_claims_wrong");
  return value;
}

function wholeDay(seconds) {
  if (!Number.isInteger(seconds) || (seconds + EIGHT_HOURS) % DAY !== 0) {
    throw new Refused("token_claims_wrong");
  }
  return dayOf(seconds);
}

function base45(text) {
  if (text.length % 3 === 1) throw new Refused("token_malformed");
  const bytes = [];
  for (let place = 0; place < text.length; place += 3) {
    const digits = [...text.slice(place, place + 3)].map((letter) => ALPHABET.indexOf(letter));
    const number = digits.reduceRight((sum, digit) => sum * 45 + digit, 0);
    if (digits.includes(-1) || number > (digits.length === 3 ? 0xffff : 0xff)) {
      throw new Refused("token_malformed");
    }
    if (digits.length === 3) bytes.push(number >> 8);
    bytes.push(number & 255);
  }
  return Uint8Array.from(bytes);
}

function plain(value) {
  if (value instanceof Map) {
    return Object.fromEntries([...value].map(([key, each]) => [key, plain(each)]));
  }
  return Array.isArray(value) ? value.map(plain) : value;
}

async function unfolded(folded) {
  try {
    const stream = new Blob([folded]).stream().pipeThrough(new DecompressionStream("deflate"));
    const bits = new Uint8Array(await new Response(stream).arrayBuffer());
    if (bits.length > LARGEST_LIST) throw new Refused("list_malformed");
    return bits;
  } catch (error) {
    throw error instanceof Refused ? error : new Refused("list_malformed");
  }
}

function hex(bytes) {
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
