// Meets the server: fetches keys, status list and layouts, measures the clock, sends scans.
import { equal, fromBase64, type Bytes } from "./bytes";
import type { Holdings } from "./judge";
import type { Layout, Scan, Store } from "./store";
import { FileRefused, openBundle, openStatus, type Bundle, type Root, type StatusList } from "./trust";

/** Addresses and limits, from the page. */
export interface Site {
  /** The pointer: a short file that names the present keys and status list, which stand beside it. */
  readonly published: string;
  readonly layouts: string;
  readonly session: string;
  readonly scans: string;
  readonly listHours: number;
  readonly keysHours: number;
}

export interface Session {
  readonly inspector: boolean;
  readonly token: string;
}

interface Pointer {
  readonly status_list: { readonly file: string };
  readonly keys: { readonly file: string; readonly plain: string };
}

export type Sending = "sent" | "nothing" | "sign_in" | "offline";

const MOST_SCANS = 200;

/** What is held on the device; files that do not verify are as good as absent. */
export async function holdings(store: Store, site: Site): Promise<Holdings> {
  const root = await store.get("root");
  const bundle = root ? await held(store.get("bundle"), (encoded) => openBundle(encoded, root)) : null;
  const status = bundle ? await held(store.get("status"), (encoded) => openStatus(encoded, bundle.keys)) : null;
  const clockError = (await store.get("clockError")) ?? null;
  return { bundle, status, clockError, listHours: site.listHours, keysHours: site.keysHours };
}

async function held<T>(kept: Promise<Bytes | undefined>, open: (encoded: Bytes) => Promise<T>): Promise<T | null> {
  const encoded = await kept;
  if (!encoded) return null;
  try {
    return await open(encoded);
  } catch (fault) {
    if (fault instanceof FileRefused) return null;
    throw fault;
  }
}

/** Fetch all files. An older file never replaces a newer one. Throws when the server cannot be reached. */
export async function refresh(store: Store, site: Site): Promise<Session> {
  const begun = Date.now();
  const session = (await (await get(site.session)).json()) as { now: string; inspector: boolean; token: string };
  // The answer was written about half-way between asking and hearing.
  const clockError = ((begun + Date.now()) / 2 - Date.parse(session.now)) / 1000;
  await store.set("clockError", clockError);
  const pointer = (await (await get(site.published)).json()) as Pointer;
  const bundle = await refreshKeys(store, new URL(pointer.keys.plain, site.published));
  await refreshStatus(store, new URL(pointer.status_list.file, site.published), bundle);
  await store.set("layouts", (await (await get(site.layouts)).json()) as Layout[]);
  await store.set("syncedAt", Date.now());
  return session;
}

async function refreshKeys(store: Store, address: URL): Promise<Bundle> {
  const file = (await (await kept(address)).json()) as {
    root: { key_id: string; public_key: string };
    bundle: string;
  };
  const root = await pinned(store, {
    keyId: Uint8Array.from(file.root.key_id.match(/../g) ?? [], (pair) => parseInt(pair, 16)),
    spki: fromBase64(file.root.public_key),
  });
  const encoded = fromBase64(file.bundle);
  const fresh = await openBundle(encoded, root);
  const before = await held(store.get("bundle"), (kept) => openBundle(kept, root));
  if (before && before.issuedAt > fresh.issuedAt) return before;
  await store.set("bundle", encoded);
  return fresh;
}

/** The first root that this device meets is the one it believes from then on. */
async function pinned(store: Store, offered: Root): Promise<Root> {
  const known = await store.get("root");
  if (!known) {
    await store.set("root", offered);
    return offered;
  }
  if (!equal(known.keyId, offered.keyId)) throw new FileRefused("the server shows another root than before");
  return known;
}

async function refreshStatus(store: Store, address: URL, bundle: Bundle): Promise<void> {
  const encoded = new Uint8Array(await (await kept(address)).arrayBuffer());
  const fresh: StatusList = await openStatus(encoded, bundle.keys);
  const before = await held(store.get("status"), (kept) => openStatus(kept, bundle.keys));
  if (!before || before.issuedAt <= fresh.issuedAt) await store.set("status", encoded);
}

/** Send the waiting scans; they leave the device only once the server has kept them. */
export async function send(store: Store, site: Site, session: Session): Promise<Sending> {
  const waiting = (await store.scans()).slice(0, MOST_SCANS);
  if (!waiting.length) return "nothing";
  if (!session.inspector) return "sign_in";
  const answer = await fetch(site.scans, {
    method: "POST",
    credentials: "same-origin",
    headers: { "Content-Type": "application/json", "X-CSRFToken": session.token },
    body: JSON.stringify({
      device: await store.device(),
      sent_at: new Date().toISOString(),
      scans: waiting.map(written),
    }),
  });
  if (answer.status === 401 || answer.status === 403) return "sign_in";
  if (!answer.ok) return "offline";
  await store.dropScans(waiting.map((scan) => scan.key));
  return waiting.length === MOST_SCANS ? send(store, site, session) : "sent";
}

function written(scan: Scan): Record<string, string> {
  const { key, text, scannedAt, answer, reason, checkpoint } = scan;
  return { key, text, scanned_at: scannedAt, answer, reason, checkpoint };
}

async function get(address: string): Promise<Response> {
  return good(await fetch(address, { credentials: "same-origin", cache: "no-cache" }));
}

/** A file whose name is made from its content: what the browser or a CDN holds under it is the file. */
async function kept(address: URL): Promise<Response> {
  return good(await fetch(address, { credentials: "omit" }));
}

function good(answer: Response): Response {
  if (!answer.ok) throw new TypeError(`${answer.url} answered ${answer.status}`);
  return answer;
}
