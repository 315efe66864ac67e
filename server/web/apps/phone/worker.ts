/**
 * Keeps the app itself on the phone, so that it opens without a network (离线外壳).
 *
 * It keeps the files of one build and nothing else: never a reply of /v1, so that no paper, key or
 * name is ever in a cache. A new build waits until every page of the old one is closed: no exam is
 * reloaded under somebody's hands.
 */
declare const BUILD: string;
declare const FILES: string[];

interface Phase extends Event {
  waitUntil(done: Promise<unknown>): void;
}

interface Asked extends Event {
  request: Request;
  respondWith(reply: Promise<Response>): void;
}

const PREFIX = "safety-phone-";
const NAME = PREFIX + BUILD;

addEventListener("install", (event) => {
  (event as Phase).waitUntil(
    caches.open(NAME).then((cache) =>
      // Past the browser's own cache: index.html must be the one of this build.
      cache.addAll(FILES.map((file) => new Request(file, { cache: "reload" }))),
    ),
  );
});

addEventListener("activate", (event) => {
  (event as Phase).waitUntil(
    caches.keys().then((names) =>
      Promise.all(
        names.filter((name) => name.startsWith(PREFIX) && name !== NAME).map((name) => caches.delete(name)),
      ),
    ),
  );
});

addEventListener("fetch", (event) => {
  const { request } = event as Asked;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== location.origin) return;
  if (!url.pathname.startsWith("/app/")) return;
  (event as Asked).respondWith(shell(request, url));
});

async function shell(request: Request, url: URL): Promise<Response> {
  const cache = await caches.open(NAME);
  const wanted = request.mode === "navigate" ? "./" : url.href;
  return (await cache.match(wanted)) ?? fetch(request);
}

export {};
