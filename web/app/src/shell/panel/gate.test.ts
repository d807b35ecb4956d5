import { expect, test } from "vitest";
import { type Facts, judge } from "./gate";

const facts = (scopes: string[], methods?: string[]): Facts => ({
  scopes: new Set(scopes),
  methods: methods && new Set(methods),
});

test("a gateway of an older wire: what it lacks is named", () => {
  const verdict = judge({ methods: ["cron.list", "cron.get"] }, facts(["operator.admin"], ["cron.list"]));
  expect(verdict).toMatchObject({ at: "not-offered", methods: ["cron.get"] });
});

test("nothing is refused before the door has told what there is", () => {
  expect(judge({ methods: ["cron.get"] }, facts(["operator.read"])).at).toBe("allowed");
});

test("a viewer sees, and is told what writing would need", () => {
  const viewer = facts(["operator.read"], ["cron.list", "cron.add"]);
  expect(judge({ methods: ["cron.list"], scopes: ["operator.read"] }, viewer).at).toBe("allowed");
  expect(judge({ methods: ["cron.add"], scopes: ["operator.admin"] }, viewer)).toEqual({
    at: "needs-scope",
    scopes: ["operator.admin"],
    reason: "Your role does not include operator.admin",
  });
});

test("admin has every scope, and who may write may read", () => {
  expect(judge({ scopes: ["operator.pairing", "operator.approvals"] }, facts(["operator.admin"])).at).toBe("allowed");
  expect(judge({ scopes: ["operator.read"] }, facts(["operator.write"])).at).toBe("allowed");
  expect(judge({ scopes: ["operator.write"] }, facts(["operator.read"])).at).toBe("needs-scope");
});
