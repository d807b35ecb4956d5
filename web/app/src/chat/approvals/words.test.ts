import { expect, test } from "vitest";
import { isRefusal, remaining, settledWords, verbOf } from "./words";

test("decisions are the gateway's, in words where they are known", () => {
  expect(["allow-once", "deny", "allow-for-session"].map(verbOf)).toEqual(["Allow once", "Deny", "Allow for session"]);
  expect(isRefusal("deny")).toBe(true);
  expect(isRefusal("allow-once")).toBe(false);
});

test("who decided is said where it is known", () => {
  expect(settledWords("deny", "grace", false)).toBe("Denied by grace");
  expect(settledWords("allow-once", "gateway-client", true)).toBe("Allowed once by you");
  expect(settledWords(null, null, false)).toBe("Decided");
});

test("the time that is left", () => {
  expect(remaining(90_500, 0)).toBe("1 min 31 s");
  expect(remaining(4_000, 0)).toBe("4 s");
  expect(remaining(0, 9)).toBe("0 s");
});
