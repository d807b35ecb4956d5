import { describe, expect, test } from "vitest";
import { applied, isJson, patchOf, same } from "./merge-patch";

const before = { gateway: { port: 1, auth: { token: "t" } }, list: ["a"], gone: { deep: ["x"], y: 1 } };

describe("a merge patch", () => {
  test("holds what was edited, and nothing else", () => {
    expect(patchOf(before, { ...before, gateway: { ...before.gateway, port: 2 } })).toEqual({
      merge: { gateway: { port: 2 } },
      replacePaths: [],
    });
  });

  test("deletes with null, and names the lists that go with it", () => {
    const after = { gateway: before.gateway, list: before.list };

    expect(patchOf(before, after)).toEqual({ merge: { gone: null }, replacePaths: ["gone.deep"] });
  });

  test("replaces a list as a whole, and names it", () => {
    expect(patchOf(before, { ...before, list: ["b", "c"] })).toEqual({
      merge: { list: ["b", "c"] },
      replacePaths: ["list"],
    });
  });

  test("of a config that is only laid out differently is empty", () => {
    expect(patchOf({ a: 1, b: { c: 2 } }, { b: { c: 2 }, a: 1 }).merge).toEqual({});
  });

  test("put on what it was made from gives what was meant; on another's version, both changes", () => {
    const after = { gateway: { port: 2, auth: { token: "t" } }, list: [], fresh: true };
    const { merge } = patchOf(before, after);

    expect(applied(before, merge)).toEqual(after);
    expect(applied({ ...before, theirs: 1 }, merge)).toEqual({ ...after, theirs: 1 });
  });

  test("knows what is the same, and what JSON cannot hold", () => {
    expect(same({ a: [1, { b: null }] }, { a: [1, { b: null }] })).toBe(true);
    expect(same({ a: undefined as never }, {})).toBe(false);
    expect(isJson({ a: [Infinity] })).toBe(false);
  });
});
