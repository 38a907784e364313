import { describe, expect, it } from "vitest";
import { decodeBase45, NotBase45 } from "../base45";
import { hex, type Bytes } from "../bytes";
import { decodeCbor, encodeBytes, NotCanonical } from "../cbor";
import { inflate, NotZlib } from "../inflate";

const bytes = (text: string): Bytes => Uint8Array.from(text.match(/../g) ?? [], (pair) => parseInt(pair, 16));

describe("Base45", () => {
  it("reads the examples of the standard", () => {
    const text = (code: string) => new TextDecoder().decode(decodeBase45(code));
    expect([text(""), text("BB8"), text("%69 VD92EX0"), text("QED8WEX0")]).toEqual(["", "AB", "Hello!!", "ietf!"]);
  });

  it.each(["bb8", "BB8A", "GGW", ":::", "::", "B8ạ", "BB8\n"])("refuses %s", (text) => {
    expect(() => decodeBase45(text)).toThrow(NotBase45);
  });
});

describe("zlib", () => {
  const packed = async (content: Bytes): Promise<Bytes> => {
    const stream = new Blob([content]).stream().pipeThrough(new CompressionStream("deflate"));
    return new Uint8Array(await new Response(stream).arrayBuffer());
  };

  it("reads what was compressed", async () => {
    expect(hex(await inflate(await packed(bytes("c3a1")), 10))).toBe("c3a1");
  });

  it("stops a bomb at the bound", async () => {
    await expect(inflate(await packed(new Uint8Array(5_000_000)), 1024)).rejects.toThrow(NotZlib);
  });

  it("refuses what is cut or something else", async () => {
    const whole = await packed(bytes("00010203"));
    for (const bad of [whole.slice(0, -3), bytes(""), bytes("0102")]) {
      await expect(inflate(bad, 100)).rejects.toThrow(NotZlib);
    }
  });
});

describe("CBOR", () => {
  it("reads the kinds that a pass has", () => {
    const value = decodeCbor(bytes("a40119012c0262c491034101048220f6"));
    expect(value).toEqual(new Map<number, unknown>([[1, 300], [2, "đ"], [3, bytes("01")], [4, [-1, null]]]));
    expect(decodeCbor(bytes("82f5f4"))).toEqual([true, false]);
  });

  it.each([
    ["a number padded with zeros", "1817"],
    ["a length padded with zeros", "590001ff"],
    ["keys out of order", "a202010102"],
    ["a key twice", "a201010102"],
    ["a longer key first", "a2626161016162" + "02"],
    ["an indefinite length", "bf0102ff"],
    ["an item cut off", "6261"],
    ["an enormous length", "5bffffffffffffffff"],
    ["two items", "0102"],
    ["a fraction", "f93c00"],
    ["undefined", "f7"],
    ["a key that is a list", "a18001"],
    ["bytes that are not UTF-8", "6180"],
    ["nothing", ""],
    ["depth", "81".repeat(40) + "01"],
  ])("refuses %s", (_, encoded) => {
    expect(() => decodeCbor(bytes(encoded))).toThrow(NotCanonical);
  });

  it("writes byte strings with the shortest length", () => {
    expect(hex(encodeBytes(new Uint8Array(1)))).toBe("4100");
    expect(hex(encodeBytes(new Uint8Array(24))).slice(0, 4)).toBe("5818");
    expect(hex(encodeBytes(new Uint8Array(300))).slice(0, 6)).toBe("59012c");
    expect(() => encodeBytes(new Uint8Array(70000))).toThrow(RangeError);
  });
});
