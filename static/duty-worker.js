// Opens the duty page without a signal. VERSION, PAGE, SHELL and FILES stand before this text.
// It keeps the files of the look and a page without anybody's data; it answers nothing else.
"use strict";
const CACHE = `duty-${VERSION}`, PATIENCE = 6000;

self.addEventListener("install", (event) => event.waitUntil((async () => {
  const cache = await caches.open(CACHE);
  await cache.addAll(FILES);
  // Without the cookie: the page that is kept knows nobody and holds nobody's token.
  await cache.put(SHELL, await sound(fetch(SHELL, { credentials: "omit", cache: "no-store" })));
  await self.skipWaiting();
})()));

self.addEventListener("activate", (event) => event.waitUntil((async () => {
  for (const name of await caches.keys()) if (name.startsWith("duty-") && name !== CACHE) await caches.delete(name);
  await self.clients.claim();
})()));

async function sound(asked) {
  const answer = await asked;
  if (!answer.ok || answer.redirected) throw new Error(`${answer.status}`);
  return answer;
}

self.addEventListener("fetch", (event) => {
  const { request } = event, { origin, pathname, search } = new URL(request.url);
  if (request.method !== "GET" || origin !== self.location.origin) return;
  if (request.mode === "navigate" && pathname === PAGE) event.respondWith(page(request));
  else if (FILES.includes(pathname + search)) event.respondWith(file(request));
});

async function file(request) {
  return (await caches.match(request, { cacheName: CACHE })) || fetch(request);
}

async function page(request) {
  const kept = () => caches.match(SHELL, { cacheName: CACHE });
  const patience = new Promise((done) => { setTimeout(done, PATIENCE); }).then(kept);
  const asked = fetch(request).then((answer) => ([502, 503, 504].includes(answer.status) ? kept() : answer), kept);
  return (await Promise.race([asked, patience])) || asked;
}
