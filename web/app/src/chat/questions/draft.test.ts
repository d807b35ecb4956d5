import { describe, expect, it } from "vitest";
import { EMPTY, isAnswered, toggled, worded, written } from "./draft";

describe("an answer", () => {
  it("of one choice is the last that was chosen or written", () => {
    const soup = toggled(toggled(EMPTY, "Salad", false), "Soup", false);
    expect(worded(soup)).toEqual(["Soup"]);
    const own = written(soup, " Bread ", false);
    expect(worded(own)).toEqual(["Bread"]);
    expect(worded(toggled(own, "Soup", false))).toEqual(["Soup"]);
  });

  it("of several choices has all of them, and words of one's own", () => {
    const both = toggled(toggled(EMPTY, "Salad", true), "Soup", true);
    expect(worded(written(both, "Bread", true))).toEqual(["Salad", "Soup", "Bread"]);
    expect(worded(toggled(both, "Salad", true))).toEqual(["Soup"]);
  });

  it("is none while nothing is chosen or only blanks are written", () => {
    expect(isAnswered(EMPTY)).toBe(false);
    expect(isAnswered(written(EMPTY, "  ", false))).toBe(false);
  });
});
