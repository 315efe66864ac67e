/** Opens the sealed paper package (打开加密试卷包): the protocol is in docs/attempt.md. */

export interface Question {
  slot: number;
  section: number;
  kind: "single_choice" | "multiple_choice" | "true_false" | string;
  points: number;
  stem: string;
  options: string[];
  stem_html: string | null;
  options_html: string[] | null;
}

export interface Paper {
  paper_id: string;
  questions: Question[];
  images: string[];
}

const ASSOCIATED = new TextEncoder().encode("sealed-paper/1");

/** Whether this browser can open a package; where not, the paper is fetched in clear. */
export function canOpen(): boolean {
  return globalThis.crypto?.subtle !== undefined && typeof DecompressionStream === "function";
}

/** Whether these bytes are what their name says. */
export async function isGenuine(sealed: Uint8Array<ArrayBuffer>, hash: string): Promise<boolean> {
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", sealed));
  return [...digest].map((byte) => byte.toString(16).padStart(2, "0")).join("") === hash;
}

/** Make the key of a start's reply into one that can open and cannot be read. */
export function keyFrom(base64: string): Promise<CryptoKey> {
  const raw = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
  return crypto.subtle.importKey("raw", raw, "AES-GCM", false, ["decrypt"]);
}

export async function open(sealed: Uint8Array<ArrayBuffer>, key: CryptoKey): Promise<Paper> {
  const packed = await crypto.subtle.decrypt(
    { name: "AES-GCM", iv: sealed.slice(0, 12), additionalData: ASSOCIATED },
    key,
    sealed.slice(12),
  );
  const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream("deflate"));
  return JSON.parse(await new Response(stream).text()) as Paper;
}
