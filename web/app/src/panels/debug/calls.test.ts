import { expect, test } from "vitest";
import { begun, type Call, ended, KEPT_CALLS } from "./calls";

const call = (id: number): Omit<Call, "outcome"> => ({
  id,
  method: "health",
  params: undefined,
  text: "",
  timeoutMs: 1,
  atMs: 0,
});

test("the latest call comes first and gets its outcome by its id", () => {
  const two = begun(begun([], call(1)), call(2));
  const after = ended(two, 1, { at: "failed", error: "no", tookMs: 4 });

  expect(after.map((one) => [one.id, one.outcome.at])).toEqual([
    [2, "running"],
    [1, "failed"],
  ]);
});

test("only so many are kept", () => {
  let calls: readonly Call[] = [];
  for (let id = 0; id < KEPT_CALLS + 3; id += 1) calls = begun(calls, call(id));

  expect(calls).toHaveLength(KEPT_CALLS);
  expect(calls[0]?.id).toBe(KEPT_CALLS + 2);
});

test("large answers do not pile up: the older ones go, the latest stays", () => {
  const large = { at: "answered", payload: null, tookMs: 1, bytes: 12_000_000 } as const;
  const calls = ended(ended(begun(begun([], call(1)), call(2)), 1, large), 2, large);

  expect(calls.map((one) => one.id)).toEqual([2]);
});
