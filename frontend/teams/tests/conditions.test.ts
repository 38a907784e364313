// Held to what Python answers: tests/web/teams/conditions.json is written and checked by test_conditions.py.
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { holds, isAsked } from "../conditions";
import type { Field, Tree, Values } from "../types";

interface Vector {
  readonly feel: string;
  readonly tree: Tree;
  readonly values: Values;
  readonly shown: boolean;
}

const vectors = JSON.parse(
  readFileSync(new URL("../../../tests/web/teams/conditions.json", import.meta.url), "utf8"),
) as Vector[];

describe("a device shows a question exactly where the server would", () => {
  test.each(vectors)("$feel with $values", ({ tree, values, shown }) => {
    expect(holds(tree, values) === true).toBe(shown);
  });
});

test("a condition that only the server can judge hides nothing", () => {
  const field = { name: "a", label: { vi: "A", en: "A" }, type: "string", widget: "text", maxLength: 10, conditional: true } as Field;

  expect(isAsked(field, {})).toBe(true);
});
