import assert from "node:assert/strict";
import { test } from "node:test";
import { Client, NoReply, Refused } from "../shared/api.ts";

interface Sent {
  path: string;
  body: unknown;
  token: string | null;
}

/** A server of a few lines; what it was sent is kept. */
function talking(answer: (sent: Sent) => Response | Promise<Response>) {
  const sent: Sent[] = [];
  const client = new Client({
    deviceId: async () => "device",
    language: () => "zh-CN",
    alone: (_name, act) => act(),
    fetch: (async (path: string, init: RequestInit) => {
      const headers = init.headers as Record<string, string>;
      const one = {
        path,
        body: typeof init.body === "string" ? JSON.parse(init.body) : null,
        token: headers["Authorization"] ?? null,
      };
      sent.push(one);
      return answer(one);
    }) as typeof fetch,
  });
  return { client, sent };
}

const json = (status: number, body: object, headers = {}) => new Response(JSON.stringify(body), { status, headers });
const expired = () => json(401, { code: "token_expired", detail: "" });

test("many requests with an old token ask for a new one once, and all are repeated", async () => {
  let given = 0;
  const { client, sent } = talking(async ({ path, token }) => {
    await new Promise((done) => setTimeout(done));
    if (path === "/v1/refresh") return json(200, { access_token: `token-${++given}` });
    return given === 1 && token === "Bearer token-1" && path !== "/first" ? expired() : json(200, { path });
  });
  await client.get("/first");

  const replies = await Promise.all(["/a", "/b", "/c"].map((path) => client.get<{ path: string }>(path)));

  assert.deepEqual(replies.map((reply) => reply.path), ["/a", "/b", "/c"]);
  assert.equal(sent.filter((one) => one.path === "/v1/refresh").length, 2);
});

test("no script of ours ever sends or holds a refresh token", async () => {
  const { client, sent } = talking(({ path }) =>
    path === "/v1/me" ? json(200, {}) : json(200, { access_token: "a", refresh_token: null }),
  );

  await client.signIn("wang", "secret", null);
  await client.get("/v1/me");

  assert.equal((sent[0]?.body as { refresh_in_cookie: boolean }).refresh_in_cookie, true);
  assert.ok(sent.every((one) => !("refresh_token" in ((one.body ?? {}) as object))));
});

test("a portal's page is no reply, however friendly its status", async () => {
  const { client } = talking(() => new Response("<html>Log in to the network</html>", { status: 200 }));

  await assert.rejects(() => client.open("/v1/receipt-checks"), NoReply);
});

test("a refusal names its code, and whether the same may be sent again", async () => {
  for (const [status, code, passing] of [[409, "conflict", true], [409, "another_device", false], [503, "unavailable", true]] as const) {
    const { client } = talking(() => json(status, { code, detail: "…" }, { "Retry-After": "3" }));

    const failure = await client.open("/v1/x").catch((refused: unknown) => refused);

    assert.ok(failure instanceof Refused);
    assert.deepEqual([failure.code, failure.passing, failure.retryIn], [code, passing, 3]);
  }
});

test("whoever is signed out for good is told so, and nothing is repeated for ever", async () => {
  const { client, sent } = talking(() => json(401, { code: "refresh_refused", detail: "" }));
  let told = 0;
  client.onSignedOut = () => (told += 1);

  await assert.rejects(() => client.get("/v1/me"), Refused);

  assert.deepEqual([told, sent.length], [1, 1]);
});

test("a list is read to its last page", async () => {
  const { client } = talking(({ path }) => {
    if (path === "/v1/refresh") return json(200, { access_token: "a" });
    return path.includes("cursor") ? json(200, { items: [3], next_cursor: null }) : json(200, { items: [1, 2], next_cursor: "c" });
  });

  assert.deepEqual(await client.all<number>("/v1/me/things"), [1, 2, 3]);
});
