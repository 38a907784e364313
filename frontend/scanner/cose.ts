// COSE_Sign1 in our one form; verified by WebCrypto.
import { equal, joined, type Bytes } from "./bytes";
import { decodeCbor, decodeMap, encodeBytes, NotCanonical, Tagged } from "./cbor";

export class NotSign1 extends Error {}

export interface Sign1 {
  readonly keyId: Bytes;
  readonly payload: Bytes;
  readonly signature: Bytes;
  readonly signed: Bytes;
}

const SIGN1 = 18;
const CONTEXT = Uint8Array.from([0x84, 0x6a, ...new TextEncoder().encode("Signature1")]);
const EMPTY = Uint8Array.from([0x40]);
const HALF_ORDER = fromHex("7fffffff800000007fffffffffffffffde737d56d38bcf4279dce5617e3192a8");

/** Take a message apart; any other spelling than ours is refused. */
export function readSign1(encoded: Bytes): Sign1 {
  try {
    return parts(encoded);
  } catch (fault) {
    if (fault instanceof NotCanonical) throw new NotSign1(fault.message);
    throw fault;
  }
}

function parts(encoded: Bytes): Sign1 {
  const frame = decodeCbor(encoded);
  if (!(frame instanceof Tagged) || frame.tag !== SIGN1 || !Array.isArray(frame.value)) {
    throw new NotSign1("the tag is not that of COSE_Sign1");
  }
  const [head, unprotected, payload, signature, ...more] = frame.value;
  if (!isBytes(head) || !isBytes(payload) || !isBytes(signature) || signature.length !== 64 || more.length) {
    throw new NotSign1("the message has other parts");
  }
  if (!(unprotected instanceof Map) || unprotected.size) throw new NotSign1("an unprotected header");
  const names = decodeMap(head);
  const keyId = names.get(4);
  if (names.size !== 2 || names.get(1) !== -7 || !isBytes(keyId) || keyId.length !== 8) {
    throw new NotSign1("another protected header");
  }
  if (isMirrored(signature)) throw new NotSign1("the mirror image of the issuer's signature");
  const signed = joined(CONTEXT, encodeBytes(head), EMPTY, encodeBytes(payload));
  return { keyId, payload, signature, signed };
}

/** Import a P-256 key from its SubjectPublicKeyInfo. */
export function importKey(spki: Bytes): Promise<CryptoKey> {
  return crypto.subtle.importKey("spki", spki, { name: "ECDSA", namedCurve: "P-256" }, false, ["verify"]);
}

export function signatureHolds(message: Sign1, key: CryptoKey): Promise<boolean> {
  return crypto.subtle.verify({ name: "ECDSA", hash: "SHA-256" }, key, message.signature, message.signed);
}

export function sameKeyId(one: Uint8Array, other: Uint8Array): boolean {
  return equal(one, other);
}

function isMirrored(signature: Bytes): boolean {
  const s = signature.slice(32);
  for (let at = 0; at < s.length; at++) {
    const difference = (s[at] as number) - (HALF_ORDER[at] as number);
    if (difference !== 0) return difference > 0;
  }
  return false;
}

function isBytes(value: unknown): value is Bytes {
  return value instanceof Uint8Array;
}

function fromHex(text: string): Bytes {
  return Uint8Array.from(text.match(/../g) ?? [], (pair) => parseInt(pair, 16));
}
