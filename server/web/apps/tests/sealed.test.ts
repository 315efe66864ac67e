import assert from "node:assert/strict";
import { createCipheriv, createHash, randomBytes } from "node:crypto";
import { test } from "node:test";
import { deflateSync } from "node:zlib";
import { isGenuine, keyFrom, open } from "../phone/exam/sealed.ts";

/** Seal as docs/attempt.md says, by Node's own cryptography. */
function sealed(paper: object) {
  const [key, nonce] = [randomBytes(32), randomBytes(12)];
  const cipher = createCipheriv("aes-256-gcm", key, nonce).setAAD(Buffer.from("sealed-paper/1"));
  const text = cipher.update(deflateSync(JSON.stringify(paper)));
  const bytes = new Uint8Array(Buffer.concat([nonce, text, cipher.final(), cipher.getAuthTag()]));
  return { bytes, key: key.toString("base64"), hash: createHash("sha256").update(bytes).digest("hex") };
}

const PAPER = { format: 1, images: [], paper_id: "p", questions: [{ slot: 1, stem: "断电后应当验电" }] };

test("a package is opened with the key of the start", async () => {
  const { bytes, key } = sealed(PAPER);

  assert.deepEqual(await open(bytes, await keyFrom(key)), PAPER);
});

test("another key, or one changed byte, opens nothing", async () => {
  const { bytes, key } = sealed(PAPER);
  const changed = bytes.slice();
  changed[40] = (changed[40] ?? 0) ^ 1;

  await assert.rejects(async () => open(bytes, await keyFrom(sealed(PAPER).key)));
  await assert.rejects(async () => open(changed, await keyFrom(key)));
});

test("the key cannot be read out again", async () => {
  const key = await keyFrom(sealed(PAPER).key);

  assert.equal(key.extractable, false);
  await assert.rejects(() => crypto.subtle.exportKey("raw", key));
});

test("a package that is not what its name says is not kept", async () => {
  const { bytes, hash } = sealed(PAPER);

  assert.equal(await isGenuine(bytes, hash), true);
  assert.equal(await isGenuine(bytes.slice(1), hash), false);
});
