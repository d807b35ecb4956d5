import { expect, test } from "vitest";
import { createAsk, nearest } from "./lookup";
import type { Lookup } from "./wire";

const answer = (path: string): Lookup => ({ path, schema: { type: "string" }, children: [] });

test("a path is asked for once, also when it does not exist", async () => {
  const asked: string[] = [];
  const ask = createAsk((path) => {
    asked.push(path);
    return path === "nope" ? Promise.reject(new Error("config schema path not found")) : Promise.resolve(answer(path));
  });

  await Promise.all([ask(["a"]), ask(["a"]), ask(["nope"])]);

  expect(await ask(["nope"])).toBeNull();
  expect(asked).toEqual(["a", "nope"]);
});

test("what failed for another reason is asked for again", async () => {
  let attempts = 0;
  const ask = createAsk(() => {
    attempts += 1;
    return attempts === 1 ? Promise.reject(new Error("WebSocket closed")) : Promise.resolve(answer("a"));
  });

  expect(await ask(["a"])).toBeNull();
  expect(await ask(["a"])).not.toBeNull();
});

test("of an unknown path the nearest above is told", async () => {
  const ask = createAsk((path) =>
    path === "a" ? Promise.resolve(answer("a")) : Promise.reject(new Error("config schema path not found")),
  );

  expect(await nearest(ask, ["a", "b", "c"])).toMatchObject({ at: "known", path: ["a"] });
  expect(await nearest(ask, ["zork"])).toEqual({ at: "unknown" });
});
