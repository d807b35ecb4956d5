import { expect, test } from "vitest";
import { limitsOf, refusal } from "./limits";

const limits = limitsOf({ attachments: { maxBytes: 19_464_192, maxImageBytes: 6_291_456 } });
const file = (size: number, type = "text/plain", name = "a.txt") => ({ name, size, type });

test("a picture has its own limit", () => {
  expect(refusal(file(6_291_457, "image/png", "a.png"), [], limits)).toBe(
    "a.png has 6.0 MB; this gateway takes pictures of up to 6.0 MB.",
  );
  expect(refusal(file(6_291_456, "image/png"), [], limits)).toBeNull();
});

test("all attachments of a message together have one", () => {
  expect(refusal(file(19_464_192), [], limits)).toBeNull();
  expect(refusal(file(10), [file(19_464_190, "", "b")], limits)).toMatch(/^With a.txt these are 18.6 MB/);
});

test("what makes no sense is refused: nothing in it, or twice the same", () => {
  expect(refusal(file(0), [], limits)).toBe("a.txt is empty.");
  expect(refusal(file(1), [file(1)], limits)).toBe("a.txt is attached already.");
});

test("a gateway that names no limits has none here", () => {
  expect(refusal(file(1e9), [], limitsOf({}))).toBeNull();
  expect(limitsOf(null)).toEqual({ maxBytes: null, maxImageBytes: null });
});
