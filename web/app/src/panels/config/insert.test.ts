import { expect, test } from "vitest";
import { inserted } from "./insert";

test("a key is put after the last one, laid out as its neighbours", () => {
  expect(inserted('{\n  "a": {\n    "b": 1\n  }\n}', ["a"], "c", '""')).toBe(
    '{\n  "a": {\n    "b": 1,\n    "c": ""\n  }\n}',
  );
});

test("an empty object is opened for it", () => {
  expect(inserted('{\n  "a": {}\n}', ["a"], "c", "{}")).toBe('{\n  "a": {\n    "c": {}\n  }\n}');
});

test("what is there already, or has no place, is left alone", () => {
  expect(inserted('{"a": 1}', [], "a", "2")).toBeNull();
  expect(inserted('{"a": 1}', ["a"], "b", "2")).toBeNull();
});
