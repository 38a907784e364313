// Keeps what people told us unreadable on the device: AES-GCM under a key that the browser never gives out.
import type { Bytes } from "../scanner/bytes";

/** What is stored in place of a content. */
export interface Sealed {
  readonly iv: Bytes;
  readonly data: ArrayBuffer;
}

/** Another key, or another place: the content cannot be read any more. */
export class NotOpened extends Error {}

export function newKey(): Promise<CryptoKey> {
  return crypto.subtle.generateKey({ name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
}

/** Seal a content to its place: moved elsewhere it does not open. */
export async function seal(key: CryptoKey, content: Uint8Array, place: string): Promise<Sealed> {
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const data = await crypto.subtle.encrypt(
    { name: "AES-GCM", iv, additionalData: new TextEncoder().encode(place) },
    key,
    new Uint8Array(content),
  );
  return { iv, data };
}

export async function open(key: CryptoKey, sealed: Sealed, place: string): Promise<Bytes> {
  try {
    const content = await crypto.subtle.decrypt(
      { name: "AES-GCM", iv: sealed.iv, additionalData: new TextEncoder().encode(place) },
      key,
      sealed.data,
    );
    return new Uint8Array(content);
  } catch {
    throw new NotOpened(place);
  }
}
