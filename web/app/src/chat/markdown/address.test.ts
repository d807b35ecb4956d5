import { expect, test } from "vitest";
import { isInlineImage, safeLink } from "./address";

test("S: a link leads to the web or to a mail, never into a script or this app", () => {
  expect(safeLink("https://example.com/a b")).toBe("https://example.com/a%20b");
  expect(safeLink("mailto:ada@example.com")).toBe("mailto:ada@example.com");
  for (const bad of [
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    "data:text/html,x",
    "#/panels/config",
    "/x",
    "vbscript:x",
  ]) {
    expect(safeLink(bad), bad).toBeNull();
  }
});

test("only pictures that are part of the text are shown by themselves", () => {
  expect(isInlineImage("data:image/png;base64,AAAA")).toBe(true);
  expect(isInlineImage("data:image/svg+xml;base64,AAAA")).toBe(false);
  expect(isInlineImage("https://example.com/pixel.png")).toBe(false);
});
