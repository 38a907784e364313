// A server of its own in memory, which can be cut off at any moment: before it acts, or after, unheard.
import { describe, expect, test } from "vitest";
import { Refused, type Door, type Stage } from "../door";
import { after, send } from "../sending";
import { clockIsWrong, isOver, mayChange, newDossier, placeOf, queued, withValues } from "../dossiers";
import type { Dossier, Service } from "../types";

const say = (vi: string) => ({ vi, en: vi });
const service: Service = {
  code: "s",
  revision: 1,
  title: say("s"),
  summary: say("s"),
  consent: { vi: ["w"], en: ["w"], seal: "0" },
  steps: [
    {
      name: "one",
      label: say("one"),
      fields: ["first", "second", "third"].map((name) => ({
        name,
        label: say(name),
        type: "string" as const,
        widget: "paper" as const,
        maxLength: 60,
        kind: say("paper"),
        data: "data",
      })),
    },
  ],
};
const member = { id: "7", name: "Sen", team: "Tổ 1" };

function filled(): Dossier {
  return {
    ...newDossier(service, member, 0),
    stage: "queued",
    consent: { words: "w", seal: "0", signature: "AA==", at: "2026-11-22T01:00:00Z" },
    person: { number: "048090000017", fullName: "Trần Thị Bình", bornOn: "1990-09-03" },
    values: { first: "p1", second: "p2", third: "data" },
  };
}

type Cut = "before" | "unheard" | null;

class Server implements Door {
  readonly acts: string[] = [];
  private readonly papers: string[] = [];
  private begun = false;
  private number = "";
  cutAt = -1;
  cut: Cut = null;
  private asked = 0;

  private act<T>(name: string, effect: () => T): Promise<T> {
    const cut = this.asked === this.cutAt ? this.cut : null;
    this.asked += 1;
    if (cut === "before") return Promise.reject(new TypeError("Failed to fetch"));
    const done = effect();
    if (name !== "stage") this.acts.push(name);
    return cut === "unheard" ? Promise.reject(new TypeError("Failed to fetch")) : Promise.resolve(done);
  }

  stage(): Promise<Stage> {
    return this.act("stage", () => ({ begun: this.begun, papers: [...this.papers], number: this.number }));
  }

  begin(): Promise<void> {
    return this.act("begin", () => void (this.begun = true));
  }

  paper(_key: string, id: string): Promise<void> {
    return this.act(id, () => void this.papers.push(id));
  }

  file(): Promise<string> {
    return this.act("file", () => (this.number = "H17-1"));
  }
}

class Keeper {
  kept: Dossier | null = null;
  constructor(private readonly papers: readonly string[] = ["p1", "p2"]) {}

  async keep(dossier: Dossier): Promise<void> {
    this.kept = dossier;
  }

  async paper(id: string): Promise<Uint8Array | null> {
    return this.papers.includes(id) ? new Uint8Array([1]) : null;
  }
}

test("consent first, then papers, then the dossier", async () => {
  const server = new Server();

  const outcome = await send(filled(), service, new Keeper(), server);

  expect(outcome).toEqual({ kind: "sent", number: "H17-1" });
  expect(server.acts).toEqual(["begin", "p1", "p2", "file"]);
});

describe("cut off anywhere, it is sent on the second try with nothing twice", () => {
  test.each([0, 1, 2, 3, 4].flatMap((at) => (["before", "unheard"] as const).map((cut) => ({ at, cut }))))(
    "at call $at, $cut",
    async ({ at, cut }) => {
      const server = new Server();
      const keeper = new Keeper();
      [server.cutAt, server.cut] = [at, cut];

      const first = await send(filled(), service, keeper, server);
      const again = await send(keeper.kept ?? filled(), service, keeper, server);

      expect(first.kind).toBe("later");
      expect(again).toEqual({ kind: "sent", number: "H17-1" });
      expect(server.acts).toEqual(["begin", "p1", "p2", "file"]);
    },
  );
});

test("while the answer to filing is missing nothing may be changed", async () => {
  const server = new Server();
  const keeper = new Keeper();
  [server.cutAt, server.cut] = [4, "unheard"];

  await send(filled(), service, keeper, server);

  expect(keeper.kept?.unsure).toBe(true);
  expect(mayChange({ ...filled(), stage: "draft", unsure: true })).toBe(false);
  expect(isOver({ ...filled(), unsure: true }, 30, 99 * 86_400_000)).toBe(false);
});

test("a refusal comes back to its field, and filling in begins there", async () => {
  const server = new Server();
  server.file = () => Promise.reject(new Refused(422, "form", say("mend"), { second: say("blurred") }, 0));

  const keeper = new Keeper();
  const outcome = await send(filled(), service, keeper, server);
  const back = after(keeper.kept ?? filled(), outcome);

  expect(back).toMatchObject({ stage: "refused", unsure: false, faults: { second: say("blurred") } });
  expect(placeOf(back, service)).toBe(0);
  expect(mayChange(back)).toBe(true);
  expect(withValues(back, { ...back.values, second: "p3" }, 1).faults).toEqual({});
});

test("what the server says of the person leads to the person", async () => {
  const server = new Server();
  server.begin = () => Promise.reject(new Refused(422, "person", say("no"), { "person.number": say("no") }, 0));

  const outcome = await send(filled(), service, new Keeper(), server);

  expect(placeOf(after(filled(), outcome), service)).toBe("person");
});

test.each([
  [401, "sign_in"],
  [403, "sign_in"],
  [409, "later"],
  [422, "refused"],
  [429, "later"],
  [500, "later"],
  [503, "later"],
])("an answer of %i means %s", async (status, kind) => {
  const server = new Server();
  server.begin = () => Promise.reject(new Refused(status, "x", say("x"), {}, 9));

  const outcome = await send(filled(), service, new Keeper(), server);

  expect(outcome.kind).toBe(kind);
  if (outcome.kind === "later") expect(outcome.seconds).toBe(9);
});

test("a photograph that is lost is asked for again", async () => {
  const server = new Server();

  const outcome = await send(filled(), service, new Keeper(["p1"]), server);

  expect(outcome).toMatchObject({ kind: "refused", faults: { second: {} } });
  expect(server.acts).not.toContain("file");
});

test("what is queued loses answers that are asked no more", () => {
  const dossier = { ...filled(), values: { first: "p1", gone: "x" }, refusal: say("x"), faults: { gone: say("x") } };

  expect(queued(dossier, service, 5)).toMatchObject({ stage: "queued", values: { first: "p1" }, faults: {}, refusal: null });
});

test.each([
  [0, 1000, 2000, false],
  [119, 1000, 2000, false],
  [121, 1000, 2000, true],
  [-7200, 1000, 2000, true],
  [0, 1_000_000, 100_000, true],
  [undefined, undefined, 0, false],
])("a clock %s s ahead, met at %s, now %s: wrong %s", (error, metAt, now, wrong) => {
  expect(clockIsWrong(error, metAt, now, 120)).toBe(wrong);
});
