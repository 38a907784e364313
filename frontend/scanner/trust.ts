// The bundle of trusted keys, signed by the root, and the status list, signed by one of the keys.
import { hex, type Bytes } from "./bytes";
import { decodeMap, NotCanonical, type Cbor } from "./cbor";
import { importKey, NotSign1, readSign1, sameKeyId, signatureHolds } from "./cose";
import { inflate, NotZlib } from "./inflate";

export const IDS_PER_LIST = 2 ** 20;
const LIST_BYTES = IDS_PER_LIST / 8;

/** A file from the server is not what it should be; the one in hand is kept. */
export class FileRefused extends Error {}

export interface Root {
  readonly keyId: Bytes;
  readonly spki: Bytes;
}

/** Times in seconds since 1970. */
export interface TrustedKey {
  readonly keyId: Bytes;
  readonly key: CryptoKey;
  readonly notBefore: number;
  readonly notAfter: number;
  readonly revokedAt: number | null;
}

export interface Bundle {
  readonly issuedAt: number;
  readonly keys: readonly TrustedKey[];
}

export interface StatusList {
  readonly issuedAt: number;
  readonly expiresAt: number;
  readonly lists: ReadonlyMap<number, Bytes>;
}

export async function openBundle(encoded: Bytes, root: Root): Promise<Bundle> {
  const message = readable(() => readSign1(encoded));
  const genuine = sameKeyId(message.keyId, root.keyId) && (await signatureHolds(message, await importKey(root.spki)));
  if (!genuine) throw new FileRefused("the keys are not signed by the root of this scanner");
  const content = readable(() => decodeMap(message.payload));
  const issuedAt = content.get(6);
  const listed = content.get("keys");
  if (typeof issuedAt !== "number" || !Array.isArray(listed)) throw new FileRefused("no bundle of keys");
  return { issuedAt, keys: await Promise.all(listed.map(trustedKey)) };
}

async function trustedKey(entry: Cbor): Promise<TrustedKey> {
  const [keyId, spki, notBefore, notAfter, revokedAt] = Array.isArray(entry) ? entry : [];
  if (
    !(keyId instanceof Uint8Array) ||
    !(spki instanceof Uint8Array) ||
    typeof notBefore !== "number" ||
    typeof notAfter !== "number" ||
    (revokedAt !== null && typeof revokedAt !== "number")
  ) {
    throw new FileRefused("a key of another form");
  }
  return { keyId, key: await importKey(spki), notBefore, notAfter, revokedAt };
}

export async function openStatus(encoded: Bytes, keys: readonly TrustedKey[]): Promise<StatusList> {
  const message = readable(() => readSign1(encoded));
  const content = readable(() => decodeMap(message.payload));
  const [issuedAt, expiresAt, lists] = [content.get(6), content.get(4), content.get("lists")];
  if (typeof issuedAt !== "number" || typeof expiresAt !== "number" || !(lists instanceof Map)) {
    throw new FileRefused("no status list");
  }
  const key = keys.find((each) => sameKeyId(each.keyId, message.keyId));
  if (!key || !signedWhileValid(key, issuedAt) || !(await signatureHolds(message, key.key))) {
    throw new FileRefused(`the status list is not signed by a key in force (${hex(message.keyId)})`);
  }
  const unpacked = new Map<number, Bytes>();
  for (const [number, compressed] of lists) {
    if (typeof number !== "number" || !(compressed instanceof Uint8Array)) throw new FileRefused("no status list");
    unpacked.set(number, await bits(compressed));
  }
  return { issuedAt, expiresAt, lists: unpacked };
}

async function bits(compressed: Bytes): Promise<Bytes> {
  try {
    const content = await inflate(compressed, LIST_BYTES);
    if (content.length === LIST_BYTES) return content;
  } catch (fault) {
    if (!(fault instanceof NotZlib)) throw fault;
  }
  throw new FileRefused("a list of another size");
}

export function signedWhileValid(key: TrustedKey, at: number): boolean {
  return key.notBefore <= at && at <= key.notAfter && (key.revokedAt === null || at < key.revokedAt);
}

/** Look up an id; `null` means that the list is too old to know it. */
export function isRevoked(status: StatusList, revocationId: number): boolean | null {
  const list = status.lists.get(Math.floor(revocationId / IDS_PER_LIST));
  if (!list) return null;
  const place = revocationId % IDS_PER_LIST;
  return (((list[place >> 3] as number) >> (place & 7)) & 1) === 1;
}

function readable<T>(read: () => T): T {
  try {
    return read();
  } catch (fault) {
    if (fault instanceof NotSign1 || fault instanceof NotCanonical) throw new FileRefused(fault.message);
    throw fault;
  }
}
