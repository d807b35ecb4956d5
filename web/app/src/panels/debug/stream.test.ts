import { expect, test } from "vitest";
import { groupsOf, kept, KEPT_FRAMES, see, seenBy } from "./stream";

const event = (id: number, name: string, payload: object) =>
  see({ type: "event", event: name, payload, seq: id }, id, 0);
const seen = [
  event(1, "tick", { ts: 1 }),
  event(2, "cron", { jobId: "a", action: "added" }),
  see({ type: "res", id: "7", ok: true, payload: { x: 1 } }, 3, 0),
  see({ type: "res", id: "8", ok: false, error: { code: "NO_GATEWAY" } }, 4, 0),
  see({ type: "status", state: "ready" }, 5, 0),
];
const ids = (filter: Partial<Parameters<typeof seenBy>[1]>) =>
  seenBy(seen, { kind: "frames", query: "", muted: new Set(), ...filter }).map((one) => one.id);

test("events are what the gateway says; frames are all there is", () => {
  expect(ids({ kind: "events" })).toEqual([1, 2]);
  expect(ids({})).toEqual([1, 2, 3, 4, 5]);
});

test("words are found in the name and the payload; a minus leaves out", () => {
  expect(ids({ query: "added cron" })).toEqual([2]);
  expect(ids({ query: "-tick -res" })).toEqual([2, 5]);
});

test("a noisy kind can be muted", () => {
  expect(ids({ muted: new Set(["tick", "res"]) })).toEqual([2, 5]);
  expect(groupsOf(seen)[0]).toEqual({ group: "res", count: 2 });
});

test("a frame says what it is about", () => {
  expect(seen.map((one) => one.name)).toEqual(["tick", "cron", "ok #7", "error #8", "ready"]);
});

test("only the latest are kept", () => {
  const many = Array.from({ length: KEPT_FRAMES + 5 }, (_, id) => event(id, "tick", {}));

  expect(kept([], many)).toHaveLength(KEPT_FRAMES);
  expect(kept([], many)[0]?.id).toBe(5);
});
