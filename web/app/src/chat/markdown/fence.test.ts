import { expect, test } from "vitest";
import { readFence } from "./fence";

test("a fence has a language, its code and an end", () => {
  expect(readFence("```ts title=x\nlet a;\n\nlet b;\n```\n\n")).toEqual({
    language: "ts",
    code: "let a;\n\nlet b;",
    closed: true,
  });
});

test("while it is written it has no end yet", () => {
  expect(readFence("```py")).toEqual({ language: "py", code: "", closed: false });
  expect(readFence("~~~\n```\n")).toEqual({ language: "", code: "```", closed: false });
});
