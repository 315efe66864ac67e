/** Ids that a client makes, also where the page is not in a secure context (编号). */

export function newId(): string {
  if (typeof crypto.randomUUID === "function") return crypto.randomUUID();
  return written(crypto.getRandomValues(new Uint8Array(16)));
}

/** The same id for the same words, on every device; a new one where the page may not digest. */
export async function idOf(words: string): Promise<string> {
  if (crypto.subtle === undefined) return newId();
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(words));
  return written(new Uint8Array(digest, 0, 16));
}

function written(bytes: Uint8Array): string {
  bytes[6] = (bytes[6]! & 0x0f) | 0x40;
  bytes[8] = (bytes[8]! & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}
