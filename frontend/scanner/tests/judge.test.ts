import { describe, expect, it } from "vitest";
import { fromBase64 } from "../bytes";
import { judge, type Holdings } from "../judge";
import { FileRefused, isRevoked, openBundle, openStatus } from "../trust";
import { holdings, root, textOf, vectors } from "./vectors";

const SECOND = vectors.issued_at;

async function ask(text: string, at: number, changes: Partial<Holdings> = {}, localTime = "08:00") {
  return judge(text, await holdings(changes), at, localTime);
}

describe("the vectors that Python wrote", () => {
  for (const each of vectors.cases) {
    it(`${each.name}: ${each.reason}`, async () => {
      const { answer, reason } = await ask(each.text, each.at);

      const cannotTell = each.reason === "unknown_key";
      const expected = each.reason === "valid" ? "valid" : cannotTell ? "cannot_tell" : "not_valid";
      expect([answer, reason || "valid"]).toEqual([expected, each.reason]);
    });
  }
});

describe("a pass that holds", () => {
  it("shows its content", async () => {
    const { pass } = await ask(textOf("valid"), SECOND + 60);

    expect(pass?.kind).toBe("travel_pass");
    expect(pass?.claims.get("n")).toBe("Nguyễn Thị Hồng Phương Thảo");
    expect(pass?.revocationId).toBe(123456);
  });

  it("shows nothing when its signature is wrong", async () => {
    expect((await ask(textOf("one bit of a claim flipped"), SECOND)).pass).toBeNull();
  });
});

describe("cannot tell", () => {
  const good = textOf("valid");

  it.each<[string, Partial<Holdings>, number, string]>([
    ["without keys", { bundle: null }, 60, "no_keys"],
    ["without a list", { status: null }, 60, "no_list"],
    ["with a list older than allowed", { listHours: 2 }, 2 * 3600 + 1, "list_too_old"],
    ["with a list that has expired", { listHours: 999 }, 24 * 3600, "list_too_old"],
    ["with keys older than allowed", { keysHours: 1, listHours: 1 }, 3601, "keys_too_old"],
    ["with a clock earlier than a signed time", {}, -301, "clock"],
    ["with a clock far ahead of the server's", { clockError: 301 }, 60, "clock"],
    ["with a clock far behind the server's", { clockError: -301 }, 60, "clock"],
  ])("%s", async (_, changes, after, reason) => {
    expect(await ask(good, SECOND + after, changes)).toMatchObject({ answer: "cannot_tell", reason });
  });

  it("with a list that does not reach the id of the pass", async () => {
    const status = { ...(await holdings()).status!, lists: new Map() };

    expect(await ask(good, SECOND + 60, { status })).toMatchObject({ answer: "cannot_tell", reason: "no_list" });
  });
});

describe("what is certain", () => {
  it("is said even with an old list and a wrong clock", async () => {
    const revoked = await ask(textOf("revoked"), SECOND + 9e6, { clockError: 9999 });
    expect(revoked).toMatchObject({ answer: "not_valid", reason: "revoked" });

    const bySpoiltKey = await ask(textOf("signed after its key was revoked"), SECOND - 9e6);
    expect(bySpoiltKey).toMatchObject({ answer: "not_valid", reason: "key_revoked" });
  });

  it("tolerates a clock that is a little slow", async () => {
    const early = await ask(textOf("valid"), SECOND - 200);
    expect(early).toMatchObject({ answer: "valid", reason: "" });
  });
});

describe("hours", () => {
  it.each([
    ["05:59", "not_valid"],
    ["06:00", "valid"],
    ["22:00", "valid"],
    ["22:01", "not_valid"],
  ])("at %s the pass is %s", async (time, answer) => {
    expect((await ask(textOf("valid"), SECOND + 60, {}, time)).answer).toBe(answer);
  });
});

describe("files from the server", () => {
  it("name the revoked and no other", async () => {
    const { status } = await holdings();

    expect([777, 778, 123456, 2 ** 20, 2 ** 21].map((id) => isRevoked(status!, id))).toEqual([
      true,
      false,
      false,
      false,
      null,
    ]);
  });

  it("are refused with one bit flipped", async () => {
    const { bundle } = await holdings();
    for (const place of [20, 60, 100]) {
      const keys = fromBase64(vectors.bundle);
      const list = fromBase64(vectors.status);
      keys[place] = (keys[place] as number) ^ 1;
      list[place] = (list[place] as number) ^ 1;
      await expect(openBundle(keys, root)).rejects.toThrow(FileRefused);
      await expect(openStatus(list, bundle!.keys)).rejects.toThrow(FileRefused);
    }
  });

  it("are refused from another root", async () => {
    const stranger = { ...root, keyId: Uint8Array.from(root.keyId).reverse() };

    await expect(openBundle(fromBase64(vectors.bundle), stranger)).rejects.toThrow(FileRefused);
  });
});
