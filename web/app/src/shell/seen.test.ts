import { expect, test } from "vitest";
import { seen } from "./seen";

test("the door's mark for what this person may not see is nothing to show", () => {
  expect(["/srv/openclaw.json", "(hidden)", "", null, undefined].map(seen)).toEqual([
    "/srv/openclaw.json",
    null,
    null,
    null,
    null,
  ]);
});
