import { expect, test } from "vitest";
import { highlight } from "./languages";

test("code becomes pieces by line; what it says is untouched", () => {
  const code = 'const a = "<b>";\n// done\n';
  const lines = highlight(code, "ts");
  expect(lines?.map((line) => line.map((piece) => piece.text).join("")).join("\n")).toBe(code);
  expect(lines?.[0]?.[0]).toEqual({ text: "const", scope: "keyword" });
  expect(lines?.[0]?.find((piece) => piece.scope === "string")?.text).toBe('"<b>"');
  expect(lines?.[1]).toEqual([{ text: "// done", scope: "comment" }]);
});

test("a language nobody knows stays plain", () => {
  expect(highlight("x", "klingon")).toBeNull();
});
