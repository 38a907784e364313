// Base45 (RFC 9285), strict: every accepted text is the only text of its bytes.
import type { Bytes } from "./bytes";

const ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:";

export class NotBase45 extends Error {}

export function decodeBase45(text: string): Bytes {
  const values = Array.from(text, (letter) => ALPHABET.indexOf(letter));
  if (values.includes(-1) || values.length % 3 === 1) throw new NotBase45("not Base45");
  const bytes: number[] = [];
  for (let at = 0; at < values.length; at += 3) {
    const [low = 0, middle = 0, high] = values.slice(at, at + 3);
    const number = low + 45 * middle + 2025 * (high ?? 0);
    const most = high === undefined ? 0xff : 0xffff;
    if (number > most) throw new NotBase45("a group stands for no bytes");
    if (high !== undefined) bytes.push(number >> 8);
    bytes.push(number & 0xff);
  }
  return Uint8Array.from(bytes);
}
