// zlib through the browser's own stream, with a bound so that a small text cannot swell into a large one.
import { joined, type Bytes } from "./bytes";

export class NotZlib extends Error {}

/** Decompress one zlib stream of at most that many bytes. */
export async function inflate(compressed: Bytes, atMost: number): Promise<Bytes> {
  const stream = new DecompressionStream("deflate");
  const writer = stream.writable.getWriter();
  // A failure shows on the reading side; unhandled it would also be reported here.
  writer.write(compressed).catch(() => undefined);
  writer.close().catch(() => undefined);
  const reader = stream.readable.getReader();
  const parts: Uint8Array[] = [];
  let length = 0;
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return joined(...parts);
      length += value.length;
      if (length > atMost) break;
      parts.push(value);
    }
  } catch {
    throw new NotZlib("not readable as zlib");
  }
  await reader.cancel().catch(() => undefined);
  throw new NotZlib(`more than ${atMost} bytes`);
}
