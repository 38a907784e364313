import { expect, test } from "vitest";
import { newKey, NotOpened, open, seal } from "../box";

const text = new TextEncoder().encode("Trần Thị Bình, 048090000017");

test("what is sealed opens at its place, and names nobody", async () => {
  const key = await newKey();
  const sealed = await seal(key, text, "one");

  expect(new TextDecoder().decode(await open(key, sealed, "one"))).toContain("Bình");
  expect(new TextDecoder().decode(sealed.data)).not.toContain("048090000017");
});

test("elsewhere, changed, or under another key it does not open", async () => {
  const key = await newKey();
  const sealed = await seal(key, text, "one");
  const changed = new Uint8Array(sealed.data.slice(0));
  changed[3] = (changed[3] ?? 0) ^ 1;

  await expect(open(key, sealed, "other")).rejects.toBeInstanceOf(NotOpened);
  await expect(open(key, { ...sealed, data: changed.buffer }, "one")).rejects.toBeInstanceOf(NotOpened);
  await expect(open(await newKey(), sealed, "one")).rejects.toBeInstanceOf(NotOpened);
});

test("the key itself is given out to nobody", async () => {
  await expect(crypto.subtle.exportKey("raw", await newKey())).rejects.toThrow();
});
