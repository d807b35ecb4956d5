import { expect, test } from "vitest";
import { phaseWords } from "./phase";

test("C5: what a silent run is at, in words", () => {
  expect(phaseWords("preparing_workspace", null, 0)).toBe("Preparing");
  expect(phaseWords("retrying", { attempt: 2, most: 8, againAtMs: 4_000 }, 0)).toBe("Retrying 2 of 8 in 4 s");
  expect(phaseWords("retrying", { attempt: 2, most: 8, againAtMs: 4_000 }, 5_000)).toBe("Retrying 2 of 8");
  expect(phaseWords("retrying", null, 0)).toBe("Retrying");
  expect(phaseWords("some_new_phase", null, 0)).toBe("Some new phase");
  expect(phaseWords(null, null, 0)).toBe("Working");
});
