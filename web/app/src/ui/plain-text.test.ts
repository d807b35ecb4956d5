import { expect, it } from "vitest";
import { plainText } from "./plain-text";

it.each([
  ["**Tell** me about `git rebase`", "Tell me about git rebase"],
  ["# Dinner\n\n- eggs\n- *fresh* milk", "Dinner eggs fresh milk"],
  ["see [the docs](https://example.org/a) and ![a cat](cat.png)", "see the docs and a cat"],
  ["```python\nprint(1)\n```", "print(1)"],
  ["> ~~old~~ new", "old new"],
  ["**Please tell me ab", "Please tell me ab"],
])("%j", (markdown, text) => {
  expect(plainText(markdown)).toBe(text);
});

it.each(["2 * 3 * 4", "2**8 is 256", "snake_case and __init__.py", "a - b", "C# or F#", "1. first", "x > y"])(
  "what is no mark stays: %s",
  (text) => {
    expect(plainText(text)).toBe(text);
  },
);
