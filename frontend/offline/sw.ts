// Keeps a page and its files on the device, so that it opens without a network: scanner, tablet of a digital team.
// The server writes `self.OFFLINE` (cache, version, page, files) above this script.
interface Worker {
  readonly OFFLINE: {
    /** Begins the names of this page's caches. */
    readonly cache: string;
    readonly version: string;
    readonly page: string;
    readonly files: readonly string[];
  };
  skipWaiting(): Promise<void>;
  readonly clients: { claim(): Promise<void> };
  addEventListener(type: string, listener: (event: Happening) => void): void;
}

interface Happening {
  readonly request: Request;
  waitUntil(done: Promise<unknown>): void;
  respondWith(answer: Promise<Response>): void;
}

const worker = self as unknown as Worker;
const { cache: PREFIX, version, page, files } = worker.OFFLINE;
const NAME = PREFIX + version;
const NETWORK_WITHIN_MS = 3000;

worker.addEventListener("install", (event) => {
  const filled = caches.open(NAME).then((cache) => cache.addAll([page, ...files].map(fresh)));
  event.waitUntil(filled.then(() => worker.skipWaiting()));
});

worker.addEventListener("activate", (event) => {
  const swept = caches
    .keys()
    .then((names) => names.filter((name) => name.startsWith(PREFIX) && name !== NAME))
    .then((old) => Promise.all(old.map((name) => caches.delete(name))));
  event.waitUntil(swept.then(() => worker.clients.claim()));
});

worker.addEventListener("fetch", (event) => {
  const { request } = event;
  const { pathname } = new URL(request.url);
  if (request.method !== "GET") return;
  if (request.mode === "navigate" && pathname === page) event.respondWith(pageFirst(request));
  else if (files.includes(pathname)) event.respondWith(kept(pathname, request));
});

function fresh(address: string): Request {
  return new Request(address, { cache: "reload", credentials: "same-origin" });
}

/** The page from the network if it answers soon, else as kept. */
async function pageFirst(request: Request): Promise<Response> {
  try {
    const answer = await fetch(request, { signal: AbortSignal.timeout(NETWORK_WITHIN_MS) });
    if (answer.ok) {
      await (await caches.open(NAME)).put(page, answer.clone());
      return answer;
    }
  } catch {
    // No network, or too slow a one: the kept page serves.
  }
  return kept(page, request);
}

async function kept(address: string, request: Request): Promise<Response> {
  return (await (await caches.open(NAME)).match(address)) ?? fetch(request);
}
