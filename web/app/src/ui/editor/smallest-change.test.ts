import { expect, test } from "vitest";
import { smallestChange } from "./smallest-change";

test("only what differs is replaced", () => {
  expect(smallestChange("abcde", "abXde")).toEqual({ from: 2, to: 3, insert: "X" });
  expect(smallestChange("aa", "aaa")).toEqual({ from: 2, to: 2, insert: "a" });
  expect(smallestChange("abc", "")).toEqual({ from: 0, to: 3, insert: "" });
});
