import { expect, test } from "vitest";
import { meaningOf } from "./keys";

const press = (key: string, more = {}) =>
  meaningOf({
    key,
    shift: false,
    composing: false,
    empty: false,
    choosing: false,
    running: false,
    touch: false,
    ...more,
  });

test("Enter sends, with Shift it is a line; on a touch screen it is a line as well", () => {
  expect(press("Enter")).toBe("send");
  expect(press("Enter", { shift: true })).toBeNull();
  expect(press("Enter", { touch: true })).toBeNull();
});

test("while a word is composed (Japanese, Chinese, accents) keys belong to that", () => {
  expect(press("Enter", { composing: true })).toBeNull();
});

test("Escape stops what runs, the arrow brings back what was said", () => {
  expect(press("Escape", { running: true })).toBe("stop");
  expect(press("Escape")).toBeNull();
  expect(press("ArrowUp", { empty: true })).toBe("recall");
  expect(press("ArrowUp")).toBeNull();
});

test("in the palette the keys are the palette's", () => {
  expect(
    ["ArrowUp", "ArrowDown", "Enter", "Tab", "Escape"].map((key) => press(key, { choosing: true, running: true })),
  ).toEqual(["up", "down", "choose", "choose", "dismiss"]);
});
