/**
 * Speaks to /v1 (接口客户端).
 *
 * The access token lives in this module's memory and nowhere else. The refresh token is a cookie
 * that no script can read and that goes to /v1/refresh alone: see docs/phone.md.
 */
import { newId } from "./ids.ts";
import { asked } from "./patience.ts";

/** There was no reply: no network, or none within the time allowed. Nothing is known. */
export class NoReply extends Error {}

/** The server refused; `code` is stable, `detail` is a sentence for people. */
export class Refused extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    readonly detail: string,
    readonly facts: Record<string, unknown>,
    /** Seconds after which to come back, where the server named a time. */
    readonly retryIn: number | null,
    /** What is wrong with each field, where the refusal is about fields. */
    readonly errors: Record<string, string[]> = {},
  ) {
    super(`${status} ${code}`);
  }

  /** Whether the same message may be sent again later: nothing was decided about it. */
  get passing(): boolean {
    return this.status >= 500 || this.status === 429 || this.code === "conflict";
  }
}

export interface Tokens {
  account_id: string;
  person_id: string;
  sid: string;
  access_token: string;
  now: string;
}

/** What a client needs of the place it runs in. */
export interface Surroundings {
  deviceId: () => Promise<string>;
  language: () => string;
  fetch: typeof fetch;
  /** Runs one after the other, across all pages of this app. */
  alone: <T>(name: string, act: () => Promise<T>) => Promise<T>;
}

/** No reply within this time is no reply. */
const PATIENCE_MS = 15_000;

/** Files are carried and read for longer. */
const PATIENCE_WITH_FILES_MS = 180_000;

interface Wanted {
  method?: string;
  body?: unknown;
  /** A file as it is, instead of a body. */
  file?: Blob;
  /** Instead of the `fetch` of the surroundings. */
  carry?: typeof fetch;
  /** Asked without an account. */
  open?: boolean;
  /** Asked with a token that is no account's, such as a participant's in a contest. */
  token?: string;
  signal?: AbortSignal;
}

export class Client {
  private accessToken: string | null = null;
  private refreshing: Promise<void> | null = null;
  /** Called when this device is signed out for good: the refresh token is no longer taken. */
  onSignedOut: () => void = () => undefined;
  /** Called with every token reply. */
  onTokens: (tokens: Tokens) => void = () => undefined;

  constructor(private readonly here: Surroundings) {}

  async signIn(name: string, password: string, newPassword: string | null): Promise<Tokens> {
    const tokens = await this.plain<Tokens>("/v1/sign-in", {
      method: "POST",
      open: true,
      body: {
        sign_in_name: name,
        password,
        ...(newPassword === null ? {} : { new_password: newPassword }),
        device_id: await this.here.deviceId(),
        device_name: deviceName(),
        refresh_in_cookie: true,
      },
    });
    this.keep(tokens);
    return tokens;
  }

  /** Where to go to sign in at another place; it sends back with a refresh cookie for this device. */
  async outside(providerId: string, page: "app" | "console"): Promise<string> {
    const body = { provider_id: providerId, device_id: await this.here.deviceId(), device_name: deviceName(), page };
    const wanted = { method: "PUT", open: true, body };
    return (await this.plain<{ authorization_url: string }>(`/v1/outside-sign-ins/${newId()}`, wanted)).authorization_url;
  }

  /** Sign this device out; the access token is forgotten whatever the server says. */
  async signOut(): Promise<void> {
    try {
      await this.send("/v1/me/sign-out");
    } finally {
      this.accessToken = null;
    }
  }

  get<T>(path: string, signal?: AbortSignal): Promise<T> {
    return this.ask<T>(path, signal === undefined ? {} : { signal });
  }

  /** PUT: what creates or moves, harmless to repeat. */
  send<T>(path: string, body?: unknown): Promise<T> {
    return this.ask<T>(path, body === undefined ? { method: "PUT" } : { method: "PUT", body });
  }

  /** POST: what only asks, and changes nothing. */
  look<T>(path: string, body: unknown): Promise<T> {
    return this.ask<T>(path, { method: "POST", body });
  }

  /** PUT a file as it is; the reply is JSON, or bytes where a file comes back. `carry` may tell how far it is. */
  async upload(path: string, file: Blob, carry?: typeof fetch): Promise<Response> {
    return this.withToken(() => this.reply(path, { method: "PUT", file, ...(carry === undefined ? {} : { carry }) }));
  }

  /** Whatever comes back, with its headers: for files to be downloaded. */
  fetched(path: string, body?: unknown): Promise<Response> {
    const wanted = body === undefined ? {} : { method: "PUT", body };
    return this.withToken(() => this.reply(path, wanted));
  }

  remove<T>(path: string): Promise<T> {
    return this.ask<T>(path, { method: "DELETE" });
  }

  open<T>(path: string): Promise<T> {
    return this.plain<T>(path, { open: true });
  }

  /** Ask with a token that is no account's, and speaks for a few addresses only. */
  spoken<T>(token: string, path: string, method: "GET" | "PUT" = "GET", body?: unknown): Promise<T> {
    return this.plain<T>(path, { open: true, token, method, ...(body === undefined ? {} : { body }) });
  }

  async bytes(path: string, open = false): Promise<Uint8Array> {
    const reply = open
      ? await this.reply(path, { open: true })
      : await this.withToken((): Promise<Response> => this.reply(path, {}));
    return new Uint8Array(await body(() => reply.arrayBuffer()));
  }

  /** Every item of a list that comes in pages. */
  async all<T>(path: string): Promise<T[]> {
    const items: T[] = [];
    let cursor: string | null = null;
    do {
      const joint: string = path.includes("?") ? "&" : "?";
      const page: { items: T[]; next_cursor?: string | null } = await this.get(
        cursor === null ? path : `${path}${joint}cursor=${encodeURIComponent(cursor)}`,
      );
      items.push(...page.items);
      cursor = page.next_cursor ?? null;
    } while (cursor !== null);
    return items;
  }

  private ask<T>(path: string, wanted: Wanted): Promise<T> {
    return this.withToken(() => this.plain<T>(path, wanted));
  }

  /** Do something that needs the access token, fetching a fresh one where it is missing or old. */
  private async withToken<T>(act: () => Promise<T>): Promise<T> {
    if (this.accessToken === null) await this.refresh(null);
    const shown = this.accessToken;
    try {
      return await act();
    } catch (failure) {
      if (!(failure instanceof Refused) || failure.status !== 401) throw failure;
      await this.refresh(shown);
      return act();
    }
  }

  /** Fetch a fresh access token, unless another request has just done so. */
  private refresh(old: string | null): Promise<void> {
    if (this.accessToken !== null && this.accessToken !== old) return Promise.resolve();
    this.refreshing ??= this.here
      .alone("refresh", () => this.refreshed())
      .finally(() => {
        this.refreshing = null;
      });
    return this.refreshing;
  }

  private async refreshed(): Promise<void> {
    try {
      const body = { device_id: await this.here.deviceId() };
      this.keep(await this.plain<Tokens>("/v1/refresh", { method: "POST", open: true, body }));
    } catch (failure) {
      if (failure instanceof Refused && failure.status === 401) {
        this.accessToken = null;
        this.onSignedOut();
      }
      throw failure;
    }
  }

  private keep(tokens: Tokens): void {
    this.accessToken = tokens.access_token;
    this.onTokens(tokens);
  }

  private async plain<T>(path: string, wanted: Wanted): Promise<T> {
    const reply = await this.reply(path, wanted);
    if (reply.status === 204) return undefined as T;
    return (await body(() => reply.json())) as T;
  }

  private async reply(path: string, wanted: Wanted): Promise<Response> {
    const headers: Record<string, string> = { "Accept-Language": this.here.language() };
    if (wanted.body !== undefined) headers["Content-Type"] = "application/json";
    if (wanted.file !== undefined) headers["Content-Type"] = wanted.file.type || "application/octet-stream";
    if (wanted.open !== true && this.accessToken !== null) {
      headers["Authorization"] = `Bearer ${this.accessToken}`;
    }
    if (wanted.token !== undefined) headers["Authorization"] = `Bearer ${wanted.token}`;
    const patience = new AbortController();
    const timer = setTimeout(
      () => patience.abort(),
      wanted.file === undefined ? PATIENCE_MS : PATIENCE_WITH_FILES_MS,
    );
    wanted.signal?.addEventListener("abort", () => patience.abort());
    let reply: Response;
    try {
      reply = await (wanted.carry ?? this.here.fetch)(path, {
        method: wanted.method ?? "GET",
        headers,
        body: wanted.file ?? (wanted.body === undefined ? null : JSON.stringify(wanted.body)),
        credentials: "same-origin",
        signal: patience.signal,
      });
    } catch {
      throw new NoReply(path);
    } finally {
      clearTimeout(timer);
    }
    if (reply.ok) return reply;
    throw await refusal(reply);
  }
}

/** Read a body; one that breaks off on its way is no reply. */
async function body<T>(read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch {
    throw new NoReply("body");
  }
}

/** A refusal that is not ours – a proxy's page, a portal's – says nothing, but it is no success. */
async function refusal(reply: Response): Promise<Error> {
  const wait = reply.headers.get("Retry-After");
  const retryIn = wait === null ? null : asked(wait, 5);
  try {
    const problem = (await reply.json()) as {
      code: string;
      detail: string;
      facts?: Record<string, unknown>;
      errors?: Record<string, string[]>;
    };
    if (typeof problem.code !== "string") throw new TypeError("no problem document");
    return new Refused(reply.status, problem.code, problem.detail, problem.facts ?? {}, retryIn, problem.errors ?? {});
  } catch {
    return reply.status >= 500 || reply.status === 429
      ? new Refused(reply.status, "unavailable", "", {}, retryIn)
      : new NoReply(`not ours: ${reply.status}`);
  }
}

/** How this device is named in the list of one's devices. */
function deviceName(): string {
  const system = /\(([^;)]+; ?[^;)]+)/.exec(globalThis.navigator?.userAgent ?? "")?.[1] ?? "browser";
  return system.slice(0, 80);
}
