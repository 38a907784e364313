import { expect, test } from "vitest";
import { faultsOf, personOnCard } from "../card";

test("the QR of an identity card fills in the person", () => {
  const text = "048090000017|201234567|Trần Thị  Bình|03091990|Nữ|Hải Châu, Đà Nẵng|01022021";

  expect(personOnCard(text)).toEqual({ number: "048090000017", fullName: "Trần Thị Bình", bornOn: "1990-09-03" });
});

test.each(["", "MC1:ABC", "https://example.vn/?a|b|c", "048090000017||Trần Thị Bình|31021990|Nữ||", "12345||A|03091990"])(
  "%o is no card",
  (text) => {
    expect(personOnCard(text)).toBeNull();
  },
);

test.each([
  ["04809000001", "1990-09-03", ["person.number"]],
  ["048990000017", "1990-09-03", ["person.number"]],
  ["048090000017", "1991-09-03", ["person.born_on"]],
  ["048090000017", "2090-09-03", ["person.born_on"]],
  ["048090000017", "", ["person.born_on"]],
  ["048290000017", "2090-09-03", ["person.born_on"]],
  ["048 090 000 017", "1990-09-03", []],
])("%s born %s: %o", (number, bornOn, wrong) => {
  const faults = faultsOf({ number, fullName: "Trần Thị Bình", bornOn }, "2026-11-22");

  expect(Object.keys(faults)).toEqual(wrong);
});
