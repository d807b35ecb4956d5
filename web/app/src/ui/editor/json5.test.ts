import { expect, test } from "vitest";
import { offsetOf, parseJson5, placeOf } from "./json5";

test("a text that is read gives its value", () => {
  expect(parseJson5("{a: 1, /* why */ 'b': [2,],}")).toEqual({ at: "value", value: { a: 1, b: [2] } });
});

test("a text that breaks says why and where", () => {
  const text = '{\n  "a": ]\n}';

  expect(parseJson5(text)).toEqual({
    at: "broken",
    message: "Invalid character ']'",
    line: 2,
    from: text.indexOf("]"),
  });
});

test("the gateway's way to say it is understood too", () => {
  expect(placeOf("SyntaxError: JSON5: invalid end of input at 1:6", "{ a: ")).toEqual({
    message: "Invalid end of input",
    line: 1,
    from: 5,
  });
});

test("a place never lies behind the end", () => {
  expect(offsetOf("ab\nc", 2, 1)).toBe(3);
  expect(offsetOf("ab", 9, 9)).toBe(2);
});
