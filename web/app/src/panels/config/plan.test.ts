import { describe, expect, test } from "vitest";
import { hasComments, planOf } from "./plan";
import { MARK } from "./secrets";
import type { Snapshot } from "./wire";

const opened: Snapshot = {
  exists: true,
  valid: true,
  hash: "h1",
  raw: `{ "logging": { "level": "info" }, "gateway": { "auth": { "token": "${MARK}" } }, "tools": ["a"] }`,
};
const edit = (change: (text: string) => string) => planOf(opened, change(opened.raw ?? ""), 4);

describe("saving", () => {
  test("sends a patch of the edit, with the hash of what was read", () => {
    expect(edit((text) => text.replace("info", "debug"))).toMatchObject({
      at: "ready",
      changes: [{ path: ["logging", "level"], kind: "changed", before: "info", after: "debug" }],
      call: { method: "config.patch", params: { raw: '{"logging":{"level":"debug"}}', baseHash: "h1" } },
      stray: [],
    });
  });

  test("never sends the mark of a secret that nobody touched, and a new secret as it is", () => {
    const plan = edit((text) => text.replace(MARK, "new-token"));

    expect(plan).toMatchObject({ call: { params: { raw: '{"gateway":{"auth":{"token":"new-token"}}}' } } });
    expect(JSON.stringify(edit((text) => text.replace("info", "debug")))).not.toContain(MARK);
  });

  test("notices a mark where no secret is kept", () => {
    expect(edit((text) => text.replace('"info"', `"${MARK}"`))).toMatchObject({ stray: ["logging.level"] });
  });

  test("of nothing but layout sends nothing", () => {
    expect(edit((text) => `// remark\n${text.replaceAll(" ", "  ")}`)).toEqual({ at: "same" });
  });

  test("names replaced lists, which wire 3 cannot be told: it gets the whole text", () => {
    const text = (opened.raw ?? "").replace('["a"]', '["b"]');

    expect(planOf(opened, text, 4)).toMatchObject({
      call: { method: "config.patch", params: { replacePaths: ["tools"] } },
    });
    expect(planOf(opened, text, 3)).toMatchObject({
      call: { method: "config.apply", params: { raw: text, baseHash: "h1" } },
    });
  });

  test("of a first file, or in place of a broken one, sends the whole text", () => {
    const none: Snapshot = { exists: false, valid: true, raw: null };

    expect(planOf(none, "{}", 4)).toMatchObject({
      at: "ready",
      call: { method: "config.apply", params: { raw: "{}" } },
    });
    expect(planOf({ ...opened, valid: false }, "{}", 4)).toMatchObject({ call: { method: "config.apply" } });
    expect(planOf({ ...opened, raw: "{ broken" }, "{}", 4)).toMatchObject({ call: { method: "config.apply" } });
  });

  test("says where a text breaks", () => {
    expect(planOf(opened, "{\n  a: ]\n}", 4)).toMatchObject({ at: "broken", line: 2, from: 7 });
    expect(planOf(opened, "[]", 4)).toMatchObject({ at: "broken", message: "The config is an object: { … }" });
    expect(planOf(opened, "{a: NaN}", 4)).toMatchObject({ at: "broken" });
  });

  test("warns of comments: the gateway writes the file anew", () => {
    expect(hasComments('{ "a": 1 } // why')).toBe(true);
    expect(hasComments("{ /* why */ a: 1 }")).toBe(true);
    expect(hasComments('{ "url": "http://x//y", \'b\': "/* no */" }')).toBe(false);
  });
});
