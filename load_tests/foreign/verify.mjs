// Shows credentials and tokens to verifiers from npm, and prints as JSON what they make of them.
// Nothing is fetched: whatever they ask for by its address comes from the file that is given.

import { readFileSync } from "node:fs";
import { Sign1 } from "@auth0/cose";
import { DataIntegrityProof } from "@digitalbazaar/data-integrity";
import { createVerifyCryptosuite } from "@digitalbazaar/eddsa-jcs-2022-cryptosuite";
import { checkStatus, decodeList } from "@digitalbazaar/vc-bitstring-status-list";
import * as vc from "@digitalbazaar/vc";
import { createLocalJWKSet, importJWK, jwtVerify } from "jose";

const given = JSON.parse(readFileSync(process.argv[2], "utf8"));
const methods = new Map(given.did.verificationMethod.map((method) => [method.id, method]));
const keys = given.did.verificationMethod.flatMap((method) => method.publicKeyJwk ?? []);

async function documentLoader(url) {
  if (url === given.did.id) return loaded(url, given.did);
  const method = methods.get(url);
  if (method) return loaded(url, { "@context": "https://w3id.org/security/multikey/v1", ...method });
  const list = given.lists[url];
  if (list) return loaded(url, list);
  throw new Error(`nothing is fetched: ${url}`);
}

function loaded(url, document) {
  return { contextUrl: null, documentUrl: url, document };
}

const suite = new DataIntegrityProof({ cryptosuite: createVerifyCryptosuite() });

async function accepted(check) {
  try {
    return (await check()) ? "accepted" : "refused";
  } catch (error) {
    return `refused: ${error.message}`.slice(0, 200);
  }
}

const keySet = createLocalJWKSet({
  keys: keys.map((jwk) => ({ ...jwk, kid: `${given.did.id}#${jwk.kid}` })),
});
const wanted = { algorithms: ["ES256"], typ: "JWT", issuer: given.did.id };

async function jwt(text) {
  const { payload } = await jwtVerify(text, keySet, wanted);
  for (const entry of payload.credentialStatus) {
    const list = await jwtVerify(given.jwtLists[entry.statusListCredential], keySet, wanted);
    const subject = list.payload.credentialSubject;
    const bits = await decodeList({ encodedList: subject.encodedList });
    if (bits.getStatus(Number(entry.statusListIndex))) throw new Error(entry.statusPurpose);
  }
  return true;
}

async function proof(credential, { status }) {
  const found = await vc.verifyCredential({
    credential, suite, documentLoader,
    checkStatus: status ? withoutMarks : () => ({ verified: true }),
  });
  if (!found.verified) throw new Error(JSON.stringify(found.error?.errors?.map((each) => each.message) ?? found.error?.message ?? found));
  return true;
}

// Their check says whether the lists are genuine; what they say of the credential stands beside it.
async function withoutMarks(options) {
  const found = await checkStatus({ ...options, verifyMatchingIssuers: true });
  const marked = found.results?.some((each) => each.status);
  return marked ? { ...found, verified: false, error: new Error("its status is set") } : found;
}

async function token(text) {
  const raw = base45(text.slice(4));
  for (const jwk of keys) {
    try {
      await Sign1.decode(raw).verify(await importJWK(jwk, "ES256"));
      return true;
    } catch {
      continue;
    }
  }
  throw new Error("no key verifies it");
}

function base45(text) {
  const alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:";
  const bytes = [];
  for (let place = 0; place < text.length; place += 3) {
    const digits = [...text.slice(place, place + 3)].map((letter) => alphabet.indexOf(letter));
    const number = digits.reduceRight((sum, digit) => sum * 45 + digit, 0);
    if (digits.length === 3) bytes.push(number >> 8);
    bytes.push(number & 255);
  }
  return Uint8Array.from(bytes);
}

const results = [];
for (const one of given.certificates) {
  results.push({
    standing: one.standing,
    jose: await accepted(() => jwt(one.jwt)),
    joseMutant: await accepted(() => jwt(one.jwtMutant)),
    digitalbazaar: await accepted(() => proof(one.json, { status: true })),
    digitalbazaarProof: await accepted(() => proof(one.json, { status: false })),
    digitalbazaarMutant: await accepted(() => proof(one.jsonMutant, { status: false })),
    cose: await accepted(() => token(one.token)),
    coseMutant: await accepted(() => token(one.tokenMutant)),
  });
}
console.log(JSON.stringify(results, null, 1));
