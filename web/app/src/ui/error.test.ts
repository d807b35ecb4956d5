import { expect, test } from "vitest";
import { isNotOffered, missingScope, readError } from "./error";

test("the gateway's own message, code and remedy are what is read (W10)", () => {
  const error = { code: "UNAVAILABLE", message: "gateway starting", details: { remedy: "Wait." }, mayHaveRun: true };
  expect(readError(error)).toMatchObject({
    code: "UNAVAILABLE",
    message: "gateway starting",
    remedy: "Wait.",
    mayHaveRun: true,
  });
  expect(readError(new TypeError("failed to fetch")).message).toBe("failed to fetch");
  expect(readError(undefined).message).toBe("Something went wrong.");
});

test("a method that an older gateway lacks is a fact, not an error", () => {
  expect(isNotOffered({ code: "INVALID_REQUEST", message: "unknown method: tasks.list" })).toBe(true);
  expect(isNotOffered({ code: "UNKNOWN_METHOD", message: "x" })).toBe(true);
  expect(isNotOffered({ code: "INVALID_REQUEST", message: "invalid params" })).toBe(false);
});

test("a missing scope is found in both wires' ways of saying it", () => {
  expect(missingScope({ code: "FORBIDDEN", message: "no", details: { missingScope: "operator.admin" } })).toBe(
    "operator.admin",
  );
  expect(missingScope({ code: "INVALID_REQUEST", message: "missing scope: operator.pairing" })).toBe(
    "operator.pairing",
  );
  expect(missingScope({ code: "FORBIDDEN", message: "no" })).toBeUndefined();
});
