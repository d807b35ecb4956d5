import { expect, test } from "vitest";
import { mend } from "./mend";

test.each([
  ["a **bold wor", "a **bold wor**"],
  ["a **bold** word", "a **bold** word"],
  ["run `npm ins", "run `npm ins`"],
  ["`a` and `b", "`a` and `b`"],
  ["see [the docs](https://exam", "see the docs"],
  ["see [the docs](https://example.com)", "see [the docs](https://example.com)"],
  ["~~gone", "~~gone~~"],
  ["2 * 3", "2 * 3"],
  ["code `**` is not bold", "code `**` is not bold"],
  ["next **", "next "],
])("%j is shown as %j while it grows", (growing, shown) => {
  expect(mend(growing)).toBe(shown);
});
