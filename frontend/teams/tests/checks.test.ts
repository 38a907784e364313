import { describe, expect, test } from "vitest";
import { checked, checkedStep, incompleteStep, isoDay, shown } from "../checks";
import type { Field, Service, Step } from "../types";

const say = (vi: string) => ({ vi, en: vi });
const field = (name: string, more: Partial<Field> = {}): Field => ({
  name,
  label: say(name),
  type: "string",
  widget: "text",
  maxLength: 20,
  ...more,
});
const step: Step = {
  name: "one",
  label: say("one"),
  fields: [
    field("use", { widget: "radios", required: true, options: [{ value: "sale", label: say("sale") }, { value: "other", label: say("other") }] }),
    field("why", { required: true, conditional: true, showIf: { op: "=", field: "use", value: "other" } }),
  ],
};
const service: Service = {
  code: "s",
  revision: 1,
  title: say("s"),
  summary: say("s"),
  consent: { vi: [], en: [], seal: "" },
  steps: [step],
};

describe("an answer is looked at as the server will", () => {
  test.each([
    [field("a", { required: true }), " ", "fault"],
    [field("a"), " ", null],
    [field("a"), " Nguyễn  ", "Nguyễn"],
    [field("a"), "é", "é"],
    [field("a"), "x".repeat(21), "fault"],
    [field("a", { minLength: 3 }), "ab", "fault"],
    [field("a"), "a\u200bb", "fault"],
    [field("a", { pattern: "[0-9]{10}" }), "123", "fault"],
    [field("a", { pattern: "[0-9]{3}" }), "123", "123"],
    [field("a", { pattern: "(?P<year>[0-9]+)" }), "left to the server", "left to the server"],
    [field("a", { type: "integer", widget: "number", minimum: 1, maximum: 7 }), "7", 7],
    [field("a", { type: "integer", widget: "number", maximum: 7 }), "8", "fault"],
    [field("a", { type: "integer", widget: "number" }), "1.5", "fault"],
    [field("a", { type: "number", widget: "number" }), "1 234,5", 1234.5],
    [field("a", { widget: "date" }), "29/2/2024", "2024-02-29"],
    [field("a", { widget: "date" }), "29/2/2026", "fault"],
    [field("a", { type: "boolean", widget: "checkbox", required: true }), false, "fault"],
    [field("a", { type: "boolean", widget: "checkbox" }), false, false],
    [field("a", { type: "boolean", widget: "radios" }), "no", false],
    [field("a", { type: "boolean", widget: "radios" }), "", "fault"],
    [field("a", { required: true, conditional: true }), "", null],
  ])("%o given %o", (asked, given, wanted) => {
    const found = checked(asked, given);

    expect("fault" in found ? "fault" : found.value).toEqual(wanted);
  });
});

test.each(["", "31/4/2026", "2026-13-01", "tomorrow", "1/1/26"])("%o is no day", (text) => {
  expect(isoDay(text)).toBeNull();
});

test("a hidden answer does not linger, and a hidden question is not missing", () => {
  const found = checkedStep(step, { use: "sale", why: "typed before" }, {});

  expect(found).toEqual({ values: { use: "sale" }, faults: {} });
  expect(shown(service, { use: "sale", why: "typed before", gone: "of an older form" })).toEqual({ use: "sale" });
  expect(incompleteStep(service, { use: "sale" })).toBeNull();
});

test("a question that an answer brings must be answered", () => {
  const found = checkedStep(step, { use: "other" }, {});

  expect(Object.keys(found.faults)).toEqual(["why"]);
  expect(incompleteStep(service, { use: "other" })).toBe(0);
});
