// What a door keeps on the machine: the queue of scans that wait to be sent, which hold no name and
// stay until their own person has sent them; and the list, encrypted by a key that no script can
// read, which goes with whoever is signed in (portal.js).
(() => {
  "use strict";
  const QUEUE = "lp-door-queue";
  const LIST = "lp-door-list";
  const CACHE = "lp-door";
  const MARK = "lp-door";
  const STORES = {
    [QUEUE]: [["scans", { keyPath: "number", autoIncrement: true }]],
    [LIST]: [["lists", { keyPath: "path" }], ["keys", { keyPath: "user" }]],
  };

  const asked = (request) => new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
  const opened = {};
  const open = (name) => {
    opened[name] ??= (async () => {
      const request = indexedDB.open(name, 1);
      request.onupgradeneeded = () => {
        STORES[name].forEach(([store, how]) => request.result.createObjectStore(store, how));
      };
      const database = await asked(request);
      // Another page that takes the list away is not to wait for this one.
      database.onversionchange = () => {
        database.close();
        delete opened[name];
      };
      return database;
    })();
    opened[name].catch(() => delete opened[name]);
    return opened[name];
  };
  // Done when it is on the disk, and not before.
  const within = async (name, store, mode, act) => {
    const transaction = (await open(name)).transaction(store, mode);
    const done = new Promise((resolve, reject) => {
      transaction.oncomplete = resolve;
      transaction.onabort = () => reject(transaction.error);
    });
    const result = await asked(act(transaction.objectStore(store)));
    await done;
    return result;
  };

  // Where the browser keeps nothing, the queue lives as long as the page does.
  const memory = { scans: new Map(), next: -1 };
  const queue = {
    get isKept() { return memory.scans.size === 0; },
    async add(scan) {
      try {
        return await within(QUEUE, "scans", "readwrite", (store) => store.add(scan));
      } catch {
        const number = memory.next;
        memory.next -= 1;
        memory.scans.set(number, { ...scan, number });
        return number;
      }
    },
    async all() {
      let kept = [];
      try {
        kept = await within(QUEUE, "scans", "readonly", (store) => store.getAll());
      } catch { /* Then there is nothing but what the page holds. */ }
      return [...kept, ...memory.scans.values()];
    },
    async put(scan) {
      if (memory.scans.has(scan.number)) memory.scans.set(scan.number, scan);
      else await within(QUEUE, "scans", "readwrite", (store) => store.put(scan));
    },
    async remove(number) {
      if (!memory.scans.delete(number)) {
        await within(QUEUE, "scans", "readwrite", (store) => store.delete(number));
      }
    },
  };

  const through = async (bytes, stream) =>
    new Uint8Array(await new Response(new Blob([bytes]).stream().pipeThrough(stream)).arrayBuffer());
  const keyOf = async (user) => {
    const found = await within(LIST, "keys", "readonly", (store) => store.get(user));
    if (found) return found.key;
    const key = await crypto.subtle.generateKey({ name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
    await within(LIST, "keys", "readwrite", (store) => store.put({ user, key }));
    return key;
  };

  const list = {
    async keep({ path, user, until, rows, ahead }) {
      localStorage.setItem(MARK, user);
      const key = await keyOf(user);
      const iv = crypto.getRandomValues(new Uint8Array(12));
      const packed = await through(new TextEncoder().encode(JSON.stringify(rows)), new CompressionStream("gzip"));
      const data = await crypto.subtle.encrypt({ name: "AES-GCM", iv }, key, packed);
      await within(LIST, "lists", "readwrite", (store) => store.put({ path, user, until, ahead, iv, data }));
    },
    async read({ path, user }) {
      const found = await within(LIST, "lists", "readonly", (store) => store.get(path));
      if (!found || found.user !== user || new Date(found.until) <= new Date()) return null;
      const packed = await crypto.subtle.decrypt({ name: "AES-GCM", iv: found.iv }, await keyOf(user), found.data);
      const rows = JSON.parse(new TextDecoder().decode(await through(packed, new DecompressionStream("gzip"))));
      return { rows, until: found.until, ahead: found.ahead ?? 0 };
    },
    // Those of yesterday too, of which no page is open.
    async forgetOld() {
      const kept = await within(LIST, "lists", "readonly", (store) => store.getAll());
      for (const { path, until } of kept) {
        if (new Date(until) <= new Date()) await within(LIST, "lists", "readwrite", (store) => store.delete(path));
      }
    },
    isAnothers: (user) => ![null, user].includes(localStorage.getItem(MARK)),
    async forget() {
      localStorage.removeItem(MARK);
      const database = await opened[LIST]?.catch(() => null);
      delete opened[LIST];
      database?.close();
      await asked(indexedDB.deleteDatabase(LIST));
      await globalThis.caches?.delete(CACHE);
    },
  };

  // What this device's door is called, until another door is opened on it.
  const DOOR = "lp-door-name";
  const doorNames = {
    of(path) {
      const kept = JSON.parse(localStorage.getItem(DOOR) ?? "{}");
      return kept.path === path ? kept.name : "";
    },
    keep: (path, name) => localStorage.setItem(DOOR, JSON.stringify({ path, name })),
  };

  // The page with nobody in it, and every file that it has used so far.
  const keepPage = async ({ path, shell }) => {
    const cache = await caches.open(CACHE);
    const page = await fetch(shell, { redirect: "error" });
    if (!page.ok) return;
    await cache.put(path, page);
    const used = performance.getEntriesByType("resource").map(({ name }) => new URL(name));
    const files = new Set(used
      .filter(({ origin, pathname }) => origin === location.origin && pathname.startsWith("/static/"))
      .map(({ pathname }) => pathname));
    await Promise.all([...files].map(async (file) => {
      if (!(await cache.match(file))) await cache.add(file);
    }));
  };

  globalThis.lpDoor = { ...globalThis.lpDoor, queue, list, doorNames, keepPage };
})();
