// Keeps the verification pages on this device, so that they open without a network.

const KEPT = "sc1-pages";
const SHELL = [
  "/verify",
  "/verify/gate",
  "/verify/card",
  "/web/page.css",
  "/verify/files/verify.css",
  "/verify/files/card.css",
  ...["cbor", "signed", "lists", "verdict", "elements", "page", "device", "camera", "gate", "card"].map((name) => `/verify/files/${name}.js`),
];

// Built with the apps: a platform without them has no camera here, and everything else.
const DECODER = "/verify/files/scanner.js";

self.addEventListener("install", (event) => {
  event.waitUntil((async () => {
    const cache = await caches.open(KEPT);
    await cache.addAll(SHELL);
    await cache.add(DECODER).catch(() => undefined);
    await self.skipWaiting();
  })());
});

self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

// What is kept is shown at once; what is newer is kept for the next time.
self.addEventListener("fetch", (event) => {
  const { pathname } = new URL(event.request.url);
  if (event.request.method !== "GET" || ![...SHELL, DECODER].includes(pathname)) return;
  const newer = fetch(event.request).then(async (reply) => {
    if (reply.ok) await (await caches.open(KEPT)).put(pathname, reply.clone());
    return reply;
  });
  event.waitUntil(newer.catch(() => undefined));
  event.respondWith(caches.match(pathname).then((kept) => kept ?? newer));
});
