// CBOR in one deterministic form: shortest numbers, sorted keys (shorter first), no indefinite lengths.
// Any other spelling is refused while reading, so that nothing has to be encoded again to compare.
import { joined, type Bytes } from "./bytes";

export class NotCanonical extends Error {}

export class Tagged {
  constructor(
    readonly tag: number,
    readonly value: Cbor,
  ) {}
}

export type Cbor = number | string | boolean | null | Bytes | Cbor[] | CborMap | Tagged;
export type CborMap = Map<number | string, Cbor>;

const DEEPEST = 16;
const LATEST_SAFE = Number.MAX_SAFE_INTEGER;
const strictText = new TextDecoder("utf-8", { fatal: true });

/** Read one item that fills the whole input. */
export function decodeCbor(encoded: Bytes): Cbor {
  const reader = new Reader(encoded);
  const value = reader.item(0);
  if (reader.at !== encoded.length) throw new NotCanonical("something follows the item");
  return value;
}

export function decodeMap(encoded: Bytes): CborMap {
  const value = decodeCbor(encoded);
  if (!(value instanceof Map)) throw new NotCanonical("a map is expected");
  return value;
}

/** Write a byte string, as the signed structure needs it. */
export function encodeBytes(content: Uint8Array): Bytes {
  const length = content.length;
  const head = length < 24 ? [0x40 + length] : length < 256 ? [0x58, length] : [0x59, length >> 8, length & 0xff];
  if (length > 0xffff) throw new RangeError("longer than any message that is read here");
  return joined(Uint8Array.from(head), content);
}

class Reader {
  at = 0;

  constructor(private readonly encoded: Bytes) {}

  item(depth: number): Cbor {
    if (depth > DEEPEST) throw new NotCanonical("too deep");
    const head = this.byte();
    const [major, small] = [head >> 5, head & 31];
    if (major === 7) return plain(small);
    const argument = this.argument(small);
    switch (major) {
      case 0:
        return argument;
      case 1:
        return -1 - argument;
      case 2:
        return this.take(argument);
      case 3:
        return text(this.take(argument));
      case 4:
        return this.items(argument, depth);
      case 5:
        return this.map(argument, depth);
      default:
        return new Tagged(argument, this.item(depth + 1));
    }
  }

  private items(count: number, depth: number): Cbor[] {
    const list: Cbor[] = [];
    while (list.length < count) list.push(this.item(depth + 1));
    return list;
  }

  private map(count: number, depth: number): CborMap {
    const map: CborMap = new Map();
    let last: Bytes | null = null;
    for (let entry = 0; entry < count; entry++) {
      const begin = this.at;
      const key = this.item(depth + 1);
      const spelled = this.encoded.slice(begin, this.at);
      if (typeof key !== "number" && typeof key !== "string") throw new NotCanonical("a key of another kind");
      if (last && !precedes(last, spelled)) throw new NotCanonical("keys out of order");
      last = spelled;
      map.set(key, this.item(depth + 1));
    }
    return map;
  }

  private argument(small: number): number {
    if (small < 24) return small;
    if (small > 27) throw new NotCanonical("no plain length");
    const width = 1 << (small - 24);
    let number = 0;
    for (const byte of this.take(width)) number = number * 256 + byte;
    const least = width === 1 ? 24 : 2 ** (4 * width);
    if (number < least || number > LATEST_SAFE) throw new NotCanonical("a number not in its shortest form");
    return number;
  }

  private take(length: number): Bytes {
    if (length > this.encoded.length - this.at) throw new NotCanonical("cut");
    this.at += length;
    return this.encoded.slice(this.at - length, this.at);
  }

  private byte(): number {
    return this.take(1)[0] as number;
  }
}

function plain(small: number): boolean | null {
  if (small === 20 || small === 21) return small === 21;
  if (small === 22) return null;
  throw new NotCanonical("a value that is not read here");
}

function text(content: Bytes): string {
  try {
    return strictText.decode(content);
  } catch {
    throw new NotCanonical("not UTF-8");
  }
}

function precedes(one: Uint8Array, other: Uint8Array): boolean {
  if (one.length !== other.length) return one.length < other.length;
  for (let at = 0; at < one.length; at++) {
    const difference = (one[at] as number) - (other[at] as number);
    if (difference !== 0) return difference < 0;
  }
  return false;
}
