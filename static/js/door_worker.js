// Opens the door's page when the network is gone: the page with nobody in it, and its files, which
// door_store.js has kept. Its address is one door's, and so is all that it reaches.
const CACHE = "lp-door";
const PATIENCE = 5000;

const kept = (key) => caches.match(key, { cacheName: CACHE, ignoreVary: true });
const page = async (request, path) => {
  const found = await kept(path);
  if (!found) return fetch(request);
  try {
    return await fetch(request, { signal: AbortSignal.timeout(PATIENCE) });
  } catch {
    return found;
  }
};
const file = async (request, path) => {
  try {
    return await fetch(request);
  } catch (error) {
    const found = await kept(path);
    if (found) return found;
    throw error;
  }
};

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));
self.addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== "GET" || origin !== self.location.origin) return;
  const door = new URL(self.registration.scope).pathname;
  if (request.mode === "navigate" && pathname === door) event.respondWith(page(request, door));
  else if (pathname.startsWith("/static/")) event.respondWith(file(request, pathname));
});
