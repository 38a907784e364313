import { describe, expect, it } from "vitest";

import { CityClock } from "../clock";

describe("the clock of the city", () => {
  const clock = new CityClock("Asia/Ho_Chi_Minh");

  it("tells the city's hour wherever the phone believes to be", () => {
    expect(clock.hour(new Date("2021-09-03T23:05:00Z"))).toBe("06:05");
    expect(clock.hour(new Date("2021-09-03T17:00:00Z"))).toBe("00:00");
  });

  it("tells the city's day", () => {
    expect(clock.moment(new Date("2021-09-03T16:59:00Z"))).toBe("23:59, 3/9/2021");
    expect(clock.moment(new Date("2021-09-03T17:00:00Z"))).toBe("00:00, 4/9/2021");
  });
});
